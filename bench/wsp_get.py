"""A connectionless WSP GET of a kept deck against a C echo that answers with as many octets.

The gateway with bridge and edition over a mirror, and the echo (`_udp.c`, built here with gcc), take turns on
one core; a C client asks with 32 datagrams under way. Processor time per answer, the median of the rounds.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import Row, needed
from bench._fill import Size, filled
from bench._pinned import CLIENT_CORE, PROJECT, NoServer, Server, free_port, python, running
from wap.protocol import wsp_pdu
from wap.protocol.headers import encode_headers

ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS, QUICK_SECONDS = 3, 1
WINDOW = 32
WSP_OK = 0x20
HEADERS = [("Accept", "text/vnd.wap.wml, application/vnd.wap.wmlc"), ("User-Agent", "Nokia7110/1.0")]


def main(quick: bool) -> Iterator[Row]:
    """Both in turn."""
    needed("gcc", "taskset")
    seconds, rounds = (QUICK_SECONDS, QUICK_ROUNDS) if quick else (SECONDS, ROUNDS)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        tool, request = folder / "udp", folder / "request"
        subprocess.run(["gcc", "-O2", "-o", str(tool), str(PROJECT / "bench" / "_udp.c")], check=True)  # noqa: S603, S607
        page = b"http://wap.city.example/wap/c/n1/1"
        request.write_bytes(
            b"\0" + wsp_pdu.encode(wsp_pdu.Method(0x40, page, encode_headers(HEADERS, (1, 2))))
        )
        url, _ = stack.enter_context(filled(folder, Size(200)))
        ports = free_port(), free_port()
        command = python("-m", "bench._serve", "gateway", str(ports[0]), url, "0")
        ours = stack.enter_context(running("gateway", command, ports[0], kind=socket.SOCK_DGRAM))
        length = _until_it_answers(ours, request)
        echo = stack.enter_context(
            running("echo", [str(tool), "echo", str(ports[1]), str(length)], ports[1], kind=socket.SOCK_DGRAM)
        )
        found: dict[str, list[tuple[float, float, int]]] = {"gateway": [], "echo": []}
        for _ in range(rounds):
            for server in (ours, echo):
                found[server.name].append(_asked(server, tool, request, seconds))
    cost = {name: statistics.median(cpu for _, cpu, _ in each) for name, each in found.items()}
    for server_name, each in found.items():
        rate = statistics.median(rate for rate, _, _ in each)
        lost = sum(lost for _, _, lost in each)
        yield Row(f"{server_name}: CPU per answer of {length} octets", cost[server_name], "us",
                  note=f"{rate:,.0f}/s came through, {lost} lost")  # fmt: skip
    yield Row("kept deck over WSP against the C echo", cost["echo"] / cost["gateway"], "x", least=0.25,
              note="aim 0.4")  # fmt: skip


def _run(server: Server, tool: Path, request: Path, seconds: float) -> tuple[int, int, int]:
    """Answers, lost ones, octets of an answer."""
    command = ["taskset", "-c", str(CLIENT_CORE), str(tool), "ask", str(server.port), str(seconds), str(WINDOW),  # noqa: E501
               str(request)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    answers, lost, length = map(int, done.stdout.split())
    return answers, lost, length


def _until_it_answers(server: Server, request: Path) -> int:
    """The octets of the deck, once it comes: before that the gateway may tell that there is none."""
    until = time.monotonic() + 90
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(2)
        while time.monotonic() < until and server.process.poll() is None:
            try:
                phone.sendto(request.read_bytes(), ("127.0.0.1", server.port))
                answer = phone.recv(65_536)
            except OSError:
                time.sleep(0.1)
                continue
            if answer[2] == WSP_OK:
                return len(answer)
            time.sleep(0.5)
    raise NoServer("the gateway does not answer with a deck")


def _asked(server: Server, tool: Path, request: Path, seconds: float) -> tuple[float, float, int]:
    """Answers a second, CPU microseconds of an answer, lost ones."""
    before = server.cpu()
    answers, lost, _ = _run(server, tool, request, seconds)
    return answers / seconds, (server.cpu() - before) / max(1, answers) * 1e6, lost
