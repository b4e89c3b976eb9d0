"""How a case stands, on a phone: digits alone, first the number, then the code of the receipt. Pure.

/wap/k            asks for the number        /wap/k?n=DIGITS      the published results with it
/wap/k/DIGITS     the same, and asks for the code       /wap/k/DIGITS?k=CODE   what the origin says
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.cases import rows
from portal.model import Case, Column, Head, Site
from wap.page import Ask, Line, Link, Page, Part
from wap.view import View, call_of, page_of

PRIVATE = "no-store"
ROWS = 8


def asking(
    view: View, site: Site, column: Column | None, digits: str, found: Sequence[Head], total: int, code: int,
    said: str = "",
) -> Page:  # fmt: skip
    """Where a number, then a code is typed.

    digits  typed so far, ""       found, total  published results whose number begins so
    code    digits of the code, 0 where the origin cannot be asked     said  what was wrong with the last
    """
    t = view.text
    body: list[Part] = [Line(said, strong=True)] if said else []
    for key, head in enumerate(found[:ROWS], 1):
        body.append(Link(view.item(head.id), head.title, str(key), head.note))
    if digits:
        body.append(Line(counted(view, total)))
    if digits and code:
        body.append(Line(t.gettext("刚交的件：再输收据上的 {code} 位查询码。").format(code=code)))
        body.append(Ask(f"{view.base}/k/{digits}", "k", t.gettext("查询码:"), t.gettext("查")))
    body.append(Line(t.gettext("收据上单号里的数字，字母不用输。")))
    body.append(Ask(f"{view.base}/k", "n", t.gettext("单号:"), t.gettext("查"), digits))
    if results := next((each for each in site.columns if each.kind == "case" and each.count), None):
        body.append(Link(view.column(results), view.name(results)))
    if site.hotline:
        body.append(call_of(site.hotline, t.gettext("找不到请打:")))
    return _page(view, column, t.gettext("办件查询"), f"{view.base}/k", body)


def counted(view: View, total: int) -> str:
    """How many results there are, and how to make them fewer."""
    t = view.text
    if not total:
        return t.gettext("公示的结果里没有这个单号。")
    count = t.ngettext("共 {count} 条", "共 {count} 条", total).format(count=total)
    return t.gettext("{count}，多输几位会少一些").format(count=count) if total > ROWS else count


def shown(view: View, column: Column | None, case: Case) -> Page:
    """What the origin says of one case; it is kept nowhere."""
    t = view.text
    body: list[Part] = [Line(case.title, strong=True), *of_case(view, case)]
    return _page(view, column, t.gettext("办件查询"), f"{view.base}/k", body)


def of_case(view: View, case: Case) -> Iterator[Part]:
    """A case as lines."""
    for label, value in rows(case, view.text):
        yield Line(f"{label}: {value}")


def _page(view: View, column: Column | None, title: str, address: str, body: Sequence[Part]) -> Page:
    number = column.number if column else ""
    return page_of(view, f"{title} {number}".strip(), title, address, body, cache=PRIVATE)
