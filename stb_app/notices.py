"""Which urgent notice stands on the home page now: pure, by the city's clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.model import Notice

AHEAD = timedelta(hours=24)
"""A notice is told this long before what it tells of begins: water has to be drawn before it is cut off."""

WITHOUT_END = timedelta(hours=36)
"""How long a warning stands that states no end. What has neither end nor severity is no urgent notice."""


def current(notices: Iterable[Notice], now: datetime, area: str = "") -> Notice | None:
    """The notice to show: one for the viewer's area before others, then the newest.

    now   in the city's own time; its zone is not looked at
    area  name of the viewer's area as notices write it, or ""
    """
    now = now.replace(tzinfo=None)
    valid = [notice for notice in notices if not notice.withdrawn and _stands(notice, now)]

    def order(notice: Notice) -> tuple[bool, str, str]:
        return bool(area) and area in notice.area, notice.published or notice.valid_from, notice.id

    return max(valid, key=order, default=None)


def _stands(notice: Notice, now: datetime) -> bool:
    start = _moment(notice.valid_from or notice.published)
    end = _moment(notice.valid_until, whole_day=True)
    if end is None and notice.severity:
        given = _moment(notice.published) or start
        end = given + WITHOUT_END if given else None
    if end is None:
        return False
    return (start is None or now >= start - AHEAD) and now <= end


def _moment(moment: str, *, whole_day: bool = False) -> datetime | None:
    """A moment of the model; a day without time is its begin, or its end where the whole day is meant."""
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if whole_day and len(moment) <= len("2026-11-22"):
        return read + timedelta(days=1) - timedelta(minutes=1)
    return read.replace(tzinfo=None)
