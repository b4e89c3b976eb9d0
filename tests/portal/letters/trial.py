"""The trial of the letter box: clients file while the server and Redis are killed at random.

What a client saw acknowledged must be there once and be delivered once; what it gave up on may be there once or
not at all. A client that gets no answer presses again, as people do, or gives up.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from portal.letters.service import Letters
from portal.letters.store import LetterBox
from portal.local_redis import LocalRedis
from tests.portal.letters.conftest import RULES, SECRET

GIVES_UP = 0.1
"""Part of the letters whose writer walks away after the first failure."""


@dataclass
class CaseSystem:
    """The city's case system: keeps a letter by its key, answers slowly, sometimes twice wrong, sometimes not."""

    chance: random.Random
    kept: dict[str, str] = field(default_factory=dict)
    posts: int = 0
    refused: int = 0


class _Post(RequestHandler):
    def initialize(self, system: CaseSystem) -> None:
        self.system = system

    async def post(self) -> None:
        """Take a letter; in one case of ten break: before keeping it, or after."""
        system, asked = self.system, json.loads(self.request.body)
        system.posts += 1
        broken = system.chance.random()
        if broken > 0.05:
            system.kept[asked["key"]] = asked["text"]
        if broken < 0.1:
            system.refused += 1
            self.set_status(502)


@dataclass
class Outcome:
    """What a trial found.

    acknowledged  text -> number, as clients saw it       given_up      texts that nobody was promised
    there         text -> how often it is in the box      delivered     text -> how often, by distinct keys
    """

    seconds: float
    acknowledged: dict[str, str]
    given_up: set[str]
    there: Counter[str]
    numbers: dict[str, str]
    delivered: Counter[str]
    posts: int
    retries: int
    redis_kills: int
    server_kills: int
    waiting: int

    @property
    def faults(self) -> list[str]:
        """Every broken promise, in words."""
        found = []
        for text, number in self.acknowledged.items():
            if self.there[text] != 1:
                found.append(f"{text}: acknowledged as {number}, {self.there[text]} times there")
            elif self.numbers[text] != number:
                found.append(f"{text}: acknowledged as {number}, there as {self.numbers[text]}")
            if self.delivered[text] != 1:
                found.append(f"{text}: acknowledged, {self.delivered[text]} times delivered")
        found += [
            f"{text}: given up, {self.there[text]} times there"
            for text in self.given_up
            if self.there[text] > 1
        ]
        found += [f"{text}: there and not delivered" for text in self.there if self.delivered[text] != 1]
        if self.waiting:
            found.append(f"{self.waiting} letters are still in the outbox")
        return found


@dataclass
class Trial:
    """One trial in a folder; `seed` chooses the moments of at most `kills` kills."""

    folder: Path
    letters: int
    clients: int
    pauses: tuple[float, float]
    seed: int = 7
    kills: int = 1_000_000

    async def run(self) -> Outcome:
        """Run it, look at what is left with a connection of its own, and stop everything."""
        self._chance = random.Random(self.seed)
        self._redis = LocalRedis(self.folder, appendfsync="always")
        self._redis.start()
        system = CaseSystem(random.Random(self.seed + 1))
        http = HTTPServer(Application([(r"/", _Post, {"system": system})], log_function=lambda _: None))
        http.add_sockets(bound := bind_sockets(0, "127.0.0.1"))
        self._case = f"http://127.0.0.1:{bound[0].getsockname()[1]}/"
        self._port = _free_port()
        self._server = self._start_server()
        self._acknowledged: dict[str, str] = {}
        self._given_up: set[str] = set()
        self._retries = 0
        self._over = False
        started = time.monotonic()
        try:
            killing = asyncio.create_task(self._kill())
            queue = iter(range(self.letters))
            await asyncio.gather(*(self._client(queue) for _ in range(self.clients)))
            self._over = True
            await killing
            self._mend()
            return await self._look(system, time.monotonic() - started)
        finally:
            self._server.kill()
            self._server.wait()
            self._redis.stop()
            http.stop()

    def _start_server(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "tests.portal.letters.clerk",
            self._redis.url,
            str(self._port),
            self._case,
        ]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    async def _kill(self) -> None:
        """Kill the server, Redis, or both, until it is over."""
        self.redis_kills = self.server_kills = 0
        for done in range(self.kills):
            await asyncio.sleep(self._chance.uniform(*self.pauses))
            if self._over:
                return
            what = (
                ("redis", "server", "both")[done]
                if done < 3
                else self._chance.choice(("redis", "server", "both"))
            )
            if what != "server":
                self._redis.kill()
                self.redis_kills += 1
            if what != "redis":
                self._server.kill()
                self.server_kills += 1
            await asyncio.sleep(self._chance.uniform(0.0, 0.2))
            await asyncio.to_thread(self._mend)
            while not await self._answers():
                await asyncio.sleep(0.05)
                self._mend()

    async def _answers(self) -> bool:
        """Whether the server has come up again: to kill it before that would show nothing."""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        return True

    def _mend(self) -> None:
        """Start again what is dead."""
        if self._redis.pid == 0:
            self._redis.start()
        if self._server.poll() is not None:
            self._server.wait()
            self._server = self._start_server()

    async def _client(self, queue: object) -> None:
        client = AsyncHTTPClient(force_instance=True)
        for at in queue:  # type: ignore[attr-defined] # an iterator that the clients share
            text = f"letter {at}"
            body = json.dumps(
                {"token": f"{self.seed:08x}{at:024x}", "telephone": f"139{at:08d}", "text": text}
            )
            patient = self._chance.random() >= GIVES_UP
            while True:
                try:
                    answer = await client.fetch(
                        HTTPRequest(
                            f"http://127.0.0.1:{self._port}/file", method="POST", body=body, request_timeout=3
                        )
                    )
                    self._acknowledged[text] = json.loads(answer.body)["number"]
                    break
                except (OSError, HTTPClientError):
                    self._retries += 1
                    if not patient:
                        self._given_up.add(text)
                        break
                    await asyncio.sleep(0.15)
        client.close()

    async def _look(self, system: CaseSystem, seconds: float) -> Outcome:
        redis = Redis.from_url(self._redis.url)
        fresh = Letters(LetterBox(redis, "trial"), RULES, SECRET, lanes=("case",))
        deadline = time.monotonic() + 180
        while await fresh.waiting("case") and time.monotonic() < deadline:
            # What failed waits for its next try: bring it forward, as time would.
            for entry, _ in await fresh.waiting("case"):
                await redis.zadd(fresh.box.key("outbox", "case"), {entry.name: 0}, xx=True)
            await asyncio.sleep(0.3)
        letters = await fresh.box.letters(await fresh.box.numbers())
        waiting = len(await fresh.waiting("case"))
        await redis.aclose()
        return Outcome(
            seconds=seconds,
            acknowledged=self._acknowledged,
            given_up=self._given_up - set(self._acknowledged),
            there=Counter(each.text for each in letters),
            numbers={each.text: each.number for each in letters},
            delivered=Counter(system.kept.values()),
            posts=system.posts,
            retries=self._retries,
            redis_kills=self.redis_kills,
            server_kills=self.server_kills,
            waiting=waiting,
        )


def _free_port() -> int:
    """A port below those that the system gives to clients: one of them could else take it while nobody listens."""
    chance = random.SystemRandom()  # another trial on this machine must not choose the same
    while True:
        port = chance.randrange(20_000, 30_000)
        try:
            (probe,) = bind_sockets(port, "127.0.0.1")
        except OSError:
            continue
        probe.close()
        return port
