"""The web server of the origin city: conditional answers, faults, and the control address for them."""

from __future__ import annotations

import asyncio
import email.utils
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone

from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

from demo.city import City, build
from demo.faults import Fault, Faults, Wrong, WrongFault, read, spoil
from demo.pages import Page, Portal, View

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
LOOPBACK = {"127.0.0.1", "::1"}
# Connections that a slow client holds open do not keep more than this in memory at once.
PIECE = 65536


class Origin:
    """What the handlers share: the portal of the day, and the faults."""

    def __init__(self, today: Callable[[], City], faults: Faults) -> None:
        self._today = today
        self._portal: Portal | None = None
        self._drawn: dict[tuple[str, str], Page | None] = {}
        self.faults = faults

    def portal(self) -> Portal:
        """The portal as it is today; a new day brings a new one."""
        city = self._today()
        if self._portal is None or self._portal.city is not city:
            self._portal = Portal(city)
            self._drawn.clear()
        return self._portal

    def page(self, path: str, view: View, home: str, keep: bool) -> Page | None:
        """A page, kept once drawn where nothing spoils it."""
        portal = self.portal()
        if not keep:
            return portal.page(path, view, home)
        if (path, home) not in self._drawn:
            page = portal.page(path, view, home)
            if page is None:
                return None
            self._drawn[path, home] = page
        return self._drawn[path, home]


class PageHandler(RequestHandler):
    """Every address of the portal."""

    def initialize(self, origin: Origin) -> None:
        self._origin = origin

    def compute_etag(self) -> str | None:
        """None: answers carry their own."""
        return None

    async def get(self) -> None:
        """A page, an unchanged one (304), or what a fault makes of it."""
        path = self.request.uri or "/"
        await self._answer(path)

    async def head(self) -> None:
        """As GET, without the bytes."""
        await self.get()

    async def post(self) -> None:
        """JCMS's list gateway is asked by POST as well; nothing else is."""
        if self.request.path != "/module/web/jpage/dataproxy.jsp":
            self.send_error(405)
            return
        form = self.request.body.decode("utf-8", "replace")
        mark = "&" if self.request.query else "?"
        await self._answer(f"{self.request.uri}{mark}{form}")

    async def _answer(self, path: str) -> None:
        faults = self._origin.faults
        spoilt = bool(faults.listed())
        fault = faults.at(path)
        home = f"{self.request.protocol}://{self.request.host}"
        bare = path.partition("?turn=")[0]
        page = self._origin.page(bare, faults.view(fault), home, keep=not spoilt)
        if fault and fault.wrong is Wrong.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault and (page or fault.wrong is not Wrong.TRUNCATED):
            page = spoil(page or _missing(), fault, path)
        page = page or _missing()
        if spoilt and fault is None:
            # Lists may miss items under a fault elsewhere: only the ETag tells the truth then.
            page = Page(page.body, page.content_type, "", page.status, page.headers)
        await self._send(page, fault)

    async def _send(self, page: Page, fault: Fault | None) -> None:
        self.set_status(page.status)
        self.set_header("Server", "Apache")
        self.set_header("Content-Type", page.content_type)
        for name, value in page.headers:
            self.set_header(name, value)
        if page.status == 200:
            tag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            self.set_header("ETag", tag)
            if page.modified:
                self.set_header("Last-Modified", http_date(page.modified))
            cut = fault is not None and fault.wrong in {Wrong.TRUNCATED, Wrong.HUGE}
            if not cut and self._unchanged(tag, page.modified):
                self.set_status(304)
                self.clear_header("Content-Type")
                return
        if fault and fault.wrong is Wrong.TRUNCATED:
            self._cut(page.body)
            return
        if fault and fault.wrong is Wrong.HUGE:
            await self._swell(page.body, fault.size)
            return
        self.finish(page.body)

    def _unchanged(self, tag: str, modified: str) -> bool:
        """RFC 9110 13.1: If-None-Match counts; If-Modified-Since only without it."""
        asked = self.request.headers.get("If-None-Match")
        if asked is not None:
            tags = [one.strip().removeprefix("W/") for one in asked.split(",")]
            return tag in tags or "*" in tags
        since = self.request.headers.get("If-Modified-Since")
        if not since or not modified:
            return False
        try:
            return email.utils.parsedate_to_datetime(since) >= _moment(modified)
        except (TypeError, ValueError):
            return False

    def _cut(self, body: bytes) -> None:
        """Promise the whole page, send half of it and hang up."""
        stream = self.request.connection.detach() if self.request.connection else None  # type: ignore[attr-defined]  # HTTP1Connection has it, its interface has not
        if stream is None:
            return
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self._headers['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
        stream.write(head.encode() + body[: len(body) // 2]).add_done_callback(lambda _: stream.close())
        self._finished = True

    async def _swell(self, body: bytes, size: int) -> None:
        """Send the page and go on with blank lines up to `size` octets."""
        with suppress(StreamClosedError):  # a wise client hangs up
            self.write(body)
            await self.flush()
            for _ in range(max(0, size - len(body)) // PIECE + 1):
                self.write(b"\n" * PIECE)
                await self.flush()


class ControlHandler(RequestHandler):
    """`/_control/faults`: GET lists the faults, POST sets or heals one, DELETE heals all. Loopback only."""

    def initialize(self, origin: Origin) -> None:
        self._faults = origin.faults

    def prepare(self) -> None:
        """Strangers are not let in."""
        if self.request.remote_ip not in LOOPBACK:
            self.send_error(403)

    def get(self) -> None:
        """What is in force."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(json.dumps({prefix: asdict(fault) for prefix, fault in self._faults.listed().items()}))

    def post(self) -> None:
        """Set or heal one; see demo.faults.read."""
        try:
            prefix, fault = read(self.request.body)
        except WrongFault as error:
            self.set_status(400)
            self.finish(f"{error}\n")
            return
        if fault is None:
            self._faults.clear(prefix)
        else:
            self._faults.set(prefix, fault)
        self.get()

    def delete(self) -> None:
        """Heal all."""
        self._faults.clear()
        self.get()


def make_app(city: City | None = None, faults: Faults | None = None) -> Application:
    """The portal as a Tornado application.

    city    stands still on its day; None follows the calendar       faults  none by default
    """
    today = Calendar() if city is None else (lambda: city)
    origin = Origin(today, faults or Faults())
    given = {"origin": origin}
    return Application([(r"/_control/faults", ControlHandler, given), (r"/.*", PageHandler, given)])


class Calendar:
    """The city of the present day in its own time zone."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(ZONE)) -> None:
        self._now = now
        self._city: City | None = None

    def __call__(self) -> City:
        now = self._now().astimezone(ZONE)
        if self._city is None or self._city.today != now.date():
            self._city = build(now.date(), f"{now:%H:%M}")
        return self._city


def http_date(moment: str) -> str:
    """A moment of the city (YYYY-MM-DD HH:MM) as an HTTP date."""
    return email.utils.format_datetime(_moment(moment).astimezone(UTC), usegmt=True)


def _moment(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def _missing() -> Page:
    text = '<html><head><meta charset="utf-8"><title>404 Not Found</title></head><body><h1>404</h1><p>页面不存在</p></body></html>'
    return Page(text.encode(), "text/html; charset=utf-8", status=404)
