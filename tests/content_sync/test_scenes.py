"""Everyday names and life scenes of a site file: what is right is read, everything wrong is named."""

from __future__ import annotations

import pytest

from content_sync import scenes
from content_sync import site as sites
from content_sync.site import WrongSiteFile
from portal.model import Field, Step
from portal.settings import PROJECT
from tests.content_sync.test_site import GOOD

WAYS = """
[everyday]
"驾照" = "机动车驾驶证"
"医保卡" = ["社会保障卡", "医保电子凭证"]
[[scene]]
id = "baby"
name = "生孩子"
words = "准生证"
names = { en = "Birth" }
steps = ["生育登记", ["出生登记", "户口迁移审批"]]
"""


def test_they_stand_in_the_site_of_the_mirror() -> None:
    """In order, either/or steps as one step, several official names as several pairs."""
    site = sites.parse(GOOD + WAYS).model()
    assert site.everyday == (
        Field("驾照", "机动车驾驶证"), Field("医保卡", "社会保障卡"), Field("医保卡", "医保电子凭证")
    )  # fmt: skip
    (scene,) = site.scenes
    assert (scene.id, scene.name, scene.words) == ("baby", "生孩子", "准生证")
    assert scene.names == (Field("en", "Birth"),)
    assert scene.steps == (Step(("生育登记",)), Step(("出生登记", "户口迁移审批")))
    assert sites.parse(GOOD).model().scenes == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"驾照" = "机动车驾驶证"', '"驾照" = "驾照"', 'everyday] "驾照": expected another name'),
        ('"驾照" = "机动车驾驶证"', '"驾照" = 7', "expected another name"),
        ('"驾照" = "机动车驾驶证"', '"驾照" = []', "expected another name"),
        ('id = "baby"', 'id = "Baby!"', "scene]] 1 id: expected"),
        ('name = "生孩子"', "name = 3", "scene]] 1 name: expected"),
        ('words = "准生证"', "words = []", "words: expected"),
        ('names = { en = "Birth" }', "names = { en = 1 }", "names: expected"),
        ('steps = ["生育登记", ', "steps = [7, ", "steps: expected"),
        ('steps = ["生育登记", ["出生登记", "户口迁移审批"]]', "steps = []", "steps: expected"),
        ("steps = ", "stpes = ", "has no key 'stpes'"),
        ("[everyday]", "everyday = 3\n[everyday2]", "everyday2"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, said: str) -> None:
    """The table, the key, and what was expected."""
    text = WAYS.replace(old, new)
    assert text != WAYS
    with pytest.raises(WrongSiteFile) as caught:
        sites.parse(text + GOOD if new.startswith("everyday") else GOOD + text)
    assert said in str(caught.value)


def test_other_shapes() -> None:
    """Tables that are none, too many, or the same twice."""
    for written in (3, "x", [3], [[]], [{}] * 100):
        problems: list[str] = []
        assert scenes.scenes(written, problems) == () and problems
    problems = []
    twice = [{"id": "a", "name": "a", "steps": ["x"]}] * 2
    assert len(scenes.scenes(twice, problems)) == 1 and "given twice" in problems[0]
    for unfit in (3, {str(at): "x" for at in range(3_000)}):
        problems = []
        assert scenes.everyday(unfit, problems) == () and problems


def test_the_demo_city_has_nine_scenes() -> None:
    """Every name in them is one of its matters."""
    site = sites.load(PROJECT / "demo" / "site.toml").model()
    names = "".join(path.read_text("utf-8") for path in (PROJECT / "demo" / "content").glob("matters_*.txt"))
    assert len(site.scenes) == 9 and len(site.everyday) >= 12
    for scene in site.scenes:
        for step in scene.steps:
            for name in step.either:
                assert f"| {name}（" in names, name
    for pair in site.everyday:
        assert pair.value in names, pair
