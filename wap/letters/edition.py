"""Letters for phones, over HTTP and by the gateway alike: the addresses, the menu, and what went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from portal.errors import MirrorAway, NotFound, PortalError
from portal.http.base import RETRY_SECONDS, Context
from portal.http.caller import Caller
from portal.letters.refusal import refusal
from portal.model import Site
from wap import routes, split
from wap.device import VARY
from wap.edition import Answer, content_type, device_of
from wap.letters import letter, looking_up, public, writing
from wap.letters.form import read_form
from wap.letters.turn import Gone, Make, Shown, Turn, count_of, page
from wap.page import Line, Link, Page, Part
from wap.view import call_of

log = logging.getLogger("sunshine.letters")

_PATH = re.compile(r"/l(?:/(.*))?")
_FOLLOWED = 4
"""How often one page may lead on to another at once, before the phone is sent there."""


def is_letters(path: str) -> bool:
    """Whether the rest of an address, as `routes.view_of` gives it, belongs to letters."""
    return _PATH.fullmatch(path.rstrip("/")) is not None


class LettersEdition:
    """Letters for phones, over HTTP and by the gateway alike."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def answer(
        self,
        target: str,
        headers: Mapping[str, str],
        caller: Caller,
        body: bytes | None = None,
        room: int | None = None,
        *,
        follow: bool = False,
    ) -> Answer:
        """Answer GET, or POST where there is a `body`. A step that was done leads on with 302.

        room     as in `Edition.answer`          follow   give the page that comes next at once, without 302
        """
        device = device_of(headers, room)
        address = urlsplit(target)
        view, rest = routes.view_of(self._ctx, address.path)
        found = _PATH.fullmatch(rest.rstrip("/"))
        path = (found[1] or "") if found else ""
        query = dict(parse_qsl(address.query, max_num_fields=10)) if len(address.query) < 500 else {}
        site = Site(id="", name="", columns=())
        try:
            site = await self._ctx.mirror.site(view.text.variant)
        except (MirrorAway, NotFound):
            log.info("letters without a mirror")  # they do not need one
        parts, deck = tuple(p for p in path.split("/") if p), count_of(query.get("p", ""))
        now, desk = self._ctx.clock(), self._ctx.letters
        turn = Turn(view, site, parts, None, caller, now, desk, deck)
        status = 200
        try:
            turn = replace(turn, form=None if body is None else read_form(body))
            shown = await _answer(turn)
            followed = 0
            while isinstance(shown, Gone) and follow and followed < _FOLLOWED:
                followed += 1
                shown = await _answer(replace(turn, parts=shown.parts, form=None))
        except PortalError as error:
            log.info("letters: %s", type(error).__name__)
            status, shown = _wrong(turn, error)
        kept = (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"))
        if isinstance(shown, Gone):
            to = "/".join((f"{view.base}/l", *shown.parts))
            return Answer(302, (("Content-Type", "text/plain"), ("Location", to), *kept), b"")
        decks = split.decks(shown, device)
        octets = split.encode(decks[min(turn.deck, len(decks)) - 1], device)
        wait = (("Retry-After", str(RETRY_SECONDS)),) if status == 503 else ()
        return Answer(status, (("Content-Type", content_type(device)), ("Vary", VARY), *kept, *wait), octets)


async def _answer(turn: Turn) -> Shown:
    name, rest = (turn.parts[0], turn.parts[1:]) if turn.parts else ("", ())
    make = _PAGES.get(name)
    if make is None or len(rest) > 4:
        raise NotFound("no such page of letters")
    if name in _PRIVATE and not turn.may_ask:
        return _unsafe(turn)
    return await make(turn, *rest, *([""] * (4 - len(rest))))


async def _menu(turn: Turn, *_: str) -> Shown:
    """What one can do."""
    t, base = turn.view.text, turn.view.base
    body = [
        Link(f"{base}/l/w", t.gettext("写信"), "1"),
        Link(f"{base}/l/q", t.gettext("查我的信"), "2"),
        Link(f"{base}/l/o", t.gettext("看大家的信"), "3"),
        Link(f"{base}/l/j", t.gettext("接着写电视上的信"), "4"),
        Link(f"{base}/b", t.gettext("看各单位办得怎样"), "5"),
    ]
    return page(turn, t.gettext("写信、查回信"), body, "")


def _unsafe(turn: Turn) -> Page:
    """No telephone number is asked for where others can listen: what one can do instead."""
    t = turn.view.text
    body: list[Part] = [Line(t.gettext("这条线路没有加密，不在这里问电话和密码。"))]
    if turn.site.hotline:
        body.append(call_of(turn.site.hotline, t.gettext("请打政府热线:")))
    body.append(Link(f"{turn.view.base}/l/q", t.gettext("只查办到哪一步")))
    return page(turn, t.gettext("写信"), body, "", back="")


def _wrong(turn: Turn, error: PortalError) -> tuple[int, Page]:
    """An error as a page that says what to do, and its status."""
    t = turn.view.text
    status, said = refusal(error, t, turn.now) or (404, t.gettext("没有找到。"))
    body: list[Part] = [Line(said, strong=True)]
    if turn.site.hotline:
        body.append(call_of(turn.site.hotline, t.gettext("有急事请打政府热线:")))
    return status, page(turn, t.gettext("写信、查回信"), body, "/".join(turn.parts), back="")


_PAGES: Mapping[str, Make] = {
    "": _menu,
    "w": writing.begin,
    "d": writing.draft,
    "r": writing.receipt,
    "j": writing.join,
    "q": looking_up.ask,
    "u": looking_up.unlock,
    "v": letter.opened,
    "o": public.pages,
}
_PRIVATE = frozenset("wdrjuv")
"""Pages that ask for, or show, what nobody else may hear."""
