"""大家常办: whatever is wanted, two digits open any of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.model import Column, Section, Site
from portal.text import text
from remote_nav.geometry import Key
from remote_nav.graph import focus_graph
from remote_nav.keymap import Action
from remote_nav.presses import within
from remote_nav.proof import prove
from stb_app.address import Edition, Place
from stb_app.layout import grid
from stb_app.layout.look import HD, HD_LARGE, SD, SD_LARGE, Look
from stb_app.pages import Link, Rows, Scene, grouped
from stb_app.pages.lists import local
from stb_app.pages.wanted import MOST, SIZE

SUBJECTS = tuple(f"subject{at}" for at in range(12))
SITE = Site(
    id="here",
    name="Here",
    columns=(
        Column(id="top", name="办事", section=Section.SERVICES, number="200"),
        *(
            Column(id=name, name=name, section=Section.SERVICES, parent="top", number=f"{210 + at}")
            for at, name in enumerate(SUBJECTS)
        ),
    ),
)
WANTED = st.lists(st.lists(st.sampled_from((*SUBJECTS, "top", "gone")), max_size=3), max_size=60)


@given(WANTED)
def test_every_matter_has_a_place(columns: list[list[str]]) -> None:
    """The first fifty, each once, under at most eight headings of at most eight; the most wanted first."""
    wanted = [(f"m{at}", names) for at, names in enumerate(columns)]
    groups = grouped(SITE, wanted)
    placed = [item_id for group in groups for item_id in group.ids]
    assert sorted(placed) == sorted(item_id for item_id, _ in wanted[:MOST])
    assert len(groups) <= SIZE and all(1 <= len(group.ids) <= SIZE for group in groups)
    assert not wanted or groups[0].ids[0] == "m0"
    for group in groups:
        assert list(group.ids) == sorted(group.ids, key=lambda item_id: int(item_id[1:]))


def test_a_subject_stays_together() -> None:
    """Four subjects of ten matters each are cut because they must be, and none is mixed with another."""
    wanted = [(f"m{at}", [SUBJECTS[at % 4]]) for at in range(40)]
    assert all(len(group.columns) == 1 for group in grouped(SITE, wanted))


def page(count: int, title: str = "办理居民身份证") -> Rows:
    """A page of so many tiles."""
    links = tuple(Link(f"t{at}", title, f"/tv/web-hd/x/{at}", str(at + 1), "身份证") for at in range(count))
    return Rows(
        "大家常办",
        Section.SERVICES,
        "",
        1,
        1,
        links,
        "/tv/web-hd/",
        "",
        "",
        ("▲▼◀▶ 选择",),
        back_label="返回",
    )


@pytest.mark.parametrize("look", [HD, HD_LARGE, SD, SD_LARGE], ids=["hd", "hd-large", "sd", "sd-large"])
@pytest.mark.parametrize("count", range(1, SIZE + 1))
@pytest.mark.parametrize(
    "title", ["医保", "农村集体经营性建设用地使用权首次登记", "Administrative reconsideration"]
)
def test_tiles(look: Look, count: int, title: str) -> None:
    """Proved, within three presses of where the focus begins, and back from the title to the tiles."""
    view = grid.view(page(count, title), look)
    boxes = [target.box for target in view.targets]
    moves = {
        name: {key: view.jumps.get((name, key), to) for key, to in row.items()}
        for name, row in focus_graph(boxes).items()
    }
    assert prove(boxes, moves, area=look.area, start=view.focus).ok
    assert max(within(moves, view.focus).values()) <= 3
    assert moves["back"][Key.DOWN] in {target.id for target in view.targets if target.style == "tile"}


def test_more_tiles_than_a_page_holds() -> None:
    """Down past the last tiles turns as 9 does, Up past the buttons goes round; 7 and 8 stay with their tiles."""
    many = replace(
        page(SIZE), pages=3, after="/tv/web-hd/c/420/2", last="/tv/web-hd/c/420/3", after_label="下一页"
    )
    view = grid.view(many, HD)
    assert view.exits["t7", Key.DOWN] == view.shortcuts[Action.D9] == "/tv/web-hd/c/420/2"
    assert ("t2", Key.DOWN) not in view.exits
    assert view.exits["after", Key.UP] == "/tv/web-hd/c/420/3"
    assert view.shortcuts[Action.D8] == "/tv/web-hd/x/7"


@pytest.mark.parametrize(
    ("city", "name", "said"),
    [
        ("青澜市人民政府", "青澜市教育局", "教育局"),
        ("青澜市人民政府", "国家税务总局青澜市税务局", "国家税务总局青澜市税务局"),
        ("青澜市人民政府", "青澜市局", "青澜市局"),
        ("Here", "Here and there", "Here and there"),
    ],
)
def test_bodies_as_people_say_them(city: str, name: str, said: str) -> None:
    """The city's name stands before most of them, and says nothing to those who live there."""
    site = replace(SITE, name=city)
    scene = Scene(Edition("web-hd"), Place(), site, text("zh-Hans"), "2026-11-22", "10:00")
    assert local(scene, name) == said
