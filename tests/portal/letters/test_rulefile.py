"""Rules as data: the demo's are right, and everything that is wrong is told at once, with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.errors import WrongSetting
from portal.letters import opening, rulefile
from portal.letters.calendar import Calendar
from portal.letters.errors import WrongRules
from portal.letters.model import Kind
from portal.letters.rules import DEFAULT, label
from portal.settings import PROJECT


def test_the_example_is_right() -> None:
    """It can be started from; each topic has a unit or is for the intake office, and a phrase."""
    rules = rulefile.load(PROJECT / "demo" / "letters.toml")
    assert all(not topic.unit or rules.knows_unit(topic.unit) for topic in rules.topics)
    assert all(rules.phrases_of(Kind.COMPLAIN, topic.id) for topic in rules.topics)
    assert label(rules.topics[0], "en") == "Streets and lamps"
    assert label(rules.topics[0], "zh-Hant") == "市容路燈"


def test_nothing_written_is_the_default() -> None:
    """Three hours, five days, fifteen with an extension; nothing asked on a plain connection."""
    assert rulefile.parse("") == DEFAULT
    promise = DEFAULT.promise
    assert (promise.accept_hours, promise.answer_days, promise.extended_days) == (3, 5, 15)
    assert DEFAULT.limits.telephone == ((1, 60), (3, 900), (6, 86_400))
    assert DEFAULT.privacy.plain_may_ask is False


def test_every_mistake_at_once() -> None:
    """With its line, and what was meant."""
    with pytest.raises(WrongRules) as wrong:
        rulefile.parse(
            "[promise]\nanswer_day = 5\naccept_hours = -1\n"
            "[limits]\ntelephone = [[1]]\n"
            "[[unit]]\nid = 'Water'\nname = '水务局'\n"
            "[[topic]]\nid = 'w'\nname = '供水'\nunit = 'moon'\n"
            "[promises]\n"
            "[calendar.rest]\n2027-02-30 = '春节'\n"
        )
    text = str(wrong.value)
    for part in (
        "did you mean 'answer_days'",
        "line 3, [promise] accept_hours = -1",
        "[limits] telephone",
        "[unit] id = 'Water'",
        "did you mean 'promise'",
        "[calendar.rest] 2027-02-30",
    ):
        assert part in text, part


@pytest.mark.parametrize("written", ["x", "[promise", "\ufeff[promise]\nanswer_days = true", "[[promise]]"])
def test_files_that_are_none(written: str) -> None:
    """An error that names the file, and no trace of a program."""
    with pytest.raises(WrongRules, match=r"letters\.toml cannot be used"):
        rulefile.parse(written)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, or not text."""
    with pytest.raises(WrongRules, match="cannot be read"):
        rulefile.load(tmp_path / "none.toml")
    (tmp_path / "letters.toml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(WrongRules, match="not UTF-8"):
        rulefile.load(tmp_path / "letters.toml")


def test_days_of_a_city() -> None:
    """Its own holidays and made-up days, with their reasons."""
    rules = rulefile.parse(
        "[calendar]\ncomplete = [2027]\n[calendar.rest]\n2027-01-01 = '元旦'\n[calendar.work]\n2027-01-03 = '元旦'\n"
    )
    calendar = Calendar(rules.days)
    assert [calendar.works(date(2027, 1, day)) for day in (1, 2, 3, 4)] == [False, False, True, True]
    assert not calendar.day(date(2027, 1, 5)).provisional


def test_words_for_review() -> None:
    """However they are spaced or written."""
    rules = rulefile.parse("[review]\nwords = ['代开发票', 'abc']\n")
    assert rules.flagged("请 代－开.发 票") == ("代开发票",)
    assert rules.flagged("Ａ b\u3000C") == ("abc",)
    assert rules.flagged("路灯不亮") == ()


def test_the_secret(tmp_path: Path) -> None:
    """Made once, readable by us alone; a file that holds none is refused."""
    path = tmp_path / "letters" / "secret"
    secret = opening.secret_of(path)
    assert opening.secret_of(path) == secret and len(secret) >= 32
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("short\n")
    with pytest.raises(WrongSetting, match="holds no secret"):
        opening.secret_of(path)
