"""What a household's television knows of the letters that were written on it.

Numbers, states and days: whoever sits in the living room may read them. Never a report, never a word.
"""

from __future__ import annotations

from datetime import datetime

from portal import codec
from portal.letters import standing
from portal.letters.calendar import Calendar
from portal.letters.keyed import Keyed
from portal.letters.model import Glance, Kind, Letter, Verb
from portal.letters.rules import Rules
from portal.letters.store import LetterBox

MOST = 200
"""Letters that are looked at, the newest."""

_NEWS = frozenset(
    (
        Verb.ACCEPT,
        Verb.ASK,
        Verb.LAPSE,
        Verb.EXTEND,
        Verb.TRANSFER,
        Verb.ANSWER,
        Verb.REJECT,
        Verb.DUPLICATE,
        Verb.CLOSE,
    )
)
"""What the city says of a letter, for the notice on its writer's television."""


class Household:
    """The televisions of one city, each by its secret."""

    def __init__(self, box: LetterBox, rules: Rules, calendar: Calendar, keyed: Keyed) -> None:
        self._box = box
        self._rules = rules
        self._calendar = calendar
        self._keyed = keyed

    async def on_box(self, box: str, now: datetime) -> tuple[Glance, ...]:
        """What a household's television lists: newest first, never a report, never a word of a letter."""
        return tuple(
            standing.glance(letter, self._rules, self._calendar, now) for letter in await self._shown(box)
        )

    async def news(self, box: str) -> tuple[str, ...]:
        """The numbers of a household's letters of which something was said since its menu was looked at."""
        seen = codec.load(await self._box.row("seen", self._subject(box)) or "{}", dict[str, int])
        return tuple(
            letter.number
            for letter in await self._shown(box)
            if any(event.verb in _NEWS for event in letter.events[seen.get(letter.number, 0) :])
        )

    async def saw(self, box: str) -> None:
        """The menu of a household's television was looked at: what is there now is no news any more."""
        if letters := await self._shown(box):
            versions = {letter.number: letter.version for letter in letters}
            await self._box.put_row("seen", self._subject(box), codec.dump(versions))

    async def off_box(self, box: str, number: str) -> None:
        """Take a letter off a household's list; the letter itself goes on."""
        await self._box.off_box(self._subject(box), number)

    async def _shown(self, box: str) -> list[Letter]:
        found = await self._box.numbers(f"box:{self._subject(box)}")
        return [
            letter
            for letter in await self._box.letters(found[:MOST])
            if letter.kind is not Kind.REPORT and letter.erased is None
        ]

    def _subject(self, box: str) -> str:
        return self._keyed.subject("box", box)
