"""Ending a task for certain."""

from __future__ import annotations

import asyncio

AGAIN_SECONDS = 0.5


async def ended(task: asyncio.Task[None] | None) -> None:
    """Cancel a task until it has ended.

    Once is not enough: where a time-out falls together with it, libraries take the cancellation for the
    time-out's, and go on.
    """
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=AGAIN_SECONDS)
