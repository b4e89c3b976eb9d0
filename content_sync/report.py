"""What a run did: for the operator's eyes, and as JSON for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path

from portal import codec

SHOWN = 20
"""Notes of one outcome that the terminal shows; the JSON holds all."""
NAMED = 8
"""Columns with the same reason that the terminal names."""
KEPT_REPORTS = 50
MOST_NOTES = 5_000


class Outcome(StrEnum):
    """What became of one address."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    ELSEWHERE = "elsewhere"
    EMPTY = "empty"
    PICTURE = "picture"


NOT_WELL = frozenset((Outcome.HELD, Outcome.QUARANTINED, Outcome.FAILED))
TOLD = (
    Outcome.WITHDRAWN,
    Outcome.HELD,
    Outcome.QUARANTINED,
    Outcome.FAILED,
    Outcome.ELSEWHERE,
    Outcome.EMPTY,
    Outcome.PICTURE,
)
"""Outcomes that are listed one by one, with address and reason."""


@dataclass(frozen=True, slots=True)
class Note:
    """One address and what is to be said of it; `column` may be ""."""

    outcome: Outcome
    column: str
    url: str
    reason: str


@dataclass(slots=True)
class Report:
    """One run, filled while it goes. Times in epoch seconds."""

    site: str
    started: float
    ended: float = 0.0
    generation_before: int = 0
    generation: int = 0
    columns_asked: int = 0
    columns_unchanged: int = 0
    requests: int = 0
    not_modified: int = 0
    octets: int = 0
    retries: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    unnamed: int = 0
    unnumbered: int = 0
    error: str = ""

    def add(self, outcome: Outcome, column: str, url: str = "", reason: str = "") -> None:
        """Count an outcome, and note it where it has a reason."""
        counted = self.counts.setdefault(column, {})
        counted[outcome] = counted.get(outcome, 0) + 1
        if reason or outcome in TOLD:
            if len(self.notes) < MOST_NOTES:
                self.notes.append(Note(outcome, column, url, reason))
            else:
                self.unnamed += 1

    def column_stands(self, column: str, reason: str) -> None:
        """A column whose list could not be read or believed: what was there stands."""
        self.columns[column] = reason

    def total(self, outcome: Outcome) -> int:
        """How many addresses came to this."""
        return sum(counted.get(outcome, 0) for counted in self.counts.values())

    @property
    def well(self) -> bool:
        """Nothing held, quarantined or failed."""
        return not (self.error or self.columns or any(self.total(outcome) for outcome in NOT_WELL))

    @property
    def changed(self) -> bool:
        """Whether a generation was published."""
        return self.generation != self.generation_before

    @property
    def exit_code(self) -> int:
        """0 all well, 3 something held or failed."""
        return 0 if self.well else 3


def as_json(report: Report) -> str:
    """The report as one JSON object."""
    return codec.dump(report)


def from_json(raw: str) -> Report:
    """What `as_json` wrote."""
    return codec.load(raw, Report)


def save(report: Report, folder: Path, zone: tzinfo) -> Path:
    """Write `report.json` and a dated copy; the oldest copies go."""
    folder.mkdir(parents=True, exist_ok=True)
    text = as_json(report)
    latest = folder / "report.json"
    scratch = folder / "report.json.new"
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(latest)
    history = folder / "reports"
    history.mkdir(exist_ok=True)
    stamp = datetime.fromtimestamp(report.started, zone).strftime("%Y%m%d-%H%M%S-%f")
    (history / f"{stamp}.json").write_text(text, encoding="utf-8")
    for old in sorted(history.glob("*.json"))[:-KEPT_REPORTS]:
        old.unlink(missing_ok=True)
    return latest


def lines(report: Report) -> list[str]:
    """The report for a terminal."""
    seconds = max(0.0, report.ended - report.started)
    said = []
    if report.error:
        said.append(f"{report.site}: not synced: {report.error}")
    elif report.changed:
        said.append(
            f"{report.site}: generation {report.generation} published in {seconds:.1f} s: {_counted(report)}"
        )
    elif not report.generation:
        said.append(
            f"{report.site}: nothing published: no column has anything to show yet "
            f"({report.columns_asked} lists asked, {seconds:.1f} s)"
        )
    else:
        said.append(
            f"{report.site}: nothing changed, generation {report.generation} stands "
            f"({report.columns_asked} lists asked, {seconds:.1f} s)"
        )
    said.append(
        f"  {report.requests} requests, {report.not_modified} answered 'not modified', "
        f"{report.octets:,} octets, {report.retries} tried again"
    )
    said += _standing(report.columns)
    for outcome in TOLD:
        told = [note for note in report.notes if note.outcome is outcome]
        said += _told(outcome, told)
    if report.unnumbered:
        said.append(
            f"  {report.unnumbered} matters or units have no short number: all of their kind are given"
        )
    if report.unnamed:
        said.append(f"  and {report.unnamed} more that this report has no room for")
    return said


def _standing(columns: Mapping[str, str]) -> list[str]:
    """Columns that stand as they were; those with the same reason share a line."""
    by_reason: dict[str, list[str]] = {}
    for column, reason in columns.items():
        by_reason.setdefault(reason, []).append(column)
    said = []
    for reason, names in by_reason.items():
        if len(names) == 1:
            said.append(f"  column {names[0]} stands as it was: {reason}")
        else:
            others = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            said.append(f"  {len(names)} columns stand as they were: {reason}")
            said.append(f"    ({', '.join(names[:NAMED])}{others})")
    return said


def _counted(report: Report) -> str:
    parts = [f"{count} {outcome.value}" for outcome in Outcome if (count := report.total(outcome))]
    return ", ".join(parts) or "columns only"


def _told(outcome: Outcome, told: Sequence[Note]) -> list[str]:
    said = [
        f"  {outcome.value}{f' [{note.column}]' if note.column else ''} {note.url}"
        + (f": {note.reason}" if note.reason else "")
        for note in told[:SHOWN]
    ]
    if len(told) > SHOWN:
        common = Counter(note.reason for note in told[SHOWN:]).most_common(1)[0]
        said.append(f"  ... and {len(told) - SHOWN} more {outcome.value}, mostly: {common[0]}")
    return said
