"""Where an item stands in its column's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.model import Kind

BY_PLACE = frozenset((Kind.MATTER, Kind.UNIT, Kind.FACT))
"""Kinds that stand in the origin's own order; the others stand by date."""

TIES = 32_768
"""Items of one moment that a rank can tell apart; a double holds them beside twelve digits."""


def of(ids: Sequence[str], moments: Mapping[str, str], by_place: bool) -> dict[str, float]:
    """The ranks of a list, the highest stands first.

    ids      in the order of the origin's list      moments  YYYY-MM-DD or YYYY-MM-DD HH:MM, or ""
    returns  YYYYMMDDHHMM as a number, plus a fraction that keeps the origin's order within one
             moment; an item without a date stands with the one before it. By place: the place,
             counted from the end.
    """
    if by_place:
        return {item_id: float(len(ids) - place) for place, item_id in enumerate(ids)}
    last = next((found for item_id in ids if (found := number(moments.get(item_id, "")))), 0.0)
    dated = []
    for item_id in ids:
        last = number(moments.get(item_id, "")) or last
        dated.append((item_id, last))
    ranked: dict[str, float] = {}
    below: dict[float, int] = {}
    for item_id, moment in reversed(dated):
        # Counted from the end, so that a newer item does not move the others.
        place = below.get(moment, 0)
        below[moment] = place + 1
        ranked[item_id] = moment + min(place, TIES - 1) / TIES
    return dict(reversed(ranked.items()))


def number(moment: str) -> float:
    """A moment as YYYYMMDDHHMM, 0 where there is none."""
    digits = "".join(each for each in moment if each.isdigit())[:12]
    return float(digits.ljust(12, "0")) if len(digits) >= 8 else 0.0
