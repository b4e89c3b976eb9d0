"""GeoReport's nouns as XML and JSON, written strictly and read leniently.

Reading takes what systems in the field write: a list, a list in an object, numbers for texts, moments without
a zone (they are the city's). What is not that raises Nonsense, whatever the bytes: no entity is resolved,
nothing is fetched, and more than MOST_ENTRIES are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, tzinfo
from typing import Any, TypeVar, get_type_hints

from lxml import etree

from portal.clean import clean
from portal.letters.open311.wire import NAMES, Nonsense, Noun

XML, JSON = "xml", "json"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
"""Written form -> media type."""

MOST_ENTRIES = 2_000
MOST_TEXT = 20_000
"""Characters of one field that are read; the rest is cut."""

_N = TypeVar("_N", bound=Noun)


def written(cls: type[_N], nouns: Sequence[_N], form: str) -> bytes:
    """Nouns as a document. `cls` names the list where it is empty."""
    return _json(nouns) if form == JSON else _xml(cls, nouns)


def read(cls: type[_N], body: bytes, form: str, zone: tzinfo) -> tuple[_N, ...]:
    """The nouns of a document. `zone` is that of moments that name none. Raises Nonsense."""
    entries = _json_entries(cls, body) if form == JSON else _xml_entries(cls, body)
    if len(entries) > MOST_ENTRIES:
        raise Nonsense(f"{len(entries)} entries in one answer; at most {MOST_ENTRIES} are read")
    return tuple(_noun(cls, entry, zone) for entry in entries)


def form_of(content_type: str, asked: str) -> str:
    """Which form an answer has, by what it says of itself; else the one that was asked for."""
    if "json" in content_type:
        return JSON
    return XML if "xml" in content_type else asked


def moment(text: str, zone: tzinfo) -> datetime | None:
    """A moment as systems write it; None where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _values(noun: Noun) -> dict[str, Any]:
    return {each.name: _value(getattr(noun, each.name)) for each in fields(noun)}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return {str(name): clean(str(each)) for name, each in value.items()}
    return clean(value) if isinstance(value, str) else value


def _json(nouns: Sequence[Noun]) -> bytes:
    rows = [{name: value for name, value in _values(noun).items() if value != {}} for noun in nouns]
    # "<" as an escape: an old browser that takes JSON for a page finds no markup in it.
    return json.dumps(rows, ensure_ascii=False).replace("<", "\\u003c").encode()


def _xml(cls: type[Any], nouns: Sequence[Noun]) -> bytes:
    names = NAMES[cls]
    root = etree.Element(names.many)
    for noun in nouns:
        entry = etree.SubElement(root, names.one)
        for name, value in _values(noun).items():
            if value == {}:
                continue
            node = etree.SubElement(entry, name)
            if isinstance(value, dict):
                for key, each in value.items():
                    etree.SubElement(node, key).text = each
            elif isinstance(value, bool):
                node.text = "true" if value else "false"
            elif value is not None:
                node.text = str(value)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return document


def _json_entries(cls: type[Any], body: bytes) -> list[Mapping[str, object]]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Nonsense(f"not JSON: {type(error).__name__}") from None
    names = NAMES[cls]
    if isinstance(found, dict):
        inner = found.get(names.many, found)
        found = inner if isinstance(inner, list) else [inner]
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Nonsense(f"JSON without a list of {names.many}")
    return found


def _xml_entries(cls: type[Any], body: bytes) -> list[Mapping[str, object]]:
    names = NAMES[cls]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Nonsense(f"not XML: {type(error).__name__}") from None
    if root.tag != names.many:
        raise Nonsense(f"XML with <{str(root.tag)[:40]}> where <{names.many}> is due")
    return [
        {
            str(node.tag): {str(inner.tag): inner.text or "" for inner in node} if len(node) else node.text
            for node in entry
            if isinstance(node.tag, str)
        }
        for entry in root.iterchildren(names.one)
    ]


def _noun(cls: type[_N], entry: Mapping[str, object], zone: tzinfo) -> _N:
    hints = get_type_hints(cls)
    values: dict[str, Any] = {}
    for each in fields(cls):
        given = entry.get(each.name)
        if given is None:
            continue
        hint = hints[each.name]
        if hint is bool:
            values[each.name] = str(given).strip().lower() == "true"
        elif hint is str:
            values[each.name] = _text(given)
        elif isinstance(given, Mapping):
            values[each.name] = {str(name)[:80]: _text(value) for name, value in list(given.items())[:50]}
        elif isinstance(given, str):
            found = moment(given, zone)
            if found is not None:
                values[each.name] = found
    try:
        return cls(**values)
    except TypeError:
        raise Nonsense(f"a {NAMES[cls].one} without its id") from None


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return ""
    return clean(str(value)).strip()[:MOST_TEXT]
