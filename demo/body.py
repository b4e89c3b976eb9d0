"""The body of an item in the habits of each CMS: how it writes a paragraph, a picture, a talk."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from markupsafe import Markup, escape

from demo.blocks import Part, parts
from demo.entry import Entry

VARIANTS = 6  # pictures drawn of one scene


@dataclass(frozen=True, slots=True)
class Habit:
    """One CMS's way to write: formats with {} for the text."""

    paragraph: str
    heading: str
    picture: str
    caption: str
    file: str


_JCMS = Habit(
    '<p style="text-indent: 2em;">{}</p>',
    '<p style="text-indent: 2em;"><strong>{}</strong></p>',
    '<p style="text-align: center;"><img src="{src}" title="{alt}" alt="{alt}" width="800"></p>',
    '<p style="text-align: center;"><span style="font-size: 14px;">{}</span></p>',
    '<p style="text-indent: 2em;"><a href="{href}" class="ckeditor-file">{name}</a></p>',
)
_TRS = Habit(
    '<p align="justify">　　{}</p>',
    '<p align="justify">　　<strong>{}</strong></p>',
    '<p align="center"><img src="{src}" alt="{alt}" OLDSRC="W0{code}.jpg" style="border-width: 0px;" /></p>',
    '<p align="center"><font color="#4d4f53" size="2">{}</font></p>',
    '<p>　　附件：<a href="{href}" appendix="true" otheroperation="false">{name}</a></p>',
)
_VSB = Habit(
    '<p style="line-height: 200%; text-indent: 32px"><span style="font-size: 16px;font-family: 宋体">{}</span></p>',
    '<p style="text-indent: 32px"><strong><span style="font-size: 16px">{}</span></strong></p>',
    '<p class="vsbcontent_img" style="text-align: center"><img width="720" src="{src}" vwidth="960" alt="{alt}"></p>',
    '<p style="text-align: center"><span style="font-size: 14px">{}</span></p>',
    '<p>附件【<a href="{href}" target="_blank">{name}</a>】</p>',
)
_OLD = Habit(
    "<P>&nbsp;&nbsp;&nbsp;&nbsp;{}</P>",
    "<P>&nbsp;&nbsp;&nbsp;&nbsp;<B>{}</B></P>",
    '<P align="center"><IMG src="{src}" border="0" width="600"></P>',
    '<P align="center"><FONT size="2">{}</FONT></P>',
    '<P>附件：<A href="{href}">{name}</A></P>',
)
_HABITS = {"jcms": _JCMS, "jcms-proxy": _JCMS, "trs": _TRS, "vsb": _VSB, "old": _OLD}


def body(entry: Entry, cms: str) -> Markup:
    """The body of an item as the CMS would write it."""
    habit, files, found = _HABITS[cms], 0, list[Markup]()
    for part in parts(entry.text):
        if part.kind == "file":
            files += 1
        found.append(_part(part, habit, entry, files))
    return Markup("\n").join(found)


def picture_path(entry: Entry, scene: str) -> str:
    """The address of an item's picture of a scene."""
    return f"/picture/0/{scene}-{crc32(f'{entry.serial}'.encode()) % VARIANTS + 1}.jpg"


def file_path(entry: Entry, number: int, ending: str) -> str:
    """The address of attachment `number` (from 1) of an item."""
    return f"/attach/0/{entry.serial}-{number}.{ending}"


def _part(part: Part, habit: Habit, entry: Entry, files: int) -> Markup:
    match part.kind:
        case "heading":
            return Markup(habit.heading).format(part.text)  # noqa: S704 - our own format; format() escapes
        case "list":
            return _list("ul", part.items)
        case "numbers":
            return _list("ol", part.items)
        case "table":
            return _table(part.rows)
        case "picture":
            return _picture(part, habit, entry)
        case "file":
            ending = part.items[0].rpartition(".")[2]
            name = part.text or part.items[0]
            name = name if name.endswith(ending) else f"{name}.{ending}"
            return Markup(habit.file).format(href=file_path(entry, files, ending), name=name)  # noqa: S704 - as above
        case "question" | "answer":
            said = Markup("<strong>{}：</strong>{}").format(part.items[0], part.text)
            return Markup(habit.paragraph).format(said)  # noqa: S704 - as above
    return Markup(habit.paragraph).format(part.text)  # noqa: S704 - as above


def _picture(part: Part, habit: Habit, entry: Entry) -> Markup:
    src = picture_path(entry, part.items[0])
    code = f"{entry.day.replace('-', '')}{entry.serial:09}"
    drawn = Markup(habit.picture).format(src=src, alt=part.text, code=code)  # noqa: S704 - as above
    return drawn + Markup(habit.caption).format(part.text) if part.text else drawn  # noqa: S704 - as above


def _list(tag: str, items: tuple[str, ...]) -> Markup:
    rows = Markup("").join(Markup("<li><p>{}</p></li>").format(item) for item in items)
    return Markup("<{0}>{1}</{0}>").format(tag, rows)


def _table(rows: tuple[tuple[str, ...], ...]) -> Markup:
    drawn = Markup("\n").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row))
        for row in rows
    )
    return Markup(
        '<table border="1" cellspacing="0" cellpadding="4" width="90%" align="center">{}</table>'
    ).format(drawn)


def lines(value: str) -> Markup:
    """A value with its lines parted by <br/>."""
    return Markup("<br/>").join(escape(line) for line in value.splitlines())


def paragraphs(value: str) -> Markup:
    """A value with each line in a paragraph of its own, where it has several."""
    if "\n" not in value:
        return escape(value)
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in value.splitlines())
