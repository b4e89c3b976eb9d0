"""Request headers to device records: browsers by name, phones by their makers' figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wap import device
from wap.device import MINIMUM, SMALLEST_DECK, Markup, recognise

AGENTS = [
    line.split("\t")
    for line in Path(__file__).with_name("user_agents.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("markup", "agent"), AGENTS, ids=lambda value: value[:40])
def test_every_known_agent_gets_the_markup_that_suits_it(markup: str, agent: str) -> None:
    found = recognise({"User-Agent": agent})
    assert found.markup.value == markup
    assert 400 <= found.deck_bytes <= 60_000
    assert found.deck_bytes <= 10_000 or found.markup is Markup.HTML


NOKIA_6210 = {
    "User-Agent": "Nokia6210/1.0 (04.40)",
    "Accept": "application/vnd.wap.wmlc, image/vnd.wap.wbmp, text/html, text/vnd.wap.wml",
    "Accept-Charset": "ISO-8859-1, UTF-8; Q=0.8, ISO-10646-UCS-2; Q=0.6",
}


@pytest.mark.parametrize(
    ("headers", "markup", "version", "deck", "compiled"),
    [
        ({"User-Agent": "Nokia7110/1.0 (04.84)"}, "wml", "1.1", 1_396, False),
        (NOKIA_6210, "wml", "1.1", 1_390, True),
        ({"User-Agent": "SIE-MC60/10"}, "wml", "1.2", 2_800, False),
        ({"User-Agent": "Rover 1.5 (Palm; IP; OS v. 3.5.3)"}, "wml", "1.1", 900, True),
        ({"Accept": "text/vnd.wap.wml"}, "wml", "1.1", SMALLEST_DECK, False),
        ({"Accept": "application/vnd.wap.wmlc"}, "wml", "1.1", SMALLEST_DECK, True),
        ({"Accept": "*/*, text/vnd.wap.wml", "Via": "WAP/1.1 host (Kannel/1.4.5)"}, "wml", "1.1", 1_300, False),
        ({"Accept": "text/vnd.wap.wml, application/vnd.wap.xhtml+xml"}, "xhtml", "1.3", 8_000, False),
        ({"Accept": "text/html"}, "html", "1.3", 10_000, False),
        ({}, "wml", "1.1", SMALLEST_DECK, False),
    ],
)  # fmt: skip
def test_headers(headers: dict[str, str], markup: str, version: str, deck: int, compiled: bool) -> None:
    found = recognise(headers)
    assert (found.markup.value, found.version, found.compiled) == (markup, version, compiled)
    assert found.deck_bytes == deck


def test_the_smallest_phones_of_the_makers_tables() -> None:
    for model, most, screen in (
        ("Nokia7160/1.0", 1_396, (96, 65)),
        ("Nokia3330/1.0", 2_800, (84, 30)),
        ("Nokia6310i/1.0", 2_868, (96, 45)),
        ("SonyEricssonT300/R101", 3_000, (101, 80)),
        ("MOT-V.50/1.0", 2_048, (96, 40)),
    ):
        found = recognise({"User-Agent": model})
        assert found.deck_bytes <= most, model
        assert screen is None or (found.width, found.height) == screen, model


def test_an_sdu_is_never_exceeded() -> None:
    plain = recognise({"User-Agent": "Nokia3510i/1.0"})
    narrow = recognise({"User-Agent": "Nokia3510i/1.0", "X-WAP-Client-SDU-Size": "1000"})
    assert narrow.deck_bytes == 1_000 - device.HEADERS_ROOM < plain.deck_bytes
    assert recognise({"User-Agent": "Nokia3510i/1.0", "X-WAP-Client-SDU-Size": "0"}) == plain
    assert recognise({"User-Agent": "Nokia3510i/1.0", "X-WAP-Client-SDU-Size": "many"}) == plain


@pytest.mark.parametrize(
    ("address", "markup", "screen"),
    [
        ('"http://nds1.nds.nokia.com/uaprof/N7110r100.xml"', "wml", (96, 65)),
        ("http://nds.nokia.com/uaprof/N2730cr100.xml", "xhtml", None),
        ("http://nds1.nds.nokia.com/uaprof/NE63-1r100.xml", "xhtml", (320, 240)),
        ("http://communication-market.siemens.de/UAProf/MC60_00.xml", "wml", (101, 80)),
        ("http://wap.sonyericsson.com/UAprof/K700iR101.xml", "xhtml", None),
        ("http://evil.example/%2e%2e/x.xml", "wml", (96, 64)),
    ],
)
def test_a_profile_address_is_known_without_being_fetched(
    address: str, markup: str, screen: tuple[int, int] | None
) -> None:
    found = recognise({"x-wap-profile": address})
    assert found.markup.value == markup
    assert screen is None or (found.width, found.height) == screen


def test_a_transcoder_is_asked_for_the_phone_behind_it() -> None:
    found = recognise(
        {
            "User-Agent": "Opera/9.80 (J2ME/MIDP; Opera Mini/6.1.25378/25.692; U; en) Presto/2.5.25",
            "X-OperaMini-Phone-UA": "Nokia2330c/2.0 (06.46) Profile/MIDP-2.1",
        }
    )
    assert found.markup is Markup.HTML
    assert (found.width, found.height) == (128, 160)
    assert recognise({"X-Device-User-Agent": "Nokia7110/1.0"}).deck_bytes == 1_396


@pytest.mark.parametrize(
    ("accepted", "compiled", "charset"),
    [
        ("", False, "utf-8"),
        ("ISO-8859-1, UTF-8;q=0.8", False, "utf-8"),
        ("gb2312, iso-8859-1", False, "gbk"),
        ("GB18030", False, "gb18030"),
        ("iso-10646-ucs-2", False, "utf-8"),
        ("iso-10646-ucs-2", True, "iso-10646-ucs-2"),
        ("iso-8859-1", False, "utf-8"),
    ],
)
def test_charset(accepted: str, compiled: bool, charset: str) -> None:
    kind = "application/vnd.wap.wmlc" if compiled else "text/vnd.wap.wml"
    assert recognise({"Accept": kind, "Accept-Charset": accepted}).charset == charset


def test_pictures_by_accept() -> None:
    agent = "Nokia2730c/2.0 (07.60) Profile/MIDP-2.1 Configuration/CLDC-1.1"
    assert recognise({"User-Agent": agent}).images == ("jpg", "gif", "png")
    assert recognise({"User-Agent": agent, "Accept": "image/gif, image/png"}).images == ("gif", "png")
    assert recognise({"User-Agent": "w3m/0.5.3"}).images == ()
    assert MINIMUM.images == ("wbmp",)


def test_every_row_of_the_table_is_read() -> None:
    rows = [line for line in device.HANDSETS.read_text().splitlines() if line and line[0] != "#"]
    table = device._handsets()
    assert len(table) == len(rows) > 2_000
    assert min(each.deck_bytes for each in table.values()) >= 900


@pytest.mark.parametrize(
    ("agent", "markup", "deck", "screen", "images"),
    [
        ("LG/U8110/v1.0", "xhtml", 5_120, (176, 220), ("jpg", "gif", "png")),
        ("LGE/KG110/1.0", "wml", 5_120, (128, 128), None),
        ("SEC-SGHE600/1.0", "wml", 1_400, (128, 128), None),
        ("SonyEricssonK200i/R1A Browser", "wml", 3_000, (128, 128), ("jpg", "gif", "wbmp")),
        ("MOTOROKR Z6/R60", "xhtml", None, (240, 320), None),
        ("BlackBerry 9300/5.0.0", "xhtml", 10_000, (320, 240), None),
        ("NokiaN73-1/4.0850", "xhtml", 10_000, (240, 320), None),
        ("Nokia2700c-2/2.0", "xhtml", 10_000, (240, 320), None),
    ],
)
def test_models_have_their_makers_figures(
    agent: str, markup: str, deck: int | None, screen: tuple[int, int], images: tuple[str, ...] | None
) -> None:
    found = recognise({"User-Agent": agent})
    assert (found.markup.value, found.width, found.height) == (markup, *screen)
    assert deck is None or found.deck_bytes == deck
    assert images is None or found.images == images


@given(st.dictionaries(st.sampled_from(device.READ), st.text(max_size=200)))
def test_any_headers_give_a_device(headers: dict[str, str]) -> None:
    assert recognise(headers).deck_bytes >= 400


def test_a_profile_tells_the_model_that_the_agent_keeps_to_itself() -> None:
    profile = '"http://wap.sonyericsson.com/UAprof/K200iR101.xml"'
    found = recognise({"User-Agent": "Mozilla/1.0 (unknown) NetFront/3.3", "x-wap-profile": profile})
    assert (found.markup, found.width, found.height) == (Markup.XHTML, 128, 128)
    assert recognise({"User-Agent": "Strange/1.0", "x-wap-profile": profile}).markup is Markup.WML


def test_what_an_openwave_phone_says_of_itself() -> None:
    said = {"X-UP-Devcap-Screenpixels": "120,90", "X-UP-Devcap-Max-PDU": "1000"}
    found = recognise({"User-Agent": "OWG1 UP/4.1.20a UP.Browser/4.1.20a-XXXX", **said})
    assert (found.width, found.height, found.deck_bytes) == (120, 90, 1_000 - device.HEADERS_ROOM)
    found = recognise({"User-Agent": "OWG1 UP/4.1.20a", **dict.fromkeys(said, "many, many")})
    assert (found.width, found.height, found.deck_bytes) == (96, 64, 1_400)


def test_vary_names_all_that_counts() -> None:
    assert set(device.VARY.split(", ")) == set(device.READ)
    assert len(device.VARY) < 400
