"""Key tables: one a box, never merged."""

from __future__ import annotations

import pytest

from remote_nav.keymap import (
    ARROWS,
    COLOURS,
    DIGITS,
    KEY_MAPS,
    SIX_KEYS,
    TABLE_OF,
    TABLES,
    VK_NAMES,
    Action,
    _table,
)
from remote_nav.profile import PROFILES

A = Action


@pytest.mark.parametrize(
    ("profile", "codes"),
    [
        ("web-hd", {38: A.UP, 13: A.OK, 8: A.BACK, 27: A.BACK, 33: A.PAGE_UP, 112: A.RED, 105: A.D9}),
        ("android-hd", {37: A.LEFT, 27: A.BACK, 18: A.MENU, 51: A.D3}),
        ("ipanel-sd", {1: A.UP, 2: A.DOWN, 3: A.LEFT, 4: A.RIGHT, 340: A.BACK, 339: A.EXIT, 832: A.RED}),
        ("ipanel-hd", {372: A.PAGE_UP, 373: A.PAGE_DOWN, 835: A.BLUE, 512: A.HOME, 848: A.STAR}),
        ("ipanel-webkit-hd", {40: A.DOWN, 8: A.BACK, 340: A.BACK, 27: A.EXIT, 34: A.PAGE_DOWN}),
        ("enrich-sd", {87: A.UP, 83: A.DOWN, 65: A.LEFT, 68: A.RIGHT, 306: A.PAGE_UP, 323: A.BLUE}),
        ("inspur-hd", {8: A.BACK, 27: A.EXIT, 36: A.MENU, 114: A.YELLOW}),
        ("dvn-sd", {640: A.BACK, 8: A.BACK, 120: A.PAGE_UP, 121: A.PAGE_DOWN}),
        ("iptv-hd", {24: A.BACK, 275: A.RED, 278: A.BLUE, 106: A.STAR, 560: A.HASH}),
        ("dth-sd", {27: A.BACK, 197: A.EXIT, 4173: A.PAGE_UP, 2305: A.RED, 4098: A.MENU}),
        ("hbbtv-hd", {461: A.BACK, 403: A.RED, 406: A.BLUE, 48: A.D0}),
        ("tizen-fhd", {10009: A.BACK, 10182: A.EXIT, 404: A.GREEN}),
        ("webos-fhd", {461: A.BACK, 405: A.YELLOW, 57: A.D9}),
    ],
)
def test_codes(profile: str, codes: dict[int, Action]) -> None:
    keys = KEY_MAPS[profile]
    assert {code: keys.action(code) for code in codes} == codes


@pytest.mark.parametrize(
    ("code", "meanings"),
    [
        (4, {"ipanel-sd": A.RIGHT, "web-hd": None}),
        (8, {"web-hd": A.BACK, "ipanel-sd": None, "hbbtv-hd": None}),
        (27, {"web-hd": A.BACK, "inspur-hd": A.EXIT, "ipanel-webkit-hd": A.EXIT, "iptv-hd": None}),
        (65, {"enrich-sd": A.LEFT, "web-hd": None}),
        (120, {"dvn-sd": A.PAGE_UP, "web-hd": None}),
        (461, {"hbbtv-hd": A.BACK, "tizen-fhd": None}),
        (768, {"ipanel-sd": None, "iptv-hd": None}),
    ],
)
def test_a_code_means_what_its_own_box_means(code: int, meanings: dict[str, Action | None]) -> None:
    assert {profile: KEY_MAPS[profile].action(code) for profile in meanings} == meanings


def test_maple_has_its_arrows_where_others_have_digits() -> None:
    codes = TABLES["maple"].codes
    assert (codes[4], codes[5], codes[8], codes[29460]) == (A.LEFT, A.RIGHT, A.D4, A.UP)


def test_every_profile_has_a_table_and_every_table_is_used() -> None:
    assert set(KEY_MAPS) == set(PROFILES) == set(TABLE_OF)
    assert set(TABLES) == set(TABLE_OF.values()) | {"maple", "kreatv"}


@pytest.mark.parametrize("profile", sorted(KEY_MAPS))
def test_six_keys_and_digits_are_everywhere(profile: str) -> None:
    keys = KEY_MAPS[profile]
    assert keys.actions >= SIX_KEYS | set(DIGITS)
    for action in keys.actions:
        code = keys.code(action)
        assert code is not None
        assert keys.action(code) is action


def test_tables_name_their_source_and_cannot_be_changed() -> None:
    for table in TABLES.values():
        assert len(table.source) > 10
        with pytest.raises(TypeError):
            table.codes[1] = A.UP  # type: ignore[index]


def test_a_code_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="code 13 means both ok and back"):
        _table("x", "nowhere at all", {A.OK: 13}, {A.BACK: (8, 13)})


def test_constants_of_receivers() -> None:
    assert set(VK_NAMES.values()) >= SIX_KEYS | set(DIGITS) | set(COLOURS)
    assert VK_NAMES["VK_ENTER"] is A.OK
    assert VK_NAMES["VK_7"] is A.D7
    assert KEY_MAPS["hbbtv-hd"].names == VK_NAMES
    assert KEY_MAPS["web-hd"].names == {}


def test_what_a_box_lacks_has_no_code() -> None:
    assert KEY_MAPS["dvn-sd"].code(A.RED) is None
    assert KEY_MAPS["tizen-fhd"].code(A.PAGE_UP) is None
    assert [KEY_MAPS["ipanel-sd"].code(arrow) for arrow in ARROWS] == [1, 2, 3, 4]
