"""Addresses of the television edition, read and written."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import NotFound
from stb_app.address import MOST_BESIDE, MOST_DIGITS, Edition, Place, beside, href

PATHS = [
    ("", Place()),
    ("c/310", Place("column", "310")),
    ("c/310/2", Place("column", "310", 2)),
    ("c/310/2/abc123", Place("column", "310", 2, "abc123")),
    ("c/310/1/abc123/3", Place("column", "310", 1, "abc123", 3)),
    ("c/410/1/m1/2/u/unit1", Place("column", "410", 1, "m1", 2, "u", "unit1")),
    ("c/410/1/m1/1/u/unit1/2", Place("column", "410", 1, "m1", 1, "u", "unit1", 2)),
    ("c/310/1/abc123/1/q", Place("column", "310", 1, "abc123", 1, "q")),
    ("h/abc123", Place(item="abc123")),
    ("n", Place("number")),
    ("n/59", Place("number", "59")),
    ("n/59/abc123", Place("number", "59", 1, "abc123")),
    ("help", Place("help")),
    ("help/2", Place("help", screen=2)),
    ("services", Place("services")),
    ("services/2", Place("services", page=2)),
    ("keys", Place("keys")),
    ("standby", Place("standby")),
    ("leave", Place("leave")),
]


@pytest.mark.parametrize(("path", "place"), PATHS)
def test_paths(path: str, place: Place) -> None:
    """Each path reads as its place, and each place writes its path."""
    assert Place.parse(path) == place
    assert place.path == path


@pytest.mark.parametrize(
    "path",
    ["x", "c", "c/abc", "c/310/0", "c/310/1/../x", "c/310/1/a/b/c", "h", "c/310/1/a/1/u", "help/x", "c/310/9999999", "keys/1", "standby/c", "services/0"],
)  # fmt: skip
def test_paths_that_are_none(path: str) -> None:
    """Everything else is not found."""
    with pytest.raises(NotFound):
        Place.parse(path)


@pytest.mark.parametrize(
    ("written", "number"), [("12x", "12"), ("驾照", ""), ("1" * 900, "1" * MOST_DIGITS), ("'; --", "")]
)
def test_whatever_stands_for_digits(written: str, number: str) -> None:
    """The digits in it are what was typed."""
    assert Place.parse(f"n/{written}") == Place("number", number)
    assert Place.parse(f"case/{written}") == Place("case", number)


@given(st.text(max_size=60))
def test_any_path_is_a_place_or_not_found(path: str) -> None:
    """Nothing else can happen."""
    try:
        place = Place.parse(path)
    except NotFound:
        return
    assert Place.parse(place.path) == place


@pytest.mark.parametrize(
    ("segment", "edition"),
    [
        ("ipanel-sd", Edition("ipanel-sd")),
        ("hbbtv-hd.en", Edition("hbbtv-hd", "en")),
        ("iptv-hd.zh-Hant.large", Edition("iptv-hd", "zh-Hant", True)),
        ("web-hd.large.k-12_14_11_13_d_8", Edition("web-hd", large=True, keys="12_14_11_13_d_8")),
        (
            "iptv-hd.o-cable.a-0201.r-portal",
            Edition("iptv-hd", operator="cable", area="0201", way_back="portal"),
        ),
    ],
)
def test_editions(segment: str, edition: Edition) -> None:
    """An edition is one segment, both ways."""
    assert Edition.parse(segment) == edition
    assert edition.segment == segment


@pytest.mark.parametrize(
    "segment",
    [
        "", "nobox", "web-hd.xx", "web-hd.large.large", "web-hd.en.zh-Hant", "web-hd.k-<x>", "web-hd.k-", "web-hd.k-12",
        "web-hd.k-1_2_3_4_4", "web-hd.k-1_2_3_4_5.k-1_2_3_4_5", "web-hd.o-", "web-hd.o-a.o-b", "web-hd.o-A", "web-hd.r-http://x",
    ],
)  # fmt: skip
def test_editions_that_are_none(segment: str) -> None:
    """Unknown boxes and options given twice are not found."""
    with pytest.raises(NotFound):
        Edition.parse(segment)


@pytest.mark.parametrize(
    ("path", "parent", "focus"),
    [
        ("c/310/2/abc/3", "c/310/2", "abc"),
        ("c/410/1/m1/2/u/unit1", "c/410/1/m1/2", "unit"),
        ("c/410/1/m1/2/q", "c/410/1/m1/2", "phone"),
        ("h/abc", "", "abc"),
        ("n/59/abc", "n/59", "abc"),
        ("n/59", "", "number"),
        ("help", "", "help"),
    ],
)
def test_back_is_the_parent(path: str, parent: str, focus: str) -> None:
    """With the focus on what one comes from."""
    assert Place.parse(path).parent == (Place.parse(parent), focus)


def test_an_address_says_everything() -> None:
    """Edition, place, focus."""
    address = href(Edition("ipanel-sd", "en"), Place("column", "310", 2), "abc")
    assert address == "/tv/ipanel-sd.en/c/310/2?f=abc"


@pytest.mark.parametrize("kind", ["number", "help", "lang"])
@pytest.mark.parametrize(
    "path", ["c/310/2", "c/410/1/m1/2/u/unit1/2", "n/59/abc", "m/3", "h/abc/2", "help", "lang", "n/5"]
)
def test_beside_a_page(path: str, kind: str) -> None:
    """Back leads to the page and the focus that one left, through the address; no kind stands behind itself."""
    here = Place.parse(path)
    opened = here.aside(kind, "back")
    address = urlsplit(href(Edition("web-hd"), opened))
    place, focus = beside(parse_qs(address.query).get("b", [""])[0])
    known = replace(Place.parse(address.path.removeprefix("/tv/web-hd/")), beside=place, beside_focus=focus)
    assert known == opened
    if here.kind != kind or here.item:
        assert known.parent == (here, "back") or here.kind == kind
    again = known.aside("help").aside("number").aside("lang").aside(kind)
    assert len(href(Edition("web-hd"), again)) < 400
    for other in ("help", "number", "lang", kind) * 20:
        again = again.aside(other)
    assert len(href(Edition("web-hd"), again)) < 400


@pytest.mark.parametrize(
    "reference", ["//evil.example", "keys", "standby", "leave", "c/x", "x" * 1001, "%00"]
)
def test_beside_nothing_of_ours(reference: str) -> None:
    """What is no place of ours, or one that nobody comes back to, is forgotten."""
    assert beside(reference) == (None, "")


def test_places_behind_places_end() -> None:
    """An address that somebody made long by hand is read to a depth, and no further."""
    place, _ = beside("c/310?b=" * 9)
    depth = 0
    while place is not None:
        place, depth = place.beside, depth + 1
    assert depth == MOST_BESIDE
