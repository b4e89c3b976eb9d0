"""`/healthz` and `/metrics`: what an operator's machines ask."""

from __future__ import annotations

import time

from portal.errors import PortalError
from portal.http.base import PageHandler


class HealthHandler(PageHandler):
    """200 while pages can be served, 503 with the reason while they cannot."""

    async def get(self) -> None:
        """Say in JSON how the mirror is: generation, age, whether Redis answers."""
        redis = await self.ctx.mirror.ping()
        answer: dict[str, object] = {"redis": "up" if redis else "away"}
        try:
            site = await self.ctx.mirror.site()
        except PortalError as error:
            self.set_status(503)
            answer |= {"status": "no content", "reason": str(error)}
        else:
            answer |= {
                "status": "ok" if redis else "serving what it holds",
                "generation": site.generation,
                "published_seconds_ago": round(time.time() - site.published),
                "checked_seconds_ago": round(time.time() - site.checked),
            }
        self.set_header("Cache-Control", "no-store")
        self.write(answer)
