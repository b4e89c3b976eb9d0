"""The addresses of letters on the television, and what is shown where one went wrong."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.errors import NotFound, PortalError
from portal.http.base import Context
from portal.letters.errors import LettersAway, NotAllowed, NotStored
from portal.letters.refusal import refusal
from portal.model import Site
from portal.text import text
from stb_app.address import Edition, Place, beside, href
from stb_app.layout import message
from stb_app.layout.view import View
from stb_app.letters import letter, looking_up, public, writing
from stb_app.letters.base import LettersBase, Make
from stb_app.operators import NOBODY, Operator
from stb_app.pages import Link
from stb_app.pages import letters as shaped


class LettersHandler(LettersBase):
    """Every page below `/tv/EDITION/l`."""

    async def get(self, segment: str, path: str | None) -> None:
        """Answer the page of an address."""
        self.edition = self._known(Edition.parse(segment))
        behind, behind_focus = beside(self.get_query_argument("b", ""))
        self.place = replace(Place(), beside=behind, beside_focus=behind_focus)
        self._refuse_others()
        scene = await self._scene()
        self.scene = scene
        parts = [part for part in (path or "").split("/") if part]
        name, rest = (parts[0], parts[1:]) if parts else ("", [])
        make = _PAGES.get(name)
        if make is None or not _takes(make, len(rest)):
            raise NotFound(self.request.path)
        view = await make(self, *rest)
        if view is not None:
            self.show(view)

    def _refuse_others(self) -> None:
        """A link on somebody else's page may open the menu, and do nothing."""
        site = self.request.headers.get("Sec-Fetch-Site", "")
        if site in ("cross-site", "same-site") and self.request.path.rstrip("/").rpartition("/")[2] != "l":
            raise NotAllowed("origin", "this address was opened from another site")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """An error of letters as a page that says what to do; every other as the edition says it."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        words = text(self.edition.lang)
        found = refusal(error, words, self.ctx.clock()) if isinstance(error, PortalError) else None
        if found is None:
            super().write_error(status_code, **kwargs)
            return
        status, wrong = found
        self.set_status(status)
        self.scene = self._scene_of(
            self.ctx.mirror.held_site(words.variant) or Site(id="", name="", columns=())
        )
        t = self.scene.text
        said = (wrong, t.gettext("有急事请打政府热线{}。").format(self.scene.site.hotline))
        again = Link("again", t.gettext("再试一次"), self.request.path, "1")
        buttons = (again,) if isinstance(error, NotStored | LettersAway) else ()
        menu = Link(
            "back", t.gettext("返回"), self.to() if status != 503 else href(self.edition, Place()), "8"
        )
        page = shaped.notice(self.scene, t.gettext("写信、查回信"), said, (*buttons, menu), menu.href)
        self.show(message.view(page, self.look))
        if not self._finished:
            self.finish()


async def _menu(tv: LettersBase) -> View:
    """What one can do, and the letters of this television."""
    now = tv.ctx.clock()
    listed = await tv.letters.household.on_box(tv.box, now) if tv.box else ()
    fresh = await tv.letters.household.news(tv.box) if tv.box else ()
    if fresh:
        await tv.letters.household.saw(tv.box)
    return tv.rows(shaped.menu(tv.scene, listed, now, fresh))


_PAGES: Mapping[str, Make] = {
    "": _menu,
    "w": writing.begin,
    "d": writing.draft,
    "r": writing.receipt,
    "b": looking_up.boxed,
    "q": looking_up.ask,
    "g": looking_up.glance,
    "v": letter.opened,
    "o": public.pages,
}


def _takes(make: Make, count: int) -> bool:
    """Whether a page takes so many parts of an address."""
    takes = list(inspect.signature(make).parameters.values())[1:]
    return sum(each.default is inspect.Parameter.empty for each in takes) <= count <= len(takes)


def routes(context: Context, table: Mapping[str, Operator] = NOBODY) -> list[tuple[str, Any, dict[str, Any]]]:
    """The routes of letters; they stand before those of the other pages of the television."""
    return [(r"/tv/([^/]+)/l(?:/(.*))?", LettersHandler, {"context": context, "table": table})]
