"""The news calendar: from EPOCH on, every day has its three to six items, told from the texts of content/news*.txt."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

from demo.columns import by_id
from demo.content.reader import Record, names, script
from demo.entry import Entry
from demo.words import Teller

EPOCH = date(2025, 1, 1)
# Items a day and a phase, so that the columns do not all publish on the same days.
RATES = {
    "yaowen": (0.80, 0.20),
    "bianmin": (0.80, 0.60),
    "gonggao": (0.70, 0.10),
    "minsheng": (0.60, 0.70),
    "bumen": (0.60, 0.35),
    "xianqu": (0.60, 0.05),
    "jiedu": (0.30, 0.45),
    "meiti": (0.40, 0.90),
}
SOURCES = {
    "yaowen": "青澜日报", "bianmin": "市政府办公室", "gonggao": "市政府办公室", "minsheng": "青澜日报",
    "bumen": "市政府办公室", "xianqu": "青澜发布", "jiedu": "市政府办公室", "meiti": "青澜广播电视台",
}  # fmt: skip
REST_DAYS = 95  # a text that stands by itself comes back after so many days at the earliest
ROUND_DAYS = 80  # in which each of them comes once, at even intervals
ATTEMPTS = 40  # to find a title that the column's list does not show yet


@dataclass
class Desk:
    """One column's editor: what was printed when, so that nothing comes twice too soon."""

    texts: list[Record]
    families: list[Record]
    titles: deque[str]
    printed: dict[str, date] = field(default_factory=dict)
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=2))
    stood: date = EPOCH

    def choose(self, day: date, random: Random) -> Record:
        """The next text: at even intervals one that stands by itself, else one of the families."""
        texts = [record for record in self.texts if _in_season(record, day)]
        ready = [record for record in texts if self._rested(record, day, REST_DAYS)]
        families = [record for record in self.families if _in_season(record, day)]
        if ready and (not families or (day - self.stood).days >= ROUND_DAYS // len(texts)):
            self.stood = day
            chosen = min(ready, key=lambda record: self.printed.get(record.where, EPOCH))
        else:
            fresh = [record for record in families if record.where not in self.recent]
            rested = [record for record in fresh if self._rested(record, day, int(record.get("rest", "0")))]
            choice = rested or fresh or families
            chosen = random.choices(choice, [float(record.get("weight", "1")) for record in choice])[0]
        self.printed[chosen.where] = day
        return chosen

    def _rested(self, record: Record, day: date, days: int) -> bool:
        return record.where not in self.printed or (day - self.printed[record.where]).days > days

    def tell(self, record: Record, day: date, seed: str) -> tuple[str, Teller]:
        """The record's title in words that the column has not used lately, and the teller of the rest."""
        first = record.text.partition("\n")[0].removeprefix("= ")
        for attempt in range(ATTEMPTS):
            teller = Teller(day, f"{seed}/{attempt}")
            title = teller.tell(first).strip()
            if title not in self.titles:
                break
        self.titles.append(title)
        self.recent.append(record.where)
        return title, teller


def entries(today: date) -> tuple[Entry, ...]:
    """Every news item from EPOCH to today."""
    days = (today - EPOCH).days + 1
    return tuple(entry for day in range(days) for entry in _calendar(day))


_DAYS: list[tuple[Entry, ...]] = []


def _calendar(day: int) -> tuple[Entry, ...]:
    """The items of a day, counted from EPOCH; days are told in order, once."""
    while len(_DAYS) <= day:
        _DAYS.append(tuple(_day(len(_DAYS))))
    return _DAYS[day]


def _day(number: int) -> Iterator[Entry]:
    day = EPOCH + timedelta(days=number)
    slot = 0
    for column, (rate, phase) in RATES.items():
        for _ in range(int((number + 1) * rate + phase) - int(number * rate + phase)):
            yield _entry(column, day, number * 10 + slot + 1000)
            slot += 1


def _entry(column: str, day: date, serial: int) -> Entry:
    seed = f"qinglan/{column}/{serial}"
    desk = _desks()[column]
    record = desk.choose(day, Random(seed))  # noqa: S311 - not for secrets
    title, teller = desk.tell(record, day, seed)
    body = teller.tell(record.text.partition("\n")[2])
    source = teller.tell(record.get("source", SOURCES[column]))
    return Entry(
        serial=serial,
        kind=by_id()[column].kind,
        columns=(column,),
        title=title,
        published=f"{day.isoformat()} {teller.minutes(7, 12)}",
        path=by_id()[column].item_path(serial, day.isoformat()),
        source=source,
        text=body.strip(),
        keywords=record.get("words").replace("、", ";"),
    )


@cache
def _desks() -> dict[str, Desk]:
    records = [record for name in names("news") for record in script(name)]
    return {
        column: Desk(
            [record for record in records if record["col"] == column and "family" not in record.head],
            [record for record in records if record["col"] == column and "family" in record.head],
            deque(maxlen=by_id()[column].limit),
        )
        for column in RATES
    }


def _in_season(record: Record, day: date) -> bool:
    """Whether the day is among the record's months (months=11,12,1) and days of the month (days=14-21)."""
    months, days = record.get("months"), record.get("days")
    first, _, last = days.partition("-")
    return (not months or str(day.month) in months.split(",")) and (
        not days or int(first) <= day.day <= int(last)
    )
