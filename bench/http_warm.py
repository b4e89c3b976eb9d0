"""Kept pages against a Tornado hello-world handler and nginx gzip_static, in one run; misses, tails, memory.

20,000 different addresses in three editions with forty kinds of head, 50 kept connections, our access log on;
hello and nginx write none. The servers take turns on one core, the client (wrk) has the other. Ratios are of
processor time per request, the median of the rounds; `rate` is what came through on this machine as it was.
"""

from __future__ import annotations

import gzip
import json
import resource
import statistics
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import Row, needed
from bench._fill import Size, filled
from bench._pinned import Server, Spent, free_port, python, running, wrk
from bench._serve import address

PAGES, QUICK_PAGES = 20_000, 3_000
ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS, QUICK_SECONDS = 3.0, 1.0
MEMORY_PAGES = 50_000
PLACES = 7_000
"""Articles in the mirror: three editions of each make more addresses than are asked for."""

MISSES = ("/tv/web-hd/lang", "/tv/web-hd/n/31", "/remote", "/tv/ipanel-sd/lang")

NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 2048; }}
http {{
  access_log off; gzip_static on; default_type text/html; keepalive_requests 1000000000;
  open_file_cache max=100000; open_file_cache_valid 3600s; sendfile on; tcp_nopush on;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; location / {{ try_files $uri.html =404; }} }}
}}
"""


def main(quick: bool) -> Iterator[Row]:
    """Measure; `quick` asks for fewer pages and shorter rounds."""
    needed("wrk", "nginx")
    pages = QUICK_PAGES if quick else PAGES
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url, _ = stack.enter_context(filled(folder, Size(-(-pages // 3))))
        warm, mixed = folder / "warm.txt", folder / "mixed.txt"
        known = [address(number) for number in range(pages)]
        warm.write_text("\n".join(known), encoding="ascii")
        mix = [MISSES[at // 10 % len(MISSES)] if at % 10 == 9 else known[at] for at in range(pages)]
        mixed.write_text("\n".join(mix), encoding="ascii")
        few = folder / "few.txt"
        few.write_text("\n".join(known[: _held_open()]), encoding="ascii")
        log = {"BENCH_LOG": str(folder / "access.log")}
        servers = {
            kind: stack.enter_context(
                running(kind, python("-m", "bench._serve", kind, str(port), url, str(pages)), port, log)
            )
            for kind, port in (("hello", free_port()), ("lane", free_port()), ("plain", free_port()))
        }
        servers["nginx"] = stack.enter_context(_nginx(folder, servers["lane"], known))
        found = _rounds(servers, (warm, mixed, few), quick)
        yield from _rows(found)
        yield from _tail(servers["lane"], warm, found["lane"], quick)
    yield from _memory(MEMORY_PAGES if not quick else QUICK_PAGES)


def _nginx(folder: Path, lane: Server, known: list[str]) -> object:
    """nginx over the same pages as files, compressed beforehand."""
    bodies = [_body(lane, path) for path in known[:60]]
    for at, path in enumerate(known):
        file = folder / "www" / f"{path.lstrip('/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        plain, packed = bodies[at % len(bodies)]
        file.write_bytes(plain)
        file.with_suffix(".html.gz").write_bytes(packed)
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port), encoding="ascii")
    folder.chmod(0o755)
    return running("nginx", ["nginx", "-c", str(conf), "-g", "user root;"], port)


def _body(lane: Server, path: str) -> tuple[bytes, bytes]:
    asked = urllib.request.Request(f"http://127.0.0.1:{lane.port}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own server
        packed = answer.read()
    return gzip.decompress(packed), packed


def _held_open() -> int:
    """Pages whose two files nginx can hold open: above that it answers with errors, which cost nothing."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return PAGES if most == resource.RLIM_INFINITY else (most - 500) // 2


def _rounds(
    servers: dict[str, Server], lists: tuple[Path, Path, Path], quick: bool
) -> dict[str, list[Spent]]:
    """Each in turn, again and again. `lists` are the addresses of all, of the mix, and for nginx."""
    warm, mixed, few = lists
    seconds, rounds = (QUICK_SECONDS, QUICK_ROUNDS) if quick else (SECONDS, ROUNDS)
    turns = (("hello", "hello", warm), ("lane", "lane", warm), ("nginx", "nginx", few),
             ("mixed", "lane", mixed), ("handlers", "plain", mixed))  # fmt: skip
    found: dict[str, list[Spent]] = {name: [] for name, _, _ in turns}
    for _ in range(rounds):
        for name, kind, paths in turns:
            found[name].append(wrk(servers[kind], paths, seconds))
    return found


def _cost(spent: list[Spent]) -> float:
    return statistics.median(each.cpu_us for each in spent)


def _rows(found: dict[str, list[Spent]]) -> Iterator[Row]:
    hello, lane, nginx = (_cost(found[name]) for name in ("hello", "lane", "nginx"))
    for name, spent in found.items():
        rate = statistics.median(each.rate for each in spent)
        note = f"{rate:,.0f}/s came through; {sum(each.failed for each in spent)} failed"
        yield Row(f"{name}: CPU per request", _cost(spent), "us", note=note)
    yield Row("warm page against Tornado hello", hello / lane, "x", least=5.0, note="aim 12")
    yield Row("warm page against nginx gzip_static", nginx / lane, "x", least=0.25, note="aim 0.6")
    ratio = _cost(found["handlers"]) / _cost(found["mixed"])
    yield Row("90 % hits, 10 % misses against handlers only", ratio, "x", least=4.0, note="aim 8")
    failed = sum(each.failed for spent in found.values() for each in spent)
    yield Row("answers that were not right", failed, "", most=0)


def _tail(lane: Server, warm: Path, found: list[Spent], quick: bool) -> Iterator[Row]:
    """p99 at half of the top load: as many connections as keep the server half busy."""
    top = statistics.median(each.rate for each in found)
    best: Spent | None = None
    for connections in (1, 2, 3, 4, 6, 8, 12):
        spent = wrk(lane, warm, QUICK_SECONDS if quick else SECONDS, connections)
        if best is None or abs(spent.rate - top / 2) < abs(best.rate - top / 2):
            best = spent
        if spent.rate > top / 2:
            break
    assert best is not None
    yield Row("p99 of warm pages at half of the top load", best.p99, "ms", most=20.0,
              note=f"aim 5; {best.rate:,.0f} of {top:,.0f}/s, p50 {best.p50:.2f} ms")  # fmt: skip


def _memory(pages: int) -> Iterator[Row]:
    """What the process takes more for kept pages."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        url, _ = stack.enter_context(filled(Path(name), Size(200)))
        command = python("-m", "bench._serve", "lane", str(free_port()), url, str(pages))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
        finally:
            process.kill()
            process.wait()
    grown = (told["after"] - told["before"]) / 1e6
    yield Row(f"memory for {pages:,} kept pages", grown, "MB", most=300.0,
              note=f"aim 200; of it {told['octets'] / 1e6:.0f} MB as counted")  # fmt: skip
