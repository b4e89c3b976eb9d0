"""How many presses from home to any page: Dijkstra over the graph of a whole site.

A node is a box of a page that has the focus. An arrow costs one press, OK one, Back one; a run of digits
costs as many as it has keys. What keys there are is an argument, so the same graph tells the cost with six
keys only, with digits, and with what a given remote happens to have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import ceil

from remote_nav.errors import BadLayout
from remote_nav.geometry import Key
from remote_nav.graph import Moves
from remote_nav.keymap import SIX_KEYS, Action


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A box of a page; `box` "" is where the page puts the focus by itself."""

    page: str
    box: str = ""


@dataclass(frozen=True)
class Page:
    """One screen of the site.

    start   the box that has the focus when the page opens
    opens   {box id: where OK on it leads}
    back    where Back leads, None where it leads out of the site
    runs    {keys pressed one after the other: where they lead}, for digits, colours and page keys
    turns   boxes whose OK only turns to another screen of the same page
    exits   {(box id, arrow): where it leads past the edge}; each turns to another screen of the same page
    """

    id: str
    moves: Moves
    start: str
    opens: Mapping[str, Place] = field(default_factory=dict)
    back: Place | None = None
    runs: Mapping[tuple[Action, ...], Place] = field(default_factory=dict)
    turns: frozenset[str] = frozenset()
    exits: Mapping[tuple[str, Key], Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cost:
    """What it takes to have a page on the screen: all presses, and how many of them turned screens."""

    presses: int
    turns: int


@dataclass(frozen=True)
class Route:
    """The cheapest ways from home. `costs` names every page that can be reached."""

    costs: Mapping[str, Cost]
    arrivals: Mapping[str, Place]
    came: Mapping[Place, tuple[Place, tuple[Action, ...]]]

    def keys(self, page: str) -> list[Action]:
        """The presses that lead to a page; raises KeyError where none do."""
        keys: list[Action] = []
        place = self.arrivals[page]
        while place in self.came:
            place, pressed = self.came[place]
            keys[:0] = pressed
        return keys


Site = Callable[[str], Page]
"""A page by its id: pages may be made when they are asked for, as a large site needs."""


def costs(
    site: Site, home: str, actions: Collection[Action] = SIX_KEYS, *, turns_free: bool = False
) -> Route:
    """The cheapest way from home to every page, with the keys that there are.

    turns_free  ways are compared by their presses less those that turn a screen, then by all
    raises  BadLayout where a page opens at a box it does not have
    """
    first = _settled(site, Place(home))
    best: dict[Place, tuple[int, int, int]] = {first: (0, 0, 0)}
    came: dict[Place, tuple[Place, tuple[Action, ...]]] = {}
    arrivals: dict[str, Place] = {}
    reached: dict[str, Cost] = {}
    queue: list[tuple[tuple[int, int, int], Place]] = [((0, 0, 0), first)]
    while queue:
        known, place = heappop(queue)
        if known > best[place]:
            continue
        _, presses, turns = known
        if place.page not in reached:
            reached[place.page] = Cost(presses, turns)
            arrivals[place.page] = place
        for keys, to, turned in _steps(site(place.page), place, actions):
            target = _settled(site, to)
            all_presses, all_turns = presses + len(keys), turns + turned
            price = (all_presses - all_turns if turns_free else all_presses, all_presses, all_turns)
            if target not in best or price < best[target]:
                best[target] = price
                came[target] = (place, keys)
                heappush(queue, (price, target))
    return Route(reached, arrivals, came)


def prisons(site: Site, home: str, actions: Collection[Action] = SIX_KEYS) -> list[str]:
    """Pages that can be reached with these keys and from which no presses lead home again, by id."""
    first = _settled(site, Place(home))
    seen, todo = {first}, [first]
    back: dict[Place, list[Place]] = {}
    while todo:
        place = todo.pop()
        for _, to, _ in _steps(site(place.page), place, actions):
            target = _settled(site, to)
            back.setdefault(target, []).append(place)
            if target not in seen:
                seen.add(target)
                todo.append(target)
    free = {place for place in seen if place.page == home}
    todo = list(free)
    while todo:
        for place in back.get(todo.pop(), ()):
            if place not in free:
                free.add(place)
                todo.append(place)
    return sorted({place.page for place in seen - free})


def within(moves: Moves, start: str) -> dict[str, int]:
    """Arrow presses from one box of a screen to each box that can be reached."""
    found, todo = {start: 0}, [start]
    for here in todo:
        for to in moves[here].values():
            if to is not None and to not in found:
                found[to] = found[here] + 1
                todo.append(to)
    return found


def placed(wanted: Mapping[str, float], slots: Mapping[str, float]) -> dict[str, str]:
    """Which slot each thing should take, so that the presses of all viewers together are fewest.

    wanted  {thing: how often it is wanted}        slots  {slot: what it costs to get there}
    returns {thing: slot}; things beyond the last slot get none. The most wanted takes the cheapest slot:
    no exchange of two can make the sum smaller. Equal ones keep the order in which they were given.
    """
    things = sorted(wanted, key=lambda thing: -wanted[thing])
    cheapest = sorted(slots, key=lambda slot: slots[slot])
    return dict(zip(things, cheapest, strict=False))


@dataclass(frozen=True, slots=True)
class Summary:
    """Presses over many pages: `worst` are the dearest pages, dearest first, with their cost."""

    count: int
    mean: float
    p95: int
    most: int
    worst: tuple[tuple[str, Cost], ...] = ()


def summary(route: Route, pages: Iterable[str] | None = None, worst: int = 5) -> Summary:
    """The figures over some pages (all that can be reached by default).

    raises  KeyError where one of them cannot be reached: an average over the rest would hide it
    """
    chosen = sorted(route.costs) if pages is None else sorted(set(pages))
    if not chosen:
        return Summary(0, 0.0, 0, 0)
    dear = sorted(
        ((route.costs[page], page) for page in chosen), key=lambda pair: (-pair[0].presses, pair[1])
    )
    presses = sorted(cost.presses for cost, _ in dear)
    return Summary(
        count=len(presses),
        mean=sum(presses) / len(presses),
        p95=presses[ceil(0.95 * len(presses)) - 1],
        most=presses[-1],
        worst=tuple((page, cost) for cost, page in dear[:worst]),
    )


def _steps(
    page: Page, place: Place, actions: Collection[Action]
) -> Iterator[tuple[tuple[Action, ...], Place, bool]]:
    """Everything that one press (or one run of digits) can do: (keys, where it leads, turned a screen)."""
    for key, to in page.moves[place.box].items():
        if (exit_to := page.exits.get((place.box, key))) is not None and Action(key) in actions:
            yield (Action(key),), exit_to, True
        elif to is not None and Action(key) in actions:
            yield (Action(key),), Place(page.id, to), False
    if (opened := page.opens.get(place.box)) is not None and Action.OK in actions:
        yield (Action.OK,), opened, place.box in page.turns
    if page.back is not None and Action.BACK in actions:
        yield (Action.BACK,), page.back, False
    for keys, to_place in page.runs.items():
        if all(key in actions for key in keys):
            yield keys, to_place, _turns(page, to_place)


def _turns(page: Page, to: Place) -> bool:
    return any(page.opens.get(box) == to for box in page.turns) or to in page.exits.values()


def _settled(site: Site, place: Place) -> Place:
    page = site(place.page)
    box = place.box or page.start
    if box not in page.moves:
        raise BadLayout(f"page {page.id!r} has no box {box!r} to open at")
    return Place(page.id, box)


def site_of(pages: Sequence[Page]) -> Site:
    """A site of pages that are all there; raises BadLayout for one that is not."""
    known = {page.id: page for page in pages}

    def page(name: str) -> Page:
        try:
            return known[name]
        except KeyError:
            raise BadLayout(f"there is no page {name!r}") from None

    return page
