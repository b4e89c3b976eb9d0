"""What everybody may read of a letter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from portal.errors import NotFound
from portal.letters.model import Kind, Role, Verb
from portal.letters.rules import ANSWERED, Privacy
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from tests.portal.letters.conftest import ANSWERED_BY, RULES, SECRET, filed, handled, step


async def test_public_letters(here: Letters) -> None:
    """By consent and release, masked, without the number; taken off, they are gone."""
    receipt = await filed(
        here, consent=True, phrase="", text="我叫张伟，电话13912345678，水压低", name="张伟"
    )
    await handled(here, receipt.number, *ANSWERED_BY)
    assert (await here.publics.find()).total == 0
    await here.apply(receipt.number, step(Verb.PUBLISH, Role.ADMIN))
    (shown,) = (await here.publics.find("水压")).letters
    assert (shown.text, shown.answer) == ("我叫张*，电话***********，水压低", "水管修好了，有事打***********")
    assert receipt.number not in repr(shown)
    assert (await here.publics.find("13912345678")).total == 0
    assert (await here.publics.one(shown.id)) == shown
    await here.apply(receipt.number, step(Verb.HIDE, Role.CITIZEN))
    assert (await here.publics.find()).total == 0
    with pytest.raises(NotFound):
        await here.publics.one(shown.id)


async def test_published_as_soon_as_it_is_answered(client: Redis) -> None:
    """Where the rules want that; not what was flagged, not without consent."""
    rules = replace(RULES, privacy=Privacy(publish=ANSWERED))
    letters = Letters(LetterBox(client, "t"), rules, SECRET)
    for more in ({"consent": True}, {"consent": False}, {"consent": True, "kind": Kind.REPORT}):
        receipt = await filed(letters, **more)
        await handled(letters, receipt.number, *ANSWERED_BY)
    assert (await letters.publics.find()).total == 1
