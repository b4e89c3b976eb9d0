"""The steps that carry the site file's facts for people on the go into the mirror.

They are written under their version before any publish; the site record that names them goes with the next.
"""

from __future__ import annotations

from content_sync.run import Run
from portal import codec
from portal.hant import in_hant


async def put(run: Run) -> None:
    """Write the facts ahead of the publish that shows them."""
    if run.site.travel_version:
        travel = run.site.travel
        await run.writer.put_travel(run.site.travel_version, codec.dump(travel), codec.dump(in_hant(travel)))


async def settle(run: Run) -> None:
    """Let former facts go once the published site names others, or none."""
    site = await run.writer.site()
    if site is not None and site.travel == run.site.travel_version:
        await run.writer.drop_travel(site.travel)
