"""The ways in and the lists of what a search can be narrowed by, as both editions show them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portal import codec
from portal.errors import NotFound
from portal.hant import in_hant
from portal.model import Case, Field, LifeScene, Matter, Notice, Site, Step
from portal.search import asked, lists, narrow
from portal.search.asked import Asked
from portal.search.finding import Finding
from portal.search.indexer import Indexer
from portal.search.lists import Reader
from portal.store import Keys, Mirror
from portal.text import text
from tests import sample
from tests.portal.search import today
from tests.portal.search.conftest import publish, ready

SCENE = LifeScene(
    id="car", name="买车开车", words="考驾照 上牌", names=(Field("en", "A car"),),
    steps=(Step(("机动车注册登记", "机动车转让登记")), Step(("驾照",))),
)  # fmt: skip


@pytest_asyncio.fixture
async def reader(published: Redis, indexer: Indexer, tmp_path: Path) -> AsyncIterator[Reader]:
    """The sample with identities, categories, a scene, a deadline and a case; its index is whole."""
    matters = [item for item in sample.items() if isinstance(item, Matter)]
    await publish(
        published,
        *(replace(each, identities=("老年人", "农民")[: at + 1], audience="个人、企业" if at else "个人")
          for at, each in enumerate(matters)),
        Notice(id="water", url="http://o/w", title="江南里停水", columns=("notices",), valid_until="2026-11-24 06:00"),
        Case(id="case01", url="http://o/c", title="食品经营许可", columns=("files",), case_no="青市监许〔2026〕0118号"),
    )  # fmt: skip
    keys = Keys(sample.SITE_ID)
    site = codec.load(await published.get(keys.of("site")), Site)
    site = replace(site, scenes=(SCENE,))
    await published.mset(
        {keys.of("site"): codec.dump(site), keys.of("site", "hant"): codec.dump(in_hant(site))}
    )
    mirror = Mirror(published, sample.SITE_ID)
    finding = Finding(published, mirror, tmp_path, "", today)
    await finding.start()
    await ready(finding.articles, "食品经营许可")
    yield Reader(finding, mirror, await mirror.site(), text("zh-Hans"), "2026-11-22 10:00")
    await finding.stop()


async def titles(reader: Reader, key: str) -> list[str]:
    """The rows of a way."""
    return [row.title for row in (await lists.listed(reader, key, 0, 50)).rows]


async def test_every_way_leads_to_matters(reader: Reader) -> None:
    """From the ways down to items, along each, with the list above it named."""
    top = await lists.listed(reader, "", 0, 50)
    assert [row.id for row in top.rows] == [
        "scene",
        "identity",
        "audience",
        "unit",
        "hot",
        "soon",
        "documents",
    ]
    seen = set[str]()
    for way in [row.target for row in top.rows if row.kind == "way"]:
        queue = [(way, "")]
        for key, above in queue:
            found = await lists.listed(reader, key, 0, 50)
            assert found.rows and found.total == len(found.rows) and found.above == above, key
            seen |= {row.target for row in found.rows if row.kind == "item"}
            queue += [(row.target, key) for row in found.rows if row.kind == "way"]
    assert {"matter01", "matter02", "matter03", "unit01", "water"} <= seen
    assert await titles(reader, "identity") == ["老年人", "农民"]
    assert await titles(reader, "audience") == ["个人", "企业"]
    assert (await titles(reader, "soon"))[0] == "江南里停水"


async def test_a_unit_stands_before_its_matters(reader: Reader) -> None:
    """Where it is, then what it does."""
    (unit,) = (await lists.listed(reader, "unit", 0, 9)).rows
    assert unit.number == 3
    rows = (await lists.listed(reader, unit.target, 0, 9)).rows
    assert [row.target for row in rows] == ["unit01", "matter01", "matter02", "matter03"]


async def test_a_scene_in_its_order(reader: Reader) -> None:
    """Either/or steps say so; a matter that the mirror has not is asked for by its name."""
    (scene,) = (await lists.listed(reader, "scene", 0, 9)).rows
    assert (scene.title, scene.note, scene.number) == ("买车开车", "考驾照 上牌", 2)
    rows = (await lists.listed(reader, scene.target, 0, 9)).rows
    assert [(row.kind, row.note) for row in rows] == [
        ("item", "第 1 步，选一项"), ("asked", "第 1 步，选一项"), ("item", "第 2 步"),
    ]  # fmt: skip
    assert asked.parse(rows[1].target).text == "机动车转让登记" and rows[2].target == "matter01"
    english = replace(reader, text=text("en"))
    assert await titles(english, "scene") == ["A car"]
    assert (await titles(replace(reader, text=text("zh-Hant")), "identity"))[1] == "農民"


@pytest.mark.parametrize(
    "key",
    ["x", "identity-ffffffff", "scene-none", "audience-00000000.ffffffff", "Scene", "-", "\ud800", "a" * 999],
)
async def test_what_is_no_way(reader: Reader, key: str) -> None:
    """Not there, whatever the key."""
    with pytest.raises(NotFound):
        await lists.listed(reader, key, 0, 9)


async def test_the_index_tree_of_documents(reader: Reader) -> None:
    """Kinds, units, years and effects with how many there are, down to one document."""
    top = await lists.listed(reader, "", 0, 50)
    tree = asked.parse(next(row.target for row in top.rows if row.id == "documents"))
    menu = await narrow.menu(reader, tree, 0, 20)
    assert menu.rows[-1].id == "whole" and menu.rows[-1].number == 2
    units = await narrow.menu(reader, replace(tree, menu="unit"), 0, 20)
    (unit,) = [row for row in units.rows if row.title == "市人民政府办公室"]
    assert unit.number == 1
    chosen = asked.parse(unit.target)
    found = await narrow.answer(reader, chosen, 0, 5)
    assert [hit.head.id for hit in found.hits] == ["file0001"]
    assert narrow.title_of(reader, chosen) == "信息公开 · 市人民政府办公室"
    again = await narrow.menu(reader, replace(chosen, menu="unit"), 0, 20)
    assert again.rows[0].id == "any" and again.rows[1].number == 1


async def test_what_narrows_a_search(reader: Reader) -> None:
    """Only what would make it smaller is offered, with counts that hold; and the way back to all."""
    wide = Asked("小区")
    menu = await narrow.menu(reader, replace(wide, menu="all"), 0, 20)
    ids = [row.id for row in menu.rows]
    assert "column" in ids and "whole" in ids and "unit" not in ids and "wide" not in ids
    for row in (await narrow.menu(reader, replace(wide, menu="column"), 0, 20)).rows:
        found = await narrow.answer(reader, asked.parse(row.target), 0, 1)
        assert found.total == row.number, row.title
    one = replace(wide, column="notices", menu="all")
    assert "wide" in [row.id for row in (await narrow.menu(reader, one, 0, 20)).rows]
    assert narrow.ways_to_narrow(reader, wide, 3, 5) == "共 3 条"
    assert "筛选" in narrow.ways_to_narrow(reader, wide, 30, 5)


async def test_use_decides_what_is_wanted(reader: Reader) -> None:
    """What is opened often comes first, by this server's and all others' counts."""
    assert (await reader.finding.most_wanted())[0] == "matter01"
    for _ in range(4):
        reader.finding.wanted.count("matter03")
    await reader.finding.flush()
    assert (await reader.finding.most_wanted())[0] == "matter03"
    assert (await titles(reader, "hot"))[0] == "机动车检验合格标志核发"
