"""The number box: what is typed, and what it may mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.model import (
    Column,
    Head,
)
from stb_app.address import Place
from stb_app.pages.page import Link, NumberBox, Scene

LETTERS = ("", "", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ")
MOST_DIGITS = 8


def number_box(scene: Scene, hits: Sequence[Link]) -> NumberBox:
    """The page of the number box for the digits in the address."""
    t, digits = scene.text, scene.place.number
    back = scene.link(*replace(scene.place, item="", screen=1).parent)

    def typed(text: str) -> str:
        return scene.link(replace(scene.place, number=text[:MOST_DIGITS]))

    keys = [
        Link(f"k{digit}", str(digit), typed(digits + str(digit)), str(digit), LETTERS[digit])
        for digit in (*range(1, 10), 0)
    ]
    keys.insert(9, Link("del", t.gettext("删除"), typed(digits[:-1])))
    keys.append(Link("back", t.gettext("返回"), back))
    return NumberBox(
        title=t.gettext("找办事"),
        digits=digits,
        hint=t.gettext("输号码，或拼音首字母：驾照按 5 9"),
        keys=tuple(keys),
        hits=tuple(hits),
        back=back,
        empty=t.gettext("没有找到，请改一位再试。") if digits else "",
    )


def column_hit(scene: Scene, column: Column, number: str) -> Link:
    """A column that digits mean."""
    return Link(
        f"c-{column.id}", scene.column_name(column), scene.link(Place("column", column.number)), note=number,
        section=column.section,
    )  # fmt: skip


def item_hit(scene: Scene, head: Head, note: str) -> Link:
    """An item that digits mean."""
    place = replace(scene.place, item=head.id, screen=1)
    return Link(head.id, head.title, scene.link(place), note=note)
