"""The tables of a run: the same answers as plain dictionaries give, however they came to be filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_sync import ranks
from content_sync.ledger import Fresh, Ledger
from portal.model import Column, Head, Kind, Section
from tests.content_sync.test_publish import Stage, head

COLUMNS = tuple(
    Column(id=name, name=name, section=Section.NEWS, number=f"31{place}", parent="news" if place else "")
    for place, name in enumerate(("news", "a", "b", "c"))
)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    made = Ledger(COLUMNS)
    yield made
    made.close()


def put(ledger: Ledger, column: str, *names: str, missing: dict[str, int] | None = None) -> None:
    """A list whose addresses are their names with a slash."""
    ledger.put_list(column, [(name, f"/{name}") for name in names], missing or {})


def test_lists(ledger: Ledger) -> None:
    put(ledger, "b", "1", "2")
    put(ledger, "a", "2", "3")
    assert ledger.columns_of("2") == ("a", "b") and ledger.columns_of("9") == ()
    assert ledger.is_listed("/3") and not ledger.is_listed("3")
    assert list(ledger.names(2)) == [["1", "2"], ["3"]]
    put(ledger, "b", "1")
    assert ledger.columns_of("2") == ("a",)


def test_one_page_at_two_addresses_of_a_list_is_in_it_once(ledger: Ledger) -> None:
    ledger.put_list("a", [("1", "/one"), ("2", "/two"), ("1", "/uno")], {})
    assert ledger.columns_of("1") == ("a",) and list(ledger.names(9)) == [["1", "2"]]
    ledger.put_pages([("1", "i1", False), ("2", "i2", False)])
    ledger.begin(["a"], [], [head("i1", "a"), head("i2", "a")])
    ledger.arrange(frozenset())
    assert ledger.members("a") == ["i1", "i2"]


def test_what_is_missing(ledger: Ledger) -> None:
    put(ledger, "a", "1", "2", "3", missing={"/1": 1, "/2": 2, "/3": -900})
    put(ledger, "b", "2")
    assert ledger.suspects("a", 2) == ["/2"]
    assert ledger.stands_elsewhere("2", "a") and not ledger.stands_elsewhere("1", "a")
    assert ledger.lacking("3", 2) and not ledger.lacking("9", 2)
    assert ledger.suspects("a", 2) == ["/2", "/3"]
    # A list that has the page knows nothing of what another one lacks.
    assert ledger.suspects("b", 2) == []
    put(ledger, "b", "2", missing={"/2": 1})
    assert not ledger.stands_elsewhere("2", "a")


def test_a_page_that_turns_out_to_be_another(ledger: Ledger) -> None:
    put(ledger, "a", "1", "2")
    put(ledger, "b", "2")
    ledger.put_pages([("1", "i1", False), ("2", "i2", False)])
    ledger.rename("2", "1")
    assert ledger.columns_of("1") == ("a", "b") and ledger.columns_of("2") == ()
    ledger.begin(["a", "b"], [], [head("i1", "a")])
    assert ledger.unknown_pages(9) == []
    ledger.arrange(frozenset())
    assert ledger.members("a") == ["i1"] == ledger.members("b")
    assert list(ledger.misfiled(everything=False)) == [("i1", ("a", "b"))]


def test_a_look_waits_until_it_is_kept(ledger: Ledger) -> None:
    found = [Fresh(place, f"n{place}", f"/{place}", "标题", "2026-03-01") for place in range(5)]
    ledger.put_look("a", "{}", found)
    assert [len(part) for part in ledger.fresh("a", 2)] == [2, 2, 1]
    assert [each for part in ledger.fresh("a", 3) for each in part] == found
    assert list(ledger.fresh("b", 2)) == []
    assert ledger.take_pending("a") == "{}" and list(ledger.fresh("a", 2)) == []


def test_pages_without_a_record_are_asked_for_again(ledger: Ledger) -> None:
    put(ledger, "a", "1", "2")
    ledger.begin(["a"], [], [])
    assert sorted(ledger.unknown_pages(9)) == ["1", "2"]
    ledger.put_pages([("1", "i1", False), ("2", "", False)])
    assert ledger.unknown_pages(9) == []
    ledger.forget_unknown()
    assert ledger.unknown_pages(9) == ["2"]
    ledger.begin(["b"], [], [])
    assert ledger.unknown_pages(9) == []


def test_what_is_barred_or_gone_is_in_no_list(ledger: Ledger) -> None:
    put(ledger, "a", "1", "2", "3")
    ledger.put_pages([("1", "i1", False), ("2", "i2", True), ("3", "i3", False)])
    ledger.begin(["a"], [], [head(item, "a") for item in ("i1", "i2", "i3")])
    ledger.arrange(frozenset({"i3"}))
    assert ledger.members("a") == ["i1"]
    ledger.mark_gone(["i2"], gone=False)
    ledger.begin(["a"], [], [head(item, "a") for item in ("i1", "i2", "i3")])
    ledger.arrange(frozenset())
    assert ledger.members("a") == ["i1", "i2", "i3"]


def test_a_tombstone_shows_nothing(ledger: Ledger) -> None:
    ledger.put_heads(["1", "2", "3"], {"1": head("1", "a"), "2": replace(head("2", "a"), withdrawn="today")})
    assert [ledger.is_shown(item) for item in ("1", "2", "3", "4")] == [True, False, False, False]


def test_items_by_place_are_numbered_from_the_top(ledger: Ledger) -> None:
    units = Ledger([replace(COLUMNS[1], kind=Kind.UNIT)])
    put(units, "a", "1", "2", "3")
    units.put_pages((name, name, False) for name in "123")
    units.begin(["a"], [], [replace(head(name, "a"), kind=Kind.UNIT) for name in "123"])
    units.arrange(frozenset())
    assert [item for item, _ in units.filed("a")] == ["1", "2", "3"]
    put(ledger, "a", "1", "2")
    ledger.put_pages((name, name, False) for name in "12")
    ledger.begin(["a"], [], [head("1", "a"), head("2", "b", "a")])
    ledger.arrange(frozenset())
    assert list(ledger.filed("a")) == [("1", Kind.ARTICLE)]
    units.close()


# --- beside plain dictionaries ------------------------------------------------------------------

ITEMS = st.sampled_from([str(number) for number in range(9)])
LISTS = st.dictionaries(st.sampled_from(("a", "b")), st.lists(ITEMS, max_size=6, unique=True), max_size=2)
DAYS = st.sampled_from(("2026-03-01", "2026-03-02 08:00", "2026-03-03", ""))
STEPS = st.lists(
    st.tuples(LISTS, st.dictionaries(ITEMS, DAYS, max_size=6), st.sets(ITEMS, max_size=2)), max_size=6
)


class Plain:
    """What a mirror has to show after each publish, by dictionaries alone."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, float]] = {}
        self.heads: dict[str, Head] = {}

    def publish(self, wanted: dict[str, list[str]], ahead: dict[str, Head], gone: set[str]) -> None:
        standing = {item: each for item, each in self.heads.items() if not each.withdrawn} | ahead
        before = {item for ranked in self.lists.values() for item in ranked}
        for column, items in wanted.items():
            shown = [item for item in items if item in standing and item not in gone]
            moments = {item: standing[item].published for item in shown}
            self.lists[column] = ranks.of(shown, moments, by_place=False)
        listed = {item for ranked in self.lists.values() for item in ranked}
        for item in before - listed:
            if item in gone:
                self.heads[item] = replace(self.heads[item], withdrawn="2026-03-05 10:00", version="")
            else:
                del self.heads[item]
        self.heads |= {item: each for item, each in ahead.items() if item in listed}


@settings(max_examples=40, deadline=None)
@given(STEPS, st.booleans())
def test_publishes_are_what_dictionaries_would_make(
    steps: list[tuple[dict[str, list[str]], dict[str, str], set[str]]], same_run: bool
) -> None:
    """Whatever is listed, written ahead and proved gone, in one run or in a run each."""
    stage, plain = Stage(), Plain()
    for wanted, days, gone in steps:
        columns = {
            item: [name for name in ("a", "b") if item in wanted.get(name, stage.lists.get(name, {}))]
            for item in days
        }
        ahead = {item: head(item, *columns[item], day=day) for item, day in days.items()}
        if stage.make(wanted, *ahead.values(), gone=gone) is not None:
            stage.publish(wanted, *ahead.values(), gone=gone)
        # Where nothing is published, nothing would have changed.
        plain.publish(wanted, ahead, gone)
        assert {name: own for name, own in stage.lists.items() if own} == {
            name: own for name, own in plain.lists.items() if own
        }
        assert stage.heads == plain.heads
        if stage.site is not None:
            counts = {column.id: column.count for column in stage.site.columns}
            everything = {item for own in plain.lists.values() for item in own}
            assert counts == {
                "news": len(everything),
                "a": len(plain.lists.get("a", {})),
                "b": len(plain.lists.get("b", {})),
            }
        if not same_run:
            stage = stage.anew()
