"""Interviews: one a day from a round of scripts; the lists show twelve, older ones keep their addresses."""

from __future__ import annotations

from datetime import date, timedelta

from demo.columns import by_id
from demo.content.reader import Record, script
from demo.entry import Entry

AHEAD = 2  # days that an interview is announced before it is held
EPOCH = date(2025, 1, 1)


def entries(today: date) -> tuple[Entry, ...]:
    """Every interview from EPOCH to two days ahead."""
    days = (today - EPOCH).days + AHEAD + 1
    return tuple(_entry(today, EPOCH + timedelta(days=day)) for day in range(days))


def _entry(today: date, day: date) -> Entry:
    number = (day - EPOCH).days
    records = script("interviews")
    record = records[number % len(records)]
    title, _, text = record.text.partition("\n")
    if day > today:
        state, column, changed = "访谈预告", "yugao", day - timedelta(days=AHEAD)
    elif day == today:
        state, column, changed = "正在直播", "yugao", today
    else:
        state, column, changed = "访谈结束", "wangqi", day + timedelta(days=1)
    serial = 90000 + number
    return Entry(
        serial=serial,
        kind="interview",
        columns=(column,),
        title=title.removeprefix("= "),
        published=f"{day - timedelta(days=AHEAD)} 08:30",
        changed=f"{changed} 00:00",
        # Filed once and for all under the past ones: the address outlives the broadcast.
        path=by_id()["wangqi"].item_path(serial, (day - timedelta(days=AHEAD)).isoformat()),
        source="市政府办公室",
        fields=_fields(record, day, title.removeprefix("= "), state),
        text=_said(text, state),
        keywords="在线访谈;" + record["unit"],
        state=state,
    )


def _fields(record: Record, day: date, title: str, state: str) -> tuple[tuple[str, str], ...]:
    guests = "、".join(" ".join(guest.split("/")) for guest in record["guest"].split("，"))
    return (
        ("访谈主题", title),
        ("访谈嘉宾", guests),
        ("访谈时间", f"{day.year}年{day.month}月{day.day}日 {record.get('hours', '9:30—11:30')}"),
        ("主办单位", record["unit"]),
        ("访谈状态", state),
    )


def _said(text: str, state: str) -> str:
    """Before the interview only its introduction, while it runs its first half, then all of it."""
    lines = text.strip().splitlines()
    talk = [at for at, line in enumerate(lines) if line.startswith("? ")]
    if state == "访谈预告" and talk:
        return "\n".join(lines[: talk[0]])
    if state == "正在直播" and talk:
        return "\n".join(lines[: talk[(len(talk) + 1) // 2]])
    return "\n".join(lines)
