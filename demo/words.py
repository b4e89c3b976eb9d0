"""Fills in a story: word lists, numbers that agree with each other, and dates.

{street} {street2}   a word of the list `street` in words.txt, and another one; {topic.1}: its second part
{n:100-300:10}       a number, drawn once (step 10); {n} afterwards is the same; {p:3.1-8.9} has one decimal
{=n*3+4}             arithmetic on the numbers drawn
{d} {d+1} {full} {w} the day of publication (11月20日), the day after, with its year, its weekday
{y} {ny} {m}         year, next year, month         {lm} {lmy}  last month and the year it lay in
<a~b~c>              one of them
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random

from demo.content.reader import WrongText, script

_MARK = re.compile(r"\{([^{}]*)\}|<([^<>]*)>")
_NUMBER = re.compile(r"(\w+):(\d+(?:\.\d)?)-(\d+(?:\.\d)?)(?::(\d+))?")
_DAY = re.compile(r"d([+-]\d+)?")
_WORD = re.compile(r"([a-z_]+)(\d*)(?:\.(\d))?")
_SUMS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}
WEEKDAYS = "一二三四五六日"


@cache
def lists() -> dict[str, tuple[str, ...]]:
    """The word lists by name."""
    return {record["list"]: tuple(filter(None, record.text.splitlines())) for record in script("words")}


class Teller:
    """Tells one story: what it has drawn stays drawn, so that title and body agree.

    day    the day of publication       seed   any string; the same seed draws the same words
    """

    def __init__(self, day: date, seed: str, known: dict[str, str] | None = None) -> None:
        self._day = day
        # Not for secrets: the same city must come out on every machine.
        self._random = Random(seed)  # noqa: S311
        self._bound = dict(known or {})

    def tell(self, text: str) -> str:
        """The text with every mark filled in; raises WrongText for a mark that means nothing."""
        return _MARK.sub(self._fill, text)

    def minutes(self, first: int, last: int) -> str:
        """A time of day between two hours, as HH:MM."""
        minute = self._random.randrange(first * 60, last * 60)
        return f"{minute // 60:02}:{minute % 60:02}"

    def _fill(self, mark: re.Match[str]) -> str:
        name: str = mark.group(1)
        choice: str | None = mark.group(2)
        if choice is not None:
            return self._random.choice(choice.split("~"))
        if name in self._bound:
            return self._bound[name]
        if name.startswith("="):
            return str(self._sum(ast.parse(name[1:], mode="eval").body))
        if (day := self._date(name)) is not None:
            return day
        if found := _NUMBER.fullmatch(name):
            return self._number(*found.groups())
        return self._word(name)

    def _date(self, name: str) -> str | None:
        last_month = self._day.replace(day=1) - timedelta(days=1)
        if found := _DAY.fullmatch(name):
            day = self._day + timedelta(days=int(found.group(1) or 0))
            return f"{day.month}月{day.day}日"
        match name:
            case "full":
                return f"{self._day.year}年{self._day.month}月{self._day.day}日"
            case "w":
                return f"周{WEEKDAYS[self._day.weekday()]}"
            case "y":
                return str(self._day.year)
            case "ny":
                return str(self._day.year + 1)
            case "m":
                return str(self._day.month)
            case "lm":
                return str(last_month.month)
            case "lmy":
                return str(last_month.year)
        return None

    def _number(self, name: str, low: str, high: str, step: str | None) -> str:
        if "." in low:
            value = f"{self._random.randint(int(float(low) * 10), int(float(high) * 10)) / 10:.1f}"
        else:
            value = str(self._random.randrange(int(low), int(high) + 1, int(step or 1)))
        self._bound[name] = value
        return value

    def _sum(self, node: ast.expr) -> int:
        match node:
            case ast.Constant(value=int(value)):
                return value
            case ast.Name(id=name) if name in self._bound:
                return int(self._bound[name])
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SUMS:
                return _SUMS[type(sign)](self._sum(left), self._sum(right))
        raise WrongText(f"not a sum of numbers drawn before: {ast.unparse(node)}")

    def _word(self, name: str) -> str:
        found = _WORD.fullmatch(name)
        if not found or found.group(1) not in lists():
            raise WrongText(f"no word list, number or date is called {{{name}}}")
        word, which, part = found.groups()
        whole = f"{word}{which}"
        if f"{whole}/" not in self._bound:
            taken = {value for key, value in self._bound.items() if key.rstrip("0123456789/") == word}
            free = [entry for entry in lists()[word] if entry not in taken]
            self._bound[f"{whole}/"] = self._random.choice(free)
        parts = self._bound[f"{whole}/"].split("/")
        return parts[int(part or 0)]
