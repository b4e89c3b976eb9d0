"""The sample portal with a guide for people on the go, permit results, and a box for cases."""

from __future__ import annotations

from dataclasses import replace

from redis.asyncio import Redis

from content_sync import travel
from portal import codec
from portal.hant import in_hant
from portal.model import Case, Column, Field, Head, Kind, Notice, Section, Site, Unit
from portal.settings import PROJECT
from portal.travel.model import Travel
from portal.writer import MirrorWriter, Publication, Row
from tests import sample

GO = Column(
    id="go", name="出门在外", section=Section.SERVICES, number="888", parent="services", page="go",
    names=(Field("en", "On the Go"),),
)  # fmt: skip
CASES = Column(
    id="mycase", name="办件查询", section=Section.SERVICES, number="482", parent="services", page="cases",
    names=(Field("en", "Where Is My Case"),),
)  # fmt: skip
RESULTS = Column(
    id="results", name="许可结果", section=Section.SERVICES, number="481", parent="services", kind=Kind.CASE
)
CASE = Case(
    id="case0001", url="http://o/c1", title="教师资格认定（王**）", columns=("results",), published="2026-11-20 16:30",
    case_no="QLXK202611040410", matter="教师资格认定", applicant="王**", content="认定初级中学数学教师资格",
    state="办结", result="准予许可", unit="市教育局", decided_on="2026-11-19",
)  # fmt: skip
CLOSURE = Notice(
    id="closed01", url="http://o/n1", title="道路施工：槐安街11月20日起封闭27天，请绕行", columns=("notices",),
    published="2026-11-19 10:00", valid_from="2026-11-19 10:00",
)  # fmt: skip
OTHER_UNIT = Unit(
    id="unit02", url="http://o/u2", title="青澜市图书馆", columns=("units",), address="青澜市滨河路 80 号", position="101.504,36.6",
)  # fmt: skip


def facts() -> Travel:
    """The demo city's facts; they are read as a site file's are."""
    problems: list[str] = []
    found = travel.parse((PROJECT / "demo" / "travel.toml").read_bytes(), problems)
    assert not problems
    return found


async def publish(redis: Redis, given: Travel | None = None) -> Site:
    """Publish the sample, then all of this over it."""
    first = await sample.publish(redis, changed=())
    shown = facts() if given is None else given
    writer = MirrorWriter(redis, sample.SITE_ID)
    raw = codec.dump(shown)
    version = codec.version_of(raw)
    await writer.put_travel(version, raw, codec.dump(in_hant(shown)))
    columns = (*first.columns, GO, CASES, replace(RESULTS, count=1))
    grown = {"notices": Kind.NOTICE, "units": Kind.UNIT}
    columns = tuple(
        replace(column, count=column.count + 1, kind=grown[column.id]) if column.id in grown else column
        for column in columns
    )
    site = replace(first, columns=columns, travel=version, generation=first.generation + 1)
    items = (CASE, CLOSURE, OTHER_UNIT)
    notices, units = (await writer.lists(["notices"]))["notices"], (await writer.lists(["units"]))["units"]
    await writer.publish(
        Publication(
            site=site,
            site_hant=in_hant(site),
            rows=tuple(Row(item, _head(item), 0.0, in_hant(item), in_hant(_head(item))) for item in items),
            lists=(
                ("results", {CASE.id: 1.0}),
                ("notices", {**notices, CLOSURE.id: 202611191000.0}),
                ("units", {**units, OTHER_UNIT.id: -99.0}),
            ),
            numbers=(("888", "c:go"), ("482", "c:mycase"), ("481", "c:results")),
        ),
        await writer.take_fence(),
    )
    return site


def _head(item: Case | Notice | Unit) -> Head:
    head = sample.head_of(item)
    return replace(head, note=item.result) if isinstance(item, Case) else head
