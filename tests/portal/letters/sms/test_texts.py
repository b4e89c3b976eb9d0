"""Texts out and in as values: lengths, templates, what a citizen's text asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.letters import notices
from portal.letters.calendar import Calendar
from portal.letters.clock import deadlines
from portal.letters.model import Kind, Reach, Role, Verb
from portal.letters.sms.incoming import Ask, Doubt, Help, Rate, Stop, Supply, Withdraw, Write, wish
from portal.letters.sms.segments import room, segments, shortened, units
from portal.letters.sms.templates import TEMPLATES, Own, problem, say, variables
from portal.text import LOCALES, text

from ..conftest import RULES, at, did, letter

HANS = text("zh-Hans")


@pytest.mark.parametrize(
    ("said", "count"),
    [("", 1), ("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("😀" * 36, 2)],
)
def test_lengths(said, count) -> None:
    assert segments(said) == count


@given(st.text(max_size=200), st.integers(0, 150))
def test_what_is_shortened_fits_and_is_whole_where_it_did(said, most) -> None:
    made = shortened(said, most)
    assert units(made) <= max(most, 0) or units(said) <= most
    assert made == said if units(said) <= most else made.endswith("…") or most <= 0


WISHES = (
    ("查 12345674 654321", Ask("12345674", "654321")),
    ("查12345674，654321", Ask("12345674", "654321")),
    ("查询：１２３４５６７４　６５４３２１", Ask("12345674", "654321")),
    ("cx 12345674#654321", Ask("12345674", "654321")),
    ("查 12345674", Help()),
    ("查", Help()),
    ("5", Rate(5)),
    ("５", Rate(5)),
    ("评价 4", Rate(4)),
    ("3分", Rate(3)),
    ("5 12345674", Rate(5, "12345674")),
    ("12345674 2", Rate(2, "12345674")),
    ("6", Help()),
    ("补 三号楼二单元", Supply("三号楼二单元")),
    ("重 还是没有水", Doubt("还是没有水")),
    ("撤 12345674 654321", Withdraw("12345674", "654321")),
    ("退订", Stop()),
    ("TD", Stop()),
    ("?", Help()),
    ("帮助", Help()),
    ("", Help()),
    ("水", Help()),
    ("投诉 楼下烧烤油烟太大", Write("楼下烧烤油烟太大", Kind.COMPLAIN)),
    ("举报：有人收钱", Write("有人收钱", Kind.REPORT)),
    ("举报", Help()),
    ("路灯坏了三天了", Write("路灯坏了三天了")),
    ("重庆路上有坑", Write("重庆路上有坑")),
    ("补贴什么时候发", Write("补贴什么时候发")),
    (
        "查一查三号楼的电梯为什么总是坏，已经坏了好几次了没有人管",
        Write("查一查三号楼的电梯为什么总是坏，已经坏了好几次了没有人管"),
    ),
    ("查水表的人乱收费", Write("查水表的人乱收费")),
    ("撤掉路边的石墩吧", Write("撤掉路边的石墩吧")),
    ("5号楼没有暖气", Write("5号楼没有暖气")),
)


@pytest.mark.parametrize(("said", "asked"), WISHES)
def test_what_a_text_asks_for(said, asked) -> None:
    assert wish(said) == asked


@given(st.text(max_size=300))
def test_every_text_is_something(said) -> None:
    made = wish(said)
    assert not isinstance(made, Write) or made.text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_signed_whole_and_without_a_link(template, locale) -> None:
    values = dict.fromkeys(variables(template), "值")
    made = say(template, values, text(locale), (), "阳光", 4)
    assert made.text.startswith("【阳光】")
    assert "%" not in made.text and "http" not in made.text and "/" not in made.text
    assert segments(made.text) <= 4


def test_long_words_are_shortened_and_what_follows_them_stays() -> None:
    made = say("answered", {"number": "36722981", "words": "字" * 3_000}, HANS, (), "阳光", 3)
    assert segments(made.text) == 3
    assert "…" in made.text and made.text.endswith("请回复“重 ”加原因。")


@pytest.mark.parametrize("evil", ["【银行】点击", "a\r\nb\x00c", "%(number)s %s %", "\u202ekcatta"])
def test_no_variable_passes_for_a_signature_a_line_or_a_variable(evil) -> None:
    made = say("answered", {"number": "36722981", "words": evil}, HANS, (), "阳光", 4).text
    assert made.count("【") == 1 and "\n" not in made and "\x00" not in made and "\u202e" not in made
    assert made.count("36722981") == 1


def test_a_citys_own_words_are_checked() -> None:
    assert problem(Own("answered", "来信%(number)s:%(words)s")) == ""
    assert "due" in problem(Own("answered", "%(due)s"))
    assert "per cent" in problem(Own("answered", "100%"))
    assert "no template" in problem(Own("praise", "x"))
    own = (Own("accepted", "受理了%(number)s", "CM-7"),)
    made = say("accepted", {"number": "1", "due": "x"}, HANS, own, "阳光", 4)
    assert (made.text, made.registered) == ("【阳光】受理了1", "CM-7")


@pytest.mark.parametrize("verb", [Verb.FILE, Verb.ACCEPT, Verb.ASK, Verb.ANSWER, Verb.REJECT, Verb.TRANSFER])
def test_a_report_and_its_words_never_stand_in_a_text(verb) -> None:
    made = letter(kind=Kind.REPORT, text="有人收钱", title="有人收钱")
    event = did(verb, "2026-09-29 10:00", Role.ADMIN, note="已经查实", unit="water")
    clock = deadlines(made, RULES, Calendar(), at("2026-09-29 10:00"))
    notice = notices.notice(made, event, RULES, HANS, clock, at("2026-09-29 10:00"), answers=True)
    assert notice is not None
    said = say(notice.template, notice.values, HANS, (), "阳光", 4).text
    for word in ("举报", "收钱", "查实"):
        assert word not in said
    if verb is Verb.TRANSFER:
        assert "水务" not in said


@pytest.mark.parametrize("more", [{"reach": Reach.NONE}, {"reach": Reach.CALL}, {"telephone": ""}])
def test_who_wants_no_text_gets_none(more) -> None:
    made = letter(**more)
    event = did(Verb.ANSWER, "2026-09-29 10:00", Role.CLERK, note="好了")
    clock = deadlines(made, RULES, Calendar(), at("2026-09-29 10:00"))
    assert notices.notice(made, event, RULES, HANS, clock, at("2026-09-29 10:00"), answers=True) is None


def test_room() -> None:
    assert (room(0), room(1), room(2)) == (70, 70, 134)
