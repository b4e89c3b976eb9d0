"""Where items stand in their lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from content_sync import ranks


def order(ranked: dict[str, float]) -> list[str]:
    return sorted(ranked, key=lambda item: -ranked[item])


def test_dates_first_then_the_origins_order() -> None:
    moments = {
        "pinned": "2026-01-01",
        "a": "2026-03-02 10:05",
        "b": "2026-03-02",
        "c": "2026-03-02",
        "d": "",
        "e": "2026-02-01",
    }
    ranked = ranks.of(["pinned", "a", "b", "c", "d", "e"], moments, by_place=False)
    assert order(ranked) == ["a", "b", "c", "d", "e", "pinned"]
    assert int(ranked["a"]) == 202603021005 and int(ranked["b"]) == 202603020000 == int(ranked["d"])


def test_a_newer_item_moves_no_other() -> None:
    moments = dict.fromkeys("abcx", "2026-03-02")
    before = ranks.of(["a", "b", "c"], moments, by_place=False)
    after = ranks.of(["x", "a", "b", "c"], moments, by_place=False)
    assert {name: after[name] for name in "abc"} == before and order(after)[0] == "x"


def test_by_place_the_origins_order_rules() -> None:
    assert order(ranks.of(["b", "a"], {"a": "2026-01-01"}, by_place=True)) == ["b", "a"]


@given(st.lists(st.sampled_from(["", "2026-01-01", "2026-01-02 08:00", "1999"]), max_size=30))
def test_ranks_are_unique(moments: list[str]) -> None:
    ids = [str(number) for number in range(len(moments))]
    ranked = ranks.of(ids, dict(zip(ids, moments, strict=True)), by_place=False)
    assert len(set(ranked.values())) == len(ids) == len(ranked)
