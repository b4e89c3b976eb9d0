"""The guide for people on the go as pages of the phone edition. Pure.

/wap/g            what a stranger needs, in Chinese and English, in one deck of 1,300 octets
/wap/g/more       all topics              /wap/g/TOPIC     one of them
/wap/g/at-ID      one address to show to a driver
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from portal.model import Column, Head, Notice
from portal.travel import now
from portal.travel.hours import State
from portal.travel.model import Place, PlaceKind, Said, Topic, Travel, Way, WayKind
from portal.travel.now import Card, Moment
from portal.travel.pinyin import pinyin
from wap.device import MINIMUM, SMALLEST_DECK
from wap.page import Call, Deck, Line, Link, Page, Part
from wap.split import measure
from wap.view import View, call_of, page_of

ROOM = SMALLEST_DECK
"""Octets of the stranger's deck, compiled without shared strings: no phone and no gateway makes it longer."""

FRESH = "private, max-age=60"
"""What stands by the clock is asked for again soon, and kept by nobody on the way."""

OFFLINE = "/go.html?save=1"


@dataclass(frozen=True, slots=True)
class Needed:
    """One line of the stranger's deck; what has the higher `rank` goes first where all do not fit."""

    part: Part
    rank: int


def stranger(view: View, column: Column | None, travel: Travel, at: Moment) -> Page:
    """The one deck for somebody who knows neither the city nor, perhaps, its language."""
    number = column.number if column else ""
    links = [
        Link(f"{view.base}/g/show", "给司机看 Show driver", "1"),
        Link(f"{view.base}/g/more", "更多 More", "2"),
    ]

    def page_with(lines: Sequence[Needed]) -> Page:
        body = [*(line.part for line in lines), *links]
        return page_of(
            view, f"出门在外 On the go {number}".strip(), "On the go", f"{view.base}/g", body,
            home=False, cache=FRESH,
        )  # fmt: skip

    def fits(page: Page) -> bool:
        return measure(Deck(page, page.body), MINIMUM) <= ROOM

    for detail in (Detail.ALL, Detail.CALLS, Detail.WORDS):
        lines = list(_needed(travel, at, detail))
        if fits(page := page_with(lines)):
            return page
    while lines and not fits(page):
        lines.remove(max(lines, key=lambda line: line.rank))
        page = page_with(lines)
    return page


class Detail(Enum):
    """How much the deck says of what it names: words, numbers that can be called, addresses too."""

    WORDS = 0
    CALLS = 1
    ALL = 2


def _needed(travel: Travel, at: Moment, detail: Detail) -> Iterator[Needed]:
    for line in travel.lines:
        words = f"{line.number} {_both(line.name)}"
        part = Line(words) if detail is Detail.WORDS else Call(call_of(line.number).number, words)
        yield Needed(part, 0 if line.emergency else 3)
    for advice in travel.advice:
        if advice.topic is Topic.REGISTRATION:
            yield Needed(Line(_both(advice.short if advice.short.zh else advice.name)), 1)
    for way in travel.ways:
        yield Needed(Line(_way(way)), 5 if way.kind is WayKind.LAST_BUS else 4)
    for place in travel.places:
        if place.kind is PlaceKind.PHARMACY:
            yield Needed(Line(f"药房 Pharmacy: {_place(place, at, detail)}"), 6)
        elif place.kind is PlaceKind.HOSPITAL:
            english = "(English)" if place.english else ""
            yield Needed(Line(f"医院 Hospital{english}: {_place(place, at, detail)}"), 2)
    today = [
        f"{_brief(place)} {said}"
        for place in travel.places
        if place.kind not in _SHOWN_ABOVE and (said := _hours(place, at))
    ]
    if today:
        yield Needed(Line(f"今天 Today: {'; '.join(today)}"), 7)
    checked = [fact.checked for fact in travel.facts]
    if checked:
        yield Needed(Line(f"核对 Checked {min(checked)}"), 1)


_SHOWN_ABOVE = (PlaceKind.PHARMACY, PlaceKind.HOSPITAL, PlaceKind.STATION, PlaceKind.AIRPORT)


def _both(said: Said) -> str:
    return f"{said.zh} {said.en}".strip()


def _brief(place: Place) -> str:
    return _both(place.brief if place.brief.zh else place.name)


def _way(way: Way) -> str:
    said = _both(way.short if way.short.zh else way.name)
    times = way.last if way.kind is WayKind.LAST_BUS else "-".join(filter(None, (way.first, way.last)))
    return " ".join(filter(None, (said, times)))


def _place(place: Place, at: Moment, detail: Detail) -> str:
    address = _both(place.address) if detail is Detail.ALL else ""
    return " ".join(filter(None, (_brief(place), _hours(place, at), place.telephone, address)))


def _hours(place: Place, at: Moment) -> str:
    """Today's hours in a stranger's few words: 24h, 开open-17:00 (now), 13:30-17:00 (later), 关closed."""
    state = now.state_of(place, at.now)
    if state is None:
        return ""
    match state.state:
        case State.ALWAYS:
            return "24h"
        case State.OPEN:
            return f"开open-{state.until}"
        case State.LATER:
            return f"{state.opens}-{state.until}"
        case _:
            return "关closed"


# --- the topics ------------------------------------------------------------------------------------


def topics(view: View, column: Column | None, travel: Travel) -> Page:
    """All topics that have something to say; their digits are those of the television."""
    t = view.text
    body: list[Part] = [
        Link(f"{view.base}/g/{key}", t.gettext(name), str(digit), t.gettext(words))
        for digit, (key, name, words) in enumerate(now.TOPICS, 1)
        if now.holds(travel, key)
    ]
    body.append(Link(OFFLINE, t.gettext("存一份，没网也能看（30 KB）")))
    return _page(view, column, t.gettext("出门在外"), f"{view.base}/g/more", body)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the mirror adds to a topic: matters, notices in force, and where one asks how things stand."""

    matters: Sequence[Head] = ()
    notices: Sequence[Notice] = ()
    ways: Sequence[tuple[str, str]] = ()


def topic(view: View, column: Column | None, travel: Travel, key: str, at: Moment, beside: Beside) -> Page:
    """One topic. The key is one of now.TOPICS."""
    name = next(view.text.gettext(name) for topic_key, name, _ in now.TOPICS if topic_key == key)
    body = list(_BODIES.get(key, _cards)(view, travel, key, at, beside))
    if not body:
        body.append(Line(view.text.gettext("这里暂时没有内容。")))
    return _page(view, column, name, f"{view.base}/g/{key}", body)


def _cards(view: View, travel: Travel, key: str, at: Moment, beside: Beside) -> Iterator[Part]:
    digit = 0
    for card in now.cards(travel, key, at):
        yield Line(card.name, strong=True)
        yield from _said(card)
        if key == "today":
            digit += 1
            yield Link(
                f"{view.base}/g/at-{card.id}", view.text.gettext("给司机看"), str(digit) if digit <= 8 else ""
            )
        yield from _foot(card)


def _foot(card: Card) -> Iterator[Part]:
    if card.foot:
        yield Line(card.foot)


def _said(card: Card) -> Iterator[Part]:
    for line in card.lines:
        yield Line(line)
    for number in card.telephones:
        yield call_of(number)


def _show(view: View, travel: Travel, key: str, at: Moment, beside: Beside) -> Iterator[Part]:
    for digit, place in enumerate(travel.places, 1):
        name = place.name.within(view.text.tag)
        yield Link(
            f"{view.base}/g/at-{place.id}", name, str(digit) if digit <= 8 else "",
            now.other(place.name, view.text.tag),
        )  # fmt: skip


def _advice(view: View, travel: Travel, key: str, at: Moment, beside: Beside) -> Iterator[Part]:
    digit = 0
    for href, name in beside.ways if key == "away" else ():
        digit += 1
        yield Link(href, name, str(digit))
    for card in now.cards(travel, key, at):
        yield Line(card.name, strong=True)
        yield from _said(card)
        yield from _foot(card)
    if beside.matters:
        yield Line(view.text.gettext("办这些事"), strong=True)
    for head in beside.matters:
        digit += 1
        yield Link(view.item(head.id), head.title, str(digit) if digit <= 8 else "")


def _closed(view: View, travel: Travel, key: str, at: Moment, beside: Beside) -> Iterator[Part]:
    t = view.text
    for digit, notice in enumerate(beside.notices, 1):
        until = t.gettext("到 {when}").format(when=t.moment(notice.valid_until, view.today))
        note = until if notice.valid_until else ""
        yield Link(view.item(notice.id), notice.title, str(digit) if digit <= 8 else "", note)
    for place in now.closed_today(travel, at):
        card = now.place_card(place, at)
        yield Line(card.name, strong=True)
        yield Line(card.lines[0])
        yield from _foot(card)
    if not beside.notices and not now.closed_today(travel, at):
        yield Line(t.gettext("今天没有停水停电、封路和关门的通知。"))


_Body = Callable[[View, Travel, str, Moment, Beside], Iterator[Part]]
_BODIES: dict[str, _Body] = {
    "show": _show,
    "stay": _advice,
    "away": _advice,
    "lost": _advice,
    "closed": _closed,
}


def show(view: View, column: Column | None, place: Place, at: Moment) -> Page:
    """One address for a driver: Chinese, pinyin and English, whatever language one reads."""
    card = now.place_card(place, at)
    zh, en = place.name, place.address
    body: list[Part] = [
        Line(ASKING, big=True),
        Line(zh.zh, strong=True, big=True),
        Line(en.zh, strong=True, big=True),
        Line(place.sound or pinyin(en.zh)),
        Line(zh.en),
        Line(en.en),
    ]
    if opening := now.opening(place, at):
        body.append(Line(opening))
    if place.telephone:
        body.append(Call(call_of(place.telephone).number, place.telephone, view.text.gettext("电话")))
    body.append(Line(card.foot))
    return _page(view, column, zh.within(view.text.tag), f"{view.base}/g/at-{place.id}", body, up="/g/show")


ASKING = "师傅，请送我到："
"""What one asks the driver, who reads Chinese, whatever the passenger reads."""


def _page(
    view: View, column: Column | None, title: str, address: str, body: Sequence[Part], up: str = "/g/more"
) -> Page:
    number = column.number if column else ""
    above = None if address.endswith(up) else Link(f"{view.base}{up}", view.text.gettext("返回上一级"))
    return page_of(view, f"{title} {number}".strip(), title, address, body, up=above, cache=FRESH)
