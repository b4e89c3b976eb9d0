"""Routes of the television edition: read the address, ask the mirror, shape the page, show it."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import segno
from tornado.web import RequestHandler

from portal.dial import item_target
from portal.errors import NotFound, PortalError, Withdrawn
from portal.http.base import Context, PageHandler
from portal.model import Column, Head, Section, Site, Unit
from portal.search.digits import Hit
from portal.store import Listing
from portal.text import text
from remote_nav.graph import focus_graph
from remote_nav.keymap import KEY_MAPS
from remote_nav.profile import PROFILES, mime, recognise
from remote_nav.proof import prove, repaired
from stb_app import pages
from stb_app.address import Edition, Place, href
from stb_app.layout import document, home, message, number, qr, rows
from stb_app.layout.look import Look, look_for
from stb_app.layout.view import View
from stb_app.render import render

log = logging.getLogger("sunshine.tv")

HOME_ROWS = 3
DEFAULT_PROFILE = "web-hd"


class TvHandler(PageHandler):
    """Every page below `/tv/EDITION/`."""

    edition = Edition(DEFAULT_PROFILE)
    place = Place()

    async def get(self, segment: str, path: str) -> None:
        """Answer the page of an address."""
        self.edition = Edition.parse(segment)
        self.place = Place.parse(path)
        self.show(await self._view(await self._scene()))

    @property
    def look(self) -> Look:
        """The measures of this box's screen."""
        profile = PROFILES[self.edition.profile]
        return look_for(profile.width, profile.area, self.edition.large)

    @property
    def focus(self) -> str:
        """What the address asks the focus to stand on."""
        return str(self.get_query_argument("f", ""))[:80]

    async def _scene(self) -> pages.Scene:
        words = text(self.edition.lang)
        site = await self.ctx.mirror.site(words.variant)
        return self._scene_of(site)

    def _scene_of(self, site: Site) -> pages.Scene:
        now = self.ctx.clock()
        return pages.Scene(
            edition=self.edition,
            place=self.place,
            site=site,
            text=text(self.edition.lang),
            today=now.strftime("%Y-%m-%d"),
            now=now.strftime("%H:%M"),
        )

    async def _view(self, scene: pages.Scene) -> View:
        place = scene.place
        if place.item:
            return await self._item(scene)
        if place.kind == "column":
            return await self._column(scene, _column(scene.site, place.number))
        if place.kind == "number":
            return await self._number(scene)
        if place.kind == "help":
            return document.view(pages.help_document(scene), self.look, self.focus)
        return await self._home(scene)

    async def _home(self, scene: pages.Scene) -> View:
        newest: dict[str, Head] = {}
        recent: dict[str, Head] = {}
        for section in scene.site.sections():
            for column in scene.site.below(section.id):
                if column.section is Section.SERVICES or not column.count:
                    continue
                found = await self._list(column, 0, HOME_ROWS)
                for head in found.heads:
                    if section.id not in newest or head.published > newest[section.id].published:
                        newest[section.id] = head
                    if section.section is Section.NEWS:
                        recent[head.id] = head
        order = sorted(recent.values(), key=lambda head: (head.published, head.id), reverse=True)
        return home.view(pages.home(scene, newest, _home_rows(order)), self.look, self.focus)

    async def _column(self, scene: pages.Scene, column: Column) -> View:
        per_page = self.look.rows
        children = scene.site.children(column.id)
        focus = self.focus
        if children:
            newest: dict[str, Head] = {}
            for child in children:
                if not child.words and child.count:
                    found = await self._list(child, 0, 1)
                    newest |= dict.fromkeys((child.id,), found.heads[0]) if found.heads else {}
            at = next((i for i, child in enumerate(children) if child.id == focus), None)
            if at is not None:
                scene = replace(scene, place=replace(scene.place, page=at // per_page + 1))
            return rows.view(pages.group(scene, column, per_page, newest), self.look, focus)
        wanted = focus
        page = scene.place.page
        gone = ""
        if wanted and wanted != "-":
            # Back: the item stands where it stands now, not where it stood when it was opened.
            try:
                page = await self.ctx.mirror.place(column.id, wanted) // per_page + 1
            except NotFound:
                focus = ""
                gone = await self._gone(wanted)
        found = await self._list(column, (page - 1) * per_page, per_page)
        if not found.heads and found.total:
            page = -(-found.total // per_page)
            found = await self._list(column, (page - 1) * per_page, per_page)
        scene = replace(scene, place=replace(scene.place, page=page))
        if gone and found.heads:
            # What one came from is not listed any more: the nearest in time has the focus.
            nearest = next((head for head in found.heads if head.published <= gone), found.heads[-1])
            focus = nearest.id
        shown = pages.column_page(scene, column, found.heads, found.total, per_page)
        return rows.view(shown, self.look, "-" if wanted == "-" else focus)

    async def _gone(self, item_id: str) -> str:
        """The moment of an item that a list holds no more, "" where nothing is known of it."""
        try:
            return (await self.ctx.mirror.head(item_id)).published
        except NotFound:
            return ""

    async def _item(self, scene: pages.Scene) -> View:
        mirror, place, variant = self.ctx.mirror, scene.place, scene.text.variant
        item = await mirror.item(place.item, variant)
        if place.below == "q":
            return qr.view(pages.phone(scene, item, self._phone_address(scene, place.item)), self.look)
        if place.below == "u":
            unit = await mirror.item(place.unit, variant)
            if not isinstance(unit, Unit):
                raise NotFound(f"{place.unit} is not a unit")
            page = pages.unit_document(scene, unit, await mirror.number_of(item_target(unit.id)))
            return document.view(page, self.look, self.focus)
        following, following_page = await self._following(scene, place)
        number_of = await mirror.number_of(item_target(item.id))
        shown = pages.document(scene, item, number_of, following, following_page)
        return document.view(shown, self.look, self.focus)

    async def _following(self, scene: pages.Scene, place: Place) -> tuple[Head | None, int]:
        """The item after this one in the list of the address, and the page on which it stands."""
        column = scene.site.by_number(place.number) if place.kind == "column" else None
        if column is None:
            return None, 1
        try:
            at = await self.ctx.mirror.place(column.id, place.item)
        except NotFound:
            return None, 1
        found = await self._list(column, at + 1, 1)
        page = (at + 1) // self.look.rows + 1
        return (found.heads[0], page) if found.heads else (None, 1)

    async def _number(self, scene: pages.Scene) -> View:
        links = []
        for hit in await self.ctx.number_box.find(scene.place.number, number.HITS):
            link = await self._hit(scene, hit)
            if link is not None:
                links.append(link)
        return number.view(pages.number_box(scene, links), self.look, self.focus)

    async def _hit(self, scene: pages.Scene, hit: Hit) -> pages.Link | None:
        kind, _, name = hit.entry.target.partition(":")
        given = hit.entry.number
        if kind == "c":
            column = scene.site.column(name)
            return pages.column_hit(scene, column, given) if column else None
        try:
            head = await self.ctx.mirror.head(name, scene.text.variant)
        except NotFound:
            return None
        return None if head.withdrawn else pages.item_hit(scene, head, given)

    async def _list(self, column: Column, start: int, count: int) -> Listing:
        variant = text(self.edition.lang).variant
        return await self.ctx.mirror.listing(column.id, start, count, variant)

    def _phone_address(self, scene: pages.Scene, item_id: str) -> str:
        lang = "" if scene.text.tag == "zh-Hans" else f"{scene.text.tag}/"
        base = self.ctx.settings.public_url or f"{self.request.protocol}://{self.request.host}"
        return f"{base.rstrip('/')}/wap/{lang}i/{item_id}"

    def show(self, view: View) -> None:
        """Prove a view, and write it for this box."""
        profile = PROFILES[self.edition.profile]
        boxes = [target.box for target in view.targets]
        moves = focus_graph(boxes)
        proof = prove(boxes, moves, area=view.look.area, start=view.focus)
        if not proof.ok:
            log.error("%s: the page fails its proof:\n%s", self.request.path, proof.text)
            if self.ctx.strict:
                raise UnprovedPage(proof.text)
            moves = repaired(boxes, moves, start=view.focus)
        content_type = mime(profile.name, self.request.headers.get("User-Agent", ""))
        page = render(view, moves, KEY_MAPS[profile.name], profile, self.edition.lang, content_type)
        self.set_header("Content-Type", page.mime)
        self.set_header("Cache-Control", "no-cache")
        self.write(page.body)

    def show_error(self, status: int, error: PortalError | None) -> None:
        """An error as a page of this edition, with a way back and a way home."""
        site = self.ctx.mirror.held_site(text(self.edition.lang).variant) or Site(id="", name="", columns=())
        gone = error if isinstance(error, Withdrawn) else None
        scene = self._scene_of(site)
        held = pages.held_links(scene, self.ctx.mirror.held_heads()) if status == 503 else ()
        page = pages.message(scene, status, gone.title if gone else "", gone.when if gone else "", held)
        self.show(message.view(page, self.look))


class UnprovedPage(RuntimeError):
    """A page whose moves are not proved; raised only where tests run."""


class QrHandler(PageHandler):
    """`/tv/qr.png?u=ADDRESS`: the code of an address of our own."""

    def get(self) -> None:
        """Draw the code; only addresses below /wap/ of this server or of PUBLIC_URL have one."""
        address = self.get_query_argument("u", "")[:300]
        own: tuple[str, ...] = (f"{self.request.protocol}://{self.request.host}/wap/",)
        if self.ctx.settings.public_url:
            own += (self.ctx.settings.public_url.rstrip("/") + "/wap/",)
        if not address.startswith(own):
            raise NotFound("a code is drawn for pages of this portal only")
        self.set_header("Content-Type", "image/png")
        self.set_header("Cache-Control", "public, max-age=86400")
        out = io.BytesIO()
        segno.make(address, error="m").save(
            out, kind="png", scale=12, border=4, dark="#0d1826", light="#f1eee6"
        )
        self.write(out.getvalue())


class TvRootHandler(PageHandler):
    """`/tv/`: recognise the box and send it to its edition."""

    def get(self) -> None:
        """Redirect to the edition of this box."""
        profile = recognise(self.request.headers.get("User-Agent", ""))
        lang = self.get_browser_locale_tag()
        self.set_header("Vary", "User-Agent, Accept-Language")
        self.redirect(href(Edition(profile, lang), Place()))

    def get_browser_locale_tag(self) -> str:
        """The viewer's language among ours, by Accept-Language."""
        return preferred_language(self.request.headers.get("Accept-Language", ""), self.ctx.settings.locale)


def preferred_language(accept: str, default: str) -> str:
    """The first of our languages that an Accept-Language header names; Chinese by its region or script."""
    for part in accept[:400].split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
            return "zh-Hant"
        if tag.startswith("zh"):
            return "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return default


def _home_rows(order: Sequence[Head]) -> list[Head]:
    """The newest, and the newest that has a picture where none of them has."""
    shown = list(order[:HOME_ROWS])
    if shown and not any(head.picture for head in shown):
        shown += [head for head in order if head.picture][:1]
    return shown


def _column(site: Site, wanted: str) -> Column:
    column = site.by_number(wanted)
    if column is None:
        raise NotFound(f"no column {wanted}")
    return column


def routes(context: Context) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of this edition."""
    arguments = {"context": context}
    return [
        (r"/tv/qr\.png", QrHandler, arguments),
        (r"/tv/?", TvRootHandler, arguments),
        (r"/tv/([^/]+)(?:/(.*))?", TvHandler, arguments),
    ]
