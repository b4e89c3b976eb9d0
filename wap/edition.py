"""One request of a phone -> one answer: address, page, deck, octets.

It knows no HTTP server, so that the gateway answers in process what a phone asks over WSP, and
handlers.py answers what comes over HTTP.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from portal.errors import MirrorAway, NotFound, PortalError, Withdrawn
from portal.http.base import RETRY_SECONDS, STATUS, Context
from portal.model import Site
from wap import pages, routes, split
from wap.device import VARY, Device, Markup, recognise
from wap.view import View

ROOT = routes.ROOT
FRESH_SECONDS = 120
"""How long a phone or a proxy may show a page again without asking."""

REMEMBERED = 2_000
"""Answers kept ready, of a few thousand octets each."""


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
        self._ready: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    async def answer(self, target: str, headers: Mapping[str, str], room: int | None = None) -> Answer:
        """Answer GET `target` (path and query) for the phone that sent `headers`.

        room   octets that fit into the phone's answer, where our own gateway asks for it: decks are
               then compiled, whatever Accept says
        Errors of the mirror become pages of the edition.
        """
        ctx, device = self._ctx, _device(headers, room)
        address = urlsplit(target)
        view, path = routes.view_of(ctx, address.path)
        try:
            site = await ctx.mirror.site(view.text.variant)
        except (MirrorAway, NotFound):  # Redis is away, or nothing has been published yet
            return _error_page(view, device, 503, None)
        try:
            hour = ctx.clock().strftime("%Y-%m-%d %H")
            key = (address.path, device, site.generation, site.checked, hour)
            ready = None if address.query or ctx.mirror.away else self._ready.get(key)
            if ready is not None:
                self._ready.move_to_end(key)
                return ready
            page, deck = await routes.page_at(ctx, view, site, path, address.query)
        except PortalError as error:
            return await self._error(view, device, error)
        found = split.decks(page, device)
        body = split.encode(found[min(deck, len(found)) - 1], device)
        cache = "no-cache" if ctx.mirror.away else f"max-age={FRESH_SECONDS}"
        answer = Answer(200, (*_headers(device), ("Cache-Control", cache)), body)
        if not address.query and not ctx.mirror.away:
            self._keep(key, answer)
        return answer

    def fault(self, target: str, headers: Mapping[str, str], status: int, room: int | None = None) -> Answer:
        """The page for a failure that is not the mirror's: it asks the mirror nothing."""
        view, _ = routes.view_of(self._ctx, urlsplit(target).path)
        return _error_page(view, _device(headers, room), status, None)

    async def _error(self, view: View, device: Device, error: PortalError) -> Answer:
        """The page for an error of the mirror, with what can still be reached."""
        status = next((status for cls, status in STATUS.items() if isinstance(error, cls)), 500)
        try:
            site: Site | None = await self._ctx.mirror.site(view.text.variant)
        except (MirrorAway, NotFound):
            site = None
        title, when = (error.title, error.when) if isinstance(error, Withdrawn) else ("", "")
        return _error_page(view, device, status, site, title, when)

    def _keep(self, key: tuple[object, ...], answer: Answer) -> None:
        self._ready[key] = answer
        if len(self._ready) > REMEMBERED:
            self._ready.popitem(last=False)


def _device(headers: Mapping[str, str], room: int | None) -> Device:
    device = recognise(headers)
    if room is None:
        return device
    smaller = replace(device, deck_bytes=min(device.deck_bytes, max(300, room)))
    return replace(smaller, compiled=True) if device.markup is Markup.WML else smaller


def _error_page(
    view: View, device: Device, status: int, site: Site | None, title: str = "", when: str = ""
) -> Answer:
    page = pages.error(view, status, site, title, when)
    body = split.encode(split.decks(page, device)[0], device)
    headers = (*_headers(device), ("Cache-Control", "no-store"))
    if status == 503:
        headers = (*headers, ("Retry-After", str(RETRY_SECONDS)))
    return Answer(status, headers, body)


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
