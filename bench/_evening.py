"""An evening of a city as requests: who comes when, on what, what they open and how long they look at it.

Pure: pages and their links, chance and the pace are arguments. A viewer arrives by the curve of the evening,
begins at home and goes on along the links of the page on the screen, the upper ones more often than the
lower, or back; between two pages is a time of reading. An access log can say what is opened how often.

Told faster than it happens: with `speed` 100, one in a hundred viewers comes and everything of theirs goes a
hundred times as fast: the server is asked as often in a second as in life, for a hundredth of the time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

Graph = Mapping[str, Sequence[str]]
"""Address of a page -> the addresses that it links to, in the order of the page."""

CURVE = (
    (18.0, 0.35),
    (19.0, 0.60),
    (19.5, 0.85),
    (20.0, 1.0),
    (20.5, 0.97),
    (21.5, 0.70),
    (22.5, 0.35),
    (23.0, 0.2),
)
"""How much of the peak there is, by the hour; straight lines between."""

PEAK = (19.8, 20.6)
"""The hours that count as the peak."""

BACK = 0.25
"""How often a viewer goes back and not on."""

THINK_SPREAD = 0.8
"""Sigma of the logarithm of the time between two pages."""

LIFT = 0.8
"""How much more often an upper link is taken: the weight of link n is n to the power of -LIFT."""

_KINDS = (
    ("home", re.compile(r"/tv/[^/]+/(?:\?.*)?|/wap(?:/(?:en|zh-Hant))?/?[0-9]{0,3}")),
    ("list", re.compile(r"(?:/tv/[^/]+|/wap(?:/[A-Za-z-]+)?)/c/[^/]+(?:/[0-9.]+)?/?(?:\?.*)?")),
    ("item", re.compile(r"/tv/[^/]+/(?:c/[^/]+/[0-9]+|h)/.+|/wap(?:/[A-Za-z-]+)?/i/.+")),
)
_LINE = re.compile(r" sunshine INFO 200 GET (/(?:tv|wap)\S*) ")


@dataclass(frozen=True, slots=True)
class City:
    """How many households there are, and what an evening is like.

    before   how many of them stand before the portal at the peak: 0.05 is one in twenty
    seconds  between two pages, the mean          pages  that a viewer opens, the mean
    """

    households: int
    before: float = 0.05
    seconds: float = 20.0
    pages: float = 8.0

    @property
    def pages_a_second(self) -> float:
        """What is asked at the peak."""
        return self.households * self.before / self.seconds

    @property
    def viewers_a_second(self) -> float:
        """How many begin at the peak."""
        return self.pages_a_second / self.pages


@dataclass(frozen=True, slots=True)
class Device:
    """What people look through. `keeps`: it keeps its connection between two pages."""

    name: str
    home: str
    share: float
    fields: tuple[str, ...] = ()
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One page: how many seconds after the one before, and its address."""

    after: float
    target: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One viewer: seconds from the beginning, the device, and what is opened."""

    at: float
    device: Device
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    """How often each edition and each kind of page is asked for; empty: as the links have it."""

    editions: Mapping[str, float]
    kinds: Mapping[str, float]


EVEN = Mix({}, {})
"""As the links have it, and devices as they are shared out."""

USUAL = Mix({}, {"home": 0.05, "list": 0.45, "item": 0.42, "made": 0.08})
"""Of what is opened from a page, where no log says otherwise: one in twelve is a number or a search."""


def level(hour: float) -> float:
    """How much of the peak there is at an hour of the evening; 0 before and after it."""
    for (begin, low), (end, high) in pairwise(CURVE):
        if begin <= hour <= end:
            return low + (high - low) * (hour - begin) / (end - begin)
    return 0.0


def length() -> float:
    """Seconds of the whole evening."""
    return (CURVE[-1][0] - CURVE[0][0]) * 3_600


def seconds_of(hour: float) -> float:
    """Seconds from the beginning of the evening until an hour."""
    return (hour - CURVE[0][0]) * 3_600


def arrivals(city: City, speed: float, random: Random) -> Iterator[float]:
    """When viewers come, in seconds of the evening: one in `speed` of them, as chance has it."""
    most = city.viewers_a_second / speed
    at = random.expovariate(most)
    while at < length():
        # Of arrivals as dense as at the peak, as many stay as the hour has (thinning).
        if random.random() < level(CURVE[0][0] + at / 3_600):
            yield at
        at += random.expovariate(most)


def visits(
    city: City,
    devices: Sequence[Device],
    graphs: Mapping[str, Graph],
    speed: float,
    random: Random,
    mix: Mix = EVEN,
) -> Iterator[Visit]:
    """The evening, told `speed` times as fast: seconds are those of the telling.

    graphs  name of a device -> its pages; each has its home page
    """
    shares = [mix.editions.get(device.name, 0.0) if mix.editions else device.share for device in devices]
    if not any(shares):
        raise ValueError(f"the log names none of the editions {', '.join(device.name for device in devices)}")
    more = 1.0 - 1.0 / city.pages
    for at in arrivals(city, speed, random):
        device = random.choices(devices, shares)[0]
        pages = 1 + (int(math.log(1.0 - random.random()) / math.log(more)) if more > 0 else 0)
        walked = walk(graphs[device.name], device.home, pages, random, mix)
        times = (0.0, *(think(city.seconds, random) / speed for _ in walked[1:]))
        yield Visit(at / speed, device, tuple(map(Step, times, walked)))


def think(mean: float, random: Random) -> float:
    """Seconds that a page is looked at: many short, few long."""
    return random.lognormvariate(math.log(mean) - THINK_SPREAD**2 / 2, THINK_SPREAD)


def walk(graph: Graph, home: str, pages: int, random: Random, mix: Mix = EVEN) -> list[str]:
    """So many pages, each a link of the one before or the way back."""
    trail, walked = [home], [home]
    while len(walked) < pages:
        links = graph.get(trail[-1], ())
        if len(trail) > 1 and (not links or random.random() < BACK):
            trail.pop()
        elif not links:
            trail = [home]
        else:
            trail.append(random.choices(links, _weights(links, mix))[0])
        walked.append(trail[-1])
    return walked


def _weights(links: Sequence[str], mix: Mix) -> list[float]:
    found = [(at + 1) ** -LIFT for at in range(len(links))]
    if not mix.kinds:
        return found
    kinds = [kind_of(link) for link in links]
    here = Counter(kinds)
    # By kind as the log has it, within a kind by place; what the log never names is hardly opened.
    weighed = [
        mix.kinds.get(kind, 1e-6) * weight / here[kind] for kind, weight in zip(kinds, found, strict=True)
    ]
    return weighed if any(weighed) else found


def kind_of(target: str) -> str:
    """home, list or item; made for everything else, which is made for who asks."""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(target)), "made")


def edition_of(target: str) -> str:
    """The profile of a television's address, wap for a phone's."""
    parts = target.split("/")
    return parts[2].partition(".")[0] if parts[1] == "tv" and len(parts) > 2 else "wap"


def mix_of(lines: Iterable[str]) -> Mix:
    """What an access log of ours says of editions and kinds of pages; other lines are passed over."""
    editions, kinds = Counter[str](), Counter[str]()
    for line in lines:
        if found := _LINE.search(line):
            editions[edition_of(found[1])] += 1
            kinds[kind_of(found[1])] += 1
    return Mix(dict(editions), dict(kinds))
