"""Which pages may be kept, and what of a request decides how they look. Everything else never is.

An edition lists its routes as Families: addresses that begin alike and vary on the same headers. Of a
family only the addresses that match one of its Rows are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

MOST_VARIANTS = 4_000
"""Header values of one family whose class is remembered; then it is found anew."""

LONGEST_VALUES = 1_000
"""Characters of such values; longer ones are nobody's browser, and not remembered."""

LONGEST_TARGET = 600


class Life(Enum):
    """Until when a page is right, if no publish touches it."""

    DAY = "day"  # it says today and yesterday
    HOUR = "hour"  # it says how old the content is
    MINUTE = "minute"  # it shows the time, or what stands by the clock
    SECOND = "second"  # nobody tells when it is taken off


_LASTS = {Life.DAY: 86_400.0, Life.HOUR: 3_600.0, Life.MINUTE: 60.0}
_SECOND_LASTS = 0.8


def seconds_left(life: Life, now: datetime) -> float:
    """How long a page of this life, made at `now` in the city's time, stays right."""
    if life is Life.SECOND:
        return _SECOND_LASTS
    # By the clock on the wall: a day with a change of the clock is an hour off at most.
    passed = now.hour * 3_600 + now.minute * 60 + now.second + now.microsecond / 1e6
    length = _LASTS[life]
    return length - passed % length


@dataclass(frozen=True, slots=True)
class Row:
    """Addresses of one kind: `pattern` matches the whole target, path and query.

    also   what such a page depends on besides what it reads
    leads  its links are what is opened next: they are made ahead
    """

    pattern: re.Pattern[bytes]
    life: Life = Life.DAY
    also: tuple[str, ...] = ()
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Addresses that begin with `prefix`.

    reads    names of the request headers that decide how a page looks, in lower case
    variant  their values, "" for one that is not sent -> the class of requests that get the same page
    label    (target, variant) -> the edition, for the figures
    """

    prefix: bytes
    rows: tuple[Row, ...]
    label: Callable[[bytes, Hashable], str]
    reads: tuple[str, ...] = ()
    variant: Callable[[tuple[str, ...]], Hashable] = lambda values: values
    _known: dict[tuple[str, ...], Hashable] = field(default_factory=dict)

    def row(self, target: bytes) -> Row | None:
        """The row of an address, None where it may not be kept."""
        if len(target) > LONGEST_TARGET:
            return None
        return next((row for row in self.rows if row.pattern.fullmatch(target)), None)

    def asked(self, headers: Mapping[str, str]) -> dict[str, str]:
        """What of a request's headers, names in lower case, decides how a page looks."""
        return {name: headers[name] for name in self.reads if headers.get(name)}

    def class_of(self, headers: Mapping[str, str]) -> Hashable:
        """The class of a request by its headers, names in lower case."""
        if not self.reads:
            return None
        values = tuple(headers.get(name, "") for name in self.reads)
        known = self._known.get(values)
        if known is None:
            if len(self._known) >= MOST_VARIANTS:
                self._known.clear()
            known = self.variant(values)
            if sum(map(len, values)) <= LONGEST_VALUES:
                self._known[values] = known
        return known


def family_of(families: tuple[Family, ...], target: bytes) -> Family | None:
    """The family of an address."""
    return next((family for family in families if target.startswith(family.prefix)), None)
