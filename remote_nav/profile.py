"""The box profiles: what screen, what markup, what keys; and recognising a box by what it says of itself.

`recognise` reads a user agent (and, where a script could read them, `navigator.appName` and
`navigator.vendor`) with a table of tests, first match first. The tests for Chinese boxes are those that
pages written for them make; those for receivers are the tokens that HbbTV (ETSI TS 102 796, 7.3.2.4) and
CE-HTML ask a browser to send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from remote_nav.errors import UnknownProfile
from remote_nav.geometry import Rect
from remote_nav.keymap import TABLE_OF


class Dialect(StrEnum):
    """How a box's script hears keys, and how it says that a key is used up."""

    DOM = "dom"  # keydown; preventDefault and return false
    IPANEL3 = "ipanel3"  # document.onkeydown; return 0: used up, 1: pass on
    RETURNS = "returns"  # document.onkeydown; return false: used up, true: pass on
    HBBTV = "hbbtv"  # keys asked for with keyset.setValue; codes read from KeyEvent.VK_*
    TIZEN = "tizen"  # colours and digits asked for with tizen.tvinputdevice.registerKey


class Markup(StrEnum):
    """Which document a box reads best."""

    HTML5 = "html5"
    HTML4 = "html4"  # HTML 4.01 Transitional, CSS embedded, page-view-size
    HBBTV = "hbbtv"  # XHTML 1.0 with the HbbTV document type


HTML_TYPE = "text/html; charset=utf-8"
HBBTV_TYPE = "application/vnd.hbbtv.xhtml+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of box.

    width, height  the page in CSS pixels        area    what everything must stand inside
    keys           name of its key table         mime    what a box of this kind is sent (see `mime`)
    """

    name: str
    width: int
    height: int
    area: Rect
    keys: str
    dialect: Dialect = Dialect.DOM
    markup: Markup = Markup.HTML5
    mime: str = HTML_TYPE

    @property
    def size(self) -> str:
        """hd, sd or fhd: the last part of the name."""
        return self.name.rpartition("-")[2]


_AREAS = {
    "hd": (1280, 720, Rect(64, 36, 1152, 648)),
    "fhd": (1920, 1080, Rect(96, 54, 1728, 972)),
    "sd": (640, 530, Rect(40, 26, 560, 478)),
}
_HBBTV_AREA = Rect(128, 36, 1024, 648)


def _profile(
    name: str,
    dialect: Dialect = Dialect.DOM,
    markup: Markup = Markup.HTML5,
    mime: str = HTML_TYPE,
    area: Rect | None = None,
) -> Profile:
    width, height, usual = _AREAS[name.rpartition("-")[2]]
    return Profile(name, width, height, area or usual, TABLE_OF[name], dialect, markup, mime)


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            _profile("android-hd"),
            _profile("ipanel-sd", Dialect.IPANEL3, Markup.HTML4),
            _profile("ipanel-hd", Dialect.IPANEL3, Markup.HTML4),
            _profile("ipanel-webkit-hd", Dialect.RETURNS, Markup.HTML4),
            _profile("enrich-sd", Dialect.RETURNS, Markup.HTML4),
            _profile("inspur-hd", Dialect.RETURNS, Markup.HTML4),
            _profile("dvn-sd", Dialect.RETURNS, Markup.HTML4),
            _profile("iptv-hd", Dialect.RETURNS, Markup.HTML4),
            _profile("dth-sd", Dialect.RETURNS, Markup.HTML4),
            _profile("hbbtv-hd", Dialect.HBBTV, Markup.HBBTV, HBBTV_TYPE, _HBBTV_AREA),
            _profile("tizen-fhd", Dialect.TIZEN),
            _profile("webos-fhd"),
            _profile("web-hd"),
        )
    }
)


def profile(name: str) -> Profile:
    """The profile of a name; raises UnknownProfile."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(f"no box profile is called {name!r}") from None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a box said it is.

    profile  name of its profile
    family   the kind of browser, for the log and for tests (ipanel3, hbbtv, maple, presto ...)
    keys     name of its key table: not always the profile's own (Samsung's Maple, KreaTV)
    sure     False where only a guess is possible: such a box is shown the page that learns its keys
    hbbtv    version of HbbTV that it claims, as (major, minor, patch), or None
    platform what it runs on, for the log: a set in HbbTV mode still is a Tizen or webOS set
    cehtml   whether it names CE-HTML
    """

    profile: str
    family: str
    keys: str
    sure: bool = True
    hbbtv: tuple[int, int, int] | None = None
    platform: str = ""
    cehtml: bool = False


@dataclass(frozen=True, slots=True)
class _Test:
    """One line of the table: every pattern given must be found; `lacks` must not."""

    family: str
    profile: str
    agent: str = ""
    app: str = ""
    vendor: str = ""
    lacks: str = ""
    keys: str = ""
    sure: bool = True


_TESTS: tuple[_Test, ...] = (
    # Chinese cable and IPTV middleware says its name; "advanced" and "vane" are its WebKit browsers.
    _Test(
        "ipanel-webkit", "ipanel-webkit-hd", agent=r"ipanel.*advanced|advanced.*ipanel|ipanel ?vane|\bvane/"
    ),
    _Test("ipanel3", "ipanel-hd", agent=r"ipanel.*(\bhd\b|1280|720p)"),
    _Test("ipanel3", "ipanel-sd", agent=r"ipanel"),
    _Test("ipanel3", "ipanel-sd", app=r"eis ipanel"),
    _Test("enrich", "enrich-sd", agent=r"enrich"),
    _Test("enrich", "enrich-sd", app=r"enrich"),
    _Test("inspur", "inspur-hd", agent=r"wobox|\binspur"),
    _Test("inspur", "inspur-hd", vendor=r"inspur"),
    _Test("zte", "iptv-hd", app=r"ztebw"),
    _Test("zte", "iptv-hd", agent=r"ztebw|\bzte[ _-]?(stb|iptv|b\d)"),
    _Test("huawei", "iptv-hd", agent=r"\branger/\d"),
    _Test("dvn", "dvn-sd", agent=r"\bdvn\b"),
    _Test("dth", "dth-sd", agent=r"\b(zbx|dth)\b"),
    # HbbTV comes before the maker's own platform: what is broadcast runs in the receiver's HbbTV browser.
    _Test("hbbtv", "hbbtv-hd", agent=r"hbbtv/\d"),
    _Test("cehtml", "hbbtv-hd", agent=r"ce-html"),
    _Test("maple", "web-hd", agent=r"\bmaple", keys="maple"),
    _Test("tizen", "tizen-fhd", agent=r"\btizen\b"),
    _Test("webos", "webos-fhd", agent=r"\bweb[0o]s\b"),
    _Test("android", "android-hd", agent=r"\bandr[o0]id\b|\bdalvik/"),
    _Test("kreatv", "web-hd", agent=r"\bkreatv\b", keys="kreatv"),
    # Opera's television browsers send the key codes of CE-HTML also where they do not say its name.
    _Test("presto", "hbbtv-hd", agent=r"\bpresto/", lacks=r"windows nt|macintosh|x11|symbian|j2me|\bstb\b"),
    _Test(
        "pc", "web-hd", agent=r"windows nt|macintosh|x11; (ubuntu; )?linux|cros ", lacks=r"\b(stb|dtv|tv)\b"
    ),
)

_UNKNOWN = _Test("unknown", "web-hd", sure=False)

_PLATFORMS: tuple[tuple[str, str], ...] = (
    ("maple", r"\bmaple"),
    ("tizen", r"\btizen\b"),
    ("webos", r"\bweb[0o]s\b"),
    ("kreatv", r"\bkreatv\b"),
    ("android", r"\bandr[o0]id\b|\bdalvik/"),
    ("presto", r"\bpresto/"),
)
_HBBTV = re.compile(r"hbbtv/(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?", re.IGNORECASE)
_LONGEST = 2048


def hbbtv_version(user_agent: str) -> tuple[int, int, int] | None:
    """The HbbTV version that a user agent claims: 1.1.1 is HbbTV 1.0, 1.2.1 is 1.5, 1.4.1 is 2.0.1."""
    if found := _HBBTV.search(user_agent[:_LONGEST]):
        return int(found[1]), int(found[2]), int(found[3] or 0)
    return None


def identify(user_agent: str, app_name: str = "", vendor: str = "") -> Recognised:
    """What box this is; any text is answered, an unknown one with `sure` False."""
    said = {
        "agent": user_agent[:_LONGEST].lower(),
        "app": app_name[:_LONGEST].lower(),
        "vendor": vendor[:_LONGEST].lower(),
    }
    found = next((test for test in _TESTS if _passes(test, said)), _UNKNOWN)
    agent = said["agent"]
    return Recognised(
        profile=found.profile,
        family=found.family,
        keys=found.keys or TABLE_OF[found.profile],
        sure=found.sure,
        hbbtv=hbbtv_version(agent),
        platform=next((name for name, pattern in _PLATFORMS if re.search(pattern, agent)), ""),
        cehtml="ce-html" in agent,
    )


def _passes(test: _Test, said: Mapping[str, str]) -> bool:
    asked = {"agent": test.agent, "app": test.app, "vendor": test.vendor}
    if any(pattern and not re.search(pattern, said[part]) for part, pattern in asked.items()):
        return False
    return not (test.lacks and re.search(test.lacks, said["agent"]))


def recognise(user_agent: str, app_name: str = "", vendor: str = "") -> str:
    """The name of the profile of a box."""
    return identify(user_agent, app_name, vendor).profile


def mime(name: str, user_agent: str) -> str:
    """The content type of a page: HbbTV's own goes to browsers that say HbbTV, text/html to all others."""
    return profile(name).mime if hbbtv_version(user_agent) else HTML_TYPE
