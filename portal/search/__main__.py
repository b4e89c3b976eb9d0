"""`python -m portal.search`: what a viewer would be shown, what was not found, and the indexer.

find TEXT-OR-DIGITS [--json]   misses [--json] [--count N]   follow SITE FOLDER (started by the server)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from redis.exceptions import RedisError

from portal import settings as setting_table
from portal.dial import column_target
from portal.errors import PortalError
from portal.installed import mirror_of, redis_url
from portal.model import Site
from portal.search.articles import Answer, ArticleSearch, Filters
from portal.search.counted import Misses
from portal.search.digits import Hit
from portal.search.opened import State
from portal.search.service import NumberBox
from portal.search.snippet import Marked
from portal.store import Mirror

EXIT_NOTHING = 1
EXIT_WRONG_USE = 2
SHOWN = 8
PREPARING_SECONDS = 60.0


def main(arguments: Sequence[str]) -> int:
    """Run a command. Returns 0, 1 where nothing was found or the mirror is away, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], Coroutine[Any, Any, int]] = options.run
        return asyncio.run(run(options))
    except (PortalError, RedisError) as error:
        print(f"portal.search: {error}", file=sys.stderr)
        return EXIT_NOTHING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.search", description="Find things in the mirror.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    find = commands.add_parser("find", help="what a viewer would be shown for these digits or words")
    find.add_argument("text", metavar="TEXT-OR-DIGITS")
    find.add_argument("--json", action="store_true", help="one JSON object")
    find.add_argument("--count", type=_count, default=SHOWN, help=f"hits to show [{SHOWN}]")
    find.add_argument("--start", type=_count, default=0, help="place of the first hit [0]")
    for name in ("section", "column", "unit", "year", "effect", "kind"):
        find.add_argument(f"--{name}", default="", help=f"only of this {name}")
    find.set_defaults(run=_find)
    misses = commands.add_parser("misses", help="searches that found nothing, the most frequent first")
    misses.add_argument("--json", action="store_true", help="one JSON list")
    misses.add_argument("--count", type=_count, default=100, help="lines to show [100]")
    misses.set_defaults(run=_misses)
    return parser


def _count(written: str) -> int:
    value = int(written)
    if value < 0:
        raise ValueError("below zero")
    return value


async def _find(options: argparse.Namespace) -> int:
    settings = setting_table.load()
    redis, mirror = mirror_of(settings)
    box = NumberBox(mirror)
    articles = ArticleSearch(mirror, settings.data_dir / "index", redis_url(settings), box)
    try:
        site = await mirror.site()
        digits = options.text.isascii() and options.text.isdigit()
        named = await (box.find if digits else box.named)(options.text, options.count)
        meant = await box.count(options.text) if digits else 0
        answer = Answer()
        if not digits:
            filters = Filters(*(getattr(options, name) for name in Filters.__dataclass_fields__))
            await articles.start()
            answer = await _answer(articles, options.text, filters, options.start, options.count)
        names = [await _named(mirror, site, hit) for hit in named]
    finally:
        await articles.stop()
        await redis.aclose()
    if options.json:
        shown = {"names": names, "meant": meant or len(names), **_told(answer)}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        _print(names, answer)
        if meant > len(names):
            print(f"{len(names)} of {meant}: another digit narrows them")
    return 0 if names or answer.hits else EXIT_NOTHING


async def _answer(articles: ArticleSearch, text: str, filters: Filters, start: int, count: int) -> Answer:
    """The answer of a whole index; where there is none yet, wait for one a while."""
    deadline = asyncio.get_running_loop().time() + PREPARING_SECONDS
    while True:
        answer = await articles.find(text, filters, start, count)
        if answer.state is State.READY or asyncio.get_running_loop().time() > deadline:
            return answer
        await asyncio.sleep(0.2)


async def _named(mirror: Mirror, site: Site, hit: Hit) -> dict[str, str]:
    kind, _, name = hit.entry.target.partition(":")
    title = ""
    if hit.entry.names:
        title = hit.entry.names[0]
    elif kind == "i":
        with suppress(PortalError):
            title = (await mirror.head(name)).title
    column = next((each for each in site.columns if column_target(each.id) == hit.entry.target), None)
    return {
        "target": hit.entry.target,
        "number": hit.entry.number,
        "title": column.name if column else title,
        "meant": hit.meant,
    }


def _told(answer: Answer) -> dict[str, Any]:
    return {
        "total": answer.total,
        "state": answer.state.value,
        "suggestion": answer.suggestion,
        "words": list(answer.words),
        "hits": [
            {
                "id": found.head.id,
                "kind": found.head.kind.value,
                "published": found.head.published,
                "title": found.title.text,
                "title_marks": [list(span) for span in found.title.marks],
                "snippet": found.snippet.text,
                "snippet_marks": [list(span) for span in found.snippet.marks],
            }
            for found in answer.hits
        ],
    }


def _print(names: Sequence[dict[str, str]], answer: Answer) -> None:
    for name in names:
        meant = "" if name["meant"] in (name["title"], name["number"]) else f"  ({name['meant']})"
        print(f"{name['number'] or '-':>6}  {name['title']}{meant}")
    if answer.words:
        print(f"articles: {answer.total} found, the index is {answer.state.value}")
    for found in answer.hits:
        print(f"  {found.head.published[:10]:10}  {_marked(found.title)}")
        print(f"{'':14}{_marked(found.snippet)}")
    if answer.suggestion:
        print(f"sounds like: {answer.suggestion}")
    if not names and not answer.hits:
        print("nothing found")


def _marked(shown: Marked) -> str:
    text = shown.text
    for start, stop in reversed(shown.marks):
        text = f"{text[:start]}[{text[start:stop]}]{text[stop:]}"
    return text


async def _misses(options: argparse.Namespace) -> int:
    redis, mirror = mirror_of(setting_table.load())
    try:
        found = await Misses(redis, mirror.keys.site_id, lambda: datetime.now(UTC).date()).most(options.count)
    finally:
        await redis.aclose()
    if options.json:
        told = [{"text": miss.text, "count": miss.count, "last": miss.last} for miss in found]
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    for miss in found:
        print(f"{miss.count:6}  {miss.last}  {miss.text}")
    if not found:
        print("no search has found nothing so far")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
