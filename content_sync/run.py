"""What the steps of one run share."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from content_sync.examine import LARGE, Surroundings
from content_sync.extract import extract
from content_sync.extract.page import Extracted
from content_sync.fetch import Fetcher, Got, Validators
from content_sync.identity import BadAddress, Identities, netloc
from content_sync.records import ColumnRecord, Familiar
from content_sync.report import Report
from content_sync.site import SiteFile, Source
from content_sync.state import State
from portal.errors import PortalError
from portal.model import Head, Kind
from portal.writer import MirrorWriter, Publication

log = logging.getLogger(__name__)

REMEMBERED = 30_000
"""Identities kept at hand; a list's entries are asked for theirs at each step."""

BATCH = 2_000
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
    listed_in canonical address -> ids of the columns that list it, in the site file's order
    units     name of a unit -> its item id
    taught    hosts and names that the gate has learnt in this run
    aliases   canonical address -> the one that the page was known by first
    item_ids  canonical address -> item id, of pages that this run has met
    gone      item id -> whether it is proved gone, of items that this run has met
    heads     published heads at generation `heads_at`, so that a publish reads only what is new
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
    records: dict[str, ColumnRecord] = field(default_factory=dict)
    listed_in: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)
    familiar: Familiar = field(default_factory=Familiar)
    aliases: dict[str, str] = field(default_factory=dict)
    item_ids: dict[str, str] = field(default_factory=dict)
    gone: dict[str, bool] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    heads_at: int = -1
    taught: set[str] = field(default_factory=set)
    reached: bool = False
    around: Surroundings = field(init=False)
    joining: asyncio.Lock = field(default_factory=asyncio.Lock)
    _same: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.around = self._around(learning=False)

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
        """Give the sockets back."""
        self.fetcher.close()

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

    async def ids_of(self, canonicals: Sequence[str]) -> list[str]:
        """The item ids of these addresses, "" where a page has no record."""
        unknown = [name for name in canonicals if name not in self.item_ids]
        for at in range(0, len(unknown), BATCH):
            part = unknown[at : at + BATCH]
            for name, record in zip(part, await self.state.pages(part), strict=True):
                if record is not None:
                    self.item_ids[name] = record.id
        return [self.item_ids.get(name, "") for name in canonicals]

    async def gone_of(self, item_ids: Iterable[str]) -> set[str]:
        """Which of these items are proved gone."""
        ids = list(item_ids)
        unknown = [item for item in ids if item not in self.gone]
        for at in range(0, len(unknown), BATCH):
            part = unknown[at : at + BATCH]
            self.gone |= dict.fromkeys(part, False) | dict.fromkeys(await self.state.gone(part), True)
        return {item for item in ids if self.gone[item]}

    async def heads_of(self, item_ids: Sequence[str], generation: int) -> dict[str, Head]:
        """The published heads of these items at a generation, those that have one."""
        if self.heads_at != generation:
            self.heads.clear()
            self.heads_at = generation
        unknown = [item for item in item_ids if item not in self.heads]
        for at in range(0, len(unknown), BATCH):
            self.heads |= await self.writer.heads_of(unknown[at : at + BATCH])
        return {item: self.heads[item] for item in item_ids if item in self.heads}

    def published(self, publication: Publication) -> None:
        """Remember what a publication of this run has made of the heads."""
        self.heads |= {head.id: head for head, _ in (*publication.heads, *publication.withdrawn)}
        for item in publication.dropped:
            self.heads.pop(item, None)
        self.heads_at = self.report.generation = publication.site.generation

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

    def know_lists(self) -> None:
        """Bring `listed_in` up to `records`."""
        found: dict[str, list[str]] = {}
        for source in self.sources():
            for entry in self.records.get(source.column.id, ColumnRecord()).listed:
                columns = found.setdefault(self.same(entry.url), [])
                if source.column.id not in columns:
                    columns.append(source.column.id)
        self.listed_in = {canonical: tuple(columns) for canonical, columns in found.items()}


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
