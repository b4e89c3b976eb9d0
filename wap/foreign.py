"""Pages of listed sites for a phone on the gateway: fetched, converted, cut into decks, kept for a minute.

What a WML phone cannot read is made into what it can; a phone with XHTML gets pages that fit as they are.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

from portal.text import Text, text
from wap.convert import cards, deck
from wap.convert.charset import decoded
from wap.convert.document import plain
from wap.convert.forms import recoded
from wap.convert.html import Screen, Words, read_html
from wap.convert.links import Asked, Links, marked, read_marks
from wap.convert.picture import BadPicture, for_phone
from wap.convert.wml import read_wml
from wap.device import Device, Markup
from wap.edition import ROOT, device_of
from wap.origins import ForeignError, Origins, Place
from wap.outside import Got, Outside
from wap.protocol.exchange import WspReply, WspRequest
from wap.wbxml import BadDeck, compile_xml

WMLC = "application/vnd.wap.wmlc"
WML = "text/vnd.wap.wml"
XHTML = frozenset(("application/vnd.wap.xhtml+xml", "application/xhtml+xml", "text/html"))
FORM = "application/x-www-form-urlencoded"
ACCEPT = (
    f"{WML}, {WMLC};q=0.9, application/vnd.wap.xhtml+xml;q=0.8, application/xhtml+xml;q=0.7, "
    "text/html;q=0.6, text/plain;q=0.5, image/*;q=0.5, */*;q=0.1"
)
KEPT_SECONDS = 60.0
"""How long the further decks of a page stay as they were when its first was read."""

KEPT_OCTETS = 8_000_000
LONGEST_FORM = 65_536
_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<\s*([a-z]+)", re.IGNORECASE | re.DOTALL
)


Cut = Callable[[Callable[[int], str], str, Words], tuple[str, ...]]
"""Cuts a page, given the address of each of its decks, the portal's home, and what the gateway says."""


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    decks: tuple[str, ...]
    status: int
    headers: tuple[tuple[str, str], ...]

    @property
    def octets(self) -> int:
        return sum(map(len, self.decks)) * 2


class Foreign:
    """Fetches and converts for one gateway.

    locale  of what the gateway itself says on these pages       clock  seconds since 1970
    """

    def __init__(
        self,
        origins: Origins,
        outside: Outside,
        locale: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._origins = origins
        self._outside = outside
        self._words = words_in(text(locale))
        self._clock = clock
        self._kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
        self._octets = 0

    async def fetch(self, request: WspRequest) -> WspReply:
        """The answer of a listed origin as the phone can show it. Raises ForeignError."""
        asked = read_marks(request.url)
        device = device_of(dict(request.headers), request.max_body)
        cookie = request.header("cookie")
        key = (asked.url, asked.token, cookie, device)
        if asked.deck > 1 or asked.token:
            if (kept := self._recall(key)) is not None:
                return await self._deck(kept, asked.deck, device)
            if asked.token:
                raise ForeignError(410, "the answer to a form is not kept any longer")
        url, body = _form(asked, request, device.charset)
        got = await self._outside.ask(url, _said(request), cookie, body, self._clock())
        kind = got.kind.partition(";")[0].strip().lower()
        headers = tuple(("Set-Cookie", line) for line in got.cookies)
        if cache := got.headers.get("cache-control"):
            headers += (("Cache-Control", cache[:200]),)
        if not got.body:
            raise ForeignError(got.status if got.status >= 400 else 502, "an empty answer")
        shown = await asyncio.get_running_loop().run_in_executor(
            None, self._shown, request, asked, device, got, kind, body is not None
        )
        if isinstance(shown, WspReply):
            return replace(shown, headers=headers)
        token, decks = shown
        kept = _Kept(self._clock() + KEPT_SECONDS, decks, got.status, headers)
        if len(decks) > 1:
            self._keep((asked.url, token, cookie, device), kept)
        return await self._deck(kept, asked.deck, device)

    # -- conversion, in a thread ----------------------------------------------------------------------

    def _shown(
        self, request: WspRequest, asked: Asked, device: Device, got: Got, kind: str, posted: bool
    ) -> WspReply | tuple[str, tuple[str, ...]]:
        """The whole answer, or the decks of a page and the token under which they are kept."""
        room = min(device.deck_bytes, request.max_body)
        if kind.startswith("image/"):
            try:
                shape = (device.width, device.height)
                kind, body = for_phone(got.body, kind, device.images, *shape, request.max_body)
            except BadPicture as error:
                raise ForeignError(415, str(error)) from error
            return WspReply(got.status, kind, (), body)
        if kind == WMLC:
            return _whole(got.status, kind, got.body, request.max_body)
        markup, codec = decoded(got.body, got.kind)
        kind = _sniffed(kind, markup)
        links = Links(asked.url, got.url, self._may_link)
        target = deck.Target(room, device.charset, device.version)
        if kind == WML:
            try:
                wml = read_wml(markup, links, self._words.back)
                body = compile_xml(wml.text(), charset=device.charset)
            except BadDeck as error:
                raise ForeignError(502, f"WML that cannot be compiled: {error}") from error
            if len(body) <= room:
                return WspReply(got.status, WMLC, (), body)
            try:
                return self._decks(lambda *places: cards.cut(wml, target, *places), asked, posted)
            except ForeignError:
                # What cannot be divided may still be shown by a phone that takes more than it says.
                return _whole(got.status, WMLC, body, request.max_body)
        if kind in XHTML and device.markup is not Markup.WML and len(got.body) <= room:
            return WspReply(got.status, f"{kind}; charset={_charset(got.kind, codec)}", (), got.body)
        if kind in XHTML:
            keys = device.version >= "1.2"
            screen = Screen(device.width, device.height, bool(device.images), keys, device.charset)
            document = read_html(markup, links, codec, screen, self._words)
        elif kind == "text/plain":
            document = plain(urlsplit(asked.url).path.rpartition("/")[2][:40], markup)
        elif _accepts(request, kind):
            return _whole(got.status, kind, got.body, request.max_body)
        else:
            raise ForeignError(415, f"{kind[:80]} is nothing for a phone")
        return self._decks(lambda *places: deck.cut(document, target, *places), asked, posted)

    def _decks(self, cut: Cut, asked: Asked, posted: bool) -> tuple[str, tuple[str, ...]]:
        """The decks of a page, and the token under which they are kept where they came of a form."""
        token = secrets.token_urlsafe(9) if posted else ""
        shown = Links(asked.url, asked.url, self._may_link).shown

        def place(number: int) -> str:
            return shown(marked(asked.url, deck=number if number > 1 or token else 0, token=token))

        try:
            return token, cut(place, f"{self._origins.home}{ROOT}/", self._words)
        except (deck.TooLarge, BadDeck) as error:
            raise ForeignError(413, str(error)) from error

    def _may_link(self, url: str) -> bool:
        return self._origins.place(url) in (Place.ORIGIN, Place.PORTAL)

    async def _deck(self, kept: _Kept, number: int, device: Device) -> WspReply:
        markup = kept.decks[min(number, len(kept.decks)) - 1]
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(None, lambda: compile_xml(markup, charset=device.charset))
        return WspReply(kept.status, WMLC, kept.headers, body)

    # -- pages that are kept --------------------------------------------------------------------------

    def _recall(self, key: tuple[object, ...]) -> _Kept | None:
        found = self._kept.get(key)
        return found if found is not None and found.until > self._clock() else None

    def _keep(self, key: tuple[object, ...], kept: _Kept) -> None:
        before = self._kept.pop(key, None)
        self._octets += kept.octets - (before.octets if before is not None else 0)
        self._kept[key] = kept
        while self._octets > KEPT_OCTETS:
            _, oldest = self._kept.popitem(last=False)
            self._octets -= oldest.octets


def words_in(t: Text) -> Words:
    """What the gateway says on converted pages, in one language."""
    return Words(
        back=t.gettext("返回"),
        next=t.gettext("下一页"),
        previous=t.gettext("上一页"),
        home=t.gettext("首页"),
        send=t.gettext("提交"),
        picture=t.gettext("图片"),
        follow=t.gettext("打开"),
    )


def _said(request: WspRequest) -> dict[str, str]:
    """What the origin is told: no more than it needs to answer, and nothing of whose phone it is."""
    passed = {name: request.header(name)[:500] for name in ("User-Agent", "Accept-Language")}
    said = {name: value for name, value in passed.items() if value}
    return said | {"Accept": ACCEPT, "Accept-Charset": "utf-8, gb18030;q=0.9, *;q=0.5", "Content-Type": FORM}


def _form(asked: Asked, request: WspRequest, charset: str) -> tuple[str, bytes | None]:
    """The address to ask, and the form to post to it, in the character set that its page wants.

    charset   in which the phone sends a form where it does not say so itself
    """
    posted = request.method == "POST"
    if request.method not in ("GET", "HEAD", "POST"):
        raise ForeignError(501, f"{request.method} is not passed on")
    if not posted:
        if not asked.to:
            return asked.url, None
        address = urlsplit(asked.url)
        return urlunsplit(address._replace(query=recoded(address.query, charset, asked.to))), None
    kind, _, parameters = request.header("content-type").partition(";")
    if len(request.body) > LONGEST_FORM:
        raise ForeignError(413, "too long a form")
    if kind.strip().lower() not in ("", FORM):
        raise ForeignError(415, f"a form as {kind[:60]}")
    found = re.search(r"charset=\"?([\w.-]+)", parameters)
    source = found[1] if found else charset
    return asked.url, recoded(request.body.decode("latin-1"), source, asked.to or source).encode("latin-1")


def _whole(status: int, kind: str, body: bytes, room: int) -> WspReply:
    if len(body) > room:
        raise ForeignError(413, f"{len(body)} octets for a phone that takes {room}")
    return WspReply(status, kind, (), body)


def _sniffed(kind: str, markup: str) -> str:
    """The media type, set right where it says text or nothing and the page says what it is."""
    if kind not in ("", "text/plain", "text/xml", "application/xml", "application/octet-stream", *XHTML):
        return kind
    found = _ROOT.match(markup[:4_000])
    root = found[1].lower() if found else ""
    if root == "wml":
        return WML
    if root == "html" and kind not in XHTML:
        return "text/html"
    return kind or ("text/html" if root else "text/plain")


def _charset(content_type: str, codec: str) -> str:
    found = re.search(r"charset=\"?([\w.-]+)", content_type)
    return found[1] if found else codec


def _accepts(request: WspRequest, kind: str) -> bool:
    """Whether the phone names this very type among those that it takes."""
    return bool(kind) and kind in {
        part.partition(";")[0].strip().lower() for part in request.header("accept").split(",")
    }
