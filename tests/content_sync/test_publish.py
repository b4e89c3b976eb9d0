"""What a publication is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from content_sync.publish import View, build, unnumbered
from content_sync.records import Staged
from portal import dial
from portal.model import Column, Head, Kind, Section, Site

COLUMNS = (
    Column(id="news", name="新闻", section=Section.NEWS, number="300"),
    Column(id="a", name="甲", section=Section.NEWS, number="310", parent="news", order=1),
    Column(id="b", name="乙", section=Section.NEWS, number="320", parent="news", order=2),
)
MODEL = Site(id="town", name="试验市", columns=COLUMNS)


def head(item: str, *columns: str, day: str = "2026-03-01", **more: Any) -> Head:
    return Head(
        id=item,
        kind=Kind.ARTICLE,
        title=f"标题{item}",
        columns=columns,
        published=day,
        version=f"v{item}",
        **more,
    )


def staged(*heads: Head) -> dict[str, Staged]:
    return {each.id: Staged(head=each, head_hant=each) for each in heads}


def view(**more: Any) -> View:
    empty: dict[str, Any] = {
        "site": None, "lists": {}, "wanted": {}, "heads": {}, "staged": {}, "gone": frozenset(), "numbers": {},
    }  # fmt: skip
    return View(**(empty | more))


def made(seen: View, model: Site = MODEL) -> Any:
    return build(model, seen, now=100.0, checked=99.0, moment="2026-03-05 10:00")


FIRST = view(
    wanted={"a": ["1", "2"], "b": ["2", "3"]},
    staged=staged(head("1", "a", day="2026-03-02"), head("2", "a", "b"), head("3", "b", day="2026-02-01")),
)


def test_a_first_publication() -> None:
    publication = made(FIRST)
    assert publication.site.generation == 1 and publication.site.published == 100.0
    counts = {column.id: (column.count, column.newest) for column in publication.site.columns}
    assert counts == {"news": (3, "2026-03-02"), "a": (2, "2026-03-02"), "b": (2, "2026-03-01")}
    assert {name: list(ranked) for name, ranked in publication.lists} == {"a": ["1", "2"], "b": ["2", "3"]}
    assert set(publication.numbers) == {
        ("300", "c:news"), ("310", "c:a"), ("320", "c:b"), ("31001", "i:2"), ("31002", "i:1"), ("32001", "i:3"),
    }  # fmt: skip
    assert publication.changes == (("added", "1"), ("added", "2"), ("added", "3"))
    assert set(publication.settled) == {"1", "2", "3"} and set(publication.touched) == {"a", "b"}


def after(publication: Any) -> dict[str, Any]:
    """The view that the next publication starts from."""
    return {
        "site": publication.site,
        "lists": dict(publication.lists),
        "heads": {each.id: each for each, _ in publication.heads},
        "numbers": dict(publication.numbers),
    }


def test_nothing_new_is_no_publication() -> None:
    stands = after(made(FIRST))
    assert made(view(**stands)) is None
    assert made(view(**stands, wanted={"a": ["1", "2"]})) is None
    assert made(view(**stands, wanted={"a": ["2", "1"]})) is None  # dates rule, not places


def test_a_renamed_column_is_a_publication() -> None:
    columns = (COLUMNS[0], replace(COLUMNS[1], name="丙"), COLUMNS[2])
    publication = made(view(**after(made(FIRST))), replace(MODEL, columns=columns))
    assert publication.site.generation == 2 and publication.lists == () and publication.heads == ()


def test_gone_items_leave_a_tombstone_and_others_leave_no_trace() -> None:
    stands = after(made(FIRST))
    publication = made(view(**stands, wanted={"a": [], "b": ["2"]}, gone=frozenset({"1"})))
    assert [stone.id for stone, _ in publication.withdrawn] == ["1"]
    stone = publication.withdrawn[0][0]
    assert (stone.withdrawn, stone.version, stone.title) == ("2026-03-05 10:00", "", "标题1")
    assert publication.dropped == ("3",)
    assert publication.changes == (("withdrawn", "1"), ("withdrawn", "3"))
    assert dict(publication.lists)["a"] == {}


def test_an_item_that_another_column_lists_stays() -> None:
    stands = after(made(FIRST))
    publication = made(view(**stands, wanted={"b": []}))
    assert publication.dropped == ("3",) and publication.withdrawn == ()


def test_what_is_staged_and_listed_nowhere_is_settled_unseen() -> None:
    publication = made(view(wanted={"a": ["1"]}, staged=staged(head("1", "a"), head("9", "a"))))
    assert [each.id for each, _ in publication.heads] == ["1"] and set(publication.settled) == {"1", "9"}


def test_a_removed_column_takes_its_items_along() -> None:
    stands = after(made(FIRST))
    model = replace(MODEL, columns=COLUMNS[:2])
    publication = made(view(**stands, wanted={"b": []}), model)
    assert publication.dropped == ("3",) and dict(publication.lists)["b"] == {}


def test_a_changed_item_is_told_as_changed() -> None:
    stands = after(made(FIRST))
    publication = made(
        view(**stands, wanted={"a": ["1", "2"]}, staged=staged(replace(head("1", "a"), version="w")))
    )
    assert publication.changes == (("changed", "1"),) and publication.numbers == ()


def test_matters_beyond_the_last_number_are_shown_without_one() -> None:
    """Every number of a kind is given: what comes is published all the same, and counted for the report."""
    given = {str(number): f"i:old{number}" for number in dial.MATTERS}
    columns = (COLUMNS[0], replace(COLUMNS[1], kind=Kind.MATTER))
    heads = [replace(head(item, "a"), kind=Kind.MATTER) for item in ("1", "2")]
    seen = view(wanted={"a": ["1", "2"]}, staged=staged(*heads), numbers=given)
    publication = made(seen, replace(MODEL, columns=columns))
    assert [target for _, target in publication.numbers] == ["c:news", "c:a"]
    assert [each.id for each, _ in publication.heads] == ["1", "2"]
    assert unnumbered(publication, seen) == 2
    assert unnumbered(made(FIRST), FIRST) == 0


def test_an_empty_portal_is_not_published() -> None:
    assert made(view(wanted={"a": ["1"], "b": []})) is None
    assert made(view(wanted={"a": ["1"]}, staged=staged(head("1", "a")))).site.generation == 1
