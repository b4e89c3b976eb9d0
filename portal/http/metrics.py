"""Figures of one process for Prometheus, and `/metrics`, where it reads them. Nothing in them names a person.

The text format is small enough to write here: one line a figure, help and type before the first of a name
(Prometheus exposition format 0.0.4).
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tornado.web import RequestHandler

from portal.http.base import PageHandler
from portal.http.kitchen import Recorder

SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the histogram of answer times."""

MOST_LABELS = 200
"""Editions that are told apart; what comes after is "other"."""

TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: `labels` as (name, value)."""

    name: str
    value: float
    help: str
    kind: str = "gauge"
    labels: tuple[tuple[str, str], ...] = ()


Source = Callable[[], Iterable[Figure]]
"""Gives the figures of one part when they are read."""


class Metrics:
    """Counts of answers, and the sources of everything else."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.buckets = [0] * (len(SECONDS) + 1)
        self.seconds = 0.0
        self.started = time.time()
        self.board: Source | None = None
        self._labels: set[str] = set()
        self._sources: list[Source] = []

    def add(self, source: Source) -> None:
        """Have another part's figures read too."""
        self._sources.append(source)

    def count(self, label: str, status: int, seconds: float) -> None:
        """One answer of an edition, and how long it took."""
        if label not in self._labels:
            if len(self._labels) >= MOST_LABELS:
                label = "other"
            self._labels.add(label)
        self.answers[label, status] += 1
        self.buckets[bisect_left(SECONDS, seconds)] += 1
        self.seconds += seconds

    def text(self) -> str:
        """All figures, those of the other processes too where there are some, as Prometheus reads them."""
        return written(self.own() if self.board is None else self.board())

    def own(self) -> list[Figure]:
        """The figures of this process."""
        return [*self._counted(), *(figure for source in self._sources for figure in source())]

    def _counted(self) -> Iterable[Figure]:
        yield Figure("sunshine_started_seconds", self.started, "Unix time at which the process started")
        for (label, status), count in sorted(self.answers.items()):
            yield Figure(
                "sunshine_answers_total", count, "Answers by edition and status", "counter",
                (("edition", label), ("status", str(status))),
            )  # fmt: skip
        about = "Time from a request to its answer, in seconds"
        sum_so_far = 0
        for bound, count in zip((*SECONDS, float("inf")), self.buckets, strict=True):
            sum_so_far += count
            edge = "+Inf" if bound == float("inf") else f"{bound:g}"
            yield Figure("sunshine_answer_seconds_bucket", sum_so_far, about, "histogram", (("le", edge),))
        yield Figure("sunshine_answer_seconds_sum", self.seconds, about, "histogram")
        yield Figure("sunshine_answer_seconds_count", sum_so_far, about, "histogram")


def written(figures: Iterable[Figure]) -> str:
    """Figures in the text format; those of one name stand together."""
    lines: list[str] = []
    named: dict[str, list[Figure]] = {}
    for figure in figures:
        named.setdefault(_family(figure), []).append(figure)
    for name, group in named.items():
        lines += [f"# HELP {name} {group[0].help}", f"# TYPE {name} {group[0].kind}"]
        for figure in group:
            labels = ",".join(f'{label}="{_escaped(value)}"' for label, value in figure.labels)
            value = f"{figure.value:.6f}".rstrip("0").rstrip(".")
            lines.append(f"{figure.name}{{{labels}}} {value}" if labels else f"{figure.name} {value}")
    return "\n".join((*lines, ""))


def _family(figure: Figure) -> str:
    if figure.kind != "histogram":
        return figure.name
    return figure.name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def edition_of(path: str) -> str:
    """The edition of an address in a few words: the box profile, wap, or the first part of the path."""
    parts = path.split("/", 3)
    first = parts[1] if len(parts) > 1 else ""
    if first == "tv":
        return parts[2].partition(".")[0] if len(parts) > 3 else "tv"
    return first if first in ("wap", "media", "remote", "healthz", "metrics", "open311") else "other"


class MetricsHandler(PageHandler):
    """`/metrics`."""

    async def get(self) -> None:
        """All figures of this process, and how the mirror is."""
        metrics: Metrics = self.application.settings["metrics"]
        redis = await self.ctx.mirror.ping()
        state = [Figure("sunshine_redis_up", int(redis), "Whether Redis answers")]
        site = self.ctx.mirror.held_site()
        if site is not None:
            now = time.time()
            state += [
                Figure("sunshine_generation", site.generation, "Generation of the mirror that is shown"),
                Figure("sunshine_published_age_seconds", now - site.published, "Age of the last publish"),
                Figure("sunshine_checked_age_seconds", now - site.checked, "Since a sync reached the origin"),
            ]
        self.set_header("Content-Type", TYPE)
        self.set_header("Cache-Control", "no-store")
        self.write(metrics.text() + written(state))


def counted(metrics: Metrics, log: Callable[[RequestHandler], None]) -> Callable[[RequestHandler], None]:
    """Tornado's log function that counts too; what is not there is "other", for anybody types addresses."""

    def count(handler: RequestHandler) -> None:
        if isinstance(handler.request.connection, Recorder):
            return  # the lane counts what it sends
        label = edition_of(handler.request.path) if handler.get_status() != 404 else "other"
        metrics.count(label, handler.get_status(), handler.request.request_time())
        log(handler)

    return count
