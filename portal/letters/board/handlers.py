"""`/board/`: the week's figures for everybody, as a page and as a PDF, and the pictures of bars.

/board/               this week            /board/2026-11-23       the week that begins on that Monday
/board/2026-11-23.pdf the same on paper    /media/ba55.../WxH.ENDING    bars
"""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from babel import negotiate_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.web import RequestHandler

from portal.errors import NotFound, PortalError
from portal.fonts import has_font
from portal.http.base import Context, PageHandler
from portal.http.pictures import MIMES
from portal.letters.board import bars
from portal.letters.board.cache import Weeks, this_week, weeks_of
from portal.letters.board.digest import (
    CHARTED,
    UNIT_NAME,
    UNITS_AT_ONCE,
    Digest,
    digest,
    height_of,
    unit_pictures,
)
from portal.letters.board.pdf import to_pdf
from portal.letters.officeweb import OfficeContext, OfficeHandler
from portal.text import LOCALES, Text, text

FRESH_SECONDS = 60
AT_ONCE = 2
_SIZE = r"(\d{1,4})x(\d{1,4})(c?)\.(jpg|png|gif|wbmp)"
_room = asyncio.Semaphore(AT_ONCE)
_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_SPOKEN = {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant"}


class _Board(OfficeHandler):
    """What page and paper share."""

    def initialize(self, of: OfficeContext, weeks: Weeks) -> None:  # type: ignore[override] # its routes give both
        """Called by Tornado with the arguments of the route."""
        super().initialize(of)
        self.weeks = weeks

    @property
    def words(self) -> Text:
        """The words of who asks."""
        asked = self.get_query_argument("lang", "")
        if asked in LOCALES:
            return text(asked)
        header = self.request.headers.get("Accept-Language", "")[:200]
        wanted = [part.partition(";")[0].strip() for part in header.split(",")[:10]]
        known = [_SPOKEN.get(each, "en" if each.startswith("en") else each) for each in wanted]
        return text(negotiate_locale(known, LOCALES, sep="-") or self.ctx.settings.locale)

    async def digest(self, written: str | None) -> Digest:
        """The digest of a week. NotFound."""
        now = self.ctx.clock()
        try:
            monday = date.fromisoformat(written) if written else this_week(now)
        except ValueError:
            raise NotFound(f"no week {written}") from None
        board = await self.weeks.board(monday, now)
        return digest(board, self.letters.rules, self.words, now)

    async def city(self) -> str:
        """The city's name; the signature of its texts while the mirror is away."""
        try:
            return (await self.ctx.mirror.site()).name
        except PortalError:
            return self.letters.rules.sms.signature

    def fresh(self) -> None:
        """Figures of a minute ago will do; they are everybody's."""
        self.set_header("Cache-Control", f"public, max-age={FRESH_SECONDS}")
        self.set_header("Vary", "Accept-Language")


class Page(_Board):
    """The week's figures for a computer."""

    async def get(self, monday: str | None) -> None:
        """Show them."""
        found = await self.digest(monday)
        t = self.words
        ground = bars.ground_of(t.tag, dark=False)
        self.fresh()
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'"
        )
        self.write(
            _environment.get_template("board.html").render(
                _=t.gettext,
                lang=t.tag,
                city=await self.city(),
                digest=found,
                bars=picture_of(found, t),
                units=[
                    (
                        found.total.measures[measure].name,
                        f"/media/{name}/{bars.WIDTH}x{height_of(found, at)}.png",
                    )
                    for measure in CHARTED
                    for at, name in enumerate(unit_pictures(found, ground, measure))
                ],
                width=bars.WIDTH,
                height=bars.HEIGHT,
                monday=found.span.first.isoformat(),
                paper=has_font(),
            )
        )


class Paper(_Board):
    """The same on A4."""

    async def get(self, monday: str) -> None:
        """The PDF."""
        found = await self.digest(monday)
        city = await self.city()
        async with _room:
            body = await asyncio.to_thread(to_pdf, found, self.words, city)
        self.fresh()
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'inline; filename="board-{found.span.first}.pdf"')
        self.write(body)


class Bars(PageHandler):
    """A picture of bars; it is made of its own name, so it never changes."""

    async def get(self, name: str, width: str, height: str, cover: str, ending: str) -> None:
        """Draw it."""
        async with _room:
            body = await asyncio.to_thread(bars.picture, name, int(width), int(height), ending)
        self.set_header("Content-Type", MIMES[ending])
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.write(body)


class UnitBars(_Board):
    """One measure over the units of a week as a picture; it grows with the week."""

    async def get(
        self, day: str, digit: str, measure: str, part: str, width: str, height: str, cover: str, ending: str
    ) -> None:
        """Draw it."""
        now = self.ctx.clock()
        try:
            monday = date.fromisoformat(day)
        except ValueError:
            raise NotFound(f"no week {day}") from None
        t = text(bars.ground(int(digit))[0])
        found = digest(await self.weeks.board(monday, now), self.letters.rules, t, now)
        units = found.units[int(part) * UNITS_AT_ONCE : (int(part) + 1) * UNITS_AT_ONCE]
        if not units:
            raise NotFound(f"no units in {self.request.path}")
        names = [group.name for group in units]
        shares = [group.measures[int(measure)].share for group in units]
        async with _room:
            body = await asyncio.to_thread(
                bars.encoded, names, shares, int(width), int(height), ending, int(digit)
            )
        self.fresh()
        self.set_header("Content-Type", MIMES[ending])
        self.write(body)


def picture_of(found: Digest, t: Text) -> str:
    """The address of the picture of a digest's bars, for a computer."""
    name = bars.name([measure.share for measure in found.total.measures], t.tag)
    return f"/media/{name}/{bars.WIDTH}x{bars.HEIGHT}.png"


def routes(of: OfficeContext) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of the board for the server; they stand before those of the mirror's pictures."""
    arguments: dict[str, Any] = {"of": of, "weeks": weeks_of(of.letters)}
    return [
        (r"/board/?(?:([0-9]{4}-[0-9]{2}-[0-9]{2}))?", Page, arguments),
        (r"/board/([0-9]{4}-[0-9]{2}-[0-9]{2})\.pdf", Paper, arguments),
        (rf"/media/{UNIT_NAME}/{_SIZE}", UnitBars, arguments),
        picture_route(of.context),
    ]


def picture_route(context: Context) -> tuple[str, type[RequestHandler], dict[str, Any]]:
    """The route of bars."""
    return (
        rf"/media/({bars.NAME})/{_SIZE}",
        Bars,
        {"context": context},
    )
