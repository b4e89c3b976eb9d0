"""Digits as dial numbers and as pinyin, at the same time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.digits import KEPT, DigitIndex, Entry, keys_of

INDEX = DigitIndex(
    [
        Entry("i:licence", ("机动车驾驶证核发", "驾照"), "2059", 3),
        Entry("i:birth", ("计划生育服务手册", "准生证"), "2002", 2),
        Entry("i:fund", ("住房公积金提取", "公积金"), "2003", 1),
        Entry("c:news", ("要闻",), "310", 0),
        Entry("i:bank", ("银行业务咨询",), "2004", 4),
        Entry("i:city", ("重庆往来",), "2005", 5),
    ]
)


@pytest.mark.parametrize(
    ("digits", "target"),
    [
        ("59", "i:licence"),
        ("979", "i:birth"),
        ("455", "i:fund"),
        ("310", "c:news"),
        ("2059", "i:licence"),
        ("94", "i:bank"),
        ("9464", "i:bank"),
        ("27", "i:city"),
        ("5429", "i:licence"),
    ],
)
def test_the_first_hit(digits: str, target: str) -> None:
    """Everyday names, numbers, readings of 重 and 行, full pinyin begun."""
    assert INDEX.find(digits)[0].entry.target == target


def test_both_readings() -> None:
    """重庆 is chong qing and nothing else; 重 alone is zhong or chong."""
    assert keys_of("重庆")[0] == {"27"} and keys_of("银行")[0] == {"94"}
    assert {"9", "2"} <= keys_of("重")[0] | keys_of("重")[2]


def test_exact_comes_before_prefix_and_wanted_before_rare() -> None:
    """310 typed whole is the column, however many names begin so; among equals the smaller order wins."""
    index = DigitIndex(
        [Entry("a", ("驾照",), "", 5), Entry("b", ("驾照",), "", 1), Entry("c", ("驾照换证",), "", 0)]
    )
    assert [hit.entry.target for hit in index.find("59")] == ["b", "a", "c"]


def test_nothing_typed_and_nothing_found() -> None:
    """No digits, no hits; too many digits, no hits."""
    assert INDEX.find("") == [] and INDEX.find("9" * 1000) == []


@settings(deadline=None)
@given(st.text(max_size=30), st.text("0123456789", max_size=12))
def test_any_name_and_any_digits(name: str, digits: str) -> None:
    """Keys are digits, and every prefix of a key finds its entry."""
    keys = frozenset[str]().union(*keys_of(name))
    assert all(key.isdigit() for key in keys)
    index = DigitIndex([Entry("x", (name,))])
    found = bool(index.find(digits))
    assert found == (bool(digits) and any(key.startswith(digits) for key in keys))


NAMES = (
    "驾照",
    "驾照换证",
    "机动车驾驶证期满换证",
    "居民身份证换领",
    "公积金提取",
    "公积金贷款",
    "重庆",
    "银行卡",
    "老年证",
    "A1驾照",
)


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=True), st.text("2459", min_size=1, max_size=5))
def test_what_is_prepared_is_what_a_search_of_all_would_give(rnd: Random, digits: str) -> None:
    """In long ranges too: the same hits, in the same order, as ranking every key of every entry."""
    entries = [
        Entry(f"i:{at}", (rnd.choice(NAMES), rnd.choice(NAMES)), str(2001 + at), rnd.randint(0, 9))
        for at in range(rnd.randint(150, 220))
    ]
    small = [DigitIndex([replace(entry)]) for entry in entries]
    found = DigitIndex(entries).find(digits, KEPT)
    alone = {
        entry.target: hits[0]
        for entry, index in zip(entries, small, strict=True)
        if (hits := index.find(digits))
    }
    assert {hit.entry.target for hit in found} <= alone.keys() and len(found) == min(KEPT, len(alone))
    assert all(alone[hit.entry.target] == hit for hit in found)
    assert [hit.exact for hit in found] == sorted((hit.exact for hit in found), reverse=True)
    assert sum(hit.exact for hit in found) == min(KEPT, sum(hit.exact for hit in alone.values()))


def test_words_inside_a_name_are_found_after_names_that_begin_so() -> None:
    """身份证 is 739, and an everyday name that begins so comes first."""
    index = DigitIndex([Entry("a", ("居民身份证换领",), "", 0), Entry("b", ("身份证丢了",), "", 9)])
    assert [hit.entry.target for hit in index.find("739")] == ["b", "a"]


def test_a_chance_ending_is_not_exact() -> None:
    """办理 ends a hundred names; whoever types 25 wants what begins so."""
    index = DigitIndex([Entry("a", ("低保办理",), "", 0), Entry("b", ("博览会报名",), "", 9)])
    assert [(hit.entry.target, hit.exact) for hit in index.find("25")] == [("b", False), ("a", False)]


def test_at_most_eight() -> None:
    """As many as a screen shows."""
    index = DigitIndex(Entry(str(at), ("驾照",)) for at in range(50))
    assert len(index.find("5")) == 8
