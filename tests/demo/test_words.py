"""Marks in stories are filled in, and agree with each other."""

from __future__ import annotations

from datetime import date

import pytest

from demo.content.reader import WrongText
from demo.words import Teller, lists

DAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{d} {d+1} {d-31}", "1月31日 2月1日 12月31日"),
        ("{full}{w}", "2026年1月31日周六"),
        ("{y} {ny} {m} {lmy} {lm}", "2026 2027 1 2025 12"),
        ("{n:7-7}+{n}={=n*2}", "7+7=14"),
        ("{n:9-9}{=n//2+n-1}", "912"),
        ("{p:2.5-2.5}%", "2.5%"),
        ("<甲>", "甲"),
        ("没有记号", "没有记号"),
    ],
)
def test_marks(text: str, told: str) -> None:
    assert Teller(DAY, "seed").tell(text) == told


def test_a_word_stays_and_a_second_one_differs() -> None:
    for seed in range(50):
        first, again, other = Teller(DAY, str(seed)).tell("{street} {street} {street2}").split()
        assert first == again != other


def test_parts_of_an_entry_belong_together() -> None:
    told = Teller(DAY, "seed").tell("{spot}/{spot.1}/{spot.2}/{spot.3}/{spot.4}")
    assert told in lists()["spot"]


@pytest.mark.parametrize("text", ["{nothing}", "{=n+1}", "{=__import__('os')}", "{d*2}", "{}"])
def test_a_mark_that_means_nothing_is_an_error(text: str) -> None:
    with pytest.raises(WrongText):
        Teller(DAY, "seed").tell(text)


def test_the_same_seed_tells_the_same() -> None:
    text = "{street}{n:1-9999}<甲~乙~丙>{spot.1}"
    assert Teller(DAY, "a").tell(text) == Teller(DAY, "a").tell(text)
    assert len({Teller(DAY, str(seed)).tell(text) for seed in range(20)}) == 20
