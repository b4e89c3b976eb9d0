"""Typing with a remote control: the number box and what digits may mean, and words on the digit keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from portal.model import Column, Head
from portal.search.asked import MOST_DIGITS, Asked
from portal.search.digits import LETTERS
from stb_app.address import Place
from stb_app.pages.page import Field, Link, NumberBox, Scene


def number_box(scene: Scene, hits: Sequence[Link], total: int = 0) -> NumberBox:
    """The page of the number box for the digits in the address; `total` things may be meant by them."""
    t, digits = scene.text, scene.place.number
    back = scene.link(*replace(scene.place, item="", screen=1).parent)

    def typed(text: str) -> str:
        return scene.link(replace(scene.place, number=text[:MOST_DIGITS]))

    return NumberBox(
        title=t.gettext("找办事"),
        digits=digits,
        hint=t.gettext("输号码，或拼音首字母：驾照按 5 9"),
        keys=_keys(scene, digits, typed, back),
        hits=tuple(hits),
        back=back,
        empty=t.gettext("没有找到，请改一位再试。") if digits else "",
        count=_count(scene, total, len(hits)),
        count_short=_count(scene, total, total),
        more=() if hits else (_way(scene), _words(scene)),
    )


def typing(scene: Scene, asked: Asked, words: Sequence[tuple[str, str]]) -> NumberBox:
    """The page on which words are typed: by pinyin on the digit keys, or with a keyboard.

    words  what the digits may mean: as it is searched, and as it is shown
    """
    t, digits = scene.text, asked.digits
    found = _search(scene, replace(asked, menu="", digits=""))
    back = found if asked.text else scene.link(*replace(scene.place, number="").parent)

    def typed(text: str) -> str:
        return _search(scene, asked.typing(text))

    hits = tuple(
        Link(f"word{at}", shown, _search(scene, asked.with_word(word)))
        for at, (word, shown) in enumerate(words)
    )
    more: list[Link] = []
    if not hits and asked.text:
        more.append(Link("found", t.gettext("查找“{words}”").format(words=asked.text), found))
    if not hits:
        more.append(_way(scene))
    return NumberBox(
        title=t.gettext("打字找"),
        digits=digits,
        hint=t.gettext("按词的拼音首字母：停水按 8 7，再选词"),
        keys=_keys(scene, digits, typed, back),
        hits=hits,
        back=back,
        empty=t.gettext("没有这样的词，请改一位再试。") if digits else "",
        more=tuple(more),
        field=Field(scene.link(Place("search")), asked.text, t.gettext("有键盘的，在这里打字")),
    )


def column_hit(scene: Scene, column: Column, number: str) -> Link:
    """A column that digits mean."""
    return Link(
        f"c-{column.id}", scene.column_name(column), scene.link(Place("column", column.number)), note=number,
        section=column.section,
    )  # fmt: skip


def item_hit(scene: Scene, head: Head, note: str, meant: str = "") -> Link:
    """An item that digits mean; `meant` is the everyday name that they stand for, or ""."""
    place = replace(scene.place, item=head.id, screen=1)
    return Link(head.id, head.title, scene.link(place), note=note, meant=meant)


def _keys(scene: Scene, digits: str, typed: Callable[[str], str], back: str) -> tuple[Link, ...]:
    t = scene.text
    keys = [
        Link(f"k{digit}", str(digit), typed(digits + str(digit)), str(digit), LETTERS[digit])
        for digit in (*range(1, 10), 0)
    ]
    keys.insert(9, Link("del", t.gettext("删除"), typed(digits[:-1])))
    keys.append(Link("back", t.gettext("返回"), back))
    return tuple(keys)


def _count(scene: Scene, total: int, shown: int) -> str:
    """How many there are; where not all are shown, how to make them fewer."""
    t = scene.text
    if not total:
        return ""
    count = t.ngettext("共 {count} 条", "共 {count} 条", total).format(count=total)
    if total <= shown:
        return count
    return t.gettext("{count}，{hint}").format(count=count, hint=t.gettext("再按一位会少一些"))


def _way(scene: Scene) -> Link:
    return Link("way", scene.text.gettext("不用输字，按类别找"), scene.link(Place("way")))


def _words(scene: Scene) -> Link:
    return Link("search", scene.text.gettext("打字找文章、通知"), scene.link(Place("search")))


def _search(scene: Scene, asked: Asked) -> str:
    return scene.link(Place("search", asked.token))
