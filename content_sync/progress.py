"""How far a run is: one line that renews itself on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 30
TERMINAL_SECONDS, PLAIN_SECONDS = 0.1, 10.0


class Progress:
    """Writes to `out`; `clock` gives seconds that only grow."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._terminal = out.isatty()
        self._last = clock()
        self._drawn = False

    def say(self, what: str, done: int, total: int) -> None:
        """`done` of `total` (0: unknown) of what is being worked on."""
        now = self._clock()
        pause = TERMINAL_SECONDS if self._terminal else PLAIN_SECONDS
        if now - self._last < pause and not (self._terminal and done == total):
            return
        self._last = now
        if not self._terminal:
            self._out.write(f"{what}: {done} of {total}\n" if total else f"{what}: {done}\n")
        else:
            filled = WIDTH * done // total if total else 0
            bar = "#" * filled + "." * (WIDTH - filled)
            self._out.write(f"\r{what:8} [{bar}] {done}/{total}\x1b[K")
            self._drawn = True
        self._out.flush()

    def clear(self) -> None:
        """Leave the line to what is written next."""
        if self._drawn:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._drawn = False
