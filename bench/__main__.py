"""Run every bench in this folder, one after the other: `python -m bench [--quick] [--list] [NAME...]`."""

from __future__ import annotations

import argparse
import ast
import importlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench import Row

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str]) -> int:
    """Print the tables. Returns 0, or 1 where a bench fails or a goal does not hold."""
    names = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what the README claims.")
    parser.add_argument("--quick", action="store_true", help="a sample that takes seconds")
    parser.add_argument("--list", action="store_true", help="name the benches and what they measure")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names)} (all)")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(names)):
        parser.error(f"no bench is called {', '.join(unknown)}")
    failed: list[str] = []
    for name in options.names or names:
        tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
        title = (ast.get_docstring(tree) or "").partition("\n")[0]
        print(f"\n{name}: {title}", flush=True)
        if options.list:
            continue
        started = time.monotonic()
        if not (_rows(name, options.quick) if _gives_rows(tree) else _script(name)):
            failed.append(name)
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
    if failed:
        print(f"\nnot as it should be: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _gives_rows(tree: ast.Module) -> bool:
    """Whether a module has `main(quick)`."""
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == "main"
        and [a.arg for a in node.args.args] == ["quick"]
        for node in tree.body
    )


def _rows(name: str, quick: bool) -> bool:
    """Run one bench and print its rows; whether every goal holds. One that breaks does not stop the rest."""
    measure: Callable[[bool], Iterable[Row]] = importlib.import_module(f"bench.{name}").main
    good = True
    try:
        for row in measure(quick):
            verdict = {None: "", True: "holds", False: "DOES NOT HOLD"}[row.holds]
            value = f"{row.value:,.3f}".rstrip("0").rstrip(".")
            print(
                f"  {row.name:58}{value:>12} {row.unit:10}{row.goal:>10}  {verdict}  {row.note}".rstrip(),
                flush=True,
            )
            good = good and row.holds is not False
    except Exception as error:
        print(f"  broke: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    return good


def _script(name: str) -> bool:
    """Run a bench that prints a table of its own."""
    return subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode == 0  # noqa: S603 - ours


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
