"""A mirror of any size without an origin: rows made of the tests' sample, published as the sync publishes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from redis.asyncio import Redis

from portal import dial
from portal.hant import in_hant
from portal.local_redis import LocalRedis
from portal.model import AnyItem, Article, Column, Field, Kind, Matter, Section, Site, Unit, kind_of
from portal.writer import MirrorWriter, Publication, Row
from tests import sample

SITE_ID = "scaled"
BATCH = 2_000
NEWS_COLUMNS = 20
MOMENT = 1_795_320_000.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    articles: int
    matters: int = 0
    units: int = 0

    @property
    def items(self) -> int:
        """All together."""
        return self.articles + self.matters + self.units


def columns(size: Size) -> tuple[Column, ...]:
    """One section of news with twenty columns, one of services."""
    news = [
        Column(id=f"n{at}", name=f"新闻{at}", section=Section.NEWS, number=f"3{at + 10}", parent="news")
        for at in range(NEWS_COLUMNS)
    ]
    return (
        Column(id="news", name="新闻中心", section=Section.NEWS, number="300"),
        *news,
        Column(id="services", name="市民服务", section=Section.SERVICES, number="400"),
        Column(id="matters", name="办事", section=Section.SERVICES, number="410",
               parent="services", kind=Kind.MATTER, count=size.matters),
        Column(id="units", name="机构", section=Section.SERVICES, number="490", parent="services",
               kind=Kind.UNIT, count=size.units),
    )  # fmt: skip


def article(number: int) -> Article:
    """One article of the twenty-three shapes, with a title, day and column of its own."""
    return _numbered(_SHAPES[number % len(_SHAPES)], number)


def _numbered(shape: Article, number: int) -> Article:
    day = f"20{10 + number % 16:02}-{1 + number // 16 % 12:02}-{1 + number // 192 % 28:02}"
    return replace(
        shape, id=f"a{number}", url=f"http://o/{number}", title=f"{shape.title[:40]}（第 {number} 号）",
        columns=(f"n{number % NEWS_COLUMNS}",), published=f"{day} 09:00",
    )  # fmt: skip


_SHAPES = sample.articles()
_HANT_SHAPES = [in_hant(shape) for shape in _SHAPES]
_MATTER = next(item for item in sample.items() if isinstance(item, Matter))
_UNIT = next(item for item in sample.items() if isinstance(item, Unit))


def items(size: Size) -> Iterator[AnyItem]:
    """Everything."""
    for number in range(size.articles):
        yield article(number)
    for number in range(size.matters):
        yield replace(_MATTER, id=f"m{number}", url=f"http://o/m{number}", columns=("matters",),
                      title=f"{_MATTER.title}第 {number} 项", unit_id=f"u{number % max(1, size.units)}")  # fmt: skip  # noqa: E501
    for number in range(size.units):
        yield replace(_UNIT, id=f"u{number}", url=f"http://o/u{number}", columns=("units",),
                      title=f"{_UNIT.title}第 {number} 所")  # fmt: skip


def site(size: Size, generation: int) -> Site:
    """The site record of a generation."""
    each = -(-size.articles // NEWS_COLUMNS)
    counted = [replace(one, count=each) if one.parent == "news" else one for one in columns(size)]
    return Site(
        id=SITE_ID, name="青澜市阳光政务", columns=tuple(counted), home="http://o/",
        generation=generation,
        published=MOMENT, checked=MOMENT, names=(Field("en", "Qinglan City Online"),),
    )  # fmt: skip


def row(item: AnyItem) -> Row:
    """An item as a publish writes it."""
    head = sample.head_of(item)
    if isinstance(item, Article) and item.title == article(int(item.id[1:])).title:
        # As it was made, so converted before: filling a mirror is not what is measured.
        item_hant = _numbered(_HANT_SHAPES[int(item.id[1:]) % len(_SHAPES)], int(item.id[1:]))
        return Row(item, head, sample.rank(item, 0), item_hant, replace(head, title=item_hant.title))
    return Row(item, head, sample.rank(item, 0), in_hant(item), in_hant(head))


async def publish(redis: Redis, size: Size, changed: list[AnyItem], generation: int) -> None:
    """One publish of these items, new or changed."""
    writer = MirrorWriter(redis, SITE_ID)
    rows = tuple(row(item) for item in changed)
    placed: dict[str, dict[str, float]] = {}
    for each in rows:
        for column in each.item.columns:
            placed.setdefault(column, {})[each.item.id] = each.rank
    record = site(size, generation)
    await writer.publish(
        Publication(
            site=record, site_hant=in_hant(record), rows=rows,
            placed=tuple((column, ranks, ()) for column, ranks in placed.items()),
            changes=tuple(("changed", each.item.id) for each in rows),
        ),
        await writer.fence(),
    )  # fmt: skip


async def fill(redis: Redis, size: Size) -> int:
    """Publish everything, some at a time. Returns the generation."""
    writer = MirrorWriter(redis, SITE_ID)
    await writer.take_fence()
    await writer.put_media(sample.PICTURE, sample.picture())
    generation, batch = 0, list[AnyItem]()
    for item in items(size):
        batch.append(item)
        if len(batch) == BATCH:
            generation += 1
            await publish(redis, size, batch, generation)
            batch = []
    generation += 1
    await publish(redis, size, batch, generation)
    some = [article(number) for number in range(min(500, size.articles))]
    numbering = dial.number({}, columns(size), [(item.id, kind_of(item), item.columns[0]) for item in some])
    record = site(size, generation + 1)
    await writer.publish(
        Publication(site=record, site_hant=in_hant(record), numbers=numbering.given), await writer.fence()
    )
    return generation + 1


@contextmanager
def filled(folder: Path, size: Size) -> Iterator[tuple[str, int]]:
    """A Redis of its own in a folder, with a mirror of that size: its address, and the generation."""

    async def publish_all(url: str) -> int:
        redis = Redis.from_url(url)
        try:
            return await fill(redis, size)
        finally:
            await redis.aclose()

    server = LocalRedis(folder / "redis")
    server.start()
    try:
        yield server.url, asyncio.run(publish_all(server.url))
    finally:
        server.stop()
