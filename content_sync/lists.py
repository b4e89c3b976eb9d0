"""Reading a column's list: as few pages as it takes to know what is new and what it lacks.

The first page is asked for conditionally. Where it has changed, the walk goes on until a page that
holds nothing new. An entry that stood between others and stands there no more has vanished; one
behind the last entry that is still listed has aged out of a list of bounded length. Neither is a
deletion: that needs more looks and the page's own answer. Now and then (`deep`) every page of the
list is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from content_sync import check
from content_sync.extract.page import Extracted, Link
from content_sync.fetch import Got, Validators
from content_sync.identity import BadAddress, clean
from content_sync.records import ColumnRecord, Listed, ListPage
from portal.errors import PortalError

MOST_PAGES = 2_000
SHELLS = 3
"""Pages without entries that a list may begin with."""

Same = Callable[[str], str]
"""An address -> the identity that all its spellings share."""


class Ask(Protocol):
    """How a walk fetches and reads."""

    async def get(self, url: str, validators: Validators) -> Got:
        """Fetch an address."""

    async def read(self, got: Got, hint: str) -> Extracted:
        """Extract what was fetched."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A list after a walk: every entry, newest first, and which of them the origin's list lacks.

    covered  known entries in the stretch that was walked: what `vanished` is a share of
    """

    listed: tuple[Listed, ...]
    vanished: tuple[Listed, ...]
    aged: tuple[Listed, ...]
    covered: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one look at a column's list found.

    record   the column's record after it         fresh      entries that are new or were changed
    reason   why the list is not believed whole   reached    the origin answered with a page
    changed  the list differs from before         fresh_for  seconds the origin says it holds
    """

    record: ColumnRecord
    fresh: tuple[Listed, ...] = ()
    reason: str = ""
    reached: bool = True
    changed: bool = False
    fresh_for: float = 0.0


class Unbelieved(PortalError):
    """A page of a list that cannot be believed."""


def merge(old: Sequence[Listed], walked: Sequence[Listed], whole: bool, same: Same) -> Merge:
    """Join what was walked to what was known.

    old  the list as known      walked  its newest part as just read, or all of it (`whole`)
    """
    seen: dict[str, Listed] = {}
    for entry in walked:
        seen.setdefault(same(entry.url), entry)
    known = {same(entry.url): entry for entry in old}
    keys = list(known)
    reach = 1 + max((at for at, key in enumerate(keys) if key in seen), default=-1)
    vanished = [key for key in keys[:reach] if key not in seen]
    rest = [key for key in keys[reach:] if key not in seen]
    # A vanished entry keeps its place behind the one that stood before it.
    behind: dict[str, list[str]] = {}
    gone, before = set(vanished), ""
    for key in keys[:reach]:
        if key in gone:
            behind.setdefault(before, []).append(key)
        else:
            before = key
    order = [*behind.get("", ())]
    for key in seen:
        order += [key, *behind.get(key, ())]
    order += rest
    return Merge(
        tuple(seen.get(key) or known[key] for key in order),
        tuple(known[key] for key in vanished),
        tuple(known[key] for key in rest) if whole else (),
        tuple(known[key] for key in keys[:reach]),
    )


class Walker:
    """One look at the list at `source`. `limit` entries are enough; `deep` asks for every page."""

    def __init__(
        self,
        source: str,
        record: ColumnRecord,
        ask: Ask,
        same: Same,
        *,
        limit: int,
        deep: bool,
        now: float,
        reader: str = "",
    ) -> None:
        if (record.source, record.reader) != (source, reader):
            # Another list than before, or other eyes: what was remembered of its pages says nothing.
            record, deep = replace(record, source=source, reader=reader, pages=()), True
        self.record = record
        self._ask = ask
        self._same = same
        self._limit = limit
        self._deep = deep
        self._now = now
        self._remembered = {page.url: page for page in record.pages}
        self._queue = [source]
        self._pages: list[ListPage] = []
        self._entries: list[Listed] = []
        self._total = 0
        self._fresh_for = 0.0
        self._note = ""

    async def walk(self) -> Walk:
        """Look. Never raises for what an origin does."""
        try:
            changed = await self._page()
            while not self._entries and len(self._pages) < min(len(self._queue), SHELLS):
                # A shell that a script fills: what is new stands in what the script would fetch.
                changed = await self._page() or changed
        except Unbelieved as error:
            return self._stands(str(error), reached=True)
        except PortalError as error:
            return self._stands(str(error), reached=False)
        if not changed and not self._deep:
            return self._unchanged()
        verdict = check.judge_empty(len(self._entries), self._total, len(self.record.listed))
        if not verdict.good:
            return self._stands(f"{verdict.reason} ({self.source})", reached=True)
        return self._changed(await self._rest())

    async def _page(self) -> bool:
        """Read the next page of the queue; True where it differs from what was remembered."""
        url = self._queue[len(self._pages)]
        before = self._remembered.get(url)
        got = await self._ask.get(url, Validators(before.etag, before.modified) if before else Validators())
        if not self._pages:
            self._fresh_for = got.fresh
        if got.status == 304 and before is not None:
            etag, modified = got.validators.etag or before.etag, got.validators.modified or before.modified
            page = replace(before, etag=etag, modified=modified)
        else:
            page = await self._believed(url, got)
        self._pages.append(page)
        self._entries.extend(page.entries)
        self._queue.extend(each for each in page.pages if each not in self._queue)
        return before is None or before.entries != page.entries

    async def _believed(self, url: str, got: Got) -> ListPage:
        """A page of the list from an answer. Unbelieved where it is none."""
        verdict = check.judge_status(got.status)
        if not verdict.good:
            raise Unbelieved(f"{verdict.reason} ({url})")
        before = self._remembered.get(url)
        read = await self._ask.read(got, "list")
        verdicts = [
            check.judge_markup(got.body, before is not None and before.whole),
            # A list with entries is no wall, whatever words they have.
            check.GOOD if read.items else check.judge_wall(got.body, read, url, got.url, self.source),
            check.judge_list(read),
        ]
        for verdict in verdicts:
            if not verdict.good:
                raise Unbelieved(f"{verdict.reason} ({url})")
        self._total = max(self._total, read.total)
        return ListPage(
            url=url,
            etag=got.validators.etag,
            modified=got.validators.modified,
            whole=check.ends(got.body),
            entries=tuple(entry for link in read.items if (entry := _entry(link)) is not None),
            pages=tuple(_addresses(read.pages)),
        )

    @property
    def source(self) -> str:
        """The address of the list's first page."""
        return self._queue[0]

    async def _rest(self) -> bool:
        """Walk on behind the first page; True where the list was walked to its end."""
        known = {self._same(entry.url) for entry in self.record.listed}
        while len(self._pages) < min(len(self._queue), MOST_PAGES):
            newest = self._pages[-1].entries
            # Pinned entries stand on top of every page: what is known must be known to its end.
            lower = newest[len(newest) // 2 :]
            met = bool(lower) and all(self._same(entry.url) in known for entry in lower)
            if len(self._entries) >= self._limit or (met and not self._deep):
                return False
            try:
                await self._page()
            except PortalError as error:
                self._note = f"page {len(self._pages) + 1} of the list: {error}"
                return False
        return True

    def _stands(self, reason: str, reached: bool) -> Walk:
        """The list as it was, and why."""
        record = replace(self.record, reason=reason, checked=self._now)
        return Walk(record=record, reason=reason, reached=reached)

    def _unchanged(self) -> Walk:
        """The first page is as it was: so is the list, and what it lacked it still lacks."""
        read = {page.url: page for page in self._pages}
        record = replace(
            self.record,
            pages=tuple(read.get(page.url, page) for page in self.record.pages),
            missing={url: count + 1 for url, count in self.record.missing.items()},
            good=self._now,
            checked=self._now,
            reason="",
        )
        return Walk(record=record, fresh_for=self._fresh_for)

    def _changed(self, whole: bool) -> Walk:
        old = self.record
        merged = merge(old.listed, self._entries, whole, self._same)
        # What was missing before has been judged before, and may live on unlisted for years.
        stood = [entry for entry in merged.covered if entry.url not in old.missing]
        lost = [entry for entry in merged.vanished if entry.url not in old.missing]
        verdict = check.GOOD if old.agreed else check.judge_missing(len(lost), len(stood))
        listed = merged.listed[: self._limit]
        before = {self._same(entry.url): entry for entry in old.listed}
        fresh = tuple(entry for entry in listed if before.get(self._same(entry.url)) != entry)
        record = replace(old, listed=listed, checked=self._now, good=self._now)
        if verdict.good:
            read = {page.url for page in self._pages}
            others = () if whole else tuple(page for page in old.pages if page.url not in read)
            complete = whole or len(self._entries) >= self._limit
            record = replace(
                record,
                pages=(*self._pages, *others),
                missing=self._missing(merged, listed),
                swept=self._now if complete and not self._note else old.swept,
                reason=self._note,
            )
        else:
            # The next look judges the whole list again: part of it would hide how much has vanished.
            record = replace(record, reason=verdict.reason, pages=(), swept=0.0)
        return Walk(
            record=record,
            fresh=fresh,
            reason=record.reason,
            changed=listed != old.listed,
            fresh_for=self._fresh_for,
        )

    def _missing(self, merged: Merge, listed: Sequence[Listed]) -> dict[str, int]:
        """How often in a row the list has lacked each entry that it lacks."""
        walked = {self._same(entry.url) for entry in self._entries}
        kept = {entry.url for entry in listed}
        lacked = [entry.url for entry in (*merged.vanished, *merged.aged)]
        counts = {url: count for url, count in self.record.missing.items() if self._same(url) not in walked}
        for url in lacked:
            counts[url] = counts.get(url, 0) + 1
        return {url: count for url, count in counts.items() if url in kept}


def _entry(link: Link) -> Listed | None:
    try:
        return Listed(url=clean(link.url), title=link.title, date=link.date) if link.url else None
    except BadAddress:
        return None


def _addresses(written: Sequence[str]) -> list[str]:
    found = []
    for address in written:
        try:
            found.append(clean(address))
        except BadAddress:
            continue
    return found
