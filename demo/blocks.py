"""The small markup in which the city's texts are written, one block a line.

    a paragraph            ## a heading            - a list item           1) a numbered item
    | a | table | row |    ! scene caption         + file.pdf its name     ? asker：question    : speaker：answer
The first row of a table is its head. Scenes are those of demo.pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_LINE = re.compile(r"(##|-|\d+\)|\||!|\+|\?|:)\s*(.*)")
_KINDS = {
    "##": "heading", "-": "item", "|": "row", "!": "picture", "+": "file", "?": "question", ":": "answer",
}  # fmt: skip
_GROUPED = {"item": "list", "number": "numbers", "row": "table"}


@dataclass(frozen=True, slots=True)
class Part:
    """One block: what it is, its text, and what else it has (rows, items, or words)."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """An attachment: `name` as people see it, `format` its ending."""

    name: str
    format: str


def parts(text: str) -> tuple[Part, ...]:
    """The blocks of a text, in order."""
    found: list[Part] = []
    for kind, lines in groupby(_lines(text), key=lambda line: line[0]):
        bodies = [body for _, body in lines]
        if kind == "row":
            rows = tuple(tuple(cell.strip() for cell in body.strip("| ").split("|")) for body in bodies)
            found.append(Part("table", rows=rows))
        elif kind in _GROUPED:
            found.append(Part(_GROUPED[kind], items=tuple(bodies)))
        elif kind in {"picture", "file"}:
            for body in bodies:
                first, _, rest = body.partition(" ")
                found.append(Part(kind, rest.strip(), (first,)))
        elif kind in {"question", "answer"}:
            for body in bodies:
                who, _, said = body.partition("：")
                found.append(Part(kind, said, (who,)))
        else:
            found.extend(Part(kind, body) for body in bodies)
    return tuple(found)


def files(text: str) -> tuple[File, ...]:
    """The attachments of a text, in order."""
    return tuple(
        File(part.text or part.items[0], part.items[0].rpartition(".")[2])
        for part in parts(text)
        if part.kind == "file"
    )


def scene(text: str) -> str:
    """The scene of the first picture, "" where there is none."""
    return next((part.items[0] for part in parts(text) if part.kind == "picture"), "")


def summary(text: str, length: int = 80) -> str:
    """The beginning of the first paragraph."""
    first = next((part.text for part in parts(text) if part.kind == "paragraph"), "")
    return first if len(first) <= length else first[: length - 1] + "…"


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if not found:
            yield "paragraph", line.strip()
        elif found.group(1).endswith(")"):
            yield "number", found.group(2)
        else:
            yield _KINDS[found.group(1)], found.group(2)
