"""The box profiles, and recognising a box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import UnknownProfile
from remote_nav.geometry import Rect
from remote_nav.keymap import TABLES
from remote_nav.profile import (
    HBBTV_TYPE,
    HTML_TYPE,
    PROFILES,
    Dialect,
    Markup,
    hbbtv_version,
    identify,
    mime,
    profile,
    recognise,
)

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name", "family", "keys", "sure"),
    [
        # Chinese cable
        ("Mozilla/4.0 (compatible; iPanel 3.0; SD)", "ipanel-sd", "ipanel3", "ipanel3", True),
        ("Mozilla/4.0 (compatible; iPanel 3.0; 1280*720)", "ipanel-hd", "ipanel3", "ipanel3", True),
        ("iPanel MicroBrowser HD", "ipanel-hd", "ipanel3", "ipanel3", True),
        (
            f"Mozilla/5.0 (iPanel; advanced) {WEBKIT}",
            "ipanel-webkit-hd",
            "ipanel-webkit",
            "ipanel-webkit",
            True,
        ),
        (
            f"Mozilla/5.0 (Linux; iPanelVane) {WEBKIT}",
            "ipanel-webkit-hd",
            "ipanel-webkit",
            "ipanel-webkit",
            True,
        ),
        ("Mozilla/5.0 (EnRich 2.1; Linux)", "enrich-sd", "enrich", "enrich", True),
        ("Mozilla/5.0 (compatible; WoBox 2.0)", "inspur-hd", "inspur", "inspur", True),
        ("Mozilla/5.0 (DVN; Linux) Browser", "dvn-sd", "dvn", "dvn", True),
        ("Mozilla/5.0 (ZBX; Linux) Browser", "dth-sd", "dth", "dth", True),
        # IPTV
        (f"Mozilla/5.0 (Linux) {WEBKIT} Ranger/3.0.0", "iptv-hd", "huawei", "iptv", True),
        ("webkit;Resolution(PAL,720P) ZTE STB", "iptv-hd", "zte", "iptv", True),
        # receivers
        ("HbbTV/1.1.1 (;;;;;)", "hbbtv-hd", "hbbtv", "hbbtv", True),
        ("Opera/9.80 (Linux; HBBTV/1.0 (;;;;;)) Presto/2.5", "hbbtv-hd", "hbbtv", "hbbtv", True),
        (
            f"Mozilla/5.0 (X11; Linux armv7l) {WEBKIT} HbbTV/1.5.1 (+DRM;X;Y;1;2;)",
            "hbbtv-hd",
            "hbbtv",
            "hbbtv",
            True,
        ),
        (f"Mozilla/5.0 (Linux; Andr0id 9) {WEBKIT} HbbTV/1.5.1 (;X;)", "hbbtv-hd", "hbbtv", "hbbtv", True),
        ("HbbTV/1.4.1 (;Samsung;;;;) Tizen/5.0", "hbbtv-hd", "hbbtv", "hbbtv", True),
        (f"Mozilla/5.0 (Web0S) {WEBKIT} HbbTV/1.2.1 (;LGE;)", "hbbtv-hd", "hbbtv", "hbbtv", True),
        (f"Mozilla/5.0 (Linux armv7i; ce-html/1.0) {WEBKIT}", "hbbtv-hd", "cehtml", "hbbtv", True),
        (
            "Opera/9.80 (Linux mips; ) Presto/2.12 Version/12.51 (X, wired)",
            "hbbtv-hd",
            "presto",
            "hbbtv",
            True,
        ),
        # smart sets
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 2.4) TV Safari/538.1", "tizen-fhd", "tizen", "tizen", True),
        (
            f"Mozilla/5.0 (Web0S; Linux/SmartTV) {WEBKIT} Chr0me/79 webOS.TV",
            "webos-fhd",
            "webos",
            "webos",
            True,
        ),
        ("Mozilla/5.0 (SmartHub; SMART-TV; Maple2012)", "web-hd", "maple", "maple", True),
        # Android boxes
        (f"Mozilla/5.0 (Linux; Android 9; Box; wv) {WEBKIT}", "android-hd", "android", "android", True),
        (f"Mozilla/5.0 (Linux; Andr0id 8.1; Box) {WEBKIT} OPR/40", "android-hd", "android", "android", True),
        ("Dalvik/2.1.0 (Linux; U; Android 9; Box)", "android-hd", "android", "android", True),
        # others with arrows
        ("OMI/4.1, KreaTV/15.99 (ARRIS, wired)", "web-hd", "kreatv", "kreatv", True),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/120", "web-hd", "pc", "pc", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko Firefox/115.0", "web-hd", "pc", "pc", True),
        ("Opera/9.80 (Windows NT 6.1; U) Presto/2.12", "web-hd", "pc", "pc", True),
        # nobody knows: the page that learns keys is for these
        ("Mozilla/5.0 (DTV) AppleWebKit/531.2+ Espial/6", "web-hd", "unknown", "pc", False),
        ("Opera/9.80 (Linux i686) Presto/2.10 ; X STB", "web-hd", "unknown", "pc", False),
        ("SomeBox/1.0", "web-hd", "unknown", "pc", False),
        ("", "web-hd", "unknown", "pc", False),
    ],
)
def test_recognised_by_user_agent(agent: str, name: str, family: str, keys: str, sure: bool) -> None:
    said = identify(agent)
    assert (said.profile, said.family, said.keys, said.sure) == (name, family, keys, sure)
    assert recognise(agent) == name


@pytest.mark.parametrize(
    ("agent", "app", "vendor", "name"),
    [
        ("Mozilla/5.0", "EIS iPanel", "", "ipanel-sd"),
        ("Mozilla/5.0", "EnRich", "", "enrich-sd"),
        ("Mozilla/5.0", "", "Inspur", "inspur-hd"),
        ("Mozilla/5.0 (Linux; Android 4.4)", "ztebw", "", "iptv-hd"),
        ("Mozilla/5.0 Ranger/3.0.0", "ztebw", "", "iptv-hd"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Netscape", "Google Inc.", "web-hd"),
    ],
)
def test_recognised_by_what_scripts_can_read(agent: str, app: str, vendor: str, name: str) -> None:
    assert recognise(agent, app, vendor) == name


@pytest.mark.parametrize(
    ("agent", "version", "platform", "cehtml"),
    [
        ("HbbTV/1.4.1 (;Samsung;;;;) Tizen/5.0", (1, 4, 1), "tizen", False),
        ("Mozilla/5.0 (Web0S) HbbTV/1.2.1 (;LGE;)", (1, 2, 1), "webos", False),
        ("HbbTV/1.1.1 (;;;;;) Maple_2011", (1, 1, 1), "maple", False),
        ("Opera/9.80 (; HBBTV/1.0 (;;) CE-HTML/1.0) Presto/2.5", (1, 0, 0), "presto", True),
        ("HbbTV/x.y", None, "", False),
    ],
)
def test_what_else_a_box_says(
    agent: str, version: tuple[int, int, int] | None, platform: str, cehtml: bool
) -> None:
    said = identify(agent)
    assert (said.hbbtv, said.platform, said.cehtml) == (version, platform, cehtml)
    assert hbbtv_version(agent) == version


def test_the_type_of_hbbtv_goes_to_hbbtv_only() -> None:
    assert mime("hbbtv-hd", "HbbTV/1.1.1 (;;;;;)") == HBBTV_TYPE
    assert mime("hbbtv-hd", "Mozilla/5.0 CE-HTML/1.0") == HTML_TYPE
    assert mime("webos-fhd", "Mozilla/5.0 (Web0S) HbbTV/1.2.1") == HTML_TYPE
    assert mime("ipanel-sd", "iPanel") == HTML_TYPE


def test_thirteen_profiles_and_their_screens() -> None:
    assert len(PROFILES) == 13
    for name, box in PROFILES.items():
        screen = Rect(0, 0, box.width, box.height)
        assert box.name == name
        assert screen.contains(box.area)
        assert box.keys in TABLES
        assert (box.width, box.height) == {"hd": (1280, 720), "fhd": (1920, 1080), "sd": (640, 530)}[box.size]


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        ("hbbtv-hd", (128, 36, 1152, 684)),
        ("android-hd", (64, 36, 1216, 684)),
        ("tizen-fhd", (96, 54, 1824, 1026)),
        ("ipanel-sd", (40, 26, 600, 504)),
    ],
)
def test_content_areas(name: str, edges: tuple[int, int, int, int]) -> None:
    area = PROFILES[name].area
    assert (area.left, area.top, area.right, area.bottom) == edges


def test_dialects_and_markup() -> None:
    assert PROFILES["ipanel-hd"].dialect is Dialect.IPANEL3
    assert PROFILES["hbbtv-hd"].markup is Markup.HBBTV
    assert PROFILES["web-hd"] == profile("web-hd")
    with pytest.raises(UnknownProfile, match="'vhs-sd'"):
        profile("vhs-sd")


@given(st.text(), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_answered(agent: str, app: str, vendor: str) -> None:
    assert identify(agent, app, vendor).profile in PROFILES


def test_a_very_long_user_agent_costs_no_time() -> None:
    assert recognise("ipanel " * 500_000) == "ipanel-sd"
    assert recognise("x" * 5_000_000 + "hbbtv/1.1.1") == "web-hd"
