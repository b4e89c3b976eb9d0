"""The columns of the origin city and the addresses of their lists and pages, per CMS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from demo.content.reader import table

# Items on one list page, as each CMS is usually set up.
PER_PAGE = {"jcms": 18, "jcms-proxy": 15, "trs": 15, "vsb": 15, "old": 12}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `cms` is the system that publishes it, "" for a group; `where` is its place in there."""

    id: str
    parent: str
    name: str
    number: str
    kind: str
    cms: str
    where: str
    limit: int
    words: str
    english: str

    @property
    def page(self) -> str:
        """The page that the editions make in place of a list, or ""."""
        mark, _, name = self.where.partition(":")
        return name if mark == "page" else ""

    @property
    def list_path(self) -> str:
        """The address of the first list page, "" for a group."""
        return self.page_path(0, 1) if self.cms else ""

    def page_path(self, page: int, pages: int) -> str:
        """The address of list page `page` (from 0) of `pages`."""
        first, _, second = self.where.partition(":")
        match self.cms:
            case "jcms" | "jcms-proxy":
                query = f"?uid=5{first}&pageNum={page + 1}" if page else ""
                return f"/col/col{first}/index.html{query}"
            case "trs":
                return f"{first}index_{page}.html" if page else f"{first}index.html"
            case "vsb":  # the first page has no number, the others count down to 1
                return f"/{first}/{pages - page}.htm" if page else f"/{first}.htm"
            case _:
                query = f"&page={page + 1}" if page else ""
                return f"{first}list.asp?lb={second}{query}"

    def item_path(self, serial: int, day: str) -> str:
        """The address of an item; `day` is YYYY-MM-DD."""
        year, month, date = day.split("-")
        first, _, second = self.where.partition(":")
        match self.cms:
            case "jcms" | "jcms-proxy":
                return f"/art/{year}/{int(month)}/{int(date)}/art_{first}_{serial}.html"
            case "trs":
                return f"{first}{year}{month}/t{year}{month}{date}_{9400000 + serial}.html"
            case "vsb":
                return f"/info/{second}/{serial}.htm"
            case _:
                return f"{first}show.asp?id={serial}"


@cache
def columns() -> tuple[Column, ...]:
    """All columns in the order of the screen."""
    rows = table("columns", 10)
    return tuple(
        Column(id_, _none(parent), name, number, kind, _none(cms), where, int(limit), words, english)
        for id_, parent, name, number, kind, cms, where, limit, words, english in rows
    )


@cache
def by_id() -> dict[str, Column]:
    """The columns by their id."""
    return {column.id: column for column in columns()}


def section(column: Column) -> str:
    """The id of the section that a column stands in."""
    while column.parent:
        column = by_id()[column.parent]
    return column.id


def _none(cell: str) -> str:
    return "" if cell == "-" else cell
