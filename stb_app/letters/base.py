"""What every page of letters on the television needs: who asks, from which box, and how it is answered."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from portal.errors import NotFound
from portal.http.caller import Caller, caller_of
from portal.letters import numbers
from portal.letters.errors import LettersAway
from portal.letters.flow import Choice
from portal.letters.service import Letters
from stb_app.handlers import TvHandler
from stb_app.layout import grid, message, rows
from stb_app.layout.view import View
from stb_app.pages import Rows, Scene
from stb_app.pages import letters as shaped
from stb_app.pages.letters import address
from stb_app.pages.lists import tile_legend

BOX_COOKIE = "sgbox"
BOX_SECONDS = 5 * 365 * 86_400
"""How long a television keeps its secret."""

Make = Callable[..., Awaitable[View | None]]
"""Makes the page of an address out of its parts; None where it has sent the box on to another."""


class LettersBase(TvHandler):
    """A request for a page of letters; the pages themselves are functions that are given it.

    scene   set before a page is made
    """

    scene: Scene

    @property
    def letters(self) -> Letters:
        """The letters of the city. LettersAway where this server has none."""
        if self.ctx.letters is None:
            raise LettersAway("this server has no letter box")
        return self.ctx.letters

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return caller_of(self.request, self.ctx.settings.trusted_proxies)

    @property
    def may_ask(self) -> bool:
        """Whether telephone numbers and codes may be asked for on this connection."""
        return self.caller.secure or self.letters.rules.privacy.plain_may_ask

    @property
    def box(self) -> str:
        """The secret of this television, "" where it keeps none."""
        found = self.get_cookie(BOX_COOKIE, "") or ""
        return found if numbers.TOKEN.fullmatch(found) else ""

    def to(self, *parts: object) -> str:
        """The address of a page of letters in this edition."""
        return address(self.edition, *parts)

    @property
    def join(self) -> str:
        """Where a phone goes on with a draft of this television, without the code of the pair."""
        lang = "" if self.edition.lang == "zh-Hans" else f"{self.edition.lang}/"
        return f"{self._base}/wap/{lang}l/j"

    def go(self, *parts: object) -> None:
        """On to a page of letters."""
        self.set_header("Cache-Control", "no-store")
        self.redirect(self.to(*parts))

    def rows(self, page: Rows) -> View:
        """A list, as tiles where it has too many rows for one page and few enough for them."""
        if page.pages == 1 and grid.suits(len(page.rows), self.look):
            page = replace(page, legend=tile_legend(self.scene.text))
            return grid.view(page, self.look, self.focus)
        return rows.view(page, self.look, self.focus)

    def choices(self, title: str, offered: Sequence[Choice], base: str, back: str, page: int) -> View:
        """Things to choose. `base`: the address that a place is hung on; `back`: that of the page before."""
        return self.rows(shaped.choices(self.scene, title, offered, base, back, page, self.look.rows))

    def _with_keys(self, view: View) -> View:
        """The keys of every page; after three minutes without one what stands here is cleared."""
        view = super()._with_keys(view)
        seconds = self.ctx.letters.rules.limits.screen_minutes * 60 if self.ctx.letters else 180
        menu = self.to()
        data = {**view.data, "y": f"{menu}?f=", "i": seconds * 1000}
        if self.request.path == menu:
            return view
        again = view.refresh or seconds
        return replace(
            view, data=data, refresh=again, refresh_to=view.refresh_to or ("" if view.refresh else menu)
        )

    def show(self, view: View) -> None:
        """Prove and write; nothing of letters is kept by any cache or followed by any robot."""
        super().show(view)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Robots-Tag", "noindex")
        self.set_header("Referrer-Policy", "no-referrer")

    def own_box(self) -> str:
        """The secret of this television; it gets one with its first letter."""
        box = self.box or numbers.new_token()
        self.set_cookie(
            BOX_COOKIE, box, path="/tv/", httponly=True, samesite="Lax", secure=self.caller.secure,
            max_age=BOX_SECONDS,
        )  # fmt: skip
        return box

    def unsafe(self) -> View:
        """No telephone number is asked for where others can listen: what one can do instead."""
        t = self.scene.text
        hotline = self.scene.site.hotline
        said = [t.gettext("这条线路没有加密，不在这里问电话和密码。")]
        said.append(t.gettext("请打政府热线{}，或用手机打开本网站的加密地址。").format(hotline))
        return message.view(shaped.notice(self.scene, t.gettext("写信"), said, (), self.to()), self.look)


def page_of(written: str) -> int:
    """The page of a list that a part of an address names as p2, p3 ...; else the first."""
    return int(written[1:]) if re.fullmatch(r"p[1-9][0-9]{0,2}", written) else 1


def screen_of(written: str) -> int:
    """The screen of a document that a part of an address names, from 1. NotFound."""
    if re.fullmatch(r"[0-9]{1,7}", written) and int(written):
        return int(written)
    raise NotFound(f"no screen {written}")
