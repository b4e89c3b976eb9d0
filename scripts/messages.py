"""Collect the sentences of the program into the catalogues: `make messages`.

New sentences appear in every catalogue; sentences that the program no longer says leave it.
Simplified Chinese is the sentence itself. Traditional Chinese gets OpenCC's form where it has none yet,
for a person to read over. English is written by hand: the tests name what is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.hant import to_hant  # noqa: E402 - the project's folder has to be on the path first
from portal.text import DOMAIN, FOLDER, LOCALES  # noqa: E402

KEYWORDS = {
    "gettext": None,
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "NN_": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Every sentence of the program."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(project="Sunshine", charset="utf-8")
    for file_name, line, message, comments, context in extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, directory_filter=_ours
    ):
        found.add(message, None, [(file_name, line)], auto_comments=comments, context=context)
    return found


def _ours(folder: str) -> bool:
    return Path(folder).name not in (".venv", "var", "tests", "node_modules", ".git")


def main() -> None:
    """Write the catalogues."""
    found = collect()
    for tag in LOCALES:
        name = tag.replace("-", "_")
        path = FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.po"
        known = Catalog(locale=name)
        if path.exists():
            with path.open("rb") as file:
                known = read_po(file, locale=name)
        fresh = Catalog(locale=name, project="Sunshine", charset="utf-8", fuzzy=False)
        missing = 0
        for message in found:
            if not message.id:
                continue
            old = known.get(message.id, message.context)
            said = old.string if old is not None and old.string and not old.fuzzy else ""
            if isinstance(said, str) != isinstance(message.id, str):
                said = ""  # it has a count now, or has none any more
            if not said or (not isinstance(said, str) and not all(said)):
                said = _first(tag, message.id)
                missing += not said or (not isinstance(said, str) and not all(said))
            # Files without line numbers: a moved line is no change of a catalogue.
            places = sorted({(file_name, 0) for file_name, _ in message.locations})
            fresh.add(message.id, said, places, context=message.context)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.revision_date = fresh.creation_date = known.creation_date
        with path.open("wb") as file:
            write_po(file, fresh, sort_output=True, include_lineno=False, ignore_obsolete=True, width=100)
        print(f"{path.relative_to(ROOT)}: {len(fresh)} sentences, {missing} without a translation")


def _first(tag: str, message: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """What a new sentence reads as in a language before a person has looked at it."""
    one = message if isinstance(message, str) else message[0]
    if tag == "zh-Hans":
        return one if isinstance(message, str) else (one,)
    if tag == "zh-Hant":
        return to_hant(one) if isinstance(message, str) else (to_hant(one),)
    return "" if isinstance(message, str) else ("", "")


if __name__ == "__main__":
    main()
