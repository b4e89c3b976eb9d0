"""The publish log: one line for each publish, release, refusal and withdrawal, chained by hash.

A line carries the hash of the line before it, so nothing can be taken out, changed or put in between
without every later line showing it. The hash is SM3 where this machine's OpenSSL has it (GB/T 32905),
else SHA-256; each line names its own.

    NUMBER|MOMENT|ACT|WHO|DETAIL|HASHNAME|PREVIOUS|HASH
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

FIELDS = 8
START = "-"


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `moment` in the city's time, `who` a person or "sync"."""

    moment: str
    act: str
    who: str
    detail: str


def hash_name() -> str:
    """The hash for new lines."""
    try:
        hashlib.new("sm3", b"")
    except ValueError:
        return "sha256"
    return "sm3"


def line_after(act: Act) -> Callable[[str], str]:
    """Makes the line of an act from the line before it ("" for the first)."""

    def line(last: str) -> str:
        fields = last.split("|")
        number, previous = (int(fields[0]) + 1, fields[-1]) if len(fields) == FIELDS else (1, START)
        texts = (_plain(text) for text in (act.moment, act.act, act.who, act.detail))
        body = "|".join((str(number), *texts, hash_name(), previous))
        return f"{body}|{_hash(hash_name(), body)}"

    return line


def broken_at(lines: Iterable[str]) -> tuple[int, str] | None:
    """The number of the first line that does not fit, and why; None where the chain holds."""
    previous = START
    for number, line in enumerate(lines, 1):
        body, _, given = line.rpartition("|")
        fields = body.split("|")
        if len(fields) != FIELDS - 1:
            return number, "it is no line of this log"
        if fields[0] != str(number):
            return number, f"it calls itself line {fields[0]}: a line is missing or was put in"
        if fields[6] != previous:
            return number, "it does not follow the line before it"
        try:
            right = _hash(fields[5], body)
        except ValueError:
            return number, f"its hash {fields[5]} cannot be computed on this machine"
        if right != given:
            return number, "it was changed after it was written"
        previous = given
    return None


def _hash(name: str, text: str) -> str:
    if name not in ("sm3", "sha256"):
        raise ValueError(name)
    return hashlib.new(name, text.encode()).hexdigest()


def _plain(text: str) -> str:
    """A text that cannot end its field or its line."""
    return " ".join(text.replace("|", "/").split())
