"""Every figure that the README claims, measured: `make bench`, or `python -m bench [--quick] [NAME...]`.

A module in this folder whose name has no leading underscore is one bench. It has

    def main(quick: bool) -> Iterable[Row]

and says in the first line of its docstring what it measures. `quick` asks for a sample that takes seconds
instead of minutes. The runner prints one table a module; a row with a goal says whether it holds, and the
exit status is 1 where one does not. A module without such a `main`, `wap_gateway.py` for one, is a
script with a table of its own: it is run as `python bench/NAME.py`, and what it prints is the table.

`_city.py` lends a running demo city to those that need one.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

PACKAGES = {
    "wrk": "wrk",
    "nginx": "nginx-light",
    "taskset": "util-linux",
    "gcc": "gcc libc6-dev",
    "haproxy": "haproxy",
}
"""Debian's packages of the programs that benches use."""


class Missing(RuntimeError):
    """A program that a bench needs is not on this machine; the text says how to get it."""


def needed(*programs: str) -> None:
    """Missing, where one of these is not there."""
    if missing := [name for name in programs if shutil.which(name) is None]:
        packages = " ".join(PACKAGES.get(name, name) for name in missing)
        raise Missing(
            f"{', '.join(missing)} not found: `scripts/setup bench` installs what benches need; on Debian, "
            f"as root: apt-get install --no-install-recommends {packages}"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what it is, the value, its unit, and the goal where there is one.

    most, least  the goal: at most, or at least, this         note  what else is worth knowing
    """

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the goal holds; None where there is no goal."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def goal(self) -> str:
        """The goal in words."""
        most = f"<= {self.most:g}" if self.most is not None else ""
        least = f">= {self.least:g}" if self.least is not None else ""
        return f"{most} {least}".strip()
