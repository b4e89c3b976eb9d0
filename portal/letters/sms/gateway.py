"""An SMS gateway over HTTP: the form of Kannel's sendsms, which many others take too.

The form goes in the address, as Kannel takes it: the gateway stands on this machine, or behind TLS.

What a gateway does not take for now is tried again; what it refuses for good is told once. A text whose
answer is lost on the way may come twice: the form knows no key, and a citizen told twice is better than
one not told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from portal.errors import PortalError

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
MOST_ANSWER = 4_096

_TAKEN = re.compile(r"\s*(?:0|3): ")
"""How sendsms begins where it has the message: accepted, or queued for later (Kannel userguide,
sendsms-user).
"""

UCS2, OCTETS = "2", "1"


class NotSent(PortalError):
    """The gateway did not take it. `again`: another try may help."""

    def __init__(self, text: str, *, again: bool) -> None:
        self.again = again
        super().__init__(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the gateway answers. `sender` is the city's number; `report` an address for delivery reports,
    or "".
    """

    url: str
    user: str = ""
    password: str = ""
    sender: str = ""
    smsc: str = ""
    report: str = ""
    report_key: str = ""

    def report_to(self, name: str) -> str:
        """Where the gateway reports what became of a text of ours; it puts a number in the place of %d."""
        return f"{self.report}?{urlencode({'name': name, 'key': self.report_key})}&type=%d"

    def __repr__(self) -> str:
        return f"Account({self.url!r}, user={self.user!r})"


@dataclass(frozen=True, slots=True)
class Binary:
    """User data header and octets of one message, such as a part of a WAP push."""

    header: bytes
    body: bytes


class Gateway:
    """One account at a gateway."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: AsyncHTTPClient = SimpleAsyncHTTPClient(
            force_instance=True, max_clients=4, max_body_size=MOST_ANSWER, max_buffer_size=MOST_ANSWER * 4
        )

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    async def send(self, to: str, text: str, *, registered: str = "", name: str = "") -> None:
        """Send a text. `registered` is the carrier's id of its template, `name` ours for reports. Raises
        NotSent.
        """
        form = [*self._who(to), ("coding", UCS2), ("charset", "UTF-8"), ("text", text)]
        if registered:
            form.append(("meta-data", f"?smpp?{urlencode({'template_id': registered})}"))
        if self._account.report and name:
            form += [
                ("dlr-mask", "3"),
                ("dlr-url", self._account.report_to(name)),
            ]
        await self._submit(urlencode(form))

    async def push(self, to: str, messages: Sequence[Binary]) -> None:
        """Send the parts of a binary message in order. Raises NotSent."""
        for each in messages:
            form = urlencode([*self._who(to), ("coding", OCTETS)])
            binary = (
                f"&udh={quote_from_bytes(each.header, safe='')}&text={quote_from_bytes(each.body, safe='')}"
            )
            await self._submit(form + binary)

    def _who(self, to: str) -> list[tuple[str, str]]:
        rows = (
            ("username", self._account.user),
            ("password", self._account.password),
            ("from", self._account.sender),
            ("to", to),
            ("smsc", self._account.smsc),
        )
        return [(name, value) for name, value in rows if value]

    async def _submit(self, form: str) -> None:
        request = HTTPRequest(
            f"{self._account.url}?{form}",
            connect_timeout=CONNECT_SECONDS,
            request_timeout=ANSWER_SECONDS,
            follow_redirects=False,
        )
        try:
            answer = await self._client.fetch(request, raise_error=False)
        except (TimeoutError, OSError, HTTPError) as error:
            # Never the form: a password and a citizen's words stand in it.
            raise NotSent(f"the SMS gateway does not answer: {type(error).__name__}", again=True) from None
        said = (answer.body or b"")[:120].decode("utf-8", "replace")
        if answer.code in (200, 202) and _TAKEN.match(said):
            return
        if answer.error is not None and answer.code == 599:
            raise NotSent(f"the SMS gateway does not answer: {type(answer.error).__name__}", again=True)
        again = answer.code >= 500 or answer.code in (200, 202, 408, 429) or _ours_to_mend(answer.code, said)
        raise NotSent(f"the SMS gateway said {answer.code}: {' '.join(said.split())}", again=again)


def _ours_to_mend(code: int, said: str) -> bool:
    """Whether it is the account that is refused: the operator will mend it, and the message goes then."""
    return code in (401, 403) and "auth" in said.lower()
