"""What a publication is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from content_sync.ledger import Ledger
from content_sync.publish import View, build, unnumbered
from content_sync.records import Staged
from portal import dial
from portal.model import Column, Head, Kind, Section, Site
from portal.writer import Publication

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


class Stage:
    """A mirror without Redis: what was published, and the ledger that the next publication is made from."""

    def __init__(self, model: Site = MODEL, **before: Any) -> None:
        self.model = model
        self.site: Site | None = before.get("site")
        self.heads: dict[str, Head] = before.get("heads", {})
        self.lists: dict[str, dict[str, float]] = before.get("lists", {})
        self.numbers: dict[str, str] = before.get("numbers", {})
        self.ledger = Ledger(model.columns)
        self.view = View(staged={}, leaving={}, numbers={})
        for column, ranked in self.lists.items():
            self.ledger.put_shown(column, ranked.items())

    def anew(self, model: Site | None = None) -> Stage:
        """The same mirror as the next run finds it."""
        before = {"site": self.site, "heads": self.heads, "lists": self.lists, "numbers": self.numbers}
        return Stage(model or self.model, **before)

    def make(
        self,
        wanted: Mapping[str, Sequence[str]],
        *ahead: Head,
        gone: Iterable[str] = (),
        unlisted: Iterable[str] = (),
    ) -> Publication | None:
        """wanted  column -> items that its list has    gone  items proved gone    unlisted  columns removed"""
        missing = set(gone)
        for column, items in wanted.items():
            self.ledger.put_list(column, [(item, f"/{item}") for item in items], {})
            self.ledger.put_pages((item, item, item in missing) for item in items)
        self.ledger.begin([*wanted, *unlisted], unlisted, ahead)
        while ids := self.ledger.unknown_heads(2):
            self.ledger.put_heads(ids, self.heads)
        self.ledger.arrange(frozenset())
        leaving = {item: self.heads[item] for item in self.ledger.leaving()}
        self.view = View(
            site=self.site,
            staged={each.id: Staged(head=each, head_hant=each) for each in ahead},
            leaving=leaving,
            gone=frozenset(missing),
            numbers=self.numbers,
        )
        return build(self.model, self.ledger, self.view, now=100.0, checked=99.0, moment="2026-03-05 10:00")

    def publish(self, wanted: Mapping[str, Sequence[str]], *ahead: Head, **more: Any) -> Publication:
        """`make`, and what it made stands."""
        publication = self.make(wanted, *ahead, **more)
        assert publication is not None
        self.ledger.published(publication)
        self.site = publication.site
        heads = {each.id: each for each, _ in (*publication.heads, *publication.withdrawn)}
        kept = {item: each for item, each in self.heads.items() if item not in publication.dropped}
        self.heads = kept | heads
        self.lists = {column: dict(ranked) for column, ranked in self.lists.items()}
        for column, ranked, left in publication.placed:
            own = self.lists.setdefault(column, {})
            own |= ranked
            for item in left:
                del own[item]
        self.numbers = self.numbers | dict(publication.numbers)
        return publication

    def listed(self, column: str) -> list[str]:
        ranked = self.lists.get(column, {})
        return sorted(ranked, key=lambda item: -ranked[item])


WANTED = {"a": ["1", "2"], "b": ["2", "3"]}
AHEAD = (head("1", "a", day="2026-03-02"), head("2", "a", "b"), head("3", "b", day="2026-02-01"))


@pytest.fixture(params=["the same run", "the next run"])
def stands(request: pytest.FixtureRequest) -> Stage:
    """A mirror with a first publication, as the run that made it knows it, and as another one reads it."""
    stage = Stage()
    stage.publish(WANTED, *AHEAD)
    return stage if request.param == "the same run" else stage.anew()


def test_a_first_publication() -> None:
    stage = Stage()
    publication = stage.publish(WANTED, *AHEAD)
    assert publication.site.generation == 1 and publication.site.published == 100.0
    counts = {column.id: (column.count, column.newest) for column in publication.site.columns}
    assert counts == {"news": (3, "2026-03-02"), "a": (2, "2026-03-02"), "b": (2, "2026-03-01")}
    assert {name: list(ranked) for name, ranked, _ in publication.placed} == {
        "a": ["1", "2"], "b": ["2", "3"],
    }  # fmt: skip
    assert set(publication.numbers) == {
        ("300", "c:news"), ("310", "c:a"), ("320", "c:b"), ("31001", "i:2"), ("31002", "i:1"), ("32001", "i:3"),
    }  # fmt: skip
    assert publication.changes == (("added", "1"), ("added", "2"), ("added", "3"))
    assert set(publication.settled) == {"1", "2", "3"} and set(publication.touched) == {"a", "b"}


def test_nothing_new_is_no_publication(stands: Stage) -> None:
    assert stands.make({}) is None
    assert stands.make({"a": ["1", "2"]}) is None
    assert stands.make({"a": ["2", "1"]}) is None  # dates rule, not places


def test_only_what_moves_is_written(stands: Stage) -> None:
    publication = stands.publish({"a": ["4", "1", "2"]}, head("4", "a", day="2026-03-04"))
    assert [(name, list(ranked), left) for name, ranked, left in publication.placed] == [("a", ["4"], ())]
    assert stands.listed("a") == ["4", "1", "2"]
    counts = {column.id: (column.count, column.newest) for column in publication.site.columns}
    assert counts == {"news": (4, "2026-03-04"), "a": (3, "2026-03-04"), "b": (2, "2026-03-01")}


def test_a_renamed_column_is_a_publication(stands: Stage) -> None:
    columns = (COLUMNS[0], replace(COLUMNS[1], name="丙"), COLUMNS[2])
    publication = stands.anew(replace(MODEL, columns=columns)).publish({})
    assert publication.site.generation == 2 and publication.placed == () and publication.heads == ()


def test_gone_items_leave_a_tombstone_and_others_leave_no_trace(stands: Stage) -> None:
    publication = stands.publish({"a": [], "b": ["2"]}, gone={"1"})
    assert [stone.id for stone, _ in publication.withdrawn] == ["1"]
    stone = publication.withdrawn[0][0]
    assert (stone.withdrawn, stone.version, stone.title) == ("2026-03-05 10:00", "", "标题1")
    assert publication.dropped == ("3",)
    assert publication.changes == (("withdrawn", "1"), ("withdrawn", "3"))
    assert stands.listed("a") == [] and stands.listed("b") == ["2"]


def test_what_is_gone_can_come_again(stands: Stage) -> None:
    stands.publish({"a": ["2"]}, gone={"1"})
    publication = stands.publish({"a": ["1", "2"]}, head("1", "a", day="2026-03-02"))
    assert publication.changes == (("added", "1"),) and stands.listed("a") == ["1", "2"]


def test_a_listed_item_that_is_proved_gone_is_not_shown(stands: Stage) -> None:
    stands.publish({"a": ["1", "2"]}, gone={"1"})
    assert stands.listed("a") == ["2"]


def test_an_item_that_another_column_lists_stays(stands: Stage) -> None:
    publication = stands.publish({"b": []})
    assert publication.dropped == ("3",) and publication.withdrawn == ()


def test_what_is_staged_and_listed_nowhere_is_settled_unseen() -> None:
    publication = Stage().publish({"a": ["1"]}, head("1", "a"), head("9", "a"))
    assert [each.id for each, _ in publication.heads] == ["1"] and set(publication.settled) == {"1", "9"}


def test_a_removed_column_takes_its_items_along(stands: Stage) -> None:
    stage = stands.anew(replace(MODEL, columns=COLUMNS[:2]))
    publication = stage.publish({}, unlisted=["b"])
    assert publication.dropped == ("3",) and stage.listed("b") == []


def test_a_changed_item_is_told_as_changed(stands: Stage) -> None:
    publication = stands.publish({"a": ["1", "2"]}, replace(AHEAD[0], version="w"))
    assert publication.changes == (("changed", "1"),) and publication.numbers == ()


def test_matters_beyond_the_last_number_are_shown_without_one() -> None:
    """Every number of a kind is given: what comes is published all the same, and counted for the report."""
    given = {str(number): f"i:old{number}" for number in dial.MATTERS}
    columns = (COLUMNS[0], replace(COLUMNS[1], kind=Kind.MATTER))
    stage = Stage(replace(MODEL, columns=columns), numbers=given)
    heads = [replace(head(item, "a"), kind=Kind.MATTER) for item in ("1", "2")]
    publication = stage.make({"a": ["1", "2"]}, *heads)
    assert publication is not None
    assert [target for _, target in publication.numbers] == ["c:news", "c:a"]
    assert [each.id for each, _ in publication.heads] == ["1", "2"]
    assert unnumbered(publication, stage.view) == 2


def test_an_empty_portal_is_not_published() -> None:
    assert Stage().make({"a": ["1"], "b": []}) is None
    assert Stage().publish({"a": ["1"]}, head("1", "a")).site.generation == 1
