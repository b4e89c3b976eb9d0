"""The ways in: a box that asks for `/tv/`, an operator's portal, a receiver that reads the AIT, a QR code."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import segno
from tornado.web import RequestHandler

from portal.errors import NotFound
from portal.http.base import Context, PageHandler
from portal.model import name_in
from portal.text import text
from remote_nav.keymap import TABLE_OF, TABLES
from remote_nav.learn import encode
from remote_nav.profile import Recognised, identify
from stb_app.address import Edition, Place, href
from stb_app.ait import LANGUAGES, MIME, Signalling, ait
from stb_app.operators import NOBODY, Operator

SMALL_SCREEN = 1000
"""Px: a box that nobody knows and whose screen is narrower gets SMALL_PROFILE."""

SMALL_PROFILE = "dvn-sd"
"""The plainest small edition: HTML 4 and handlers that return true or false."""


def edition_of(box: Recognised) -> Edition:
    """The edition of a box. A table of keys that is not its profile's own travels as learned keys."""
    own = box.keys == TABLE_OF[box.profile]
    return Edition(box.profile, keys="" if own else encode(TABLES[box.keys].codes))


class TvRootHandler(PageHandler):
    """`/tv/`: recognise the box and send it to its edition; `?operator=NAME&...` is an operator's portal."""

    def initialize(self, context: Context, operators: Mapping[str, Operator] = NOBODY) -> None:
        """Called by Tornado with the arguments of the route."""
        super().initialize(context)
        self.operators = operators

    def get(self) -> None:
        """Redirect to the edition of this box, or to the page that learns its keys."""
        headers = self.request.headers
        lang = preferred_language(headers.get("Accept-Language", ""), self.ctx.settings.locale)
        box = identify(headers.get("User-Agent", ""))
        edition, sure = replace(edition_of(box), lang=lang), box.sure
        operator = self.operators.get(self.get_query_argument("operator", ""))
        if operator is not None:
            edition = self._through(operator, edition)
            sure = sure or bool(operator.profile)
        self.set_header("Vary", "User-Agent, Accept-Language")
        self.set_header("Cache-Control", "no-store")
        self.redirect(href(edition, Place() if sure else Place("keys")))

    def _through(self, operator: Operator, edition: Edition) -> Edition:
        """What the address keeps of how an operator's portal opened us: nothing that names a household."""
        area = self.get_query_argument(operator.area, "") if operator.area else ""
        asked = self.get_query_argument(operator.back, "") if operator.back else ""
        if operator.profile:
            edition = Edition(operator.profile, edition.lang)
        return replace(
            edition,
            operator=operator.name,
            area=area if area in operator.areas else "",
            way_back=operator.way_back(asked),
        )


def preferred_language(accept: str, default: str) -> str:
    """The first of our languages that an Accept-Language header names; Chinese by its region or script."""
    for part in accept[:400].split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
            return "zh-Hant"
        if tag.startswith("zh"):
            return "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return default


class AitHandler(PageHandler):
    """`/tv/ait.xml`: the application for HbbTV receivers."""

    async def get(self) -> None:
        """The table, with the city's name in each language as far as the site file gives it."""
        settings = self.ctx.settings
        base = settings.public_url or f"{self.request.protocol}://{self.request.host}"
        site, hant = await self.ctx.mirror.site(), await self.ctx.mirror.site("hant")
        names = [
            (code, name_in(site.names, tag, (hant if text(tag).variant else site).name))
            for tag, code in LANGUAGES
        ]
        self.set_header("Content-Type", f"{MIME}; charset=utf-8")
        # Made from the Host header where no address is set: then no cache on the way may keep it.
        self.set_header("Cache-Control", "public, max-age=3600" if settings.public_url else "no-store")
        self.write(
            ait(
                Signalling(
                    settings.hbbtv_control,
                    settings.hbbtv_org,
                    settings.hbbtv_app,
                    names,
                    base.rstrip("/") + "/",
                    _host_of(base),
                )
            )
        )


def _host_of(base: str) -> str:
    """The host of our own address. NotFound where the browser's Host header is none."""
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise NotFound("this server has no address: set PUBLIC_URL")
    return host


class QrHandler(PageHandler):
    """`/tv/qr.png?u=ADDRESS`: the code of an address of our own."""

    def get(self) -> None:
        """Draw the code; only phone pages and sheets of this server or of PUBLIC_URL have one."""
        address = self.get_query_argument("u", "")[:300]
        bases = [f"{self.request.protocol}://{self.request.host}"]
        if self.ctx.settings.public_url:
            bases.append(self.ctx.settings.public_url.rstrip("/"))
        own = tuple(f"{base}/{part}/" for base in bases for part in ("wap", "p"))
        if not address.startswith(own) and address not in {f"{base}/go.html" for base in bases}:
            raise NotFound("a code is drawn for pages of this portal only")
        self.set_header("Content-Type", "image/png")
        # The address of a letter holds the digits that open it on a phone: nobody on the way keeps those.
        kept = "no-store" if "/l/" in address else "public, max-age=86400"
        self.set_header("Cache-Control", kept)
        out = io.BytesIO()
        segno.make(address, error="m").save(
            out, kind="png", scale=12, border=4, dark="#0d1826", light="#f1eee6"
        )
        self.write(out.getvalue())


def routes(
    context: Context, operators: Mapping[str, Operator]
) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of the ways in."""
    arguments = {"context": context}
    return [
        (r"/tv/qr\.png", QrHandler, arguments),
        (r"/tv/ait\.xml", AitHandler, arguments),
        (r"/tv/?", TvRootHandler, {"context": context, "operators": operators}),
    ]
