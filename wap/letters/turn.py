"""One request for a page of letters on the phone, and how a page is built for it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.http.caller import Caller
from portal.letters import numbers
from portal.letters.errors import LettersAway, NoDraft
from portal.letters.service import Letters
from portal.letters.telling import Said
from portal.model import Site
from wap.page import Line, Link, Page, Part
from wap.view import View, page_of

PIECE = 200
"""Characters of one field of text: old phones hold no more."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One request: where, by whom, with what.

    form   names and values that were posted, None for GET       deck   which deck of the page
    now    with the time zone of the city                         desk   None where this server has no letters
    """

    view: View
    site: Site
    parts: tuple[str, ...]
    form: Mapping[str, str] | None
    caller: Caller
    now: datetime
    desk: Letters | None
    deck: int = 1

    @property
    def letters(self) -> Letters:
        """The letters of the city. LettersAway where this server has none."""
        if self.desk is None:
            raise LettersAway("this server has no letter box")
        return self.desk

    @property
    def may_ask(self) -> bool:
        """Whether telephone numbers and codes may be asked for on this connection."""
        return self.caller.secure or self.letters.rules.privacy.plain_may_ask


@dataclass(frozen=True, slots=True)
class Gone:
    """Another page comes next."""

    parts: tuple[str, ...]


Shown = Page | Gone
Make = Callable[..., Awaitable[Shown]]
"""Makes the page of an address out of its parts."""


def page(turn: Turn, title: str, body: Sequence[Part], at: str, back: str | None = None) -> Page:
    """A page with the way up. `at`: its address below /l; `back`: that of the page before."""
    t, base = turn.view.text, turn.view.base
    up = None if back is None else Link(f"{base}/l/{back}".rstrip("/"), t.gettext("返回"))
    here = f"{base}/l/{at}".rstrip("/")
    return page_of(turn.view, title, title, here, body, more=f"{here}?p=", up=up, menu=False)


def lines(said: Sequence[Said]) -> list[Part]:
    """What is said, as lines: the head in bold above what is long, before what is short."""
    found: list[Part] = []
    for each in said:
        if each.head and not each.block:
            found.append(Line(f"{each.head}: {each.text}"))
            continue
        if each.head:
            found.append(Line(each.head, strong=True))
        found += [Line(line) for line in each.text.split("\n") if line.strip()]
    return found


def token_of(written: str) -> str:
    """A token of an address. NoDraft where it can be none."""
    if not numbers.TOKEN.fullmatch(written):
        raise NoDraft("no such token")
    return written


def count_of(written: str) -> int:
    """A number of an address, from 1; 1 where there is none."""
    return int(written) if re.fullmatch(r"[1-9][0-9]{0,3}", written) else 1
