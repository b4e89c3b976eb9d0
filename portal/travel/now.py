"""The facts that hold at a moment, in one language, as both editions show them. Pure.

A topic is one page of the guide. Of a fact, a card tells what it is about, what to do, whom to ring, and
below it who says so and when that was checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from portal.text import N_, Text
from portal.travel.hours import State, Today
from portal.travel.hours import today as hours_today
from portal.travel.model import Advice, Fact, Line, Place, Said, Topic, Travel, Way, WayKind

TOPICS: tuple[tuple[str, str, str], ...] = (
    ("lines", N_("紧急电话和热线"), N_("110 119 120 12345 12367")),
    ("ways", N_("车站机场进城"), N_("坐什么车、末班车")),
    ("show", N_("给司机看地址"), N_("大字、拼音、英文")),
    ("today", N_("今天开门吗"), N_("医院、药房、大厅")),
    ("stay", N_("住宿登记"), N_("住下 24 小时内")),
    ("away", N_("人在外地"), N_("异地就医、跨省通办、查办件")),
    ("lost", N_("证件丢了"), N_("身份证、护照、驾照")),
    ("closed", N_("今天停的关的"), N_("停水停电、封路、关门")),
)
"""Key, name and a few words of each topic, in the order in which they are shown: their digits stay."""

ADVICE: dict[str, tuple[Topic, ...]] = {
    "stay": (Topic.REGISTRATION,),
    "away": (Topic.ELSEWHERE, Topic.OTHER),
    "lost": (Topic.LOST,),
}
"""Topics that are advice with the matters that it takes."""


@dataclass(frozen=True, slots=True)
class Card:
    """One fact as it is shown.

    also    its name in the other language, "" where there is none other
    lines   sentences, in order       telephones  numbers to ring, as they are written
    foot    who says so, and when that was checked
    """

    id: str
    title: str
    also: str
    lines: tuple[str, ...]
    telephones: tuple[str, ...]
    foot: str

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.title} {self.also}" if self.also else self.title


@dataclass(frozen=True, slots=True)
class Moment:
    """Who reads, and when: `now` in the city's own time."""

    text: Text
    now: datetime

    @property
    def day(self) -> str:
        """YYYY-MM-DD."""
        return self.now.strftime("%Y-%m-%d")


def holds(travel: Travel, topic: str) -> bool:
    """Whether a topic has something to say; `travel` holds what has not ended."""
    match topic:
        case "lines":
            return bool(travel.lines)
        case "ways":
            return bool(travel.ways)
        case "show":
            return bool(travel.places)
        case "today":
            return any(place.hours for place in travel.places)
        case "away" | "closed":
            return True
        case _:
            return bool(advice(travel, topic))


def advice(travel: Travel, topic: str) -> tuple[Advice, ...]:
    """The advice of a topic."""
    return tuple(each for each in travel.advice if each.topic in ADVICE.get(topic, ()))


def cards(travel: Travel, topic: str, at: Moment) -> tuple[Card, ...]:
    """The facts of a topic as they are shown; a source that several in a row share stands below the last."""
    made = _cards(travel, topic, at)
    feet = [*(card.foot for card in made[1:]), ""][: len(made)]
    return tuple(
        replace(card, foot="") if card.foot == foot else card for card, foot in zip(made, feet, strict=True)
    )


def _cards(travel: Travel, topic: str, at: Moment) -> tuple[Card, ...]:
    match topic:
        case "lines":
            return tuple(_card(line, at, (line.purpose.within(at.text.tag),), line.number)
                         for line in travel.lines)  # fmt: skip
        case "ways":
            return tuple(_card(way, at, _way(way, at.text)) for way in travel.ways)
        case "show":
            return tuple(place_card(place, at) for place in travel.places)
        case "today":
            return tuple(place_card(place, at) for place in by_state(travel.places, at))
        case _:
            return tuple(advice_card(each, at) for each in advice(travel, topic))


def place_card(place: Place, at: Moment) -> Card:
    """A place: whether it is open today, where it is, what else one should know."""
    t = at.text
    said = (
        opening(place, at),
        place.address.within(t.tag),
        place.note.within(t.tag),
        t.gettext("有人会说英语") if place.english else "",
    )
    return _card(place, at, said, place.telephone)


def advice_card(given: Advice, at: Moment) -> Card:
    """Advice: its sentences."""
    return _card(given, at, tuple(line.within(at.text.tag) for line in given.lines))


def _card(fact: Fact, at: Moment, lines: Iterable[str], telephone: str = "") -> Card:
    return Card(
        id=fact.id,
        title=fact.name.within(at.text.tag),
        also=other(fact.name, at.text.tag),
        lines=tuple(filter(None, lines)),
        telephones=(telephone,) if telephone else (),
        foot=foot(fact, at.text),
    )


def other(said: Said, tag: str) -> str:
    """The same in the other language, "" where it has no other or it is the same."""
    found = said.zh if tag == "en" else said.en
    return found if found != said.within(tag) else ""


def foot(fact: Fact, t: Text) -> str:
    """Who says so, and on which day it was checked."""
    return t.gettext("{source}，{day} 核对").format(
        source=fact.source.within(t.tag), day=t.full_day(fact.checked)
    )


def _way(way: Way, t: Text) -> Iterator[str]:
    yield way.how.within(t.tag)
    if way.kind is WayKind.LAST_BUS and way.last:
        yield t.gettext("末班 {last}").format(last=way.last)
    elif way.first and way.last:
        yield t.gettext("首班 {first}，末班 {last}").format(first=way.first, last=way.last)
    about = t.gettext("约 {minutes} 分钟").format(minutes=way.minutes) if way.minutes else ""
    yield "  ".join(part for part in (about, way.fare) if part)


# --- today -----------------------------------------------------------------------------------------


def state_of(place: Place, now: datetime) -> Today | None:
    """How a place is today, None where its hours are not known."""
    return hours_today(place.hours, now) if place.hours else None


def by_state(places: Iterable[Place], at: Moment) -> list[Place]:
    """Places with hours, those that are open first; otherwise in their own order."""
    order = (State.OPEN, State.ALWAYS, State.LATER, State.OVER, State.CLOSED)
    found = [(state, place) for place in places if (state := state_of(place, at.now))]
    return [place for _, place in sorted(found, key=lambda pair: order.index(pair[0].state))]


def closed_today(travel: Travel, at: Moment) -> tuple[Place, ...]:
    """Places that do not open at all today."""
    found = ((place, state_of(place, at.now)) for place in travel.places)
    return tuple(place for place, state in found if state and state.state is State.CLOSED)


def opening(place: Place, at: Moment) -> str:
    """Whether a place is open, in a sentence; "" where its hours are not known."""
    state = state_of(place, at.now)
    return _SAID[state.state](state, at) if state else ""


def brief(place: Place, at: Moment) -> str:
    """The same in the few characters that stand beside a name."""
    state, t = state_of(place, at.now), at.text
    if state is None:
        return ""
    match state.state:
        case State.ALWAYS:
            return t.gettext("24 小时")
        case State.OPEN:
            return t.gettext("开到 {until}").format(until=state.until)
        case State.LATER:
            return f"{state.opens}-{state.until}"
        case State.OVER:
            return t.gettext("已关门")
        case _:
            return t.gettext("不开门")


def _until(state: Today, at: Moment) -> str:
    return at.text.gettext("现在开着，到 {until}").format(until=state.until)


def _later(state: Today, at: Moment) -> str:
    return at.text.gettext("今天 {opens} 开，到 {until}").format(opens=state.opens, until=state.until)


def _next(state: Today, at: Moment) -> str:
    t = at.text
    if not state.next:
        return ""
    day, _, clock = state.next.partition(" ")
    return t.gettext("{day} {clock} 再开").format(day=t.day_of_year(day), clock=clock)


def _over(state: Today, at: Moment) -> str:
    said = (at.text.gettext("今天已经关门"), _next(state, at))
    return at.text.pgettext("between clauses", "，").join(filter(None, said))


def _closed(state: Today, at: Moment) -> str:
    said = (at.text.gettext("今天不开门"), _next(state, at))
    return at.text.pgettext("between clauses", "，").join(filter(None, said))


_SAID: dict[State, Callable[[Today, Moment], str]] = {
    State.ALWAYS: lambda state, at: at.text.gettext("24 小时都开"),
    State.OPEN: _until,
    State.LATER: _later,
    State.OVER: _over,
    State.CLOSED: _closed,
}

__all__ = [
    "ADVICE",
    "TOPICS",
    "Card",
    "Line",
    "Moment",
    "advice",
    "advice_card",
    "brief",
    "by_state",
    "cards",
    "closed_today",
    "foot",
    "holds",
    "opening",
    "other",
    "place_card",
    "state_of",
]
