"""Looking up a letter: by number and code, for minutes; or, by the number alone, how it stands.

Wrong codes are counted for letter and address together, so that nobody who knows a number can lock its owner
out. Those of all strangers to a letter are counted together too, or many addresses would find it; an address
that has opened the letter before, or unlocked it, is no stranger.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import codec
from portal.errors import NotFound
from portal.letters import numbers, standing
from portal.letters.calendar import Calendar
from portal.letters.errors import Locked, TooMany, WrongCode
from portal.letters.guard import Guard
from portal.letters.keyed import Keyed
from portal.letters.model import Glance, Kind, Letter
from portal.letters.rules import Rules
from portal.letters.store import LetterBox

PEEKS = 60
"""Numbers that one address may look at without a code within an hour."""

PEEK_SECONDS = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody has typed so far to look a letter up, or to unlock it."""

    number: str = ""
    code: str = ""
    telephone: str = ""


class Lookups:
    """The ways to one city's letters for those who wrote them."""

    def __init__(self, box: LetterBox, rules: Rules, calendar: Calendar, keyed: Keyed, guard: Guard) -> None:
        self._box = box
        self._rules = rules
        self._calendar = calendar
        self._keyed = keyed
        self._guard = guard

    async def open(self, number: str, code: str, now: datetime, *, address: str) -> tuple[Letter, str]:
        """The letter of a number and its code, and a token that shows it again for `screen_minutes`.

        raises   WrongCode with the tries left, also for numbers that there are not; Locked after too many
        """
        await self._guard.knock(number, address, now)
        limits, pair = self._rules.limits, self._pair(number, address)
        stranger = not await self._box.kept("known", pair)
        left = await self._guard.left(
            ("code", pair, limits.wrong_codes),
            *([("codes", number[:16], limits.wrong_codes_letter)] if stranger else []),
        )
        if left < 0:
            raise Locked
        letter = await self._with_code(number, code)
        if letter is None:
            await self._guard.missed(address)
            if left == 0:
                raise Locked
            raise WrongCode(left)
        await self._box.forgive("code", pair)
        if stranger:
            await self._box.take_back("codes", number[:16])
        await self._now_known(pair, limits.known_days * 24)
        token = numbers.new_token()
        await self._box.keep("view", self._keyed.token(token), number, self._rules.limits.screen_minutes * 60)
        return letter, token

    async def asking(self, now: datetime, *, number: str = "", address: str = "") -> str:
        """A token under which number and code are typed on a screen. TooMany."""
        if self._guard.counts(address):
            await self._guard.within("drafts", address, now)
        token = numbers.new_token()
        await self.type(token, Asked(number=number))
        return token

    async def asked(self, token: str) -> Asked:
        """What has been typed under a token of `asking`. NotFound once its minutes are over."""
        raw = await self._box.kept("typed", self._keyed.token(token))
        if not raw:
            raise NotFound("what was typed here is forgotten")
        return codec.load(raw, Asked)

    async def type(self, token: str, asked: Asked) -> None:
        """Keep what has been typed, for `screen_minutes` more."""
        seconds = self._rules.limits.screen_minutes * 60
        await self._box.note("typed", self._keyed.token(token), codec.dump(asked), seconds)

    async def viewed(self, token: str) -> Letter:
        """The letter that a token of `open` may still show. NotFound once its minutes are over."""
        number = await self._box.kept("view", self._keyed.token(token))
        if not number:
            raise NotFound("this view has been cleared: number and code again")
        return await self._box.letter(number)

    async def hide(self, token: str) -> None:
        """Take a token of `open` back: the viewer has left the letter."""
        await self._box.kept("view", self._keyed.token(token), take=True)

    async def unlock(self, number: str, telephone: str, now: datetime, *, address: str) -> None:
        """Forget the wrong codes from this address for a letter whose telephone number one knows.

        Right ones count like wrong ones: the telephone number is no secret, and each gives more codes to try.

        raises   WrongCode, Locked
        """
        await self._guard.knock(number, address, now)
        limits, pair = self._rules.limits, self._pair(number, address)
        left = await self._guard.left(
            ("unlock", pair, limits.unlocks), ("unlocks", number[:16], limits.unlocks_letter)
        )
        if left < 0:
            raise Locked("telephone")
        try:
            letter = await self._box.letter(number)
        except NotFound:
            letter = None
        given = numbers.plain_telephone(telephone)
        if (
            letter is None
            or not letter.telephone
            or not secrets.compare_digest(letter.telephone.encode(), given.encode())
        ):
            await self._guard.missed(address)
            raise WrongCode(left)
        await self._box.forgive("code", pair)
        # No longer than its tries are counted, or those who only unlock would become more by the day.
        await self._now_known(pair, limits.lock_hours)

    async def with_code(self, number: str, code: str, now: datetime, *, address: str) -> Letter:
        """`open` without a view: for a text that asks for its state. The same limits and errors."""
        letter, token = await self.open(number, code, now, address=address)
        await self.hide(token)
        return letter

    async def peek(self, number: str, now: datetime, *, address: str) -> Glance:
        """State and due day of a letter by its number alone, for connections where no code may be asked for.

        NotFound also for reports, about which nobody learns anything without the code. TooMany.
        """
        if (
            self._guard.counts(address)
            and await self._box.tried("peek", self._keyed.subject("address", address), PEEK_SECONDS) > PEEKS
        ):
            raise TooMany("address", now + timedelta(seconds=PEEK_SECONDS))
        letter = await self._box.letter(number)
        if letter.kind is Kind.REPORT:
            raise NotFound(f"no letter {number}")
        return standing.glance(letter, self._rules, self._calendar, now)

    async def _with_code(self, number: str, code: str) -> Letter | None:
        """The letter, where number and code belong together."""
        hashed = self._keyed.code_hash(number, code)
        try:
            letter = await self._box.letter(number)
        except NotFound:
            letter = None
        known = letter.code if letter is not None and letter.code else "none"
        return letter if secrets.compare_digest(known, hashed) else None

    def _pair(self, number: str, address: str) -> str:
        """A letter's number and an address, as they are counted together."""
        return f"{number[:16]}:{self._keyed.subject('address', address)}"

    async def _now_known(self, pair: str, hours: int) -> None:
        """For so long this address is no stranger to the letter."""
        await self._box.note("known", pair, "1", hours * 3_600)
