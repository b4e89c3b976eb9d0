"""`/map/THEME/UNIT/WxH.ENDING`: the plan around a unit, drawn when it is first asked for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from portal.errors import NotFound
from portal.fonts import has_font
from portal.http.base import Context, PageHandler
from portal.http.pictures import MIMES
from portal.maps.draw import draw
from portal.maps.places import Places
from portal.maps.plan import Plan
from portal.text import text

ROUTE = r"/map/(tv|wap)/([A-Za-z0-9_-]{1,40})/(\d{2,4})x(\d{2,4})(?:\.(zh-Hant|en))?\.(png|gif|wbmp)"
LARGEST = 1_400
KEPT = 300
FRESH_SECONDS = 86_400
_one = asyncio.Lock()
_made: OrderedDict[tuple[object, ...], bytes] = OrderedDict()


async def picture(
    places: Places, theme: str, unit_id: str, width: int, height: int, tag: str, ending: str
) -> bytes:
    """A plan as a picture. NotFound where the unit has no position, or the size is none of a screen's."""
    if not (40 <= width <= LARGEST and 40 <= height <= LARGEST) or not has_font():
        raise NotFound(f"no plan of {width}x{height}")
    t = text(tag or "zh-Hans")
    plan = await places.plan(unit_id, t.variant)
    key = (plan, theme, width, height, t.tag, ending)
    if (made := _made.get(key)) is None:
        async with _one:
            made = await asyncio.to_thread(_draw, plan, theme, width, height, t.tag, ending)
        _made[key] = made
        while len(_made) > KEPT:
            _made.popitem(last=False)
    return made


def _draw(plan: Plan, theme: str, width: int, height: int, tag: str, ending: str) -> bytes:
    t = text(tag)
    return draw(plan, width, height, theme, ending, t.gettext("示意图"), t.pgettext("on a map", "北"))


class MapHandler(PageHandler):
    """The plan around a unit."""

    async def get(
        self, theme: str, unit_id: str, width: str, height: str, tag: str | None, ending: str
    ) -> None:
        """Answer the picture."""
        body = await picture(self.ctx.places, theme, unit_id, int(width), int(height), tag or "", ending)
        self.set_header("Content-Type", MIMES[ending])
        self.set_header("Cache-Control", f"public, max-age={FRESH_SECONDS}")
        self.write(body)


def routes(context: Context) -> list[tuple[str, type[PageHandler], dict[str, Any]]]:
    """The route for the server."""
    return [(ROUTE, MapHandler, {"context": context})]
