"""Positions and addresses -> what a plan shows. Pure.

A plan is a sketch and says so: streets are drawn through the units that stand in them by their addresses, and
nothing is drawn that neither a coordinate nor an address tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

METRES_PER_DEGREE = 111_320.0
NEIGHBOURS = 6
"""Other units that a plan names at most."""

SMALLEST, LARGEST = 350.0, 2_500.0
"""Metres from the unit to the edge of its plan."""

SAME_HOUSE = 30.0
"""Metres below which two units share a spot."""

APART = 140.0
"""Metres between units that a plan names: nearer ones say nothing more of where one is."""

BEYOND = 120.0
"""Metres that a street is drawn past the last unit in it."""

_CITY = re.compile(r"^[\u4e00-\u9fff]{2,6}?[市县](?=[\u4e00-\u9fff]{3})")
_POSITION = re.compile(r"(-?\d{1,3}(?:\.\d+)?),(-?\d{1,2}(?:\.\d+)?)")
_STREET = re.compile(
    r"(?:[\u4e00-\u9fff]{1,8}?(?:省|市|区|县|镇))*([\u4e00-\u9fff]{1,6}?(?:大道|大街|路|街|巷|道))\s?\d"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A unit that has a position: degrees of WGS 84."""

    id: str
    name: str
    longitude: float
    latitude: float
    street: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Metres to the east and to the north of the unit in the middle."""

    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Street:
    """A street as a straight line between two points."""

    name: str
    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Plan:
    """What one plan shows: `reach` metres from the unit in the middle to the nearer edges."""

    name: str
    reach: float
    streets: tuple[Street, ...]
    others: tuple[tuple[str, Point], ...]


def spot(item_id: str, name: str, position: str, address: str) -> Spot | None:
    """A unit's spot; None where its position is none ("longitude,latitude")."""
    found = _POSITION.fullmatch(position.replace(" ", ""))
    if found is None:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
        return None
    return Spot(item_id, name, longitude, latitude, street_of(address))


def street_of(address: str) -> str:
    """The street of an address: 青澜市云桥区槐安街88号 -> 槐安街; "" where it names none."""
    found = _STREET.search(address)
    return found[1] if found else ""


def offset(middle: Spot, other: Spot) -> Point:
    """Where another unit is, seen from the one in the middle."""
    east = (other.longitude - middle.longitude) * METRES_PER_DEGREE * cos(radians(middle.latitude))
    return Point(east, (other.latitude - middle.latitude) * METRES_PER_DEGREE)


def plan(middle: Spot, spots: Iterable[Spot]) -> Plan:
    """The plan around a unit."""
    points = {each.id: offset(middle, each) for each in spots if each.id != middle.id}
    named = {each.id: each for each in spots}
    near = sorted(points, key=lambda name: (hypot(points[name].east, points[name].north), name))
    shown: list[str] = []
    for name in near:
        apart = all(_between(points[name], points[other]) >= APART for other in shown)
        if apart and hypot(points[name].east, points[name].north) >= APART:
            shown.append(name)
        if len(shown) == NEIGHBOURS:
            break
    reach = max((_reach(points[name]) for name in shown[:4]), default=SMALLEST) * 1.25
    reach = min(LARGEST, max(SMALLEST, reach))
    within = [name for name in shown if abs(points[name].north) <= reach]
    return Plan(
        middle.name,
        reach,
        tuple(_streets(middle, [named[name] for name in points], points, reach)),
        tuple((short(named[name].name), points[name]) for name in within),
    )


def short(name: str) -> str:
    """A unit's name as people of the city say it: 青澜市教育局 -> 教育局."""
    return _CITY.sub("", name)


def _reach(point: Point) -> float:
    return max(abs(point.east), abs(point.north))


def _between(one: Point, other: Point) -> float:
    return hypot(one.east - other.east, one.north - other.north)


def _streets(
    middle: Spot, others: Sequence[Spot], points: dict[str, Point], reach: float
) -> Iterable[Street]:
    by_name: dict[str, list[Point]] = {}
    if middle.street:
        by_name[middle.street] = [Point(0.0, 0.0)]
    for each in others:
        if each.street:
            by_name.setdefault(each.street, []).append(points[each.id])
    for name, stands in by_name.items():
        line = _line(stands)
        if line is not None and _touches(line, reach):
            yield Street(name, *line)


def _line(points: Sequence[Point]) -> tuple[Point, Point] | None:
    """The straight line that fits these points best, a little longer than they reach; None for one spot."""
    count = len(points)
    east, north = sum(p.east for p in points) / count, sum(p.north for p in points) / count
    xx = sum((p.east - east) ** 2 for p in points)
    yy = sum((p.north - north) ** 2 for p in points)
    xy = sum((p.east - east) * (p.north - north) for p in points)
    if sqrt(xx + yy) < SAME_HOUSE:
        return None
    angle = 0.5 * atan2(2 * xy, xx - yy)
    along = Point(cos(angle), sin(angle))
    places = [(p.east - east) * along.east + (p.north - north) * along.north for p in points]
    first, last = min(places) - BEYOND, max(places) + BEYOND
    return (
        Point(east + first * along.east, north + first * along.north),
        Point(east + last * along.east, north + last * along.north),
    )


def _touches(line: tuple[Point, Point], reach: float) -> bool:
    """Whether a line comes into the frame, as far as its box can tell."""
    start, end = line
    return (
        min(start.east, end.east) <= reach
        and max(start.east, end.east) >= -reach
        and min(start.north, end.north) <= reach
        and max(start.north, end.north) >= -reach
    )


def nearest(middle: Spot, spots: Iterable[Spot]) -> tuple[Spot, float, int] | None:
    """The nearest other unit: (it, metres, in which of eight directions the middle lies seen from it)."""
    far = [
        (hypot(at.east, at.north), each.id, each, at)
        for each in spots
        if each.id != middle.id and hypot((at := offset(middle, each)).east, at.north) >= SAME_HOUSE
    ]
    if not far:
        return None
    metres, _, each, at = min(far, key=lambda found: found[:2])
    angle = degrees(atan2(-at.east, -at.north)) % 360
    return each, metres, round(angle / 45) % 8
