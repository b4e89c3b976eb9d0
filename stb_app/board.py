"""The supervision board on the television: `/tv/EDITION/board[/MONDAY[/SCREEN]]`."""

from __future__ import annotations

from datetime import date
from typing import Any

from tornado.web import RequestHandler

from portal.errors import NotFound
from portal.http.base import Context
from portal.letters.board.blocks import blocks
from portal.letters.board.cache import Weeks, this_week, weeks_of
from portal.letters.board.digest import Digest, digest
from portal.letters.service import Letters
from stb_app.address import Edition, Place, href
from stb_app.handlers import TvHandler
from stb_app.layout import document
from stb_app.pages import Document, Link, Scene
from stb_app.pages.page import SCREEN_MARK

NAME = "board"
MOST_SCREENS = 500


class BoardHandler(TvHandler):
    """A week's figures to read; earlier weeks are a key away."""

    def initialize(self, context: Context, letters: Letters, weeks: Weeks) -> None:  # type: ignore[override] # its routes give the letters
        """Called by Tornado with the arguments of the route."""
        super().initialize(context)
        self.letters, self.weeks = letters, weeks

    async def get(self, segment: str, path: str | None) -> None:
        """Answer the page of a week."""
        self.edition = self._known(Edition.parse(segment))
        scene = await self._scene()
        written, _, screen = (path or "").partition("/")
        now = self.ctx.clock()
        try:
            monday = date.fromisoformat(written) if written else this_week(now)
        except ValueError:
            raise NotFound(f"no week {written}") from None
        board = await self.weeks.board(monday, now)
        found = digest(board, self.letters.rules, scene.text, now)
        page = board_document(scene, found, _whole(screen))
        self.show(document.view(page, self.look, self.focus))
        self.set_header("Cache-Control", "no-store")


def address(edition: Edition, week: str = "") -> str:
    """The address of a week; of this one where none is named."""
    return href(edition, Place()) + NAME + (f"/{week}" if week else "")


def board_document(scene: Scene, found: Digest, screen: int) -> Document:
    """A week's page; back is the menu of letters."""
    t = scene.text
    back = href(scene.edition, Place()) + f"l?f={NAME}"
    buttons = [Link("before", t.gettext("上一周"), address(scene.edition, found.before), "1")]
    if found.after:
        buttons.append(Link("after", t.gettext("下一周"), address(scene.edition, found.after), "2"))
    buttons.append(Link("back", t.gettext("返回"), back, "8"))
    return Document(
        title=found.title,
        meta=found.week,
        section=None,
        blocks=blocks(found, t, large=True),
        buttons=tuple(buttons),
        screen=screen,
        screen_href=f"{address(scene.edition, found.span.first.isoformat())}/{SCREEN_MARK}",
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


def _whole(written: str) -> int:
    return min(MOST_SCREENS, int(written)) if written.isdigit() else 1


def routes(context: Context) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of the board, before those of the edition; none where there are no letters."""
    if context.letters is None:
        return []
    arguments = {"context": context, "letters": context.letters, "weeks": weeks_of(context.letters)}
    week = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:/[0-9]{1,4})?"
    return [(rf"/tv/([^/]+)/{NAME}(?:/({week}))?/?", BoardHandler, arguments)]
