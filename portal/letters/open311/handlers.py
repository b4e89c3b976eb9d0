"""`/open311/v2/...`: GeoReport v2 for systems that file letters, read them, or say what happens to them.

Without a key one reads what is public anyway: letters by consent, masked, under names that lead back to
nothing. A key is taken over TLS alone, or on this machine itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, TypeVar

from tornado.web import HTTPError, MissingArgumentError, RequestHandler

from portal.errors import NotFound, PortalError
from portal.letters import words
from portal.letters.courier import take
from portal.letters.errors import LettersAway, NotComplete, NotStored, TooMany
from portal.letters.model import Channel, Draft, Letter, PublicLetter, Reach
from portal.letters.officeweb import OfficeContext, OfficeHandler
from portal.letters.open311 import keys, mapping, xmljson
from portal.letters.open311.wire import CLOSED, Fault, Filed, Noun, Request, Service, Update
from portal.letters.queries import LONGEST_QUERY
from portal.letters.rules import Rules
from portal.letters.states import state_of
from portal.text import Text, text

SPAN = timedelta(days=90)
MOST = 1_000
"""GeoReport: a list of requests without dates is of 90 days or 1000, whichever is fewer."""

MOST_NAMES = 200
_STATUS = {LettersAway: 503, NotStored: 503, TooMany: 429, NotComplete: 400, NotFound: 404}
_N = TypeVar("_N", bound=Noun)


class Refusal(PortalError):
    """What is asked cannot be done; `status` as GeoReport numbers it."""

    def __init__(self, status: int, said: str) -> None:
        self.status = status
        super().__init__(said)


class _GeoReport(OfficeHandler):
    """What all addresses share: the form, the key, the errors."""

    def prepare(self) -> None:
        """Which form is asked for: by the ending of the address, else by Accept."""
        self.t: Text = text(self.ctx.settings.locale)
        ending = self.path_args[-1] if self.path_args else None
        wanted = self.request.headers.get("Accept", "")
        self.form = ending or (xmljson.JSON if "json" in wanted else xmljson.XML)

    def answer(self, cls: type[_N], nouns: Sequence[_N]) -> None:
        """Write nouns in the form that was asked for."""
        self.set_header("Content-Type", xmljson.TYPES[self.form])
        self.finish(xmljson.written(cls, nouns, self.form))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors are nouns too."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        said = "error"
        if isinstance(error, Refusal):
            status_code, said = error.status, str(error)
        elif isinstance(error, PortalError):
            status_code = next((s for cls, s in _STATUS.items() if isinstance(error, cls)), 500)
            said = str(error) if status_code in (400, 429) else _SAID.get(status_code, "error")
        elif isinstance(error, HTTPError):
            said = _SAID.get(status_code, "error")
            if isinstance(error, MissingArgumentError):
                said = f"{error.arg_name} is missing"
        self.set_status(status_code)
        if status_code in (429, 503):
            self.set_header("Retry-After", "60")
        self.form = getattr(self, "form", xmljson.XML)
        self.answer(Fault, [Fault(code=str(status_code), description=said)])

    async def right(self, right: str) -> keys.Key:
        """The key of who asks. Refusal where there is none that may do this."""
        key = await self.key()
        if key is None or right not in key.may:
            raise Refusal(403, f"api_key is missing, or may not {right}")
        return key

    async def key(self) -> keys.Key | None:
        """The key that came with the question, None without one. Refusal for one that is nobody's."""
        given = self.request.headers.get("X-API-Key", "") or self.get_body_argument("api_key", "")
        if not given and self.get_query_argument("api_key", ""):
            raise Refusal(
                400, "an api_key in the address stands in logs: send it as X-API-Key, or in the form"
            )
        if not given:
            return None
        if not self.private and not self.office.desk.plain:
            raise Refusal(403, "an api_key is taken over TLS alone")
        limits = self.letters.rules.limits
        tries = ("key", self.letters.keyed.subject("address", self.caller.address))
        if await self.letters.box.tries(*tries) >= limits.wrong_codes_address:
            raise TooMany("address", self.ctx.clock() + timedelta(hours=limits.lock_hours))
        key = await self.of.keys.of(given[:200])
        if key is None:
            await self.letters.box.tried(*tries, limits.lock_hours * 3_600)
            raise Refusal(403, "api_key is nobody's")
        return key

    def moment(self, name: str) -> datetime | None:
        """A moment of the question. Refusal for one that cannot be read."""
        written = self.get_query_argument(name, "")[:40]
        if not written:
            return None
        # A plus sign in an address is a blank unless it was escaped.
        zone = self.ctx.clock().tzinfo
        found = xmljson.moment(written.replace(" ", "+"), zone) if zone else None
        if found is None:
            raise Refusal(400, f"{name} is no moment such as 2026-11-27T09:00:00+08:00")
        return found


_SAID = {403: "forbidden", 404: "there is none", 405: "not so", 500: "error", 503: "try again in a minute"}


class Services(_GeoReport):
    """What can be filed."""

    def get(self, ending: str | None) -> None:
        """The services of this city."""
        self.answer(Service, mapping.services(self.letters.rules, self.t))


class Definition(_GeoReport):
    """The questions of a service: there are none."""

    def get(self, code: str, ending: str | None) -> None:
        """No service has metadata."""
        raise Refusal(404, f"service '{code}' is not known, or asks no questions of its own")


class Requests(_GeoReport):
    """Letters as requests."""

    async def get(self, ending: str | None) -> None:
        """Those of the case system's with a key that may read, the public ones without."""
        key = await self.key()
        if key is not None and keys.READ in key.may:
            self.answer(Request, await self._letters())
        else:
            self.answer(Request, await self._public())

    async def post(self, ending: str | None) -> None:
        """File a letter."""
        key = await self.right(keys.FILE)
        now = self.ctx.clock()
        receipt = await self.letters.file(self._draft(key), now)
        t = self.t
        notice = t.gettext("编号%(number)s，%(due)s前答复。") % {
            "number": receipt.number,
            "due": words.due(receipt.answer, t, now),
        }
        if receipt.code:
            notice += t.gettext("查询码%(code)s，请交给来信人。") % {"code": receipt.code}
        self.answer(Filed, [Filed(service_request_id=receipt.number, service_notice=notice)])

    def _draft(self, key: keys.Key) -> Draft:
        code = self.get_body_argument("service_code")
        service = mapping.parse_service(code, self.letters.rules)
        if service is None:
            raise Refusal(404, f"service_code '{code[:60]}' is not known: ask /open311/v2/services")
        given = {
            name: self.get_body_argument(name, "")
            for name in ("description", "phone", "first_name", "last_name", "attribute[unit]")
        }
        if not given["description"].strip():
            raise Refusal(400, "description is missing")
        name = f"{given['last_name']}{given['first_name']}"
        once = self.request.headers.get("Idempotency-Key", "")[:200]
        if not once:
            # Without a key of its own, the same words about the same thing on the same day are one letter.
            said = "\0".join((code, *given.values(), self.today))
            once = hashlib.sha256(said.encode()).hexdigest()
        kind, topic = service
        return Draft(
            token=self.letters.keyed.token_for(f"open311 {key.name}", once),
            channel=Channel.OPEN311,
            kind=kind,
            topic=topic,
            unit=given["attribute[unit]"],
            text=given["description"],
            telephone=given["phone"],
            name=name,
            reach=Reach.TEXT if given["phone"] else Reach.NONE,
            locale=self.ctx.settings.locale,
        )

    async def _letters(self) -> list[Request]:
        now = self.ctx.clock()
        names = self._names()
        if names:
            found = await self.letters.box.letters(names)
        else:
            start, end = self._span(now)
            numbers = await self.letters.box.numbers("filed", start.timestamp(), end.timestamp())
            found = await self.letters.box.letters(numbers[:MOST])
        made = [
            mapping.request_of(
                letter, self.letters.rules, self.t, self.letters.clock(letter, now), whole=True
            )
            for letter in found
        ]
        return self._fitting(made)

    async def _public(self) -> list[Request]:
        zone = self.ctx.clock().tzinfo
        names = self._names()
        if names:
            letters = [each for name in names if (each := await self._public_one(name))]
        else:
            letters = list((await self.letters.publics.find(count=LONGEST_QUERY)).letters)
        return self._fitting([public_request(each, self.t, self.letters.rules, zone) for each in letters])

    async def _public_one(self, name: str) -> PublicLetter | None:
        try:
            return await self.letters.publics.one(name)
        except NotFound:
            return None

    def _names(self) -> list[str]:
        written = self.get_query_argument("service_request_id", "")
        return [name.strip()[:40] for name in written.split(",") if name.strip()][:MOST_NAMES]

    def _span(self, now: datetime) -> tuple[datetime, datetime]:
        end = self.moment("end_date") or now
        return self.moment("start_date") or end - SPAN, end

    def _fitting(self, requests: Sequence[Request]) -> list[Request]:
        codes = set(filter(None, self.get_query_argument("service_code", "").split(",")))
        status = set(filter(None, self.get_query_argument("status", "").split(",")))
        start, end = self.moment("start_date"), self.moment("end_date")
        return [
            each
            for each in requests
            if (not codes or each.service_code in codes)
            and (not status or each.status in status)
            and (start is None or (each.requested_datetime and each.requested_datetime >= start))
            and (end is None or (each.requested_datetime and each.requested_datetime <= end))
        ]


class OneRequest(_GeoReport):
    """One letter."""

    async def get(self, name: str, ending: str | None) -> None:
        """With its words for a key that may read; a public one for everybody."""
        key = await self.key()
        now = self.ctx.clock()
        if key is not None and keys.READ in key.may:
            letter = await self.letters.letter(name)
            clock = self.letters.clock(letter, now)
            self.answer(Request, [mapping.request_of(letter, self.letters.rules, self.t, clock, whole=True)])
            return
        found = await self.letters.publics.one(name)
        self.answer(Request, [public_request(found, self.t, self.letters.rules, now.tzinfo)])


class Tokens(_GeoReport):
    """Names of requests that were filed with a token: ours have a name at once."""

    def get(self, token: str, ending: str | None) -> None:
        """There are no tokens here."""
        raise Refusal(404, "letters have their number at once: there are no tokens here")


class Updates(_GeoReport):
    """What happens to letters, both ways (FixMyStreet's extension)."""

    async def get(self, ending: str | None) -> None:
        """Everything in a span of time that the citizen or the desk has done, for a key that may read."""
        await self.right(keys.READ)
        now = self.ctx.clock()
        end = self.moment("end_date") or now
        start = self.moment("start_date") or end - timedelta(days=1)
        numbers = await self.letters.box.numbers("filed", (start - SPAN).timestamp(), end.timestamp())
        found: list[Update] = []
        for letter in await self.letters.box.letters(numbers):
            found += updates_of(letter, start, end)
        self.answer(Update, sorted(found, key=lambda each: each.updated_datetime or start)[:MOST])

    async def post(self, ending: str | None) -> None:
        """The case system says what it has done: pushed, instead of asked for."""
        key = await self.right(keys.UPDATE)
        update = Update(
            update_id=self.get_body_argument("update_id")[:120],
            service_request_id=self.get_body_argument("service_request_id")[:120],
            status=self.get_body_argument("status")[:60],
            description=self.get_body_argument("description", "")[:5_000],
            agency_responsible=self.get_body_argument("agency_responsible", "")[:100],
            extended_attributes={
                name: value[:200]
                for name in ("unit", "duplicate_of")
                if (value := self.get_body_argument(f"attribute[{name}]", ""))
            },
        )
        number = await self._number(update.service_request_id)
        await take(self.letters, update, self.ctx.clock(), key.name, number)
        self.answer(Update, [Update(update_id=update.update_id, service_request_id=number)])

    async def _number(self, name: str) -> str:
        """The letter of a name: our own number, or what the case system calls it. NotFound."""
        try:
            return (await self.letters.letter(name)).number
        except NotFound:
            return (await self.letters.by_remote(name)).number


def updates_of(letter: Letter, start: datetime, end: datetime) -> list[Update]:
    """What happened to a letter in a span of time; notes of the desk stay there."""
    found = []
    for index, event in enumerate(letter.events):
        if not start <= event.at <= end:
            continue
        so_far = replace(letter, events=letter.events[: index + 1])
        found.append(
            Update(
                update_id=f"{letter.number}-{index}",
                service_request_id=letter.number,
                status=mapping.STATE_STATUS[state_of(so_far)],
                updated_datetime=event.at,
                description=event.note,
                extended_attributes={"event": str(event.verb), "role": str(event.role)},
            )
        )
    return found


def public_request(letter: PublicLetter, t: Text, rules: Rules, zone: tzinfo | None) -> Request:
    """A public letter as a request."""
    return Request(
        service_request_id=letter.id,
        status=CLOSED,
        status_notes=letter.answer,
        service_name=words.kind(t, letter.kind),
        service_code=f"{letter.kind}.{letter.topic}" if letter.topic else str(letter.kind),
        description="\n".join(part for part in (letter.title, letter.text) if part),
        agency_responsible=words.unit(t, rules, letter.unit),
        requested_datetime=datetime.combine(letter.filed, time.min, zone),
        updated_datetime=datetime.combine(letter.answered, time.min, zone),
    )


def routes(of: OfficeContext) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of Open311 for the server."""
    arguments = {"of": of}
    ending = r"(?:\.(xml|json))?"
    return [
        (rf"/open311/v2/services{ending}", Services, arguments),
        (rf"/open311/v2/services/([\w.-]{{1,80}}?){ending}", Definition, arguments),
        (rf"/open311/v2/requests{ending}", Requests, arguments),
        (rf"/open311/v2/requests/([\w-]{{1,40}}){ending}", OneRequest, arguments),
        (rf"/open311/v2/tokens/([\w-]{{1,80}}){ending}", Tokens, arguments),
        (rf"/open311/v2/servicerequestupdates{ending}", Updates, arguments),
    ]
