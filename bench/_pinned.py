"""Servers on one core, what asks them on another, and what each costs: for benches that compare servers.

What is compared is the processor time of a request, which other work on the machine disturbs least, and which
says what a core of its own would answer in a second.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60.0
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]


class NoServer(RuntimeError):
    """A server of a bench did not start."""


@dataclass(frozen=True, slots=True)
class Spent:
    """One measurement: answers a second, microseconds of CPU for one, p50 and p99 in ms, and how many failed."""  # noqa: E501

    rate: float
    cpu_us: float
    p50: float
    p99: float
    failed: int


@dataclass
class Server:
    """A server that runs on SERVER_CORE; `pids` are all its processes."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> list[int]:
        """Itself and its children."""
        found = [self.process.pid]
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if parent == self.process.pid:
                found.append(int(folder.name))
        return found

    def cpu(self) -> float:
        """Seconds of processor used so far."""
        total = 0.0
        for pid in self.pids:
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += (int(fields[11]) + int(fields[12])) / TICK
        return total

    def memory(self) -> int:
        """Octets of memory of the first process."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    name: str, command: Sequence[str], port: int, environment: Mapping[str, str] | None = None, *,
    seconds: float = START_SECONDS, kind: socket.SocketKind = socket.SOCK_STREAM, log: Path | None = None,
) -> Iterator[Server]:  # fmt: skip
    """Start a server on SERVER_CORE, and stop it.

    log  where its standard error goes; without one nobody reads it, and a server that writes much stands
    """
    pinned = ["taskset", "-c", str(SERVER_CORE), *command] if shutil.which("taskset") else [*command]
    with ExitStack() as files:
        said_to = files.enter_context(log.open("wb")) if log else subprocess.PIPE
        process = subprocess.Popen(  # noqa: S603
            pinned, cwd=PROJECT, env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL, stderr=said_to,
        )  # fmt: skip
    server = Server(name, port, process)
    try:
        until = time.monotonic() + seconds
        while kind is socket.SOCK_STREAM and not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                said = process.stderr.read() if process.stderr else log.read_bytes() if log else b""
                raise NoServer(f"{name} does not start: {said[-800:].decode('utf-8', 'replace')}")
            time.sleep(0.05)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


SCRIPT = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local agents = {"Chrome/90", "Chrome/110", "iPanel/3.0", "HbbTV/1.4.1 (+DRM;a;b;c;)", "Webkit/533"}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {
    ["Host"] = "tv.example", ["Accept-Encoding"] = "gzip, deflate", ["Connection"] = "keep-alive",
    ["User-Agent"] = "Mozilla/5.0 (Linux; box " .. (at %% 40) .. ") " .. agents[at %% #agents + 1],
  })
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("FIGURES %%d %%d %%f %%f %%d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def wrk(server: Server, paths: Path, seconds: float, connections: int = 50) -> Spent:
    """Load a server with these addresses, in turn; `paths` is a file with one a line."""
    script = paths.with_suffix(".lua")
    script.write_text(SCRIPT % paths, encoding="utf-8")
    pinned = ["taskset", "-c", str(CLIENT_CORE)] if shutil.which("taskset") else []
    command = [*pinned, "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(script),
               f"http://127.0.0.1:{server.port}"]  # fmt: skip
    before = server.cpu()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    used = server.cpu() - before
    found = re.search(r"FIGURES (\d+) (\d+) ([\d.]+) ([\d.]+) (\d+)", done.stdout)
    if found is None or not int(found[1]):
        raise NoServer(f"{server.name} did not answer wrk: {done.stdout[-300:]} {done.stderr[-300:]}")
    requests, micro = int(found[1]), int(found[2])
    return Spent(
        requests / micro * 1e6, used / requests * 1e6, float(found[3]), float(found[4]), int(found[5])
    )


def python(*arguments: str) -> list[str]:
    """A command of this interpreter."""
    return [sys.executable, *arguments]
