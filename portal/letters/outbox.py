"""What must be told to whom after an event, and when to try again: lanes out of the letter box.

A lane is one receiver of events, with an outbox of its own: `case` the city's case system, `notice` messages
to the citizen, `card` the supervision's cards to the desk. An event and its places in the outboxes are
written in one step, so nothing that happened is forgotten, and nothing is told that did not happen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.letters.model import Event, Letter, Role, Verb
from portal.letters.store import Entry

CASE, NOTICE, CARDS = "case", "notice", "card"

LEASE_SECONDS = 120.0
"""How long somebody who took a parcel may need; after that another one tries it."""

_PAUSES = (5, 15, 60, 180, 600, 1_800, 3_600)
"""Seconds until the next try after the first, second ... failure; the last for all that follow."""

_BY_CITIZEN = (Role.CITIZEN, Role.WORKER)
_CARRIES: Mapping[str, frozenset[Verb]] = MappingProxyType(
    {
        CASE: frozenset(
            (
                Verb.FILE,
                Verb.RELEASE,
                # Handed to a unit at the desk: its mailbox is told. A case system hands over by itself.
                Verb.ACCEPT,
                Verb.TRANSFER,
                Verb.SUPPLY,
                Verb.DOUBT,
                Verb.RATE,
                Verb.WITHDRAW,
                Verb.URGE,
            )
        ),
        NOTICE: frozenset(
            (
                Verb.FILE,
                Verb.ACCEPT,
                Verb.ASK,
                Verb.LAPSE,
                Verb.EXTEND,
                Verb.TRANSFER,
                Verb.ANSWER,
                Verb.REJECT,
                Verb.DUPLICATE,
                Verb.CLOSE,
                Verb.DOUBT,
                Verb.WITHDRAW,
            )
        ),
        CARDS: frozenset((Verb.CARD,)),
    }
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to deliver: event `entry.index` of a letter, as the letter was when it was read.

    attempts   failures so far       error   why the last one failed
    """

    entry: Entry
    letter: Letter
    event: Event
    attempts: int = 0
    error: str = ""

    @property
    def key(self) -> str:
        """The idempotency key for the other side: the same for every try."""
        return self.entry.name


def lanes_for(letter: Letter, event: Event, lanes: Collection[str]) -> tuple[str, ...]:
    """The lanes that carry an event of this letter, out of those that are in use.

    A letter that waits for review goes to the case system when it is released, not when it is filed.
    """
    found = []
    for lane in sorted(lanes):
        if event.verb not in _CARRIES[lane]:
            continue
        if lane == CASE and event.role is Role.REMOTE:
            continue  # it told us
        if lane == CASE and event.verb is Verb.FILE and letter.flagged:
            continue
        found.append(lane)
    return tuple(found)


def pause(attempts: int) -> int:
    """Seconds until the next try after so many failures."""
    return _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1]
