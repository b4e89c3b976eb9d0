"""Drafts over a real Redis: on two devices, by pairing codes, and forgotten in time."""

from __future__ import annotations

import asyncio

import pytest

from portal.letters.errors import NoDraft, TooMany, WrongPairing
from portal.letters.model import Channel, Kind
from portal.letters.service import Letters
from tests.portal.letters.conftest import ADDRESS, NOW, TELEPHONE


async def test_a_draft_goes_on_on_a_phone(letters: Letters) -> None:
    """By a code that opens it once; the television sees what the phone wrote."""
    tv = await letters.drafts.begin(Channel.TV, NOW, box="b")
    tv = await letters.drafts.write(tv.token, kind=Kind.COMPLAIN, topic="water")
    code = (await letters.drafts.pair(tv.token, NOW)).code
    phone = await letters.drafts.join(code, NOW, address=ADDRESS)
    assert (phone.token, phone.topic, phone.box) == (tv.token, "water", "b")
    await letters.drafts.write(phone.token, text="水压低")
    assert (await letters.drafts.get(tv.token)).text == "水压低"
    assert (await letters.drafts.get(tv.token)).version > tv.version
    with pytest.raises(WrongPairing):
        await letters.drafts.join(code, NOW, address=ADDRESS)


async def test_guessing_pairing_codes(letters: Letters) -> None:
    """Five tries in a quarter of an hour."""
    for _ in range(5):
        with pytest.raises(WrongPairing):
            await letters.drafts.join("000000", NOW, address=ADDRESS)
    with pytest.raises(TooMany):
        await letters.drafts.join("000000", NOW, address=ADDRESS)


async def test_a_right_pairing_code_pays_for_no_wrong_ones(letters: Letters) -> None:
    """Who has a television of his own cannot guess for ever by putting in its codes between."""
    tv = await letters.drafts.begin(Channel.TV, NOW)
    for _ in range(4):
        with pytest.raises(WrongPairing):
            await letters.drafts.join("000000", NOW, address=ADDRESS)
    for _ in range(3):
        await letters.drafts.join((await letters.drafts.pair(tv.token, NOW)).code, NOW, address=ADDRESS)
    with pytest.raises(WrongPairing):
        await letters.drafts.join("000000", NOW, address=ADDRESS)
    with pytest.raises(TooMany):
        await letters.drafts.join("000000", NOW, address=ADDRESS)


async def test_a_network_of_ipv6_counts_as_one_address(letters: Letters) -> None:
    """Whoever has one of them has all of them."""
    for host in range(5):
        with pytest.raises(WrongPairing):
            await letters.drafts.join("000000", NOW, address=f"2001:db8:1:2::{host + 1:x}")
    with pytest.raises(TooMany):
        await letters.drafts.join("000000", NOW, address="2001:db8:1:2:ffff::1")
    with pytest.raises(WrongPairing):
        await letters.drafts.join("000000", NOW, address="2001:db8:1:3::1")


async def test_two_devices_at_once_lose_nothing(letters: Letters) -> None:
    """Fields written at the same time are all there."""
    made = await letters.drafts.begin(Channel.TV, NOW)
    await asyncio.gather(
        letters.drafts.write(made.token, text="水压低"),
        letters.drafts.write(made.token, telephone=TELEPHONE),
        letters.drafts.write(made.token, kind=Kind.HELP),
    )
    both = await letters.drafts.get(made.token)
    assert (both.text, both.telephone, both.kind) == ("水压低", TELEPHONE, Kind.HELP)


async def test_a_filed_or_discarded_draft_is_gone(letters: Letters) -> None:
    """So that nobody who finds the television on reads it."""
    made = await letters.drafts.begin(Channel.TV, NOW)
    await letters.drafts.discard(made.token)
    with pytest.raises(NoDraft):
        await letters.drafts.get(made.token)
    again = await letters.drafts.begin(Channel.TV, NOW)
    again = await letters.drafts.write(
        again.token, kind=Kind.HELP, topic="other", text="x", telephone=TELEPHONE
    )
    await letters.file(again, NOW)
    with pytest.raises(NoDraft):
        await letters.drafts.write(again.token, text="y")


async def test_drafts_have_a_limit_too(letters: Letters) -> None:
    """Twenty in ten minutes from one address."""
    for _ in range(20):
        await letters.drafts.begin(Channel.TV, NOW, address=ADDRESS)
    with pytest.raises(TooMany):
        await letters.drafts.begin(Channel.TV, NOW, address=ADDRESS)
