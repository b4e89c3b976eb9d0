"""Extraction against trafilatura and readability-lxml: the same pages, one core, turn by turn.

The pages are the demo city's own, of every kind and content management system. `BENCH_PAGES=FOLDER`, or
`python -m bench.sync_extract --pages FOLDER`, adds the saved pages (*.html) of a folder. Every round
reads all pages once with each tool, one tool after the other; what is told are medians over the rounds.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import trafilatura
from readability import Document

from bench import Row
from content_sync import charset
from content_sync.extract import NotAPage, extract
from demo.city import build
from demo.pages import Portal, View

DEMO_PAGES, ROUNDS = 60, 7
TIMES_TRAFILATURA, TIMES_READABILITY = 3.0, 1.5


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as it came over the wire."""

    url: str
    body: bytes
    content_type: str = "text/html"


def ours(page: Sample) -> None:
    """All that the mirror knows of a page: kind, title, dates, source, fields, blocks."""
    try:
        extract(page.body, page.url, page.content_type)
    except NotAPage:
        return


def theirs_trafilatura(page: Sample) -> None:
    """Title, date and body."""
    trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)


def theirs_readability(page: Sample) -> None:
    """Title and body, without dates; it is given the text that our decoder reads."""
    document = Document(charset.decode(page.body, page.content_type).text)
    try:
        document.title()
        document.summary(html_partial=True)
    except Exception:
        return


TOOLS: dict[str, Callable[[Sample], None]] = {
    "content_sync": ours, "trafilatura": theirs_trafilatura, "readability-lxml": theirs_readability,
}  # fmt: skip


def demo_pages(count: int) -> list[Sample]:
    """Pages of the demo city, spread evenly over its items, so that every kind is there."""
    city = build(date(2026, 11, 20))
    portal = Portal(city)
    listed = city.listed
    found = []
    for entry in listed[:: max(1, len(listed) // count)][:count]:
        page = portal.page(entry.path, View())
        if page is not None:
            found.append(Sample(f"http://127.0.0.1{entry.path}", page.body, page.content_type))
    return found


def saved_pages(folder: Path) -> list[Sample]:
    """The saved pages of a folder."""
    return [
        Sample(f"http://saved.example/{path.name}", path.read_bytes())
        for path in sorted(folder.glob("*.html"))
    ]


def compare(what: str, pages: list[Sample], rounds: int) -> Iterator[Row]:
    """The three tools on the same pages."""
    took: dict[str, list[float]] = {name: [] for name in TOOLS}
    for tool in TOOLS.values():
        tool(pages[0])  # what is loaded or compiled at first use is not counted
    for turn in range(rounds):
        names = list(TOOLS)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            started = time.process_time()
            for page in pages:
                TOOLS[name](page)
            took[name].append(time.process_time() - started)
    median = {name: statistics.median(times) / len(pages) for name, times in took.items()}
    for name, each in median.items():
        yield Row(
            f"{what}, {len(pages)} pages: {name}", 1 / each, "pages/s", note=f"{each * 1e3:.2f} ms a page"
        )
    goals = {"trafilatura": TIMES_TRAFILATURA, "readability-lxml": TIMES_READABILITY}
    for name, goal in goals.items():
        yield Row(f"{what}: x {name}", median[name] / median["content_sync"], "x", least=goal)


def main(quick: bool) -> Iterable[Row]:
    """Rows for the runner."""
    logging.disable(logging.WARNING)
    rounds = 3 if quick else ROUNDS
    yield from compare("demo city", demo_pages(20 if quick else DEMO_PAGES), rounds)
    folder = os.environ.get("BENCH_PAGES", "")
    if folder and (pages := saved_pages(Path(folder))):
        yield from compare("saved pages", pages, rounds)
    logging.disable(logging.NOTSET)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Extraction speed beside trafilatura and readability-lxml.")
    parser.add_argument("--pages", help="a folder of saved pages to compare on as well")
    parser.add_argument("--quick", action="store_true", help="a sample that takes seconds")
    asked = parser.parse_args()
    if asked.pages:
        os.environ["BENCH_PAGES"] = asked.pages
    for row in main(asked.quick):
        print(f"{row.name:44}{row.value:10.2f} {row.unit:8} {row.goal:8} {row.note}")
