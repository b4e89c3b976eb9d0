"""The chained log: whatever is done to it shows."""

from __future__ import annotations

import hashlib

import pytest

from content_sync.gatelog import Act, broken_at, hash_name, line_after

ACTS = [
    Act("2026-03-01 10:00", "publish", "sync", "generation 1: 3 added"),
    Act("2026-03-01 11:00", "release", "王|芳\n", "abcdefgh 标题"),
    Act("2026-03-01 12:00", "withdraw", "李明", ""),
]


def chain() -> list[str]:
    lines: list[str] = []
    for act in ACTS:
        lines.append(line_after(act)(lines[-1] if lines else ""))
    return lines


def test_a_chain_holds() -> None:
    lines = chain()
    assert broken_at(lines) is None and broken_at([]) is None
    assert lines[1].split("|")[3] == "王/芳"
    body, _, given = lines[0].rpartition("|")
    assert hashlib.new(hash_name(), body.encode()).hexdigest() == given


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (lambda lines: [lines[0].replace("3 added", "4 added"), *lines[1:]], 1),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[0], lines[1], lines[1]], 3),
        (lambda lines: [*lines, "hello"], 4),
        (lambda lines: [lines[0].replace("|sm3|", "|md5|").replace("|sha256|", "|md5|"), *lines[1:]], 1),
        (lambda lines: [lines[0], line_after(ACTS[2])(lines[0]), lines[2]], 3),
    ],
)
def test_every_harm_shows(harm, line: int) -> None:  # type: ignore[no-untyped-def]  # a lambda of the table above
    broken = broken_at(harm(chain()))
    assert broken is not None and broken[0] == line
