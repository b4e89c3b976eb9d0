"""The file of facts for people on the go, which a site file names: `[site] travel = "travel.toml"`.

`docs/on-the-go.md` describes it for people. Everything wrong in it is told at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from portal.clean import clean
from portal.model import Step
from portal.travel.hours import Hours, WrongHours
from portal.travel.hours import parse as parse_hours
from portal.travel.model import (
    Advice,
    Fact,
    Line,
    Place,
    PlaceKind,
    Said,
    Topic,
    Travel,
    Way,
    WayKind,
)

_F = TypeVar("_F", bound=Fact)

MOST = 60
"""Facts of one kind."""

LONGEST = 160
"""Characters of one sentence."""

MOST_LINES = 12
MOST_STEPS = 40
MOST_OCTETS = 200_000


class _Unfit(Exception):
    """A value that is not what its key holds."""


@dataclass(frozen=True, slots=True)
class Key:
    """How one key is read: `read` raises _Unfit; `default` None says that it must be given."""

    read: Callable[[object], Any]
    expected: str
    default: object = None


def _said(written: object) -> Said:
    if not isinstance(written, Mapping) or not written.keys() <= {"zh", "en"} or len(written) != 2:
        raise _Unfit
    return Said(_sentence(written["zh"]), _sentence(written["en"]))


def _sentence(written: object) -> str:
    if not isinstance(written, str) or not 0 < len(written.strip()) <= LONGEST or "\n" in written:
        raise _Unfit
    return clean(written.strip())


def _sentences(written: object) -> tuple[Said, ...]:
    if not isinstance(written, list) or len(written) > MOST_LINES:
        raise _Unfit
    return tuple(_said(each) for each in written)


def _steps(written: object) -> tuple[Step, ...]:
    if not isinstance(written, list) or len(written) > MOST_STEPS:
        raise _Unfit
    return tuple(
        Step(tuple(_sentence(name) for name in (each if isinstance(each, list) else [each])))
        for each in written
        if each or _fail()
    )


def _fail() -> bool:
    raise _Unfit


def _day(written: object) -> str:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written.isoformat()
    if isinstance(written, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        try:
            return date.fromisoformat(written).isoformat()
        except ValueError:
            pass
    raise _Unfit


def _matching(pattern: str) -> Callable[[object], str]:
    compiled = re.compile(pattern)

    def read(written: object) -> str:
        if not isinstance(written, str) or not compiled.fullmatch(written):
            raise _Unfit
        return written

    return read


def _flag(written: object) -> bool:
    if not isinstance(written, bool):
        raise _Unfit
    return written


def _count(written: object) -> int:
    if not isinstance(written, int) or isinstance(written, bool) or not 0 <= written <= 1_440:
        raise _Unfit
    return written


def _table(written: object) -> Mapping[str, str]:
    if not isinstance(written, Mapping) or not all(isinstance(each, str) for each in written.values()):
        raise _Unfit
    return written


_SAID = 'a sentence in both languages: { zh = "...", en = "..." }, at most 160 characters each'
_DAY = "a date such as 2026-11-22"
_ID = Key(_matching(r"[a-z][a-z0-9-]{0,23}"), "a short name of small letters, digits and hyphens")
_TELEPHONE = r"\+?[0-9][0-9 -]{1,19}"
_CLOCK = Key(_matching(r"([01]\d|2[0-3]):[0-5]\d"), "a time such as 06:30", "")
_NO_SAID = Key(_said, _SAID, Said(""))

COMMON: Mapping[str, Key] = {
    "id": _ID,
    "name": Key(_said, _SAID),
    "source": Key(_said, _SAID),
    "checked": Key(_day, _DAY),
    "until": Key(_day, _DAY),
}
"""What every fact has; `source`, `checked` and `until` may stand once for all in [travel]."""

DEFAULTS = ("source", "checked", "until")

LINE: Mapping[str, Key] = {
    "number": Key(_matching(_TELEPHONE), "a telephone number"),
    "purpose": Key(_said, _SAID),
    "emergency": Key(_flag, "true or false", False),
}
WAY: Mapping[str, Key] = {
    "kind": Key(_matching("|".join(WayKind)), " or ".join(WayKind)),
    "how": Key(_said, _SAID),
    "short": _NO_SAID,
    "minutes": Key(_count, "minutes, 0 to 1440", 0),
    "fare": Key(_matching(r"\S.{0,19}"), "a fare in a few characters", ""),
    "first": _CLOCK,
    "last": _CLOCK,
}
PLACE: Mapping[str, Key] = {
    "kind": Key(_matching("|".join(PlaceKind)), " or ".join(PlaceKind)),
    "address": Key(_said, _SAID),
    "telephone": Key(_matching(_TELEPHONE), "a telephone number", ""),
    "hours": Key(_table, 'hours by day: { mon-fri = "08:30-17:00", sat = "closed" }', {}),
    "except": Key(_table, 'hours by date: { "2026-10-01/2026-10-07" = "closed" }', {}),
    "note": _NO_SAID,
    "brief": _NO_SAID,
    "english": Key(_flag, "true or false", False),
    "sound": Key(_matching(r"\S.{0,199}"), "pinyin of the address", ""),
}
ADVICE: Mapping[str, Key] = {
    "topic": Key(_matching("|".join(Topic)), " or ".join(Topic)),
    "lines": Key(_sentences, f'at most {MOST_LINES} sentences: [{{ zh = "...", en = "..." }}]', ()),
    "short": _NO_SAID,
    "steps": Key(_steps, "names of matters in order; a list is a step of which one is done", ()),
    "tag": Key(_matching(r"\S.{0,19}"), "words that matters bear, such as 跨省通办", ""),
}


def parse(raw: bytes, problems: list[str]) -> Travel:
    """The facts of a file; what is wrong is added to `problems`."""
    if len(raw) > MOST_OCTETS:
        problems.append(f"it has {len(raw)} octets: expected at most {MOST_OCTETS}")
        return Travel()
    try:
        written = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problems.append("it is not UTF-8 text")
        return Travel()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"it is not TOML: {error}")
        return Travel()
    tables = ("travel", "line", "way", "place", "advice")
    problems += [
        f"[{name}] is no table of it; there are {', '.join(tables)}" for name in written if name not in tables
    ]
    defaults = written.get("travel", {})
    if not isinstance(defaults, Mapping) or not defaults.keys() <= set(DEFAULTS):
        problems.append(f"[travel] must be a table with nothing but {', '.join(DEFAULTS)}")
        defaults = {}
    facts = _Facts(written, dict(defaults), problems)
    travel = Travel(
        lines=facts.read("line", LINE, lambda values: Line(**values)),
        ways=facts.read("way", WAY, _way),
        places=facts.read("place", PLACE, _place),
        advice=facts.read("advice", ADVICE, _advice),
    )
    seen: set[str] = set()
    for fact in travel.facts:
        if fact.id in seen:
            problems.append(f"id '{fact.id}' is given twice")
        seen.add(fact.id)
        if fact.checked > fact.until:
            problems.append(f"'{fact.id}' ends on {fact.until}, before it was checked on {fact.checked}")
    return travel


class _Facts:
    """The tables of one file, read one kind after the other."""

    def __init__(self, written: Mapping[str, object], defaults: Mapping[str, object], problems: list[str]):
        self._written = written
        self._defaults = defaults
        self._problems = problems

    def read(
        self, name: str, keys: Mapping[str, Key], make: Callable[[dict[str, Any]], _F]
    ) -> tuple[_F, ...]:
        """The facts of `[[name]]` that are right."""
        tables = self._written.get(name, [])
        if not isinstance(tables, list) or len(tables) > MOST:
            self._problems.append(f"[[{name}]] must be tables, at most {MOST}")
            return ()
        found: list[_F] = []
        for place, table in enumerate(tables, 1):
            values = self._values(table, f"[[{name}]] {place}", {**COMMON, **keys})
            if values is None:
                continue
            try:
                found.append(make(values))
            except WrongHours as error:
                self._problems.append(f"[[{name}]] {place} {error}")
        return tuple(found)

    def _values(self, table: object, where: str, keys: Mapping[str, Key]) -> dict[str, Any] | None:
        if not isinstance(table, Mapping):
            self._problems.append(f"{where} must be a table")
            return None
        before = len(self._problems)
        label = table.get("id")
        where = f"{where} '{label}'" if isinstance(label, str) else where
        self._problems += [
            f"{where} has no key '{key}'; there are {', '.join(keys)}" for key in table if key not in keys
        ]
        values: dict[str, Any] = {}
        for name, key in keys.items():
            given = table.get(name, self._defaults.get(name) if name in DEFAULTS else None)
            try:
                values[name] = _read(key, given)
            except _Unfit:
                self._problems.append(f"{where} {name}: expected {key.expected}")
        return values if len(self._problems) == before else None


def _read(key: Key, given: object) -> object:
    if given is None:
        if key.default is None:
            raise _Unfit
        return key.default
    return key.read(given)


def _way(values: dict[str, Any]) -> Way:
    return Way(**{**values, "kind": WayKind(values["kind"])})


def _place(values: dict[str, Any]) -> Place:
    week, special = values.pop("hours"), values.pop("except")
    if special and not week:
        raise WrongHours("except: expected hours, from which these dates differ")
    hours: Hours | None = parse_hours(week, special) if week else None
    return Place(**{**values, "kind": PlaceKind(values["kind"]), "hours": hours})


def _advice(values: dict[str, Any]) -> Advice:
    return Advice(**{**values, "topic": Topic(values["topic"])})


__all__: Sequence[str] = ["parse"]
