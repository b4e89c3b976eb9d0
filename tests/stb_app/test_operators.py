"""The operators' table: what it says, what is wrong with it, and where it lets us return to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.settings import PROJECT
from stb_app import operators
from stb_app.address import Edition
from stb_app.operators import WrongOperators

EXAMPLE = PROJECT / "deploy" / "operators.toml"
CABLE = operators.load(EXAMPLE)["qinglan-cable"]
PORTAL = "http://portal.qinglan-cable.example/"


# --- The table ------------------------------------------------------------------------------------


def test_the_example_is_right() -> None:
    """Every key of it is understood."""
    assert CABLE.profile == "ipanel-sd" and CABLE.areas["0201"] == "城东区"
    assert [service.name for service in CABLE.services] == ["宽带业务", "缴费充值", "影视点播"]
    assert operators.load(EXAMPLE)["qinglan-iptv"].exit == "iptv"


def test_everything_wrong_is_said_at_once() -> None:
    """One sentence for each thing, with where it is and what was expected."""
    written = """
    [setup]
    x = 1
    [[operator]]
    name = "Cable TV"
    exti = "return"
    exit = "eval"
    home = "javascript:alert(1)"
    allow = ["http://portal.example", "http://user@portal.example/"]
    profile = "nobox"
    [operator.returns]
    "a b" = "http://portal.example/"
    [[operator.service]]
    name = "宽带"
    [[operator]]
    name = "two"
    title = "二"
    exit = "return"
    [[operator]]
    name = "two"
    title = "二"
    exit = "close"
    """
    with pytest.raises(WrongOperators) as raised:
        operators.parse(written)
    said = "\n".join(raised.value.problems)
    for part in (
        "no table [setup]", "name = 'Cable TV'", "no key 'exti'; did you mean 'exit'?", "title is missing",
        "exit = 'eval': expected return or top or history", "home = 'javascript:alert(1)'", "user@portal",
        "profile = 'nobox'", "the key 'a b'", "service 1 address is missing", "'two' home is missing",
    ):  # fmt: skip
        assert part in said, part
    with pytest.raises(WrongOperators, match="2 operators are called 'two'"):
        operators.parse('[[operator]]\nname="two"\ntitle="2"\nexit="close"\n' * 2)
    with pytest.raises(WrongOperators, match="expected a / after the host"):
        operators.parse('[[operator]]\nname="a"\ntitle="A"\nexit="close"\nallow=["http://portal.example"]')


@pytest.mark.parametrize(
    "text", ["operator =", "operator = 1", "[[operator]]\n[[operator.service]]\nname = 1", "\0"]
)
def test_files_that_are_no_table(text: str) -> None:
    """Are named errors."""
    with pytest.raises(WrongOperators):
        operators.parse(text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Is named too, and so are bytes that are no text."""
    with pytest.raises(WrongOperators, match="cannot be read"):
        operators.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(WrongOperators, match="not UTF-8"):
        operators.load(tmp_path / "bad.toml")


# --- Where we return to ---------------------------------------------------------------------------

ELSEWHERE = [
    "http://evil.example/", "//evil.example/", "https://portal.qinglan-cable.example/", "javascript:alert(1)",
    "http://portal.qinglan-cable.example.evil.example/", "http://portal.qinglan-cable.example@evil.example/",
    "http://portal.qinglan-cable.example:80@evil.example/", "http://portal.qinglan-cable.example\\.evil.example/",
    PORTAL + "../x", PORTAL + "a/%2e%2e/b", PORTAL + "a\\b", PORTAL + "a b", PORTAL + "\r\nSet-Cookie: x", PORTAL + "é",
    PORTAL + "x" * 200, "LIFE", "", " " + PORTAL,
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_other_places_are_not_kept(address: str) -> None:
    """And what is not kept leads home."""
    assert CABLE.way_back(address) == ""
    assert CABLE.return_address("") == CABLE.home


@pytest.mark.parametrize("rest", ["", "index.htm", "epg/list.jsp?id=7&back=http://x/", "a#b", "%E4%B8%AD"])
def test_allowed_places_come_back_as_they_were(rest: str) -> None:
    """Whole, through an address of ours."""
    kept = CABLE.way_back(PORTAL + rest)
    assert CABLE.return_address(kept) == PORTAL + rest
    segment = Edition("ipanel-sd", operator=CABLE.name, way_back=kept).segment
    assert Edition.parse(segment).way_back == kept


@given(st.from_regex(r"[0-9A-Za-z_-]{1,60}", fullmatch=True))
def test_nothing_in_an_address_leads_elsewhere(forged: str) -> None:
    """Whatever stands in the segment, one is sent to a place of the table."""
    to = CABLE.return_address(forged)
    assert to in CABLE.returns.values() or to == CABLE.home or to.startswith(CABLE.allow)
    assert urlsplit(to).hostname in ("portal.qinglan-cable.example", "10.20.0.8")


@given(st.text(max_size=80))
def test_any_text_is_answered(asked: str) -> None:
    """No text of a portal is an error of ours, and none is kept that the table does not allow."""
    kept = CABLE.way_back(asked)
    assert kept in ("", *CABLE.returns) or CABLE.return_address(kept) == asked
