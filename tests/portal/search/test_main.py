"""`python -m portal.search`, as an operator runs it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from portal.local_redis import LocalRedis
from portal.search.__main__ import main
from portal.search.counted import Misses
from portal.settings import PROJECT
from tests import sample
from tests.portal.search import today
from tests.portal.search.conftest import publish


@dataclass(frozen=True)
class Command:
    """The command with its environment, called in a thread of this process."""

    capsys: pytest.CaptureFixture[str]

    async def __call__(self, *arguments: str) -> tuple[int, str]:
        """The exit status, and what was written to standard output."""
        status = await asyncio.to_thread(main, arguments)
        return status, self.capsys.readouterr().out


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    redis_server: LocalRedis,
    tmp_path: Path,
) -> Command:
    """The command over the sample's mirror and a data folder of its own."""
    (tmp_path / "site.toml").write_text(f'[site]\nid = "{sample.SITE_ID}"\n')
    for name, value in (
        ("REDIS_URL", redis_server.url), ("SITE", str(tmp_path / "site.toml")), ("DATA_DIR", str(tmp_path)),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    return Command(capsys)


async def test_find_and_misses(redis_client: Redis, command: Command) -> None:
    """Digits, words, nothing, JSON; an index is made where there is none."""
    await publish(redis_client)
    status, said = await command("find", "59", "--count", "1")
    assert status == 0 and "2001  机动车驾驶证期满换证  (驾照)" in said
    assert "1 of " in said
    _, said = await command("find", "老年阅览", "--json", "--count", "3", "--year", "2026")
    words = json.loads(said)
    assert words["total"] > 3 == len(words["hits"]) and words["state"] == "ready"
    first = words["hits"][0]
    assert all(first["snippet"][start:stop] in ("老年", "阅览") for start, stop in first["snippet_marks"])
    status, said = await command("find", "甲照幻政")
    assert status == 1 and "sounds like: 驾照换证" in said
    assert "no search" in (await command("misses"))[1], "what an operator tries is not counted"
    await Misses(redis_client, sample.SITE_ID, today).add("没有的证")
    assert (await command("misses"))[1].split() == ["1", "2026-11-22", "没有的证"]
    assert json.loads((await command("misses", "--json"))[1])[0]["text"] == "没有的证"


def test_as_an_operator_calls_it(command: Command) -> None:
    """`python -m portal.search`, its exit status, and no traceback where there is no mirror."""
    called = subprocess.run(
        [sys.executable, "-m", "portal.search", "misses"],
        cwd=PROJECT, env={**os.environ, "REDIS_URL": "redis://127.0.0.1:1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert called.returncode == 1 and called.stderr.startswith("portal.search: ")


def test_wrong_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Wrong words, wrong numbers, a site file that is none."""
    for wrong in (["find"], ["find", "x", "--count", "-1"], ["nothing"]):
        with pytest.raises(SystemExit) as left:
            main(wrong)
        assert left.value.code == 2
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("SITE", str(tmp_path / "none.toml"))
    assert main(["misses"]) == 1
    assert "cannot be read as a site file" in capsys.readouterr().err
