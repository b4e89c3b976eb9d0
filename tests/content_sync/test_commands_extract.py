"""The JSON lines of `extract` and `decode`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from content_sync.commands_extract import run_decode, run_extract
from tests.content_sync.extract.helpers import PAGES


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_extract_prints_one_line_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(PAGES / "vsb_disclosure.html")
    assert run_extract([file, "--url", "http://q.example/info/1/2.htm"]) == 0
    (row,) = rows(capsys)
    assert (row["file"], row["kind"], row["published"], row["error"]) == (
        file,
        "disclosure",
        "2025-03-18",
        None,
    )
    assert isinstance(row["fields"], dict) and row["fields"]["索引号"] == "QL0012-2025-00031"
    assert row["items"] == []


def test_a_batch_goes_on_after_what_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    batch = tmp_path / "batch.jsonl"
    files = [str(empty), str(tmp_path / "absent.html"), str(PAGES / "unit.html")]
    batch.write_text("\n".join(json.dumps({"file": file, "url": None}) for file in files) + "\n")
    assert run_extract(["--batch", str(batch)]) == 2
    first, second, third = rows(capsys)
    assert first["error"] == "empty"
    assert "No such file" in str(second["error"])
    assert third["kind"] == "unit"


def test_decode(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.html"
    file.write_bytes("青澜市人民政府".encode("gbk"))
    assert run_decode([str(file), str(tmp_path / "absent")]) == 2
    good, bad = rows(capsys)
    assert (good["charset"], good["text"]) == ("gb18030", "青澜市人民政府")
    assert "error" in bad
