"""What the edges need of sheets: one sheet out of the mirror, and its PDF without keeping others waiting."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from portal.dial import item_target
from portal.errors import NotFound, PortalError
from portal.model import Matter, Unit
from portal.sheet.make import Sheet, make
from portal.store import Mirror
from portal.text import Text

KEPT = 100
"""PDFs kept ready, of about 40 kB each."""

MOST_WAITING = 30
"""Sheets that may wait for their PDF; who comes later has the page to print."""


class NoPdfNow(PortalError):
    """Too many PDFs are being made: the page says the same."""


async def sheet_of(mirror: Mirror, item_id: str, t: Text, today: str) -> Sheet:
    """The sheet of a matter in the mirror.

    raises  NotFound where there is no such matter, Withdrawn, MirrorAway
    """
    matter = await mirror.item(item_id, t.variant)
    if not isinstance(matter, Matter):
        raise NotFound(f"{item_id} is not a matter")
    site = await mirror.site(t.variant)
    number = await mirror.number_of(item_target(item_id))
    return make(site, matter, t, today=today, number=number, unit=await _unit(mirror, matter, t))


async def _unit(mirror: Mirror, matter: Matter, t: Text) -> Unit | None:
    """The unit of a matter; a sheet without what it would add is a sheet still."""
    if not matter.unit_id:
        return None
    try:
        unit = await mirror.item(matter.unit_id, t.variant)
    except PortalError:
        return None
    return unit if isinstance(unit, Unit) else None


class Printer:
    """Makes PDFs one at a time beside the event loop, and keeps the last ones."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[Sheet, str], bytes] = OrderedDict()
        self._one = asyncio.Lock()
        self._waiting = 0

    async def pdf(self, sheet: Sheet, locale: str) -> bytes:
        """The sheet as a PDF. NoFont, NoPdfNow."""
        key = (sheet, locale)
        if (made := self._made.get(key)) is not None:
            self._made.move_to_end(key)
            return made
        if self._waiting >= MOST_WAITING:
            raise NoPdfNow("too many PDFs are being made now")
        self._waiting += 1
        try:
            async with self._one:
                if key not in self._made:
                    # fpdf2 and its font tools take a second to load, which a server without sheets saves.
                    from portal.sheet.pdf import to_pdf  # noqa: PLC0415 - see above

                    self._made[key] = await asyncio.to_thread(to_pdf, sheet, locale)
                    while len(self._made) > KEPT:
                        self._made.popitem(last=False)
                return self._made[key]
        finally:
            self._waiting -= 1
