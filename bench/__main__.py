"""Run every bench in this folder: `python -m bench [--quick] [--list] [NAME...]`; `--help` says the rest.

Each runs in a process of its own and may take BENCH_LIMIT seconds (600; 180 with --quick), so that the whole
comes to its end whatever one of them does. A program that is missing is named with what to install, and the
others go on.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from bench import Missing, Row
from bench._picture import drawn

HERE = Path(__file__).resolve().parent
LIMIT, QUICK_LIMIT = 600.0, 180.0


def main(arguments: Sequence[str]) -> int:
    """Print the tables. Returns 0, or 1 where a bench fails or a goal does not hold."""
    names = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what the README claims.")
    parser.add_argument("--quick", action="store_true", help="a sample that takes seconds")
    parser.add_argument("--list", action="store_true", help="name the benches and what they measure")
    parser.add_argument("--json", type=Path, help="write all figures there")
    parser.add_argument("--picture", type=Path, help="draw the ratios there, as SVG")
    parser.add_argument("--rows", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names)} (all)")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(names)):
        parser.error(f"no bench is called {', '.join(unknown)}")
    if options.rows:
        return _rows(options.names[0], options.quick)
    failed: list[str] = []
    found: list[tuple[str, Row]] = []
    began = time.monotonic()
    when = f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, Python {platform.python_version()}"
    for name in options.names or names:
        tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
        title = (ast.get_docstring(tree) or "").partition("\n")[0]
        print(f"\n{name}: {title}", flush=True)
        if options.list:
            continue
        started = time.monotonic()
        if not _run(name, options.quick, _gives_rows(tree), found):
            failed.append(name)
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
        # After each, so that a run that is broken off has not been for nothing.
        _keep(found, when, options.json, options.picture)
    if options.list:
        return 0
    for file in filter(None, (options.json, options.picture)):
        print(f"\n{file} is written")
    print(f"\n{len(found)} figures in {(time.monotonic() - began) / 60:.0f} minutes; {when}")
    if failed:
        print(f"not as it should be: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _keep(found: Sequence[tuple[str, Row]], when: str, figures: Path | None, picture: Path | None) -> None:
    """Write what has been found so far."""
    told = [{"bench": name, **asdict(row), "holds": row.holds} for name, row in found]
    text = json.dumps({"when": when, "figures": told}, ensure_ascii=False, indent=1) + "\n"
    for file, content in ((figures, text), (picture, drawn(found, when))):
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")


def _gives_rows(tree: ast.Module) -> bool:
    """Whether a module has `main(quick)`."""
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == "main"
        and [a.arg for a in node.args.args] == ["quick"]
        for node in tree.body
    )


def _run(name: str, quick: bool, gives_rows: bool, found: list[tuple[str, Row]]) -> bool:
    """Run one bench within its time; whether it came to its end and every goal holds."""
    limit = float(os.environ.get("BENCH_LIMIT", QUICK_LIMIT if quick else LIMIT))
    command = (
        [sys.executable, "-m", "bench", "--rows", *(["--quick"] if quick else []), name]
        if gives_rows
        else [sys.executable, str(HERE / f"{name}.py")]
    )
    # A group of its own: what a bench has started is ended with it.
    process = subprocess.Popen(  # noqa: S603
        command, cwd=HERE.parent, stdout=subprocess.PIPE if gives_rows else None, start_new_session=True
    )
    late = threading.Timer(limit, lambda: os.killpg(process.pid, signal.SIGKILL))
    late.start()
    good = True
    try:
        if process.stdout is not None:
            for line in process.stdout:
                row = _read(line)
                if row is None:
                    print(f"  {line.decode('utf-8', 'replace').rstrip()}", flush=True)
                    continue
                found.append((name, row))
                good = good and row.holds is not False
                _print(row)
        status = process.wait()
    finally:
        late.cancel()
        if process.stdout is not None:
            process.stdout.close()
    if status == -signal.SIGKILL:
        print(f"  took longer than {limit:.0f} s, and was ended", file=sys.stderr)
    return good and status == 0


def _read(line: bytes) -> Row | None:
    try:
        told = json.loads(line)
        return Row(**told) if isinstance(told, dict) and "name" in told else None
    except (ValueError, TypeError):
        return None


def _print(row: Row) -> None:
    verdict = {None: "", True: "holds", False: "DOES NOT HOLD"}[row.holds]
    value = f"{row.value:,.3f}".rstrip("0").rstrip(".")
    print(
        f"  {row.name:58}{value:>12} {row.unit:10}{row.goal:>10}  {verdict}  {row.note}".rstrip(), flush=True
    )


def _rows(name: str, quick: bool) -> int:
    """In a process of its own: run one bench, and print a line of JSON a row."""
    measure: Callable[[bool], Iterable[Row]] = importlib.import_module(f"bench.{name}").main
    try:
        for row in measure(quick):
            print(json.dumps(asdict(row), ensure_ascii=False), flush=True)
    except Missing as error:
        print(f"  not measured: {error}", file=sys.stderr, flush=True)
        return 1
    except Exception as error:
        print(f"  broke: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
