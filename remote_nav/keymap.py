"""Which key code means what: one table a box, never merged.

A code means different things on different boxes (4 is Right on iPanel 3 and Left on Samsung's Maple,
8 is Back or a digit, 768 is a function key or an event that is no key at all), so a table belongs to a
box profile and to nothing else. Codes are decimal, as scripts see them in `event.which` or `keyCode`.
The sources are public code that runs on such boxes, and the vendors' own constants; no table was tried
on the hardware itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Action(StrEnum):
    """What a key asks for. Digits are named "0" to "9"."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    OK = "ok"
    BACK = "back"
    PAGE_UP = "page_up"
    PAGE_DOWN = "page_down"
    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    D0 = "0"
    D1 = "1"
    D2 = "2"
    D3 = "3"
    D4 = "4"
    D5 = "5"
    D6 = "6"
    D7 = "7"
    D8 = "8"
    D9 = "9"
    STAR = "star"
    HASH = "hash"
    EXIT = "exit"
    HOME = "home"
    MENU = "menu"


DIGITS = tuple(Action(str(digit)) for digit in range(10))
ARROWS = (Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT)
COLOURS = (Action.RED, Action.GREEN, Action.YELLOW, Action.BLUE)
SIX_KEYS = frozenset((*ARROWS, Action.OK, Action.BACK))


@dataclass(frozen=True, slots=True)
class Table:
    """The key codes of one kind of box.

    codes   {code: action}
    names   {name of a constant: action} for boxes whose codes a script must read from `KeyEvent`
    source  where the codes were read
    """

    name: str
    codes: Mapping[int, Action]
    source: str
    names: Mapping[str, Action] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class KeyMap:
    """The table of a box profile, ready for its script. Each is made once."""

    profile: str
    codes: Mapping[int, Action]
    names: Mapping[str, Action] = field(default_factory=dict)

    def action(self, code: int) -> Action | None:
        """What a code means on this box; None: nothing that we use."""
        return self.codes.get(code)

    def code(self, action: Action) -> int | None:
        """The code that this box sends for an action, the usual one where it has several."""
        return next((code for code, meant in self.codes.items() if meant is action), None)

    @property
    def actions(self) -> frozenset[Action]:
        """Everything that can be pressed on such a box, by its table."""
        return frozenset(self.codes.values())


Codes = int | tuple[int, ...]


def _digits(first: int) -> dict[Action, Codes]:
    return {action: first + digit for digit, action in enumerate(DIGITS)}


def _arrows(up: int, down: int, left: int, right: int, ok: int = 13) -> dict[Action, Codes]:
    return dict(zip((*ARROWS, Action.OK), (up, down, left, right, ok), strict=True))


def _colours(red: int, green: int, yellow: int, blue: int) -> dict[Action, Codes]:
    return dict(zip(COLOURS, (red, green, yellow, blue), strict=True))


def _pages(up: int, down: int) -> dict[Action, Codes]:
    return {Action.PAGE_UP: up, Action.PAGE_DOWN: down}


def _table(
    name: str,
    source: str,
    *parts: Mapping[Action, Codes],
    names: Mapping[str, Action] | None = None,
) -> Table:
    """Turn {action: code or codes} round; a code with two meanings is our mistake."""
    codes: dict[int, Action] = {}
    for part in parts:
        for action, several in part.items():
            for code in several if isinstance(several, tuple) else (several,):
                if code in codes:
                    raise ValueError(f"{name}: code {code} means both {codes[code]} and {action}")
                codes[code] = action
    return Table(name, MappingProxyType(codes), source, MappingProxyType(dict(names or {})))


_DOM_ARROWS = _arrows(38, 40, 37, 39)
_ASCII_DIGITS = _digits(48)

VK_NAMES: Mapping[str, Action] = MappingProxyType(
    {f"VK_{action.name}": action for action in ARROWS}
    | {f"VK_{action.name}": action for action in COLOURS}
    | {f"VK_{digit}": action for digit, action in enumerate(DIGITS)}
    | {
        "VK_ENTER": Action.OK,
        "VK_BACK": Action.BACK,
        "VK_PAGE_UP": Action.PAGE_UP,
        "VK_PAGE_DOWN": Action.PAGE_DOWN,
    }
)
"""Constants of CE-HTML (CEA-2014-A 5.4.1) and HbbTV (OIPF DAE 7.1, `KeyEvent`): where a browser defines
them, its own values come before the codes of the table."""

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                "pc",
                "DOM keyCode of a desktop keyboard, its number pad included; F1 to F4 stand in for colours",
                _DOM_ARROWS,
                {action: (48 + digit, 96 + digit) for digit, action in enumerate(DIGITS)},
                {Action.BACK: (8, 27), Action.HOME: 36},
                _pages(33, 34),
                _colours(112, 113, 114, 115),
            ),
            _table(
                "android",
                "bbc/tal config/devices/amazon-firetv; a WebView that keeps Back to itself sends nothing",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: (27, 8), Action.MENU: 18},
                _pages(33, 34),
            ),
            _table(
                "ipanel3",
                "iPanel porting header EIS_IRKEY_*; scripts get 1 to 4 and 13 for arrows and OK",
                _arrows(1, 2, 3, 4),
                _ASCII_DIGITS,
                {
                    Action.BACK: 340,
                    Action.EXIT: 339,
                    Action.HOME: 512,
                    Action.MENU: 513,
                    Action.STAR: 848,
                    Action.HASH: 849,
                },
                _pages(372, 373),
                _colours(832, 833, 834, 835),
            ),
            _table(
                "ipanel-webkit",
                "set-top-box pages that test for 'ipanel' and 'advanced' in the user agent",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: (8, 340), Action.EXIT: (27, 339)},
                _pages(33, 34),
            ),
            _table(
                "enrich",
                "liangmu123/zhouzhuang_tv js/key.js; l674964417/msgBox global/const.js",
                _arrows(87, 83, 65, 68),
                _ASCII_DIGITS,
                {Action.BACK: 8, Action.EXIT: 27, Action.STAR: 318, Action.HASH: 319},
                _pages(306, 307),
                _colours(320, 321, 322, 323),
            ),
            _table(
                "inspur",
                "liangmu123/zhouzhuang_tv js/key.js; its F1 to F4 are the coloured keys",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: 8, Action.EXIT: 27, Action.MENU: 36},
                _pages(33, 34),
                _colours(112, 113, 114, 115),
            ),
            _table(
                "dvn",
                "liangmu123/zhouzhuang_tv js/key.js",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: (640, 8)},
                _pages(120, 121),
            ),
            _table(
                "dth",
                "l674964417/msgBox global/const.js; GitHubFsc/Aqua keyvalue.js",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: 27, Action.EXIT: 197, Action.MENU: 4098},
                _pages(4173, 4174),
                _colours(2305, 2306, 2307, 2308),
            ),
            _table(
                "iptv",
                "xumengly/xumengly.github.io keyBorad.js; lanxianhui/hwhd bestv/js (Huawei and ZTE)",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {
                    Action.BACK: (8, 24),
                    Action.HOME: 272,
                    Action.STAR: (106, 42),
                    Action.HASH: (105, 560),
                },
                _pages(33, 34),
                _colours(275, 276, 277, 278),
            ),
            _table(
                "hbbtv",
                "bbc/tal config/devices/default-hbbtv-default; DVBProject/DVB-I-Reference-Client",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: 461},
                _pages(33, 34),
                _colours(403, 404, 405, 406),
                names=VK_NAMES,
            ),
            _table(
                "tizen",
                "tom-win87/tizen-demo-1 js/utils.js; bbc/tal samsung-tv_2016_jazzl_tizen",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: 10009, Action.EXIT: 10182, Action.MENU: 10133},
                _colours(403, 404, 405, 406),
            ),
            _table(
                "webos",
                "bbc/tal config/devices/lg-tv_2016_m16",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: 461},
                _pages(33, 34),
                _colours(403, 404, 405, 406),
            ),
            _table(
                "maple",
                "bbc/tal config/devices/samsung-maple*, 34 files",
                _arrows(29460, 29461, 4, 5, 29443),
                dict(zip(DIGITS, (17, 101, 98, 6, 8, 9, 10, 12, 13, 14), strict=True)),
                {Action.BACK: 88},
                _colours(108, 20, 21, 22),
            ),
            _table(
                "kreatv",
                "bbc/tal config/devices/motorola-stb_2012",
                _DOM_ARROWS,
                _ASCII_DIGITS,
                {Action.BACK: 917536},
                _colours(917504, 917505, 917506, 917507),
            ),
        )
    }
)

TABLE_OF: Mapping[str, str] = MappingProxyType(
    {
        "android-hd": "android",
        "ipanel-sd": "ipanel3",
        "ipanel-hd": "ipanel3",
        "ipanel-webkit-hd": "ipanel-webkit",
        "enrich-sd": "enrich",
        "inspur-hd": "inspur",
        "dvn-sd": "dvn",
        "iptv-hd": "iptv",
        "dth-sd": "dth",
        "hbbtv-hd": "hbbtv",
        "tizen-fhd": "tizen",
        "webos-fhd": "webos",
        "web-hd": "pc",
    }
)
"""Profile -> table. The tables of `maple` and `kreatv` belong to boxes without a profile of their own:
they travel in the address as learned keys (`remote_nav.learn`)."""

KEY_MAPS: Mapping[str, KeyMap] = MappingProxyType(
    {profile: KeyMap(profile, TABLES[name].codes, TABLES[name].names) for profile, name in TABLE_OF.items()}
)
