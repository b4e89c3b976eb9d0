"""All facts for people on the go as one small HTML file that needs no network. Pure.

Chinese and English stand side by side, whoever opens it. It has no clock of ours: hours stand as a week, and
a script of two lines hides what has ended by the phone's own calendar. What does not fit is left out from the
end, advice first, telephones last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.model import Site, Step, name_in
from portal.travel.hours import Days, Hours, week
from portal.travel.model import Fact, Place, Said, Travel
from portal.travel.pinyin import pinyin

LARGEST = 30_000
"""Octets of the file."""

DAYS_ZH = "一二三四五六日"
DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_EXCEPTIONS = 4

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One fact in the file: sentences in both languages, and what stands quietly below."""

    id: str
    name: Said
    lines: tuple[Said, ...]
    telephone: str
    source: Said
    checked: str
    until: str
    address: str = ""
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its facts."""

    id: str
    name: Said
    rows: tuple[Row, ...]


def offline(site: Site, travel: Travel, day: str, number: str = "") -> str:
    """The file for what holds on a day (YYYY-MM-DD), never larger than LARGEST."""
    shown = travel.on(day)
    while True:
        text = _environment.get_template("offline.html").render(
            name=Said(site.name, name_in(site.names, "en", site.name)),
            hotline=site.hotline,
            day=day,
            number=number,
            parts=_parts(shown),
        )
        if len(text.encode()) <= LARGEST or not shown.facts:
            return text
        shown = _fewer(shown)


def _fewer(travel: Travel) -> Travel:
    """Without its last and least needed fact."""
    for name in ("advice", "places", "ways", "lines"):
        facts = getattr(travel, name)
        if len(facts) > 1 or name == "lines":
            return replace(travel, **{name: facts[:-1]})
    return Travel()


def _parts(travel: Travel) -> list[Part]:
    lines = tuple(_row(line, (line.purpose,), line.number) for line in travel.lines)
    ways = tuple(_row(way, tuple(_way(way.how, way.first, way.last, way.fare))) for way in travel.ways)
    places = tuple(_place(place) for place in travel.places)
    advice = tuple(_row(each, (*each.lines, *_steps(each.steps))) for each in travel.advice)
    parts = (
        Part("t", Said("电话", "Telephones"), lines),
        Part("w", Said("坐什么车", "Getting there"), ways),
        Part("p", Said("地址（可给司机看）", "Places (show to a driver)"), places),
        Part("a", Said("怎么办", "What to do"), advice),
    )
    return [part for part in parts if part.rows]


def _row(fact: Fact, lines: tuple[Said, ...], telephone: str = "") -> Row:
    return Row(fact.id, fact.name, lines, telephone, fact.source, fact.checked, fact.until)


def _way(how: Said, first: str, last: str, fare: str) -> list[Said]:
    times = "-".join(filter(None, (first, last)))
    more = " ".join(filter(None, (times, fare)))
    return [how, Said(more)] if more else [how]


def _steps(steps: tuple[Step, ...]) -> list[Said]:
    names = [" / ".join(step.either) for step in steps]
    return [Said("；".join(names))] if names else []


def _place(place: Place) -> Row:
    lines = [*_hours(place.hours)] if place.hours else []
    if place.note.zh:
        lines.append(place.note)
    if place.english:
        lines.append(Said("有人会说英语", "English spoken"))
    return replace(
        _row(place, tuple(lines), place.telephone),
        address=place.address.zh,
        sound=place.sound or pinyin(place.address.zh),
        name=Said(place.name.zh, f"{place.name.en}, {place.address.en}"),
    )


def _hours(hours: Hours) -> list[Said]:
    if all(len(span) == 1 and span[0].closes - span[0].opens == 1_440 for span in hours.week):
        found = [Said("24小时", "24 hours")]
    else:
        days = week(hours)
        found = [Said("；".join(map(_zh, days)), "; ".join(map(_en, days)))]
    for each in hours.exceptions[:MOST_EXCEPTIONS]:
        dates = each.first if each.first == each.last else f"{each.first} - {each.last}"
        times = Days(0, 0, each.spans).hours
        found.append(Said(f"{dates} {times or '休息'}", f"{dates} {times or 'closed'}"))
    return found


def _zh(days: Days) -> str:
    name = f"周{DAYS_ZH[days.first]}" + (f"至周{DAYS_ZH[days.last]}" if days.last > days.first else "")
    return f"{name} {days.hours or '休息'}"


def _en(days: Days) -> str:
    name = DAYS_EN[days.first] + (f"-{DAYS_EN[days.last]}" if days.last > days.first else "")
    return f"{name} {days.hours or 'closed'}"
