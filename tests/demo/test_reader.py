"""Text files are read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.content import reader


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reader, "HERE", tmp_path)
    reader.table.cache_clear()
    reader.script.cache_clear()
    return tmp_path


def test_table(folder: Path) -> None:
    (folder / "a.txt").write_text("# remark\n一 | 二\n\n三 | 四\n", encoding="utf-8")
    assert reader.table("a", 2) == (("一", "二"), ("三", "四"))


def test_script(folder: Path) -> None:
    (folder / "a.txt").write_text("# remark\n@ a=1 b=x\n题\n## 小题\n@ a=2\n", encoding="utf-8")
    first, second = reader.script("a")
    assert first.text == "题\n## 小题" and first["a"] == "1" and first.get("c", "-") == "-"
    assert second.text == ""
    with pytest.raises(reader.WrongText, match="no b="):
        second["b"]


@pytest.mark.parametrize(
    ("text", "message"), [("一 | 二 | 三", "a.txt:1: 3 cells"), ("\n\n一", "a.txt:3: 1 cells")]
)
def test_a_row_of_the_wrong_width_is_named(folder: Path, text: str, message: str) -> None:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(reader.WrongText, match=message):
        reader.table("a", 2)


@pytest.mark.parametrize(("text", "message"), [("字\n@ a=1", "before the first"), ("@ a", "key=value")])
def test_a_script_out_of_shape_is_named(folder: Path, text: str, message: str) -> None:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(reader.WrongText, match=message):
        reader.script("a")
