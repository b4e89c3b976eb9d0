"""`/p/`: a code in, the sheet out, as a page and as a PDF.

/p/             the form                    /p/?c=123456      leads to its sheet
/p/123456       the page to read or print   /p/123456.pdf     the same as a PDF
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import quote, unquote

from babel import negotiate_locale
from tornado.web import RequestHandler

from portal.errors import NotFound, PortalError
from portal.fonts import has_font
from portal.http.base import Context, PageHandler
from portal.http.caller import caller_of
from portal.sheet.codes import Codes
from portal.sheet.desk import NoPdfNow, Printer, sheet_of
from portal.sheet.page import form, to_html
from portal.text import LOCALES, Text, text
from portal.tries import TRIES_SECONDS, TooManyTries

FRESH_SECONDS = 600
MOST_TYPED = 40


class _Sheets(PageHandler):
    """What both handlers share."""

    def initialize(self, context: Context, printer: Printer, pdf: bool) -> None:  # type: ignore[override]
        """Called by Tornado with the arguments of the route. `pdf`: whether PDFs can be made here."""
        super().initialize(context)
        self.printer = printer
        self.pdf = pdf

    @property
    def words(self) -> Text:
        """The words of who asks: what the browser prefers, else the installation's."""
        header = self.request.headers.get("Accept-Language", "")[:200]
        wanted = [part.partition(";")[0].strip() for part in header.split(",")[:10]]
        spoken = {
            "zh": "zh-Hans",
            "zh-CN": "zh-Hans",
            "zh-SG": "zh-Hans",
            "zh-TW": "zh-Hant",
            "zh-HK": "zh-Hant",
        }
        known = [spoken.get(each, "en" if each.startswith("en") else each) for each in wanted]
        return text(negotiate_locale(known, LOCALES, sep="-") or self.ctx.settings.locale)

    @property
    def small(self) -> bool:
        """Whether it is a phone that reads WML and no HTML."""
        accept = self.request.headers.get("Accept", "")
        return "vnd.wap.wml" in accept and "html" not in accept

    def prepare(self) -> None:
        """Send a phone that reads WML alone to its own pages, where it is told too what is wrong."""
        if self.small:
            said = self.request.path.partition("/p/")[2].partition(".")[0][:MOST_TYPED]
            typed = self.get_query_argument("c", "")[:MOST_TYPED] or unquote(said, errors="replace")
            self.set_header("Cache-Control", "no-store")
            self.redirect(f"/wap/p?c={quote(typed)}" if typed else "/wap/p")

    def show_error(self, status: int, error: PortalError | None) -> None:
        """The form again, with what was wrong."""
        t = self.words
        if isinstance(error, TooManyTries):
            self.set_status(429)
            self.set_header("Retry-After", str(TRIES_SECONDS))
            said = t.gettext("输错太多次了，请过十分钟再试。")
        elif isinstance(error, NoPdfNow):
            self.set_status(503)
            said = t.gettext("现在打印的人太多，请稍后再试。")
        elif status in (404, 410):
            said = t.gettext("没有这个数字，或者已经过期。请看电视上的数字再输一次。")
        else:
            said = t.gettext("暂时打不开，请稍后再试。")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(form(t, said))


class CodeHandler(_Sheets):
    """The form, and where a typed code leads."""

    def get(self) -> None:
        """Show the form; with a code, go to its sheet."""
        typed = self.get_query_argument("c", "")[:MOST_TYPED]
        self.set_header("Cache-Control", "no-store")
        if not typed:
            self.set_header("Vary", "Accept, Accept-Language")
            self.write(form(self.words))
            return
        digits = re.sub(r"[\s-]", "", typed)
        if not (digits.isascii() and digits.isdigit()):
            raise NotFound("no code")
        self.redirect(f"/p/{digits}")


class SheetHandler(_Sheets):
    """A sheet by its code."""

    async def get(self, code: str, ending: str | None) -> None:
        """Show the sheet of a code."""
        mirror = self.ctx.mirror
        codes = Codes(mirror.redis, mirror.keys.site_id, secrets.randbelow)
        carried = await codes.open(code, caller_of(self.request, self.ctx.settings.trusted_proxies).address)
        t = text(carried.locale)
        self.set_header("Cache-Control", f"private, max-age={FRESH_SECONDS}")
        sheet = await sheet_of(mirror, carried.item, t, self.today)
        if ending and self.pdf:
            body = await self.printer.pdf(sheet, t.tag)
            self.set_header("Content-Type", "application/pdf")
            self.set_header("Content-Disposition", f'inline; filename="{code}.pdf"')
            self.write(body)
            return
        self.set_header("Vary", "Accept")
        self.write(to_html(sheet, t, f"/p/{code}.pdf" if self.pdf else ""))


class NoCodeHandler(_Sheets):
    """What stands where a code belongs and is none: the form again, with why."""

    def get(self) -> None:
        """Ask for the digits once more."""
        raise NotFound("no code")


def routes(context: Context) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of sheets for the server."""
    arguments: dict[str, Any] = {"context": context, "printer": Printer(), "pdf": has_font()}
    return [
        (r"/p/?", CodeHandler, arguments),
        (r"/p/([0-9]{1,12})(\.pdf)?", SheetHandler, arguments),
        (r"/p/.*", NoCodeHandler, arguments),
    ]
