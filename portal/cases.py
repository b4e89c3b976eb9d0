"""How a case stands: from the published results, and, with the code of the receipt, from the origin itself.

The origin is asked for one case at a time, for a person who holds its number; what it says is masked, shown
once, and kept nowhere.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal.errors import MirrorAway, PortalError
from portal.model import Case
from portal.store import Keys
from portal.tries import Tries

MOST_DIGITS = 24
FEWEST_DIGITS = 4
"""Digits of a number from which on there is something to look for."""

MOST_WAITING = 20
"""Questions that may wait for the origin; who comes later is told to come again."""

Ask = Callable[[str, str], Awaitable[Case | None]]
"""Asks the origin for (number, code), both digits; None where it knows no such case. OriginAway."""


class OriginAway(PortalError):
    """The origin does not say how the case stands just now."""


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """Where one case is asked for.

    code   digits of the code that goes with a number; 0: none is needed
    """

    redis: Redis
    keys: Keys
    ask: Ask
    code: int
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_WAITING))

    async def find(self, number: str, code: str, address: str) -> Case | None:
        """How the case of a receipt stands, None where number and code do not belong together.

        address  of who asks, for counting wrong guesses
        raises   TooManyTries, OriginAway, MirrorAway
        """
        tries = Tries(self.redis, self.keys, "case")
        try:
            await tries.begin(address)
            if not is_number(number) or len(code) != self.code or not re.fullmatch(r"[0-9]*", code):
                return None
            if self._slots.locked():
                raise OriginAway("too many are asking for their cases now")
            async with self._slots:
                found = await self.ask(number, code)
            if found is not None:
                await tries.was_right(address)
        except (RedisError, OSError) as error:
            raise MirrorAway(f"Redis does not answer: {error}") from error
        return found


def is_number(digits: str) -> bool:
    """Whether these can be the digits of a case's number."""
    return re.fullmatch(rf"[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}", digits) is not None


def digits_of(written: str) -> str:
    """The digits of what somebody typed or of a number as it is printed: QLXK2026-1 -> 20261."""
    return re.sub(r"[^0-9]", "", written)[:MOST_DIGITS]
