"""From boxes to a table of moves: where each press goes from each box, and why it goes there.

The table is total (every box has all four keys), deterministic and independent of the order in which
the boxes are given: equal costs are settled by reading order (top, left), then by id.

Rows. Boxes with the same `row` are locked together, as the title and the button of a list entry are:
Left and Right step along the row and never leave it; Up and Down go to the neighbouring row (or a box
that stands in none) as a whole, and there to the box that stands in line with the one left. A ragged
list can therefore not make Left land on another row.

Groups. A group may keep a key from leading out of it (`blocked`), and may prefer its own boxes to
nearer ones outside (`Group.own_first`). What a group remembers belongs to `remote_nav.walk`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from remote_nav.errors import BadLayout
from remote_nav.geometry import (
    OPPOSITE,
    Box,
    Framed,
    Key,
    Rect,
    checked,
    cost,
    framed,
)

Moves = Mapping[str, Mapping[Key, str | None]]
"""{box id: {key: box id, or None where the press goes nowhere}}"""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the screen.

    parent     the group around it, "" for none
    blocked    keys that never lead out of it
    own_first  its own boxes win over nearer ones outside
    enters     where a press from outside lands: on the box that geometry names ("nearest"), or on the
               group's first box ("first"); a remembered box comes before both (remote_nav.walk)
    """

    id: str
    parent: str = ""
    blocked: frozenset[Key] = frozenset()
    own_first: bool = False
    enters: str = "nearest"


class Rule(StrEnum):
    """Why a press goes where it goes."""

    STRAIGHT = "the cheapest of the boxes that stand in line"
    ASIDE = "nothing stands in line; the cheapest of the boxes aside"
    CHEAPER_ASIDE = "stands aside, but costs less than the nearest in line"
    OVERLAP = "overlaps the box it is reached from, so it comes first"
    ROW = "the next box of the locked row"
    NEXT_ROW = "the neighbouring row, at the box that stands best in line"
    WRAP = "nothing further this way, so round to the other end"
    ROW_END = "the locked row ends here"
    BLOCKED = "the group keeps this key from leaving it"
    EDGE = "nothing further this way"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one press goes where it goes: `rivals` are (box id, cost), cheapest first, the winner's too."""

    here: str
    key: Key
    goes: str | None
    rule: Rule
    rivals: tuple[tuple[str, float], ...] = ()

    @property
    def text(self) -> str:
        """One line for a person: `a right -> b (12.0): why; next c (40.5)`."""
        costs = dict(self.rivals)
        where = f"{self.goes} ({costs[self.goes]:.1f})" if self.goes in costs else (self.goes or "stays")
        others = [f"{name} ({value:.1f})" for name, value in self.rivals if name != self.goes][:2]
        after = f"; next {', '.join(others)}" if others else ""
        return f"{self.here} {self.key} -> {where}: {self.rule.value}{after}"


def focus_graph(
    boxes: Sequence[Box],
    *,
    wrap: Collection[Key] = (),
    mirrored: bool = False,
    blocked: Mapping[str, Collection[Key]] | None = None,
    groups: Iterable[Group] = (),
) -> Moves:
    """Where each press goes from each box.

    wrap      keys that go round to the other end, inside the same row or column
    mirrored  the boxes are those of the page for reading from left to right, and it is shown from
              right to left: Left and Right change places, in `wrap` and `blocked` too
    blocked   {group or box id: keys that never lead out of it}, besides what `groups` says
    raises    BadLayout
    """
    screen = Screen(boxes, wrap=wrap, blocked=blocked, groups=groups)
    return {
        box.id: {key: screen.step(at, _meant(key, mirrored)) for key in Key}
        for at, box in enumerate(screen.boxes)
    }


def neighbour(here: Box, key: Key, boxes: Sequence[Box]) -> Box:
    """Where one press of `key` moves the highlight; `here` itself at an edge."""
    screen = Screen(boxes)
    goes = screen.step(screen.at(here.id), key)
    return here if goes is None else screen.boxes[screen.at(goes)]


def explain(
    here: str,
    key: Key,
    boxes: Sequence[Box],
    *,
    wrap: Collection[Key] = (),
    mirrored: bool = False,
    blocked: Mapping[str, Collection[Key]] | None = None,
    groups: Iterable[Group] = (),
) -> Reason:
    """Why a press of `key` on the box `here` goes where it goes; the options are those of focus_graph."""
    screen = Screen(boxes, wrap=wrap, blocked=blocked, groups=groups)
    reason = screen.reason(screen.at(here), _meant(key, mirrored))
    return Reason(here, key, reason.goes, reason.rule, reason.rivals)


def reading_order(boxes: Iterable[Box]) -> list[Box]:
    """The boxes from top to bottom, left to right; boxes at the same place by id."""
    return sorted(boxes, key=lambda box: (box.rect.top, box.rect.left, box.id))


def _meant(key: Key, mirrored: bool) -> Key:
    return OPPOSITE[key] if mirrored and key.sideways else key


@dataclass(frozen=True, slots=True)
class _Line:
    """What a press aims at: one box, or a locked row as a whole. `rank` settles equal costs."""

    frame: Framed
    rank: int
    members: tuple[int, ...]


class Screen:
    """Boxes prepared for many presses: frames for each key, rows and groups looked up once."""

    def __init__(
        self,
        boxes: Sequence[Box],
        *,
        wrap: Collection[Key] = (),
        blocked: Mapping[str, Collection[Key]] | None = None,
        groups: Iterable[Group] = (),
    ) -> None:
        self.boxes = tuple(checked(boxes))
        self.groups = {group.id: group for group in groups}
        self._wrap = frozenset(wrap)
        self._blocked = {name: frozenset(keys) for name, keys in (blocked or {}).items()}
        self._index = {box.id: at for at, box in enumerate(self.boxes)}
        self._rank = {box.id: place for place, box in enumerate(reading_order(self.boxes))}
        self._frames = {key: [framed(box.rect, key) for box in self.boxes] for key in Key}
        self._chains = [self._chain(box.group) for box in self.boxes]
        self._members: dict[str, tuple[int, ...]] = {}
        for at, chain in enumerate(self._chains):
            for name in chain:
                self._members[name] = (*self._members.get(name, ()), at)
        self._firsts = {
            name: frozenset(self._members[name]) for name in self._members if self._own_first(name)
        }
        self._fenced = bool(self._blocked) or any(group.blocked for group in self.groups.values())
        rows: dict[str, list[int]] = {}
        for at, box in enumerate(self.boxes):
            if box.row:
                rows.setdefault(box.row, []).append(at)
        self._rows = {
            name: sorted(row, key=lambda at: (self.boxes[at].rect.left, self._rank[self.boxes[at].id]))
            for name, row in rows.items()
        }
        spans = _widened(
            {
                name: reduce(Rect.union, (self.boxes[at].rect for at in row))
                for name, row in self._rows.items()
            }
        )
        self._spans = {key: {name: framed(rect, key) for name, rect in spans.items()} for key in Key}
        self._lines = {key: self._aims(key) for key in Key}

    def at(self, box_id: str) -> int:
        """The place of a box in `boxes`; raises BadLayout where there is none of that id."""
        try:
            return self._index[box_id]
        except KeyError:
            raise BadLayout(f"there is no box {box_id!r}") from None

    def step(self, at: int, key: Key, among: AbstractSet[int] | None = None) -> str | None:
        """Where a press goes; `among` leaves only some boxes to go to (a group, a scope)."""
        box = self.boxes[at]
        if box.row and key.sideways:
            return self._along_row(at, key)
        best = None
        if among is None and (own := self.own(at)):
            best = self._best(self._costs(at, key, own))
        if best is None:
            best = self._best(self._costs(at, key, among))
        if best is None and key in self._wrap:
            best = self._best(self._costs(at, key, among, round_trip=True))
        return None if best is None else self.boxes[best].id

    def reason(self, at: int, key: Key) -> Reason:
        """Why `step` answers what it answers."""
        here = self.boxes[at]
        goes = self.step(at, key)
        if here.row and key.sideways:
            return Reason(here.id, key, goes, self._row_rule(at, key, goes))
        own = self.own(at)
        costs = self._costs(at, key, own) if own else []
        costs = costs or self._costs(at, key)
        if not costs and goes is not None:
            costs = self._costs(at, key, round_trip=True)
            return Reason(here.id, key, goes, Rule.WRAP, self._rivals(costs))
        if goes is None:
            fenced = bool(self._costs(at, key, fences=False))
            return Reason(here.id, key, None, Rule.BLOCKED if fenced else Rule.EDGE)
        return Reason(here.id, key, goes, self._rule(at, key, goes, costs), self._rivals(costs))

    def members(self, group: str) -> tuple[int, ...]:
        """The boxes of a group and of the groups inside it, in the order in which they were given."""
        return self._members.get(group, ())

    def chain(self, at: int) -> tuple[str, ...]:
        """The groups around a box, innermost first."""
        return self._chains[at]

    def fenced(self, at: int, to: int, key: Key) -> bool:
        """Whether a group (or the box itself) keeps `key` from leading from one box to another."""
        if key in self._blocked.get(self.boxes[at].id, ()):
            return True
        around = self._chains[to]
        for name in self._chains[at]:
            if name in around:
                return False
            group = self.groups.get(name)
            if key in self._blocked.get(name, ()) or (group is not None and key in group.blocked):
                return True
        return False

    def own(self, at: int) -> frozenset[int]:
        """The boxes that come first because they share a group that wants so; empty where none does."""
        chain = self._chains[at]
        return self._firsts.get(chain[0], frozenset()) if chain else frozenset()

    def _own_first(self, name: str) -> bool:
        group = self.groups.get(name)
        return group is not None and group.own_first

    def _chain(self, name: str) -> tuple[str, ...]:
        chain: list[str] = []
        while name:
            if name in chain:
                raise BadLayout(f"group {name!r} stands inside itself")
            chain.append(name)
            group = self.groups.get(name)
            name = group.parent if group is not None else ""
        return tuple(chain)

    def _aims(self, key: Key) -> list[_Line]:
        """What a press of a key can aim at: sideways every box, upright whole rows and free boxes."""
        frames = self._frames[key]
        loose = [
            _Line(frames[at], self._rank[box.id], (at,))
            for at, box in enumerate(self.boxes)
            if key.sideways or not box.row
        ]
        rows = [] if key.sideways else self._rows.items()
        return loose + [
            _Line(self._spans[key][name], min(self._rank[self.boxes[at].id] for at in row), tuple(row))
            for name, row in rows
        ]

    def _costs(
        self,
        at: int,
        key: Key,
        among: AbstractSet[int] | None = None,
        *,
        round_trip: bool = False,
        fences: bool = True,
    ) -> list[tuple[float, int, int]]:
        """(cost, rank, box) of everything a press can reach, in no order."""
        here = self.boxes[at]
        origin = self._frames[key][at]
        if here.row:  # a row moves as a whole: nothing of its own lies ahead
            span = self._spans[key][here.row]
            origin = (span[0], span[1], origin[2], origin[3])
        if round_trip:
            start = min(frame[0] for frame in self._frames[key])
            origin = (start - 1 - (origin[1] - origin[0]), start - 1, origin[2], origin[3])
        fences = fences and self._fenced
        found = []
        for line in self._lines[key]:
            if line.frame[1] <= origin[0] or at in line.members:
                continue  # wholly behind, or itself
            members = line.members
            if among is not None or fences:
                members = tuple(
                    to
                    for to in members
                    if (among is None or to in among) and not (fences and self.fenced(at, to, key))
                )
                if not members:
                    continue
            price = cost(origin, line.frame, key, self.boxes[members[0]].lap)
            if price is None or (round_trip and not _in_line(origin, line.frame)):
                continue
            to = members[0] if len(members) == 1 else self._entry(origin, line, key, members)
            found.append((price, line.rank, to))
        return found

    def _entry(self, origin: Framed, line: _Line, key: Key, members: tuple[int, ...]) -> int:
        """The box of a row that stands best in line with where one comes from."""

        def price(to: int) -> tuple[float, int]:
            _, _, low, high = self._frames[key][to]
            frame = (line.frame[0], line.frame[1], low, high)
            value = cost(origin, frame, key)
            return (float("inf") if value is None else value), self._rank[self.boxes[to].id]

        return min(members, key=price)

    @staticmethod
    def _best(costs: list[tuple[float, int, int]]) -> int | None:
        return min(costs)[2] if costs else None

    def _rivals(self, costs: list[tuple[float, int, int]]) -> tuple[tuple[str, float], ...]:
        return tuple((self.boxes[to].id, price) for price, _, to in sorted(costs)[:4])

    def _along_row(self, at: int, key: Key) -> str | None:
        row = self._rows[self.boxes[at].row]
        place = row.index(at) + (1 if key is Key.RIGHT else -1)
        if not 0 <= place < len(row):
            if key not in self._wrap or len(row) == 1:
                return None
            place %= len(row)
        return None if self.fenced(at, row[place], key) else self.boxes[row[place]].id

    def _row_rule(self, at: int, key: Key, goes: str | None) -> Rule:
        row = self._rows[self.boxes[at].row]
        last = row[-1] if key is Key.RIGHT else row[0]
        if goes is None:
            return Rule.ROW_END if at == last else Rule.BLOCKED
        return Rule.WRAP if at == last else Rule.ROW

    def _rule(self, at: int, key: Key, goes: str, costs: list[tuple[float, int, int]]) -> Rule:
        origin, frames = self._frames[key][at], self._frames[key]
        target = frames[self._index[goes]]
        if min(costs)[0] < 0 and _overlap(origin, target):
            return Rule.OVERLAP
        if self.boxes[self._index[goes]].row and not key.sideways:
            return Rule.NEXT_ROW
        if _in_line(origin, target):
            return Rule.STRAIGHT
        rivals = any(_in_line(origin, frames[to]) for _, _, to in costs)
        return Rule.CHEAPER_ASIDE if rivals else Rule.ASIDE


def _widened(spans: Mapping[str, Rect]) -> dict[str, Rect]:
    """Rows of one list, all as wide as the list: a row that lacks the button is a row nonetheless.

    Rows belong to one list where they stand above each other, by way of other rows or straight.
    """
    lists: list[tuple[Rect, list[str]]] = []
    for name, span in sorted(spans.items(), key=lambda item: (item[1].left, item[0])):
        if lists and span.left < lists[-1][0].right:
            around, names = lists.pop()
            lists.append((around.union(span), [*names, name]))
        else:
            lists.append((span, [name]))
    return {
        name: Rect(around.left, spans[name].top, around.width, spans[name].height)
        for around, names in lists
        for name in names
    }


def _in_line(here: Framed, there: Framed) -> bool:
    return min(here[3], there[3]) > max(here[2], there[2])


def _overlap(here: Framed, there: Framed) -> bool:
    return _in_line(here, there) and min(here[1], there[1]) > max(here[0], there[0])
