"""PageHandler: what every page handler of both editions stands on.

A handler asks the mirror, shapes a page and shows it; whatever the mirror raises becomes the
edition's own error page through one table.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from tornado.web import HTTPError, RequestHandler

from portal.cases import CaseDesk, OriginAway
from portal.errors import MirrorAway, NotFound, PortalError, Withdrawn
from portal.letters.service import Letters
from portal.maps.places import Places
from portal.search.finding import Finding
from portal.search.service import NumberBox
from portal.settings import Settings
from portal.store import Mirror
from portal.tries import TooManyTries

log = logging.getLogger("sunshine")

STATUS: dict[type[PortalError], int] = {
    NotFound: 404,
    Withdrawn: 410,
    MirrorAway: 503,
    OriginAway: 503,
    TooManyTries: 429,
}
"""Which status a viewer's box is told for each error of the mirror."""

RETRY_SECONDS = 30


@dataclass(frozen=True)
class Context:
    """What the edges hand to every handler.

    clock    tells the time in the city's own zone
    finding  number box, word search, ways in; who made the context starts and stops it
    cases    asks the origin how a case stands, None where the site file names no address for that
    letters  citizens' letters, None where this server has no letter box
    strict   a page that fails its proof is an error (tests), not repaired and logged
    """

    mirror: Mirror
    settings: Settings
    clock: Callable[[], datetime]
    finding: Finding
    strict: bool = False
    letters: Letters | None = None
    cases: CaseDesk | None = None

    @cached_property
    def places(self) -> Places:
        """Where the units are."""
        return Places(self.mirror)

    @property
    def number_box(self) -> NumberBox:
        """What answers digits and names."""
        return self.finding.box


class PageHandler(RequestHandler):
    """A handler that turns every failure into a page of its edition."""

    def initialize(self, context: Context) -> None:
        """Called by Tornado with the arguments of the route."""
        self.ctx = context

    @property
    def today(self) -> str:
        """The day in the city, YYYY-MM-DD."""
        return self.ctx.clock().strftime("%Y-%m-%d")

    def decode_argument(self, value: bytes, name: str | None = None) -> str:
        """What stands in an address, whatever its octets are: what cannot be read is no reason to refuse."""
        # Tornado asks for the parts of a route that an address has not, too: they are None, and stay so.
        return value if value is None else value.decode("utf-8", "replace")

    async def head(self, *args: str, **kwargs: str) -> None:
        """The headers of the page (RFC 9110 9.3.2); Tornado leaves the body out."""
        answer = self.get(*args, **kwargs)
        if answer is not None:
            await answer

    def set_default_headers(self) -> None:
        """No page says which server made it, is sniffed into another type, or stands in a foreign frame."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Tornado's hook for whatever was raised."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        known = error if isinstance(error, PortalError) else None
        if known is not None:
            status_code = next((s for cls, s in STATUS.items() if isinstance(known, cls)), 500)
            self.set_status(status_code)
        if status_code == 503:
            self.set_header("Retry-After", str(RETRY_SECONDS))
        self.set_header("Cache-Control", "no-store")
        self.show_error(status_code, known)
        if not self._finished:
            self.finish()

    def show_error(self, status: int, error: PortalError | None) -> None:
        """Write the page for an error. An edition overrides this with a page of its own look."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.write(f"{status}\n")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """The mirror's own answers are news, not faults: one line, no traceback."""
        if isinstance(value, PortalError):
            log.info("%s %s: %s", self.request.method, self.request.path, value)
        elif isinstance(value, HTTPError):
            log.info("%s %s: %s", self.request.method, self.request.path, value.status_code)
        else:
            log.error("%s %s", self.request.method, self.request.path, exc_info=(typ, value, tb))


class NoSuchPage(PageHandler):
    """Every address that no route knows."""

    def prepare(self) -> None:
        """Raise the 404 that the edition shows."""
        raise NotFound(self.request.path)


def request_log(handler: RequestHandler) -> None:
    """One access line a request, without the query: what people search for is theirs."""
    request = handler.request
    log.info(
        "%d %s %s %.1fms",
        handler.get_status(),
        request.method,
        request.path,
        1000.0 * request.request_time(),
    )
