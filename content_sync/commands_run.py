"""The commands `run` and `status`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from content_sync import report as reports
from content_sync import site as sites
from content_sync.progress import Progress
from content_sync.report import Report
from content_sync.service import make_run, one_pass, redis_of, repeat
from content_sync.site import SiteFile, WrongSiteFile
from content_sync.status import Status, lines_of, status_of
from portal import settings as settings_table
from portal.errors import PortalError, WrongSetting
from portal.settings import Settings

EXIT_WELL, EXIT_WRONG_USE, EXIT_NOT_WELL = 0, 2, 3


class WrongUse(PortalError):
    """The command was called in a way that cannot work."""


def surroundings(site: str | None) -> tuple[Settings, SiteFile]:
    """Settings and site file; `site` is the option --site. WrongUse with the reason."""
    try:
        settings = settings_table.load()
        path = Path(site) if site else settings.site
        return settings, sites.load(path, settings.site_home)
    except (WrongSetting, WrongSiteFile) as error:
        raise WrongUse(str(error)) from error


def run_run(argv: list[str]) -> int:
    """`run [--once] [--site S] [--full]`."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync run",
        description="Mirrors the portal of the site file: again and again, or one pass with --once.",
        epilog="exit code: 0 all well, 3 something held, quarantined or failed, 2 wrong use",
    )
    parser.add_argument("--once", action="store_true", help="one pass over every column, then stop")
    parser.add_argument("--site", help="site file (default: the setting SITE, else the demo city)")
    parser.add_argument("--full", action="store_true", help="read every list page and every item anew")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(argv)
    try:
        settings, site = surroundings(options.site)
        return asyncio.run(_run(settings, site, options))
    except WrongUse as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_USE
    except PortalError as error:
        print(error, file=sys.stderr)
        return EXIT_NOT_WELL


async def _run(settings: Settings, site: SiteFile, options: argparse.Namespace) -> int:
    progress = Progress(sys.stderr)
    zone = ZoneInfo(site.time_zone)
    last: list[Report] = []

    def told(report: Report) -> None:
        progress.clear()
        reports.save(report, settings.data_dir, zone)
        last[:] = [report]
        print(reports.as_json(report) if options.json else "\n".join(reports.lines(report)), flush=True)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with redis_of(settings) as redis:
        if options.once or options.full:
            run = make_run(site, redis, full=options.full, say=progress.say)
            working = asyncio.create_task(one_pass(run))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
                progress.clear()
                print("stopped: the next run goes on from here", file=sys.stderr)
                return EXIT_NOT_WELL
            stopping.cancel()
            told(working.result())
            if options.once:
                return last[0].exit_code
        await repeat(site, redis, settings.sync_every, stop, told, progress.say)
    return last[0].exit_code if last else EXIT_WELL


def run_status(argv: list[str]) -> int:
    """`status [--site S] [--json]`."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync status", description="Shows how each column of the mirror stands."
    )
    parser.add_argument("--site", help="site file (default: the setting SITE, else the demo city)")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    options = parser.parse_args(argv)
    try:
        settings, site = surroundings(options.site)
        status = asyncio.run(_status(settings, site))
    except WrongUse as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_USE
    except PortalError as error:
        print(error, file=sys.stderr)
        return EXIT_NOT_WELL
    if options.json:
        print(json.dumps(status.as_dict(), ensure_ascii=False, indent=2))
    else:
        now = datetime.fromtimestamp(time.time(), ZoneInfo(site.time_zone))
        print("\n".join(lines_of(status, now)))
    return EXIT_WELL if status.well else EXIT_NOT_WELL


async def _status(settings: Settings, site: SiteFile) -> Status:
    async with redis_of(settings) as redis:
        return await status_of(site, redis)
