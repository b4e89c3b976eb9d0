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
from portal.text import N_, Text
from portal.tries import Tries

MOST_DIGITS = 24
FEWEST_DIGITS = 4
"""Digits of a number from which on there is something to look for."""

MOST_WAITING = 20
"""Questions that may wait for the origin; who comes later is told to come again."""

Ask = Callable[[str, str], Awaitable[Case | None]]
"""Asks the origin for (number, code), both digits; None where it knows no such case. OriginAway."""


FIELDS: tuple[tuple[str, str], ...] = (
    (N_("状态"), "state"),
    (N_("结果"), "result"),
    (N_("事项"), "matter"),
    (N_("申请人"), "applicant"),
    (N_("内容"), "content"),
    (N_("办理单位"), "unit"),
    (N_("决定日期"), "decided_on"),
    (N_("单号"), "case_no"),
)
"""Labels and attributes of a case, in the order in which one wants to know."""


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


def rows(case: Case, t: Text) -> list[tuple[str, str]]:
    """A case as labels and values: what is known of it, and nothing twice."""
    said = [(t.gettext(label), getattr(case, name)) for label, name in FIELDS]
    said += [(field.name, field.value) for field in case.fields]
    return [(label, value) for label, value in said if value and value != case.title]


def is_number(digits: str) -> bool:
    """Whether these can be the digits of a case's number."""
    return re.fullmatch(rf"[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}", digits) is not None


def digits_of(written: str) -> str:
    """The digits of what somebody typed or of a number as it is printed: QLXK2026-1 -> 20261."""
    return re.sub(r"[^0-9]", "", written)[:MOST_DIGITS]
