"""The number box: the number that a viewer would press stands beside each hit, whatever its name needs."""

from __future__ import annotations

import pytest

from stb_app.layout.look import HD, HD_LARGE, LOOKS, SD, SD_LARGE, Look
from stb_app.layout.number import view
from stb_app.layout.view import Target, Words
from stb_app.pages import Link, NumberBox

SHORT = Link("a", "社会保障卡申领", "/a", note="59")
LONG = Link("b", "城乡居民基本养老保险参保人员户籍迁移关系转移接续申请登记", "/b", note="31002")
MEANT = Link("c", "机动车驾驶证期满换证、遗失补证业务办理", "/c", note="59012", meant="换驾照")
KEYS = (
    *(Link(f"k{at}", str(at), f"/n/{at}", str(at), "PQRS") for at in range(10)),
    Link("del", "删除", "/n"),
    Link("back", "返回", "/"),
)


def hits(look: Look, *links: Link) -> list[Target]:
    """The rows of hits on a screen."""
    page = NumberBox("找办事", "59", "", KEYS, links, "/", "", "共 8 条")
    return [target for target in view(page, look).targets if target.group == "hits"]


def said(target: Target) -> dict[str, Words]:
    """What stands in a row, by its first characters."""
    words = [part for part in target.parts if isinstance(part, Words)]
    return {"".join(span.text for line in part.lines for span in line): part for part in words}


@pytest.mark.parametrize("look", LOOKS.values())
@pytest.mark.parametrize("link", [SHORT, LONG, MEANT])
@pytest.mark.parametrize("others", [0, 7])
def test_a_name_is_cut_rather_than_its_number_left_out(look: Look, link: Link, others: int) -> None:
    """Number and name side by side, within the row, and neither over the other; alone or among many."""
    more = [Link(f"o{at}", LONG.title, f"/{at}", note=f"4110{at}") for at in range(others)]
    row = hits(look, link, *more)[0]
    parts = said(row)
    number = parts.pop(link.note)
    names = list(parts.values())
    assert next(iter(parts)).startswith(link.meant or link.title[:2])
    assert names[0].rect.right <= number.rect.left
    for name in names[1:]:
        assert name.rect.top >= max(names[0].rect.bottom, number.rect.bottom)
    for part in (number, *names):
        assert row.rect.left <= part.rect.left and part.rect.right <= row.rect.right
        assert row.rect.top <= part.rect.top and part.rect.bottom <= row.rect.bottom


def test_what_is_too_long_beside_the_number_goes_on_below_it() -> None:
    """As wide as the row: on the smallest screen with the largest letters each character counts."""
    (row,) = hits(SD_LARGE, LONG)
    number, *names = (said(row)[text] for text in sorted(said(row), key=lambda text: text != LONG.note))
    first, below = names
    assert first.rect.right <= number.rect.left < below.rect.right
    assert below.rect.top >= number.rect.bottom
    assert len(below.lines[-1][0].text) > len(first.lines[0][0].text)


@pytest.mark.parametrize("look", [SD, SD_LARGE, HD, HD_LARGE])
def test_a_number_hides_no_hit(look: Look) -> None:
    """Rows are not made higher for it where fewer would fit; where there is room a name has two lines."""
    links = [Link(f"o{at}", "老年人优待证申领", f"/{at}", note=f"4110{at}") for at in range(8)]
    bare = [Link(link.id, link.title, link.href) for link in links]
    assert len(hits(look, *links)) == len(hits(look, *bare))
    (alone,) = hits(look, links[0])
    assert links[0].title in "".join(text for text in said(alone) if text != links[0].note)


def test_the_title_is_whole_beside_the_count() -> None:
    """How to make hits fewer is left out where it would cut the title."""
    page = NumberBox(
        "Find by number",
        "5",
        "",
        KEYS,
        (SHORT,),
        "/",
        "",
        "341 found; one more digit narrows it",
        "341 found",
    )
    for look, count in ((SD, page.count_short), (HD, page.count)):
        title, right = (part for part in view(page, look).parts[:3] if isinstance(part, Words))
        assert (title.lines[0][0].text, right.lines[0][0].text) == (page.title, count)
