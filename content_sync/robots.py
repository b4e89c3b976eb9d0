"""robots.txt, read once a day for each host and obeyed (RFC 9309).

2xx is obeyed; 4xx allows everything; 5xx or no answer allows nothing, unless a copy younger than a
day is known. Parsing is protego's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from portal.errors import PortalError

AGENT = "sunshine"
"""The name that a robots.txt addresses us by."""

KEEP_SECONDS = 86_400
LONGEST_FILE = 512_000
LONGEST_DELAY = 30.0


class RefusedByRobots(PortalError):
    """The origin's robots.txt does not want this address fetched."""


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """robots.txt of a host as answered (`status` 0: not at all, `text` says why); `checked` epoch seconds."""

    status: int
    text: str = ""
    checked: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the origin has said something definite."""
        return 200 <= self.status < 300 or 400 <= self.status < 500


class Shelf(Protocol):
    """Where files are kept between runs."""

    async def robots(self, origin: str) -> RobotsFile | None:
        """The file kept for scheme://host, if any."""

    async def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Keep a file."""


Ask = Callable[[str], Awaitable[tuple[int, bytes]]]
"""Fetches an address without asking robots.txt: (status, body), status 0 and the reason for no answer."""


class Robots:
    """The rules of every host that a run meets."""

    def __init__(self, ask: Ask, shelf: Shelf, clock: Callable[[], float]) -> None:
        self._ask = ask
        self._shelf = shelf
        self._clock = clock
        self._rules: dict[str, tuple[RobotsFile, Protego]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> float:
        """Seconds that the host wants between requests, 0 where it says nothing.

        raises  RefusedByRobots
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        file, rules = await self._of(origin)
        if not file.known:
            said = file.status or (f"nothing ({file.text})" if file.text else "nothing")
            raise RefusedByRobots(
                f"{origin}/robots.txt answers {said}: "
                "until it does, nothing may be fetched from there (RFC 9309)"
            )
        if not rules.can_fetch(url, AGENT):
            raise RefusedByRobots(f"robots.txt of {origin} does not allow {parts.path or '/'}")
        return min(LONGEST_DELAY, float(rules.crawl_delay(AGENT) or 0.0))

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """Addresses of sitemaps that the host of `url` names."""
        parts = urlsplit(url)
        _, rules = await self._of(f"{parts.scheme}://{parts.netloc}")
        return tuple(rules.sitemaps)

    async def _of(self, origin: str) -> tuple[RobotsFile, Protego]:
        async with self._asking.setdefault(origin, asyncio.Lock()):
            if origin not in self._rules:
                self._rules[origin] = await self._read(origin)
        return self._rules[origin]

    async def _read(self, origin: str) -> tuple[RobotsFile, Protego]:
        now = self._clock()
        kept = await self._shelf.robots(origin)
        fresh = kept is not None and now - kept.checked < KEEP_SECONDS
        if kept is None or not fresh:
            status, body = await self._ask(f"{origin}/robots.txt")
            answered = RobotsFile(status, body[:LONGEST_FILE].decode("utf-8", "replace"), now)
            if answered.known:
                kept = answered
                await self._shelf.keep_robots(origin, kept)
            else:
                kept = answered if status == 0 else replace(answered, text="")
        text = kept.text if 200 <= kept.status < 300 else ""
        return kept, Protego.parse(text)
