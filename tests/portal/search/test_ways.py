"""Ways to a matter: who one is, what happens in one's life, where one goes, what most people want."""

from __future__ import annotations

from dataclasses import replace

from redis.asyncio import Redis

from portal.model import LifeScene, Matter, Step
from portal.search import ways
from portal.search.ways import Catalogue, SceneStep, Sort, Way
from portal.store import Mirror
from tests import sample
from tests.portal.search.conftest import publish

MATTERS = (
    Sort("a", "出生登记", ("上户口",), "个人", ("户籍",), ("新生儿", "农民"), "公安局"),
    Sort("b", "生育登记", ("准生证",), "个人", (), ("农民",), "卫健委"),
    Sort("c", "企业设立", (), "企业", ("准营",), (), "市场监管局"),
)


def test_the_ways() -> None:
    """Most matters first; what names nothing is left out."""
    assert ways.by_identity(MATTERS) == (Way("农民", ("a", "b")), Way("新生儿", ("a",)))
    assert [way.name for way in ways.by_audience(MATTERS)] == ["个人", "企业"]
    assert {way.name for way in ways.by_category(MATTERS)} == {"户籍", "准营"}
    assert len(ways.by_unit(MATTERS)) == 3 and ways.by_unit(()) == ()


def test_a_scene_keeps_its_order_and_says_what_is_missing() -> None:
    """Official and everyday names, either/or steps, brackets; a step without any matter keeps its place."""
    scene = LifeScene(
        id="baby",
        name="生孩子",
        steps=(Step(("准生证",)), Step(("没有的事",)), Step(("“出生登记”", "企业设立", "也没有"))),
    )
    (way,) = ways.scene_ways((scene,), MATTERS)
    assert way.steps == (SceneStep(("b",)), SceneStep((), ("没有的事",)), SceneStep(("a", "c"), ("也没有",)))
    assert way.ids == ("b", "a", "c")


def test_most_wanted() -> None:
    """By use, then as the site file has it."""
    assert ways.most_wanted(MATTERS, [("c", 9), ("gone", 99)]) == ("c", "a", "b")
    assert ways.most_wanted(MATTERS, (), 2) == ("a", "b")


async def test_the_catalogue_follows_the_mirror(redis_client: Redis) -> None:
    """All matters once; only what changed is read again; nothing published is nothing."""
    await publish(redis_client)
    catalogue = Catalogue(Mirror(redis_client, sample.SITE_ID))
    first = await catalogue.matters()
    assert [matter.id for matter in first] == ["matter01", "matter02", "matter03"]
    assert first[0].everyday_names == ("驾照换证", "驾照") and first[0].unit == "市公安局车辆管理所"
    assert await catalogue.matters() is first
    matter = next(item for item in sample.items() if isinstance(item, Matter))
    await publish(redis_client, replace(matter, identities=("老年人",)))
    second = await catalogue.matters()
    assert ways.by_identity(second) == (Way("老年人", ("matter01",)),) and second[1] is first[1]
