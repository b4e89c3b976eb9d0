"""What is acknowledged is kept: through kills, and on a disk that is full."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal.letters.trial import Trial


async def test_killed_at_random(tmp_path: Path) -> None:
    """A small trial; `python -m bench letters_durability` is the large one."""
    found = await Trial(tmp_path, letters=90, clients=6, pauses=(0.1, 0.3), kills=3).run()
    assert found.faults == []
    assert len(found.acknowledged) > 60 and found.redis_kills and found.server_kills


FULL = """
import asyncio, subprocess, sys
from pathlib import Path
from redis.asyncio import Redis
from redis.exceptions import RedisError
from portal.letters.errors import NotStored, LettersAway
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from portal.local_redis import LocalRedis
from tests.portal.letters.conftest import RULES, SECRET, at, draft

async def main(folder):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=260k", "tmpfs", folder], check=True)
    server = LocalRedis(Path(folder), appendfsync="always")
    server.start()
    letters = Letters(LetterBox(Redis.from_url(server.url), "full"), RULES, SECRET)
    def new(n):
        return draft(f"{n:032x}", telephone=f"139{n:08d}", phrase="", text="x" * 600)
    promised = {}
    for n in range(5000):
        try:
            promised[n] = (await letters.file(new(n), at("2026-11-23 10:00"))).number
        except NotStored as error:
            print("refused after", len(promised))
            break
    else:
        print("never refused")
    refused = n
    subprocess.run(["mount", "-o", "remount,size=20m", folder], check=True)
    for _ in range(100):  # it may still be going down
        if server.died:
            server.start()
        try:
            await Redis.from_url(server.url).ping()
            break
        except RedisError:
            await asyncio.sleep(0.1)
    fresh = Letters(LetterBox(Redis.from_url(server.url), "full"), RULES, SECRET)
    for n, number in promised.items():
        assert (await fresh.file(new(n), at("2026-11-23 10:00"))).number == number
    assert (await fresh.file(new(refused), at("2026-11-23 10:00"))).number
    assert len(await fresh.box.numbers()) == len(promised) + 1
    print("all there")
    server.stop()

asyncio.run(main(sys.argv[1]))
"""


def test_a_full_disk_acknowledges_nothing(tmp_path: Path) -> None:
    """A letter that does not fit is refused; all before it are there, and it can be filed when there is room."""
    may = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    if may.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", FULL, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).resolve().parents[3],
    )
    said = done.stdout.splitlines()
    assert said[-1:] == ["all there"], done.stdout + done.stderr
    assert int(said[0].removeprefix("refused after ")) > 20
