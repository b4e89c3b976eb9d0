"""The gateway's questions -> answers: our own pages made in process, other sites by way of `foreign`.

A phone writes whole addresses, `http://wap.city.example/wap/c/310`. Those of the portal are answered by the
edition without an HTTP hop, in the size that the phone has agreed on; those of listed origins are fetched
and converted; all others are refused in a small deck that leads home.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.parse import SplitResult, quote_from_bytes

from portal.errors import PortalError
from portal.http.base import STATUS, Context
from portal.http.caller import Caller
from portal.http.media import FRESH, MEDIA_ROUTE, picture
from portal.http.pictures import MAX_SIDE, MIMES
from portal.maps import handlers as plans
from wap.convert.forms import recoded
from wap.edition import ROOT, Answer, Edition
from wap.letters import LONGEST_FORM as LONGEST_LETTER
from wap.letters import LettersEdition, is_letters
from wap.origins import ForeignError, Origins, Place, split
from wap.protocol.exchange import PRIVATE, WspReply, WspRequest
from wap.routes import view_of

log = logging.getLogger(__name__)

FRESH_S = 0.8
"""Seconds for which the gateway may repeat an answer without asking the mirror whether it still stands: what
is withdrawn, pictures too, is gone from the phones' way within a second, whatever else happens meanwhile."""

LONGEST_FORM = 4_096
"""Octets of a form that is posted to us: the number box has one short field."""

SMALLEST_SIDE = 8
"""Pixels below which a picture is not shrunk to make it fit."""

LARGEST_SIDE = 640
"""No phone that speaks WSP has a wider screen."""

MOST_FAULTS = 200
"""Error decks kept ready, of about a thousand octets each."""

_MEDIA = re.compile(MEDIA_ROUTE)
_PLAN = re.compile(plans.ROUTE)
_NUMBER_BOX = re.compile(r"/[ns](?:/[0-9.]*)?/?")
_READS = ("GET", "HEAD")
_FORMS = ("", "application/x-www-form-urlencoded", "text/plain")
"""How a form may be posted: as phones do, and as the plainest do, a field a line."""

Foreign = Callable[[WspRequest], Awaitable[WspReply]]
"""Fetches from a listed origin; raises ForeignError with the status of the deck that tells of it."""


class Bridge:
    """What the gateway is given as `fetch` and `error_deck`."""

    def __init__(self, ctx: Context, edition: Edition, origins: Origins, foreign: Foreign | None = None):
        """A bridge to one edition; `foreign` may be None where no origin is listed."""
        self._ctx = ctx
        self._edition = edition
        self._origins = origins
        self._letters = LettersEdition(ctx)
        self._foreign = foreign
        self._faults: OrderedDict[tuple[object, ...], WspReply] = OrderedDict()

    async def fetch(self, request: WspRequest) -> WspReply:
        """The answer to a phone's request; never without a body unless the method is HEAD."""
        try:
            return await self._fetch(request)
        except ForeignError as error:
            log.info("%s: %s", request.url.partition("?")[0], error)
            return self.error_deck(error.status, request)
        except PortalError as error:
            status = next((status for cls, status in STATUS.items() if isinstance(error, cls)), 500)
            return self.error_deck(status, request)

    def error_deck(self, status: int, request: WspRequest) -> WspReply:
        """The small deck for a status, with a way home; it asks neither the mirror nor anybody."""
        ours = self._origins.place(request.url) is Place.PORTAL
        address = split(request.url)
        base = "" if address is None or not ours else view_of(self._ctx, address.path)[0].base
        key = (status, ours, base, request.headers, request.max_body)
        if (known := self._faults.get(key)) is not None:
            self._faults.move_to_end(key)
            return known
        home = "" if ours else self._origins.home
        answer = self._edition.fault(base, _headers(request), status, request.max_body or None, home=home)
        self._faults[key] = reply = _reply(answer)
        if len(self._faults) > MOST_FAULTS:
            self._faults.popitem(last=False)
        return reply

    async def _fetch(self, request: WspRequest) -> WspReply:
        address = split(request.url)
        match self._origins.place(request.url):
            case Place.PORTAL if address is not None:
                return await self._own(request, address)
            case Place.ORIGIN if self._foreign is not None:
                return await self._foreign(request)
            case Place.BROKEN:
                raise ForeignError(400, "this is no address")
            case _:
                raise ForeignError(403, "this host is not on the list")

    async def _own(self, request: WspRequest, address: SplitResult) -> WspReply:
        path, query = f"/{address.path.lstrip('/')}", address.query
        if is_letters(view_of(self._ctx, path)[1]) and request.method in (*_READS, "POST"):
            # The phone's radio link and its way to the gateway are open: nothing here is TLS.
            caller = Caller(request.host, secure=False)
            body = _body(request) if request.method == "POST" else None
            target = f"{path}?{query}" if query else path
            answer = await self._letters.answer(
                target, _headers(request), caller, body, request.max_body, follow=True
            )
            return _reply(answer)
        if request.method == "POST" and _NUMBER_BOX.fullmatch(view_of(self._ctx, path)[1]):
            query = "&".join(part for part in (query, _form(request)) if part)
        elif request.method not in _READS:
            return self.error_deck(405, request)
        if found := _PLAN.fullmatch(path):
            return await self._plan(request, *found.groups())
        if found := _MEDIA.fullmatch(path):
            return await self._picture(request, *found.groups())
        path = f"{ROOT}/" if path == "/" else path
        target = f"{path}?{query}" if query else path
        headers = _headers(request)
        return _reply(await self._edition.answer(target, headers, request.max_body, phone=request.host))

    async def _plan(
        self,
        request: WspRequest,
        theme: str,
        unit: str,
        width: str,
        height: str,
        tag: str | None,
        ending: str,
    ) -> WspReply:
        """Where a unit is, as a picture that fits."""
        across, down = min(int(width), LARGEST_SIDE), min(int(height), LARGEST_SIDE)
        body = await plans.picture(self._ctx.places, theme, unit, across, down, tag or "", ending)
        if len(body) > request.max_body:
            return self.error_deck(413, request)
        return WspReply(200, MIMES[ending], (("Cache-Control", "max-age=86400"),), body, FRESH_S)

    async def _picture(
        self, request: WspRequest, name: str, width: str, height: str, cover: str, ending: str
    ) -> WspReply:
        """A picture of the mirror, made smaller until it fits into the phone's answer."""
        across, down = int(width), int(height)
        if max(across, down) <= MAX_SIDE:
            across, down = min(across, LARGEST_SIDE), min(down, LARGEST_SIDE)
        body = await picture(self._ctx.mirror, name, across, down, ending, cover=bool(cover))
        while len(body) > request.max_body and min(across, down) > SMALLEST_SIDE:
            across, down = across // 2, down // 2
            body = await picture(self._ctx.mirror, name, across, down, ending, cover=bool(cover))
        if len(body) > request.max_body:
            return self.error_deck(413, request)
        return WspReply(200, MIMES[ending], (("Cache-Control", FRESH),), body, FRESH_S)


def _headers(request: WspRequest) -> dict[str, str]:
    """The phone's headers without those that say who its owner is: anybody can write them."""
    return {name: value for name, value in request.headers if name.lower() not in PRIVATE}


def _body(request: WspRequest) -> bytes:
    """A posted form as octets in UTF-8."""
    kind, _, parameters = request.header("content-type").partition(";")
    if kind.strip().lower() not in ("", "application/x-www-form-urlencoded"):
        raise ForeignError(415, f"a form as {kind[:60]}")
    found = re.search(r"charset=\"?([\w.-]+)", parameters)
    if len(request.body) > LONGEST_LETTER:
        raise ForeignError(413, f"a form of {len(request.body)} octets")
    body = request.body.decode("latin-1")
    return (recoded(body, found[1], "utf-8") if found else body).encode("latin-1", "replace")


def _form(request: WspRequest) -> str:
    """A posted form as a query."""
    if len(request.body) > LONGEST_FORM:
        raise ForeignError(413, f"a form of {len(request.body)} octets")
    kind, _, parameters = request.header("content-type").partition(";")
    if kind.strip().lower() not in _FORMS:
        raise ForeignError(415, f"a form as {kind[:60]}")
    found = re.search(r"charset=\"?([\w.-]+)", parameters)
    # Of text/plain each line is a field, in octets that nobody has escaped.
    body = "&".join(quote_from_bytes(line, safe="=&%+") for line in request.body.splitlines())
    return recoded(body, found[1], "utf-8") if found else body


def _reply(answer: Answer) -> WspReply:
    headers = dict(answer.headers)
    kind = headers.pop("Content-Type")
    fresh = FRESH_S if answer.status == 200 and "max-age" in headers.get("Cache-Control", "") else 0.0
    return WspReply(answer.status, kind, tuple(headers.items()), answer.body, fresh)
