"""The report of a run, and its progress."""

from __future__ import annotations

import io
import json
from pathlib import Path
from zoneinfo import ZoneInfo

from content_sync import report as reports
from content_sync.progress import Progress
from content_sync.report import Outcome, Report

ZONE = ZoneInfo("Asia/Shanghai")


def filled() -> Report:
    report = Report(
        site="town", started=1_790_000_000.0, ended=1_790_000_012.5, generation_before=4, generation=5
    )
    for _ in range(3):
        report.add(Outcome.NEW, "a")
    report.add(Outcome.QUARANTINED, "a", "http://o/1", "a soft 404")
    report.column_stands("b", "the list is empty")
    return report


def test_the_terminals_words() -> None:
    said = "\n".join(reports.lines(filled()))
    assert "generation 5 published in 12.5 s: 3 new, 1 quarantined" in said
    assert "column b stands as it was: the list is empty" in said
    assert "quarantined [a] http://o/1: a soft 404" in said
    assert "nothing changed, generation 4 stands" in "\n".join(reports.lines(Report("t", 0.0, 1.0, 4, 4)))
    assert "not synced: no" in reports.lines(Report("t", 0.0, error="no"))[0]


def test_exit_codes() -> None:
    assert (
        filled().exit_code == 3
        and Report("t", 0.0).exit_code == 0
        and Report("t", 0.0, error="x").exit_code == 3
    )
    elsewhere = Report("t", 0.0)
    elsewhere.add(Outcome.ELSEWHERE, "a", "http://x/", "another host")
    assert elsewhere.exit_code == 0


def test_json_and_history(tmp_path: Path) -> None:
    report = filled()
    for number in range(55):
        report.started += number
        reports.save(report, tmp_path, ZONE)
    assert len(list((tmp_path / "reports").glob("*.json"))) == reports.KEPT_REPORTS
    raw = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert reports.from_json(raw) == report
    assert json.loads(raw)["notes"][0]["reason"] == "a soft 404"


def test_many_notes_are_cut_but_counted() -> None:
    report = Report("t", 0.0)
    for number in range(reports.MOST_NOTES + 10):
        report.add(Outcome.FAILED, "a", f"http://o/{number}", "no answer")
    assert report.total(Outcome.FAILED) == reports.MOST_NOTES + 10 and report.unnamed == 10
    assert len(reports.lines(report)) < 40


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_one_line() -> None:
    now = [0.0]
    out = Terminal()
    progress = Progress(out, clock=lambda: now[0])
    for done in range(1, 101):
        now[0] += 0.05
        progress.say("pages", done, 100)
    progress.clear()
    assert "\n" not in out.getvalue() and "100/100" in out.getvalue() and out.getvalue().endswith("\r\x1b[K")
    assert out.getvalue().count("\r") < 60


def test_progress_elsewhere_is_a_few_plain_lines() -> None:
    now = [0.0]
    out = io.StringIO()
    progress = Progress(out, clock=lambda: now[0])
    for done in range(1, 101):
        now[0] += 0.5
        progress.say("pages", done, 100)
    progress.clear()
    assert out.getvalue().splitlines() == [f"pages: {done} of 100" for done in (20, 40, 60, 80, 100)]
