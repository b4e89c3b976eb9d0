"""How a case stands, on a television: digits alone, first the number, then the code of the receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from portal.cases import MOST_DIGITS, is_number, rows
from portal.model import Case, Head, Own, Paragraph, Run, Section, Table
from stb_app.address import Place
from stb_app.pages.page import SCREEN_MARK, Document, Link, NumberBox, Scene

SHOWN = 3
"""Results beside the pad; the row below them leads on to the code."""


def back_of(scene: Scene) -> str:
    """Where Back leads from the empty box: to the group that its column stands in."""
    column = scene.site.own(Own.CASES)
    above = scene.site.column(column.parent) if column and column.parent else None
    if column is None or above is None:
        return scene.link(Place("number"))
    return scene.link(Place("column", above.number), column.id)


def number(scene: Scene, found: Sequence[Head], total: int, code: int, said: str = "") -> NumberBox:
    """The box for the number. `code` digits of the code, 0 where the origin cannot be asked."""
    t, digits = scene.text, scene.place.number

    def typed(text: str) -> str:
        return scene.link(replace(scene.place, number=text[:MOST_DIGITS]))

    hits = [
        Link(head.id, head.title, scene.link(replace(scene.place, item=head.id, screen=1)), note=head.note)
        for head in found[:SHOWN]
    ]
    if code and is_number(digits):
        hits.append(Link("code", t.gettext("输查询码，查刚交的件"), with_code(scene, "")))
    count, empty = "", ""
    if digits and not is_number(digits):
        empty = t.gettext("单号至少要有 4 位数字。")
    elif digits and not found:
        empty = t.gettext("公示的结果里没有这个单号。")
    elif total > SHOWN:
        count = t.gettext("共 {count} 条，再输几位").format(count=total)
    return NumberBox(
        title=t.gettext("办件单号"),
        digits=digits,
        hint=t.gettext("收据上单号里的数字，字母不用输。"),
        keys=_keys(scene, digits, typed, back_of(scene)),
        hits=tuple(hits),
        back=scene.link(replace(scene.place, number=digits[:-1])) if digits else back_of(scene),
        empty=said or empty,
        count=count
        or (t.ngettext("共 {count} 条", "共 {count} 条", total).format(count=total) if total else ""),
    )


def with_code(scene: Scene, code: str) -> str:
    """The address of this number with a code; it stands behind the `?`, where no log keeps it."""
    plain = scene.link(replace(scene.place, item="", screen=1))
    return f"{plain}?{urlencode({'k': code})}"


def code(scene: Scene, typed: str, length: int, said: str = "") -> NumberBox:
    """The box for the code."""
    t = scene.text
    back = scene.link(scene.place, "code")
    hint = t.gettext("收据上的 {length} 位查询码。单号 {number}").format(
        length=length, number=scene.place.number
    )
    return NumberBox(
        title=t.gettext("办件查询码"),
        digits=typed,
        hint=said or hint,
        keys=_keys(scene, typed, lambda text: with_code(scene, text[:length]), back),
        hits=(),
        back=back,
        empty=said or (hint if typed else ""),
    )


def _keys(scene: Scene, digits: str, typed: Callable[[str], str], back: str) -> tuple[Link, ...]:
    t = scene.text
    keys = [
        Link(f"k{digit}", str(digit), typed(digits + str(digit)), str(digit)) for digit in (*range(1, 10), 0)
    ]
    keys.insert(9, Link("del", t.gettext("删除"), typed(digits[:-1])))
    keys.append(Link("back", t.gettext("返回"), back))
    return tuple(keys)


def shown(scene: Scene, case: Case, typed: str, screen: int) -> Document:
    """What the origin says of one case; `typed` is its code."""
    t = scene.text
    back = scene.link(scene.place)
    asking = t.gettext("有疑问请打 {number}").format(number=scene.site.hotline)
    said = t.gettext("查到的是 {when} 的情况，本机不保存。").format(when=scene.now)
    return Document(
        title=case.title,
        meta=said,
        section=Section.SERVICES,
        blocks=(Table(tuple(rows(case, t))), Paragraph((Run(asking),))),
        buttons=(Link("back", t.gettext("返回"), back, "8"),),
        screen=screen,
        screen_href=f"{with_code(scene, typed)}&s={SCREEN_MARK}",
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )
