"""The commands `review`, `withdraw` and `verify-log`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from content_sync import gatelog, review
from content_sync.commands_run import EXIT_NOT_WELL, EXIT_WELL, EXIT_WRONG_USE, WrongUse, surroundings
from content_sync.extract.page import text_of
from content_sync.run import Run
from content_sync.service import make_run, redis_of
from portal.errors import PortalError
from portal.model import AnyItem

Act = Callable[[Run], Awaitable[int]]


def run_review(argv: list[str]) -> int:
    """`review [list|show ID|release ID...|refuse ID...|agree COLUMN]`."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync review",
        description="What waits for a person: held items, and deletions that nobody believes yet.",
    )
    _common(parser)
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    listing = acts.add_parser("list", help="what waits (the default)")
    listing.add_argument("--column", default="", help="of one column only")
    show = acts.add_parser("show", help="one waiting item beside what stands")
    show.add_argument("id")
    for name, said in (("release", "publish these items"), ("refuse", "drop these items for good")):
        sub = acts.add_parser(name, help=said)
        sub.add_argument("id", nargs="*")
        sub.add_argument("--column", default="", help="all of one column")
        sub.add_argument("--all", action="store_true", help="everything that waits")
        _who(sub)
    agree = acts.add_parser("agree", help="let many entries of a column vanish at once")
    agree.add_argument("column")
    _who(agree)
    options = parser.parse_args(argv)
    return _with_run(options, lambda run: _reviewed(run, options))


def run_withdraw(argv: list[str]) -> int:
    """`withdraw ID... [--why TEXT] [--undo]`."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync withdraw",
        description="Takes items off every screen at once, and keeps them off until --undo.",
    )
    _common(parser)
    _who(parser)
    parser.add_argument("id", nargs="+")
    parser.add_argument("--why", default="", help="the reason, for the log")
    parser.add_argument("--undo", action="store_true", help="let the next sync show them again")
    options = parser.parse_args(argv)
    return _with_run(options, lambda run: _withdrawn(run, options))


def run_verify_log(argv: list[str]) -> int:
    """`verify-log [--print]`."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync verify-log",
        description="Checks the chained log of publishes, releases, refusals and withdrawals.",
    )
    _common(parser)
    parser.add_argument("--print", action="store_true", help="print the lines as well")
    options = parser.parse_args(argv)
    return _with_run(options, lambda run: _verified(run, options))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", help="site file (default: the setting SITE, else the demo city)")


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default=getpass.getuser(), help="who decides (default: your user name)")


def _with_run(options: argparse.Namespace, act: Act) -> int:
    async def go() -> int:
        settings, site = surroundings(options.site)
        async with redis_of(settings) as redis:
            run = make_run(site, redis)
            try:
                return await act(run)
            finally:
                run.close()

    try:
        return asyncio.run(go())
    except WrongUse as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_USE
    except PortalError as error:
        print(error, file=sys.stderr)
        return EXIT_NOT_WELL


async def _reviewed(run: Run, options: argparse.Namespace) -> int:
    match options.act:
        case "show":
            return await _show(run, options.id)
        case "agree":
            await review.agree(run, options.column, options.by)
            print(f"{options.column}: the next runs let go what is proved gone")
        case "release" | "refuse":
            return await _decide(run, options)
        case _:
            await _list(run, getattr(options, "column", ""))
    return EXIT_WELL


async def _list(run: Run, column: str) -> None:
    """What waits for a person, the longest first."""
    held = await review.waiting(run, column=column)
    vanishing = await review.vanishing(run, column)
    for item, one in held.items():
        since = datetime.fromtimestamp(one.since, ZoneInfo(run.site.time_zone))
        print(f"{item}  {since:%Y-%m-%d %H:%M}  [{one.staged.column}] {one.staged.head.title}")
        print(f"          {one.reason}  {one.url}")
    for name, reason in vanishing.items():
        print(f"[{name}] {reason}: `review agree {name}` lets them go")
    if held:
        print(f"{len(held)} wait: `review show ID`, then `review release ID` or `review refuse ID`")
    elif not vanishing:
        print("nothing waits")


async def _decide(run: Run, options: argparse.Namespace) -> int:
    if not (options.id or options.column or options.all):
        raise WrongUse(f"say what to {options.act}: ids, --column or --all")
    held = await review.waiting(run, options.id, options.column)
    if not held:
        print("nothing waits")
        return EXIT_WELL
    if options.act == "refuse":
        await review.refuse(run, held, options.by)
        print(f"{len(held)} refused")
        return EXIT_WELL
    generation = await review.release(run, held, options.by)
    print(f"{len(held)} released in generation {generation}")
    return EXIT_WELL


async def _show(run: Run, item_id: str) -> int:
    held, new, old = await review.shown(run, item_id)
    print(f"{held.url}\nheld: {held.reason}\n\n--- waiting ---\n{_plain(new)}")
    print(f"\n--- on the screens now ---\n{_plain(old)}")
    return EXIT_WELL


def _plain(item: AnyItem | None) -> str:
    if item is None:
        return "(nothing)"
    lines = [item.title, *(f"{field.name}: {field.value}" for field in item.fields)]
    return "\n".join([*lines, *(text_of(block) for block in item.blocks)])


async def _withdrawn(run: Run, options: argparse.Namespace) -> int:
    for item in options.id:
        if options.undo:
            await review.put_back(run, item, options.by)
            print(f"{item}: the next sync may show it again")
        else:
            generation = await review.withdraw(run, item, options.by, options.why)
            print(f"{item}: off since generation {generation}")
    return EXIT_WELL


async def _verified(run: Run, options: argparse.Namespace) -> int:
    lines = await run.state.log()
    if options.print:
        print("\n".join(lines))
    broken = gatelog.broken_at(lines)
    if broken is not None:
        print(f"line {broken[0]} does not hold: {broken[1]}", file=sys.stderr)
        return EXIT_NOT_WELL
    last = lines[-1].rpartition("|")[2] if lines else gatelog.START
    print(f"{len(lines)} lines, unbroken; the last hash is {last}")
    return EXIT_WELL
