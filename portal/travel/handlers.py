"""`/go.html`: the guide as one file, to read or, with `?save=1`, to keep."""

from __future__ import annotations

from typing import Any

from portal.errors import NotFound
from portal.http.base import Context, PageHandler
from portal.model import Own
from portal.travel.offline import offline

FRESH_SECONDS = 600


class OfflineHandler(PageHandler):
    """The file of today."""

    async def get(self) -> None:
        """Answer the file."""
        site = await self.ctx.mirror.site()
        if not site.travel:
            raise NotFound("this city gives no facts for people on the go")
        column = site.own(Own.GO)
        body = offline(site, await self.ctx.mirror.travel(), self.today, column.number if column else "")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={FRESH_SECONDS}")
        if self.get_query_argument("save", ""):
            self.set_header("Content-Disposition", f'attachment; filename="{site.id}-on-the-go.html"')
        self.write(body)


def routes(context: Context) -> list[tuple[str, type[PageHandler], dict[str, Any]]]:
    """The route for the server."""
    return [(r"/go\.html", OfflineHandler, {"context": context})]
