"""The command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from remote_nav.__main__ import main

SCREEN = {
    "nodes": [
        {"id": "a", "rect": [100, 100, 100, 50], "containers": ["upper"]},
        {"id": "b", "rect": [220, 100, 100, 50], "containers": ["upper"]},
        {"id": "c", "rect": [100, 200, 220, 50]},
    ]
}
STRANDED = {
    "nodes": [*SCREEN["nodes"], {"id": "d", "rect": [100, 300, 50, 50]}],
    "containers": [{"id": "upper", "block_exit": ["down", "left", "right", "up"]}],
}


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    file = tmp_path / "layout.json"
    file.write_text(json.dumps(SCREEN))
    return file


@pytest.fixture
def stranded(tmp_path: Path) -> Path:
    file = tmp_path / "stranded.json"
    file.write_text(json.dumps(STRANDED))
    return file


def test_each_move_is_explained(layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(layout)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 * 4 + 2
    assert "a right -> b (35.0): the cheapest of the boxes that stand in line" in lines
    assert "c up -> a (98.9): the cheapest of the boxes that stand in line; next b (98.9)" in lines
    assert "a up -> stays: nothing further this way" in lines
    assert lines[-1] == "proof: every box can be reached and left"


def test_json(layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(layout), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["moves"]["a"] == {"up": None, "down": "c", "left": None, "right": "b"}
    assert answer["proof"] == {
        "ok": True,
        "unreachable": [],
        "traps": [],
        "not_undone": [],
        "outside": [],
        "overlapping": [],
    }
    assert set(answer) == {"moves", "proof"}


def test_walk_remembers(layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(layout), "--walk", "b,down,up,left,left"]) == 0
    assert capsys.readouterr().out.splitlines() == ["down -> c", "up -> b", "left -> a", "left -> a"]
    assert main([str(layout), "--walk", "b,down", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "start": "b",
        "walk": [{"press": "down", "to": "c"}],
    }


def test_a_failed_proof_is_told_and_mended(stranded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(stranded), "--check"]) == 1
    out = capsys.readouterr().out
    assert "c cannot be reached" in out
    assert "d cannot be reached" in out
    assert "repair: a down -> c" in out
    assert main([str(stranded), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["repaired"]["a"]["down"] == "c"


def test_the_safe_area_of_a_profile(layout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(layout), "--check", "--profile", "hbbtv-hd"]) == 1
    assert "a stands outside the area" in capsys.readouterr().out
    assert main([str(layout), "--check", "--profile", "web-hd"]) == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
        ("[]", "a layout must be an object"),
        ('{"nodes": [{"id": "a"}]}', "'rect' must be a list"),
    ],
)
def test_wrong_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, says: str) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(content)
    assert main([str(file)]) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.out == ""


def test_wrong_use(layout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 2
    assert main([str(layout), "--walk", "a,north"]) == 2
    assert "keys: up, down, left, right" in capsys.readouterr().err
    assert main([str(layout), "--walk", "z,up"]) == 2
    (tmp_path / "octets.json").write_bytes(b"\xff\xfe")
    assert main([str(tmp_path / "octets.json")]) == 2
