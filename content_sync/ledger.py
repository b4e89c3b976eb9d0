"""What a run holds of every page: lists, identities, heads and ranks, in a private SQLite database.

A pass over twenty thousand pages takes no more memory than one over two thousand: what grows with their
number stands here, in a file without a name that goes with the run, of which two megabytes are at hand.
Nothing in it outlives the run; what lasts is in Redis (`content_sync.state`).

    listed  the columns' lists as the origin has them     fresh    entries of them that are new or changed
    page    canonical address -> item id, proved gone     pending  records of columns, not yet kept
    head    published heads at `generation`: 0 none, 1 shown, 2 a tombstone    ahead  heads written ahead
    shown   ranks of the published lists                  coming   ranks that touched columns will have
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from content_sync import ranks
from portal.model import Column, Head, Kind
from portal.writer import Publication

AT_HAND = 2_000
"""Kilobytes of the database that stay in memory."""

NEVER = -1
"""The generation of which a new ledger knows the heads and lists."""

_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
CREATE TABLE col(name TEXT PRIMARY KEY, place INTEGER, own INTEGER, touched INTEGER) WITHOUT ROWID;
CREATE TABLE listed(col TEXT, place INTEGER, name TEXT, url TEXT, missing INTEGER, PRIMARY KEY(col, place))
    WITHOUT ROWID;
CREATE INDEX listed_name ON listed(name);
CREATE INDEX listed_url ON listed(url);
CREATE TABLE fresh(col TEXT, place INTEGER, name TEXT, url TEXT, title TEXT, day TEXT,
    PRIMARY KEY(col, place)) WITHOUT ROWID;
CREATE TABLE pending(col TEXT PRIMARY KEY, raw TEXT);
CREATE TABLE page(name TEXT PRIMARY KEY, id TEXT, gone INTEGER) WITHOUT ROWID;
CREATE INDEX page_id ON page(id);
CREATE TABLE head(id TEXT PRIMARY KEY, state INTEGER, kind TEXT, published TEXT, columns TEXT) WITHOUT ROWID;
CREATE TABLE ahead(id TEXT PRIMARY KEY, kind TEXT, published TEXT, columns TEXT) WITHOUT ROWID;
CREATE TABLE shown(col TEXT, id TEXT, rank REAL, PRIMARY KEY(col, id)) WITHOUT ROWID;
CREATE INDEX shown_id ON shown(id);
CREATE TABLE coming(col TEXT, id TEXT, rank REAL, PRIMARY KEY(col, id)) WITHOUT ROWID;
CREATE INDEX coming_id ON coming(id);
CREATE VIEW member AS
    SELECT col, id, rank FROM coming
    UNION ALL SELECT s.col, s.id, s.rank FROM shown s JOIN col c ON c.name = s.col WHERE NOT c.touched;
CREATE VIEW standing AS
    SELECT m.col, m.id, m.rank, COALESCE(a.kind, h.kind) AS kind,
        COALESCE(a.published, h.published) AS published, COALESCE(a.columns, h.columns) AS columns
    FROM member m LEFT JOIN ahead a ON a.id = m.id LEFT JOIN head h ON h.id = m.id AND h.state = 1;
"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """An entry that is new or that its list words anew; `name` is its canonical address."""

    place: int
    name: str
    url: str
    title: str
    date: str


@dataclass(frozen=True, slots=True)
class Placed:
    """What changes in a column's list: new ranks, and items that leave it."""

    column: str
    ranks: dict[str, float]
    left: tuple[str, ...]


class Ledger:
    """The tables of one run. `columns` are the site file's, in its order."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.generation = NEVER
        self._columns = {column.id: column for column in columns}
        # An empty name is a file of SQLite's own that vanishes with the connection. Nothing is ever
        # committed: there is nobody else to see it.
        self._db = sqlite3.connect("")
        self._db.executescript(f"PRAGMA cache_size = -{AT_HAND};{_TABLES}")
        self._db.executemany(
            "INSERT INTO col VALUES (?, ?, 1, 0)", ((name, place) for place, name in enumerate(self._columns))
        )

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    # --- the columns' lists -----------------------------------------------------------------

    def put_list(self, column: str, entries: Iterable[tuple[str, str]], missing: Mapping[str, int]) -> None:
        """A column's list as (canonical address, address), newest first.

        missing  address -> how often in a row the list has lacked it
        """
        self._db.execute("DELETE FROM listed WHERE col = ?", (column,))
        rows = ((column, place, name, url, missing.get(url)) for place, (name, url) in enumerate(entries))
        self._db.executemany("INSERT INTO listed VALUES (?, ?, ?, ?, ?)", rows)

    def columns_of(self, name: str) -> tuple[str, ...]:
        """The columns that list a page, in the site file's order."""
        found = self._db.execute(
            "SELECT DISTINCT c.name FROM listed l JOIN col c ON c.name = l.col WHERE l.name = ? "
            "ORDER BY c.place",
            (name,),
        )
        return tuple(column for (column,) in found)

    def is_listed(self, url: str) -> bool:
        """Whether some list has this very address."""
        return self._db.execute("SELECT 1 FROM listed WHERE url = ? LIMIT 1", (url,)).fetchone() is not None

    def names(self, batch: int) -> Iterator[list[str]]:
        """The canonical addresses of all entries, some at a time."""
        last = ""
        while True:
            found = self._db.execute(
                "SELECT DISTINCT name FROM listed WHERE name > ? ORDER BY name LIMIT ?", (last, batch)
            ).fetchall()
            if not found:
                return
            last = found[-1][0]
            yield [name for (name,) in found]

    def rename(self, gone: str, kept: str) -> None:
        """A canonical address has turned out to be another name of `kept`."""
        self._db.execute("UPDATE listed SET name = ? WHERE name = ?", (kept, gone))
        self._db.execute("DELETE FROM page WHERE name = ?", (gone,))

    def lacking(self, name: str, least: int) -> bool:
        """Whether lists lack this page; if so, they have from now lacked it `least` times at least."""
        changed = self._db.execute(
            "UPDATE listed SET missing = MAX(missing, ?) WHERE name = ? AND missing IS NOT NULL",
            (least, name),
        )
        return changed.rowcount > 0

    def suspects(self, column: str, misses: int) -> list[str]:
        """Addresses that a column's list has lacked so many times."""
        found = self._db.execute(
            "SELECT url FROM listed WHERE col = ? AND missing >= ? ORDER BY place", (column, misses)
        )
        return [url for (url,) in found]

    def stands_elsewhere(self, name: str, column: str) -> bool:
        """Whether a list other than that of `column` has a page, and does not lack it."""
        found = self._db.execute(
            "SELECT 1 FROM listed WHERE name = ? AND col <> ? GROUP BY col HAVING COUNT(missing) = 0 LIMIT 1",
            (name, column),
        )
        return found.fetchone() is not None

    # --- what a look at the lists found, until it is kept -------------------------------------

    def put_look(self, column: str, raw: str, fresh: Iterable[Fresh]) -> None:
        """A column's new record as it will be kept, and the entries that have to be looked at first."""
        self._db.execute("INSERT OR REPLACE INTO pending VALUES (?, ?)", (column, raw))
        rows = ((column, each.place, each.name, each.url, each.title, each.date) for each in fresh)
        self._db.executemany("INSERT INTO fresh VALUES (?, ?, ?, ?, ?, ?)", rows)

    def fresh(self, column: str, batch: int) -> Iterator[list[Fresh]]:
        """A column's fresh entries, some at a time, the newest first."""
        last = -1
        while True:
            found = self._db.execute(
                "SELECT place, name, url, title, day FROM fresh WHERE col = ? AND place > ? "
                "ORDER BY place LIMIT ?",
                (column, last, batch),
            ).fetchall()
            if not found:
                return
            last = found[-1][0]
            yield [Fresh(*row) for row in found]

    def take_pending(self, column: str) -> str:
        """The record that `put_look` left; it and the column's fresh entries are forgotten."""
        (raw,) = self._db.execute("SELECT raw FROM pending WHERE col = ?", (column,)).fetchone()
        self._db.execute("DELETE FROM pending WHERE col = ?", (column,))
        self._db.execute("DELETE FROM fresh WHERE col = ?", (column,))
        return str(raw)

    # --- pages and heads ----------------------------------------------------------------------

    def put_pages(self, pages: Iterable[tuple[str, str, bool]]) -> None:
        """Pages as (canonical address, item id or "", proved gone)."""
        self._db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", pages)

    def mark_gone(self, items: Iterable[str], gone: bool) -> None:
        """Items that are proved gone, or are not."""
        self._db.executemany("UPDATE page SET gone = ? WHERE id = ?", ((gone, item) for item in items))

    def forget_unknown(self) -> None:
        """Pages that had no record may have one by now."""
        self._db.execute("DELETE FROM page WHERE id = ''")

    def unknown_pages(self, batch: int) -> list[str]:
        """Some addresses in touched columns of which no page is known."""
        found = self._db.execute(
            "SELECT l.name FROM listed l JOIN col c ON c.name = l.col AND c.touched "
            "WHERE NOT EXISTS (SELECT 1 FROM page p WHERE p.name = l.name) LIMIT ?",
            (batch,),
        )
        return list(dict.fromkeys(name for (name,) in found))

    def put_heads(self, ids: Iterable[str], heads: Mapping[str, Head]) -> None:
        """The published heads of these items; one that has none is remembered as such."""
        rows = (_head_row(item, heads.get(item)) for item in ids)
        self._db.executemany("INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?, ?)", rows)

    def unknown_heads(self, batch: int) -> list[str]:
        """Some items that the next publish may show or showed, of which no head is known."""
        found = self._db.execute(
            "SELECT id FROM (SELECT p.id FROM listed l JOIN col c ON c.name = l.col AND c.touched "
            "JOIN page p ON p.name = l.name WHERE p.id <> '' "
            "UNION ALL SELECT s.id FROM shown s JOIN col c ON c.name = s.col AND c.touched "
            "UNION ALL SELECT id FROM ahead) AS wanted "
            "WHERE NOT EXISTS (SELECT 1 FROM head h WHERE h.id = wanted.id) LIMIT ?",
            (batch,),
        )
        return list(dict.fromkeys(item for (item,) in found))

    def is_shown(self, item: str) -> bool:
        """Whether an item is published, and no tombstone."""
        found = self._db.execute("SELECT 1 FROM head WHERE id = ? AND state = 1", (item,))
        return found.fetchone() is not None

    # --- what is published, and what will be ---------------------------------------------------

    def forget_published(self) -> None:
        """Another generation stands than the one that was known."""
        self.generation = NEVER
        self._db.execute("DELETE FROM shown")
        self._db.execute("DELETE FROM head")

    def put_shown(self, column: str, ranked: Iterable[tuple[str, float]]) -> None:
        """Part of a column's published list."""
        self._db.executemany(
            "INSERT OR REPLACE INTO shown VALUES (?, ?, ?)", ((column, item, rank) for item, rank in ranked)
        )

    def begin(self, touched: Iterable[str], removed: Iterable[str], ahead: Iterable[Head]) -> None:
        """A publish begins: columns that it looks at, some that left the site file, what is written ahead."""
        self._db.execute("DELETE FROM col WHERE NOT own")
        self._db.executemany("INSERT INTO col VALUES (?, 1000000, 0, 0)", ((name,) for name in removed))
        self._db.execute("UPDATE col SET touched = 0")
        self._db.executemany("UPDATE col SET touched = 1 WHERE name = ?", ((name,) for name in touched))
        self._db.execute("DELETE FROM coming")
        self._db.execute("DELETE FROM ahead")
        rows = ((head.id, head.kind.value, head.published, " ".join(head.columns)) for head in ahead)
        self._db.executemany("INSERT INTO ahead VALUES (?, ?, ?, ?)", rows)

    def arrange(self, barred: frozenset[str]) -> None:
        """The lists that the touched columns will have: what is listed, can be shown, and is not barred."""
        for column in self.touched():
            found = self._db.execute(
                "SELECT p.id, COALESCE(a.published, h.published) FROM listed l "
                "JOIN page p ON p.name = l.name LEFT JOIN ahead a ON a.id = p.id "
                "LEFT JOIN head h ON h.id = p.id AND h.state = 1 "
                "WHERE l.col = ? AND p.id <> '' AND NOT p.gone AND COALESCE(a.id, h.id) IS NOT NULL "
                "ORDER BY l.place",
                (column,),
            )
            moments = {item: moment for item, moment in found if item not in barred}
            kind = self._columns[column].kind if column in self._columns else Kind.ARTICLE
            ranked = ranks.of(list(moments), moments, kind in ranks.BY_PLACE)
            self._db.executemany(
                "INSERT INTO coming VALUES (?, ?, ?)", ((column, item, rank) for item, rank in ranked.items())
            )

    def touched(self) -> list[str]:
        """The columns that the publish looks at, in the site file's order."""
        found = self._db.execute("SELECT name FROM col WHERE touched ORDER BY place, name")
        return [column for (column,) in found]

    def placed(self) -> Iterator[Placed]:
        """What changes in the touched columns' lists, where something does."""
        for column in self.touched():
            new = self._db.execute(
                "SELECT n.id, n.rank FROM coming n LEFT JOIN shown s ON s.col = n.col AND s.id = n.id "
                "WHERE n.col = ? AND s.rank IS NOT n.rank",
                (column,),
            ).fetchall()
            left = self._db.execute(
                "SELECT s.id FROM shown s LEFT JOIN coming n ON n.col = s.col AND n.id = s.id "
                "WHERE s.col = ? AND n.id IS NULL",
                (column,),
            ).fetchall()
            if new or left:
                yield Placed(column, dict(new), tuple(item for (item,) in left))

    def has_any(self) -> bool:
        """Whether any column of the site file will list anything."""
        found = self._db.execute("SELECT 1 FROM member m JOIN col c ON c.name = m.col AND c.own LIMIT 1")
        return found.fetchone() is not None

    def will_show(self, item: str) -> bool:
        """Whether some column of the site file will list an item."""
        found = self._db.execute(
            "SELECT 1 FROM member m JOIN col c ON c.name = m.col AND c.own WHERE m.id = ? LIMIT 1", (item,)
        )
        return found.fetchone() is not None

    def leaving(self) -> list[str]:
        """Items that are shown in a touched column and that no column will list any more."""
        found = self._db.execute(
            "SELECT DISTINCT s.id FROM shown s JOIN col c ON c.name = s.col AND c.touched "
            "JOIN head h ON h.id = s.id AND h.state = 1 WHERE NOT EXISTS "
            "(SELECT 1 FROM member m JOIN col k ON k.name = m.col AND k.own WHERE m.id = s.id) ORDER BY s.id"
        )
        return [item for (item,) in found]

    def misfiled(self, everything: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Items whose head names other columns than those that will list it, with these.

        everything  of all items of the touched columns, not only of those that come, leave or change
        """
        new = "NOT EXISTS (SELECT 1 FROM shown s WHERE s.col = n.col AND s.id = n.id)"
        some = "1" if everything else new
        found = self._db.execute(
            "SELECT m.id, m.col, m.columns FROM standing m JOIN col c ON c.name = m.col AND c.own "  # noqa: S608 - our own words
            f"WHERE m.id IN (SELECT id FROM ahead UNION SELECT n.id FROM coming n WHERE {some} "
            "UNION SELECT s.id FROM shown s JOIN col k ON k.name = s.col AND k.touched WHERE NOT EXISTS "
            "(SELECT 1 FROM coming n WHERE n.col = s.col AND n.id = s.id)) ORDER BY m.id, c.place"
        )
        for item, rows in groupby(found, key=itemgetter(0)):
            named = list(rows)
            expected = tuple(column for _, column, _ in named)
            filed = named[0][2]
            if filed is not None and filed != " ".join(expected):
                yield item, expected

    def members(self, column: str) -> list[str]:
        """The items that a column will list, the highest rank first."""
        found = self._db.execute("SELECT id FROM member WHERE col = ? ORDER BY rank DESC", (column,))
        return [item for (item,) in found]

    def count(self, columns: Sequence[str]) -> int:
        """How many different items these columns will list."""
        (found,) = self._db.execute(
            "SELECT COUNT(DISTINCT id) FROM member WHERE col IN (SELECT value FROM json_each(?))",
            (json.dumps(columns),),
        ).fetchone()
        return int(found)

    def newest(self, column: str) -> str:
        """The moment of a touched column's newest item, "" where none has one."""
        (found,) = self._db.execute("SELECT MAX(published) FROM standing WHERE col = ?", (column,)).fetchone()
        return found or ""

    def filed(self, column: str) -> Iterator[tuple[str, Kind]]:
        """The items filed under a touched column, the oldest first; by place, the top of the list first."""
        down = self._columns[column].kind in ranks.BY_PLACE
        found = self._db.execute(
            "SELECT id, kind, columns FROM standing WHERE col = ? ORDER BY rank * ?",
            (column, -1 if down else 1),
        )
        return ((item, Kind(kind)) for item, kind, columns in found if columns.split(" ")[0] == column)

    def published(self, publication: Publication) -> None:
        """A publication has gone out: what it made of heads and lists stands now."""
        heads = [head for head, _ in (*publication.heads, *publication.withdrawn)]
        self.put_heads((head.id for head in heads), {head.id: head for head in heads})
        self.put_heads(publication.dropped, {})
        for column, ranked, left in publication.placed:
            gone = ((column, item) for item in left)
            self._db.executemany("DELETE FROM shown WHERE col = ? AND id = ?", gone)
            self.put_shown(column, ranked.items())
        self.generation = publication.site.generation


def _head_row(item: str, head: Head | None) -> tuple[str, int, str, str, str]:
    if head is None:
        return item, 0, "", "", ""
    return item, 2 if head.withdrawn else 1, head.kind.value, head.published, " ".join(head.columns)
