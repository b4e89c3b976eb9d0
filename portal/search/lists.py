"""The ways in as lists, the same for both editions: what stands on each, how many there are, what is above.

A way has a key, a word of its address:

    (none)              the ways themselves            hot          what people open most
    identity[-WAY]      who one is                     soon         whose end is nearest
    audience[-WAY[.CATEGORY]]   for whom, about what   scene[-ID]   what happens in a life
    unit[-WAY]          who handles it                 case results and documents are searches without words
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from portal.errors import NotFound
from portal.hant import to_hant
from portal.model import Head, Kind, Section, Site, name_in
from portal.search.asked import Asked
from portal.search.finding import Finding
from portal.search.opened import State
from portal.search.ways import SceneWay, Sort, Way, Ways
from portal.store import Mirror
from portal.text import N_, Text

MOST_HOT = 24
"""Matters on the list of the most wanted."""

_KEY = re.compile(r"([a-z]+)(?:-([0-9a-z-]{1,40}))?(?:\.([0-9a-f]{8}))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list.

    kind    what `target` is: way (a key), item (an id), asked (a token), column (a number)
    note    quiet words beside it                 number  how many stand behind it, None where it is one
    """

    id: str
    title: str
    kind: str
    target: str
    note: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A way as a list: the rows of one page of `total`, and the key of the list above ("" for the ways)."""

    title: str
    rows: tuple[Row, ...]
    total: int
    above: str = ""
    state: State = State.READY


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the mirror and what finds in it, the site and the words in the reader's language.

    now  YYYY-MM-DD HH:MM in the city
    """

    finding: Finding
    mirror: Mirror
    site: Site
    text: Text
    now: str

    @property
    def today(self) -> str:
        """YYYY-MM-DD."""
        return self.now[:10]

    def said(self, name: str) -> str:
        """A name of the mirror in the reader's written form."""
        return to_hant(name) if self.text.variant else name


WAYS: tuple[tuple[str, str], ...] = (
    ("scene", N_("按人生大事找")),
    ("identity", N_("按我是谁找")),
    ("audience", N_("按对象和主题找")),
    ("unit", N_("按单位找")),
    ("hot", N_("大家最常办")),
    ("soon", N_("快到期的")),
    ("documents", N_("政府文件目录")),
    ("cases", N_("许可结果公示")),
)
"""Key -> what the way is called, in the order in which they are offered."""

_SORTED_BY = ("identity", "audience", "unit")


async def listed(reader: Reader, key: str, start: int, count: int) -> Listed:
    """The rows from place `start` of the list of that key. NotFound where there is no such way."""
    if not key:
        return await _ways(reader)
    found = _KEY.fullmatch(key)
    name, which, inner = found.groups() if found else ("", None, None)
    make = _LISTS.get(name)
    if make is None:
        raise NotFound(f"no way {key}")
    return await make(reader, which or "", inner or "", start, count)


async def _ways(reader: Reader) -> Listed:
    ways, t = await reader.finding.catalogue.ways(), reader.text
    counts = {kind: len(ways.by.get(kind, ())) for kind in _SORTED_BY}
    counts["scene"] = len(ways.scenes)
    documents = Asked(section=Section.DISCLOSURE.value, menu="all")
    cases = Asked(kind=Kind.CASE.value)
    has = {column.kind for column in reader.site.columns if column.count}
    asked = {"documents": documents, "cases": cases}
    kinds = {"documents": Kind.DISCLOSURE, "cases": Kind.CASE}
    rows: list[Row] = []
    for name, title in WAYS:
        if name in asked:
            if kinds[name] in has:
                rows.append(Row(name, t.gettext(title), "asked", asked[name].token))
        elif counts.get(name, 1):
            rows.append(Row(name, t.gettext(title), "way", name, number=counts.get(name)))
    return Listed(t.gettext("按类别找"), tuple(rows), len(rows))


async def _sorted_by(reader: Reader, kind: str, title: str, which: str, start: int, count: int) -> Listed:
    """One of the ways that matters are sorted by: its values, or the matters of one value."""
    ways = await reader.finding.catalogue.ways()
    if which:
        way = ways.way(kind, which)
        return await _items(reader, reader.said(way.name), way.ids, kind, start, count)
    rows = _way_rows(reader, kind, ways.by[kind])
    return Listed(title, tuple(rows[start : start + count]), len(rows))


def _way_rows(reader: Reader, before: str, ways: Sequence[Way], mark: str = "-") -> list[Row]:
    return [
        Row(f"{before}{mark}{way.key}", reader.said(way.name), "way", f"{before}{mark}{way.key}",
            number=len(way.ids))
        for way in ways
    ]  # fmt: skip


async def _identity(reader: Reader, which: str, inner: str, start: int, count: int) -> Listed:
    return await _sorted_by(reader, "identity", reader.text.gettext("我是谁"), which, start, count)


async def _unit(reader: Reader, which: str, inner: str, start: int, count: int) -> Listed:
    """The units that handle matters, or one of them: where it is, then its matters."""
    if not which:
        return await _sorted_by(reader, "unit", reader.text.gettext("办事单位"), which, start, count)
    way = (await reader.finding.catalogue.ways()).way("unit", which)
    matters = {matter.id: matter for matter in await reader.finding.catalogue.matters()}
    units = {matters[each].unit_id for each in way.ids if each in matters} - {""}
    # Several offices of one name are as good as none: each matter knows its own.
    ids = (*(units if len(units) == 1 else ()), *way.ids)
    return await _items(reader, reader.said(way.name), ids, "unit", start, count)


async def _audience(reader: Reader, which: str, inner: str, start: int, count: int) -> Listed:
    """For whom, then about what, then the matters."""
    if not which:
        return await _sorted_by(reader, "audience", reader.text.gettext("办事对象"), "", start, count)
    ways = await reader.finding.catalogue.ways()
    way = ways.way("audience", which)
    matters = {matter.id: matter for matter in await reader.finding.catalogue.matters()}
    categories = _categories(reader.site, [matters[each] for each in way.ids if each in matters])
    key = f"audience-{which}"
    if inner:
        category = next((each for each in categories if each.key == inner), None)
        if category is None:
            raise NotFound(f"no category {inner}")
        return await _items(reader, reader.said(category.name), category.ids, key, start, count)
    if not categories:
        return await _items(reader, reader.said(way.name), way.ids, "audience", start, count)
    rows = _way_rows(reader, key, categories, ".")
    return Listed(reader.said(way.name), tuple(rows[start : start + count]), len(rows), "audience")


def _categories(site: Site, matters: Sequence[Sort]) -> tuple[Way, ...]:
    """What these matters are about: the origin's own words, else the columns that list them."""
    tops = {column.id for column in site.sections()}
    names = {column.id: column.name for column in site.columns if column.parent and column.parent not in tops}
    names = names or {column.id: column.name for column in site.columns}
    found: dict[str, list[str]] = {}
    for matter in matters:
        own = matter.categories or tuple(names[each] for each in matter.columns if each in names)
        for name in dict.fromkeys(own):
            found.setdefault(name, []).append(matter.id)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(Way(name, tuple(ids)) for name, ids in ordered)


async def _scene(reader: Reader, which: str, inner: str, start: int, count: int) -> Listed:
    """The scenes of life, or the steps of one in their order."""
    ways, t = await reader.finding.catalogue.ways(), reader.text
    if which:
        rows = _steps(reader, ways, ways.scene(which))
        heads = await reader.mirror.heads([row.target for row in rows if row.kind == "item"], t.variant)
        said = tuple(
            replace(row, title=heads[row.target].title) if row.target in heads else row
            for row in rows[start : start + count]
        )
        return Listed(_scene_name(reader, ways.scene(which)), said, len(rows), "scene")
    rows = [
        Row(
            f"scene-{way.scene.id}", _scene_name(reader, way), "way", f"scene-{way.scene.id}",
            "" if t.tag == "en" else reader.said(way.scene.words), len(way.steps),
        )
        for way in ways.scenes
    ]  # fmt: skip
    return Listed(t.gettext("人生大事"), tuple(rows[start : start + count]), len(rows))


def _scene_name(reader: Reader, way: SceneWay) -> str:
    return name_in(way.scene.names, reader.text.tag, reader.said(way.scene.name))


def _steps(reader: Reader, ways: Ways, way: SceneWay) -> list[Row]:
    """The matters of a scene, step by step; of several in one step one is done."""
    t = reader.text
    rows: list[Row] = []
    for number, step in enumerate(way.steps, 1):
        several = len(step.ids) + len(step.missing) > 1
        note = t.gettext("第 {number} 步").format(number=number)
        if several:
            note = t.gettext("第 {number} 步，选一项").format(number=number)
        rows += [Row(each, ways.titles.get(each, ""), "item", each, note) for each in step.ids]
        rows += [
            Row(f"m{crc32(name.encode()):08x}", reader.said(name), "asked", Asked(name).token, note)
            for name in step.missing
        ]
    seen: dict[str, Row] = {}
    for row in rows:
        seen.setdefault(row.id, row)
    return list(seen.values())


async def _hot(reader: Reader, which: str, inner: str, start: int, count: int) -> Listed:
    ids = await reader.finding.most_wanted(MOST_HOT)
    return await _items(reader, reader.text.gettext("大家最常办"), ids, "", start, count)


async def _soon(reader: Reader, which: str, inner: str, start: int, count: int) -> Listed:
    t = reader.text
    found = await reader.finding.articles.nearest(reader.now, start, count, t.variant)
    rows = tuple(
        Row(hit.head.id, hit.head.title, "item", hit.head.id, until_said(t, hit.until, reader.today))
        for hit in found.hits
    )
    return Listed(t.gettext("快到期的"), rows, found.total, state=found.state)


def until_said(t: Text, until: str, today: str) -> str:
    """An end as a viewer reads it."""
    return t.gettext("{when} 截止").format(when=t.moment(until, today)) if until else ""


async def _items(
    reader: Reader, title: str, ids: Sequence[str], above: str, start: int, count: int
) -> Listed:
    shown = await reader.mirror.heads(ids[start : start + count], reader.text.variant)
    rows = tuple(item_row(head) for head in shown.values() if not head.withdrawn)
    return Listed(title, rows, len(ids), above)


def item_row(head: Head) -> Row:
    """An item as a row."""
    return Row(head.id, head.title, "item", head.id, head.note)


_List = Callable[[Reader, str, str, int, int], Awaitable[Listed]]
_LISTS: dict[str, _List] = {
    "identity": _identity,
    "audience": _audience,
    "unit": _unit,
    "scene": _scene,
    "hot": _hot,
    "soon": _soon,
}
