"""Facts for people on the go, typed and frozen: whence each is, when it was checked, until when it holds.

Words are pairs: what the city's people read and what a stranger reads. An address has its pinyin made from
the Chinese where it is shown, so that none can differ from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from portal.model import Step
from portal.travel.hours import Hours

_F = TypeVar("_F", bound="Fact")


@dataclass(frozen=True, slots=True)
class Said:
    """The same in Chinese and in English; `en` may be ""."""

    zh: str
    en: str = ""

    def within(self, tag: str) -> str:
        """For a language tag: English where it is asked for and there is some."""
        return self.en if tag == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact has.

    id       short and stable, for addresses            name     what it is about
    source   who says so                                checked  YYYY-MM-DD on which that was checked
    until    YYYY-MM-DD, the last day on which it is shown
    """

    id: str
    name: Said
    source: Said
    checked: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Fact):
    """A telephone: what it is for, and whether it saves lives."""

    number: str
    purpose: Said
    emergency: bool = False


class WayKind(StrEnum):
    """What a way is for."""

    STATION = "station"
    AIRPORT = "airport"
    LAST_BUS = "last-bus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way(Fact):
    """How one gets to the centre, or home at night.

    how      line and stop, as one asks for it     short   the same in a few words, for the smallest screen
    minutes  on the way, 0 unknown                 first, last  HH:MM of the first and last departure, or ""
    """

    kind: WayKind
    how: Said
    short: Said
    minutes: int = 0
    fare: str = ""
    first: str = ""
    last: str = ""


class PlaceKind(StrEnum):
    """What a place is."""

    PHARMACY = "pharmacy"
    HOSPITAL = "hospital"
    POLICE = "police"
    STATION = "station"
    AIRPORT = "airport"
    HALL = "hall"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Fact):
    """A place that one goes to: its address can be shown to a driver.

    hours  None where they are not known      brief  a short name for the smallest screen
    english  whether English is spoken      sound  pinyin of the address, "" where it is made from it
    """

    kind: PlaceKind
    address: Said
    telephone: str = ""
    hours: Hours | None = None
    note: Said = Said("")
    brief: Said = Said("")
    english: bool = False
    sound: str = ""


class Topic(StrEnum):
    """What advice is about."""

    REGISTRATION = "registration"
    ELSEWHERE = "elsewhere"
    LOST = "lost"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(Fact):
    """What to do: sentences, and the matters that it takes.

    short   for the smallest screen, or empty       steps  names of matters; several of which one is done
    tag     words that matters must bear somewhere in their names or categories to be listed too, or ""
    """

    topic: Topic
    lines: tuple[Said, ...]
    short: Said = Said("")
    steps: tuple[Step, ...] = ()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Travel:
    """All facts of a city, in the order in which they are shown."""

    lines: tuple[Line, ...] = ()
    ways: tuple[Way, ...] = ()
    places: tuple[Place, ...] = ()
    advice: tuple[Advice, ...] = ()

    def on(self, day: str) -> Travel:
        """The facts that hold on a day, YYYY-MM-DD: nothing outlives its last day."""
        return Travel(
            _holding(self.lines, day),
            _holding(self.ways, day),
            _holding(self.places, day),
            _holding(self.advice, day),
        )

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All of them."""
        return (*self.lines, *self.ways, *self.places, *self.advice)

    def place(self, place_id: str) -> Place | None:
        """The place of that id."""
        return next((place for place in self.places if place.id == place_id), None)


def _holding(facts: Iterable[_F], day: str) -> tuple[_F, ...]:
    return tuple(fact for fact in facts if fact.until >= day)
