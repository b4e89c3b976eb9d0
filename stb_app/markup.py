"""The parts of a page as markup: places in pixels, and escaped words. What a template would write, of which
half of the making of a page was once spent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from remote_nav.geometry import Rect
from stb_app.layout.chunks import DRAWN, PLANS
from stb_app.layout.lines import Line
from stb_app.layout.look import HD, Look
from stb_app.layout.view import Bar, Live, Part, Picture, Role, Target, Words, font

_MARKS = re.compile("[&<>\"']")

_ALIGNED = {"left": "", "right": " r", "center": " c"}


def put(rect: Rect, left: float = 0.0, top: float = 0.0) -> Markup:
    """The style that puts something at its place; `left` and `top` are where what is around it begins."""
    return Markup(_put(rect, left, top))  # noqa: S704 - numbers


def parts(
    some: Iterable[Part], look: Look, left: float = 0.0, top: float = 0.0, *, after: str = ""
) -> Markup:
    """Parts inside of something that begins at `left` and `top`; `after` follows each."""
    found = [_part(one, look, left, top) + after for one in some]
    return Markup("".join(found))  # noqa: S704 - escaped below


def target(one: Target, look: Look, focus: str, digit: str, *, xhtml: bool) -> str:
    """A link, or a field to type into. `focus`: id of the target that has the focus first."""
    on = " on" if one.id == focus else ""
    rect, href = one.rect, _escaped(one.href)
    place = _put(rect, 0, 0)
    begin = f'id="{_escaped(one.id)}" class="{one.style}{on}"'
    if one.field:
        label = _escaped(one.label)
        return (
            f'<form action="{href}" method="get" style="{place}"><input {begin} type="text" name="q" '
            f'value="{_escaped(one.value)}" maxlength="60" autocomplete="off" title="{label}" '
            f'placeholder="{label}" /></form>\n'
        )
    first = ' autofocus="autofocus"' if on and not xhtml else ""
    access = f' accesskey="{digit}"' if digit else ""
    inside = "".join([_part(part, look, rect.left, rect.top) for part in one.parts])
    return f'<a {begin} href="{href}" style="{place}"{first}{access}>{inside}</a>\n'


def text(line: Line, role: Role) -> Markup:
    """A line of text; what is strong is marked where the role is not bold already."""
    return Markup(_line(line, font(HD, role)[2]))  # noqa: S704 - escaped below


def _escaped(text: str) -> str:
    """As markupsafe has it; most of what a page holds has no marks, which is soon seen."""
    return escape(text) if _MARKS.search(text) else text


def _put(rect: Rect, left: float, top: float) -> str:
    return (
        f"left:{round(rect.left - left)}px;top:{round(rect.top - top)}px;"
        f"width:{round(rect.width)}px;height:{round(rect.height)}px"
    )


def _part(one: Part, look: Look, left: float, top: float) -> str:
    if isinstance(one, Words):
        return _words(one, look, left, top)
    place = _put(one.rect, left, top)
    if isinstance(one, Bar):
        section = f" {_escaped(one.section)}" if one.section else ""
        return f'<span class="{_escaped(one.style)}{section}" style="{place}"></span>'
    size = f'width="{round(one.rect.width)}" height="{round(one.rect.height)}"'
    if isinstance(one, Picture):
        source = _escaped(_source(one))
        return f'<img style="{place}" src="{source}" {size} alt="{_escaped(one.alt)}" />'
    return f'<object id="lv" type="video/broadcast" style="{place}" {size}>{_instead(one, look)}</object>'


def _instead(live: Live, look: Look) -> str:
    """What stands where there is no programme; never nothing: a browser would speak of plug-ins."""
    inside = Rect(0, 0, live.rect.width, live.rect.height)
    shown = Picture(inside, live.media, live.alt) if live.media else Bar(inside, "surface")
    return _part(shown, look, 0, 0)


def _words(one: Words, look: Look, left: float, top: float) -> str:
    rect, lines, line_height = one.rect, one.lines, one.line_height
    _, natural, bold = font(look, one.role)
    name = f' id="{_escaped(one.name)}"' if one.name else ""
    when = f" {one.when}" if one.when else ""
    more = f";line-height:{line_height}px" if line_height else ""
    if one.indent:
        more += f";text-indent:{round(one.indent)}px"
    # Words that are as high as their lines need no height of their own.
    high = round(rect.height)
    if high != len(lines) * (line_height or natural):
        more = f";height:{high}px{more}"
    said = _line(lines[0], bold) if len(lines) == 1 else "<br />".join([_line(line, bold) for line in lines])
    return (
        f'<span{name} class="{one.role}{_ALIGNED[one.align]}{when}" style="left:{round(rect.left - left)}px;'
        f'top:{round(rect.top - top)}px;width:{round(rect.width)}px{more}">{said}</span>'
    )


def _line(line: Line, bold: bool) -> str:
    """A line as markup; where all its letters are `bold`, what is strong needs no mark of its own."""
    if len(line) == 1:
        text = _escaped(line[0].text)
        return f"<b>{text}</b>" if line[0].strong and not bold else text
    spans = [(_escaped(span.text), span.strong and not bold) for span in line]
    return "".join([f"<b>{text}</b>" if strong else text for text, strong in spans])


def _source(picture: Picture) -> str:
    """Where a picture comes from: the mirror's media in exactly the size of its place, or a path of ours."""
    size = f"{round(picture.rect.width)}x{round(picture.rect.height)}"
    if picture.media.startswith(PLANS):
        plan, _, ending = picture.media.partition(".")
        return f"{plan}/{size}.{ending}"
    if picture.media.startswith("/"):
        return picture.media
    # Bars and their letters stay sharp in few colours, and are a sixth as heavy.
    ending = "png" if picture.media.startswith(DRAWN) else "jpg"
    return f"/media/{picture.media}/{size}c.{ending}"
