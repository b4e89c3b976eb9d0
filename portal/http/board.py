"""The figures of several processes on one port: each writes its own down, whoever is asked reads them all.

A scrape reaches one process; without this it would see another one's counters each time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from portal.http.metrics import Figure, Metrics
from portal.tasks import ended

log = logging.getLogger("sunshine.http")

WRITE_SECONDS = 2.0


class Board:
    """The files in `folder`, one a process; `place` is our own number."""

    def __init__(self, folder: Path, place: int, metrics: Metrics) -> None:
        self._folder = folder
        self._place = place
        self._metrics = metrics
        metrics.board = self.all
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Write down what there is, again and again."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write no more."""
        await ended(self._task)

    def all(self) -> Iterable[Figure]:
        """Our figures of now and the last of the others, each with the number of its process."""
        yield from self._labelled(self._metrics.own(), self._place)
        for file in sorted(self._folder.glob("figures-*.json")):
            place = file.stem.rpartition("-")[2]
            if place.isdigit() and int(place) != self._place:
                with suppress(OSError, ValueError, TypeError):
                    yield from self._labelled(_read(file), int(place))

    def write(self) -> None:
        """Put our figures where the others find them, whole."""
        file = self._folder / f"figures-{self._place}.json"
        fresh = file.with_suffix(f".{os.getpid()}")
        rows = [[one.name, one.value, one.help, one.kind, one.labels] for one in self._metrics.own()]
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(rows), encoding="utf-8")
        fresh.replace(file)

    def _labelled(self, figures: Iterable[Figure], place: int) -> Iterable[Figure]:
        return (replace(one, labels=(*one.labels, ("process", str(place)))) for one in figures)

    async def _run(self) -> None:
        told = False
        while True:
            try:
                self.write()
                told = False
            except OSError as error:
                if not told:
                    log.warning("the figures of this process cannot be written: %s", error)
                told = True
            await asyncio.sleep(WRITE_SECONDS)


def _read(file: Path) -> list[Figure]:
    rows = json.loads(file.read_text(encoding="utf-8"))
    return [
        Figure(str(name), float(value), str(about), str(kind), tuple((str(a), str(b)) for a, b in labels))
        for name, value, about, kind, labels in rows
    ]
