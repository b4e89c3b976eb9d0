"""How much one address, telephone number or box may do, and how many wrong codes it may try.

What is counted is forgotten by itself. Addresses behind which many people stand (`shared` in the rules) are
not counted: one of them would lock out the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.letters import numbers
from portal.letters.errors import TooMany, WrongCode
from portal.letters.keyed import Keyed
from portal.letters.model import Draft
from portal.letters.rules import Rules
from portal.letters.store import LetterBox, Limited


class Guard:
    """The counts of one city's letters."""

    def __init__(self, box: LetterBox, rules: Rules, keyed: Keyed) -> None:
        self._box = box
        self._rules = rules
        self._keyed = keyed

    def counts(self, address: str) -> bool:
        """Whether an address stands for few enough people to be counted."""
        return bool(address) and not self._rules.is_shared(address)

    async def within(self, kind: str, value: str, now: datetime) -> None:
        """Count what may be begun only so often from an address (a draft, a search). TooMany."""
        for at, (count, seconds) in enumerate(self._rules.limits.drafts):
            if await self._box.tried(kind, f"{at}:{self._keyed.subject('address', value)}", seconds) > count:
                raise TooMany(kind, now + timedelta(seconds=seconds))

    def writing(self, draft: Draft, address: str) -> list[Limited]:
        """Whose limits a letter counts for; the store counts it in the step that writes it."""
        limits = self._rules.limits
        if draft.filed_by:
            # A worker files for many people, who may have no telephone of their own: the worker's limit
            # counts.
            return [Limited("worker", self._keyed.subject("worker", draft.filed_by), limits.worker)]
        found = []
        if draft.telephone:
            found.append(
                Limited("telephone", self._keyed.subject("telephone", draft.telephone), limits.telephone)
            )
        if draft.box:
            found.append(Limited("box", self._keyed.subject("box", draft.box), limits.box))
        if self.counts(address):
            found.append(Limited("address", self._keyed.subject("address", address), limits.address))
        return found

    async def knock(self, number: str, address: str, now: datetime) -> None:
        """Before a code is looked at: TooMany for an address that has tried too many, of whatever letters;
        WrongCode where the number can be none.
        """
        most = self._rules.limits.wrong_codes_address
        if (
            self.counts(address)
            and await self._box.tries("address", self._keyed.subject("address", address)) >= most
        ):
            raise TooMany("address", now + timedelta(hours=self._rules.limits.lock_hours))
        if not numbers.is_number(number):
            raise WrongCode(self._rules.limits.wrong_codes)

    async def left(self, *counted: tuple[str, str, int]) -> int:
        """Count a try before it is looked at; how many are left of each (kind, subject, most), the fewest.

        The first that has none left ends it: what one address does in vain uses up no one else's tries.
        """
        left: list[int] = []
        for kind, subject, most in counted:
            left.append(most - await self._box.tried(kind, subject, self._rules.limits.lock_hours * 3_600))
            if left[-1] < 0:
                break
        return min(left)

    async def missed(self, address: str) -> None:
        """Count a wrong code for the address that it came from."""
        if self.counts(address):
            seconds = self._rules.limits.lock_hours * 3_600
            await self._box.tried("address", self._keyed.subject("address", address), seconds)
