"""The commands: python -m wap compile and decode."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wap.__main__ import main

DECK = Path(__file__).parent / "wbxml" / "decks" / "menu.wml"


def test_compile_and_decode(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "menu.wmlc"
    assert main(["compile", str(DECK), "-o", str(out)]) == 0
    assert out.read_bytes()[:3] == b"\x01\x0a\x6a"
    assert main(["decode", str(out)]) == 0
    assert "阳光政务" in capsys.readouterr().out


def test_octets_go_to_standard_output() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wap", "compile", str(DECK), "--wbxml", "3"], capture_output=True, check=True
    )
    assert done.stdout[:3] == b"\x03\x0a\x6a"


@pytest.mark.parametrize("command", ["compile", "decode"])
def test_bad_files_are_named(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(b"\xff\xff<")
    assert main([command, str(bad)]) == 1
    assert capsys.readouterr().err
    assert main([command, str(tmp_path / "none")]) == 1


def test_a_push_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["push", "http://portal/wap/", "来信已有答复" * 12, "--reference", "3"]) == 0
    udp, *messages = capsys.readouterr().out.splitlines()
    assert udp.startswith("udp 2948 030601ae")
    assert [line.split()[:4] for line in messages] == [
        ["sms", f"{number}/{len(messages)}", "udh", f"0b05040b8423f0000303{len(messages):02x}{number:02x}"]
        for number in range(1, len(messages) + 1)
    ]
    assert "".join(line.rpartition(" ")[2] for line in messages) == udp.rpartition(" ")[2]
    assert main(["push", "", "x"]) == 1
    assert "address" in capsys.readouterr().err
