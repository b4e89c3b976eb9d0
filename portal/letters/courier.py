"""The courier: empties the lanes, and brings the case system's news home. Any number of servers may run
one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from portal.errors import NotFound, PortalError
from portal.letters.carriers import Carrier, NotTaken
from portal.letters.errors import Changed, NotAllowed
from portal.letters.model import Event, Role, Verb
from portal.letters.officefile import CaseTable
from portal.letters.open311 import mapping
from portal.letters.open311.client import CaseSystem, CaseSystemAway, Refused
from portal.letters.open311.wire import Update
from portal.letters.outbox import Parcel
from portal.letters.service import Letters

log = logging.getLogger("sunshine.letters")

AT_ONCE = 4
IDLE_SECONDS = 2.0
AWAY_SECONDS = 10.0
AT_A_TIME = 50
"""Requests that are asked about in one question."""

OVERLAP = timedelta(minutes=10)
"""How much of the last span of updates is asked for again: clocks differ, and the same news is taken once."""

FIRST_LOOK = timedelta(days=7)
TRIES = 3
BY = "open311"


class Courier:
    """Carriers by lane, over one letter box."""

    def __init__(
        self, letters: Letters, carriers: Mapping[str, Carrier], clock: Callable[[], datetime]
    ) -> None:
        self._letters, self._carriers, self._clock = letters, carriers, clock

    async def round(self) -> int:
        """Try everything whose time has come, once; how many parcels were taken by the other side."""
        return sum([await self._lane(lane, carrier) for lane, carrier in self._carriers.items()])

    async def run(self) -> None:
        """Carry for ever; each lane for itself, so that a slow case system holds up no text."""
        await asyncio.gather(*(self._keep(lane, carrier) for lane, carrier in self._carriers.items()))

    async def _keep(self, lane: str, carrier: Carrier) -> None:
        while True:
            try:
                done = await self._lane(lane, carrier)
            except PortalError as error:
                log.error("%s: %s", lane, error)
                await asyncio.sleep(AWAY_SECONDS)
                continue
            if not done:
                await asyncio.sleep(IDLE_SECONDS)

    async def _lane(self, lane: str, carrier: Carrier) -> int:
        parcels = await self._letters.claim(lane, self._clock(), count=AT_ONCE)
        return sum(await asyncio.gather(*(self._carry(carrier, parcel) for parcel in parcels)))

    async def _carry(self, carrier: Carrier, parcel: Parcel) -> int:
        await self._letters.trying(parcel)
        try:
            remote = await carrier.carry(parcel, self._clock())
        except NotTaken as error:
            log.warning("%s %s: %s", parcel.entry.lane, parcel.key, error)
            if error.again:
                await self._letters.failed(parcel, str(error), self._clock())
            else:
                await self._letters.dropped(parcel)
            return 0
        await self._letters.delivered(parcel, self._clock(), remote=remote)
        return 1


class News:
    """What a case system says of the letters that it has."""

    def __init__(
        self, letters: Letters, system: CaseSystem, table: CaseTable, clock: Callable[[], datetime]
    ) -> None:
        self._letters, self._system, self._table, self._clock = letters, system, table, clock

    async def run(self) -> None:
        """Ask for ever, every `poll_seconds`."""
        while True:
            try:
                await self.round()
            except PortalError as error:
                log.warning("news: %s", error)
            await asyncio.sleep(self._table.poll_seconds)

    async def round(self) -> int:
        """Ask once; how many letters have changed. Raises CaseSystemAway, Refused, LettersAway."""
        await self._name_tokens()
        return await (self._updates() if self._table.updates else self._snapshots())

    async def _updates(self) -> int:
        now, box = self._clock(), self._letters.box
        asked = await box.row("news", BY)
        since = datetime.fromisoformat(asked) - OVERLAP if asked else now - FIRST_LOOK
        updates = await self._system.updates(since, now)
        changed = sum([await take(self._letters, update, now) for update in updates])
        await box.put_row("news", BY, now.isoformat())
        return changed

    async def _snapshots(self) -> int:
        names = [name for names in (await self._live()).values() for name in names if not _is_token(name)]
        changed = 0
        for at in range(0, len(names), AT_A_TIME):
            for update in await self._system.news(names[at : at + AT_A_TIME]):
                changed += await take(self._letters, update, self._clock())
        return changed

    async def _name_tokens(self) -> None:
        """Ask for the names of requests that were given a token at first."""
        for number, names in (await self._live()).items():
            if not names or not _is_token(names[-1]):
                continue
            try:
                name = await self._system.named(names[-1].partition(":")[2])
            except (CaseSystemAway, Refused) as error:
                log.warning("news: %s", error)
                continue
            if name:
                note = Event(verb=Verb.NOTE, at=self._clock(), role=Role.SYSTEM, by=BY, inner=name, to=name)
                await self._letters.apply(number, note, once=f"named {names[-1]}", remote=name)

    async def _live(self) -> dict[str, tuple[str, ...]]:
        box = self._letters.box
        found = await box.letters(await box.live_numbers())
        return {letter.number: mapping.remotes(letter) for letter in found}


async def take(letters: Letters, update: Update, now: datetime, by: str = BY, number: str = "") -> bool:
    """Write an update to its letter; whether it changed anything. News of a letter that is not ours is none.

    number   the letter's, where it is known; else it is found by its name in the case system
    raises   LettersAway, NotStored
    """
    for _ in range(TRIES):
        try:
            letter = await (
                letters.letter(number) if number else letters.by_remote(update.service_request_id)
            )
        except NotFound:
            log.info("news of a request that is not ours: %s", update.service_request_id[:60])
            return False
        once = mapping.once_of(update, by)
        if await letters.written_once(once):
            return False
        events = mapping.events_of(letter, update, letters.rules, now, by)
        if not events:
            return False
        try:
            await letters.apply_all(letter.number, events, once=once)
        except (NotAllowed, Changed):
            continue  # it has changed since it was read: what the update means is judged anew
        return True
    return False


def _is_token(name: str) -> bool:
    return name.startswith("token:")
