"""大家常办: the matters that people open most, gathered under a few headings: two digits open any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.model import Column, Head, Section, Site
from stb_app.address import Place
from stb_app.pages.lists import everyday, tile_legend
from stb_app.pages.page import Link, Rows, Scene

MOST = 50
"""How many matters there are at most."""

SIZE = 8
"""Matters of a heading, and headings; both are opened with the digits 1 to 8."""

TOLD = 4
"""How many names a heading tells of."""

_SPLIT, _MIXED, _UNEVEN = 10.0, 1.0, 0.02
"""What it costs to cut a subject in two, to put another subject under a heading, to make headings of unlike
length; the cheapest way of all is taken."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading: the columns that its matters belong to, and their ids, the most wanted first."""

    columns: tuple[Column, ...]
    ids: tuple[str, ...]


def grouped(site: Site, wanted: Sequence[tuple[str, Sequence[str]]]) -> tuple[Group, ...]:
    """Put matters under at most `SIZE` headings of at most `SIZE` each, by the columns that they are in.

    wanted   (id, ids of its columns), the most wanted first; what is beyond `MOST` is left out
    returns  the heading with the most wanted matter first, then the longest; one where all fit under it
    """
    place = {column.id: at for at, column in enumerate(site.columns)}
    depth = {column.id: _depth(site, column) for column in site.columns}
    subject: dict[str, str] = {}
    for item_id, columns in wanted[:MOST]:
        known = [column for column in columns if column in place]
        # The narrowest of its columns says most of it.
        subject[item_id] = min(known, key=lambda column: (-depth[column], place[column]), default="")
    rank = {item_id: at for at, item_id in enumerate(subject)}
    order = sorted(subject, key=lambda item_id: (place.get(subject[item_id], -1), rank[item_id]))
    groups = [
        Group(
            tuple(site.columns[place[name]] for name in dict.fromkeys(map(subject.__getitem__, ids)) if name),
            tuple(sorted(ids, key=rank.__getitem__)),
        )
        for ids in _cut(order, subject)
    ]
    groups.sort(key=lambda group: rank[group.ids[0]])
    # The last headings are the farthest from where the focus begins: the fewest matters stand there.
    return (*groups[:1], *sorted(groups[1:], key=lambda group: -len(group.ids)))


def _cut(order: Sequence[str], subject: Mapping[str, str]) -> list[Sequence[str]]:
    """Cut a row of matters into at most `SIZE` pieces of at most `SIZE`, at the cheapest places."""
    if len(order) <= SIZE:
        return [order] if order else []
    even = len(order) / SIZE
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(SIZE):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _before) in best[-1].items():
            for end in range(start + 1, min(start + SIZE, len(order)) + 1):
                names = [subject[item_id] for item_id in order[start:end]]
                price = cost + _MIXED * (len(set(names)) - 1) + _UNEVEN * (end - start - even) ** 2
                if end < len(order) and subject[order[end]] == names[-1]:
                    price += _SPLIT
                if end not in reached or price < reached[end][0]:
                    reached[end] = (price, start)
        best.append(reached)
    pieces, end = (
        min(
            (at for at in range(1, SIZE + 1) if len(order) in best[at]),
            key=lambda at: best[at][len(order)][0],
        ),
        len(order),
    )
    cut: list[Sequence[str]] = []
    for at in range(pieces, 0, -1):
        start = best[at][end][1]
        cut.insert(0, order[start:end])
        end = start
    return cut


def _depth(site: Site, column: Column) -> int:
    """How many columns stand above a column; at most as many as there are."""
    above = 0
    parent = site.column(column.parent) if column.parent else None
    while parent is not None and above < len(site.columns):
        above += 1
        parent = site.column(parent.parent) if parent.parent else None
    return above


def headings(scene: Scene, groups: Sequence[Group], heads: Mapping[str, Head]) -> Rows:
    """The page of the headings."""
    t = scene.text
    between = "、" if t.tag.startswith("zh") else ", "
    tiles = []
    for digit, group in enumerate(groups, 1):
        told = [everyday(heads[item_id])[0] for item_id in group.ids[:TOLD] if item_id in heads]
        name = between.join(scene.column_name(column) for column in group.columns)
        tiles.append(
            Link(
                f"g{digit}",
                name or " ".join(told),
                scene.link(Place("wanted", str(digit))),
                str(digit),
                " ".join(told),
                weight=len(group.ids),
            )
        )
    return _page(scene, t.gettext("大家常办"), tiles, scene.link(Place(), "wanted"))


def matters(scene: Scene, groups: Sequence[Group], heads: Mapping[str, Head]) -> Rows:
    """The page of the heading `scene.place.number`; of all matters where there is one heading only."""
    t = scene.text
    at = int(scene.place.number or 1)
    group = groups[at - 1]
    tiles: list[Link] = []
    for item_id in group.ids:
        if item_id not in heads:
            continue
        name, official = everyday(heads[item_id])
        place = replace(scene.place, number=str(at), item=item_id, screen=1)
        tiles.append(Link(item_id, name, scene.link(place), str(len(tiles) + 1), official))
    if len(groups) == 1:
        return _page(scene, t.gettext("大家常办"), tiles, scene.link(Place(), "wanted"))
    name = " ".join(scene.column_name(column) for column in group.columns)
    title = f"{t.gettext('大家常办')} · {name}" if name else t.gettext("大家常办")
    return _page(scene, title, tiles, scene.link(Place("wanted"), f"g{at}"))


def _page(scene: Scene, title: str, tiles: Sequence[Link], back: str) -> Rows:
    t = scene.text
    return Rows(
        title=title,
        section=Section.SERVICES,
        number="",
        page=1,
        pages=1,
        rows=tuple(tiles),
        back=back,
        before="",
        after="",
        legend=tile_legend(t),
        empty="" if tiles else t.gettext("这里暂时没有内容。"),
        back_label=t.gettext("返回"),
    )
