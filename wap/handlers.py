"""The phone edition over HTTP: a thin edge around edition.py."""

from __future__ import annotations

from urllib.parse import quote

from portal.errors import PortalError
from portal.http.base import Context, PageHandler
from wap.edition import ROOT, Answer, Edition

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
        # Old phones send what is typed as it is, in octets; Tornado reads each as one character.
        target = quote((self.request.uri or "/").encode("latin-1", "replace"), safe=_IN_ADDRESS)
        self._send(await self.edition.answer(target, self._asked()))

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


def routes(context: Context) -> list[tuple[str, type[WapHandler], dict[str, object]]]:
    """The edition's routes for the server."""
    return [(rf"{ROOT}(?:/.*)?", WapHandler, {"context": context, "edition": Edition(context)})]
