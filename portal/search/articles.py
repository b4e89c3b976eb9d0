"""Searches of everything that the mirror holds, for the editions: `ArticleSearch`.

A server process reads the machine's index in a thread of its own; the one process that holds the lock also
keeps the indexer running, a child process, so that neither splitting words nor merging files ever stands
in the way of a page.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import tantivy
from redis.exceptions import RedisError

from portal.errors import MirrorAway, NotFound
from portal.model import AnyItem, Head, Kind, Matter, Section, Site
from portal.search import browse, schema, words
from portal.search.counted import Misses
from portal.search.deadline import as_number, until_of
from portal.search.files import Folder, Lock
from portal.search.lexicon import MOST as MOST_WORDS
from portal.search.lexicon import Lexicon
from portal.search.opened import OpenIndex, State
from portal.search.plain import text_of
from portal.search.reader import Card, How, Result
from portal.search.service import NumberBox
from portal.search.snippet import WIDTH, Marked, mark, snippet
from portal.settings import PROJECT
from portal.store import Mirror

log = logging.getLogger("sunshine.search")

_T = TypeVar("_T")

LOOK_SECONDS = 0.5
STOP_SECONDS = 5.0
LONGEST_PAUSE = 30.0
LEXICON_SECONDS = 600.0
"""How long the words on the keys are kept before those of the index are read again."""

FREQUENT = 1_000
"""Words of the index that are offered before the everyday names of matters."""

EVERYDAY = 6
"""Official names that one query is widened to."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; "" leaves it wide.

    section  news, services, disclosure or interviews     column  the id of a column or group of columns
    unit     the name of a public body                    year    four digits
    effect   有效, 失效 or 废止                            kind    article, disclosure, matter, unit ...
    """

    section: str = ""
    column: str = ""
    unit: str = ""
    year: str = ""
    effect: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: its head, and its title and a part of its text with the words marked.

    until  of a list by deadlines: when it ends
    """

    head: Head
    title: Marked
    snippet: Marked
    until: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found.

    hits, total  from place `start` of all                 how         whether all words are in the hits
    suggestion   您是不是要找, "" where all was found        state       whether the index is complete
    words        what was looked for, tidied
    """

    hits: tuple[Found, ...] = ()
    total: int = 0
    suggestion: str = ""
    state: State = State.READY
    how: How = How.NONE
    words: tuple[str, ...] = ()


class ArticleSearch:
    """Word search over one site's mirror.

    folder     DATA_DIR/index
    redis_url  where the mirror is, for the indexer; "" leaves the index to another process
    misses     where searches that found nothing are kept, None for nowhere
    """

    def __init__(
        self,
        mirror: Mirror,
        folder: Path,
        redis_url: str = "",
        number_box: NumberBox | None = None,
        misses: Misses | None = None,
    ) -> None:
        self._mirror = mirror
        self._folder = Folder(folder / mirror.keys.site_id)
        self._redis_url = redis_url
        self._names = number_box or NumberBox(mirror)
        self._misses = misses
        self._index = OpenIndex(self._folder)
        self._thread = ThreadPoolExecutor(1, "search")
        self._keeper: asyncio.Task[None] | None = None
        self._lexicon = Lexicon(())
        self._lexicon_made = float("-inf")

    @property
    def state(self) -> State:
        """How the index stood when it was last looked at."""
        return self._index.state

    async def start(self) -> None:
        """Open the index, and keep it up where no other process of this machine does."""
        await self._in_thread_look()
        if self._redis_url:
            self._keeper = asyncio.create_task(self._keep_up())

    async def stop(self) -> None:
        """Let go of everything."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        self._thread.shutdown(wait=True)

    async def find(
        self,
        query: str,
        filters: Filters | None = None,
        start: int = 0,
        count: int = 10,
        variant: str = "",
        width: int = WIDTH,
    ) -> Answer:
        """What a text finds, whatever it is. `width` is that of the snippets, in characters.

        While Redis is away hits have the title that the index knows and no snippet.
        """
        filters = filters or Filters()
        site = await self._site()
        narrow = _narrow(filters, site)
        typed = words.typed(query)
        if narrow is None or not typed:
            return Answer(state=self.state)
        others = _everyday(typed, site)
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(
            self._thread, self._index.search, typed, narrow, start, count, others
        )
        if not result.total and self.state is State.READY:
            return Answer(words=result.words, suggestion=await self._missed(typed), state=self.state)
        hits = await self._shown(result, variant, width)
        suggestion = await self._sounds_like(typed) if result.how is How.HALF else ""
        return Answer(hits, result.total, suggestion, self.state, result.how, result.words)

    async def newest(
        self, filters: Filters, start: int = 0, count: int = 10, variant: str = "", width: int = WIDTH
    ) -> Answer:
        """All that the filters leave, the newest first."""
        narrow = _narrow(filters, await self._site())
        if narrow is None:
            return Answer(state=self.state)
        return await self._listed(lambda index: browse.newest(index, narrow, start, count), variant, width)

    async def nearest(
        self, now: str, start: int = 0, count: int = 10, variant: str = "", width: int = WIDTH
    ) -> Answer:
        """What has an end that is still to come, the nearest first. `now` is YYYY-MM-DD HH:MM."""
        at = as_number(now)
        return await self._listed(
            lambda index: browse.nearest(index, at, schema.Filters(), start, count), variant, width
        )

    async def cases(self, digits: str, variant: str = "", width: int = WIDTH) -> Answer:
        """Public results of cases whose number is, or begins with, these digits."""
        return await self._listed(lambda index: browse.case(index, digits), variant, width)

    async def words(self, digits: str, limit: int = 8) -> list[str]:
        """Words of the index that these digits type, or begin; none while the index is being prepared."""
        now = asyncio.get_running_loop().time()
        if now - self._lexicon_made > LEXICON_SECONDS or not len(self._lexicon):
            nothing: list[tuple[str, int]] = []
            found = await self._ask(
                lambda index: index.terms_with_prefix("words", "", limit=MOST_WORDS), nothing
            )
            frequent = [word for word, _ in found]
            known = (*frequent[:FREQUENT], *self._names.everyday_names, *frequent[FREQUENT:])
            self._lexicon = await asyncio.to_thread(Lexicon, known)
            self._lexicon_made = now
        return self._lexicon.find(digits, limit)

    async def counts(self, query: str, filters: Filters) -> browse.Counts:
        """How many hits stand in each section, column, unit, year, effect and kind."""
        site = await self._site()
        narrow = _narrow(filters, site)
        typed = words.typed(query)
        if narrow is None or (query and not typed):
            return {}
        others = _everyday(typed, site)
        sections = {
            section.value: [
                column.id for column in (site.columns if site else ()) if column.section == section
            ]
            for section in Section
        }
        return await self._ask(lambda index: browse.counts(index, typed, narrow, others, sections), {})

    async def _listed(self, ask: Callable[[tantivy.Searcher], Result], variant: str, width: int) -> Answer:
        result = await self._ask(ask, Result())
        hits = await self._shown(result, variant, width)
        return Answer(hits, result.total, state=self.state)

    async def _ask(self, ask: Callable[[tantivy.Searcher], _T], nothing: _T) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._index.read, ask, nothing)

    async def _site(self) -> Site | None:
        try:
            return await self._mirror.site()
        except (NotFound, MirrorAway):
            return None

    async def _missed(self, typed: str) -> str:
        """Remember what was not found, and say what it sounds like."""
        if self._misses is not None:
            with suppress(RedisError, OSError):
                await self._misses.add(typed)
        return await self._sounds_like(typed)

    async def _sounds_like(self, typed: str) -> str:
        try:
            return await self._names.sounding_like(typed)
        except (MirrorAway, NotFound):
            return ""

    async def _shown(self, result: Result, variant: str, width: int) -> tuple[Found, ...]:
        cards = {card.id: card for card in result.cards}
        try:
            heads = await self._mirror.heads(list(cards), variant)
            standing = [head for head in heads.values() if not head.withdrawn]
            rows = await self._mirror.bodies(standing, variant)
        except MirrorAway:
            standing, rows = [_head(card) for card in cards.values()], {}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, _mark_all, standing, rows, result.words, width)

    async def _in_thread_look(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._index.look)

    # --- keeping it up ----------------------------------------------------------------------------

    async def _keep_up(self) -> None:
        """Run the indexer while this process has the lock, and wait for the lock while it has not."""
        lock = Lock(self._folder)
        pause = LOOK_SECONDS
        try:
            while True:
                try:
                    mine = lock.take()
                except OSError as error:
                    log.warning("no article index can be kept in %s: %s", self._folder.path, error)
                    mine = False
                if mine:
                    started = asyncio.get_running_loop().time()
                    await self._run_indexer(lock)
                    lock.release()
                    lived = asyncio.get_running_loop().time() - started
                    pause = LOOK_SECONDS if lived > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
                await asyncio.sleep(pause)
        finally:
            lock.release()

    async def _run_indexer(self, lock: Lock) -> None:
        """One life of the indexer: until this process ends, it fails, or the lock is lost."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "portal.search.follow",
            self._mirror.keys.site_id, str(self._folder.path),
            cwd=PROJECT, env={**os.environ, "REDIS_URL": self._redis_url}, stdin=asyncio.subprocess.PIPE,
            pass_fds=(lock.fd,),
        )  # fmt: skip
        try:
            while process.returncode is None and not lock.lost():
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), LOOK_SECONDS)
            if process.returncode is not None:
                log.error("the indexer ended with status %s and is started again", process.returncode)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            with suppress(TimeoutError, ProcessLookupError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            if process.returncode is None:
                process.kill()
                await process.wait()


def _everyday(typed: str, site: Site | None) -> tuple[str, ...]:
    """What stands for the everyday words in what was typed, put in their place."""
    if site is None:
        return ()
    pairs = ((words.typed(pair.name), words.typed(pair.value)) for pair in site.everyday)
    return tuple(typed.replace(said, official) for said, official in pairs if said and said in typed)[
        :EVERYDAY
    ]


def _narrow(filters: Filters, site: Site | None) -> schema.Filters | None:
    """The filters as the index knows them; None where they name a column or section that is not there."""
    columns: tuple[str, ...] = ()
    if filters.section or filters.column:
        listed = site.columns if site else ()
        below = {column.id for column in site.below(filters.column)} if site and filters.column else None
        columns = tuple(
            column.id
            for column in listed
            if (not filters.section or column.section == filters.section)
            and (below is None or column.id in below or column.id == filters.column)
        )
        if not columns or (filters.section and filters.section not in tuple(Section)):
            return None
    return schema.Filters(columns, filters.unit, filters.year, filters.effect, filters.kind)


def _mark_all(
    heads: Sequence[Head], rows: dict[str, AnyItem], wanted: Sequence[str], width: int
) -> tuple[Found, ...]:
    return tuple(
        Found(
            head,
            _called(head, rows.get(head.id), wanted),
            snippet(text_of(rows[head.id]), wanted, width) if head.id in rows else Marked(""),
            until_of(rows[head.id]) if head.id in rows and not wanted else "",
        )
        for head in heads
    )


def _called(head: Head, row: AnyItem | None, wanted: Sequence[str]) -> Marked:
    """The title marked; before one that has none of the words, the everyday name that has them."""
    title = mark(head.title, wanted)
    if title.marks or not isinstance(row, Matter):
        return title
    named = [found for name in row.everyday_names if (found := mark(name, wanted)).marks]
    if not named:
        return title
    best = max(named, key=lambda found: sum(stop - start for start, stop in found.marks) / len(found.text))
    return Marked(f"{best.text} {head.title}", best.marks)


def _head(card: Card) -> Head:
    return Head(id=card.id, kind=Kind(card.kind), title=card.title, published=card.published)
