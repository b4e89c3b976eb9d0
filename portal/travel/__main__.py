"""`python -m portal.travel offline -o FILE`: the guide for people on the go as one file."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from portal import settings as setting_table
from portal.errors import NotFound, PortalError
from portal.installed import mirror_of
from portal.model import Own
from portal.travel.offline import offline

EXIT_FAILED = 1


def main(arguments: Sequence[str]) -> int:
    """Returns 0, 1 where it cannot be made, 2 for wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m portal.travel", description="The guide for people on the go."
    )
    parser.add_argument("what", choices=("offline",), help="offline: one HTML file that needs no network")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there [stdout]")
    options = parser.parse_args(arguments)
    try:
        text = asyncio.run(_made())
        if options.output is None:
            sys.stdout.write(text)
        else:
            options.output.write_text(text, encoding="utf-8")
            print(f"{options.output}: {len(text.encode())} octets", file=sys.stderr)
    except (PortalError, RedisError, OSError) as error:
        print(f"portal.travel: {error}", file=sys.stderr)
        return EXIT_FAILED
    return 0


async def _made() -> str:
    redis, mirror = mirror_of(setting_table.load())
    try:
        site = await mirror.site()
        if not site.travel:
            raise NotFound("the site file names no file of facts for people on the go: see docs/on-the-go.md")
        today = datetime.now(ZoneInfo(site.time_zone)).strftime("%Y-%m-%d")
        column = site.own(Own.GO)
        return offline(site, await mirror.travel(), today, column.number if column else "")
    finally:
        await redis.aclose()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
