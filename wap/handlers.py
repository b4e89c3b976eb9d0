"""The phone edition over HTTP: a thin edge around edition.py."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from tornado.web import HTTPError

from portal.errors import PortalError
from portal.http.base import Context, NoSuchPage, PageHandler
from portal.http.caller import caller_of
from portal.http.front import is_phone
from portal.text import LOCALES
from wap.edition import ROOT, Answer, Edition
from wap.letters import LettersEdition

_IN_ADDRESS = "".join(map(chr, range(0x21, 0x7F)))
"""What stands for itself in an address that came from outside, escapes included."""


class WapHandler(PageHandler):
    """Every address of the edition."""

    def initialize(self, context: Context, edition: Edition) -> None:  # type: ignore[override]
        """Called by Tornado with the arguments of the route."""
        super().initialize(context)
        self.edition = edition

    async def get(self) -> None:
        """Answer the page, in the markup and size of the phone that asks."""
        await self._answer((self.request.uri or "/").encode("latin-1", "replace"))

    async def post(self) -> None:
        """The same page for a phone, or a proxy before it, that sends the fields of every form in a body."""
        await self._answer(self.request.path.encode("latin-1", "replace") + b"?" + self.request.body)

    async def _answer(self, asked: bytes) -> None:
        # Old phones send what is typed as it is, in octets; Tornado reads each as one character.
        target = quote(asked, safe=_IN_ADDRESS)
        phone = caller_of(self.request, self.ctx.settings.trusted_proxies).address
        self._send(await self.edition.answer(target, self._asked(), phone=phone))

    def show_error(self, status: int, error: PortalError | None) -> None:
        """A fault that the edition has not made a page of."""
        self._send(self.edition.fault(self.request.path, self._asked(), status))

    def _asked(self) -> dict[str, str]:
        return dict(self.request.headers.get_all())

    def _send(self, answer: Answer) -> None:
        self.set_status(answer.status)
        for name, value in answer.headers:
            self.set_header(name, value)
        self.write(answer.body)


class Elsewhere(NoSuchPage, WapHandler):
    """Every address that no route of the server knows: for a phone a page of its own, for others a line."""

    def show_error(self, status: int, error: PortalError | None) -> None:
        """The page of the edition, or the line."""
        asked = self._asked()
        if is_phone(asked.get("User-Agent", ""), asked.get("Accept", "")):
            super().show_error(status, error)
        else:
            PageHandler.show_error(self, status, error)


class LettersHandler(PageHandler):
    """Letters on phones."""

    def initialize(self, context: Context, edition: LettersEdition) -> None:  # type: ignore[override]
        """Called by Tornado with the arguments of the route."""
        super().initialize(context)
        self.edition = edition

    async def get(self) -> None:
        """A page."""
        await self._answer(None)

    async def post(self) -> None:
        """A form of our own; one that another site has sent is refused."""
        origin = self.request.headers.get("Origin", "")
        foreign = self.request.headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site")
        if foreign or (origin and urlsplit(origin).netloc != self.request.host):
            raise HTTPError(403)
        await self._answer(self.request.body)

    async def _answer(self, body: bytes | None) -> None:
        caller = caller_of(self.request, self.ctx.settings.trusted_proxies)
        asked = dict(self.request.headers.get_all())
        answer = await self.edition.answer(self.request.uri or "/", asked, caller, body)
        self.set_status(answer.status)
        for name, value in answer.headers:
            self.set_header(name, value)
        self.write(answer.body)


def routes(context: Context) -> list[tuple[str, type[PageHandler], dict[str, object]]]:
    """The edition's routes for the server."""
    letters = {"context": context, "edition": LettersEdition(context)}
    return [
        (rf"{ROOT}(?:/(?:{'|'.join(LOCALES)}))?/l(?:/.*)?", LettersHandler, letters),
        (rf"{ROOT}(?:/.*)?", WapHandler, {"context": context, "edition": Edition(context)}),
    ]
