"""Counting presses over a whole site."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import focus_graph
from remote_nav.keymap import DIGITS, SIX_KEYS, Action
from remote_nav.presses import Cost, Page, Place, costs, placed, prisons, site_of, summary, within
from tests.remote_nav.layouts import GRID
from tests.remote_nav.sites import whole

PAGES = whole()
SITE = site_of(list(PAGES.values()))
WITH_DIGITS = SIX_KEYS | set(DIGITS)


def pressed(keys: list[Action]) -> Place:
    """Where a viewer is after these keys, pressed one by one."""
    place = Place("home", PAGES["home"].start)
    for key in keys:
        page = PAGES[place.page]
        if key is Action.OK:
            to = page.opens[place.box]
        elif key is Action.BACK:
            assert page.back is not None
            to = page.back
        elif key in DIGITS:
            to = page.runs[(key,)]
        else:
            to = Place(
                page.id,
                next(box for move, box in page.moves[place.box].items() if move.value == key.value) or "",
            )
        place = Place(to.page, to.box or PAGES[to.page].start)
    return place


@pytest.mark.parametrize(
    ("page", "six", "digits"),
    [
        ("home", Cost(0, 0), Cost(0, 0)),
        ("news/1", Cost(1, 0), Cost(1, 0)),
        ("services/1", Cost(2, 0), Cost(1, 0)),
        ("talks/1", Cost(3, 0), Cost(1, 0)),
        ("news/1/1", Cost(2, 0), Cost(2, 0)),
        ("news/1/4", Cost(5, 0), Cost(2, 0)),
        ("news/2", Cost(1 + 7, 1), Cost(2, 1)),
        ("talks/3/5", Cost(3 + 7 + 7 + 5, 2), Cost(4, 2)),
    ],
)
def test_costs(page: str, six: Cost, digits: Cost) -> None:
    assert costs(SITE, "home").costs[page] == six
    assert costs(SITE, "home", WITH_DIGITS).costs[page] == digits


@pytest.mark.parametrize("actions", [SIX_KEYS, WITH_DIGITS])
def test_every_page_is_reached_by_the_presses_named(actions: frozenset[Action]) -> None:
    route = costs(SITE, "home", actions)
    assert set(route.costs) == set(PAGES)
    for page, cost in route.costs.items():
        keys = route.keys(page)
        assert len(keys) == cost.presses
        assert pressed(keys).page == page


def test_a_run_of_digits_costs_its_length() -> None:
    home = Page(
        "home",
        {"a": {}},
        "a",
        runs={(Action.D0, Action.D5, Action.D9, Action.OK): Place("licence")},
    )
    site = site_of([home, Page("licence", {"x": {}}, "x")])
    assert costs(site, "home", WITH_DIGITS).costs["licence"] == Cost(4, 0)
    assert "licence" not in costs(site, "home").costs
    assert costs(site, "home", WITH_DIGITS).keys("licence") == [Action.D0, Action.D5, Action.D9, Action.OK]


def test_prisons() -> None:
    assert prisons(SITE, "home") == []
    assert prisons(SITE, "home", SIX_KEYS - {Action.BACK}) == []
    bare = site_of(list(whole(way_back=False).values()))
    assert prisons(bare, "home") == []
    locked_up = prisons(bare, "home", SIX_KEYS - {Action.BACK})
    assert "news/1/1" in locked_up
    assert "news/1" not in locked_up


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(BadLayout, match="no page 'gone'"):
        costs(site_of([Page("home", {"a": {}}, "a", opens={"a": Place("gone")})]), "home")
    with pytest.raises(BadLayout, match="no box 'b' to open at"):
        costs(site_of([Page("home", {"a": {}}, "a", opens={"a": Place("home", "b")})]), "home")
    with pytest.raises(KeyError):
        costs(SITE, "home").keys("gone")


def test_within_a_screen() -> None:
    presses = within(focus_graph(GRID), "r1c1")
    assert presses["r1c1"] == 0
    assert presses["r3c4"] == 5
    assert len(presses) == 12


def test_summary() -> None:
    route = costs(SITE, "home")
    figures = summary(route)
    assert figures.count == len(PAGES)
    assert figures.most == figures.worst[0][1].presses == max(cost.presses for cost in route.costs.values())
    assert figures.p95 <= figures.most
    assert sum(c.presses <= figures.p95 for c in route.costs.values()) >= 0.95 * figures.count
    assert figures.mean == pytest.approx(sum(c.presses for c in route.costs.values()) / figures.count)
    assert summary(route, ["home", "news/1"]).mean == 0.5
    assert summary(route, []).count == 0
    with pytest.raises(KeyError):
        summary(route, ["gone"])


def test_the_most_wanted_takes_the_cheapest_place() -> None:
    assert placed({"a": 1, "b": 9, "c": 5}, {"x": 3, "y": 1}) == {"b": "y", "c": "x"}
    assert placed({"a": 1, "b": 1}, {"x": 2, "y": 2}) == {"a": "x", "b": "y"}


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.data())
def test_no_other_order_costs_less(wanted: list[int], data: st.DataObject) -> None:
    prices = data.draw(st.lists(st.integers(0, 9), min_size=len(wanted), max_size=len(wanted)))
    things = {f"t{n}": float(want) for n, want in enumerate(wanted)}
    slots = {f"s{n}": float(price) for n, price in enumerate(prices)}
    ours = sum(things[thing] * slots[slot] for thing, slot in placed(things, slots).items())
    best = min(
        sum(want * price for want, price in zip(wanted, order, strict=True)) for order in permutations(prices)
    )
    assert ours == best


def test_an_arrow_past_the_edge_turns_the_page() -> None:
    """Down on the last row leads to the next page: one press, one page turned, and Up leads back."""
    rows = [Box(name, Rect(0, 100 * at, 400, 90)) for at, name in enumerate(("a", "b"))]
    first = Page("home", focus_graph(rows), "a", exits={("b", Key.DOWN): Place("2")})
    second = Page("2", focus_graph(rows), "a", exits={("a", Key.UP): Place("home", "b")})
    site = site_of([first, second])
    assert costs(site, "home").costs["2"] == Cost(2, 1)
    assert prisons(site, "home") == []
    assert prisons(site_of([first, Page("2", focus_graph(rows), "a")]), "home") == ["2"]


def test_ways_that_turn_many_screens() -> None:
    """A way of few presses besides its turns is found where a shorter one in all has more of them."""
    up, down = Key.UP, Key.DOWN
    still = dict.fromkeys(Key)
    pages = [
        Page("home", {"a": {**still, down: "b"}, "b": {**still, down: "c"}, "c": {**still, up: "b"}}, "a",
             opens={"a": Place("p1"), "c": Place("far")}),
        *(Page(f"p{at}", {"next": dict(still)}, "next", opens={"next": Place(f"p{at + 1}" if at < 4 else "far")},
               turns=frozenset({"next"})) for at in range(1, 5)),
        Page("far", {"x": dict(still)}, "x"),
    ]  # fmt: skip
    site = site_of(pages)
    assert costs(site, "home").costs["far"] == Cost(3, 0)
    assert costs(site, "home", turns_free=True).costs["far"] == Cost(5, 4)
