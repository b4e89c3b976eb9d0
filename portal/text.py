"""What the viewer reads in three languages: gettext, dates, numbers, Simplified and Traditional.

The message ids are the Simplified Chinese sentences themselves: that edition comes first and needs
no catalogue to be right. `locale/LANG/LC_MESSAGES/sunshine.po` are read as they are, so no compiled
file can be older than its source.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = ("zh-Hans", "zh-Hant", "en")
"""Language tags of the addresses, in the order in which they are offered."""

DOMAIN = "sunshine"
FOLDER = Path(__file__).resolve().parent.parent / "locale"


@dataclass(frozen=True)
class Text:
    """The words of one language. `variant` names the written form of the mirror's content."""

    tag: str
    babel: Locale
    catalogue: gettext.NullTranslations

    @property
    def variant(self) -> str:
        """ "hant" where content is read in Traditional Chinese, else ""."""
        return "hant" if self.tag == "zh-Hant" else ""

    def gettext(self, message: str) -> str:
        """The sentence in this language."""
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The sentence for a count; Chinese has one form, English two."""
        return self.catalogue.ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """The sentence in a context, where one word has two translations."""
        return self.catalogue.pgettext(context, message)

    def moment(self, moment: str, today: str) -> str:
        """A moment of the model as a viewer says it: 今天 10:05, 昨天, 11月3日, 2025年3月2日.

        moment  YYYY-MM-DD or YYYY-MM-DD HH:MM, or ""     today  YYYY-MM-DD in the city's time
        """
        if not moment:
            return ""
        day, _, clock = moment.partition(" ")
        said = self.day(day, today)
        return f"{said} {clock}" if clock and clock != "00:00" else said

    def day(self, day: str, today: str) -> str:
        """The day of a moment: today, yesterday, or a date."""
        said = _day(self.tag, day[:10], today)
        return day if said is None else said

    def day_of_year(self, day: str) -> str:
        """A day without its year: 11月22日, 22 Nov."""
        pattern = "d MMM" if self.tag == "en" else "M月d日"
        return format_date(datetime.fromisoformat(day[:10]), pattern, locale=self.babel)

    def full_day(self, day: str) -> str:
        """A day with its year, for paper and what is kept: 2026年11月22日, 22 Nov 2026; "" for ""."""
        try:
            date = datetime.fromisoformat(day[:10])
        except ValueError:
            return day
        return format_date(date, "d MMM y" if self.tag == "en" else "y年M月d日", locale=self.babel)

    def from_epoch(self, seconds: float, time_zone: str) -> str:
        """An instant as a moment of the model, in the city's time; "" for 0."""
        if not seconds:
            return ""
        return datetime.fromtimestamp(seconds, ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")

    def weekday(self, day: str) -> str:
        """The name of a day of the week: 星期日, Sunday."""
        return format_date(datetime.fromisoformat(day[:10]), "EEEE", locale=self.babel)


@cache
def text(tag: str) -> Text:
    """The words of a language tag; an unknown tag reads as zh-Hans."""
    tag = tag if tag in LOCALES else LOCALES[0]
    name = tag.replace("-", "_")
    return Text(tag, Locale.parse(name), _catalogue(name))


@lru_cache(maxsize=4_000)
def _day(tag: str, day: str, today: str) -> str | None:
    """A day as one says it today, None where it is none. A list says the same ones again and again."""
    try:
        date, now = datetime.fromisoformat(day), datetime.fromisoformat(today)
    except ValueError:
        return None
    words = text(tag)
    passed = (now - date).days
    if passed == 0:
        return words.gettext("今天")
    if passed == 1:
        return words.gettext("昨天")
    if date.year == now.year:
        return format_date(date, "d MMM" if tag == "en" else "M月d日", locale=words.babel)
    return format_date(date, "d MMM y" if tag == "en" else "y年M月d日", locale=words.babel)


def _catalogue(name: str) -> gettext.NullTranslations:
    path = FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=name)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def NN_(one: str, many: str) -> str:  # noqa: N802 - as N_
    """Mark the two forms of a sentence with a count; it is shown by `ngettext(one, one, count)`."""
    assert one == many, "the first form is its name"
    return one


def N_(message: str) -> str:  # noqa: N802 - the field's name for it
    """Mark a label in a table for extraction; it is translated where it is shown."""
    return message
