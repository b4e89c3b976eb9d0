"""Parts that run as processes of their own beside a server, and end with it."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from portal.settings import PROJECT

log = logging.getLogger("sunshine")

WITH_US = (sys.executable, "-m", "portal.dies_with_parent", sys.executable)
"""How a child is started: it ends when we do, however we do."""

STOP_SECONDS = 10.0


@dataclass
class Child:
    """A part that is started again when it dies. `arguments` are what follows `python`."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    process: asyncio.subprocess.Process | None = None

    async def run(self) -> int:
        """Run it once; its exit status."""
        self.process = await asyncio.create_subprocess_exec(
            *WITH_US, *self.arguments, cwd=PROJECT, env=dict(self.environment)
        )
        return await self.process.wait()

    async def keep_running(self) -> None:
        """Run it; wait longer after each death, up to a minute."""
        pause = 1.0
        while True:
            started = time.monotonic()
            status = await self.run()
            pause = 1.0 if time.monotonic() - started > 60 else min(60.0, pause * 2)
            log.error("%s ended with status %s; starting it again in %.0f s", self.name, status, pause)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """End it and wait for it."""
        if self.process is not None:
            await end(self.process)


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask a process to end, and make it where it does not within STOP_SECONDS."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
