"""`python -m remote_nav LAYOUT.json`: the moves of a screen, their proof, and why each goes where it goes.

exit status  0 the layout was read; 1 `--check` was asked for and the proof fails; 2 wrong use
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from remote_nav.errors import NavError
from remote_nav.geometry import Key
from remote_nav.graph import Moves
from remote_nav.layout import Layout, read
from remote_nav.profile import PROFILES
from remote_nav.proof import Proof, repaired
from remote_nav.walk import walk

_LARGEST = 4_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        layout = read(_load(Path(options.layout)))
        if options.profile:
            layout = replace(layout, area=PROFILES[options.profile].area)
        if options.walk is not None:
            return _show_walk(layout, options.walk, as_json=options.json)
        return _show_graph(layout, as_json=options.json, check=options.check)
    except NavError as error:
        print(f"{options.layout}: {error}", file=sys.stderr)
    except OSError as error:
        print(f"{options.layout}: {error.strerror or error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m remote_nav", description=__doc__.splitlines()[0])
    parser.add_argument(
        "layout", metavar="LAYOUT.json", help="a screen; its form stands in remote_nav/layout.py"
    )
    parser.add_argument("--json", action="store_true", help="print moves and proof as JSON")
    parser.add_argument(
        "--walk", metavar="START,KEY,...", help="print where each press goes, with group memory"
    )
    parser.add_argument("--profile", choices=sorted(PROFILES), help="prove against this box's safe area")
    parser.add_argument("--check", action="store_true", help="exit with 1 where the proof fails")
    return parser


def _load(path: Path) -> object:
    """Parsed JSON; raises NavError or OSError."""
    if path.is_file() and path.stat().st_size > _LARGEST:
        raise NavError(f"is larger than {_LARGEST} octets")
    try:
        value: object = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NavError(f"is not JSON: {error}") from error
    except RecursionError:
        raise NavError("is nested too deeply") from None
    return value


def _show_walk(layout: Layout, steps: str, *, as_json: bool) -> int:
    start, *names = [step.strip() for step in steps.split(",")]
    try:
        keys = [Key(name) for name in names if name]
    except ValueError:
        raise NavError(f"--walk takes a box and then keys: {', '.join(Key)}") from None
    path = walk(layout, start, keys)
    if as_json:
        taken = [{"press": key, "to": to} for key, to in zip(keys, path, strict=True)]
        print(json.dumps({"start": start, "walk": taken}, ensure_ascii=False))
        return 0
    for key, to in zip(keys, path, strict=True):
        print(f"{key} -> {to}")
    return 0


def _show_graph(layout: Layout, *, as_json: bool, check: bool) -> int:
    moves = layout.moves()
    proof = layout.prove(moves)
    mended = None if proof.connected else repaired(layout.boxes, moves, start=layout.start or None)
    if as_json:
        answer = {"moves": _plain(moves), "proof": _proof(proof)}
        if mended is not None:
            answer["repaired"] = _plain(mended)
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for box in layout.boxes:
            for key in Key:
                print(layout.explain(box.id, key).text)
        print()
        print("proof: every box can be reached and left" if proof.ok else f"proof fails:\n{proof.text}")
        for here, key, to in _changes(moves, mended):
            print(f"repair: {here} {key} -> {to}")
    return 1 if check and not proof.ok else 0


def _plain(moves: Moves) -> dict[str, dict[str, str | None]]:
    return {here: {key.value: to for key, to in keys.items()} for here, keys in moves.items()}


def _proof(proof: Proof) -> dict[str, object]:
    return {
        "ok": proof.ok,
        "unreachable": proof.unreachable,
        "traps": proof.traps,
        "not_undone": proof.not_undone,
        "outside": proof.outside,
        "overlapping": proof.overlapping,
    }


def _changes(moves: Moves, mended: Moves | None) -> list[tuple[str, Key, str | None]]:
    if mended is None:
        return []
    return [
        (here, key, to)
        for here, keys in mended.items()
        for key, to in keys.items()
        if moves[here].get(key) != to
    ]


if __name__ == "__main__":
    sys.exit(main())
