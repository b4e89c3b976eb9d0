"""The week's page of figures, in a reader's language: what the television, the phone, paper and desk show.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.letters.board.figures import Board, Figures, Share, Span
from portal.letters.rules import Rules, label
from portal.text import N_, Text

MEASURES = (
    ("accepted", N_("按时受理")),
    ("answered", N_("按时答复")),
    ("solved", N_("问题解决")),
    ("satisfied", N_("满意")),
)
"""The four shares of the board, in order: attribute of Figures, and its name."""

EXPLAINED = (
    N_("按时受理：本周应受理的信件中，在承诺时间内受理的。"),
    N_("按时答复：本周应答复的信件中，在期限内答复的。还没到期的不算。"),
    N_("问题解决：说明了是否解决的来信人中，说“解决了”的。"),
    N_("满意：评价了的来信人中，给4分或5分的。"),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One share, worded: 8/10, 80%; a dash of nothing."""

    name: str
    share: Share
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The figures of the city or of a unit. `cards`: reminders, yellow, red."""

    name: str
    received: int
    measures: tuple[Measure, ...]
    asked: int
    cards: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A week's page. `before` and `after` are Mondays, None where there is nothing to turn to."""

    title: str
    week: str
    made: str
    summary: tuple[str, ...]
    total: Group
    units: tuple[Group, ...]
    topics: tuple[tuple[str, int], ...]
    explained: tuple[str, ...]
    span: Span
    before: str
    after: str


def digest(board: Board, rules: Rules, t: Text, now: datetime) -> Digest:
    """A board in words."""
    first, last = board.span.first, board.span.last
    today = now.date()
    waiting = t.gettext("办理中%(waiting)d封，其中超期%(overdue)d封。") % {
        "waiting": board.waiting,
        "overdue": board.overdue,
    }
    rated = t.gettext("答复%(asked)d次，收到评价%(rated)d次。") % {
        "asked": board.total.asked,
        "rated": board.total.satisfied.whole,
    }
    count = board.total.received
    received = t.ngettext("收到来信%(count)d封。", "收到来信%(count)d封。", count) % {"count": count}
    span = f"{t.full_day(first.isoformat())} – {t.day_of_year(last.isoformat())}"
    return Digest(
        title=t.gettext("督办公示"),
        week=span,
        made=t.gettext("统计到%(moment)s") % {"moment": t.moment(f"{now:%Y-%m-%d %H:%M}", today.isoformat())},
        # What waits is what waits now: it says nothing about a week that is over.
        summary=(received, rated, *((waiting,) if last >= today else ())),
        total=_group(t.gettext("全市"), board.total, t),
        units=tuple(_group(_unit(unit, rules, t), figures, t) for unit, figures in board.units.items()),
        topics=tuple((_topic(topic, rules, t), count) for topic, count in board.topics),
        explained=tuple(t.gettext(each) for each in EXPLAINED),
        span=board.span,
        before=(first - timedelta(days=7)).isoformat(),
        after=(first + timedelta(days=7)).isoformat() if last < today else "",
    )


UNIT_MARK = "ba56"
UNIT_NAME = rf"{UNIT_MARK}([0-9]{{8}})([0-5])([0-{len(MEASURES) - 1}])([0-9])"
"""The picture of one measure over the units: the Monday, the language, the measure, which part."""

UNITS_AT_ONCE = 6
"""Units of one picture."""

CHARTED = (1, 3)
"""Measures that are drawn over the units: answered in time, satisfied."""

UNIT_ROW = 58
"""Pixels of a unit's bar in a picture of the full width."""


def height_of(found: Digest, part: int) -> int:
    """How high the picture of a part of the units is, for bars.WIDTH."""
    count = min(UNITS_AT_ONCE, len(found.units) - part * UNITS_AT_ONCE)
    return max(1, count) * UNIT_ROW


def unit_pictures(found: Digest, ground: int, measure: int) -> tuple[str, ...]:
    """The names of the pictures of a measure over the units. `ground`: the digit of `bars.ground_of`."""
    parts = -(-len(found.units) // UNITS_AT_ONCE)
    day = f"{found.span.first:%Y%m%d}{ground}{measure}"
    return tuple(f"{UNIT_MARK}{day}{part}" for part in range(min(parts, 10)))


def said(share: Share) -> str:
    """8/10 80%; 0/0 is a dash: nobody was asked, or nothing was due."""
    return "–" if share.percent is None else f"{share.part}/{share.whole} {share.percent:.0f}%"


def _group(name: str, figures: Figures, t: Text) -> Group:
    return Group(
        name=name,
        received=figures.received,
        measures=tuple(
            Measure(t.gettext(word), share, said(share))
            for attribute, word in MEASURES
            for share in (getattr(figures, attribute),)
        ),
        asked=figures.asked,
        cards=(figures.reminders, figures.yellow, figures.red),
    )


def _unit(unit: str, rules: Rules, t: Text) -> str:
    row = rules.unit(unit)
    return label(row, t.tag) if row else unit or t.gettext("受理中心")


def _topic(topic: str, rules: Rules, t: Text) -> str:
    row = rules.topic(topic)
    return label(row, t.tag) if row else topic
