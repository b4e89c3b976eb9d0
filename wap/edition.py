"""One request of a phone -> one answer: address, page, deck, octets.

It knows no HTTP server, so that the gateway answers in process what a phone asks over WSP, and
handlers.py answers what comes over HTTP.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urlsplit

from portal.errors import MirrorAway, NotFound, PortalError, Withdrawn
from portal.http.base import RETRY_SECONDS, STATUS, Context
from portal.model import Site
from portal.near import trail
from wap import pages, routes, split
from wap.convert.forms import recoded
from wap.device import MINIMUM, VARY, Device, Markup, recognise
from wap.page import Page
from wap.view import View

ROOT = routes.ROOT
FRESH_SECONDS = 120
"""How long a phone or a proxy may show a page again without asking."""

REMEMBERED_OCTETS = 16_000_000
"""Most octets of answers kept ready."""

LONGEST_FIELD = 4_000
"""Octets of one parameter that are read."""

_CUT = re.compile(r"%[0-9A-Fa-f]?$")

ANSWER_OCTETS = 1_000
"""What an answer takes beside its body, roughly: key, headers, the table's entry."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, headers without the length, and the octets."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Edition:
    """The phone edition over one mirror.

    An answer is made once for each address, kind of phone and generation; asking whether the
    generation still stands is one read of the mirror.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._ready: OrderedDict[tuple[object, ...], tuple[Answer, frozenset[str]]] = OrderedDict()
        self._octets = 0

    async def answer(
        self, target: str, headers: Mapping[str, str], room: int | None = None, *, phone: str = ""
    ) -> Answer:
        """Answer GET `target` (path and query) for the phone that sent `headers` from the address `phone`.

        room   octets that fit into the phone's answer, where our own gateway asks for it: decks are
               then compiled, whatever Accept says
        Errors of the mirror become pages of the edition.
        """
        ctx, device = self._ctx, device_of(headers, room)
        asking = trail()
        address = urlsplit(target)
        view, path = routes.view_of(ctx, address.path)
        try:
            site = await ctx.mirror.site(view.text.variant)
        except (MirrorAway, NotFound):  # Redis is away, or nothing has been published yet
            return _error_page(view, device, 503, None)
        try:
            hour = ctx.clock().strftime("%Y-%m-%d %H")
            key = (address.path, device, site.generation, site.checked, hour)
            keeps = not address.query and not ctx.mirror.away and routes.keeps(path)
            ready = self._ready.get(key) if keeps else None
            if ready is not None:
                self._ready.move_to_end(key)
                answer, depends = ready
                asking.depends |= depends
                if item := routes.opened(path):
                    ctx.finding.wanted.count(item)
                return answer
            query = _in_utf8(_short(address.query), device.charset)
            page, deck = await routes.page_at(ctx, view, site, path, query, phone)
        except PortalError as error:
            return await self._error(view, device, error)
        found = split.decks(page, device)
        body = split.encode(found[min(deck, len(found)) - 1], device)
        asking.passing = asking.passing or bool(page.cache)
        # What somebody looks for is between him and us; the phone itself may show it again.
        whose = "" if routes.keeps(path) else "private, "
        cache = page.cache or ("no-cache" if ctx.mirror.away else f"{whose}max-age={FRESH_SECONDS}")
        answer = Answer(200, (*_headers(device), ("Cache-Control", cache)), body)
        if keeps and not page.cache:
            self._keep(key, answer, frozenset(asking.depends))
        return answer

    def fault(
        self,
        target: str,
        headers: Mapping[str, str],
        status: int,
        room: int | None = None,
        *,
        home: str = "",
    ) -> Answer:
        """The page for a failure that is not the mirror's: it asks the mirror nothing.

        home   "http://HOST" before its addresses, where it stands in for a page of another host
        """
        view, _ = routes.view_of(self._ctx, urlsplit(target).path)
        view = replace(view, base=f"{home}{view.base}")
        return _error_page(view, device_of(headers, room), status, None)

    async def _error(self, view: View, device: Device, error: PortalError) -> Answer:
        """The page for an error of the mirror, with what can still be reached."""
        status = next((status for cls, status in STATUS.items() if isinstance(error, cls)), 500)
        try:
            site: Site | None = await self._ctx.mirror.site(view.text.variant)
        except (MirrorAway, NotFound):
            site = None
        when = error.when if isinstance(error, Withdrawn) else ""
        return _error_page(view, device, status, site, when)

    def _keep(self, key: tuple[object, ...], answer: Answer, depends: frozenset[str]) -> None:
        if (before := self._ready.pop(key, None)) is not None:
            self._octets -= len(before[0].body) + ANSWER_OCTETS
        self._ready[key] = (answer, depends)
        self._octets += len(answer.body) + ANSWER_OCTETS
        while self._octets > REMEMBERED_OCTETS:
            _, (oldest, _) = self._ready.popitem(last=False)
            self._octets -= len(oldest.body) + ANSWER_OCTETS


def device_of(headers: Mapping[str, str], room: int | None = None) -> Device:
    """The phone that sent these headers; with `room`, as our own gateway serves it."""
    device = recognise(headers)
    if room is None:
        return device
    accept = next((value for name, value in headers.items() if name.lower() == "accept"), "")
    if device.markup is Markup.HTML and "html" not in accept.lower():
        # What comes over WSP and says no more than */* is an old phone, not a browser.
        device = replace(MINIMUM, charset=device.charset)
    smaller = replace(device, deck_bytes=min(device.deck_bytes, max(300, room)))
    return replace(smaller, compiled=True) if device.markup is Markup.WML else smaller


def _error_page(view: View, device: Device, status: int, site: Site | None, when: str = "") -> Answer:
    page = pages.error(view, status, site, when)
    headers = (*_headers(device), ("Cache-Control", "no-store"))
    if status == 503:
        headers = (*headers, ("Retry-After", str(RETRY_SECONDS)))
    return Answer(status, headers, _error_body(page, device))


@lru_cache(maxsize=300)
def _error_body(page: Page, device: Device) -> bytes:
    """Few pages tell of an error, and many phones may ask for the same one that is gone."""
    return split.encode(split.decks(page, device)[0], device)


def _short(query: str) -> str:
    """A query without what no page reads: unescaping a million characters would hold everybody up."""
    fields = query.split("&", routes.MOST_FIELDS)[: routes.MOST_FIELDS]
    return "&".join(_CUT.sub("", field[:LONGEST_FIELD]) for field in fields)


def _in_utf8(query: str, charset: str) -> str:
    """A query as we write it; phones send a form in the character set of its deck."""
    try:
        unquote_to_bytes(query).decode("utf-8")
    except UnicodeDecodeError:
        return recoded(query, "gb18030" if charset == "utf-8" else charset, "utf-8")
    return query


def content_type(device: Device) -> str:
    """The media type of a page for this device."""
    if device.markup is Markup.WML:
        if device.compiled:
            return "application/vnd.wap.wmlc"
        return f"text/vnd.wap.wml; charset={device.charset}"
    kind = device.xhtml_type if device.markup is Markup.XHTML else "text/html"
    return f"{kind}; charset={device.charset}"


def _headers(device: Device) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", content_type(device)), ("Vary", VARY))
