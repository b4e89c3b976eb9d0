"""Reading one page whole: bytes in, an item with its rows out, or the reason why not.

Pure. A page on which our own code breaks waits alone; the others go on. (Other processes for the reading
were measured: they save a quarter of this one's time, and a polite pace leaves it idle anyway.)
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from dataclasses import dataclass, field, replace

from content_sync import check, gate
from content_sync.charset import decode
from content_sync.check import Judgement, Verdict
from content_sync.extract import body_hash
from content_sync.extract.cases import with_pairs
from content_sync.extract.reader import LARGE, Reader
from content_sync.extract.typed import as_item
from content_sync.fetch import Got
from content_sync.records import Familiar, PageRecord
from content_sync.rows import Ahead, row_of
from portal.errors import PortalError
from portal.model import AnyItem, Article, Disclosure, Image, Interview, Kind, Matter, Notice

log = logging.getLogger(__name__)

DATED = (Article, Disclosure, Interview, Notice)

HINTS = {
    Kind.ARTICLE: "article",
    Kind.DISCLOSURE: "disclosure",
    Kind.MATTER: "service",
    Kind.UNIT: "unit",
    Kind.FACT: "fact",
    Kind.INTERVIEW: "interview",
    Kind.NOTICE: "article",
    Kind.CASE: "fact",
}
"""What extraction calls the page of each kind of item."""


NOTHING_SEEN = gate.Seen("", (), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every page of a run is read with.

    own       hosts that are the portal itself      names  what the portal calls itself
    learning  nothing was published yet      reader  remembers what a column's pages have in common
    """

    home: str
    names: frozenset[str]
    own: frozenset[str]
    familiar: Familiar = field(default_factory=Familiar)
    learning: bool = False
    reader: Reader = field(default_factory=Reader, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One page: the answer, what is known of it, the kind of its column, the columns that list it."""

    got: Got
    record: PageRecord
    kind: Kind
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a page is. Without `item` the verdict says why; `fault` is a traceback of our own.

    title  as the page states it     digest  what a change is judged by     whole  its markup has an end
    row    as it is written; None where pictures or a unit's id have still to come
    """

    verdict: Verdict
    title: str = ""
    digest: str = ""
    whole: bool = False
    item: AnyItem | None = None
    row: Ahead | None = None
    seen: gate.Seen = NOTHING_SEEN
    fault: str = ""


def examine(question: Question, around: Surroundings) -> Examined:
    """Judge, extract and type a page. Raises nothing."""
    try:
        return _examined(question, around)
    except PortalError as error:
        return Examined(Verdict(Judgement.QUARANTINED, str(error)))
    except Exception as error:
        reason = f"our extraction failed on it: {type(error).__name__}: {error}"
        return Examined(Verdict(Judgement.QUARANTINED, reason), fault=traceback.format_exc())


def _examined(question: Question, around: Surroundings) -> Examined:
    got, record, kind = question.got, question.record, question.kind
    verdict = check.judge_markup(got.body, record.whole)
    if not verdict.good:
        return Examined(verdict)
    column = question.columns[0] if question.columns else ""
    page = around.reader.read(got.body, got.url, got.content_type, HINTS[kind], column)
    if kind is Kind.CASE:
        page = with_pairs(page, decode(got.body, got.content_type).text)
    verdict = check.judge_wall(got.body, page, record.url, got.url, around.home)
    if verdict.good:
        verdict = check.judge_item(page, kind, record.title, around.names)
    if not verdict.good:
        return Examined(verdict, page.title)
    item = as_item(page, item_id=record.id, columns=question.columns, url=record.url, kind=kind)
    if not item.title:
        item = replace(item, title=record.title)
    if not item.published and isinstance(item, DATED):
        item = replace(item, published=record.date)
    body, charset = got.body, page.charset
    markup = body.decode(charset, "ignore") if charset else decode(body, got.content_type).text
    seen = gate.look(markup, item, got.url, around.own, around.familiar, around.learning)
    waits = isinstance(item, Matter) or any(isinstance(block, Image) for block in item.blocks)
    row = None if waits else row_of(item, kind)
    return Examined(verdict, page.title, body_hash(page), check.ends(body), item, row, seen)


async def examine_aside(question: Question, around: Surroundings) -> Examined:
    """The same, without keeping the event loop waiting for a large page, since there is a lock to renew.

    Of a page that large the reader learns nothing, so that only one thread ever does. Raises nothing.
    """
    if len(question.got.body) >= LARGE:
        found = await asyncio.to_thread(examine, question, around)
    else:
        found = examine(question, around)
    if found.fault:
        log.error("extraction failed on %s\n%s", question.got.url, found.fault)
    return found
