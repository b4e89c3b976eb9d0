"""Ways to a service matter other than typing: who one is, what happens in one's life, where one goes, what
most people want.

Pure functions over `Sort`s, which `Catalogue` keeps of all matters of the mirror.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from portal.errors import NotFound
from portal.model import AnyItem, Head, Kind, LifeScene, Matter, Site
from portal.search.words import name_key
from portal.store import Mirror

log = logging.getLogger("sunshine.search")

PATIENCE_SECONDS = 0.25

MOST_ITEMS = 20_000
BATCH = 200

_SPLIT = re.compile(r"[、，,;；|/]|\s+")


@dataclass(frozen=True, slots=True)
class Sort:
    """What a matter is sorted by."""

    id: str
    title: str
    everyday_names: tuple[str, ...] = ()
    audience: str = ""
    categories: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    unit: str = ""
    columns: tuple[str, ...] = ()
    unit_id: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way and the matters that it leads to, by id, in the order of the site file."""

    name: str
    ids: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name in an address: eight hexadecimal digits, the same as long as the name is."""
        return f"{crc32(self.name.encode()):08x}"


@dataclass(frozen=True, slots=True)
class SceneStep:
    """A step of a life scene: one of these matters is done. `missing` are names that the mirror has not."""

    ids: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneWay:
    """A life scene with its matters found."""

    scene: LifeScene
    steps: tuple[SceneStep, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Every matter of it, each once."""
        return tuple(dict.fromkeys(item_id for step in self.steps for item_id in step.ids))


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways over the matters of one generation: `by` has identity, audience, category and unit."""

    by: Mapping[str, tuple[Way, ...]]
    scenes: tuple[SceneWay, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def way(self, kind: str, key: str) -> Way:
        """The way of that kind and key. NotFound where no matter leads there any more."""
        found = next((way for way in self.by.get(kind, ()) if way.key == key), None)
        if found is None:
            raise NotFound(f"no matter is sorted by {kind} {key}")
        return found

    def scene(self, scene_id: str) -> SceneWay:
        """The life scene of that id. NotFound where the site file has none."""
        found = next((way for way in self.scenes if way.scene.id == scene_id), None)
        if found is None:
            raise NotFound(f"no life scene {scene_id}")
        return found


def all_ways(scenes: Iterable[LifeScene], matters: Sequence[Sort]) -> Ways:
    """Every way over these matters."""
    by = {
        "identity": by_identity(matters),
        "audience": by_audience(matters),
        "category": by_category(matters),
        "unit": by_unit(matters),
    }
    return Ways(by, scene_ways(scenes, matters), {matter.id: matter.title for matter in matters})


def by_identity(matters: Iterable[Sort]) -> tuple[Way, ...]:
    """学生, 农民, 退役军人 ...: the identities that the origin names, those with most matters first."""
    return _ways(matters, lambda matter: matter.identities)


def by_audience(matters: Iterable[Sort]) -> tuple[Way, ...]:
    """自然人, 企业法人 ..., those with most matters first; a matter for several stands under each."""
    return _ways(matters, lambda matter: map(str.strip, _SPLIT.split(matter.audience)))


def by_category(matters: Iterable[Sort]) -> tuple[Way, ...]:
    """The origin's own categories, those with most matters first."""
    return _ways(matters, lambda matter: matter.categories)


def by_unit(matters: Iterable[Sort]) -> tuple[Way, ...]:
    """The units that handle them, those with most matters first."""
    return _ways(matters, lambda matter: (matter.unit,))


def scene_ways(scenes: Iterable[LifeScene], matters: Sequence[Sort]) -> tuple[SceneWay, ...]:
    """The life scenes with their matters; a step whose matters are all missing keeps its place."""
    named: dict[str, str] = {}
    for matter in matters:
        named.setdefault(name_key(matter.title), matter.id)
    for matter in matters:
        for name in matter.everyday_names:
            named.setdefault(name_key(name), matter.id)
    return tuple(
        SceneWay(scene, tuple(_step(step.either, named) for step in scene.steps)) for scene in scenes
    )


def most_wanted(
    matters: Sequence[Sort], counts: Iterable[tuple[str, int]], most: int = 20
) -> tuple[str, ...]:
    """Ids by real use, then in the order of the site file, which decides while nothing is counted."""
    used = dict(counts)
    return tuple(matter.id for matter in sorted(matters, key=lambda matter: -used.get(matter.id, 0)))[:most]


def _step(names: Sequence[str], named: Mapping[str, str]) -> SceneStep:
    found = {name: named.get(name_key(name), "") for name in names}
    ids = tuple(dict.fromkeys(filter(None, found.values())))
    return SceneStep(ids, tuple(name for name, item_id in found.items() if not item_id))


def _ways(matters: Iterable[Sort], of: Callable[[Sort], Iterable[str]]) -> tuple[Way, ...]:
    found: dict[str, dict[str, None]] = {}
    for matter in matters:
        for name in filter(None, of(matter)):
            found.setdefault(name, {})[matter.id] = None
    return tuple(
        Way(name, tuple(ids))
        for name, ids in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    )


class Catalogue:
    """All matters of a mirror, and the ways to them; what has not changed is not read again."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._generation = 0
        self._known: dict[str, tuple[str, Sort]] = {}
        self._matters: tuple[Sort, ...] = ()
        self._ways = Ways({})
        self._making: asyncio.Task[None] | None = None

    async def matters(self) -> tuple[Sort, ...]:
        """Every matter once, in the order of the site file's columns and their lists."""
        await self._fresh()
        return self._matters

    async def ways(self) -> Ways:
        """Every way to a matter. MirrorAway while nothing has been read yet."""
        await self._fresh()
        return self._ways

    async def _fresh(self) -> None:
        """See to the current generation; the first is waited for, a new one for a moment."""
        site = await self._mirror.site()
        if site.generation == self._generation:
            return
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make(site))
        if self._generation:
            done, _ = await asyncio.wait({self._making}, timeout=PATIENCE_SECONDS)
            for error in filter(None, (task.exception() for task in done)):
                log.warning("the ways lead over an older generation: %s", error)
        else:
            await asyncio.shield(self._making)

    async def _make(self, site: Site) -> None:
        matters = await self._read(site)
        self._ways = await asyncio.to_thread(all_ways, site.scenes, matters)
        self._matters, self._generation = matters, site.generation

    async def _read(self, site: Site) -> tuple[Sort, ...]:
        heads: dict[str, Head] = {}
        for column in site.columns:
            if column.kind is not Kind.MATTER:
                continue
            try:
                listing = await self._mirror.listing(column.id, 0, MOST_ITEMS)
            except NotFound:
                continue
            for head in listing.heads:
                heads.setdefault(head.id, head)
        changed = [head for head in heads.values() if self._known.get(head.id, ("",))[0] != head.version]
        known = {item_id: kept for item_id, kept in self._known.items() if item_id in heads}
        for at in range(0, len(changed), BATCH):
            part = changed[at : at + BATCH]
            rows = await self._mirror.bodies(part, keep=False)
            for head in part:
                if (sort := _sort(rows.get(head.id))) is not None:
                    known[head.id] = (head.version, sort)
        self._known = known
        return tuple(known[item_id][1] for item_id in heads if item_id in known)


def _sort(item: AnyItem | None) -> Sort | None:
    if not isinstance(item, Matter):
        return None
    return Sort(
        item.id, item.title, item.everyday_names, item.audience, item.categories, item.identities, item.unit,
        item.columns, item.unit_id,
    )  # fmt: skip
