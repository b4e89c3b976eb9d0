"""Ways to a service matter other than typing: who one is, what happens in one's life, where one goes, what
most people want.

Pure functions over `Sort`s, which `Catalogue` keeps of all matters of the mirror.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.errors import NotFound
from portal.model import AnyItem, Head, Kind, LifeScene, Matter, Site
from portal.search.words import name_key
from portal.store import Mirror

MOST_ITEMS = 20_000
BATCH = 200


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


@dataclass(frozen=True, slots=True)
class Way:
    """One way and the matters that it leads to, by id, in the order of the site file."""

    name: str
    ids: tuple[str, ...]


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


def by_identity(matters: Iterable[Sort]) -> tuple[Way, ...]:
    """学生, 农民, 退役军人 ...: the identities that the origin names, those with most matters first."""
    return _ways(matters, lambda matter: matter.identities)


def by_audience(matters: Iterable[Sort]) -> tuple[Way, ...]:
    """个人, 企业 ..., those with most matters first."""
    return _ways(matters, lambda matter: (matter.audience,))


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
    """All matters of a mirror, sorted; what has not changed is not read again."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._generation = 0
        self._known: dict[str, tuple[str, Sort]] = {}
        self._matters: tuple[Sort, ...] = ()

    async def matters(self) -> tuple[Sort, ...]:
        """Every matter once, in the order of the site file's columns and their lists."""
        site = await self._mirror.site()
        if site.generation != self._generation:
            self._matters = await self._read(site)
            self._generation = site.generation
        return self._matters

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
        item.columns,
    )  # fmt: skip
