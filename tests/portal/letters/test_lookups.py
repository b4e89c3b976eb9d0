"""Looking up a letter over a real Redis: by number and code, its locks, and how it stands."""

from __future__ import annotations

import pytest

from portal.errors import NotFound
from portal.letters import numbers
from portal.letters.errors import Locked, TooMany, WrongCode
from portal.letters.keyed import Keyed
from portal.letters.model import Kind, State
from portal.letters.service import Letters
from tests.portal.letters.conftest import ADDRESS, ELSEWHERE, NOW, SECRET, TELEPHONE, filed


async def test_number_and_code(letters: Letters) -> None:
    """Together they show the letter, for minutes; leaving it takes that back."""
    receipt = await filed(letters)
    found, view = await letters.lookups.open(receipt.number, receipt.code, NOW, address=ADDRESS)
    assert found.number == receipt.number
    assert (await letters.lookups.viewed(view)).number == receipt.number
    ttl = await letters.box.redis.ttl(letters.box.key("view", Keyed(SECRET).token(view)))
    assert 170 < ttl <= 180
    await letters.lookups.hide(view)
    for gone in (view, "0" * 32, ""):
        with pytest.raises(NotFound):
            await letters.lookups.viewed(gone)


async def test_five_wrong_codes_lock(letters: Letters) -> None:
    """Then the right one is refused there, until the telephone number opens it; elsewhere it opens."""
    receipt = await filed(letters, telephone=TELEPHONE)
    wrong = "000000" if receipt.code != "000000" else "000001"
    left = []
    for _ in range(4):
        with pytest.raises(WrongCode) as refused:
            await letters.lookups.open(receipt.number, wrong, NOW, address=ADDRESS)
        left.append(refused.value.left)
    assert left == [4, 3, 2, 1]
    for code in (wrong, receipt.code):
        with pytest.raises(Locked):
            await letters.lookups.open(receipt.number, code, NOW, address=ADDRESS)
    await letters.lookups.open(receipt.number, receipt.code, NOW, address=ELSEWHERE)
    with pytest.raises(WrongCode):
        await letters.lookups.unlock(receipt.number, "13900000000", NOW, address=ADDRESS)
    await letters.lookups.unlock(receipt.number, f"+86 {TELEPHONE}", NOW, address=ADDRESS)
    await letters.lookups.open(receipt.number, receipt.code, NOW, address=ADDRESS)


async def test_many_addresses_do_not_find_a_code_nor_lock_its_owner_out(letters: Letters) -> None:
    """Strangers have fifty tries together; whoever has opened the letter before goes on opening it."""
    receipt = await filed(letters, telephone=TELEPHONE)
    await letters.lookups.open(receipt.number, receipt.code, NOW, address=ADDRESS)
    tried = [f"{number:06d}" for number in range(60) if f"{number:06d}" != receipt.code]
    looked_at = 0
    for code in tried:
        with pytest.raises((WrongCode, Locked)):
            await letters.lookups.open(receipt.number, code, NOW, address="192.0.2.200")
        if code == tried[4]:
            await letters.lookups.open(receipt.number, receipt.code, NOW, address=ELSEWHERE)
    for last, code in enumerate(tried):
        with pytest.raises((WrongCode, Locked)) as refused:
            await letters.lookups.open(receipt.number, code, NOW, address=f"192.0.2.{last}")
        looked_at += isinstance(refused.value, WrongCode)
    assert looked_at == 44
    new = "192.0.2.99"
    with pytest.raises(Locked):
        await letters.lookups.open(receipt.number, receipt.code, NOW, address=new)
    for known in (ADDRESS, ELSEWHERE):
        await letters.lookups.open(receipt.number, receipt.code, NOW, address=known)
    await letters.lookups.unlock(receipt.number, TELEPHONE, NOW, address=new)
    await letters.lookups.open(receipt.number, receipt.code, NOW, address=new)


async def test_who_knows_the_telephone_number_does_not_try_for_ever(letters: Letters) -> None:
    """Unlocking counts as well when it is right: three times from an address, thirty for a letter."""
    receipt = await filed(letters, telephone=TELEPHONE)
    unlocked = 0
    for last in range(15):
        for _ in range(4):
            try:
                await letters.lookups.unlock(receipt.number, TELEPHONE, NOW, address=f"192.0.2.{last}")
            except Locked:
                continue
            unlocked += 1
    assert unlocked == 30


async def test_guessing_telephones_locks_too(letters: Letters) -> None:
    """Three tries; and a number that was never given out answers alike."""
    receipt = await filed(letters, telephone=TELEPHONE)
    for number in (receipt.number, "28500088"):
        for _ in range(3):
            with pytest.raises(WrongCode):
                await letters.lookups.unlock(number, "13900000000", NOW, address="")
        with pytest.raises(Locked):
            await letters.lookups.unlock(number, TELEPHONE, NOW, address="")


async def test_a_number_that_is_none_answers_like_a_wrong_code(letters: Letters) -> None:
    """Nobody learns which numbers are in use."""
    receipt = await filed(letters)
    told = []
    for number in (receipt.number, "28500088"):
        one: list[str] = []
        for _ in range(6):
            with pytest.raises((WrongCode, Locked)) as refused:
                await letters.lookups.open(number, "000000", NOW, address="")
            one.append(str(refused.value))
        told.append(one)
    assert told[0] == told[1]


async def test_an_address_that_guesses_is_stopped(letters: Letters) -> None:
    """Whatever numbers it tries: thirty wrong codes in a day."""
    receipt = await filed(letters)
    stopped = 0
    for at_ in range(40):
        number = numbers.draw()
        try:
            await letters.lookups.open(number, f"{at_:06d}", NOW, address=ADDRESS)
        except WrongCode:
            continue
        except TooMany:
            stopped += 1
    assert stopped == 10
    with pytest.raises(TooMany):
        await letters.lookups.open(receipt.number, receipt.code, NOW, address=ADDRESS)
    await letters.lookups.open(receipt.number, receipt.code, NOW, address=ELSEWHERE)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "abcdef", "' OR 1=1", "\x00" * 6])
async def test_what_is_no_code_is_a_wrong_one(letters: Letters, code: str) -> None:
    """Nothing else happens."""
    receipt = await filed(letters)
    with pytest.raises(WrongCode):
        await letters.lookups.open(receipt.number, code, NOW, address=ADDRESS)


async def test_peeking_without_a_code(letters: Letters) -> None:
    """State alone, never of a report, and not for whoever tries numbers."""
    mine, report = await filed(letters), await filed(letters, kind=Kind.REPORT)
    assert (await letters.lookups.peek(mine.number, NOW, address=ADDRESS)).state is State.QUEUED
    for number in (report.number, "28500088", "x"):
        with pytest.raises(NotFound):
            await letters.lookups.peek(number, NOW, address=ADDRESS)
    with pytest.raises(TooMany):
        for _ in range(60):
            await letters.lookups.peek(mine.number, NOW, address=ADDRESS)
