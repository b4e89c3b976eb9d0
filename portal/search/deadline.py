"""Until when something can still be done: read from what an item says, for the list of the nearest deadlines.

Typed ends count first (the end of a notice, until when a fact holds). Elsewhere a deadline is a date that
a field or sentence calls one (截止, 报名时间, 征集期限). 截至 is no deadline: it says as of when figures are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from portal.model import AnyItem, Case, Fact, Notice
from portal.search.plain import text_of

MOST_TEXT = 4_000
"""Characters of a body in which a deadline is looked for."""

_LABEL = re.compile(
    r"截止|(?:报名|申报|申请|征集|受理|缴费|征求意见|公示|办理)(?:起止)?(?:时间|日期|期限|时段)"
)
_CLOCK = r"(?:\s*(?P<hour>[01]?\d|2[0-4])(?:[:：时点](?P<minute>[0-5]\d)?))?"
_DATE = re.compile(
    r"(?:(?P<year>20\d\d)\s*[年.\-/]\s*)?(?P<month>1[0-2]|0?[1-9])\s*[月.\-/]\s*"
    rf"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*日?{_CLOCK}"
)
_SAID = re.compile(r"(?:报名时间|征集时间|申报时间|申请时间|受理时间|公示期|截止)[^。；;\n]{0,60}")
_HOURS = re.compile(r"周[一二三四五六日]|工作日|上午|每天")


def until_of(item: AnyItem) -> str:
    """The moment until which an item matters, YYYY-MM-DD or YYYY-MM-DD HH:MM, "" where it states none."""
    match item:
        case Notice(valid_until=until) | Fact(valid_until=until) if until:
            return until
        case Notice() | Fact() | Case():
            return ""
        case _:
            named = (field.value for field in item.fields if _LABEL.search(field.name))
            said = (found[0] for found in _SAID.finditer(text_of(item)[:MOST_TEXT]))
            return _last(named, item.published) or _last(said, item.published)


def _last(texts: Iterable[str], published: str) -> str:
    """The latest date of these texts; one without a year is the first such day after `published`."""
    found: list[str] = []
    for text in texts:
        year = ""
        for date in _DATE.finditer(text):
            if _HOURS.search(text) and not date["year"]:
                continue
            year = date["year"] or year
            moment = _moment(date, year, published)
            found += [moment] if moment else []
    return max(found, default="")


def _moment(date: re.Match[str], year: str, published: str) -> str:
    day = f"{int(date['month']):02}-{int(date['day']):02}"
    if not year:
        if not published[:4].isdigit():
            return ""
        year = published[:4] if day >= published[5:10] else str(int(published[:4]) + 1)
    clock = f" {int(date['hour']):02}:{date['minute'] or '00'}" if date["hour"] else ""
    return f"{year}-{day}{clock}"


def as_number(moment: str) -> int:
    """A moment as YYYYMMDDHHMM, which sorts as it does; a day alone lasts until its end; 0 for none."""
    digits = re.sub(r"\D", "", moment)[:12]
    if len(digits) < 8:
        return 0
    return int(digits.ljust(12, "0")) if len(digits) == 12 else int(digits[:8] + "2359")
