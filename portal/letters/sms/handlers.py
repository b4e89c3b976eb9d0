"""Where the gateway hands us a text: Kannel's `get-url`, which texts back what we answer.

/sms/in       from, text, charset, id (%p, %b, %C, %I of Kannel), key      /sms/report   deliveries

Kannel gives a text's octets as the phone sent them (UTF-16BE for Chinese) and names their charset; it
takes our answer for Latin letters unless X-Kannel-Coding says otherwise (`accept-x-kannel-headers = true`).
Only the gateways of the office file are heard, and only with their key.
"""

from __future__ import annotations

import codecs
import hmac
import logging
from collections import Counter
from ipaddress import ip_address, ip_network
from typing import Any

from tornado.web import HTTPError, RequestHandler

from portal.errors import NotFound
from portal.letters.errors import LettersAway, NotStored
from portal.letters.numbers import is_telephone, plain_telephone
from portal.letters.officeweb import OfficeContext, OfficeHandler
from portal.letters.sms.answering import Answering
from portal.letters.sms.gateway import UCS2

log = logging.getLogger("sunshine.letters")

LONGEST = 4_000
"""Octets of a text: ten messages are 1340."""

CHARSETS = ("UTF-16BE", "UTF-8", "ISO-8859-1", "GBK", "GB18030", "GB2312")
REPORTS = {"1": "delivered", "2": "failed", "4": "buffered", "8": "accepted", "16": "rejected"}
"""Kannel's types of delivery reports (userguide, "Delivery reports")."""

counts: Counter[str] = Counter()
"""Reports by what they say, for the metrics."""


class _FromGateway(OfficeHandler):
    """What is the gateway's alone."""

    def prepare(self) -> None:
        """Refuse everybody else; to strangers there is nothing here."""
        key = self.office.secrets.get("sms.in_key_file", "")
        given = self.request.headers.get("X-Key", "") or self.get_query_argument("key", "")
        if not key or not hmac.compare_digest(given.encode(), key.encode()):
            raise NotFound(self.request.path)
        try:
            address = ip_address(self.caller.address)
        except ValueError:
            raise NotFound(self.request.path) from None
        if not any(address in ip_network(network) for network in self.office.sms.gateways):
            raise NotFound(self.request.path)


class Incoming(_FromGateway):
    """A text from a citizen."""

    async def get(self) -> None:
        """Do what it asks; the body is the text that goes back."""
        sender = self.get_query_argument("from")[:40]
        said = _decoded(
            self.request.query_arguments.get("text", [b""])[-1], self.get_query_argument("charset", "")
        )
        name = self.get_query_argument("id", "")[:100]
        if not name:
            raise HTTPError(400, "a text without an id: give id=%%I in get-url")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Kannel-Coding", UCS2)
        telephone = plain_telephone(sender)
        if not is_telephone(telephone):
            # A short number, a bank, an advertiser: whoever is answered by a program answers back.
            log.info("a text from no citizen's number was left unanswered")
            return
        answering = Answering(self.letters, self.office, self.ctx.settings.locale)
        try:
            self.write(await answering.answer(telephone, said, name, self.ctx.clock()))
        except (NotStored, LettersAway) as error:
            log.error("%s", error)
            self.write(answering.away())


class Report(_FromGateway):
    """Whether a text has reached its telephone."""

    def get(self) -> None:
        """Count it, and say so where it failed."""
        kind = REPORTS.get(self.get_query_argument("type", ""), "other")
        counts[kind] += 1
        if kind in ("failed", "rejected"):
            log.warning("text %s: %s", self.get_query_argument("name", "")[:40], kind)


def _decoded(octets: bytes, charset: str) -> str:
    """A text in the charset that the gateway names, else in UTF-8; what cannot be read is left out."""
    try:
        codec = codecs.lookup(charset[:20]) if charset in CHARSETS else codecs.lookup("utf-8")
    except LookupError:
        codec = codecs.lookup("utf-8")
    return codec.decode(octets[:LONGEST], "ignore")[0]


def routes(of: OfficeContext) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of texts for the server."""
    return [(r"/sms/in", Incoming, {"of": of}), (r"/sms/report", Report, {"of": of})]
