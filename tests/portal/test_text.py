"""What the viewer reads: three languages, complete."""

from __future__ import annotations

import re
import string

import pytest
from babel.messages.pofile import read_po

from portal.text import DOMAIN, FOLDER, LOCALES, text
from scripts.messages import collect

TODAY = "2026-11-22"


@pytest.mark.parametrize(
    ("tag", "moment", "said"),
    [
        ("zh-Hans", "2026-11-22 10:05", "今天 10:05"),
        ("zh-Hans", "2026-11-21", "昨天"),
        ("zh-Hans", "2026-11-03", "11月3日"),
        ("zh-Hans", "2025-03-02", "2025年3月2日"),
        ("en", "2026-11-22 10:05", "Today 10:05"),
        ("en", "2025-03-02", "2 Mar 2025"),
        ("zh-Hant", "2026-11-23", "11月23日"),
        ("en", "", ""),
        ("en", "soon", "soon"),
    ],
)
def test_moments(tag: str, moment: str, said: str) -> None:
    """As people say them."""
    assert text(tag).moment(moment, TODAY) == said


def test_unknown_languages_read_simplified_chinese() -> None:
    """The first edition is the one to fall back on."""
    assert text("xx").tag == "zh-Hans"
    assert text("zh-Hant").weekday(TODAY) == "星期日"


@pytest.mark.parametrize("tag", LOCALES)
def test_every_sentence_of_the_program_is_translated(tag: str) -> None:
    """No sentence is missing from a catalogue, none is empty, and placeholders are the same."""
    path = FOLDER / tag.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    faults = []
    for message in collect():
        if not message.id:
            continue
        found = catalogue.get(message.id, message.context)
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        said = (
            [] if found is None else [found.string] if isinstance(found.string, str) else list(found.string)
        )
        if not said or not all(said):
            faults.append(f"{message.id!r} is not translated: run `make messages`, then edit {path.name}")
        elif any(_fields(each) != _fields(ids[-1]) for each in said):
            faults.append(f"{message.id!r} has other placeholders than {said!r}")
        elif tag == "en" and any(re.search("[\u4e00-\u9fff]", each) for each in said):
            faults.append(f"{said!r} still has Chinese in it")
    assert not faults, "\n".join(faults)


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
