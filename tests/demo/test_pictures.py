"""The pictures are drawn, sized and repeatable."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from demo.blocks import parts
from demo.body import VARIANTS
from demo.city import City
from demo.pictures import SCENES, named, paint


def test_there_are_scenes_enough() -> None:
    assert len(SCENES) >= 12 and VARIANTS <= 9


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_a_picture(scene: str) -> None:
    drawn = paint(scene, 1)
    assert 15_000 < len(drawn) < 120_000
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "JPEG" and image.size == (960, 640)
        assert len(image.resize((96, 64)).quantize(64).getcolors() or []) > 30


def test_repeatable_and_varied() -> None:
    first = paint("river", 2)
    paint.cache_clear()
    assert paint("river", 2) == first != paint("river", 3)
    assert named("river-2.jpg") == first


@pytest.mark.parametrize("name", ["", "river", "river-0.jpg", "river-10.jpg", "ocean-1.jpg", "river-1.png"])
def test_no_other_names(name: str) -> None:
    assert named(name) is None


def test_texts_name_scenes_that_exist(city: City) -> None:
    found = {part.items[0] for entry in city.entries for part in parts(entry.text) if part.kind == "picture"}
    assert found <= set(SCENES) and len(found) >= 12
