"""The server with its gateway: started on free ports, told apart from a taken one, stopped cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.local_redis import LocalRedis
from portal.settings import PROJECT
from tests.wap.phone import Phone
from wap.protocol import wsp_pdu
from wap.protocol.headers import encode_headers
from wap.wbxml import decode

pytestmark = pytest.mark.timeout(60)


def environment(redis: LocalRedis, folder: Path, wsp: str) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **os.environ,
        "PORT": str(port),
        "REDIS_URL": redis.url,
        "DATA_DIR": str(folder),
        "WSP_PORTS": wsp,
    }


@contextmanager
def server(redis: LocalRedis, folder: Path, wsp: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server with its gateway; the process and what it said when it was ready."""
    process = subprocess.Popen(
        [sys.executable, "server.py", "--gateway"], cwd=PROJECT, env=environment(redis, folder, wsp),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline() + process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def free_ports() -> tuple[int, int]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def test_it_answers_and_stops(redis_server: LocalRedis, tmp_path: Path) -> None:
    unit, session = free_ports()
    with server(redis_server, tmp_path, f"{unit},{session}") as (process, said):
        assert f"UDP {unit} (connectionless) and {session} (sessions)" in said
        # Nothing of this site has been mirrored: a deck says so, whatever else the Redis holds.
        headers = encode_headers([("Accept", "application/vnd.wap.wmlc")])
        get = wsp_pdu.encode(wsp_pdu.Method(0x40, b"http://portal/wap/", headers))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.settimeout(10)
            phone.sendto(b"\x07" + get, ("127.0.0.1", unit))
            answer = phone.recv(65_535)
        assert answer[0] == 7
        reply = wsp_pdu.decode(answer[1:])
        assert isinstance(reply, wsp_pdu.Reply)
        assert reply.status == 0x63  # 503
        assert "<wml>" in decode(reply.body)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.settimeout(10)
            phone.connect(("127.0.0.1", session))
            talk = Phone()
            for octets in talk.connect(()):
                phone.send(octets)
            talk.receive(phone.recv(65_535))
            assert talk.session
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        errors = [line for line in err.splitlines() if "no letter box" not in line]  # this server has none
        assert (process.returncode, errors) == (0, []), err
        assert "stopping" in out


def test_a_taken_port_is_told(redis_server: LocalRedis, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        wsp = f"0,{taken.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "server.py", "--gateway"], cwd=PROJECT, env=environment(redis_server, tmp_path, wsp),
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"cannot have the UDP ports {wsp} on 127.0.0.1" in done.stderr
    assert "WSP_PORTS=" in done.stderr


def test_a_wrong_list_is_told(redis_server: LocalRedis, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "server.py", "--gateway"],
        cwd=PROJECT, env=environment(redis_server, tmp_path, "0,0") | {"WAP_ORIGINS": "http://x/"},
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 1
    assert "WAP_ORIGINS: 'http://x/' is no host" in done.stderr
