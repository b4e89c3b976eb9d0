"""The files in deploy/ are read by the programs that they are for, and work in front of a real server."""

from __future__ import annotations

import asyncio
import configparser
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

import server
from portal import settings
from portal.local_redis import LocalRedis
from portal.settings import PROJECT
from tests import sample
from tests.laned import Laned, laned, read_on, request
from tests.portal.test_redis_client import free_port

DEPLOY = PROJECT / "deploy"
PAGE = "/tv/web-hd/c/310"


@contextmanager
def front(arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A proxy as long as it is needed."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr is not None:
            process.stderr.close()


def haproxy(folder: Path, port: int, behind: tuple[int, int]) -> list[str]:
    """deploy/haproxy.cfg on our ports."""
    text = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    text = text.replace("bind :80", f"bind 127.0.0.1:{port}")
    for address, to in zip(("10.0.0.11:8080", "10.0.0.12:8080"), behind, strict=True):
        assert address in text
        text = text.replace(address, f"127.0.0.1:{to}")
    file = folder / "haproxy.cfg"
    file.write_text(text, encoding="utf-8")
    checked = subprocess.run(["haproxy", "-c", "-f", str(file)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "WARNING" not in checked.stdout + checked.stderr, checked.stderr
    return ["haproxy", "-db", "-f", str(file)]


def nginx(folder: Path, port: int, behind: tuple[int, int]) -> list[str]:
    """deploy/nginx.conf, as it is included in Debian's nginx.conf, on our ports."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 80 reuseport", f"listen 127.0.0.1:{port} reuseport")
    for address, to in zip(("10.0.0.11:8080", "10.0.0.12:8080"), behind, strict=True):
        assert address in text
        text = text.replace(address, f"127.0.0.1:{to}")
    site, whole = folder / "site.conf", folder / "nginx.conf"
    site.write_text(text, encoding="utf-8")
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log warn;"
        f"events {{}} http {{ access_log off; {kept} include {site}; }}",
        encoding="ascii",
    )
    checked = subprocess.run(["nginx", "-t", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and "[warn] conflicting" not in checked.stderr, checked.stderr
    return ["nginx", "-c", str(whole)]


async def ask(port: int, target: str, *fields: str) -> bytes:
    """One answer through a proxy, which may still be starting."""
    for _ in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except OSError:
            await asyncio.sleep(0.05)
    else:
        raise AssertionError(f"nothing listens on {port}")
    writer.write(request(target, "Connection: close", *fields))
    answer = await read_on(reader, 20)
    writer.close()
    return answer


@pytest.mark.parametrize("proxy", [haproxy, nginx])
async def test_a_proxy_in_front(
    proxy: object, redis_server: LocalRedis, redis_client: Redis, tmp_path: Path
) -> None:
    """Pages, entity tags and redirects come through; a machine that dies is not noticed; /metrics is not shown."""
    name = proxy.__name__  # type: ignore[attr-defined]
    assert shutil.which(name), f"{name} is missing: scripts/setup test installs it"
    await sample.publish(redis_client)
    port = free_port()
    async with laned(redis_server.url, sample.SITE_ID) as one, laned(redis_server.url, sample.SITE_ID) as two:
        with front(proxy(tmp_path, port, (one.port, two.port))):  # type: ignore[operator]
            answers = [await ask(port, PAGE, "Accept-Encoding: gzip") for _ in range(6)]
            assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
            assert all(b"content-encoding: gzip" in answer.lower() for answer in answers)
            assert _served(one) and _served(two)
            tag = re.search(rb"(?i)\r\netag: ([^\r]+)", answers[0])
            assert tag
            again = await ask(port, PAGE, f"If-None-Match: {tag[1].decode()}")
            assert again.startswith(b"HTTP/1.1 304")
            assert (await ask(port, "/metrics")).startswith(b"HTTP/1.1 404")
            assert (await ask(port, "/tv/web-hd/x")).startswith(b"HTTP/1.1 404")
            await two.serving.stop()
            after = [await ask(port, PAGE) for _ in range(8)]
            assert all(answer.startswith(b"HTTP/1.1 200") for answer in after)


def _served(each: Laned) -> bool:
    return sum(each.metrics.answers.values()) > 0


def test_the_units_start_what_there_is() -> None:
    """Each names a role of server.py, ends in time for it to retire, and may write its state alone."""
    units = sorted((DEPLOY / "systemd").glob("*.service"))
    assert [unit.stem for unit in units] == [
        f"sunshine-{role}" for role in ("gateway", "indexer", "serve", "sync")
    ]
    for unit in units:
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read(unit, encoding="utf-8")
        service = parser["Service"]
        program, script, *arguments = service["ExecStart"].split()
        assert (program, script) == ("/opt/sunshine/.venv/bin/python", "/opt/sunshine/server.py")
        options = server._parser().parse_args([each.replace("${PROCESSES}", "4") for each in arguments])
        assert options.role == unit.stem.removeprefix("sunshine-")
        assert int(service["TimeoutStopSec"]) > server.RETIRE_SECONDS
        assert service["ProtectSystem"] == "strict" and service["User"] == "sunshine"
    reload = (DEPLOY / "systemd" / "sunshine-serve.service").read_text(encoding="utf-8")
    assert "ExecReload=/bin/kill -HUP $MAINPID" in reload


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """`systemd-analyze verify`, where there is one: nothing but that the program is not installed here."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    for unit in (DEPLOY / "systemd").glob("*.service"):
        done = subprocess.run(
            ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
        )
        lines = [
            line for line in done.stderr.splitlines() if unit.name in line and "not executable" not in line
        ]
        assert not lines, lines


def test_the_environment_names_settings_that_there_are() -> None:
    """Every line of sunshine.env is a setting, or the number of processes."""
    lines = (DEPLOY / "sunshine.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) - {"PROCESSES"} <= {row.name for row in settings.TABLE}
    settings.load({**given, "SITE": str(PROJECT / "demo" / "site.toml")})
