"""The access log: one line an answer, written some at a time. No query, no address of a viewer, no browser.

`logging` costs more than a warm page, so lines are collected and formatted together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import groupby

MOST_LINES = 5_000
"""Lines that are collected before they are written at once."""

Line = tuple[float, int, str, bytes, float]
"""Unix time, status, method, target as asked for, seconds."""


class AccessLog:
    """Collects lines; `write` takes the text of some of them, None keeps no log."""

    def __init__(self, write: Callable[[str], object] | None) -> None:
        self._write = write
        self._lines: list[Line] = []

    @property
    def on(self) -> bool:
        """Whether anything is written."""
        return self._write is not None

    def add(self, moment: float, status: int, method: str, target: bytes, seconds: float) -> None:
        """One answer."""
        self._lines.append((moment, status, method, target, seconds))
        if len(self._lines) >= MOST_LINES:
            self.flush()

    def flush(self) -> None:
        """Write what was collected. A full disk costs lines of the log, nothing else."""
        lines, self._lines = self._lines, []
        if not lines or self._write is None:
            return
        parts: list[str] = []
        for second, group in groupby(lines, key=lambda line: int(line[0])):
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            parts += [
                f"{stamp},{int(moment % 1 * 1000):03} sunshine INFO {status} {method} "
                f"{target.partition(b'?')[0].decode('latin1')} {seconds * 1000:.1f}ms\n"
                for moment, status, method, target, seconds in group
            ]
        try:
            self._write("".join(parts))
        except OSError:
            return
