"""Letters on their way to a case system that is down, slow, forgetful or talks nonsense: none lost, none doubled."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis

from portal.letters.carriers import ToCaseSystem
from portal.letters.courier import Courier, News
from portal.letters.model import Event, Letter, Role, State, Verb
from portal.letters.officefile import CaseTable, Delivery, Office
from portal.letters.open311.client import CaseSystem as Client
from portal.letters.open311.client import Endpoint
from portal.letters.outbox import CASE
from portal.letters.service import Letters
from portal.letters.states import state_of
from portal.letters.store import LetterBox

from .conftest import RULES, SECRET, ZONE, draft
from .open311.casesystem import CaseSystem, serving

HOUR = timedelta(hours=1)


class Town:
    """A letter box, a courier and a clock that one can move."""

    def __init__(self, client: Redis, url: str, *, updates: bool = False) -> None:
        self.now = datetime.now(ZONE)
        self.letters = Letters(LetterBox(client, "town"), RULES, SECRET, lanes=(CASE,))
        table = CaseTable(url=url, updates=updates, answer_seconds=0.3)
        office = Office(delivery=Delivery("open311"), open311=table)
        self.system = Client(Endpoint(url=url, key="k", seconds=0.3), ZONE)
        carriers = {CASE: ToCaseSystem(self.letters, self.system, office)}
        self.courier = Courier(self.letters, carriers, lambda: self.now)
        self.news = News(self.letters, self.system, table, lambda: self.now)

    async def file(self, count: int = 1) -> list[str]:
        numbers = []
        for at in range(count):
            one = draft(f"{at:032x}", telephone=f"139{at:08}")
            numbers.append((await self.letters.file(one, self.now)).number)
        return numbers

    async def carry(self, rounds: int = 12) -> None:
        """Rounds with an hour between them, so that whatever was put off is tried again."""
        for _ in range(rounds):
            await self.courier.round()
            self.now += HOUR

    async def state(self, number: str) -> State:
        return state_of(await self.letters.letter(number))


def of(system: CaseSystem, number: str) -> list[str]:
    return [name for name, row in system.requests.items() if f"〔{number}〕" in row["description"]]


@pytest.mark.parametrize("forgetful", [False, True])
@pytest.mark.parametrize("mood", ["500", "403", "html200", "slow", "lost", "nonsense"])
async def test_a_letter_is_filed_once_however_the_case_system_behaves(client, mood, forgetful) -> None:
    async with serving(CaseSystem(moods=[mood, mood, "ok"], forgetful=forgetful)) as system:
        town = Town(client, system.url)
        (number,) = await town.file()
        await town.courier.round()
        assert await town.state(number) is State.QUEUED
        ((_, tries),) = await town.letters.waiting(CASE)
        assert tries.attempts == 1 and tries.error
        town.now += HOUR
        await town.carry(6)
        assert await town.state(number) is State.SUBMITTED
        assert len(of(system, number)) == 1
        assert await town.letters.waiting(CASE) == ()
        assert (await town.letters.by_remote(of(system, number)[0])).number == number


async def test_an_outage_loses_nothing_and_doubles_nothing(client) -> None:
    """Down while letters come in, then back in every bad mood at once."""
    system = CaseSystem(forgetful=True)
    async with serving(system):
        pass
    port = int(system.url.rpartition(":")[2].partition("/")[0])
    town = Town(client, system.url)
    numbers = await town.file(8)
    await town.carry(3)
    assert {await town.state(number) for number in numbers} == {State.QUEUED}
    system.moods = ["lost", "500", "nonsense", "ok", "slow", "html200"] * 2
    async with serving(system, port):
        await town.carry(20)
    assert {await town.state(number) for number in numbers} == {State.SUBMITTED}
    assert [len(of(system, number)) for number in numbers] == [1] * 8
    assert len(system.requests) == 8


async def test_a_courier_that_is_killed_over_a_letter_files_it_once(client) -> None:
    """It handed the letter over and died before it could note the answer; the next one finds it there."""
    async with serving(CaseSystem(moods=["slow"], forgetful=True)) as system:
        town = Town(client, system.url)
        town.system._at = Endpoint(url=system.url, seconds=5.0)
        (number,) = await town.file()
        dying = asyncio.create_task(town.courier.round())
        while not system.requests:
            await asyncio.sleep(0.01)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        assert await town.state(number) is State.QUEUED
        second = Town(client, system.url)
        second.now = town.now + HOUR
        await second.carry(2)
        assert await second.state(number) is State.SUBMITTED
        assert len(system.requests) == 1


async def test_a_token_becomes_a_name(client) -> None:
    async with serving(CaseSystem(moods=["token"])) as system:
        town = Town(client, system.url)
        (number,) = await town.file()
        await town.carry(1)
        await town.news.round()
        assert (await town.letters.by_remote("R1")).number == number
        system.requests["R1"] |= {"status": "closed", "status_notes": "修好了"}
        await town.news.round()
        assert await town.state(number) is State.REPLIED


async def test_news_are_taken_once(client) -> None:
    async with serving(CaseSystem()) as system:
        town = Town(client, system.url)
        (number,) = await town.file()
        await town.carry(1)
        await town.news.round()
        assert await town.state(number) is State.SUBMITTED
        row = system.requests["R1"]
        for status, said, state in (
            ("in_progress", "", State.HANDLING),
            ("for_reporter", "哪栋楼?", State.AWAITING),
            ("in_progress", "知道了", State.HANDLING),
            ("closed", "修好了", State.REPLIED),
        ):
            row |= {"status": status, "status_notes": said}
            for _ in range(3):
                await town.news.round()
            assert await town.state(number) is state
        letter = await town.letters.letter(number)
        assert [event.verb for event in letter.events].count(Verb.ANSWER) == 1
        assert letter.events[-1].note == "修好了"


async def test_updates_are_taken_once_and_told_once(client) -> None:
    async with serving(CaseSystem()) as system:
        town = Town(client, system.url, updates=True)
        (number,) = await town.file()
        await town.carry(1)
        moment = town.now.isoformat()
        system.updates = [
            {"update_id": "7", "service_request_id": "R1", "status": "closed", "description": "修好了", "updated_datetime": moment},
            {"update_id": "8", "service_request_id": "R99", "status": "closed", "description": "别人的", "updated_datetime": moment},
        ]  # fmt: skip
        for _ in range(3):
            await town.news.round()
        letter = await town.letters.letter(number)
        assert [event.verb for event in letter.events].count(Verb.ANSWER) == 1
        await town.letters.doubt(number, town.now, note="还是没有水")
        await town.carry(3)
        assert [each["attribute[event]"] for each in system.told] == ["doubt"]
        assert "还是没有水" in system.told[0]["description"]


async def test_a_doubt_reaches_a_system_without_updates_as_a_second_request(client) -> None:
    async with serving(CaseSystem(forgetful=True)) as system:
        town = Town(client, system.url)
        (number,) = await town.file()
        await town.carry(1)
        system.requests["R1"] |= {"status": "closed", "status_notes": "修好了"}
        await town.news.round()
        await town.letters.doubt(number, town.now, note="还是没有水")
        system.moods = ["lost", "ok"]
        await town.carry(6)
        assert len(system.requests) == 2
        assert "还是没有水" in system.requests["R2"]["description"]
        system.requests["R2"] |= {"status": "closed", "status_notes": "换了水泵"}
        await town.news.round()
        letter = await town.letters.letter(number)
        assert state_of(letter) is State.REPLIED
        assert letter.events[-1].note == "换了水泵"


async def test_nonsense_in_the_news_changes_nothing(client) -> None:
    async with serving(CaseSystem()) as system:
        town = Town(client, system.url)
        (number,) = await town.file()
        await town.carry(1)
        before: Letter = await town.letters.letter(number)
        system.requests["R1"] |= {"status": "\x00<script>", "status_notes": ""}
        await town.news.round()
        assert await town.letters.letter(number) == before


async def test_words_that_come_too_late_are_kept_for_the_desk(client) -> None:
    async with serving(CaseSystem()) as system:
        town = Town(client, system.url, updates=True)
        (number,) = await town.file()
        await town.carry(1)
        await town.letters.apply(number, Event(verb=Verb.WITHDRAW, at=town.now, role=Role.CITIZEN))
        system.updates = [
            {"update_id": "7", "service_request_id": "R1", "status": "closed", "description": "修好了"}
        ]
        await town.news.round()
        letter = await town.letters.letter(number)
        assert state_of(letter) is State.WITHDRAWN
        assert "修好了" in letter.events[-1].inner
        assert letter.events[-1].note == ""
