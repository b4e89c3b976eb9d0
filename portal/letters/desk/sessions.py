"""Who is signed in: a token at random in a cookie, its hash in the Redis of the letters.

A session ends by itself, when nobody uses it, when the account changes, and when one signs out. The token
against forged requests is made of the session's own, so it is worth nothing in another session.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal import codec
from portal.errors import NotFound, PortalError
from portal.letters import numbers
from portal.letters.desk import passwords
from portal.letters.desk.accounts import Account, Accounts
from portal.letters.errors import TooMany
from portal.letters.store import LetterBox
from portal.tries import network

TRIES_SECONDS = 900
TRIES_PAIR, TRIES_NAME, TRIES_ADDRESS = 5, 50, 30
"""Wrong passwords within a quarter of an hour: for a name from one address, for a name, from an address."""

AT_ONCE = 2
"""Passwords that are tried at the same time: each costs 32 MiB and a tenth of a second."""


class WrongPassword(PortalError):
    """Name and password do not belong together, or the account has ended; which of them is not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in, since when. `until` is when it ends at the latest."""

    account: Account
    token: str
    until: datetime

    @property
    def csrf(self) -> str:
        """What every form of this session carries."""
        return csrf_of(self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    version: int
    until: datetime


def csrf_of(token: str) -> str:
    """The token against forged requests that belongs to a cookie."""
    return hashlib.sha256(f"csrf\0{token}".encode()).hexdigest()[:32]


def is_csrf(given: str, token: str) -> bool:
    """Whether a form comes from a page of this cookie's owner."""
    return hmac.compare_digest(given.encode(), csrf_of(token).encode())


class Sessions:
    """The sessions of one city's desk."""

    def __init__(self, box: LetterBox, accounts: Accounts, hours: float, idle_minutes: int) -> None:
        self._box, self._accounts = box, accounts
        self._hours, self._idle = hours, idle_minutes * 60
        self._room = asyncio.Semaphore(AT_ONCE)

    async def sign_in(self, name: str, password: str, now: datetime, address: str) -> Session:
        """A session for a name and password. WrongPassword; TooMany after too many wrong ones."""
        name = name.strip().casefold()[:40]
        address = network(address)  # who has one address of IPv6 has a whole network of them
        for subject, most in (
            (f"{name} {address}", TRIES_PAIR),
            (name, TRIES_NAME),
            (address, TRIES_ADDRESS),
        ):
            # Counted before it is tried: many tries at the same time are many tries.
            if await self._box.tried("desk", _hash(subject), TRIES_SECONDS) > most:
                raise TooMany("address", now + timedelta(seconds=TRIES_SECONDS))
        try:
            account = await self._accounts.get(name)
        except NotFound:
            account = None
        stored = account.password if account and account.active else passwords.NOBODY
        async with self._room:
            right = await asyncio.to_thread(passwords.verify, password, stored)
        if account is None or not account.active or not right:
            raise WrongPassword("name and password do not belong together")
        for subject in (f"{name} {address}", address):
            await self._box.forgive("desk", _hash(subject))
        if passwords.is_old(account.password):
            account = await self._accounts.put(
                replace(account, password=await asyncio.to_thread(passwords.hashed, password))
            )
        token = numbers.new_token()
        until = now + timedelta(hours=self._hours)
        row = _Row(name=account.name, version=account.version, until=until)
        await self._box.keep("desk-session", _hash(token), codec.dump(row), self._idle)
        return Session(account=account, token=token, until=until)

    async def of(self, token: str, now: datetime) -> Session | None:
        """The session of a cookie, None where there is none any more. Using it keeps it."""
        if not numbers.TOKEN.fullmatch(token):
            return None
        raw = await self._box.kept("desk-session", _hash(token), again=self._idle)
        if not raw:
            return None
        row = codec.load(raw, _Row)
        try:
            account = await self._accounts.get(row.name)
        except NotFound:
            return None
        if not account.active or account.version != row.version or now >= row.until:
            await self.sign_out(token)
            return None
        return Session(account=account, token=token, until=row.until)

    async def change(self, account: Account, password: str) -> None:
        """Give an account another password; whoever uses it is signed out."""
        async with self._room:
            hashed = await asyncio.to_thread(passwords.hashed, password)
        await self._accounts.put(replace(account, password=hashed))

    async def sign_out(self, token: str) -> None:
        """End a session; none is no error."""
        await self._box.kept("desk-session", _hash(token), take=True)


def _hash(value: str) -> str:
    return hashlib.sha256(f"desk\0{value}".encode()).hexdigest()[:40]
