"""Line breaking by the rules of Chinese typesetting."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.layout.lines import (
    NOT_FIRST,
    NOT_LAST,
    WIDEST,
    Span,
    break_spans,
    break_text,
    plain,
    shorten,
)
from stb_app.layout.metrics import em_width, width, widths

CHINESE = st.text(
    "市图书馆新开放每周二至日老年人免费乘车，。、；：（）《》“”！？…—· 0123456789.:ABCabc%", max_size=200
)


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("市图书馆今天开放。", 4, ["市图书馆", "今天开", "放。"]),
        ("（试行）办法", 3, ["（试", "行）办", "法"]),
        ("座席1600个", 4, ["座席", "1600个"]),
        ("9:00—20:30开放", 3, ["9:00—", "20:30", "开放"]),
        ("Open Government Day", 6, ["Open", "Government", "Day"]),
        ("", 5, [""]),
    ],
)
def test_examples(text: str, ems: int, lines: list[str]) -> None:
    """What a typesetter would do by hand, and words that are wider than the line."""
    assert break_text(text, ems * 10, 10) == lines


@given(CHINESE, st.integers(6, 40))
def test_lines_fit_and_lose_nothing(text: str, ems: int) -> None:
    """No line is wider than its room, and what was there is there, but for blanks at the breaks."""
    lines = break_text(text, ems * 30, 30)
    assert all(width(line, 30) <= ems * 30 + 0.01 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(CHINESE, st.integers(12, 40))
def test_no_closing_mark_begins_a_line(text: str, ems: int) -> None:
    """Unless marks alone are wider than a line, a line begins with none that closes and ends with none
    that opens."""
    lines = break_text(text, ems * 30, 30)
    for before, after in pairwise(lines):
        crowded = all(
            char in NOT_FIRST | NOT_LAST or (not char.isspace() and char.isascii()) for char in before
        )
        long_run = (
            len(before) >= ems - 2 and sum(char in NOT_FIRST | NOT_LAST for char in before + after) > ems / 2
        )
        if after and not crowded and not long_run:
            assert after[0] not in NOT_FIRST or before[-1] in NOT_FIRST
            assert before[-1] not in NOT_LAST or after[0] in NOT_LAST


@given(CHINESE, st.integers(4, 30), st.integers(1, 3))
def test_shorten(text: str, ems: int, most: int) -> None:
    """At most so many lines, each in its room, and the dots only where something is missing."""
    lines, whole = shorten(text, ems * 30, 30, most)
    assert len(lines) <= most
    assert all(width(line, 30) <= ems * 30 + 0.01 for line in lines)
    if not whole:
        assert lines[-1].endswith("…")


def test_weights_survive_the_break() -> None:
    """Strong text stays strong on the next line, plain text plain."""
    lines = break_spans((Span("重要通知", True), Span("请大家注意")), 60, 20)
    assert [plain(line) for line in lines] == ["重要通", "知请大", "家注意"]
    assert lines[1] == (Span("知", True), Span("请大", False))


def test_first_line_leaves_room_for_its_indent() -> None:
    """Two characters in on the first line, none on the others."""
    assert break_text("一二三四五六七", 100, 20, first=40) == ["一二三", "四五六七"]


def test_latin_letters_are_measured_one_by_one() -> None:
    """An i is narrower than a W, bold is wider, Chinese is one em."""
    assert em_width("i") < em_width("W") < em_width("W", bold=True) < 1000 == em_width("市")


def test_a_blank_that_no_line_has_room_for_comes_back() -> None:
    """A word goes down to the last line, to keep a short one company: with the blank between them."""
    wide = "馆" * 8 + "ab"
    at = em_width(wide) * 30 / 1000 + 1
    assert break_text(f"{wide} c", at, 30)[-1].endswith("ab c")


def test_no_character_is_wider_than_the_widest() -> None:
    """What is so short that it must fit is not measured."""
    for bold in (False, True):
        assert max(widths("".join(map(chr, range(32, 0x3000))), bold)) <= WIDEST
