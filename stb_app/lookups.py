"""Places that find things -> views: the number box, the ways in, word search."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from portal.errors import NotFound
from portal.hant import to_hant
from portal.http.base import Context
from portal.search import asked as searches
from portal.search import lists, narrow
from portal.search.asked import TYPE, Asked
from portal.search.digits import Hit
from portal.search.lists import Listed, Reader
from stb_app import pages
from stb_app.address import Place
from stb_app.layout import found, grid, number, rows
from stb_app.layout.look import Look
from stb_app.layout.view import View

WORDS = 8
"""Words that are offered for the digits in hand."""

MOST_ROWS = 500
"""Rows of a way that are looked through for the one that one comes back from."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Who looks, at what, on which screen."""

    ctx: Context
    scene: pages.Scene
    look: Look
    focus: str = ""

    @property
    def reader(self) -> Reader:
        """The same for the lists that both editions share."""
        scene, ctx = self.scene, self.ctx
        return Reader(ctx.finding, ctx.mirror, scene.site, scene.text, f"{scene.today} {scene.now}")


async def view(look: Lookup) -> View:
    """The view of a place of KINDS. NotFound where its address names nothing."""
    return await KINDS[look.scene.place.kind](look)


def typed(text: str) -> Place:
    """Where what was typed with a keyboard is looked for."""
    tidied = searches.typed(text)
    return Place("search", Asked(tidied).token if tidied else "")


async def _number(look: Lookup) -> View:
    box, digits = look.ctx.number_box, look.scene.place.number
    links = [await _hit(look, hit) for hit in await box.find(digits, pages.MOST_HITS)]
    total = await box.count(digits)
    shown = pages.number_box(look.scene, [link for link in links if link is not None], total)
    return number.view(shown, look.look, look.focus)


async def _hit(look: Lookup, hit: Hit) -> pages.Link | None:
    scene = look.scene
    kind, _, name = hit.entry.target.partition(":")
    given = hit.entry.number
    if kind == "c":
        column = scene.site.column(name)
        return pages.column_hit(scene, column, given) if column else None
    try:
        head = await look.ctx.mirror.head(name, scene.text.variant)
    except NotFound:
        return None
    if head.withdrawn:
        return None
    everyday = "" if hit.meant in (given, *hit.entry.names[:1]) else look.reader.said(hit.meant)
    return pages.item_hit(scene, head, given, everyday)


async def _way(look: Lookup) -> View:
    place, per_page = look.scene.place, look.look.rows
    listed = await _page_of(look, lambda start, count: lists.listed(look.reader, place.number, start, count))
    tiles = listed.fits
    shown = pages.way(listed.scene, listed.found, per_page, tiles=tiles)
    return _listed(shown, look, tiles=tiles)


async def _search(look: Lookup) -> View:
    place = look.scene.place
    asked = searches.parse(place.number) if place.number else Asked(menu=TYPE)
    if asked.menu == TYPE or asked.digits:
        return await _typing(look, asked)
    if asked.menu:
        listed = await _page_of(look, lambda start, count: narrow.menu(look.reader, asked, start, count))
        shown = pages.menu(listed.scene, asked, listed.found, look.look.rows, tiles=listed.fits)
        return _listed(shown, look, tiles=listed.fits)
    per_page, reader = look.look.rows, look.reader
    start = (place.page - 1) * per_page
    answer = await narrow.answer(reader, asked, start, per_page, found.characters(look.look))
    if not answer.hits and answer.total:
        last = -(-min(answer.total, pages.DEEPEST) // per_page)
        look = replace(look, scene=replace(look.scene, place=replace(place, page=last)))
        answer = await narrow.answer(
            reader, asked, (last - 1) * per_page, per_page, found.characters(look.look)
        )
    answer = replace(answer, suggestion=reader.said(answer.suggestion))
    shown = pages.results(look.scene, asked, narrow.title_of(reader, asked), answer, per_page)
    return found.view(shown, look.look, look.focus)


async def _typing(look: Lookup, asked: Asked) -> View:
    words = await look.ctx.finding.articles.words(asked.digits, WORDS) if asked.digits else []
    hant = bool(look.scene.text.variant)
    shown = pages.typing(look.scene, asked, [(word, to_hant(word) if hant else word) for word in words])
    return number.view(shown, look.look, look.focus)


def _listed(page: pages.Rows, look: Lookup, *, tiles: bool) -> View:
    if tiles:
        return grid.view(page, look.look, look.focus)
    return rows.view(page, look.look, look.focus)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list at the page that is shown; `fits`: all of it stands on one page as tiles."""

    found: Listed
    scene: pages.Scene
    fits: bool


async def _page_of(look: Lookup, read: Callable[[int, int], Awaitable[Listed]]) -> _Listed:
    """The page of a list that the address asks for, or that on which the row stands that one comes from."""
    scene, per_page = look.scene, look.look.rows
    page = scene.place.page
    count = max(per_page, grid.MOST if page == 1 else 0)
    listed = await read((page - 1) * per_page, count)
    plain = all(row.kind != "item" for row in listed.rows)
    if page == 1 and plain and grid.suits(listed.total, look.look):
        # Items have long names, and steps an order: they stand below each other.
        return _Listed(listed, scene, fits=True)
    wanted = look.focus
    if wanted and page == 1 and listed.total > per_page and wanted not in _ids(listed, per_page):
        whole = await read(0, MOST_ROWS) if plain else listed
        ids = _ids(whole, MOST_ROWS)
        page = ids.index(wanted) // per_page + 1 if wanted in ids else 1
    elif (page - 1) * per_page >= listed.total:
        page = max(1, -(-listed.total // per_page))
    if page != scene.place.page:
        listed = await read((page - 1) * per_page, per_page)
    scene = replace(scene, place=replace(scene.place, page=page))
    return _Listed(replace(listed, rows=listed.rows[:per_page]), scene, fits=False)


def _ids(listed: Listed, count: int) -> list[str]:
    return [row.id for row in listed.rows[:count]]


KINDS: Mapping[str, Callable[[Lookup], Awaitable[View]]] = {
    "number": _number,
    "way": _way,
    "search": _search,
}
"""Kinds of places that are looked up here."""
