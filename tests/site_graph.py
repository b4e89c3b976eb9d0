"""The edition as a viewer with a remote control has it: every page a server shows, as a graph of presses.

The graph is read from the pages themselves, the links of their markup and the table of their script, so
that what is counted is what a box would do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html

from remote_nav.geometry import Key
from remote_nav.keymap import Action
from remote_nav.presses import Page, Place

Fetch = Callable[[str], Awaitable[bytes]]
"""The body of an address (path and query)."""

_TABLE = re.compile(r"^(?://<!\[CDATA\[\n)?var P=(\{.*\});$", re.MULTILINE)
TURNING = ("next", "previous", "after", "before")
"""Buttons that turn to another screen of a document, or to another page of a list."""

_TYPED = re.compile(r"^(?:(?:n|case)/|s/.*\.d-)(\d+)")
"""The digits of an address in which somebody types."""

_SEARCHED = re.compile(r"^s/[^/]*(?:\.[ncuyek]-|/)")
"""What a search is narrowed to, and its further pages: every list of everything, in every combination."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it was read.

    links  {target: address}                    says   {target: its words}
    focus  the target that has the focus first
    plain  addresses that the arrows pass over
    moves  {target: {arrow: target, or an address past the edge}}
    leads  {action: address}: digits, page keys, Back
    """

    title: str
    links: dict[str, str]
    says: dict[str, str]
    plain: tuple[str, ...]
    focus: str
    moves: dict[str, dict[str, str]]
    leads: dict[str, str]

    @property
    def identity(self) -> str:
        """The same for one page, wherever its focus stands: what it can do and what it is called."""
        return json.dumps([self.title, self.links, self.moves, self.leads], sort_keys=True)


def read(address: str, body: bytes) -> Shown:
    """A page from its markup."""
    table = _TABLE.search(body.decode())
    assert table, f"{address} has no table of moves"
    known = json.loads(table[1])
    page = html.fromstring(re.sub(rb"^<\?xml[^>]*>", b"", body))
    return Shown(
        page.findtext(".//title") or "",
        {a.get("id", ""): a.get("href", "") for a in page.xpath("//a[@id]")},
        {a.get("id", ""): a.text_content() for a in page.xpath("//a[@id]")},
        tuple(a.get("href", "") for a in page.xpath("//a[not(@id)]")),
        known["f"],
        known["m"],
        known["g"],
    )


class SiteGraph:
    """All pages of one edition, crawled from its home page along every key.

    typed  the digits that are typed anywhere: every other run of digits finds nothing new
    leaf   the name of the page of an address that is not looked into, "" for all others: where only the
           way to an item counts, all its addresses are one page

    skip   says which addresses below the edition are not followed at all

    The number box, help and the languages open from every page and lead back to it: each is a page of its own
    for every page that it was opened from. They are followed from the home page alone, whose are the others'.
    """

    def __init__(
        self,
        edition: str,
        fetch: Fetch,
        typed: Iterable[str] = (),
        leaf: Callable[[str], str] = lambda path: "",
        skip: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self.root = f"/tv/{edition}/"
        self.home = ""
        self.shown: dict[str, Shown] = {}
        self._fetch = fetch
        self._typed = frozenset(typed)
        self._leaf = leaf
        self._skip = skip
        self.leaves: set[str] = set()
        self._places: dict[str, Place] = {}

    async def crawl(self) -> None:
        """Read every page. Raises what `fetch` raises."""
        ids: dict[str, str] = {}
        todo = [self.root]
        known = {self.root}
        while todo:
            address = todo.pop()
            shown = read(address, await self._fetch(address))
            path = urlsplit(address).path
            # A list asked for with an item's name shows the page on which the item stands.
            name = address if path in self.shown else path
            if name in self.shown:
                name = f"{path}#{len(self.shown)}"
            page = ids.setdefault(shown.identity, name)
            self.home = self.home or page
            self._places[address] = Place(page, shown.focus)
            self.shown.setdefault(page, shown)
            for link in self._leads(shown):
                if link in known:
                    continue
                known.add(link)
                if name := self._leaf(urlsplit(link).path.removeprefix(self.root)):
                    self.leaves.add(name)
                    self._places[link] = Place(name, name)
                else:
                    todo.append(link)

    def _leads(self, shown: Shown) -> list[str]:
        past = [to for row in shown.moves.values() for to in row.values() if to.startswith("/")]
        return [
            link for link in (*shown.links.values(), *shown.plain, *shown.leads.values(), *past)
            if self._ours(link)
        ]  # fmt: skip

    def _ours(self, link: str) -> bool:
        if not link.startswith(self.root) or "b=" in urlsplit(link).query:
            return False
        path = urlsplit(link).path.removeprefix(self.root)
        if self._skip(path) or (_SEARCHED.match(path) and not self._leaf(path)):
            return False
        typed = _TYPED.match(path)
        return typed is None or typed[1] in self._typed

    def page(self, name: str) -> Page:
        """One page for `remote_nav.presses`; what leads out of the edition or the graph leads nowhere."""
        if name in self.leaves:
            return Page(name, {name: dict.fromkeys(Key)}, name)
        shown = self.shown[name]
        keys = {key.value for key in Key}
        moves: dict[str, dict[Key, str | None]] = {}
        exits: dict[tuple[str, Key], Place] = {}
        for box, row in shown.moves.items():
            moves[box] = dict.fromkeys(Key)
            for key, to in row.items():
                if key not in keys:
                    continue
                if to.startswith("/"):
                    exits[box, Key(key)] = self._places[to]
                else:
                    moves[box][Key(key)] = to
        opens = {box: self._places[link] for box, link in shown.links.items() if link in self._places}
        runs: dict[tuple[Action, ...], Place] = {
            (Action(action),): self._places[link]
            for action, link in shown.leads.items()
            if link in self._places and action != Action.BACK
        }
        back = self._places.get(shown.leads.get(Action.BACK, ""))
        turns = frozenset(box for box in TURNING if box in opens)
        return Page(name, moves, shown.focus, opens, back, runs, turns, exits)

    def pages(self) -> dict[str, Page]:
        """Every page by its id."""
        return {name: self.page(name) for name in (*self.shown, *self.leaves)}
