"""`python -m portal.search`, as an operator runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


def run(redis: LocalRedis, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One call of the command."""
    site_file = folder / "site.toml"
    site_file.write_text(f'[site]\nid = "{sample.SITE_ID}"\n')
    environment = {**os.environ, "REDIS_URL": redis.url, "SITE": str(site_file), "DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "portal.search", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_find_and_misses(redis_client: Redis, redis_server: LocalRedis, tmp_path: Path) -> None:
    """Digits, words, nothing, JSON; an index is made where there is none."""
    await publish(redis_client)
    digits = run(redis_server, tmp_path, "find", "59", "--count", "1")
    assert digits.returncode == 0 and "2001  机动车驾驶证期满换证  (驾照)" in digits.stdout
    assert "1 of " in digits.stdout
    words = json.loads(
        run(redis_server, tmp_path, "find", "老年阅览", "--json", "--count", "3", "--year", "2026").stdout
    )
    assert words["total"] > 3 == len(words["hits"]) and words["state"] == "ready"
    first = words["hits"][0]
    assert all(first["snippet"][start:stop] in ("老年", "阅览") for start, stop in first["snippet_marks"])
    nothing = run(redis_server, tmp_path, "find", "甲照幻政")
    assert nothing.returncode == 1 and "sounds like: 驾照换证" in nothing.stdout
    assert "no search" in run(redis_server, tmp_path, "misses").stdout, (
        "what an operator tries is not counted"
    )
    await Misses(redis_client, sample.SITE_ID, today).add("没有的证")
    assert run(redis_server, tmp_path, "misses").stdout.split() == ["1", "2026-11-22", "没有的证"]
    assert json.loads(run(redis_server, tmp_path, "misses", "--json").stdout)[0]["text"] == "没有的证"


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
