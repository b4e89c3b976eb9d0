"""What the handlers of the office share: the letters, who asks, and whether anybody can listen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

from portal.http.base import Context, PageHandler
from portal.http.caller import Caller, caller_of
from portal.letters.desk.accounts import Accounts
from portal.letters.desk.sessions import Sessions
from portal.letters.officefile import Office
from portal.letters.open311.keys import Keys
from portal.letters.service import Letters

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via")


@dataclass(frozen=True)
class OfficeContext:
    """The letters of a city, and who works on them."""

    context: Context
    letters: Letters
    office: Office
    accounts: Accounts
    sessions: Sessions
    keys: Keys


def make(context: Context, letters: Letters, office: Office) -> OfficeContext:
    """The office over a letter box."""
    accounts = Accounts(letters.box)
    sessions = Sessions(letters.box, accounts, office.desk.hours, office.desk.idle_minutes)
    return OfficeContext(context, letters, office, accounts, sessions, Keys(letters.box))


class OfficeHandler(PageHandler):
    """A handler of the office: nothing that it says is kept on the way."""

    def initialize(self, of: OfficeContext) -> None:  # type: ignore[override] # its routes give the office
        """Called by Tornado with the arguments of the route."""
        super().initialize(of.context)
        self.office = of.office
        self.letters = of.letters
        self.of = of

    def set_default_headers(self) -> None:
        """As every page, and never kept."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Robots-Tag", "noindex, nofollow")

    @cached_property
    def caller(self) -> Caller:
        """Who asks."""
        return caller_of(self.request, self.ctx.settings.trusted_proxies)

    @property
    def private(self) -> bool:
        """Whether nobody on the way can listen: TLS, or this machine itself without a proxy between."""
        if self.caller.secure:
            return True
        if any(self.request.headers.get(name) for name in _FORWARDED):
            return False
        try:
            return ip_address(self.caller.address).is_loopback
        except ValueError:
            return False
