"""Pages that are made for who asks, against a Tornado hello-world handler: with what they list asked of
Redis, with rows held in process, and without the follower, where even the site record is asked each time.

No page of either edition has forty items: a television shows as many as fit without scrolling, a phone nine
to a deck. What is measured is a page of a list, a different one each time, in both editions.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import Row, needed
from bench._fill import Size, filled
from bench._pinned import free_port, python, running, wrk

ARTICLES = 20_000
"""So many that hardly a page, a title or a head comes twice: what is remembered of them does not count."""

ROUNDS, QUICK_ROUNDS = 15, 3
SECONDS = 1.0
"""Short turns: a shared machine is twice as fast in one moment as in the next, for all of us alike."""

PATHS = {
    "phone": [f"/wap/c/n{at % 20}/{at // 20 + 1}" for at in range(2_400)],
    "television": [f"/tv/web-hd/c/3{at % 20 + 10}/{at // 20 + 1}" for at in range(4_000)],
}


def main(quick: bool) -> Iterator[Row]:
    """Measure both editions in turn."""
    needed("wrk")
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url, _ = stack.enter_context(filled(folder, Size(ARTICLES)))
        servers = {}
        for label, kind, cache in (
            ("hello", "hello", "0"),
            ("Redis", "asked", "0"),
            ("rows near", "lane", "0"),
            ("Redis, nothing held", "plain", "0"),
        ):
            port = free_port()
            command = python("-m", "bench._serve", kind, str(port), url, "0")
            servers[label] = stack.enter_context(running(label, command, port, {"BENCH_CACHE_MB": cache}))
        found: dict[tuple[str, str], list[float]] = {}
        for turn in range(rounds):
            for edition, paths in PATHS.items():
                # Each turn begins elsewhere, so that none asks for what the one before it did.
                begin = len(paths) * turn // rounds
                file = folder / f"{edition}.txt"
                file.write_text("\n".join((*paths[begin:], *paths[:begin])), encoding="ascii")
                for label, server in servers.items():
                    found.setdefault((edition, label), []).append(wrk(server, file, SECONDS, 8).cpu_us)
    for (edition, label), spent in found.items():
        if label == "hello":
            continue
        hello = found[edition, "hello"]
        yield Row(f"cold page of a list, {edition}, {label}: CPU", statistics.median(spent), "us")
        ratio = statistics.median(one / other for one, other in zip(hello, spent, strict=True))
        goal, aim = (0.14, "aim 0.25; ") if label == "Redis" else (None, "")
        note = f"{aim}Tornado hello {statistics.median(hello):.0f} us"
        yield Row(f"cold list, {edition}, {label}: hello to it", ratio, "x", least=goal, note=note)
