"""明白纸 on a phone: what to bring, where and when, in as few octets as it takes. Pure.

/wap/p         asks for the six digits that the television shows      /wap/p?c=DIGITS   opens their sheet
/wap/p/ITEM    the sheet of a matter, as text to keep
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.sheet.make import Lines, Mark, Sheet
from wap.page import Ask, Line, Link, Page, Part
from wap.view import View, page_of

BOX = "[ ]"
"""What is ticked; a box of its own character is missing in many phones' fonts."""


def form(view: View, said: str = "") -> Page:
    """The page on which a code is typed; `said` is what was wrong with the last one."""
    t = view.text
    body: list[Part] = [Line(said, strong=True)] if said else []
    body.append(Ask(f"{view.base}/p", "c", t.gettext("电视上的 6 位数字"), t.gettext("打开")))
    return page_of(view, t.gettext("明白纸"), t.gettext("明白纸"), f"{view.base}/p", body, cache="no-store")


def sheet(view: View, made: Sheet, item_id: str) -> Page:
    """A sheet as text: the boxes first, then one line a row."""
    t = view.text
    body: list[Part] = [Line(made.title, strong=True)]
    if made.bring is not None:
        body += _lines(made.bring)
    body += [Line(f"{row.label}: {row.value}") for row in made.rows]
    for lines in made.after:
        body += _lines(lines)
    body += [Line(made.help), Line(made.dates)]
    up = Link(view.item(item_id), t.gettext("看全部内容"))
    body = [part for part in body if not isinstance(part, Line) or part.text]
    return page_of(view, t.gettext("明白纸"), made.title, f"{view.base}/p/{item_id}", body, up=up)


def _lines(lines: Lines) -> Iterator[Part]:
    yield Line(lines.title, strong=True)
    for at, line in enumerate(lines.lines, 1):
        mark = {Mark.BOX: f"{BOX} ", Mark.NUMBER: f"{at}. "}.get(lines.mark, "")
        yield Line(f"{mark}{line}")
