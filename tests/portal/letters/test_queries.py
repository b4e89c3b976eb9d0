"""What a desk asks for."""

from __future__ import annotations

from datetime import timedelta

from portal.letters.model import Kind, Role, State, Verb
from portal.letters.queries import Query
from portal.letters.service import Letters
from tests.portal.letters.conftest import NOW, at, filed, handled, new, step


async def test_queries_of_the_desk(here: Letters) -> None:
    """By unit, state, words, lateness and day; the nearest deadline first."""
    water = await filed(here, telephone="13900000001")
    roads = await here.file(new(topic="roads", phrase="", text="桥栏断了"), NOW - timedelta(days=2))
    await handled(here, roads.number, step(Verb.ACCEPT, Role.ADMIN, unit="roads"))

    async def numbers(now: object = NOW, **asked: object) -> list[str]:
        found = await here.query(Query(**asked), now)  # type: ignore[arg-type]
        assert found.total == len(found.rows)
        return [row.letter.number for row in found.rows]

    assert await numbers() == [roads.number, water.number]
    assert await numbers(unit="water") == [water.number]
    assert await numbers(states=(State.ACCEPTED,)) == [roads.number]
    assert await numbers(words="桥栏") == await numbers(words=roads.number) == [roads.number]
    assert await numbers(words="13900000001") == [water.number]
    assert await numbers(words="没有这个") == []
    assert await numbers(overdue=True) == []
    assert set(await numbers(at("2026-12-20 10:00"), overdue=True)) == {water.number, roads.number}
    assert await numbers(first=NOW.date(), last=NOW.date()) == [water.number]
    assert await numbers(kind=Kind.REPORT) == []
    assert [r.letter.number for r in (await here.query(Query(start=1, count=1), NOW)).rows] == [water.number]
