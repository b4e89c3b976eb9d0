"""A letter box on a Redis that syncs every write, and rules of a small city."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest_asyncio
from redis.asyncio import Redis

from portal.letters.model import Channel, Draft, Event, Kind, Letter, Receipt, Role, Verb
from portal.letters.rules import Phrase, Privacy, Review, Rules, Topic, Unit
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from portal.local_redis import LocalRedis

ZONE = ZoneInfo("Asia/Shanghai")
SECRET = b"a secret for tests, not for a city"
TELEPHONE = "13912345678"

RULES = Rules(
    units=(Unit("water", "水务局"), Unit("roads", "城管局"), Unit("heat", "热力公司")),
    topics=(
        Topic("water", "供水", unit="water"),
        Topic("roads", "道路", unit="roads"),
        Topic("other", "其他"),
    ),
    phrases=(Phrase("dry", "没有水", topic="water"), Phrase("hole", "路上有坑", topic="roads")),
    review=Review(words=("代开发票",)),
    privacy=Privacy(plain_may_ask=True),
)


def at(written: str) -> datetime:
    """A moment in the city: "2026-09-28 10:00"."""
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


def did(verb: Verb, when: str, role: Role = Role.SYSTEM, **more: object) -> Event:
    """An event."""
    return Event(verb=verb, at=at(when), role=role, **more)  # type: ignore[arg-type]


def letter(*events: Event, filed: str = "2026-09-28 10:00", **more: object) -> Letter:
    """A letter with a history that begins with its filing and arrival."""
    made: dict[str, object] = {
        "number": "36722981",
        "filed": at(filed),
        "kind": Kind.COMPLAIN,
        "channel": Channel.TV,
        "telephone": TELEPHONE,
        "title": "没有水",
        "topic": "water",
        "unit": "water",
    }
    first = (did(Verb.FILE, filed, Role.CITIZEN), did(Verb.DELIVER, filed))
    return Letter(**{**made, "events": (*first, *events), **more})  # type: ignore[arg-type]


def draft(token: str = "0" * 32, **more: object) -> Draft:
    """A draft that can be filed."""
    made: dict[str, object] = {
        "token": token,
        "channel": Channel.TV,
        "kind": Kind.COMPLAIN,
        "topic": "water",
        "phrase": "dry",
        "telephone": TELEPHONE,
    }
    return Draft(**{**made, **more})  # type: ignore[arg-type]


NOW = at("2026-11-23 10:00")
ADDRESS = "198.51.100.7"
ELSEWHERE = "203.0.113.9"


def new(**more: object) -> Draft:
    """A draft of its own, from a telephone of its own."""
    more = {"telephone": f"139{secrets.randbelow(10**8):08d}", **more}
    return draft(secrets.token_hex(16), **more)


async def filed(letters: Letters, **more: object) -> Receipt:
    """A letter that was filed."""
    return await letters.file(new(**more), NOW)


async def handled(letters: Letters, number: str, *events: Event) -> Letter:
    """A letter after these events."""
    found = await letters.letter(number)
    for event in events:
        found = await letters.apply(number, event, unit=event.unit or "water")
    return found


def step(verb: Verb, role: Role, **more: object) -> Event:
    """An event of this morning."""
    return did(verb, "2026-11-23 11:00", role, **more)


ANSWERED_BY = (
    step(Verb.ACCEPT, Role.ADMIN, unit="water"),
    step(Verb.BEGIN, Role.CLERK),
    step(Verb.ANSWER, Role.CLERK, note="水管修好了，有事打13912345678"),
)


@pytest_asyncio.fixture
async def client(letters_redis: LocalRedis) -> AsyncIterator[Redis]:
    """An empty Redis for letters."""
    client = Redis.from_url(letters_redis.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest_asyncio.fixture
async def letters(client: Redis) -> Letters:
    """Letters with every lane in use."""
    return Letters(LetterBox(client, "t"), RULES, SECRET, lanes=("case", "notice", "card"))


@pytest_asyncio.fixture
async def here(client: Redis) -> Letters:
    """Letters of a city without a case system: they arrive at the desk at once."""
    return Letters(LetterBox(client, "here"), RULES, SECRET)
