"""The operator's commands: status, review, withdraw, verify-log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from content_sync.__main__ import main
from content_sync.site import SiteFile
from portal.local_redis import LocalRedis
from tests.content_sync.conftest import SITE, Canned, Sync
from tests.content_sync.test_job import ENTRIES, build

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    canned: Canned,
    redis_server: LocalRedis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Runs a command of the canned portal in a thread of its own."""
    path = tmp_path / "town.toml"
    path.write_text(
        SITE.format(home=canned.home, fetch="", schedule="", events='policy = "hold"'), encoding="utf-8"
    )
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("SITE", str(path))
    monkeypatch.delenv("SITE_HOME", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


async def test_from_held_to_shown_to_withdrawn(
    command: Command, canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    build(canned)
    code, out, _ = await asyncio.to_thread(command, "status")
    assert code == 3 and "nothing has been published yet" in out
    sync = sync_of(town(events='policy = "hold"'))
    await sync.run()
    code, out, _ = await asyncio.to_thread(command, "review")
    assert code == 0 and out.count("every item of this column waits for a person") == 8
    item = out.split()[0]
    code, out, _ = await asyncio.to_thread(command, "review", "show", item)
    assert code == 0 and "--- waiting ---" in out and "(nothing)" in out and "来龙去脉" in out
    assert (await asyncio.to_thread(command, "review", "release"))[0] == 2
    assert (await asyncio.to_thread(command, "review", "release", "zzzzzzzz"))[0] == 3
    code, out, _ = await asyncio.to_thread(command, "review", "release", "--all", "--by", "王芳")
    assert code == 0 and "8 released in generation 1" in out
    assert len(await sync.titles("events")) == 8
    code, out, _ = await asyncio.to_thread(command, "withdraw", item, "--by", "李明", "--why", "隐私")
    assert code == 0 and f"{item}: off since generation 2" in out
    assert len(await sync.titles("events")) == 7
    code, out, _ = await asyncio.to_thread(command, "verify-log", "--print")
    assert code == 0 and "10 lines, unbroken" in out and "李明" in out and "隐私" in out
    await sync.redis.lset("sg:{town}:sync:log", 3, "harm")
    code, _, err = await asyncio.to_thread(command, "verify-log")
    assert code == 3 and "line 4 does not hold" in err
    assert (await asyncio.to_thread(command, "withdraw", "--undo", item))[0] == 0


async def test_status_names_what_is_wrong(
    command: Command, canned: Canned, town: Town, sync_of: SyncOf
) -> None:
    build(canned)
    del canned.answers[ENTRIES[0][0]]
    sync = sync_of(town())
    await sync.run()
    code, out, _ = await asyncio.to_thread(command, "status")
    assert code == 3 and "generation 1" in out and "1 in quarantine or failed" in out
    assert "answers 404, and the list still has it" in out
    code, out, _ = await asyncio.to_thread(command, "status", "--json")
    status = json.loads(out)
    (events,) = status["columns"]
    assert (events["id"], events["items"], events["newest"], status["well"]) == (
        "events",
        7,
        "2026-03-07 10:00",
        False,
    )
    build(canned)
    sync.clock.forward(86_400)
    await sync.run()
    code, out, _ = await asyncio.to_thread(command, "status")
    assert code == 0 and "    8  2026-03-08 10:00" in out


def test_wrong_use(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command()[0] == 2
    with pytest.raises(SystemExit) as caught:
        main(["fly"])
    assert caught.value.code == 2
    assert command("status", "--site", "/nowhere.toml")[0] == 2
