"""Decks to compile, and libwbxml as the judge of what we make of them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

WML = '<?xml version="1.0"?><!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML {}//EN" "x">{}'


def wml(body: str, version: str = "1.3") -> str:
    """A deck of one card with that body."""
    return WML.format(version, f'<wml><card id="a">{body}</card></wml>')


def canonical(xml: str | bytes) -> str:
    """A document with every insignificant space dropped and every variable in one form."""
    octets = xml.encode() if isinstance(xml, str) else xml
    root = etree.fromstring(re.sub(rb"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", b"", octets).strip())
    for element in root.iter():
        element.text = _plain(element.text)
        element.tail = _plain(element.tail)
        for name, value in element.attrib.items():
            element.set(name, _variables(str(value), "escape" if name in ("href", "src") else "noesc"))
    return etree.tostring(root, encoding="unicode")


def _plain(text: str | None) -> str:
    return _variables(" ".join((text or "").split()), "noesc")


def _variables(text: str, default: str) -> str:
    text = re.sub(r"\$([A-Za-z_]\w*)", rf"$(\1:{default})", text.replace("$$", "\x01"))
    text = re.sub(r"\$\((\w+)\)", rf"$(\1:{default})", text)
    for short in ("escape", "noesc", "unesc"):
        text = re.sub(rf"\$\((\w+):{short[0]}\)", rf"$(\1:{short})", text)
    return text.replace("\x01", "$")


@pytest.fixture
def libwbxml(tmp_path: Path) -> Callable[[bytes], str]:
    """What Debian's wbxml2xml reads in a WBXML document."""

    def read(octets: bytes) -> str:
        file = tmp_path / "deck.wmlc"
        file.write_bytes(octets)
        command = ["wbxml2xml", "-m", "0", "-o", "-", str(file)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    return read
