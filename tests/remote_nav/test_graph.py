"""Where presses go, and why."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_nav.errors import BadLayout
from remote_nav.geometry import Box, Key, Rect
from remote_nav.graph import Group, Moves, Rule, explain, focus_graph, neighbour, reading_order
from tests.remote_nav.layouts import (
    COLUMN_WITH_GAP,
    GRID,
    KEYS,
    LOCKED_LIST,
    OVERLAPS,
    RAGGED_LIST,
    RAGGED_ROWS,
    SCREENS,
    TABS_OVER_LIST,
    UNEQUAL_TILES,
    boxes,
    grid,
    scattered,
    tilings,
)

STAYS = "."


def walked(moves: Moves, start: str, presses: str) -> list[str]:
    """Ids along a way of presses; "." where a press goes nowhere."""
    here, path = start, []
    for press in presses:
        to = moves[here][KEYS[press]]
        path.append(to or STAYS)
        here = to or here
    return path


@pytest.mark.parametrize(
    ("screen", "start", "presses", "path"),
    [
        # A list with a column of buttons: Right from any title finds the button of its own row, and
        # Left the title again, however short it is.
        (RAGGED_LIST, "t1", "rdddddu", "b1 b2 b3 b4 b5 b6 b5"),
        (RAGGED_LIST, "b4", "lrlddu", "t4 b4 t4 t5 t6 t5"),
        (RAGGED_LIST, "t6", "dl", ". ."),
        # A grid of twelve.
        (GRID, "r1c1", "rrrrdlllld", "r1c2 r1c3 r1c4 . r2c4 r2c3 r2c2 r2c1 . r3c1"),
        (GRID, "r3c4", "uuu", "r2c4 r1c4 ."),
        # Tiles of unequal sizes.
        (UNEQUAL_TILES, "lead", "rdrllu", "second third fourth third lead ."),
        (UNEQUAL_TILES, "lead", "drrrd", "s1 s2 s3 s4 help"),
        (UNEQUAL_TILES, "s2", "ud", "lead s1"),
        (UNEQUAL_TILES, "help", "luu", "more s1 lead"),
        (UNEQUAL_TILES, "fourth", "ud", "second third"),
        (UNEQUAL_TILES, "s3", "ud", "third s3"),
        # Ragged rows: a row is walked to its end; up and down keep to what stands below the middle.
        (RAGGED_ROWS, "a1", "rrr", "a2 a3 ."),
        (RAGGED_ROWS, "a1", "ddr", "b2 c1 c2"),
        (RAGGED_ROWS, "c1", "uu", "b2 a2"),
        (RAGGED_ROWS, "c3", "luu", "c2 b3 a3"),
        (RAGGED_ROWS, "b3", "ll", "b2 b1"),
        # Boxes that cover each other: what lies on the card is entered, the card is left for outside.
        (OVERLAPS, "card", "rrrl", "open share right badge"),
        (OVERLAPS, "card", "d", "badge"),
        (OVERLAPS, "open", "rld", "share open below"),
        (OVERLAPS, "below", "r", "under"),
        (OVERLAPS, "right", "dul", "under right badge"),
        # A column with a gap: the press goes over the hole, not aside.
        (COLUMN_WITH_GAP, "two", "du", "three two"),
        (COLUMN_WITH_GAP, "one", "dddd", "two three four ."),
        (COLUMN_WITH_GAP, "two", "r", "aside"),
        # Tabs over a list.
        (TABS_OVER_LIST, "tab3", "du", "item1 tab2"),
        (TABS_OVER_LIST, "item2", "ud", "item1 item2"),
        (TABS_OVER_LIST, "item3", "d", "prev"),
        (TABS_OVER_LIST, "prev", "rrlu", "next home next item3"),
    ],
)
def test_presses(screen: list[Box], start: str, presses: str, path: str) -> None:
    assert walked(focus_graph(screen), start, presses) == path.split()


def test_locked_rows_never_leave_sideways() -> None:
    moves = focus_graph(LOCKED_LIST)
    for at in range(1, 7):
        assert walked(moves, f"t{at}", "lrrl") == [STAYS, f"b{at}", STAYS, f"t{at}"]
    assert walked(moves, "b1", "dddddd") == ["b2", "b3", "b4", "b5", "b6", STAYS]
    assert walked(moves, "t6", "uuuuuu") == ["t5", "t4", "t3", "t2", "t1", STAYS]


def test_a_row_without_a_button_is_entered_at_its_title() -> None:
    rows = [box for box in LOCKED_LIST if box.id != "b3"]
    moves = focus_graph(rows)
    assert walked(moves, "b2", "ddu") == ["t3", "t4", "t3"]
    assert moves["t3"][Key.RIGHT] is None


def test_locked_rows_and_free_boxes_reach_each_other() -> None:
    screen = [
        *boxes({"tab1": (64, 40, 200, 56), "tab2": (1016, 40, 200, 56)}),
        *LOCKED_LIST,
        *boxes({"prev": (64, 640, 120, 40), "next": (1096, 640, 120, 40)}),
    ]
    moves = focus_graph(screen)
    assert walked(moves, "tab2", "du") == ["b1", "tab2"]
    assert walked(moves, "tab1", "du") == ["t1", "tab1"]
    assert walked(moves, "b6", "du") == ["next", "b6"]
    assert walked(moves, "prev", "ur") == ["t6", "b6"]


def test_rows_of_several_buttons_keep_their_columns() -> None:
    screen = [
        Box(f"{name}{at}", Rect(left, 100 + 80 * at, width, 60), row=f"row{at}")
        for at in range(4)
        for name, left, width in (("t", 64, 500 + 40 * at), ("x", 800, 120), ("y", 940, 120))
    ]
    moves = focus_graph(screen)
    assert walked(moves, "x0", "dddu") == ["x1", "x2", "x3", "x2"]
    assert walked(moves, "y3", "uuulll") == ["y2", "y1", "y0", "x0", "t0", STAYS]


def test_two_lists_side_by_side_stay_apart() -> None:
    screen = [
        Box(
            f"{side}{at}{part}", Rect(left + 400 * (part == "b"), 100 + step * at, 120, 50), row=f"{side}{at}"
        )
        for side, left, step in (("l", 64, 60), ("r", 660, 90))
        for at in range(4)
        for part in ("a", "b")
        if (side, at, part) != ("l", 2, "b")
    ]
    moves = focus_graph(screen)
    assert walked(moves, "l1b", "ddu") == ["l2a", "l3a", "l2a"]
    assert walked(moves, "r0a", "dddr") == ["r1a", "r2a", "r3a", "r3b"]


def test_equal_costs_go_by_reading_order_then_id() -> None:
    screen = boxes({"z": (100, 100, 100, 50), "m": (300, 100, 100, 50), "top": (200, 0, 100, 50)})
    assert focus_graph(screen)["top"][Key.DOWN] == "z"
    same = boxes({"b": (100, 100, 100, 50), "a": (100, 100, 100, 50), "top": (100, 0, 100, 50)})
    assert focus_graph(same)["top"][Key.DOWN] == "a"


@given(tilings() | scattered(), st.randoms(use_true_random=False))
def test_the_order_of_the_boxes_does_not_matter(screen: list[Box], random: Random) -> None:
    moves = focus_graph(screen)
    shuffled = screen[:]
    random.shuffle(shuffled)
    again = focus_graph(shuffled)
    assert {name: again[name] for name in moves} == moves


@given(tilings() | scattered())
def test_moves_are_total_and_never_to_oneself(screen: list[Box]) -> None:
    moves = focus_graph(screen)
    names = {box.id for box in screen}
    assert set(moves) == names
    for here, keys in moves.items():
        assert list(keys) == list(Key)
        assert set(keys.values()) <= (names | {None}) - {here}


@given(scattered())
def test_left_and_right_never_leave_a_locked_row(screen: list[Box]) -> None:
    row = {box.id: box.row for box in screen}
    for box in screen:
        for key in (Key.LEFT, Key.RIGHT):
            to = focus_graph(screen)[box.id][key]
            assert not box.row or to is None or row[to] == box.row
        for key in (Key.UP, Key.DOWN):
            to = focus_graph(screen)[box.id][key]
            assert not box.row or to is None or row[to] != box.row


@given(tilings())
def test_a_press_never_goes_against_its_direction(screen: list[Box]) -> None:
    rect = {box.id: box.rect for box in screen}
    for here, keys in focus_graph(screen).items():
        for key, to in keys.items():
            if to is None:
                continue
            one, other = rect[here], rect[to]
            assert {
                Key.UP: other.top < one.top,
                Key.DOWN: other.bottom > one.bottom,
                Key.LEFT: other.left < one.left,
                Key.RIGHT: other.right > one.right,
            }[key]


@pytest.mark.parametrize("name", SCREENS)
def test_neighbour_and_graph_agree(name: str) -> None:
    screen = SCREENS[name]
    moves = focus_graph(screen)
    for box in screen:
        for key in Key:
            assert neighbour(box, key, screen).id == (moves[box.id][key] or box.id)


# --- Wrapping, mirroring, groups ----------------------------------------------------------------


def test_wrap_goes_round_inside_the_row_or_column() -> None:
    moves = focus_graph(grid(3, 2), wrap=list(Key))
    assert walked(moves, "r1c3", "rl") == ["r1c1", "r1c3"]
    assert walked(moves, "r2c2", "dur") == ["r1c2", "r2c2", "r2c3"]


def test_wrap_only_where_it_is_asked_for() -> None:
    moves = focus_graph(grid(3, 2), wrap=(Key.LEFT,))
    assert walked(moves, "r1c1", "l") == ["r1c3"]
    assert walked(moves, "r1c3", "r") == [STAYS]


def test_wrap_finds_nothing_where_nothing_stands_in_line() -> None:
    moves = focus_graph(COLUMN_WITH_GAP, wrap=(Key.LEFT, Key.RIGHT))
    assert walked(moves, "one", "l") == [STAYS]


def test_wrap_in_a_locked_row_and_over_locked_rows() -> None:
    moves = focus_graph(LOCKED_LIST, wrap=list(Key))
    assert walked(moves, "t2", "lr") == ["b2", "t2"]
    assert walked(moves, "b6", "du") == ["b1", "b6"]


def test_mirrored_swaps_left_and_right() -> None:
    for screen in SCREENS.values():
        plain, mirrored = focus_graph(screen), focus_graph(screen, mirrored=True)
        for name, keys in plain.items():
            assert mirrored[name] == {
                Key.UP: keys[Key.UP],
                Key.DOWN: keys[Key.DOWN],
                Key.LEFT: keys[Key.RIGHT],
                Key.RIGHT: keys[Key.LEFT],
            }


def test_mirrored_is_what_the_mirrored_boxes_say() -> None:
    """The same table as from the boxes as they are drawn from right to left (no equal costs here)."""
    drawn = [Box(box.id, box.rect.mirrored(1280)) for box in RAGGED_LIST]
    assert focus_graph(RAGGED_LIST, mirrored=True) == focus_graph(drawn)


def test_a_blocked_key_does_not_leave_the_group() -> None:
    screen = [
        Box("menu1", Rect(64, 100, 200, 60), group="menu"),
        Box("menu2", Rect(64, 180, 200, 60), group="menu"),
        Box("item1", Rect(300, 100, 600, 60)),
        Box("item2", Rect(300, 300, 600, 60)),
    ]
    assert focus_graph(screen)["menu2"][Key.DOWN] == "item2"
    moves = focus_graph(screen, blocked={"menu": (Key.DOWN,)})
    assert moves["menu2"][Key.DOWN] is None
    assert moves["menu1"][Key.DOWN] == "menu2"
    assert moves["menu1"][Key.RIGHT] == "item1"
    by_group = focus_graph(screen, groups=[Group("menu", blocked=frozenset({Key.DOWN}))])
    assert by_group == moves


def test_a_blocked_box_is_not_left_by_that_key() -> None:
    moves = focus_graph(GRID, blocked={"r1c2": (Key.RIGHT,)})
    assert moves["r1c2"][Key.RIGHT] is None
    assert moves["r1c1"][Key.RIGHT] == "r1c2"


def test_an_inner_group_may_be_left_for_the_outer_one() -> None:
    groups = [Group("outer", blocked=frozenset(list(Key))), Group("inner", parent="outer")]
    screen = [
        Box("in", Rect(100, 100, 50, 50), group="inner"),
        Box("beside", Rect(200, 100, 50, 50), group="outer"),
        Box("far", Rect(300, 100, 50, 50)),
    ]
    moves = focus_graph(screen, groups=groups)
    assert moves["in"][Key.RIGHT] == "beside"
    assert moves["beside"][Key.RIGHT] is None
    assert moves["far"][Key.LEFT] == "beside"


def test_own_boxes_first() -> None:
    screen = [
        Box("a", Rect(300, 100, 100, 50), group="shelf"),
        Box("b", Rect(100, 400, 100, 50), group="shelf"),
        Box("near", Rect(300, 200, 100, 50)),
    ]
    assert focus_graph(screen)["a"][Key.DOWN] == "near"
    assert focus_graph(screen, groups=[Group("shelf", own_first=True)])["a"][Key.DOWN] == "b"


def test_groups_inside_themselves_are_refused() -> None:
    groups = [Group("a", parent="b"), Group("b", parent="a")]
    with pytest.raises(BadLayout, match="inside itself"):
        focus_graph([Box("x", Rect(0, 0, 1, 1), group="a")], groups=groups)


# --- Why ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("screen", "here", "key", "goes", "rule"),
    [
        (GRID, "r1c1", Key.RIGHT, "r1c2", Rule.STRAIGHT),
        (GRID, "r1c1", Key.LEFT, None, Rule.EDGE),
        (COLUMN_WITH_GAP, "two", Key.RIGHT, "aside", Rule.ASIDE),
        (OVERLAPS, "card", Key.RIGHT, "open", Rule.OVERLAP),
        (LOCKED_LIST, "t1", Key.RIGHT, "b1", Rule.ROW),
        (LOCKED_LIST, "b1", Key.RIGHT, None, Rule.ROW_END),
        (LOCKED_LIST, "b1", Key.DOWN, "b2", Rule.NEXT_ROW),
    ],
)
def test_reasons(screen: list[Box], here: str, key: Key, goes: str | None, rule: Rule) -> None:
    reason = explain(here, key, screen)
    assert (reason.goes, reason.rule) == (goes, rule)
    assert reason.text.startswith(f"{here} {key} -> ")


def test_reasons_for_wrap_blocked_and_cheaper_aside() -> None:
    assert explain("r1c4", Key.RIGHT, GRID, wrap=list(Key)).rule is Rule.WRAP
    assert explain("b1", Key.RIGHT, LOCKED_LIST, wrap=list(Key)).rule is Rule.WRAP
    assert explain("r1c2", Key.RIGHT, GRID, blocked={"r1c2": (Key.RIGHT,)}).rule is Rule.BLOCKED
    assert explain("t1", Key.RIGHT, LOCKED_LIST, blocked={"t1": (Key.RIGHT,)}).rule is Rule.BLOCKED
    screen = boxes({"a": (100, 100, 60, 50), "far": (100, 500, 60, 50), "near": (170, 160, 60, 50)})
    reason = explain("a", Key.DOWN, screen)
    assert (reason.goes, reason.rule) == ("near", Rule.CHEAPER_ASIDE)
    assert [name for name, _ in reason.rivals] == ["near", "far"]
    assert "next far" in reason.text


def test_reasons_in_a_mirror_name_the_key_that_was_pressed() -> None:
    reason = explain("r1c1", Key.LEFT, GRID, mirrored=True)
    assert (reason.key, reason.goes) == (Key.LEFT, "r1c2")


@pytest.mark.parametrize("name", SCREENS)
def test_reasons_agree_with_the_graph(name: str) -> None:
    screen = SCREENS[name]
    for here, keys in focus_graph(screen, wrap=(Key.LEFT,)).items():
        for key, to in keys.items():
            assert explain(here, key, screen, wrap=(Key.LEFT,)).goes == to


def test_an_unknown_box_is_named() -> None:
    with pytest.raises(BadLayout, match="no box 'nowhere'"):
        explain("nowhere", Key.UP, GRID)


def test_reading_order() -> None:
    assert [box.id for box in reading_order(reversed(grid(2, 2)))] == ["r1c1", "r1c2", "r2c1", "r2c2"]


def test_no_boxes_no_moves() -> None:
    assert focus_graph([]) == {}


def test_time_grows_with_the_square() -> None:
    """Pages compute this per request; 160 boxes are four times what any screen shows."""
    screen = grid(16, 10, wide=60, high=40, gap=4)
    before = time.perf_counter()
    focus_graph(screen)
    assert time.perf_counter() - before < 2
