"""A running demo city for the benches: `with city() as address:`.

The same installation as `make run`, in a folder and on a port of its own. One that runs already is used
where the environment names it: BENCH_CITY=http://127.0.0.1:8080.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench._pinned import free_port
from portal.local_redis import LocalRedis

PROJECT = Path(__file__).resolve().parent.parent
WHOLE_SECONDS = 600.0
_PUBLISHED = re.compile(r"published in [0-9.]+ s: ([0-9]+) new")


class NoCity(RuntimeError):
    """The demo city could not be started; the text is what it printed."""


@contextmanager
def city() -> Iterator[str]:
    """The address of a server that has mirrored the whole demo city."""
    if running := os.environ.get("BENCH_CITY", ""):
        yield running.rstrip("/")
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder), port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def mirrored(folder: Path) -> Iterator[LocalRedis]:
    """A Redis that holds the whole demo city, and nothing that serves it."""
    with _served(folder, free_port()):
        pass
    redis = LocalRedis(folder / "redis")
    redis.start()
    try:
        yield redis
    finally:
        redis.stop()


@contextmanager
def _served(folder: Path, port: int) -> Iterator[None]:
    """The installation in a folder, from the moment on at which all is mirrored."""
    told = folder / "told"
    environment = {
        **os.environ, "PORT": str(port), "DATA_DIR": str(folder), "WSP_PORTS": "", "SYNC_EVERY": "86400",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    environment.pop("REDIS_URL", None)
    with told.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "server.py", "--all"], cwd=PROJECT, env=environment, stdout=out, stderr=out
        )
    try:
        _until_whole(server, told)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _until_whole(server: subprocess.Popen[bytes], told: Path) -> None:
    """Wait until the last item is published, and not only the first ones."""
    deadline = time.monotonic() + WHOLE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if _PUBLISHED.search(told.read_text(encoding="utf-8", errors="replace")):
            return
        time.sleep(0.5)
    raise NoCity(told.read_text(encoding="utf-8", errors="replace")[-2000:])
