"""Routes of the television edition: read the address, ask the mirror, shape the page, show it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from tornado.web import RequestHandler

from portal.dial import item_target
from portal.errors import NotFound, PortalError, Withdrawn
from portal.http.base import Context, PageHandler
from portal.http.caller import caller_of
from portal.model import Column, Head, Kind, Matter, Site, Unit
from portal.near import trail
from portal.sheet.codes import Codes
from portal.store import Listing
from portal.text import text
from remote_nav.keymap import Action
from remote_nav.profile import PROFILES, Markup, identify, mime
from remote_nav.proof import repaired
from stb_app import entry, gather, lookups, operators, own, pages, system_pages
from stb_app.address import PLAIN, Edition, Place, below, beside, href, href_from_here, resized, root
from stb_app.exits import OWN_EXITS, RETURN
from stb_app.layout import document, grid, home, learning, message, qr, rows, standby
from stb_app.layout.look import Look, look_for
from stb_app.layout.view import Live, View
from stb_app.moves import moves_of
from stb_app.operators import NOBODY, Operator
from stb_app.pages.letters import address
from stb_app.render import render

log = logging.getLogger("sunshine.tv")

MOST_POSITION = 10_000_000
DEFAULT_PROFILE = "web-hd"
BESIDE = (Kind.MATTER, Kind.UNIT)
"""Kinds whose items stand side by side: short names, and many of them. News has a day and a long title."""

NO_ITEMS = ("", "-", *rows.HEAD)
"""What the focus of a list may be besides an item: nothing, the last row, a button."""


class TvHandler(PageHandler):
    """Every page below `/tv/EDITION/`."""

    edition = Edition(DEFAULT_PROFILE)
    place = Place()
    private = False

    def initialize(self, context: Context, table: Mapping[str, Operator] = NOBODY) -> None:
        """Called by Tornado with the arguments of the route."""
        super().initialize(context)
        self.operators = table

    async def get(self, segment: str, path: str) -> None:
        """Answer the page of an address."""
        self.edition = self._known(Edition.parse(segment))
        behind, behind_focus = beside(self.get_query_argument("b", ""))
        self.place = Place.parse(path)
        if behind is not None:
            self.place = replace(self.place, beside=behind, beside_focus=behind_focus)
        if self.place.kind == "leave" and self.exit == RETURN and self.operator is not None:
            self.set_header("Cache-Control", "no-store")
            self.redirect(self.operator.return_address(self.edition.way_back))
            return
        if self.place.kind == "search" and "q" in self.request.query_arguments:
            self.redirect(href(self.edition, lookups.typed(self.get_query_argument("q"))))
            return
        if self.place.kind == "keys" and self._recognised():
            return
        view = await self._view(await self._scene())
        if self.position is not None and (self.place.item or self.place.kind == "help"):
            # The size of the letters was changed: the same words have an address of their own.
            unit = self.place.below == "u"
            place = (
                replace(self.place, unit_screen=view.screen)
                if unit
                else replace(self.place, screen=view.screen)
            )
            self.redirect(href(self.edition, place, self.focus))
            return
        self.show(view)

    def _known(self, edition: Edition) -> Edition:
        """The edition without an operator that the table no longer holds: the pages are everybody's."""
        known = self.operators.get(edition.operator)
        if known is None:
            return replace(edition, operator="", area="", way_back="")
        return edition if edition.area in known.areas else replace(edition, area="")

    def _recognised(self) -> bool:
        """Whether a box that came to learn its keys was sent elsewhere, by what its script knows of it."""
        asked = {name: self.get_query_argument(name, "")[:200] for name in ("app", "vendor", "w")}
        box = identify(self.request.headers.get("User-Agent", ""), asked["app"], asked["vendor"])
        if box.sure and asked["app"] + asked["vendor"]:
            known = entry.edition_of(box)
            self.redirect(href(replace(self.edition, profile=known.profile, keys=known.keys), Place()))
            return True
        wide = int(asked["w"][:6]) if asked["w"].isascii() and asked["w"].isdigit() else 0
        if 0 < wide < entry.SMALL_SCREEN < PROFILES[self.edition.profile].width:
            small = replace(self.edition, profile=entry.SMALL_PROFILE)
            self.redirect(href(small, Place("keys")) + "?app=")
            return True
        return False

    @property
    def operator(self) -> Operator | None:
        """The operator whose portal opened us."""
        return self.operators.get(self.edition.operator)

    @property
    def exit(self) -> str:
        """The way out of this box, a key of EXITS, or ""."""
        if self.operator is not None:
            return self.operator.exit
        return OWN_EXITS.get(self.edition.profile, "")

    @property
    def position(self) -> int | None:
        """Where in a list or a document one was when the size of the letters was changed."""
        asked = self.get_query_argument("at", "")
        if not (asked.isascii() and asked.isdigit()):
            return None
        return min(int(asked[:9]), MOST_POSITION)

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
            operator=self.operator,
            leave=bool(self.exit),
        )

    async def _view(self, scene: pages.Scene) -> View:
        place = scene.place
        if place.item:
            return await self._item(scene)
        if place.kind == "column":
            column = _column(scene.site, place.number)
            if column.page:
                return await self._own(replace(scene, place=own.place_of(scene.site, column)))
            return await self._column(scene, column)
        if place.kind == "wanted":
            return await self._wanted(scene)
        if place.kind in ("go", "case"):
            return await self._own(scene)
        if place.kind in lookups.KINDS:
            return await lookups.view(lookups.Lookup(self.ctx, scene, self.look, self.focus))
        if place.kind == "help":
            return document.view(pages.help_document(scene), self.look, self.focus, self.position)
        if place.kind == "lang":
            page = pages.languages(scene)
            return message.view(page, self.look, self.focus or scene.text.tag)
        if place.kind == "services":
            if scene.operator is None:
                raise NotFound("no operator has opened this box's page")
            return rows.view(
                system_pages.services(scene, scene.operator, self.look.rows), self.look, self.focus
            )
        if place.kind in PLAIN:
            return self._plain(scene)
        return await self._home(scene)

    async def _own(self, scene: pages.Scene) -> View:
        """The pages that are no list of the origin."""
        trail().passing = True  # open now, a case: made for who asks, under whatever address
        self.place = scene.place
        if scene.place.kind == "go":
            return await own.go(self.ctx, scene, self.look, self.focus, self._base)
        screen = self.get_query_argument("s", "")[:3]
        asked = own.CaseAsked(
            self.get_query_argument("k", None),
            int(screen) if screen.isascii() and screen.isdigit() and int(screen) else 1,
            caller_of(self.request, self.ctx.settings.trusted_proxies).address,
        )
        self.private = asked.code is not None
        return await own.case(self.ctx, scene, self.look, self.focus, asked)

    def _plain(self, scene: pages.Scene) -> View:
        """The pages about the box itself."""
        match scene.place.kind:
            case "keys":
                probed = self.get_query_argument("app", None) is not None
                return learning.view(system_pages.learning(scene, probed=probed), self.look)
            case "standby":
                # A place of our own or nothing: what is asked is read like any address.
                to = Place.parse(self.get_query_argument("to", "")[:200])
                to = replace(to, beside=self.place.beside, beside_focus=self.place.beside_focus)
                wake = href(scene.edition, to if to.kind not in PLAIN else Place(), self.focus)
                return standby.view(system_pages.standby(scene, wake), self.look)
            case _:
                if not self.exit:
                    raise NotFound("nobody's portal has opened this box's page")
                return message.view(system_pages.leaving(scene), self.look)

    async def _home(self, scene: pages.Scene) -> View:
        area = scene.operator.areas.get(self.edition.area, "") if scene.operator else ""
        found = await gather.front(self.ctx, scene.site, scene.text.variant, area)
        live = PROFILES[self.edition.profile].markup is Markup.HBBTV
        page = pages.home(
            scene,
            dict(found.newest),
            found.recent,
            found.notice,
            live=live,
            wanted=found.wanted,
            letters=address(self.edition) if self.ctx.letters is not None else "",
        )
        return home.view(page, self.look, self.focus)

    async def _wanted(self, scene: pages.Scene) -> View:
        heads = await gather.wanted(self.ctx, scene.text.variant, pages.MOST_WANTED)
        if not heads:
            raise NotFound("no matter is wanted: there is none")
        groups = pages.grouped(scene.site, [(head.id, head.columns) for head in heads])
        at = min(int(scene.place.number or 0), len(groups))
        if self.focus and at:
            # Back: the matter stands under the heading where it stands now.
            at = next((n for n, group in enumerate(groups, 1) if self.focus in group.ids), at)
        scene = replace(scene, place=replace(scene.place, number=str(at) if at else ""))
        show = pages.matters if at or len(groups) == 1 else pages.headings
        return grid.view(show(scene, groups, {head.id: head for head in heads}), self.look, self.focus)

    async def _column(self, scene: pages.Scene, column: Column) -> View:
        per_page = self._per_page(column)
        children = scene.site.children(column.id)
        focus = self.focus
        if children:
            silent = tuple(child.id for child in children if not child.words and child.count)
            found_heads = await self.ctx.mirror.newest(silent, 1, scene.text.variant)
            newest = {child: heads[0] for child, heads in found_heads.items() if heads}
            tiles = len(children) > self.look.rows
            per_page = grid.MOST if tiles else self.look.rows
            at = next((i for i, child in enumerate(children) if child.id == focus), None)
            if at is not None:
                scene = replace(scene, place=replace(scene.place, page=at // per_page + 1))
            group = pages.group(scene, column, per_page, newest, tiles=tiles)
            return grid.view(group, self.look, focus) if tiles else rows.view(group, self.look, focus)
        wanted = focus
        page = scene.place.page if self.position is None else self.position // per_page + 1
        gone = ""
        if wanted and wanted not in NO_ITEMS:
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
        if page != scene.place.page:
            scene = replace(scene, place=replace(scene.place, page=page))
        if gone and found.heads:
            # What one came from is not listed any more: the nearest in time has the focus.
            nearest = next((head for head in found.heads if head.published <= gone), found.heads[-1])
            focus = nearest.id
        tiles = column.kind in BESIDE and found.total > 0
        shown = pages.column_page(scene, column, found.heads, found.total, per_page, tiles=tiles)
        if tiles:
            return grid.view(shown, self.look, wanted if wanted in NO_ITEMS else focus)
        return rows.view(shown, self.look, wanted if wanted in NO_ITEMS else focus)

    def _per_page(self, column: Column) -> int:
        """Items of one page of a column, whether they stand side by side or one below the other."""
        return grid.MOST if column.kind in BESIDE else self.look.rows

    async def _gone(self, item_id: str) -> str:
        """The moment of an item that a list holds no more, "" where nothing is known of it."""
        try:
            return (await self.ctx.mirror.head(item_id)).published
        except NotFound:
            return ""

    async def _item(self, scene: pages.Scene) -> View:
        mirror, place, variant = self.ctx.mirror, scene.place, scene.text.variant
        item = await mirror.item(place.item, variant)
        self.ctx.finding.wanted.count(item.id)
        if place.below == "q":
            entry_address = self._phone_address(scene)
            number_of = await mirror.number_of(item_target(item.id))
            code = pages.phone(scene, item, f"{entry_address}i/{item.id}", entry_address, number_of)
            return qr.view(code, self.look)
        if place.below == "p":
            if not isinstance(item, Matter):
                raise NotFound(f"{item.id} is not a matter")
            codes = Codes(mirror.redis, mirror.keys.site_id, secrets.randbelow)
            given = await codes.give(item.id, scene.text.tag)
            return qr.view(pages.sheet(scene, item, self._base, given), self.look)
        if place.below == "u":
            unit = await mirror.item(place.unit, variant)
            if not isinstance(unit, Unit):
                raise NotFound(f"{place.unit} is not a unit")
            around = await own.around_unit(self.ctx, scene.text, self.look, unit)
            page = pages.unit_document(scene, unit, await mirror.number_of(item_target(unit.id)), around)
            return document.view(page, self.look, self.focus, self.position)
        following, following_page = await self._following(scene, place)
        number_of = await mirror.number_of(item_target(item.id))
        around = ()
        if isinstance(item, Unit):
            around = await own.around_unit(self.ctx, scene.text, self.look, item)
        shown = pages.document(scene, item, number_of, following, following_page, around)
        return document.view(shown, self.look, self.focus, self.position)

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
        page = (at + 1) // self._per_page(column) + 1
        return (found.heads[0], page) if found.heads else (None, 1)

    async def _list(self, column: Column, start: int, count: int) -> Listing:
        variant = text(self.edition.lang).variant
        return await self.ctx.mirror.listing(column.id, start, count, variant)

    def _phone_address(self, scene: pages.Scene) -> str:
        """Where the phone pages of the viewer's language begin."""
        lang = "" if scene.text.tag == "zh-Hans" else f"{scene.text.tag}/"
        return f"{self._base}/wap/{lang}"

    @property
    def _base(self) -> str:
        """The address of this server as phones reach it."""
        base = self.ctx.settings.public_url or f"{self.request.protocol}://{self.request.host}"
        return base.rstrip("/")

    def show(self, view: View) -> None:
        """Prove a view, and write it for this box."""
        profile = PROFILES[self.edition.profile]
        view = self._with_keys(view)
        moves, proof = moves_of(view)
        if not proof.ok:
            log.error("%s: the page fails its proof:\n%s", self.request.path, proof.text)
            if self.ctx.strict:
                raise UnprovedPage(proof.text)
            moves = repaired([target.box for target in view.targets], moves, start=view.focus)
        content_type = mime(profile.name, self.request.headers.get("User-Agent", ""))
        leaving = self.exit if self.place.kind == "leave" and view.script == "remote" else ""
        page = render(view, moves, self.edition.keymap, profile, self.edition.lang, content_type, leaving)
        self.set_header("Content-Type", page.mime)
        self.set_header("Cache-Control", "no-store" if self.private else "no-cache")
        self.write(page.body)

    def _with_keys(self, view: View) -> View:
        """A view with what every page has: the coloured keys, the way out, and standby after idle."""
        if self.place.kind in ("keys", "standby"):
            return view
        at = f"at={view.position}&" if view.position else ""
        here, start = below(self.place), root(self.edition)
        larger = resized(self.edition) + here
        helping = href_from_here(self.edition, self.place, "help")
        writing = address(self.edition) if self.ctx.letters is not None else helping
        shortcuts = {
            Action.D0: href_from_here(self.edition, self.place, "number"),
            Action.RED: start,
            Action.GREEN: writing,
            Action.YELLOW: f"{larger}{'&' if '?' in larger else '?'}{at}f=",
            Action.BLUE: helping,
            Action.HOME: start,
        }
        if self.exit:
            shortcuts[Action.EXIT] = href(self.edition, Place("leave"))
        data: dict[str, object] = {}
        if not any(isinstance(part, Live) for part in view.parts):
            # The running programme is never covered; everything else rests after a while.
            path, _, away = here.partition("?")
            data["y"] = f"{start}standby?to={quote_plus(path)}{'&' if away else ''}{away}&f="
        if self.place.kind == "leave" and self.operator is not None:
            data["t"] = self.operator.return_address(self.edition.way_back)
        return replace(view, shortcuts={**shortcuts, **view.shortcuts}, data={**view.data, **data})

    def show_error(self, status: int, error: PortalError | None) -> None:
        """An error as a page of this edition, with a way back and a way home."""
        site = self.ctx.mirror.held_site(text(self.edition.lang).variant) or Site(id="", name="", columns=())
        when = error.when if isinstance(error, Withdrawn) else ""
        scene = self._scene_of(site)
        held = pages.held_links(scene, self.ctx.mirror.held_heads()) if status == 503 else ()
        page = pages.message(scene, status, when, held)
        self.show(message.view(page, self.look))


class UnprovedPage(RuntimeError):
    """A page whose moves are not proved; raised only where tests run."""


def _column(site: Site, wanted: str) -> Column:
    column = site.by_number(wanted)
    if column is None:
        raise NotFound(f"no column {wanted}")
    return column


def routes(context: Context) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of this edition. WrongOperators where the table of operators cannot be used."""
    settings = context.settings
    table = operators.load(settings.operators) if settings.operators else NOBODY
    return [
        *entry.routes(context, table),
        (r"/tv/([^/]+)/?(.*)", TvHandler, {"context": context, "table": table}),
    ]
