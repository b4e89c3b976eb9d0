"""Letters on the television: the menu, the choices, the digits, the check page and what is read. Pure.

    /tv/EDITION/l                        the menu, with the letters of this television
    /tv/EDITION/l/w[/KIND]               what kind of letter; choosing one begins a draft
    /tv/EDITION/l/d/TOKEN/STEP[/PLACE]   a step of writing; PLACE is the choice that was made there
    /tv/EDITION/l/r/TOKEN                the receipt
    /tv/EDITION/l/q/TOKEN/FIELD[/MARK]   typing number, code, telephone; MARK names a key, not its digit
    /tv/EDITION/l/v/TOKEN[/...]          a letter, for minutes
    /tv/EDITION/l/g/NUMBER               state and day of a letter where no code may be asked for
    /tv/EDITION/l/o[/PAGE][/ID]          what everybody may read

TOKEN is 128 bits at random that run out; no telephone number, code or word of a letter stands in an address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from portal.letters import telling, words
from portal.letters.flow import Choice, Entry, kinds
from portal.letters.model import Glance, PublicLetter
from portal.letters.rules import Rules
from portal.letters.telling import Said
from portal.model import Block, Heading, Paragraph, Run, Table
from portal.text import Text
from stb_app.address import Edition, Place, href, root
from stb_app.pages.page import SCREEN_MARK, Document, Link, Message, NumberBox, Phone, Rows, Scene

MOST_TILES = 8
"""Entries of one page of tiles; more than these are a list in pages."""

LISTED = 4
"""Letters of this television on the menu."""


def address(edition: Edition, *parts: object) -> str:
    """The address of a page of letters."""
    return root(edition) + "/".join(("l", *(str(part) for part in parts if part != "")))


def menu(scene: Scene, listed: Sequence[Glance], now: datetime, fresh: Sequence[str] = ()) -> Rows:
    """What one can do, and how the letters of this television stand; `fresh`: those with news."""
    t, to = scene.text, scene.edition
    rows = [
        Link("write", t.gettext("写信"), address(to, "w"), note=t.gettext("咨询 投诉 举报 建议 求助")),
        Link("find", t.gettext("查我的信"), address(to, "q"), note=t.gettext("要编号和密码")),
        Link("public", t.gettext("看大家的信"), address(to, "o")),
        Link("board", t.gettext("看各单位办得怎样"), f"{href(to, Place())}board"),
    ]
    for each in listed[:LISTED]:
        # News and a day do not fit beside a number; the letter itself says both.
        news = t.gettext("有新进展") if each.number in fresh else ""
        told = (news, words.state(t, each.state), "" if news else telling.due_of(each, t, now))
        note = " ".join(part for part in told if part)
        number = t.gettext("信件{}").format(telling.spaced(each.number))
        rows.append(Link(f"n{each.number}", number, address(to, "b", each.number), note=note))
    return listing(scene, t.gettext("写信、查回信"), rows, href(to, Place(), "letters"))


def kind_list(scene: Scene, rules: Rules) -> Rows:
    """What kind of letter it is to be."""
    t = scene.text
    rows = [
        Link(kind.value, name, address(scene.edition, "w", kind.value), note=about)
        for kind, name, about in kinds(rules, t)
    ]
    return listing(scene, t.gettext("您要做什么？"), rows, address(scene.edition))


def choices(
    scene: Scene, title: str, offered: Sequence[Choice], base: str, back: str, page: int, per_page: int
) -> Rows:
    """One page of choices; each is named by its place among all of them. `base`: the step's address."""
    rows = [
        Link(
            f"c{at}",
            each.label,
            f"{base.rpartition('/')[0]}/{each.step}" if each.step else f"{base}/{at}",
            note=each.note,
        )
        for at, each in enumerate(offered, 1)
    ]
    return listing(scene, title, rows, back, page=page, per_page=per_page, turn=lambda n: f"{base}/p{n}")


def check_page(scene: Scene, entries: Sequence[Entry], base: str, back: str) -> Rows:
    """Everything that was chosen; the first row files it. `base`: the draft's address."""
    t = scene.text
    rows = [Link("send", t.gettext("交信"), f"{base}/send", note=t.gettext("交之前请看一遍"), strong=True)]
    for at, each in enumerate(entries, 1):
        to = f"{base}/{each.step}" if each.step else f"{base}/check/{at}" if each.changes else ""
        if to:
            rows.append(Link(f"e{at}", each.label, to, note=each.value))
    return listing(scene, t.gettext("看一遍再交"), rows, back)


def pad(
    scene: Scene,
    title: str,
    shown: str,
    hint: str,
    key: Callable[[str], str],
    back: str,
    onward: Sequence[Link],
) -> NumberBox:
    """A field for digits: what is typed, a key for each digit, and the ways on. `key` gives its address."""
    t = scene.text
    keys = [Link(f"k{digit}", str(digit), key(str(digit)), str(digit)) for digit in (*range(1, 10), 0)]
    keys.insert(9, Link("del", t.gettext("删除"), key("del")))
    keys.append(Link("back", t.gettext("返回"), back))
    return NumberBox(
        title=title, digits=shown, hint=hint, keys=tuple(keys), hits=tuple(onward), back=back, empty=hint
    )


def reading(
    scene: Scene,
    title: str,
    meta: str,
    said: Sequence[Said],
    screen_href: str,
    screen: int,
    buttons: Sequence[Link],
    back: str,
) -> Document:
    """Something to read: a receipt, a letter. `screen_href`: the address up to the number of the screen."""
    t = scene.text
    return Document(
        title=title,
        meta=meta,
        section=None,
        blocks=blocks(said),
        buttons=tuple(buttons),
        screen=screen,
        screen_href=f"{screen_href}{SCREEN_MARK}",
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


def blocks(said: Sequence[Said]) -> tuple[Block, ...]:
    """What is said: what is short as a table of labels and values, the rest under headings."""
    found: list[Block] = []
    rows: list[tuple[str, str]] = []

    def below() -> None:
        """What was gathered stands as one table."""
        if rows:
            found.append(Table(tuple(rows)))
            rows.clear()

    for each in said:
        if not each.block and (each.head or rows):
            rows.append((each.head, each.text))
            continue
        below()
        if each.head:
            found.append(Heading(each.head))
        found += [Paragraph((Run(line, each.strong),)) for line in each.text.split("\n") if line.strip()]
    below()
    return tuple(found)


def on_phone(scene: Scene, url: str, entry: str, code: str, written: int, onward: str, back: str) -> Phone:
    """The way to a phone: its picture, and the code for one without a camera."""
    t = scene.text
    done = (
        t.ngettext("手机上写了{}字，写好了按确定", "手机上写了{}字，写好了按确定", written).format(written)
        if written
        else t.gettext("手机上还没有写")
    )
    return Phone(
        title=t.gettext("用手机写"),
        name=t.gettext("用手机扫一扫，在手机上接着写这封信"),
        text=done,
        by_hand=t.gettext("没有相机：打开下面的网址，输入六位数字"),
        typed=(entry.removeprefix("http://").removeprefix("https://"), telling.spaced(code)),
        hint="",
        picture=url,
        back=Link(
            "onward", t.gettext("写好了") if written else t.gettext("返回"), onward if written else back, "8"
        ),
    )


def public_list(
    scene: Scene, letters: Sequence[PublicLetter], total: int, page: int, per_page: int, today: str
) -> Rows:
    """The letters that everybody may read."""
    t, to = scene.text, scene.edition
    rows = [
        Link(
            each.id,
            each.title or each.text[:40],
            address(to, "o", page, each.id),
            note=t.day(each.answered.isoformat(), today),
        )
        for each in letters
    ]
    pages = max(1, -(-total // per_page))
    found = listing(scene, t.gettext("大家的信"), rows, address(to), page=1, per_page=per_page)
    return Rows(
        **{
            **{name: getattr(found, name) for name in found.__slots__},
            "page": page,
            "pages": pages,
            "before": address(to, "o", page - 1) if page > 1 else "",
            "after": address(to, "o", page + 1) if page < pages else "",
            "empty": t.gettext("还没有公开的信。"),
        }
    )


def notice(scene: Scene, title: str, text: Sequence[str], buttons: Sequence[Link], back: str) -> Message:
    """A page that says one thing; it always has a way on."""
    given = tuple(buttons) or (Link("back", scene.text.gettext("返回"), back, "8"),)
    return Message(title=title, text=tuple(text), buttons=given, back=back)


def listing(
    scene: Scene,
    title: str,
    rows: Sequence[Link],
    back: str,
    *,
    page: int = 1,
    per_page: int = MOST_TILES,
    turn: Callable[[int], str] | None = None,
) -> Rows:
    """One page of rows, numbered from 1; what fits on tiles is one page."""
    t = scene.text
    per_page = MOST_TILES if len(rows) <= MOST_TILES else per_page
    pages = max(1, -(-len(rows) // per_page))
    page = min(page, pages)
    shown = rows[(page - 1) * per_page : page * per_page]
    return Rows(
        title=title,
        section=None,
        number="",
        page=page,
        pages=pages,
        rows=tuple(_numbered(shown)),
        back=back,
        before=turn(page - 1) if turn and page > 1 else "",
        after=turn(page + 1) if turn and page < pages else "",
        legend=legend(t),
        after_label=t.gettext("下一页"),
        before_label=t.gettext("上一页"),
        back_label=t.gettext("返回"),
    )


def legend(t: Text) -> tuple[str, ...]:
    """What the keys do here."""
    return (t.gettext("▲▼ 选择"), t.gettext("确定 打开"), t.gettext("返回 上一级"))


def _numbered(rows: Sequence[Link]) -> list[Link]:
    return [
        Link(row.id, row.title, row.href, str(at), row.note, row.section, row.strong, row.short)
        for at, row in enumerate(rows, 1)
    ]
