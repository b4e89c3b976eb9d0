"""Viewers on kept connections who look at every answer: for benches that break something meanwhile."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.laned import request

_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)")
_WORDS = re.compile(rb">\s*([^<>0-9\s][^<>0-9]{5,}?)\s*<")
PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.002
KEPT = 50_000
"""Answers whose time is remembered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer."""

    status: int
    head: bytes
    body: bytes


class NoAnswer(Exception):
    """The connection ended, or nothing whole came in time."""


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """The next answer of a connection. NoAnswer."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1]) if length else 0)
        return Answer(int(head[9:12]), head, body)
    except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError) as error:
        raise NoAnswer(repr(error)) from error


@dataclass
class Crowd:
    """What viewers of a port have seen.

    marks   target -> octets that stand in this page and together in no other
    cold    pages that nobody has read: 503 with Retry-After and a page is an answer too, as it should be
    lost    what was asked and not answered, or not with 200      wrong   another page than the one asked for
    """

    port: int
    marks: Mapping[str, Sequence[bytes]]
    cold: bool = False
    host: str = "127.0.0.1"
    answers: int = 0
    connections: int = 0
    longest: float = 0.0
    leave: bool = False
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    taken: list[float] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """Milliseconds in which 99 of 100 answers came."""
        return sorted(self.taken)[int(len(self.taken) * 0.99)] if self.taken else 0.0

    async def viewer(self, targets: Sequence[str]) -> None:
        """Ask again and again."""
        writer: asyncio.StreamWriter | None = None
        at = 0
        while not self.leave:
            target, at = targets[at % len(targets)], at + 1
            began = time.perf_counter()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(
                        "127.0.0.1", self.port, local_addr=(self.host, 0)
                    )
                    self.connections += 1
                writer.write(request(target))
                answer = await read_answer(reader)
            except (OSError, NoAnswer) as error:
                self.lost.append(f"{target}: {error}")
                if writer is not None:
                    writer.close()
                writer = None
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            seconds = time.perf_counter() - began
            self.longest = max(self.longest, seconds)
            if len(self.taken) < KEPT:
                self.taken.append(seconds * 1e3)
            self._judge(target, answer)
            if b"\r\nConnection: close" in answer.head:
                writer.close()
                writer = None
            await asyncio.sleep(PAUSE_SECONDS)
        if writer is not None:
            writer.close()

    def _judge(self, target: str, answer: Answer) -> None:
        self.answers += 1
        self.statuses[answer.status] += 1
        if answer.status == 200:
            if not all(mark in answer.body for mark in self.marks.get(target, ())):
                self.wrong.append(f"{target} shows another page")
        elif not self.cold or answer.status != 503:
            self.lost.append(f"{target}: {answer.status}")
        elif b"\r\nRetry-After: " not in answer.head or len(answer.body) < 300:
            self.wrong.append(f"{target}: a 503 that says nothing")


@asynccontextmanager
async def reading(crowd: Crowd, targets: Sequence[str], viewers: int) -> AsyncIterator[Crowd]:
    """So many viewers read for as long as the block lasts, and a moment more; each begins elsewhere."""
    tasks = [
        asyncio.create_task(crowd.viewer([*targets[at % len(targets) :], *targets[: at % len(targets)]]))
        for at in range(viewers)
    ]
    await asyncio.sleep(0.3)
    try:
        yield crowd
        await asyncio.sleep(0.3)
    finally:
        crowd.leave = True
        await asyncio.gather(*tasks)


def marks_of(pages: Mapping[str, bytes]) -> dict[str, tuple[bytes, ...]]:
    """What tells each page from the others: words that no other page of its edition has, and an address.

    Words with digits are passed over: they are times and counts, which change.
    """
    found: dict[str, tuple[bytes, ...]] = {}
    for target, body in pages.items():
        edition = _edition(target)
        others = [page for other, page in pages.items() if other != target and _edition(other) == edition]
        own = (words for words in _WORDS.findall(body) if not any(words in page for page in others))
        words = next(own, None)
        if words is None or edition not in body:
            raise ValueError(f"{target} cannot be told from the other pages: {body[:300]!r}")
        found[target] = (words, edition)
    return found


def _edition(target: str) -> bytes:
    return "/".join(target.split("/")[:3]).encode() if target.startswith("/tv/") else b"/wap/"
