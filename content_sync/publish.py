"""Making a generation of what is written ahead, and showing it in one step.

`build` is pure: what stands, what is new and what the lists say (both in the run's ledger) go in; a
Publication comes out, or None where nothing would change. Around it, `publish` reads all that from
Redis, brings items whose columns or unit have changed up to date, and makes the publication anew where
somebody else published meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from content_sync import gatelog
from content_sync.ledger import Ledger
from content_sync.records import Staged
from content_sync.report import Outcome
from content_sync.rows import Ahead, row_of
from content_sync.run import Run
from content_sync.units import id_for
from portal import dial
from portal.batches import batches
from portal.errors import Overtaken
from portal.hant import in_hant
from portal.model import AnyItem, Column, Head, Kind, Matter, Site
from portal.writer import Publication

ATTEMPTS = 8
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one publish is made of, beside the ledger.

    site     as published, None before the first     staged   what is written ahead
    leaving  heads of items that no column will list any more
    gone     which of these are proved gone or taken off
    numbers  dial number -> target
    """

    site: Site | None = None
    staged: Mapping[str, Staged]
    leaving: Mapping[str, Head]
    gone: frozenset[str] = frozenset()
    numbers: Mapping[str, str]


def build(
    model: Site, ledger: Ledger, view: View, *, now: float, checked: float, moment: str
) -> Publication | None:
    """The publication that brings the mirror up to ledger and view; None where it is there already.

    model    the site file's site       ledger       with the lists arranged
    moment   now in the city's time, for tombstones  now, checked  epoch seconds
    """
    if view.site is None and not ledger.has_any():
        # Nothing could be read yet: an empty portal is not put on the air.
        return None
    placed = tuple((each.column, each.ranks, each.left) for each in ledger.placed())
    tombs = [_tombstone(view.leaving[item], moment) for item in sorted(view.leaving.keys() & view.gone)]
    dropped = sorted(view.leaving.keys() - view.gone)
    staged = {item: staged for item, staged in view.staged.items() if ledger.will_show(item)}
    numbering = dial.number(view.numbers, model.columns, _numbered(model, ledger))
    site = replace(
        model,
        columns=_counted(model, ledger, view.site),
        generation=view.site.generation + 1 if view.site else 1,
        published=now,
        checked=checked,
    )
    changes = sorted(("changed" if ledger.is_shown(item) else "added", item) for item in staged)
    changes += [("withdrawn", head.id) for head, _ in tombs] + [("withdrawn", item) for item in dropped]
    nothing = not (staged or tombs or dropped or placed or numbering.given or numbering.freed)
    if nothing and view.site is not None and _plain(site) == _plain(view.site):
        return None
    return Publication(
        site=site,
        site_hant=in_hant(site),
        heads=tuple((each.head, each.head_hant) for each in staged.values()),
        withdrawn=tuple(tombs),
        dropped=tuple(dropped),
        placed=placed,
        numbers=numbering.given,
        freed=numbering.freed,
        changes=tuple(changes),
        settled=tuple(view.staged),
        touched=tuple(ledger.touched()),
    )


def _plain(site: Site) -> Site:
    """A site without what every publish changes."""
    return replace(site, generation=0, published=0.0, checked=0.0)


def _tombstone(head: Head, moment: str) -> tuple[Head, Head]:
    stone = replace(head, withdrawn=moment, version="", picture="", note="")
    return stone, in_hant(stone)


def _numbered(model: Site, ledger: Ledger) -> Iterator[tuple[str, Kind, str]]:
    """Items for dial.number: those filed under a touched column, the oldest first."""
    touched = set(ledger.touched())
    for column in model.columns:
        if column.id not in touched:
            continue
        # Every matter and unit has a number for good, of articles the newest that there are places for.
        most = None if column.kind in (Kind.MATTER, Kind.UNIT) else dial.PLACES
        for item, kind in deque(ledger.filed(column.id), most):
            yield item, kind, column.id


def _counted(model: Site, ledger: Ledger, before: Site | None) -> tuple[Column, ...]:
    """The columns with what they list; a group counts the distinct items of all below it."""
    former = {column.id: column.newest for column in before.columns} if before else {}
    parents = {column.parent for column in model.columns}
    touched = set(ledger.touched())
    newest = {
        column.id: ledger.newest(column.id) if column.id in touched else former.get(column.id, "")
        for column in model.columns
        if column.id not in parents
    }
    counted = []
    for column in model.columns:
        leaves = [leaf.id for leaf in model.below(column.id) if leaf.id in newest]
        own = [column.id] if column.id in parents else []
        latest = max((newest[leaf] for leaf in leaves), default="")
        counted.append(replace(column, count=ledger.count(leaves + own), newest=latest))
    return tuple(counted)


# --- around it ----------------------------------------------------------------------------------


async def publish(run: Run) -> bool:
    """Show what is written ahead. True where a generation was published.

    raises  StaleWriter where a newer sync has taken over
    """
    for _ in range(ATTEMPTS):
        view = await _view(run)
        if await _up_to_date(run, view.site):
            continue
        now = run.clock()
        checked = now if run.reached or view.site is None else view.site.checked
        publication = build(run.site.model(), run.ledger, view, now=now, checked=checked, moment=run.moment())
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
        await run.state.settle(view.staged, run.ledger.touched())


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
    """Read what the next publish is made of, and arrange the lists in the ledger."""
    site, model = await run.writer.site(), run.site.model()
    own = {column.id: column.kind for column in model.columns}
    removed = {column.id for column in site.columns} - own.keys() if site else set()
    touched = await run.state.touched() & (own.keys() | removed)
    if site is not None:
        # A column that left the site file, or whose kind changed, is ordered anew.
        touched |= {old.id for old in site.columns if own.get(old.id) != old.kind}
        if [old.id for old in site.columns if old.id in own] != [each for each in own if site.column(each)]:
            # Every item is filed under the first column of the file that lists it.
            touched |= own.keys()
    await run.know_published(site.generation if site else 0, [*own, *removed])
    staged = await run.state.staged()
    run.barred = await run.state.barred()
    run.ledger.begin(touched, removed, [each.head for each in staged.values()])
    await run.know_pages()
    await run.know_heads()
    run.ledger.arrange(frozenset(run.barred))
    leaving = run.ledger.leaving()
    gone = await run.state.gone(leaving) | run.barred
    return View(
        site=site, staged=staged, leaving=await run.writer.heads_of(leaving), gone=frozenset(gone),
        numbers=await run.writer.numbers(),
    )  # fmt: skip


async def _up_to_date(run: Run, site: Site | None) -> bool:
    """Write ahead again what stands under other columns or another unit now; True where that was needed."""
    order = [column.id for column in run.site.model().columns]
    reordered = site is not None and [column.id for column in site.columns] != order
    moved = dict(run.ledger.misfiled(everything=reordered))
    suspects = sorted(moved.keys() | await _unit_names(run))
    done = False
    for part in batches(suspects, BATCH):
        staged = {item: ahead.head for item, (ahead, _) in (await run.state.stands(part)).items() if ahead}
        published = await run.writer.heads_of([item for item in part if item not in staged])
        heads = [head for item in part if (head := staged.get(item) or published.get(item))]
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


async def _unit_names(run: Run) -> set[str]:
    """Learn the units' names; where they have changed, the matters that may belong to another."""
    columns = run.site.model().columns
    units = [item for column in columns if column.kind is Kind.UNIT for item in run.ledger.members(column.id)]
    names: dict[str, str] = {}
    for part in batches(sorted(set(units)), BATCH):
        for item, (ahead, head) in (await run.state.stands(part)).items():
            if standing := (ahead.head if ahead else head):
                names.setdefault(standing.title, item)
    if names == run.units:
        return set()
    run.units = names
    return {
        item for column in columns if column.kind is Kind.MATTER for item in run.ledger.members(column.id)
    }


__all__ = ["View", "build", "publish", "unnumbered"]
