"""One item of the origin city, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the portal.

    serial      its number in the CMS, unique in the city
    columns     ids of the columns that list it; it is filed (and addressed) under the first
    published   YYYY-MM-DD HH:MM       changed   the same for the last change of its page
    fields      labelled values of its index table; lines within a value are parted by line feeds
    text        its body in the markup of demo.blocks
    state       of an interview: 访谈预告, 正在直播 or 访谈结束
    """

    serial: int
    kind: str
    columns: tuple[str, ...]
    title: str
    published: str
    path: str
    source: str = ""
    changed: str = ""
    fields: Fields = ()
    text: str = ""
    keywords: str = ""
    state: str = ""

    @property
    def day(self) -> str:
        """The day of publication, YYYY-MM-DD."""
        return self.published[:10]

    @property
    def modified(self) -> str:
        """The moment of its last change, YYYY-MM-DD HH:MM."""
        return self.changed or self.published
