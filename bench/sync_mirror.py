"""Mirroring the demo city at size against Scrapy: the same origin, concurrency, pace and list pages.

Scrapy runs the spider of `bench/_spider.py`: it obeys robots.txt, follows every list and entry, takes title,
date and body by one set of CSS selectors for each content management system, and writes JSON lines. Ours
finds list, title, dates, source, fields and blocks by itself, judges each page, writes it in simplified
and traditional characters to Redis and publishes. A second spider extracts with trafilatura, which as
ours needs no selectors. The origin is `demo.generate` in a process of its own; no pause, 8 requests at a
time. Then the mirror is brought up to date once more with nothing changed.

2,000 pages; 20,000 as well with BENCH_LARGE=1 or `python -m bench.sync_mirror --large`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import Row
from demo.columns import by_id
from demo.generate import COLUMNS

PROJECT = Path(__file__).resolve().parent.parent
CONCURRENCY = 8
SMALL, LARGE = 2_000, 20_000
LONGEST = 1_800.0
"""Seconds for one crawl."""
MOST_GROWTH = 3_000
"""Octets of memory that one more page may take: what is remembered of it, and no page itself."""


@dataclass(frozen=True, slots=True)
class Took:
    """One crawl: seconds of wall clock and processor, megabytes at the peak."""

    wall: float
    cpu: float
    peak: float
    pages: float
    requests: float = 0.0
    changed: float = 0.0

    def rows(self, name: str) -> Iterator[Row]:
        """What it took, for the table."""
        note = (
            f"{self.wall:.1f} s, {self.cpu / self.pages * 1e3:.2f} ms of CPU a page, peak {self.peak:.0f} MB"
        )
        yield Row(name, self.pages / self.wall, "pages/s", note=note)


@contextmanager
def origin(pages: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """The scaled city being served: its address and its site file."""
    file = folder / f"site-{pages}.toml"
    command = [
        sys.executable,
        "-m",
        "demo.generate",
        "--pages",
        str(pages),
        "--port",
        "0",
        "--site-file",
        str(file),
    ]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            home = process.stdout.readline().strip() if process.stdout else ""
            if not home:
                raise RuntimeError("the origin did not start")
            yield home, file
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def scrapy(home: str, folder: Path, *options: str) -> Took:
    """One crawl by the spider."""
    columns = folder / "columns.json"
    columns.write_text(json.dumps([(by_id()[name].cms, by_id()[name].list_path) for name in COLUMNS]))
    out = folder / "items.jsonl"
    out.unlink(missing_ok=True)
    told = _run(
        [
            sys.executable,
            str(PROJECT / "bench" / "_spider.py"),
            home,
            str(columns),
            str(out),
            str(CONCURRENCY),
            *options,
        ]
    )
    return Took(**json.loads(told))


def mirror(site: Path) -> list[Took]:
    """Our two passes."""
    return [Took(**each) for each in json.loads(_run([sys.executable, "-m", "bench._mirror", str(site)]))]


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise RuntimeError(f"{command[1:3]} failed: {done.stderr[-600:]}")
    return done.stdout.strip().splitlines()[-1]


def compare(pages: int, folder: Path, quick: bool, peaks: dict[int, float]) -> Iterator[Row]:
    """Both on one origin of that size."""
    with origin(pages, folder) as (home, site):
        theirs = scrapy(home, folder)
        first, second = mirror(site)
        yield from theirs.rows(f"{pages:,} pages: Scrapy, CSS selectors")
        yield from first.rows(f"{pages:,} pages: content_sync")
        if (theirs.pages, first.pages) != (pages, pages):
            raise RuntimeError(f"of {pages} pages Scrapy got {theirs.pages:.0f} and we got {first.pages:.0f}")
        yield Row(f"{pages:,} pages: x Scrapy", theirs.wall / first.wall, "x", least=1.0)
        yield Row(f"{pages:,} pages: x Scrapy, processor time", theirs.cpu / first.cpu, "x")
        if pages == SMALL and not quick:
            whole = scrapy(home, folder, "--trafilatura")
            yield from whole.rows(f"{pages:,} pages: Scrapy, trafilatura")
            yield Row(f"{pages:,} pages: x Scrapy, trafilatura", whole.wall / first.wall, "x")
        yield Row(
            f"{pages:,} pages: requests a list when nothing changed", second.requests / len(COLUMNS),
            most=1.0, note=f"{second.wall:.2f} s, {'a new' if second.changed else 'no new'} generation",
        )  # fmt: skip
        peaks[pages] = max(first.peak, second.peak)


def main(quick: bool) -> Iterable[Row]:
    """Rows for the runner."""
    peaks: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        sizes = [500] if quick else [SMALL, LARGE] if os.environ.get("BENCH_LARGE") else [SMALL]
        for pages in sizes:
            yield from compare(pages, Path(name), quick, peaks)
    if LARGE in peaks:
        growth = (peaks[LARGE] - peaks[SMALL]) * 1_048_576 / (LARGE - SMALL)
        yield Row(
            "octets of memory for one more page", growth, "octets", most=MOST_GROWTH,
            note=f"peak {peaks[SMALL]:.0f} MB at {SMALL:,}, {peaks[LARGE]:.0f} MB at {LARGE:,}",
        )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Mirroring speed beside Scrapy.")
    parser.add_argument("--large", action="store_true", help="20,000 pages as well")
    parser.add_argument("--quick", action="store_true", help="500 pages")
    asked = parser.parse_args()
    if asked.large:
        os.environ["BENCH_LARGE"] = "1"
    for row in main(asked.quick):
        print(f"{row.name:56}{row.value:10.2f} {row.unit:8} {row.goal:8} {row.note}", flush=True)
