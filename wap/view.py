"""What all pages of the edition share: words, addresses, and the foot that leads on and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from portal.model import Column, Site, name_in
from portal.text import Text
from wap.page import BOX_KEY, Call, Link, Page, Part


@dataclass(frozen=True, slots=True)
class View:
    """What every page needs: the words, where the edition stands, and the day in the city.

    base   "/wap", or "/wap/en" where the language is not the installation's own
    bases  language tag -> base, for the links to the other languages
    """

    text: Text
    base: str
    today: str
    bases: tuple[tuple[str, str], ...] = ()

    def column(self, column: Column) -> str:
        """The address of a column."""
        return f"{self.base}/c/{quote(column.number or column.id, safe='')}"

    def item(self, item_id: str) -> str:
        """The address of an item."""
        return f"{self.base}/i/{quote(item_id, safe='')}"

    def name(self, column: Column) -> str:
        """The column's name in this language."""
        return name_in(column.names, self.text.tag, column.name)

    def words(self, column: Column) -> str:
        """The everyday words of a column; they are Chinese, so another language goes without."""
        return "" if self.text.tag == "en" else column.words

    def city(self, site: Site) -> str:
        """The portal's name in this language."""
        return name_in(site.names, self.text.tag, site.name)


def page_of(
    view: View,
    where: str,
    title: str,
    address: str,
    body: Sequence[Part],
    *,
    more: str = "",
    up: Link | None = None,
    home: bool = True,
    menu: bool = True,
    at: int = 1,
    of: int = 1,
    first: str = "",
    numbered: str = "",
    cache: str = "",
) -> Page:
    """A page with the foot that all have.

    first, numbered   of a list in pages: the address of its first, and what N follows in the others
    """
    t = view.text
    foot = [] if up is None else [up]
    if home:
        foot.append(Link(f"{view.base}/", t.gettext("首页")))
    forward, backward = t.gettext("下一页"), t.gettext("上一页")
    before = first if at == 2 else f"{numbered}{at - 1}"
    return Page(
        where=where,
        title=title,
        address=address,
        more=more or f"{address.rstrip('/')}/",
        body=tuple(body),
        language=t.tag,
        back=t.gettext("返回"),
        next=Link(f"{numbered}{at + 1}", forward) if at < of else None,
        previous=Link(before, backward) if at > 1 else None,
        foot=tuple(foot),
        menu=Link(f"{view.base}/n", t.gettext("号码"), BOX_KEY) if menu else None,
        at=at,
        of=of,
        next_text=forward,
        previous_text=backward,
        cache=cache,
    )


def call_of(written: str, label: str = "", number: str = "") -> Call:
    """A telephone as a link; `written` is shown as it is, `number` dialled where it differs."""
    return Call(re.sub(r"[^\d+]", "", number or written), written, label)
