"""Making a generation of what is written ahead, and showing it in one step.

`build` is pure: what stands, what is new and what the lists say go in; a Publication comes out, or
None where nothing would change. Around it, `publish` reads all that from Redis, brings items whose
columns or unit have changed up to date, and makes the publication anew where somebody else
published meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from content_sync import gatelog, ranks
from content_sync.records import ColumnRecord, Staged
from content_sync.report import Outcome
from content_sync.rows import Ahead, row_of
from content_sync.run import Run
from content_sync.units import id_for
from portal import dial
from portal.errors import Overtaken
from portal.hant import in_hant
from portal.model import AnyItem, Column, Head, Kind, Matter, Site
from portal.writer import Publication

ATTEMPTS = 8
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one publish is made of.

    site     as published, None before the first     lists  as published, every column
    wanted   touched column -> item ids in the order of the origin's list
    heads    published heads of all items that `wanted` names or the touched lists held
    staged   what is written ahead                    gone   items proved gone or taken off
    urls     item id -> origin address, of the items that `wanted` names
    numbers  dial number -> target
    """

    site: Site | None
    lists: dict[str, dict[str, float]]
    wanted: dict[str, list[str]]
    heads: dict[str, Head]
    staged: dict[str, Staged]
    gone: frozenset[str]
    numbers: dict[str, str]

    def head(self, item_id: str) -> Head | None:
        """The head that an item will have; None where it cannot be shown."""
        if item_id in self.gone:
            return None
        if item_id in self.staged:
            return self.staged[item_id].head
        head = self.heads.get(item_id)
        return head if head is not None and not head.withdrawn else None

    def ids(self, column_id: str) -> Sequence[str] | AbstractSet[str]:
        """The items that a column will list."""
        if column_id not in self.wanted:
            return self.lists.get(column_id, {}).keys()
        return [item_id for item_id in self.wanted[column_id] if self.head(item_id) is not None]


def build(model: Site, view: View, *, now: float, checked: float, moment: str) -> Publication | None:
    """The publication that brings the mirror up to `view`; None where it is there already.

    model    the site file's site       now, checked  epoch seconds
    moment   now in the city's time, for tombstones
    """
    columns = {column.id: column for column in model.columns}
    after: dict[str, dict[str, float]] = {}
    for column_id in view.wanted:
        ids = list(view.ids(column_id))
        moments = {item_id: head.published for item_id in ids if (head := view.head(item_id))}
        kind = columns[column_id].kind if column_id in columns else Kind.ARTICLE
        after[column_id] = ranks.of(ids, moments, kind in ranks.BY_PLACE)
    changed_lists = {name: ranked for name, ranked in after.items() if ranked != view.lists.get(name, {})}
    shown = {
        item_id for name, ranked in (view.lists | after).items() if name in columns for item_id in ranked
    }
    if view.site is None and not shown:
        # Nothing could be read yet: an empty portal is not put on the air.
        return None
    left = {item_id for name in after for item_id in view.lists.get(name, {})} - shown
    left = {item_id for item_id in left if (head := view.heads.get(item_id)) and not head.withdrawn}
    tombs = [_tombstone(view.heads[item_id], moment) for item_id in sorted(left & view.gone)]
    dropped = sorted(left - view.gone)
    staged = {item_id: staged for item_id, staged in view.staged.items() if item_id in shown}
    numbering = dial.number(view.numbers, model.columns, _numbered(model, view, after))
    generation = view.site.generation + 1 if view.site else 1
    site = replace(
        model,
        columns=_counted(model, view, after),
        generation=generation,
        published=now,
        checked=checked,
    )
    changes = [
        ("changed" if item_id in view.heads and not view.heads[item_id].withdrawn else "added", item_id)
        for item_id in staged
    ]
    changes.sort()
    changes += [("withdrawn", head.id) for head, _ in tombs] + [("withdrawn", item_id) for item_id in dropped]
    nothing = not (staged or tombs or dropped or changed_lists or numbering.given or numbering.freed)
    if nothing and view.site is not None and _plain(site) == _plain(view.site):
        return None
    return Publication(
        site=site,
        site_hant=in_hant(site),
        heads=tuple((each.head, each.head_hant) for each in staged.values()),
        withdrawn=tuple(tombs),
        dropped=tuple(dropped),
        lists=tuple(changed_lists.items()),
        numbers=numbering.given,
        freed=numbering.freed,
        changes=tuple(changes),
        settled=tuple(view.staged),
        touched=tuple(view.wanted),
    )


def _plain(site: Site) -> Site:
    """A site without what every publish changes."""
    return replace(site, generation=0, published=0.0, checked=0.0)


def _tombstone(head: Head, moment: str) -> tuple[Head, Head]:
    stone = replace(head, withdrawn=moment, version="", picture="", note="")
    return stone, in_hant(stone)


def _numbered(
    model: Site, view: View, after: Mapping[str, Mapping[str, float]]
) -> list[tuple[str, Kind, str]]:
    """Items for dial.number: those filed under a touched column, the oldest first."""
    found: list[tuple[str, Kind, str]] = []
    for column in model.columns:
        ranked = after.get(column.id, {})
        # Matters and units are numbered from the top of the list, articles from the oldest.
        order = sorted(ranked, key=lambda item: ranked[item], reverse=column.kind in ranks.BY_PLACE)
        for item_id in order:
            head = view.head(item_id)
            if head is not None and head.columns[:1] == (column.id,):
                found.append((item_id, head.kind, column.id))
    return found


def _counted(model: Site, view: View, after: Mapping[str, Mapping[str, float]]) -> tuple[Column, ...]:
    """The columns with what they list; a group counts the distinct items of all below it."""
    before = {column.id: column for column in view.site.columns} if view.site else {}
    parents = {column.parent for column in model.columns}
    ids: dict[str, AbstractSet[str]] = {}
    newest: dict[str, str] = {}
    for column in model.columns:
        if column.id in parents:
            continue
        ids[column.id] = (after[column.id] if column.id in after else view.lists.get(column.id, {})).keys()
        if column.id in after:
            moments = (head.published for item in ids[column.id] if (head := view.head(item)))
            newest[column.id] = max(moments, default="")
        elif column.id in before:
            newest[column.id] = before[column.id].newest
    counted = []
    for column in model.columns:
        leaves = [leaf.id for leaf in model.below(column.id) if leaf.id in ids]
        own = after.get(column.id, view.lists.get(column.id, {})).keys() if column.id in parents else ()
        distinct = {item for leaf in leaves for item in ids[leaf]} | set(own)
        latest = max((newest.get(leaf, "") for leaf in leaves), default="")
        counted.append(replace(column, count=len(distinct), newest=latest))
    return tuple(counted)


# --- around it ----------------------------------------------------------------------------------


async def publish(run: Run) -> bool:
    """Show what is written ahead. True where a generation was published.

    raises  StaleWriter where a newer sync has taken over
    """
    for _ in range(ATTEMPTS):
        view = await _view(run)
        if await _up_to_date(run, view):
            continue
        now = run.clock()
        checked = now if run.reached or view.site is None else view.site.checked
        publication = build(run.site.model(), view, now=now, checked=checked, moment=run.moment())
        try:
            if publication is None:
                await _seen(run, view, checked)
                return False
            act = gatelog.Act(run.moment(), "publish", "sync", _summary(publication))
            await run.writer.publish(publication, run.fence, gatelog.line_after(act))
        except Overtaken:
            continue
        run.published(publication)
        run.report.unnumbered += unnumbered(publication, view)
        for head, _ in publication.withdrawn:
            run.report.add(Outcome.WITHDRAWN, (head.columns or ("",))[0], head.id, head.title)
        return True
    raise Overtaken("other publishes came between again and again: the next run goes on from here")


async def _seen(run: Run, view: View, checked: float) -> None:
    if view.site is not None:
        site = replace(view.site, checked=checked)
        await run.writer.seen(site, in_hant(site), run.fence)
        await run.state.settle(view.staged, view.wanted)


def unnumbered(publication: Publication, view: View) -> int:
    """Matters and units newly shown for which no short number is left."""
    numbered = {*view.numbers.values(), *(target for _, target in publication.numbers)}
    heads = (head for head, _ in publication.heads if head.kind in (Kind.MATTER, Kind.UNIT))
    return sum(dial.item_target(head.id) not in numbered for head in heads)


def _summary(publication: Publication) -> str:
    counts = {"added": 0, "changed": 0, "withdrawn": 0}
    for change, _ in publication.changes:
        counts[change] += 1
    said = ", ".join(f"{count} {change}" for change, count in counts.items())
    ids = " ".join(f"{change[0]}:{item_id}" for change, item_id in publication.changes[:200])
    return f"generation {publication.site.generation}: {said}; {ids}".rstrip("; ")


async def _view(run: Run) -> View:
    site = await run.writer.site()
    names = {column.id for column in run.site.model().columns}
    names |= {column.id for column in site.columns} if site else set()
    touched = await run.state.touched() & names
    if site is not None:
        model = {column.id: column for column in run.site.model().columns}
        # A column that left the site file, or whose kind changed, is ordered anew.
        touched |= {old.id for old in site.columns if old.id not in model or model[old.id].kind != old.kind}
    lists = await run.writer.lists(sorted(names))
    staged = await run.state.staged()
    wanted: dict[str, list[str]] = {}
    run.barred = await run.state.barred()
    gone = set(run.barred)
    for column_id in touched:
        listed = run.records.get(column_id, ColumnRecord()).listed
        found = await run.ids_of([run.same(entry.url) for entry in listed])
        wanted[column_id] = list(dict.fromkeys(item_id for item_id in found if item_id))
    ids = {item_id for named in wanted.values() for item_id in named}
    ids |= {item_id for column_id in touched for item_id in lists.get(column_id, {})} | set(staged)
    gone |= await run.gone_of(ids)
    heads = await run.heads_of(sorted(ids), site.generation if site else 0)
    return View(
        site=site, lists=lists, wanted=wanted, heads=heads, staged=staged,
        gone=frozenset(gone), numbers=await run.writer.numbers(),
    )  # fmt: skip


async def _up_to_date(run: Run, view: View) -> bool:
    """Write ahead again what stands under other columns or another unit now; True where that was needed."""
    columns = [column.id for column in run.site.model().columns]
    members = {column_id: set(view.ids(column_id)) for column_id in columns}
    moved: dict[str, tuple[str, ...]] = {}
    candidates = {item_id for named in view.wanted for item_id in members.get(named, ())}
    candidates |= {item_id for named in view.wanted for item_id in view.lists.get(named, {})}
    for item_id in candidates:
        expected = tuple(column_id for column_id in columns if item_id in members[column_id])
        head = view.head(item_id)
        if head is not None and expected and head.columns != expected:
            moved[item_id] = expected
    matters = await _unit_names(run, view, members)
    suspects = sorted(moved.keys() | matters)
    done = False
    for at in range(0, len(suspects), BATCH):
        part = suspects[at : at + BATCH]
        published = await run.writer.heads_of([item for item in part if view.head(item) is None])
        heads = [head for item in part if (head := view.head(item) or published.get(item))]
        items = await run.writer.rows(heads)
        rows = [
            row
            for head, item in zip(heads, items, strict=True)
            if item is not None and (row := _moved_row(run, item, head, moved)) is not None
        ]
        await run.state.restage([(Staged(head=row.head, head_hant=row.head_hant), row) for row in rows])
        done = done or bool(rows)
    return done


def _moved_row(run: Run, item: AnyItem, head: Head, moved: Mapping[str, tuple[str, ...]]) -> Ahead | None:
    """The item under its columns and unit of now; None where it stands so already."""
    changed = replace(item, columns=moved.get(item.id, head.columns))
    if isinstance(changed, Matter):
        changed = replace(changed, unit_id=id_for(changed.unit, run.units))
    return row_of(changed, head.kind) if changed != item else None


async def _unit_names(run: Run, view: View, members: Mapping[str, set[str]]) -> set[str]:
    """Learn the units' names; where they have changed, the matters that may belong to another."""
    columns = run.site.model().columns
    units = {item for column in columns if column.kind is Kind.UNIT for item in members[column.id]}
    generation = view.site.generation if view.site else 0
    heads = view.heads | await run.heads_of(sorted(units - view.heads.keys()), generation)
    names: dict[str, str] = {}
    for item_id in sorted(units):
        head = view.head(item_id) or heads.get(item_id)
        if head is not None:
            names.setdefault(head.title, item_id)
    if names == run.units:
        return set()
    run.units = names
    return {item for column in columns if column.kind is Kind.MATTER for item in members[column.id]}


__all__ = ["View", "build", "publish", "unnumbered"]
