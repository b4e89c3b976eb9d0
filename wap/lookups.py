"""Addresses that find things -> pages: what was typed or chosen is looked up and shaped."""

from __future__ import annotations

from dataclasses import dataclass

from portal.clean import clean
from portal.errors import MirrorAway, NotFound
from portal.hant import to_hant
from portal.http.base import Context
from portal.model import Site
from portal.search import asked as searches
from portal.search import lists, narrow
from portal.search.asked import Asked
from portal.search.digits import KEYS, Hit
from portal.search.lists import Listed, Reader
from portal.search.opened import State
from portal.search.reader import DEEPEST
from wap import finding
from wap.finding import Match, Results, Typed
from wap.page import ROWS, Page
from wap.view import View

LONGEST_QUERY = 60
"""Characters of what is typed that count."""

MOST_HITS = 64
"""Answers of the number box, eight pages; who sees more types another digit."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Who looks, and where: `at` is the page of a list, from 1."""

    ctx: Context
    view: View
    site: Site
    at: int

    @property
    def reader(self) -> Reader:
        """The same for the lists that both editions share."""
        now = self.ctx.clock().strftime("%Y-%m-%d %H:%M")
        return Reader(self.ctx.finding, self.ctx.mirror, self.site, self.view.text, now)

    @property
    def start(self) -> int:
        """The place of the first row."""
        return (self.at - 1) * ROWS


def tidied(typed: str) -> str:
    """What was typed, as it is shown again: no controls, one blank between words, not too long."""
    return " ".join(clean(typed[: LONGEST_QUERY * 8]).split())[:LONGEST_QUERY]


async def number_box(look: Lookup, query: str, hits: list[Hit]) -> Page:
    """What digits or words could mean by name, and where the words stand in articles."""
    of = max(1, -(-len(hits) // ROWS))
    at = min(look.at, of)
    matches = [await _match(look, hit) for hit in hits[(at - 1) * ROWS : at * ROWS]]
    shown = [match for match in matches if match is not None]
    digits = digits_of(query)
    total = await look.ctx.number_box.count(digits) if digits else len(hits)
    typed = Typed(query, shown, total)
    if query and not query.isdigit():
        asked = Asked(searches.typed(query))
        if not hits:
            # No name has the words: what was typed is looked for everywhere at once.
            return await search(look, asked)
        found = await narrow.answer(look.reader, asked, 0, 1)
        typed = Typed(query, shown, total, found.total, finding.address_of(look.view, asked))
    ways = None if typed.matches or typed.everywhere else await _ways(look)
    return finding.number_box(look.view, typed, ways, at, of)


async def hits_of(ctx: Context, query: str) -> list[Hit]:
    """What digits or letters, typed for their keys, or names find."""
    if digits := digits_of(query):
        return await ctx.number_box.find(digits, MOST_HITS)
    return await ctx.number_box.named(query, MOST_HITS) if query else []


def digits_of(query: str) -> str:
    """Letters and digits as keys, "" for what is words: 59, jz; but not ETC年检."""
    return "".join(KEYS.get(char, "") for char in query.lower()) if query.isascii() else ""


async def way(look: Lookup, key: str) -> Page:
    """A way in, or the list of them. NotFound where there is none of that key."""
    key = "" if key == "-" else key
    found = await lists.listed(look.reader, key, look.start if key else 0, ROWS)
    if look.at > 1 and look.start >= found.total:
        raise NotFound(f"way {key} has no page {look.at}")
    return finding.way(look.view, key, found, look.at)


async def search(look: Lookup, asked: Asked | None) -> Page:
    """What a search finds, or the menu that is open in it; without one, where to type."""
    if asked is not None and asked.menu and asked.menu != searches.TYPE:
        found = await narrow.menu(look.reader, asked, look.start, ROWS)
        return finding.menu(look.view, asked, found, look.at)
    if asked is None or asked.menu:
        ways = await _ways(look)
        return finding.number_box(look.view, Typed(), ways, 1, 1)
    answer = await narrow.answer(look.reader, asked, look.start, ROWS, finding.SNIPPET)
    reader = look.reader
    results = Results(
        asked,
        narrow.title_of(reader, asked),
        narrow.ways_to_narrow(reader, asked, answer.total, ROWS),
        answer.hits,
        min(answer.total, DEEPEST),
        reader.said(answer.suggestion),
        answer.state is State.READY,
    )
    return finding.results(look.view, results, look.at)


async def _ways(look: Lookup) -> Listed | None:
    """The ways in; None while the matters cannot be read."""
    try:
        return await lists.listed(look.reader, "", 0, ROWS)
    except (MirrorAway, NotFound):
        return None


async def _match(look: Lookup, hit: Hit) -> Match | None:
    kind, _, name = hit.entry.target.partition(":")
    number, view = hit.entry.number, look.view
    if kind == "c":
        column = look.site.column(name)
        return None if column is None else Match(number, view.column(column), view.name(column))
    try:
        head = await look.ctx.mirror.head(name, view.text.variant)
    except NotFound:
        return None
    if head.withdrawn:
        return None
    meant = to_hant(hit.meant) if view.text.variant else hit.meant
    official = hit.meant in (number, *hit.entry.names[:1])
    return Match(number, view.item(name), head.title if official else f"{head.title} ({meant})")
