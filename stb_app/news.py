"""`/tv/news.gif`: a dot where this household's letters have news, nothing where not.

The home page is the same for everybody and kept by caches; this picture in it is the household's own. It
says that there is news, and nothing of what.
"""

from __future__ import annotations

import io
import re
from typing import Any

from PIL import Image, ImageDraw
from tornado.web import RequestHandler

from portal.errors import PortalError
from portal.http.base import Context, PageHandler
from stb_app.layout.home import NEWS_PICTURE
from stb_app.letters import BOX_COOKIE

SIDE = 32
_SHARPER = 8
_COLOUR = (238, 96, 80)
_SECRET = re.compile(r"[0-9a-f]{32}")


def _gif(*, dot: bool) -> bytes:
    """A disc on nothing, or nothing: two colours, one of them transparent, which every box can show."""
    mask = Image.new("L", (SIDE * _SHARPER, SIDE * _SHARPER), 0)
    if dot:
        ImageDraw.Draw(mask).ellipse((0, 0, SIDE * _SHARPER - 1, SIDE * _SHARPER - 1), 255)
    mask = mask.resize((SIDE, SIDE), Image.Resampling.LANCZOS).point(lambda level: int(level >= 128))
    picture = Image.frombytes("P", (SIDE, SIDE), mask.tobytes())
    picture.putpalette([0, 0, 0, *_COLOUR])
    out = io.BytesIO()
    picture.save(out, "GIF", transparency=0)
    return out.getvalue()


DOT, NOTHING = _gif(dot=True), _gif(dot=False)


class NewsHandler(PageHandler):
    """The dot of one household."""

    async def get(self) -> None:
        """A dot, or nothing; while the letter box is away, nothing."""
        box = self.get_cookie(BOX_COOKIE, "") or ""
        letters = self.ctx.letters
        news = False
        if letters is not None and _SECRET.fullmatch(box):
            try:
                news = bool(await letters.household.news(box))
            except PortalError:
                news = False
        self.set_header("Content-Type", "image/gif")
        self.set_header("Cache-Control", "no-store")
        self.write(DOT if news else NOTHING)


def routes(context: Context) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The route of the dot, before those of the edition."""
    return [(re.escape(NEWS_PICTURE), NewsHandler, {"context": context})]
