"""Reads the city's texts: plain files that a person can edit, in two shapes.

A *table* has one row a line, cells between `|`; a *script* has records that begin with a line `@ key=value ...`
and go on with the record's text. Lines beginning with `#` and a blank are comments in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


class WrongText(ValueError):
    """A text file of the city is not written as it should be: names the file and the line."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a script: its `key=value` head and its text."""

    head: dict[str, str]
    text: str
    where: str

    def __getitem__(self, key: str) -> str:
        if key not in self.head:
            raise WrongText(f"{self.where}: the record has no {key}=")
        return self.head[key]

    def get(self, key: str, default: str = "") -> str:
        """The value of a key that may be missing."""
        return self.head.get(key, default)


@cache
def table(name: str, width: int) -> tuple[tuple[str, ...], ...]:
    """The rows of `name`.txt, each of `width` cells; raises WrongText."""
    rows = []
    for number, line in _lines(name):
        if not line.strip():
            continue
        cells = tuple(cell.strip() for cell in line.split("|"))
        if len(cells) != width:
            raise WrongText(f"{name}.txt:{number}: {len(cells)} cells, not {width}")
        rows.append(cells)
    return tuple(rows)


@cache
def script(name: str) -> tuple[Record, ...]:
    """The records of `name`.txt; raises WrongText."""
    records: list[Record] = []
    head: dict[str, str] | None = None
    where, text = "", list[str]()

    def close() -> None:
        if head is not None:
            records.append(Record(head, "\n".join(text).strip(), where))

    for number, line in _lines(name):
        if line.startswith("@"):
            close()
            where, text = f"{name}.txt:{number}", []
            pairs = [word.partition("=") for word in line[1:].split()]
            if any(not mark for _, mark, _ in pairs):
                raise WrongText(f"{where}: a head is made of key=value words")
            head = {key: value for key, _, value in pairs}
        elif head is None and line.strip():
            raise WrongText(f"{name}.txt:{number}: text before the first record")
        else:
            text.append(line)
    close()
    return tuple(records)


def names(prefix: str) -> list[str]:
    """The text files whose name begins so, in order."""
    return sorted(file.stem for file in HERE.glob(f"{prefix}*.txt"))


def _lines(name: str) -> Iterator[tuple[int, str]]:
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("# ") and line != "#":
            yield number, line.rstrip()
