"""`python -m bench`: figures become a table, JSON and a picture; what is late or missing is said, and fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from bench import Missing, Row, needed
from bench._picture import drawn

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("row", "holds", "goal"),
    [
        (Row("a", 2.0), None, ""),
        (Row("a", 2.0, most=2.0), True, "<= 2"),
        (Row("a", 2.1, most=2.0), False, "<= 2"),
        (Row("a", 2.0, least=2.5), False, ">= 2.5"),
        (Row("a", 2.0, least=1.0, most=3.0), True, "<= 3 >= 1"),
    ],
)
def test_a_goal_holds_or_not(row: Row, holds: bool | None, goal: str) -> None:
    """Without a goal nothing is said."""
    assert row.holds is holds and row.goal == goal


def test_the_picture_has_a_bar_for_each_ratio_with_a_goal() -> None:
    """As long as the ratio is far from its goal, in another colour where it does not hold; nothing else."""
    rows = [
        ("one", Row("as <wanted> " + "w" * 80, 4.0, "x", least=1.0)),
        ("one", Row("at the goal", 1.0, "x", least=1.0)),
        ("two", Row("too low", 0.5, "x", least=1.0)),
        ("two", Row("small enough", 1.0, "x", most=2.0)),
        ("two", Row("no ratio", 5.0, "ms", most=9.0)),
        ("two", Row("no goal", 5.0, "x")),
    ]
    root = etree.fromstring(drawn(rows, "2026 & later").encode())
    bars = [rect for rect in root.iter("{*}rect") if rect.get("rx")]
    lengths = [float(rect.get("width", "0")) for rect in bars]
    assert len(bars) == 4 and lengths[0] > lengths[3] > lengths[1] > lengths[2] > 0
    assert bars[0].get("fill") == bars[1].get("fill") == bars[3].get("fill") != bars[2].get("fill")
    texts = " ".join(str(text) for text in root.itertext())
    assert "as <wanted>" in texts and "2026 & later" in texts and "no goal" not in texts
    assert max(len(str(text)) for text in root.itertext()) < 100


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And with the command that installs it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match=r"wrk, nginx not found.*apt-get install.* wrk nginx-light"):
        needed("wrk", "nginx")
    needed()


def test_a_bench_that_takes_too_long_is_ended_and_fails(tmp_path: Path) -> None:
    """The others would go on; what was found is written down all the same."""
    found = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json", str(found), "--picture", str(tmp_path / "a.svg"),
         "scale"],
        cwd=PROJECT, env={**os.environ, "BENCH_LIMIT": "0.2"}, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "took longer than 0 s" in done.stderr and "not as it should be: scale" in done.stderr
    assert '"figures": []' in found.read_text() and (tmp_path / "a.svg").read_text().startswith("<svg")


def test_unknown_names_are_wrong_use() -> None:
    """And the list says what there is."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "no bench is called nothing" in done.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "bench", "--list"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "evening: An evening of a city" in listed.stdout
