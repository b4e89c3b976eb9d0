"""The article index as one server process has it open: always the current one, never a broken one.

Everything here runs in the process's one search thread. Before a search, at most every `LOOK_SECONDS`, the
files are looked at: a commit is followed, deleted files are read on from what is open, and files that were
written over are let go at once, since touching a map of a shortened file would end the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

import tantivy

from portal.search import schema
from portal.search.files import BrokenIndex, Folder, Seal, Soundness, guarded
from portal.search.reader import Result, search

_T = TypeVar("_T")

LOOK_SECONDS = 0.02
RETRY_SECONDS = 0.5


class State(StrEnum):
    """How the index stands: all is in it, or one is being made (an old one may answer meanwhile)."""

    READY = "ready"
    PREPARING = "being prepared"


class OpenIndex:
    """Searches of the current index."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._name = ""
        self._index: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None
        self._seal: Seal | None = None
        self._looked = self._failed = float("-inf")
        self.state = State.PREPARING

    def search(
        self, text: str, filters: schema.Filters, start: int, count: int, others: Sequence[str] = ()
    ) -> Result:
        """What a text finds; nothing while no index can be read. `state` says how the index stands."""
        return self.read(lambda searcher: search(searcher, text, filters, start, count, others), Result())

    def read(self, ask: Callable[[tantivy.Searcher], _T], nothing: _T) -> _T:
        """What a question finds in the index, `nothing` while none can be read."""
        self.look()
        if self._searcher is None:
            return nothing
        try:
            with guarded():
                return ask(self._searcher)
        except BrokenIndex:
            self._folder.report(self._name)
            self._let_go()
            return nothing

    @property
    def documents(self) -> int:
        """How many items are in it."""
        return self._searcher.num_docs if self._searcher else 0

    def look(self) -> None:
        """Follow what has happened to the files."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        name = self._folder.current()
        if name != self._name and name and now - self._failed > RETRY_SECONDS:
            self._open(name, now)
        if self._seal is None:
            return
        sound = self._seal.check()
        if sound is Soundness.CHANGED:
            self._folder.report(self._name)
            self._let_go()
        elif sound is Soundness.GONE:
            self.state = State.PREPARING
            self._folder.report(self._name)
        elif sound is Soundness.NEWER:
            self._reload()
        elif name == self._name:
            self.state = State.READY

    def _open(self, name: str, now: float) -> None:
        place = self._folder.place(name)
        if place is None or place.schema != schema.VERSION:
            self._failed = now
            return
        path = self._folder.path / name
        try:
            seal = Seal(path)
            with guarded():
                index = tantivy.Index.open(str(path))
                index.config_reader("manual")
                index.reload()
                searcher = index.searcher()
        except BrokenIndex:
            self._failed = now
            self._folder.report(name)
            return
        self._name, self._index, self._searcher, self._seal = name, index, searcher, seal
        self.state = State.READY

    def _reload(self) -> None:
        if self._index is None:
            return
        path = self._folder.path / self._name
        try:
            seal = Seal(path)
            with guarded():
                self._index.reload()
                self._searcher = self._index.searcher()
            self._seal = seal
        except BrokenIndex:
            # What is open goes on answering; the files that it has are as they were.
            self.state = State.PREPARING
            self._folder.report(self._name)

    def _let_go(self) -> None:
        self.state = State.PREPARING
        self._name, self._index, self._searcher, self._seal = "", None, None, None
        self._failed = time.monotonic()
