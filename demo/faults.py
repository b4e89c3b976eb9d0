"""Misbehaviour on demand: what goes wrong at which addresses, for trying how a mirror bears it.

A fault holds for every path that begins with its prefix; of several the longest prefix counts, as in robots.txt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from demo.entry import Entry
from demo.pages import Page, View

SPAM = (
    '<div style="position:absolute;left:-9999px"><a href="http://lucky-88.invalid/">澳门赌场</a>'
    '<a href="http://lucky-88.invalid/slot">老虎机注册送彩金</a><a href="http://av-zone.invalid/">成人电影在线</a></div>'
    "<p>百家乐真人娱乐，首存送百分之百，时时彩稳赚不赔，加微信领取。</p>"
)
BLOCKED = "<html><head><title>访问被拦截</title></head><body>您的请求疑似攻击行为，已被网站防护系统拦截。</body></html>"
MISSING = (
    '<html><head><meta charset="utf-8"><title>页面不存在</title></head>'
    "<body><h1>404</h1><p>对不起，您访问的页面不存在或已被删除！</p></body></html>"
)


class Wrong(StrEnum):
    """What can go wrong."""

    SLOW = "slow"
    STATUS = "status"
    SOFT404 = "soft404"
    TRUNCATED = "truncated"
    REDESIGN = "redesign"
    DELETIONS = "deletions"
    HUGE = "huge"
    REDIRECTS = "redirects"
    CHARSET = "charset"
    SPAM = "spam"


class WrongFault(ValueError):
    """A fault cannot be understood: the text says what it should look like."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    seconds  of delay (slow)         status  HTTP status, 412 with a block page (status)
    share    of items that vanish, 0 to 1 (deletions)      size  octets of a huge page
    times    how many answers it spoils before it heals, 0 for all
    """

    wrong: Wrong
    seconds: float = 1.0
    status: int = 500
    share: float = 1.0
    size: int = 50_000_000
    times: int = 0

    def hits(self, entry: Entry) -> bool:
        """Whether an item is among those that vanish."""
        return self.wrong is Wrong.DELETIONS and (entry.serial * 37) % 100 < self.share * 100


class Faults:
    """The faults in force, by path prefix; changed at run time by tests and by the control address."""

    def __init__(self, faults: Mapping[str, Fault] | None = None) -> None:
        self._faults = dict(faults or {})
        self._left = {prefix: fault.times for prefix, fault in self._faults.items()}

    def set(self, prefix: str, fault: Fault) -> None:
        """Let a fault hold for all paths that begin with the prefix, in place of what held there."""
        self._faults[prefix] = fault
        self._left[prefix] = fault.times

    def clear(self, prefix: str | None = None) -> None:
        """Heal one prefix, or all."""
        for name in [prefix] if prefix is not None else list(self._faults):
            self._faults.pop(name, None)
            self._left.pop(name, None)

    def listed(self) -> dict[str, Fault]:
        """What is in force, by prefix."""
        return dict(self._faults)

    def at(self, path: str) -> Fault | None:
        """The fault of a path; counts down those that hold for some answers only."""
        prefix = max((one for one in self._faults if path.startswith(one)), key=len, default=None)
        if prefix is None:
            return None
        fault = self._faults[prefix]
        if fault.times:
            self._left[prefix] -= 1
            if self._left[prefix] <= 0:
                self.clear(prefix)
        return fault

    def view(self, fault: Fault | None) -> View:
        """How pages are drawn under a fault; deletions anywhere are seen in every list."""
        gone = [(prefix, one) for prefix, one in self._faults.items() if one.wrong is Wrong.DELETIONS]

        def vanished(entry: Entry) -> bool:
            return any(entry.path.startswith(prefix) and one.hits(entry) for prefix, one in gone)

        return View(redesign=fault is not None and fault.wrong is Wrong.REDESIGN, gone=vanished)


def spoil(page: Page, fault: Fault, path: str) -> Page:
    """The page as the fault leaves it. Slowness, cutting short and huge pages are the server's part."""
    match fault.wrong:
        case Wrong.STATUS:
            text = BLOCKED if fault.status == 412 else f"<html><body><h1>{fault.status}</h1></body></html>"
            return Page(text.encode(), "text/html; charset=utf-8", status=fault.status)
        case Wrong.SOFT404:
            return Page(MISSING.encode(), "text/html; charset=utf-8")
        case Wrong.REDIRECTS:
            turn = int(found.group(1)) + 1 if (found := re.search(r"[?&]turn=(\d{1,6})", path)) else 1
            plain = path.partition("?")[0]
            return Page(b"", status=302, headers=(("Location", f"{plain}?turn={turn}"),))
        case Wrong.CHARSET if page.content_type.startswith("text/html"):
            return _mislabelled(page)
        case Wrong.SPAM if page.content_type.startswith("text/html"):
            text = page.body.decode("utf-8" if _is_utf8(page.body) else "gbk")
            spoilt = text.replace("</body>", SPAM + "</body>").replace("</BODY>", SPAM + "</BODY>")
            coded = spoilt.encode("utf-8" if _is_utf8(page.body) else "gbk", "xmlcharrefreplace")
            return replace(page, body=coded, modified="")
    return replace(page, modified="")


def read(text: bytes | str) -> tuple[str, Fault | None]:
    """Read what is posted to the control address; raises WrongFault.

    {"prefix": "/col/", "wrong": "slow", "seconds": 2}     "wrong": null heals the prefix
    """
    try:
        asked = json.loads(text)
    except ValueError as error:
        raise WrongFault(f"not JSON: {error}") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("prefix"), str):
        raise WrongFault('wanted {"prefix": "/path", "wrong": ...}')
    prefix, wrong = asked.pop("prefix"), asked.pop("wrong", None)
    if wrong is None:
        return prefix, None
    if not isinstance(wrong, str) or wrong not in set(Wrong) or set(asked) - set(_RANGES):
        raise WrongFault(f"wrong is one of {', '.join(Wrong)}; with it may stand {', '.join(_RANGES)}")
    for name, value in asked.items():
        _check(name, value)
    return prefix, replace(Fault(Wrong(wrong)), **asked)


# What each number of a fault may be: whole or not, at least, at most.
_RANGES: dict[str, tuple[bool, int, int]] = {
    "seconds": (False, 0, 600),
    "status": (True, 400, 599),
    "share": (False, 0, 1),
    "size": (True, 0, 1_000_000_000),
    "times": (True, 0, 1_000_000),
}


def _check(name: str, value: object) -> None:
    whole, low, high = _RANGES[name]
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not number or not low <= float(str(value)) <= high:
        raise WrongFault(f"{name} is a {'whole ' * whole}number from {low} to {high}, not {value!r}")


def _mislabelled(page: Page) -> Page:
    """The same bytes under a declaration that is not theirs."""
    spoilt = re.sub(rb"(?i)charset=(\"?)(utf-8|gb2312)", rb"charset=\1iso-8859-1", page.body)
    return replace(page, body=spoilt, content_type="text/html; charset=iso-8859-1", modified="")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
