"""The parts of a site file that say how people think: everyday names, and what happens in a life.

`[everyday]` leads from a word that people use to the official name that it stands for, one way and
reviewed: 驾照 leads to 机动车驾驶证, and not back. `[[scene]]` bundles matters by their names, in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal.model import Field, LifeScene, Step

TABLES = ("everyday", "scene")
KEYS = ("id", "name", "steps", "words", "names")
MOST_NAMES = 2_000
MOST_SCENES = 99
MOST_STEPS = 40
LONGEST = 60
"""Characters of a name."""

_ID = re.compile(r"[a-z][a-z0-9-]{0,31}")


def everyday(written: object, problems: list[str]) -> tuple[Field, ...]:
    """The pairs of `[everyday]`; what is wrong is added to `problems`."""
    if written is None:
        return ()
    if not isinstance(written, Mapping):
        problems.append("[everyday] must be a table of names")
        return ()
    if len(written) > MOST_NAMES:
        problems.append(f"[everyday] has {len(written)} names: expected at most {MOST_NAMES}")
        return ()
    pairs: list[Field] = []
    for said, official in written.items():
        for name in _names(official):
            if not name or name == said or len(said) > LONGEST:
                problems.append(f'[everyday] "{said[:LONGEST]}": expected another name, or a list of names')
                break
            pairs.append(Field(said, name))
    return tuple(pairs)


def scenes(written: object, problems: list[str]) -> tuple[LifeScene, ...]:
    """The scenes of `[[scene]]`, in order; what is wrong is added to `problems`."""
    if written is None:
        return ()
    if not isinstance(written, list) or len(written) > MOST_SCENES:
        problems.append(f"[[scene]] must be tables, at most {MOST_SCENES}")
        return ()
    found: dict[str, LifeScene] = {}
    for place, table in enumerate(written, 1):
        where = f"[[scene]] {place}"
        scene = _scene(table, where, problems)
        if scene is not None and scene.id in found:
            problems.append(f"{where} id '{scene.id}' is given twice")
        elif scene is not None:
            found[scene.id] = scene
    return tuple(found.values())


def _scene(table: object, where: str, problems: list[str]) -> LifeScene | None:
    if not isinstance(table, Mapping):
        problems.append(f"{where} must be a table")
        return None
    before = len(problems)
    problems += [
        f"{where} has no key '{key}'; there are {', '.join(KEYS)}" for key in table if key not in KEYS
    ]
    scene_id, name, said = table.get("id"), table.get("name"), table.get("words", "")
    if not isinstance(scene_id, str) or not _ID.fullmatch(scene_id):
        problems.append(f"{where} id: expected a short name of small letters, digits and hyphens")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST:
        problems.append(f"{where} name: expected the scene's name as the screens show it")
    if not isinstance(said, str) or len(said) > LONGEST:
        problems.append(f"{where} words: expected everyday words for its tile")
    languages = table.get("names", {})
    if not isinstance(languages, Mapping) or not all(isinstance(each, str) for each in languages.values()):
        problems.append(f'{where} names: expected names in other languages, such as {{ en = "Birth" }}')
    written = table.get("steps")
    steps = [Step(_names(each)) for each in written] if isinstance(written, list) else []
    if not 0 < len(steps) <= MOST_STEPS or not all(step.either and all(step.either) for step in steps):
        problems.append(
            f"{where} steps: expected names of matters in order; a list is a step of which one is done"
        )
    if len(problems) > before:
        return None
    return LifeScene(
        id=str(scene_id),
        name=str(name),
        steps=tuple(steps),
        words=str(said),
        names=tuple(Field(language, value) for language, value in dict(languages).items()),
    )


def _names(written: object) -> tuple[str, ...]:
    """One name, or several; "" stands for what is none."""
    names = written if isinstance(written, list) else [written]
    return tuple(
        name if isinstance(name, str) and name.strip() and len(name) <= LONGEST else "" for name in names
    ) or ("",)
