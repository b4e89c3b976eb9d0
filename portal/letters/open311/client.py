"""A case system that speaks GeoReport v2: letters go to it, its news come back.

GeoReport knows no key that makes filing happen once. Ours goes along as `Idempotency-Key` for systems that
look at it; for the others, a letter whose answer was lost is looked for by its mark before it is filed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar
from urllib.parse import quote, urlencode

from tornado.httpclient import HTTPError, HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from portal.errors import PortalError
from portal.letters.open311 import xmljson
from portal.letters.open311.mapping import marked, update_of
from portal.letters.open311.wire import Fault, Filed, Nonsense, Noun, Request, Service, Update

CONNECT_SECONDS = 5.0
MOST_OCTETS = 4_000_000

_N = TypeVar("_N", bound=Noun)


class CaseSystemAway(PortalError):
    """It does not answer, answers too late, or answers nonsense: nothing is known of what it did."""


class Refused(PortalError):
    """It has understood, and says no. `again`: it may say yes later."""

    def __init__(self, text: str, *, again: bool) -> None:
        self.again = again
        super().__init__(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a case system answers: `url` ends before `/services`. `form` is json or xml."""

    url: str
    key: str = ""
    jurisdiction: str = ""
    form: str = xmljson.JSON
    seconds: float = 20.0

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r}, form={self.form!r})"


class CaseSystem:
    """One case system. `zone` is that of moments which it writes without one."""

    def __init__(self, endpoint: Endpoint, zone: tzinfo) -> None:
        self._at = endpoint
        self._zone = zone
        self._client = SimpleAsyncHTTPClient(
            force_instance=True, max_clients=4, max_body_size=MOST_OCTETS, max_buffer_size=MOST_OCTETS
        )

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    async def services(self) -> tuple[Service, ...]:
        """What it takes. Raises CaseSystemAway, Refused."""
        return await self._get(Service, "services", ())

    async def file(self, form: Sequence[tuple[str, str]], key: str) -> str:
        """File a letter; its name there, or "token:..." where it gets one later. Raises CaseSystemAway,
        Refused.
        """
        rows = [*form, *self._common(secret=True)]
        body = urlencode(rows)
        filed = await self._ask(Filed, "requests", "POST", body, {"Idempotency-Key": key})
        first = filed[0] if filed else None
        if first is None or not (first.service_request_id or first.token):
            raise CaseSystemAway("the case system took the letter without saying by what name")
        return first.service_request_id or f"token:{first.token}"

    async def named(self, token: str) -> str:
        """The name of a request that had a token at first, "" while it has none."""
        found = await self._get(Filed, f"tokens/{quote(token, safe='')}", ())
        return found[0].service_request_id if found else ""

    async def find(self, mark: str, since: datetime) -> str:
        """The name of the request that carries a mark, filed since a moment; "" where there is none."""
        rows = (("start_date", since.isoformat(timespec="seconds")),)
        for request in await self._get(Request, "requests", rows):
            if marked(request.description) == mark:
                return request.service_request_id
        return ""

    async def news(self, names: Sequence[str]) -> tuple[Update, ...]:
        """What it says of these requests now, as updates; those that it does not know are left out."""
        rows = (("service_request_id", ",".join(names)),)
        asked = set(names)
        found = await self._get(Request, "requests", rows)
        # A server that does not know this parameter lists everybody's.
        return tuple(update_of(each) for each in found if each.service_request_id in asked)

    async def updates(self, since: datetime, until: datetime) -> tuple[Update, ...]:
        """Its updates in a span of time, where it has FixMyStreet's extension."""
        rows = (
            ("start_date", since.isoformat(timespec="seconds")),
            ("end_date", until.isoformat(timespec="seconds")),
        )
        found = await self._get(Update, "servicerequestupdates", rows)
        return tuple(sorted(found, key=lambda each: (each.updated_datetime or since, each.update_id)))

    async def tell(self, form: Sequence[tuple[str, str]], key: str) -> None:
        """Tell it what a citizen has added, doubted or rated, where it has FixMyStreet's extension."""
        await self._ask(
            Update,
            "servicerequestupdates",
            "POST",
            urlencode([*form, *self._common(secret=True)]),
            {"Idempotency-Key": key},
        )

    def _common(self, *, secret: bool) -> list[tuple[str, str]]:
        rows = [("jurisdiction_id", self._at.jurisdiction)]
        if secret:
            rows.append(("api_key", self._at.key))
        return [(name, value) for name, value in rows if value]

    async def _get(self, cls: type[_N], path: str, rows: Sequence[tuple[str, str]]) -> tuple[_N, ...]:
        query = urlencode([*rows, *self._common(secret=False)])
        headers = {"X-API-Key": self._at.key} if self._at.key else {}
        return await self._ask(cls, f"{path}", "GET", None, headers, query)

    async def _ask(
        self,
        cls: type[_N],
        path: str,
        method: str,
        body: str | None,
        headers: dict[str, str],
        query: str = "",
    ) -> tuple[_N, ...]:
        url = f"{self._at.url.rstrip('/')}/{path}.{self._at.form}" + (f"?{query}" if query else "")
        if body is not None:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        request = HTTPRequest(
            url,
            method=method,
            body=body,
            headers=headers,
            connect_timeout=CONNECT_SECONDS,
            request_timeout=self._at.seconds,
            follow_redirects=False,
        )
        try:
            answer = await self._client.fetch(request, raise_error=False)
        except (TimeoutError, OSError, HTTPError, ValueError) as error:
            raise CaseSystemAway(f"the case system does not answer: {type(error).__name__}") from None
        form = xmljson.form_of(answer.headers.get("Content-Type", ""), self._at.form)
        if answer.code >= 300:
            raise self._failure(answer, form)
        try:
            return xmljson.read(cls, answer.body or b"", form, self._zone)
        except Nonsense as error:
            raise CaseSystemAway(f"the case system answered nonsense: {error}") from None

    def _failure(self, answer: HTTPResponse, form: str) -> PortalError:
        if answer.code >= 500 or answer.code in (408, 425, 429) or answer.code < 400:
            return CaseSystemAway(f"the case system said {answer.code}")
        try:
            faults = xmljson.read(Fault, answer.body or b"", form, self._zone)
        except Nonsense:
            faults = ()
        said = "; ".join(fault.description for fault in faults)[:300]
        # Keys and addresses are for the operator to mend: the letter goes when they are.
        return Refused(f"the case system said {answer.code}: {said}", again=answer.code in (401, 403, 404))
