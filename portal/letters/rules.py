"""One city's rules for letters as data; what a file does not say is as the defaults here say.

The defaults are those of a city hotline that promises to accept within 3 hours and to answer within 5 working
days, 15 with an approved extension. `docs/letters.md` describes every key for people. A file is read whole
before anything is said of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import TypeVar

from portal.hant import to_hant
from portal.letters.model import Kind
from portal.letters.tables import Ladder, Names, Texts, like, one_of, ruled
from portal.model import name_in

_T = TypeVar("_T")

WALL, WORKING = "wall", "working"
NEVER, REVIEWED, ANSWERED = "never", "reviewed", "answered"
_ID = r"[a-z][a-z0-9-]{0,31}"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_LADDER: Ladder = ((1, 60), (3, 900), (6, 86_400))


def _network(written: str) -> bool:
    try:
        ip_network(written)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised to a citizen. Days are working days; `doubt_days` are days of the calendar."""

    accept_hours: float = ruled(3.0, "hours, 0.1 to 720", 0.1, 720)
    accept_clock: str = ruled(WALL, f"'{WALL}' or '{WORKING}'", fits=one_of(WALL, WORKING))
    opens: str = ruled("09:00", "a time of day such as 09:00", fits=like(_CLOCK))
    closes: str = ruled("17:00", "a time of day such as 17:00, after `opens`", fits=like(_CLOCK))
    answer_days: int = ruled(5, "working days, 1 to 90", 1, 90)
    extended_days: int = ruled(15, "working days in all, at least answer_days, to 180", 1, 180)
    reopened_days: int = ruled(5, "working days, 1 to 90", 1, 90)
    supply_days: int = ruled(10, "working days, 1 to 90", 1, 90)
    close_days: int = ruled(10, "working days from the answer, 1 to 180", 1, 180)
    extensions: int = ruled(1, "how often, 0 to 5", 0, 5)
    transfers: int = ruled(1, "how often, 0 to 5", 0, 5)
    returns: int = ruled(1, "how often, 0 to 5", 0, 5)
    doubts: int = ruled(1, "how often, 0 to 5", 0, 5)
    doubt_days: int = ruled(30, "days, 1 to 365", 1, 365)


@dataclass(frozen=True, slots=True)
class CardRules:
    """When cards are given.

    reminder_percent   a reminder once that part of the working days is over
    red_days           a red card so many working days after the yellow one
    at                 the time of a working day at which cards are given: nobody is woken by one
    """

    reminder_percent: int = ruled(80, "percent, 1 to 99", 1, 99)
    red_days: int = ruled(3, "working days, 1 to 60", 1, 60)
    at: str = ruled("09:00", "a time of day such as 09:00", fits=like(_CLOCK))


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits against abuse. A ladder is a list of [how many, in how many seconds], all of which must hold.

    shared   networks behind which many people stand (a WAP gateway, a carrier): not counted as an address
    """

    telephone: Ladder = ruled(_LADDER, "a list such as [[1, 60], [6, 86400]]", 1, 31_536_000)
    box: Ladder = ruled(_LADDER, "a list such as [[1, 60], [6, 86400]]", 1, 31_536_000)
    address: Ladder = ruled(_LADDER, "a list such as [[1, 60], [6, 86400]]", 1, 31_536_000)
    worker: Ladder = ruled(((10, 60), (300, 86_400)), "a list such as [[10, 60]]", 1, 31_536_000)
    shared: Texts = ruled((), "networks such as 10.0.0.0/8", fits=_network)
    drafts: Ladder = ruled(
        ((20, 600), (60, 86_400)), "a list such as [[20, 600]], for an address", 1, 31_536_000
    )
    wrong_codes: int = ruled(5, "tries within lock_hours for a letter from one address, 1 to 20", 1, 20)
    wrong_codes_letter: int = ruled(
        50, "tries within lock_hours for a letter from all strange addresses, 1 to 1000", 1, 1_000
    )
    wrong_codes_address: int = ruled(30, "tries within lock_hours from one address, 1 to 10000", 1, 10_000)
    lock_hours: int = ruled(24, "hours, 1 to 720", 1, 720)
    unlocks: int = ruled(3, "tries within lock_hours for a letter from one address, 1 to 20", 1, 20)
    unlocks_letter: int = ruled(
        30, "tries within lock_hours for a letter from all addresses, right ones too, 1 to 1000", 1, 1_000
    )
    known_days: int = ruled(
        30, "days for which an address that opened a letter is no stranger, 1 to 365", 1, 365
    )
    wrong_pairings: int = ruled(5, "tries within a quarter of an hour, 1 to 100", 1, 100)
    pairing_minutes: int = ruled(10, "minutes, 1 to 60", 1, 60)
    draft_hours: int = ruled(24, "hours, 1 to 720", 1, 720)
    receipt_minutes: int = ruled(10, "minutes, 0 to 1440", 0, 1440)
    screen_minutes: int = ruled(3, "minutes, 1 to 30", 1, 30)
    longest_text: int = ruled(600, "characters, 50 to 5000", 50, 5000)


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is kept, and what is shown to whom.

    plain_may_ask   ask for telephone numbers and codes on connections without TLS: see docs/letters.md for
                    what that risks
    publish         letters of citizens who agree: never, reviewed (an administrator releases each), answered
                    (each, as soon as it is answered; nobody looks at it before everybody can)
    keep_days       days after the end of a letter until its words are erased
    """

    plain_may_ask: bool = ruled(False, "true or false")
    publish: str = ruled(
        REVIEWED, f"'{NEVER}', '{REVIEWED}' or '{ANSWERED}'", fits=one_of(NEVER, REVIEWED, ANSWERED)
    )
    keep_days: int = ruled(1095, "days, 30 to 36500", 30, 36_500)


@dataclass(frozen=True, slots=True)
class Review:
    """Words after which a letter waits for a person before it goes on; it is never refused for them."""

    words: Texts = ruled((), "words of 1 to 40 characters", fits=like(r"\S.{0,39}"))


@dataclass(frozen=True, slots=True)
class Sms:
    """Short messages: the signature that the carrier has registered, without its brackets."""

    signature: str = ruled("阳光政务", "2 to 20 characters, without brackets", fits=like(r"[^【】\s]{2,20}"))


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of letter that the city takes. `answer_days` 0 stands for the promise's own."""

    id: str = ruled(None, "consult, complain, report, suggest or help", fits=one_of(*Kind))
    answer_days: int = ruled(0, "working days, 0 (as promised) to 90", 0, 90)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that receives letters. `item` is its item in the mirror, or ""."""

    id: str = ruled(None, "a short name of small letters, digits and hyphens", fits=like(_ID))
    name: str = ruled(
        None, "the unit's name as the screens show it, at most 40 characters", fits=like(r".{1,40}")
    )
    names: Names = ruled((), 'names in other languages, such as { en = "Water" }', fits=like(r".{1,80}"))
    item: str = ruled("", "the id of a unit in the mirror", fits=like(r"\S{0,64}"))


@dataclass(frozen=True, slots=True)
class Topic:
    """What letters are about. `unit` gets them where the citizen names none; `kinds` empty: every kind."""

    id: str = ruled(None, "a short name of small letters, digits and hyphens", fits=like(_ID))
    name: str = ruled(None, "the topic as the screens show it, at most 20 characters", fits=like(r".{1,20}"))
    names: Names = ruled((), 'names in other languages, such as { en = "Roads" }', fits=like(r".{1,60}"))
    unit: str = ruled("", "the id of a [[unit]]", fits=like(_ID))
    kinds: Texts = ruled((), "kinds of letters", fits=one_of(*Kind))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A ready phrase: what most letters of a topic say, chosen with one key."""

    id: str = ruled(None, "a short name of small letters, digits and hyphens", fits=like(_ID))
    name: str = ruled(None, "the phrase as the screens show it, at most 60 characters", fits=like(r".{1,60}"))
    names: Names = ruled((), 'the phrase in other languages, such as { en = "..." }', fits=like(r".{1,120}"))
    topic: str = ruled("", "the id of a [[topic]]; empty: every topic", fits=like(_ID))
    kinds: Texts = ruled((), "kinds of letters", fits=one_of(*Kind))


@dataclass(frozen=True, slots=True)
class Reason:
    """A ready reason to doubt an answer."""

    id: str = ruled(None, "a short name of small letters, digits and hyphens", fits=like(_ID))
    name: str = ruled(None, "the reason as the screens show it, at most 40 characters", fits=like(r".{1,40}"))
    names: Names = ruled((), 'the reason in other languages, such as { en = "..." }', fits=like(r".{1,80}"))


Row = Unit | Topic | Phrase | Reason


@dataclass(frozen=True, slots=True)
class LocalDays:
    """Days on which this city differs from the state's calendar, or knows it earlier.

    rest, work   day -> why, in the city's words; complete: years that are whole with these tables
    """

    rest: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    work: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    complete: frozenset[int] = frozenset()


REASONS = (
    Reason("unsolved", "问题没有解决", ()),
    Reason("not-to-the-point", "答非所问", ()),
    Reason("not-done", "答复与实际不符", ()),
    Reason("manner", "服务态度不好", ()),
)
"""Ready reasons where the rules name none; their sentences are gettext ids, see `words.REASON_NAMES`."""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a city."""

    promise: Promise = field(default_factory=Promise)
    cards: CardRules = field(default_factory=CardRules)
    limits: Limits = field(default_factory=Limits)
    privacy: Privacy = field(default_factory=Privacy)
    review: Review = field(default_factory=Review)
    sms: Sms = field(default_factory=Sms)
    days: LocalDays = field(default_factory=LocalDays)
    kinds: tuple[KindRow, ...] = tuple(KindRow(kind) for kind in Kind)
    units: tuple[Unit, ...] = ()
    topics: tuple[Topic, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    reasons: tuple[Reason, ...] = REASONS

    def knows_unit(self, unit_id: str) -> bool:
        """Whether this unit receives letters."""
        return any(unit.id == unit_id for unit in self.units)

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of that id."""
        return _by_id(self.units, unit_id)

    def topic(self, topic_id: str) -> Topic | None:
        """The topic of that id."""
        return _by_id(self.topics, topic_id)

    def phrase(self, phrase_id: str) -> Phrase | None:
        """The ready phrase of that id."""
        return _by_id(self.phrases, phrase_id)

    def reason(self, reason_id: str) -> Reason | None:
        """The ready reason of that id."""
        return _by_id(self.reasons, reason_id)

    def topics_of(self, kind: Kind) -> tuple[Topic, ...]:
        """The topics that letters of a kind may have, in order."""
        return tuple(topic for topic in self.topics if not topic.kinds or kind in topic.kinds)

    def phrases_of(self, kind: Kind, topic_id: str) -> tuple[Phrase, ...]:
        """The ready phrases for a kind and a topic, those of the topic first."""
        fitting = [
            phrase
            for phrase in self.phrases
            if phrase.topic in ("", topic_id) and (not phrase.kinds or kind in phrase.kinds)
        ]
        return tuple(sorted(fitting, key=lambda phrase: not phrase.topic))

    def answer_days(self, kind: Kind) -> int:
        """Working days until a letter of this kind must be answered."""
        row = _by_id(self.kinds, kind)
        return row.answer_days if row and row.answer_days else self.promise.answer_days

    def flagged(self, *texts: str) -> tuple[str, ...]:
        """The words for review that stand in these texts, however they are spaced or broken up."""
        plain = _plain(" ".join(texts))
        return tuple(word for word in self.review.words if _plain(word) in plain)

    def is_shared(self, address: str) -> bool:
        """Whether many people stand behind an address."""
        try:
            asked = ip_address(address)
        except ValueError:
            return False
        return any(asked in ip_network(network) for network in self.limits.shared)


DEFAULT = Rules()
"""The rules of a city that has written none."""


def label(row: Row, locale: str) -> str:
    """The name of a row in a language; Traditional Chinese is converted where none is given."""
    given = name_in(row.names, locale, "")
    if given:
        return given
    return to_hant(row.name) if locale == "zh-Hant" else row.name


def clock_time(written: str) -> time:
    """A time of day of the rules."""
    return time.fromisoformat(written)


def _by_id(rows: Sequence[_T], row_id: str) -> _T | None:
    return next((row for row in rows if getattr(row, "id", None) == row_id), None)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)
