"""Rules out of a TOML file: every mistake is told at once, with its line and its key."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from portal.letters.errors import WrongRules
from portal.letters.rules import (
    DEFAULT,
    CardRules,
    KindRow,
    Limits,
    LocalDays,
    Phrase,
    Privacy,
    Promise,
    Reason,
    Review,
    Rules,
    Sms,
    Topic,
    Unit,
    clock_time,
)
from portal.letters.tables import Lines, Reading, near, shown
from portal.text import LOCALES

_TABLES: Mapping[str, type] = MappingProxyType(
    {
        "promise": Promise,
        "cards": CardRules,
        "limits": Limits,
        "privacy": Privacy,
        "review": Review,
        "sms": Sms,
    }
)
_ROWS: Mapping[str, tuple[str, type]] = MappingProxyType(
    {
        "kind": ("kinds", KindRow),
        "unit": ("units", Unit),
        "topic": ("topics", Topic),
        "phrase": ("phrases", Phrase),
        "reason": ("reasons", Reason),
    }
)


def load(path: Path) -> Rules:
    """Read a rules file. Raises WrongRules with every problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise WrongRules(str(path), [f"it cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise WrongRules(str(path), ["it is not UTF-8 text"]) from None
    return parse(text, str(path))


def parse(text: str, path: str = "letters.toml") -> Rules:
    """Rules from the text of a file; the same errors as `load`."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongRules(path, [f"it is not TOML: {error}"]) from None
    reading = Reading(Lines(text), [])
    known = (*_TABLES, *_ROWS, "calendar")
    for name in written:
        if name not in known:
            reading.wrong(name, 1, "", f"is no table of the rules{near(name, known)}")
    found: dict[str, object] = {}
    for name, cls in _TABLES.items():
        if name in written:
            found[name] = reading.table(cls, written[name], name)
    for name, (attribute, cls) in _ROWS.items():
        if name in written:
            found[attribute] = reading.rows(cls, written[name], name)
    if "calendar" in written:
        found["days"] = _days(written["calendar"], reading)
    # Only where every table was right are their values there; a wrong one is None and ends below.
    rules = replace(DEFAULT, **{name: value for name, value in found.items() if value is not None})  # type: ignore[arg-type] # read as the declared types above
    _cross_check(rules, reading)
    if reading.problems:
        raise WrongRules(path, reading.problems)
    return rules


def _cross_check(rules: Rules, reading: Reading) -> None:
    """What two keys say must fit together."""
    promise = rules.promise
    if promise.extended_days < promise.answer_days:
        reading.wrong("promise", 1, "extended_days", "is below answer_days: it counts from the first day")
    if clock_time(promise.closes) <= clock_time(promise.opens):
        reading.wrong("promise", 1, "closes", "is not after opens")
    units, topics = {unit.id for unit in rules.units}, {topic.id for topic in rules.topics}
    for at, topic in enumerate(rules.topics, 1):
        if topic.unit and topic.unit not in units:
            reading.wrong(
                "topic", at, "unit", f"= '{topic.unit}': there is no such [[unit]]{_hint(topic.unit, units)}"
            )
    for at, phrase in enumerate(rules.phrases, 1):
        if phrase.topic and phrase.topic not in topics:
            reading.wrong(
                "phrase",
                at,
                "topic",
                f"= '{phrase.topic}': there is no such [[topic]]{_hint(phrase.topic, topics)}",
            )
    for name, (attribute, _) in _ROWS.items():
        ids: Counter[str] = Counter(row.id for row in getattr(rules, attribute))
        for row_id, times in ids.items():
            if times > 1:
                reading.wrong(name, 1, "id", f"'{row_id}' is given {times} times")
        for at, row in enumerate(getattr(rules, attribute), 1):
            for entry in getattr(row, "names", ()):
                if entry.name not in LOCALES:
                    reading.wrong(name, at, "names", f"has '{entry.name}': expected {' or '.join(LOCALES)}")


def _hint(name: str, known: set[str]) -> str:
    return near(name, sorted(known)) if known else ""


def _days(written: object, reading: Reading) -> LocalDays | None:
    """The tables [calendar.rest] and [calendar.work], and calendar.complete."""
    before = len(reading.problems)
    if not isinstance(written, Mapping):
        reading.wrong("calendar", 1, "", "must be a table")
        return None
    days: dict[str, dict[date, str]] = {"rest": {}, "work": {}}
    for name in written:
        if name not in (*days, "complete"):
            reading.wrong("calendar", 1, str(name), f"is no key{near(str(name), (*days, 'complete'))}")
    for name, found in days.items():
        table = written.get(name, {})
        if not isinstance(table, Mapping):
            reading.wrong(f"calendar.{name}", 1, "", "must be a table of days and reasons")
            continue
        for day, why in table.items():
            try:
                if not isinstance(why, str) or not 0 < len(why) <= 20:
                    raise ValueError
                found[date.fromisoformat(day)] = why
            except ValueError:
                reading.wrong(
                    f"calendar.{name}",
                    1,
                    str(day),
                    f'= {shown(why)}: expected "2027-02-05" = "why", at most 20 characters',
                )
    for day in days["rest"].keys() & days["work"].keys():
        reading.wrong("calendar.rest", 1, day.isoformat(), "is in [calendar.work] too")
    years = written.get("complete", [])
    if not isinstance(years, list) or not all(
        isinstance(year, int) and 2000 <= year <= 2200 for year in years
    ):
        reading.wrong("calendar", 1, "complete", f"= {shown(years)}: expected years such as [2027]")
        years = []
    if len(reading.problems) > before:
        return None
    return LocalDays(
        MappingProxyType(days["rest"]), MappingProxyType(days["work"]), frozenset(int(year) for year in years)
    )
