"""Who may use the desk, and as what: accounts in the Redis of the letters, so that every server knows them.

    admin    受理中心: sees every letter, forwards, extends, refuses, publishes; makes no accounts
    clerk    a unit's clerk: the letters of the unit         head    a unit's head: extends and refuses too
    worker   a grid worker: files for others, sees what they filed

Accounts are made, changed and ended with a command on the server, never over the network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from portal import codec
from portal.errors import NotFound, PortalError
from portal.letters.desk import passwords
from portal.letters.model import Role
from portal.letters.rules import Rules
from portal.letters.store import LetterBox

ROLES = (Role.ADMIN, Role.CLERK, Role.HEAD, Role.WORKER)
OF_UNIT = (Role.CLERK, Role.HEAD)

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


class WrongAccount(PortalError):
    """An account cannot be made so; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in. `password` is a hash; a new password or an end signs everybody out.

    telephone, mail   where cards are sent to, or ""      version   grows with every change
    """

    name: str
    role: Role
    unit: str = ""
    password: str = field(default=passwords.NOBODY, repr=False)
    telephone: str = ""
    mail: str = ""
    active: bool = True
    version: int = 0
    made: datetime | None = None


class Accounts:
    """The accounts of one city's desk."""

    def __init__(self, box: LetterBox) -> None:
        self._box = box

    async def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        rows = await self._box.table("desk-users")
        return tuple(codec.load(rows[name], Account) for name in sorted(rows))

    async def get(self, name: str) -> Account:
        """The account of a name. NotFound."""
        row = await self._box.row("desk-users", name[:40])
        if not row:
            raise NotFound(f"nobody called '{name[:40]}' may use the desk")
        return codec.load(row, Account)

    async def put(self, account: Account) -> Account:
        """Keep an account; it signs out whoever uses it."""
        changed = replace(account, version=account.version + 1)
        await self._box.put_row("desk-users", account.name, codec.dump(changed))
        return changed

    async def told(self, roles: Sequence[Role], unit: str) -> tuple[Account, ...]:
        """Who is told of a card: these roles, clerks and heads of that unit alone."""
        return tuple(
            account
            for account in await self.all()
            if account.active
            and account.role in roles
            and (account.role not in OF_UNIT or account.unit == unit)
        )


def check(account: Account, rules: Rules) -> None:
    """Raise WrongAccount where an account makes no sense in this city."""
    if not _NAME.fullmatch(account.name):
        raise WrongAccount(
            f"'{account.name}' is no name for an account: 2 to 32 small letters, digits, dots or hyphens"
        )
    if account.role not in ROLES:
        raise WrongAccount(f"{account.role} is no role of the desk; there are {', '.join(ROLES)}")
    if account.role in OF_UNIT and not rules.knows_unit(account.unit):
        known = ", ".join(unit.id for unit in rules.units) or "none: write [[unit]] tables first"
        raise WrongAccount(f"a {account.role} needs --unit; the rules know {known}")
    if account.role not in OF_UNIT and account.unit:
        raise WrongAccount(f"a {account.role} belongs to no unit: leave --unit out")
