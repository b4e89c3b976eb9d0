"""What the steps of one run share."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from content_sync.examine import Surroundings
from content_sync.extract import extract
from content_sync.extract.page import Extracted
from content_sync.extract.reader import LARGE
from content_sync.fetch import Fetcher, Got, Validators
from content_sync.identity import BadAddress, Identities, netloc
from content_sync.ledger import Ledger
from content_sync.records import ColumnRecord, Familiar, Standing
from content_sync.report import Report
from content_sync.site import SiteFile, Source
from content_sync.state import State
from portal.errors import PortalError
from portal.model import Kind
from portal.writer import MirrorWriter, Publication

log = logging.getLogger(__name__)

REMEMBERED = 4_000
"""Identities kept at hand."""

BATCH = 1_000
"""Records read in one go."""

Say = Callable[[str, int, int], None]
"""Progress: what is being done, how much of it is done, of how much (0: unknown)."""


class Unreadable(PortalError):
    """A page on which our own code failed: the page waits, the others go on."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One run: what it works with, and what it has learnt so far.

    full      ask for every list page and every item anew, without validators
    all_due   look at every column, whatever its interval
    units     name of a unit -> its item id
    taught    hosts and names that the gate has learnt in this run
    aliases   canonical address -> the one that the page was known by first
    ledger    what grows with the number of pages, on disk
    around    what every page of the run is read with
    """

    site: SiteFile
    ids: Identities
    state: State
    writer: MirrorWriter
    fetcher: Fetcher
    report: Report
    clock: Callable[[], float]
    random: Callable[[], float]
    say: Say
    zone: ZoneInfo
    full: bool = False
    all_due: bool = True
    fence: int = 0
    units: dict[str, str] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)
    familiar: Familiar = field(default_factory=Familiar)
    aliases: dict[str, str] = field(default_factory=dict)
    taught: set[str] = field(default_factory=set)
    reached: bool = False
    around: Surroundings = field(init=False)
    ledger: Ledger = field(init=False)
    joining: asyncio.Lock = field(default_factory=asyncio.Lock)
    _same: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.around = self._around(learning=False)
        self.ledger = Ledger(self.site.model().columns)

    async def begin(self) -> None:
        """Take the mirror for this portal, and learn how it stands."""
        former = [netloc(address) for address in self.site.aliases]
        await self.writer.claim(self.site.owner, former)
        await self.state.rebase(self.site.home)
        site = await self.writer.site()
        self.report.generation_before = self.report.generation = site.generation if site else 0
        self.barred = await self.state.barred()
        self.familiar = await self.state.familiar()
        self.aliases = await self.state.aliases()
        self.around = self._around(learning=site is None)
        named = [source.column.id for source in self.sources() if source.column.kind is Kind.UNIT]
        for ids in (await self.writer.lists(named)).values():
            for head in (await self.writer.heads_of(list(ids))).values():
                self.units.setdefault(head.title, head.id)

    def _around(self, learning: bool) -> Surroundings:
        """Where nothing was ever published, what the portal links to now is taken as its habit."""
        own = frozenset(host.partition(":")[0] for host in self.ids.hosts)
        return Surroundings(
            home=self.site.home,
            names=self.own_names(),
            own=own,
            familiar=self.familiar,
            learning=learning,
        )

    def close(self) -> None:
        """Give the sockets and the ledger's file back."""
        self.fetcher.close()
        self.ledger.close()

    def end(self, error: str = "") -> Report:
        """The report, finished."""
        tally, report = self.fetcher.tally, self.report
        report.requests, report.not_modified = tally.requests, tally.unchanged
        report.octets, report.retries = tally.octets, tally.retries
        report.ended, report.error = self.clock(), error
        return report

    async def get(self, url: str, validators: Validators) -> Got:
        """Fetch an address of the origin."""
        return await self.fetcher.get(url, validators)

    async def read(self, got: Got, hint: str) -> Extracted:
        """Extract a page that was fetched; `hint` says what it should be.

        raises  NotAPage, Unreadable
        """
        try:
            if len(got.body) < LARGE:
                return extract(got.body, got.url, got.content_type, hint)
            # A large page must not keep the others, and the lock's renewal, waiting.
            return await asyncio.to_thread(extract, got.body, got.url, got.content_type, hint)
        except PortalError:
            raise
        except Exception as error:
            log.exception("extraction failed on %s", got.url)
            raise Unreadable(f"our extraction failed on it: {type(error).__name__}: {error}") from error

    def same(self, url: str) -> str:
        """The identity of an address; an address that is none is its own."""
        found = self._same.get(url)
        if found is None:
            try:
                found = self.ids.canonical(url)
            except BadAddress:
                found = url
            found = self.aliases.get(found, found)
            if len(self._same) >= REMEMBERED:
                self._same.clear()
            self._same[url] = found
        return found

    # --- what the ledger has to know ----------------------------------------------------------

    def know_list(self, column_id: str, record: ColumnRecord) -> None:
        """A column's list as its record has it."""
        entries = ((self.same(entry.url), entry.url) for entry in record.listed)
        self.ledger.put_list(column_id, entries, record.missing)

    async def know_lists(self) -> None:
        """The lists of all columns as they are kept."""
        for source in self.sources():
            self.know_list(source.column.id, await self.state.column(source.column.id))

    async def know_pages(self) -> None:
        """Ids and ends of the pages that touched columns list."""
        self.ledger.forget_unknown()
        while names := self.ledger.unknown_pages(BATCH):
            records = zip(names, await self.state.pages(names), strict=True)
            self.ledger.put_pages(
                (name, record.id, record.standing is Standing.GONE) if record else (name, "", False)
                for name, record in records
            )

    async def know_published(self, generation: int, columns: Iterable[str]) -> None:
        """The published lists of these columns at a generation; nothing is read that is known."""
        if self.ledger.generation == generation:
            return
        self.ledger.forget_published()
        for column in columns:
            async for ranked in self.writer.ranked(column):
                self.ledger.put_shown(column, ranked)
        self.ledger.generation = generation

    async def know_heads(self) -> None:
        """The published heads of what the next publish may show or showed."""
        while ids := self.ledger.unknown_heads(BATCH):
            self.ledger.put_heads(ids, await self.writer.heads_of(ids))

    def published(self, publication: Publication) -> None:
        """Remember what a publication of this run has made of the mirror."""
        self.ledger.published(publication)
        self.report.generation = publication.site.generation

    def know_alias(self, other: str, canonical: str) -> None:
        """From now on `other` is `canonical`."""
        self.aliases |= {name: canonical for name, known in self.aliases.items() if known == other}
        self.aliases[other] = canonical
        self._same.clear()

    def own_names(self) -> frozenset[str]:
        """What the portal calls itself: in the site file and in its pages' meta tags."""
        said = (name.partition(" ")[0] for name in self.familiar.identity.values())
        return frozenset((self.site.name, *said))

    def moment(self) -> str:
        """Now in the city's time, YYYY-MM-DD HH:MM."""
        return datetime.fromtimestamp(self.clock(), self.zone).strftime("%Y-%m-%d %H:%M")

    def sources(self) -> list[Source]:
        """The columns that have a list."""
        return [source for source in self.site.sources if source.list]


@cache
def reader_name() -> str:
    """Which version of our extraction this is: pages that another one read are read anew."""
    here = Path(__file__).parent
    files = [here / "charset.py", *sorted((here / "extract").glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def allowed_hosts(site: SiteFile) -> Callable[[str], bool]:
    """Whether an address is on a host that the site file names: home, aliases, lists, `hosts`."""
    ids = site.identities
    named = set(ids.hosts) | {host.lower() for host in site.fetch.hosts}
    named |= {netloc(source.list) for source in site.sources if source.list}
    return lambda url: netloc(url) in named
