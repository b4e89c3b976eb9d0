"""The units of the mirror with their positions, read once a generation."""

from __future__ import annotations

from portal.errors import NotFound
from portal.maps.plan import Plan, Spot, nearest, plan, spot
from portal.model import Kind, Unit
from portal.store import Mirror
from portal.text import N_, Text

MOST_UNITS = 2_000

DIRECTIONS = (
    N_("北边"), N_("东北边"), N_("东边"), N_("东南边"), N_("南边"), N_("西南边"), N_("西边"), N_("西北边")
)  # fmt: skip
"""Clockwise from north, as `plan.nearest` counts them."""


class Places:
    """Where the units are."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._known: dict[str, tuple[int, dict[str, Spot]]] = {}

    async def plan(self, unit_id: str, variant: str = "") -> Plan:
        """The plan around a unit. NotFound where it has no position."""
        spots = await self._spots(variant)
        if unit_id not in spots:
            raise NotFound(f"unit {unit_id} has no position")
        return plan(spots[unit_id], list(spots.values()))

    async def has(self, unit_id: str) -> bool:
        """Whether a unit has a position."""
        return unit_id in await self._spots("")

    async def beside(self, unit_id: str, t: Text) -> str:
        """Where a unit is, in a sentence: 在市民中心东边约 600 米; "" where nothing is near."""
        spots = await self._spots(t.variant)
        found = nearest(spots[unit_id], list(spots.values())) if unit_id in spots else None
        if found is None:
            return ""
        other, metres, direction = found
        rounded = max(50, round(metres / 50) * 50)
        return t.gettext("在{name}{direction}，约 {metres} 米").format(
            name=other.name, direction=t.gettext(DIRECTIONS[direction]), metres=rounded
        )

    async def _spots(self, variant: str) -> dict[str, Spot]:
        site = await self._mirror.site(variant)
        known = self._known.get(variant)
        if known is not None and known[0] == site.generation:
            return known[1]
        found: dict[str, Spot] = {}
        for column in site.columns:
            if column.kind is not Kind.UNIT or not column.count:
                continue
            listing = await self._mirror.listing(column.id, 0, MOST_UNITS, variant)
            items = await self._mirror.bodies(listing.heads, variant, keep=False)
            for item in items.values():
                if isinstance(item, Unit) and (at := spot(item.id, item.title, item.position, item.address)):
                    found[item.id] = at
        self._known[variant] = (site.generation, found)
        return found
