"""What the sync remembers of pages, lists, waiting items and pictures, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.model import Head

NEW_FIRST = 0.0
"""The due time of a page that has never been fetched: before everything else."""
CHANGED_NEXT = 1.0
"""The due time of a page whose entry in a list has changed."""


class Standing(StrEnum):
    """What the last look at a page found."""

    NEW = "new"
    GOOD = "good"
    HELD = "held"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    GONE = "gone"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """One page of the origin.

    title, date  as the list words them         etag, modified  validators of the copy at hand
    hash         of the body, without counters  whole           its markup had an end
    checked      epoch seconds of the last look interval        seconds until the next
    fails        looks that failed in a row
    absent       epoch seconds since when its page says with status 200 that it is none; 0: it does not
    reason       why it is quarantined, held or failed
    reader       which version of our extraction read it: another one reads it anew
    """

    url: str
    id: str
    title: str = ""
    date: str = ""
    etag: str = ""
    modified: str = ""
    hash: str = ""
    whole: bool = False
    checked: float = 0.0
    interval: float = 0.0
    fails: int = 0
    absent: float = 0.0
    standing: Standing = Standing.NEW
    reason: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a column's list."""

    url: str
    title: str
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of a list as it was last read; its validators belong to exactly these entries.

    whole  its markup had an end     pages  addresses of the list's other pages that it names
    """

    url: str
    whole: bool = False
    etag: str = ""
    modified: str = ""
    entries: tuple[Listed, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRecord:
    """What is known of a column's list.

    listed    its entries, newest first, those included that are missing but not proved gone
    missing   addresses that the list lacks: how often in a row
    good      epoch seconds of the last list that was read and believed; swept: of the last whole one
    interval  seconds between two looks, learnt          reason  why the list is not believed, ""
    reader    which version of our extraction read it
    agreed    a person agrees that many entries of this column vanish at once
    """

    listed: tuple[Listed, ...] = ()
    pages: tuple[ListPage, ...] = ()
    missing: dict[str, int] = field(default_factory=dict)
    source: str = ""
    good: float = 0.0
    swept: float = 0.0
    checked: float = 0.0
    due: float = 0.0
    interval: float = 0.0
    reason: str = ""
    reader: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """An item whose rows are written and which the next publish shows; `column` fetched it."""

    head: Head
    head_hant: Head
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An item that waits for a person. `since` in epoch seconds.

    hosts, identity  what the gate learns by its release
    """

    staged: Staged
    url: str
    reason: str
    since: float
    hosts: tuple[str, ...] = ()
    identity: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRecord:
    """A picture of the origin: `media` names its bytes in the mirror, "" where it failed (reason)."""

    media: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""
    checked: float = 0.0


@dataclass(frozen=True, slots=True)
class Familiar:
    """What the gate knows of a portal: hosts that it links to, and what its hosts call themselves."""

    hosts: frozenset[str] = frozenset()
    identity: Mapping[str, str] = field(default_factory=dict)
