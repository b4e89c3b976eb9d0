"""What a household's television lists."""

from __future__ import annotations

from datetime import timedelta

from portal.letters.model import Kind, State
from portal.letters.service import Letters
from tests.portal.letters.conftest import NOW, filed, new


async def test_the_households_television(letters: Letters) -> None:
    """State and day of what was filed there; a report never, nor what was taken off."""
    mine = await filed(letters, box="b")
    report = await letters.file(new(box="b", kind=Kind.REPORT), NOW + timedelta(minutes=2))
    await filed(letters, box="other")
    (glance,) = await letters.household.on_box("b", NOW)
    assert (glance.number, glance.state, str(glance.due)) == (mine.number, State.QUEUED, "2026-11-30")
    assert not hasattr(glance, "title") and not hasattr(glance, "kind")
    assert (await letters.letter(report.number)).box is False
    await letters.household.off_box("b", mine.number)
    assert await letters.household.on_box("b", NOW) == ()
