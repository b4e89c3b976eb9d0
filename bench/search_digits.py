"""Finding a service by digits: how many until it is among the first eight, and how long a query takes."""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from bench import Row
from bench._chinese import matter_names
from portal.search.digits import DigitIndex, Entry, keys_of

SHOWN = 8
DIGITS = range(1, 7)
LOOK_UPS = 20_000
BRACKETS = re.compile(r"（([^（）]*)）")
DEMO = Path(__file__).resolve().parent.parent / "demo" / "content"

Names = Sequence[tuple[str, ...]]


def main(quick: bool) -> Iterator[Row]:
    """The two curves and the times. The index holds everything that the number box knows: numbers too."""
    seven = matter_names(1_000 if quick else 7_000)
    for label, names, least in (("demo", demo_names(), 95.0), (f"{len(seven)} generated", seven, 85.0)):
        started = time.process_time()
        index = DigitIndex(
            Entry(f"i:{at}", each, str(2001 + at) if at < 4999 else "", at) for at, each in enumerate(names)
        )
        built = time.process_time() - started
        for digits in DIGITS:
            share = 100 * _found(index, names, digits, weighted=True)
            plain = 100 * _found(index, names, digits, weighted=False)
            yield Row(
                f"{label}: in the first {SHOWN} after {digits} digits", share, "%",
                least=least if digits == 4 else None, note=f"all wanted alike: {plain:.1f} %",
            )  # fmt: skip
        times = sorted(_times(index, names))
        yield Row(f"{label}: a query, median", statistics.median(times) * 1e3, "ms")
        yield Row(f"{label}: a query, 99 of 100", times[len(times) * 99 // 100] * 1e3, "ms", most=0.5)
        yield Row(f"{label}: a query, slowest of {len(times)}", times[-1] * 1e3, "ms")
        yield Row(f"{label}: index of {len(names)} matters made, processor time", built, "s")


def demo_names() -> list[tuple[str, ...]]:
    """The demo city's matters as its lists give them: those that people want most come first."""
    wanted: list[tuple[str, ...]] = []
    others: list[tuple[str, ...]] = []
    for path in sorted(DEMO.glob("matters_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            columns, _, rest = line.partition("|")
            if line.startswith("#") or not rest:
                continue
            written = rest.partition("|")[0].strip()
            everyday = [name for found in BRACKETS.findall(written) for name in found.split("、")]
            names = (BRACKETS.sub("", written), *everyday)
            (wanted if "changban" in columns else others).append(names)
    return wanted + others


def _found(index: DigitIndex, names: Names, digits: int, *, weighted: bool) -> float:
    """The share of look-ups that show the wanted matter.

    weighted  a matter is wanted as often as 1 / its place in the list; each of its names alike
    """
    rnd = random.Random(3)  # noqa: S311 - a bench, not a secret
    weights = list(accumulate(1 / (place + 1) for place in range(len(names))))
    wanted = rnd.choices(range(len(names)), cum_weights=weights if weighted else None, k=LOOK_UPS)
    good = 0
    known: dict[tuple[int, str], bool] = {}
    for at in wanted:
        name = rnd.choice(names[at])
        if (at, name) not in known:
            (typed,) = keys_of(name).initials
            found = index.find(typed[:digits], SHOWN)
            known[at, name] = any(hit.entry.target == f"i:{at}" for hit in found)
        good += known[at, name]
    return good / len(wanted)


def _times(index: DigitIndex, names: Names) -> list[float]:
    """Seconds of queries of 1 to 9 digits: initials and full pinyin begun, numbers, and nothing known.

    The best of three each, since a neighbour on the processor is not what is measured.
    """
    rnd = random.Random(5)  # noqa: S311 - a bench, not a secret
    times: list[float] = []
    for _ in range(5_000):
        keys = keys_of(rnd.choice(rnd.choice(names)))
        (typed,) = rnd.choice((keys.initials, keys.whole or keys.initials))
        if rnd.random() < 0.1:
            typed = str(rnd.randint(0, 999_999))
        typed = typed[: rnd.randint(1, 9)]
        times.append(min(_time(index, typed) for _ in range(3)))
    return times


def _time(index: DigitIndex, typed: str) -> float:
    started = time.perf_counter()
    index.find(typed, SHOWN)
    return time.perf_counter() - started
