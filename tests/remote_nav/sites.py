"""A small site of our own, page by page as a viewer sees it: home, lists, articles, typing."""

from __future__ import annotations

from collections.abc import Mapping

from remote_nav.digits import shortcuts
from remote_nav.geometry import Box, Rect
from remote_nav.graph import focus_graph
from remote_nav.keymap import Action
from remote_nav.keypad import keypad
from remote_nav.presses import Page, Place

COLUMNS = ("news", "services", "papers", "talks")
SCREENS = 3
ITEMS = 5


def bar(*names: str) -> list[Box]:
    """The line at the foot of a page: what keys do that a remote may lack, to be selected."""
    return [Box(name, Rect(128 + 180 * at, 624, 160, 56)) for at, name in enumerate(names)]


def _page(
    name: str,
    boxes: list[Box],
    opens: Mapping[str, Place],
    back: Place | None,
    digits: Mapping[Action, str] | None = None,
    turns: frozenset[str] = frozenset(),
) -> Page:
    runs: dict[tuple[Action, ...], Place] = {(digit,): opens[box] for digit, box in (digits or {}).items()}
    return Page(name, focus_graph(boxes), boxes[0].id, opens, back, runs, turns)


def home() -> Page:
    """Four tiles, and the number box."""
    tiles = [
        Box(name, Rect(128 + 520 * (at % 2), 100 + 240 * (at // 2), 500, 220))
        for at, name in enumerate(COLUMNS)
    ]
    opens = {name: Place(f"{name}/1") for name in COLUMNS} | {"number": Place("number")}
    return _page("home", tiles + bar("number"), opens, None, shortcuts(COLUMNS, number_box="number"))


def column(name: str, screen: int) -> Page:
    """Locked rows of a title and a button, and a pager."""
    boxes, opens = [], {}
    for at in range(1, ITEMS + 1):
        item = f"{name}/{screen}/{at}"
        for part, left, width in (("title", 128, 800 - 60 * (at % 3)), ("save", 992, 160)):
            boxes.append(Box(f"{part}{at}", Rect(left, 60 + at * 90, width, 80), row=f"row{at}"))
            opens[f"{part}{at}"] = Place(item)
    foot = {"back": Place("home", name), "home": Place("home")}
    if screen < SCREENS:
        foot = {"more": Place(f"{name}/{screen + 1}")} | foot
    if screen > 1:
        foot["less"] = Place(f"{name}/{screen - 1}")
    numbered = shortcuts(
        [f"title{at}" for at in range(1, ITEMS + 1)], more="more" if screen < SCREENS else None
    )
    return _page(
        f"{name}/{screen}",
        boxes + bar(*foot),
        opens | foot,
        Place("home", name),
        numbered,
        turns=frozenset({"more", "less"}),
    )


def article(name: str, screen: int, at: int, way_back: bool = True) -> Page:
    """A text; where it ends, the way back to the row it was opened from."""
    parent = Place(f"{name}/{screen}", f"title{at}")
    foot = {"larger": Place(f"{name}/{screen}/{at}")}
    if way_back:
        foot |= {"back": parent, "home": Place("home")}
    return _page(f"{name}/{screen}/{at}", bar(*foot), foot, parent)


def number() -> Page:
    """The number box, as links: each key leads to the box with one digit more (here: to itself)."""
    boxes = [*keypad(Rect(128, 60, 1024, 540), matches=2), *bar("home")]
    opens = {box.id: Place("number", box.id) for box in boxes if box.id.startswith("key-")}
    opens |= {
        "key-leave": Place("home", "number"),
        "match-1": Place("news/1/1"),
        "match-2": Place("services/1/1"),
        "home": Place("home"),
    }
    return _page("number", boxes, opens, Place("home", "number"))


def whole(way_back: bool = True) -> dict[str, Page]:
    """All pages by id; without `way_back`, articles can only be left with a Back key."""
    pages = [home(), number()]
    for name in COLUMNS:
        for screen in range(1, SCREENS + 1):
            pages.append(column(name, screen))
            pages += [article(name, screen, at, way_back) for at in range(1, ITEMS + 1)]
    return {page.id: page for page in pages}
