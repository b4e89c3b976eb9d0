"""Drafts: letters that are being written, on a television, a phone, or one after the other.

A draft stays on the server under a token of 128 random bits and is forgotten by itself; what was written to
it at the same time from two devices is all there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from portal.letters import numbers
from portal.letters.check import cleaned
from portal.letters.errors import Changed, NotStored, TooMany, WrongPairing
from portal.letters.guard import Guard
from portal.letters.keyed import Keyed
from portal.letters.model import Channel, Draft, Pairing
from portal.letters.rules import Rules
from portal.letters.store import LetterBox

PAIRING_TRIES_SECONDS = 900
SHARED_TIMES = 20
"""How many more pairing codes may be mistyped behind an address that many people share."""

WRITE_TRIES = 5
DRAW_TRIES = 20


class Drafts:
    """The drafts of one city."""

    def __init__(self, box: LetterBox, rules: Rules, keyed: Keyed, guard: Guard) -> None:
        self._box = box
        self._rules = rules
        self._keyed = keyed
        self._guard = guard

    async def begin(
        self, channel: Channel, now: datetime, *, address: str = "", locale: str = "zh-Hans", box: str = ""
    ) -> Draft:
        """A new draft. TooMany where this address has begun too many.

        address   whose limit counts, "" for none          box   secret of the household's television, or ""
        """
        if self._guard.counts(address):
            await self._guard.within("drafts", address, now)
        draft = Draft(token=numbers.new_token(), channel=channel, locale=locale, box=box)
        await self._box.put_draft(self._keyed.token(draft.token), None, draft, self._draft_seconds)
        return draft

    async def get(self, token: str) -> Draft:
        """The draft of a token. NoDraft where it has run out, was filed or never was."""
        return await self._box.draft(self._keyed.token(token))

    async def write(self, token: str, **changes: Any) -> Draft:
        """Change fields of a draft (not `token`, `version`), on whichever device; the draft as it is then.

        Texts are cleaned of what no screen shows and cut to their limits. NoDraft, LettersAway.
        """
        for _ in range(WRITE_TRIES):
            before = await self.get(token)
            after = cleaned(replace(before, **changes), self._rules)
            after = replace(after, token=before.token, version=before.version + 1)
            if await self._box.put_draft(self._keyed.token(token), before, after, self._draft_seconds):
                return after
        raise Changed("this draft is being written to from several devices at once: try again")

    async def discard(self, token: str) -> None:
        """Forget a draft; none is no error."""
        await self._box.drop_draft(self._keyed.token(token))

    async def pair(self, token: str, now: datetime) -> Pairing:
        """A 6-digit code that opens this draft on one more device, once. NoDraft."""
        await self.get(token)
        minutes = self._rules.limits.pairing_minutes
        for _ in range(DRAW_TRIES):
            code = numbers.pairing_code()
            if await self._box.keep("pairing", self._keyed.subject("pairing", code), token, minutes * 60):
                return Pairing(code=code, until=now + timedelta(minutes=minutes))
        raise NotStored("too many pairing codes are in use: try again in some minutes")

    async def join(self, code: str, now: datetime, *, address: str) -> Draft:
        """The draft of a pairing code, which is used up by it. WrongPairing, TooMany for an address that
        guesses.
        """
        tries = await self._box.tried(
            "pairing", self._keyed.subject("address", address), PAIRING_TRIES_SECONDS
        )
        most = self._rules.limits.wrong_pairings * (1 if self._guard.counts(address) else SHARED_TIMES)
        if tries > most:
            raise TooMany("address", now + timedelta(seconds=PAIRING_TRIES_SECONDS))
        token = await self._box.kept("pairing", self._keyed.subject("pairing", code), take=True)
        if not token:
            raise WrongPairing("this code is used up, too old or mistyped")
        await self._box.take_back("pairing", self._keyed.subject("address", address))
        return await self.get(token)

    @property
    def _draft_seconds(self) -> int:
        return self._rules.limits.draft_hours * 3_600
