"""Tables of a TOML file into frozen dataclasses, each field checked by what stands beside it.

A field is declared with `ruled(default, expected, ...)`; what is wrong is collected, with its line, so that
one look at the message mends all of it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, TypeVar, get_type_hints

from portal.model import Field

_T = TypeVar("_T")

Texts = tuple[str, ...]
Names = tuple[Field, ...]
Ladder = tuple[tuple[int, int], ...]
"""Steps of a limit: (how many, in how many seconds)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must look like: `low` and `high` bound numbers; `fits` judges a text, or each of them."""

    expected: str
    low: float = float("-inf")
    high: float = float("inf")
    fits: Callable[[str], bool] | None = None


def ruled(
    default: Any,
    expected: str,
    low: float = float("-inf"),
    high: float = float("inf"),
    fits: Callable[[str], bool] | None = None,
) -> Any:
    """A field of a table; a default of None means that it must be given."""
    metadata = {"rule": Rule(expected, low, high, fits)}
    return field(metadata=metadata) if default is None else field(default=default, metadata=metadata)


def one_of(*choices: str) -> Callable[[str], bool]:
    """A text that is one of these."""
    return lambda text: text in choices


def like(pattern: str) -> Callable[[str], bool]:
    """A text of that pattern."""
    compiled = re.compile(pattern, re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


class Lines:
    """Where in a file a key stands: the parser of TOML does not say."""

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[str, int, str], int] = {}
        table, counted = "", {"": 0}
        for number, line in enumerate(text.splitlines(), 1):
            if header := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", line):
                table = header[1]
                counted[table] = counted.get(table, 0) + 1
                self._at.setdefault((table, counted[table], ""), number)
            elif key := re.match(r"""\s*["']?([^"'=\s]+)["']?\s*=""", line):
                self._at.setdefault((table, counted[table], key[1]), number)

    def of(self, table: str, nth: int, key: str = "") -> str:
        """ "line 12, " or "" where it is not known."""
        found = self._at.get((table, nth, key)) or self._at.get((table, nth, ""))
        return f"line {found}, " if found else ""


@dataclass(slots=True)
class Reading:
    """One reading of a file: what was found wrong so far."""

    lines: Lines
    problems: list[str]

    def wrong(self, table: str, nth: int, key: str, says: str) -> None:
        """Note a problem with a key."""
        self.problems.append(f"{self.lines.of(table, nth, key)}[{table}] {key}{' ' if key else ''}{says}")

    def table(self, cls: type[_T], written: object, table: str, nth: int = 1) -> _T | None:
        """A table as an instance of `cls`; None where something of it is wrong."""
        before = len(self.problems)
        if not isinstance(written, Mapping):
            self.wrong(table, nth, "", f"must be a table, not {shown(written)}")
            return None
        declared = {each.name: each for each in fields(cls)}  # type: ignore[arg-type] # cls is one of our dataclasses
        for name in written:
            if name not in declared:
                self.wrong(table, nth, str(name), f"is no key of this table{near(str(name), [*declared])}")
        hints = get_type_hints(cls)
        values: dict[str, Any] = {}
        for name, each in declared.items():
            rule: Rule = each.metadata["rule"]
            if name not in written:
                if each.default is MISSING:
                    self.wrong(table, nth, name, f"is missing: expected {rule.expected}")
                continue
            try:
                values[name] = _converted(hints[name], rule, written[name])
            except ValueError:
                self.wrong(table, nth, name, f"= {shown(written[name])}: expected {rule.expected}")
        return cls(**values) if len(self.problems) == before else None

    def rows(self, cls: type[_T], written: object, table: str) -> tuple[_T, ...]:
        """The rows of [[table]], in order; those that are wrong are left out."""
        if not isinstance(written, list):
            self.wrong(table, 1, "", f"must be written [[{table}]]: there may be several")
            return ()
        found = [self.table(cls, each, table, at) for at, each in enumerate(written, 1)]
        return tuple(each for each in found if each is not None)


def _converted(hint: object, rule: Rule, value: object) -> object:
    """A value of the declared type; ValueError where it is not, or does not fit."""
    return _CONVERTERS[hint](rule, value)


def _fitting(rule: Rule, text: object) -> str:
    if not isinstance(text, str) or (rule.fits and not rule.fits(text)):
        raise ValueError
    return text


def _number(rule: Rule, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not rule.low <= value <= rule.high:
        raise ValueError
    return value


def _whole(rule: Rule, value: object) -> int:
    if not isinstance(value, int):
        raise ValueError
    return int(_number(rule, value))


def _yes(rule: Rule, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _texts(rule: Rule, value: object) -> Texts:
    if not isinstance(value, list):
        raise ValueError
    return tuple(_fitting(rule, each) for each in value)


def _names(rule: Rule, value: object) -> Names:
    if not isinstance(value, Mapping):
        raise ValueError
    return tuple(Field(_fitting(Rule(""), name), _fitting(rule, each)) for name, each in value.items())


def _ladder(rule: Rule, value: object) -> Ladder:
    if not isinstance(value, list):
        raise ValueError
    steps = []
    for step in value:
        if not isinstance(step, list) or len(step) != 2:
            raise ValueError
        steps.append((_whole(rule, step[0]), _whole(rule, step[1])))
    return tuple(steps)


_CONVERTERS: dict[object, Callable[[Rule, object], object]] = {
    str: _fitting,
    int: _whole,
    float: lambda rule, value: float(_number(rule, value)),
    bool: _yes,
    Texts: _texts,
    Names: _names,
    Ladder: _ladder,
}


def near(name: str, known: Sequence[str]) -> str:
    """The end of a sentence about an unknown name: the one that was meant, or all there are."""
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(known)}"


def shown(value: object) -> str:
    """A value as a message can hold it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
