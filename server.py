"""The one place where the parts are joined: `python server.py --help`.

`make_app` puts the editions' routes over one mirror; `main` serves them and, with `--all`, keeps the
whole installation together: a private Redis, the sync job, the WAP gateway and, where the site file is
the demo city's, its origin.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

import portal.letters.office
import portal.maps.handlers
import portal.sheet.handlers
import portal.travel.handlers
import stb_app.board
import stb_app.handlers
import stb_app.letters
import stb_app.news
import stb_app.simulator
import wap.gateway
import wap.handlers
from content_sync import site as site_file
from content_sync.asking import asking
from content_sync.site import SiteFile
from content_sync.state import State
from portal import settings as setting_table
from portal.cases import CaseDesk
from portal.errors import PortalError
from portal.http.base import Context, NoSuchPage, request_log
from portal.http.front import FrontHandler
from portal.http.health import HealthHandler
from portal.http.media import MEDIA_ROUTE, MediaHandler
from portal.letters.carriers import PushOf
from portal.letters.errors import LettersAway
from portal.letters.model import Letter
from portal.letters.officefile import NO_OFFICE, Office
from portal.letters.opening import keep_house, open_letters, rules_of
from portal.letters.service import Letters
from portal.letters.sms.gateway import Binary
from portal.local_redis import LocalRedis, running_url
from portal.search.finding import Finding
from portal.settings import PROJECT, Settings
from portal.store import Mirror
from wap.push import Indication, datagram, document, messages

log = logging.getLogger("sunshine")

REDIS_TIMEOUT_SECONDS = 2.0
STOP_SECONDS = 10.0
LIMITS = {
    "max_body_size": 64_000,
    "max_header_size": 1_200_000,
    "idle_connection_timeout": 75.0,
    "body_timeout": 20.0,
    "xheaders": False,
}
"""What one connection may cost: nothing that is sent here is long, but for what somebody pastes into a search.
A million characters in an address get their answer."""

WITH_US = (sys.executable, "-m", "portal.dies_with_parent", sys.executable)
"""How a child is started: it ends when we do, however we do."""

REDIS_WATCH_SECONDS = 1.0
DEMO_SITE = PROJECT / "demo" / "site.toml"


class CannotStart(PortalError):
    """The server cannot start; the text says what to do about it."""


def make_context(
    settings: Settings,
    redis_url: str,
    site_id: str,
    time_zone: str,
    *,
    strict: bool = False,
    letters: Letters | None = None,
    site: SiteFile | None = None,
) -> Context:
    """The mirror and what every handler is given with it; `finding` is for the caller to start and stop.

    site  the site file, for what is asked of the origin while somebody waits
    """
    redis = Redis.from_url(
        redis_url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    mirror = Mirror(redis, site_id)
    zone = ZoneInfo(time_zone)

    def clock() -> datetime:
        return datetime.now(zone)

    finding = Finding(redis, mirror, settings.data_dir / "index", redis_url, lambda: clock().date())
    cases = None
    if site is not None and site.asking.query:
        cases = CaseDesk(redis, mirror.keys, asking(site, State(redis, site_id)), site.asking.code)
    return Context(mirror, settings, clock, finding, strict, letters, cases)


def make_app(context: Context, office: Office = NO_OFFICE) -> Application:
    """All routes of all editions. `office`: how letters reach the city's people."""
    arguments = {"context": context}
    return Application(
        [
            (r"/", FrontHandler, arguments),
            (r"/healthz", HealthHandler, arguments),
            *(portal.letters.office.routes(context, context.letters, office) if context.letters else ()),
            (MEDIA_ROUTE, MediaHandler, arguments),
            *portal.sheet.handlers.routes(context),
            *portal.maps.handlers.routes(context),
            *portal.travel.handlers.routes(context),
            *stb_app.simulator.routes(context),
            *stb_app.news.routes(context),
            *stb_app.board.routes(context),
            *stb_app.letters.routes(context),
            *stb_app.handlers.routes(context),
            *wap.handlers.routes(context),
        ],
        default_handler_class=NoSuchPage,
        default_handler_args=arguments,
        log_function=request_log,
        compress_response=True,
    )


async def main(arguments: Sequence[str]) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status: 0, or 1 where it cannot start."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING if options.all else logging.INFO,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        async with AsyncExitStack() as stack:
            await _serve(
                setting_table.load(), options.all, stack, stop, gateway=options.all or options.gateway
            )
    except PortalError as error:
        print(f"sunshine: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    rows = "\n".join(f"  {row.name:12} {row.help} [{row.default}]" for row in setting_table.TABLE)
    parser = argparse.ArgumentParser(
        prog="python server.py",
        description="Serve the mirrored portal to televisions and phones.",
        epilog=f"Settings, from the environment or sunshine.toml (names in lower case there):\n{rows}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="run everything: private Redis, sync job, gateway, and the demo city with its site file",
    )
    parser.add_argument("--gateway", action="store_true", help="run the WAP gateway too; --all does")
    parser.add_argument("--verbose", action="store_true", help="log every request and more")
    return parser


async def _serve(
    settings: Settings, everything: bool, stack: AsyncExitStack, stop: asyncio.Event, *, gateway: bool
) -> None:
    site, home = site_file.load(settings.site, settings.site_home), ""
    sockets = _bind(settings, settings.port, "PORT")
    secure = _bind(settings, settings.tls_port, "TLS_PORT") if settings.tls_cert else []
    redis_url = _redis(settings, everything, stack)
    if everything and settings.site == DEMO_SITE and not settings.site_home:
        home = await _origin(stack)
        site = site_file.load(settings.site, home)
    office = portal.letters.office.open_office(settings, rules_of(settings))
    letters = await _letters(settings, site.id, everything, stack, office)
    context = make_context(settings, redis_url, site.id, site.time_zone, letters=letters, site=site)
    stack.push_async_callback(context.finding.stop)
    await context.finding.start()
    app = make_app(context, office)
    server = HTTPServer(app, **LIMITS)
    server.add_sockets(sockets)
    stack.push_async_callback(server.close_all_connections)
    stack.callback(server.stop)
    if secure:
        protected = HTTPServer(app, ssl_options=_certificate(settings), **LIMITS)
        protected.add_sockets(secure)
        stack.push_async_callback(protected.close_all_connections)
        stack.callback(protected.stop)
        print(f"sunshine: TLS on https://{settings.host}:{settings.tls_port}/", flush=True)
    wsp_ports = await _gateway(context, settings, stack) if gateway and settings.wsp_ports else ()
    tasks: list[asyncio.Task[None]] = []
    if letters is not None:
        tasks.append(asyncio.create_task(keep_house(letters, context.clock)))
        carrying = portal.letters.office.couriers(letters, office, context.clock, stack, push_of(settings))
        tasks += [asyncio.create_task(each) for each in carrying]
    if everything:
        environment = {
            **os.environ,
            "REDIS_URL": redis_url,
            "SITE": str(settings.site),
            "SITE_HOME": settings.site_home or home,
            "DATA_DIR": str(settings.data_dir),
        }
        tasks.append(asyncio.create_task(_mirror(context, settings, environment, wsp_ports, stack)))
    else:
        print(f"sunshine: serving on http://{settings.host}:{settings.port}/", flush=True)
        if wsp_ports:
            print(f"sunshine: {_udp(settings, wsp_ports)}", flush=True)
    await stop.wait()
    print("\nsunshine: stopping", flush=True)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _bind(settings: Settings, port: int, name: str) -> list[socket.socket]:
    try:
        return bind_sockets(port, settings.host)
    except OSError as error:
        raise CannotStart(
            f"port {port} on {settings.host} cannot be had ({error.strerror}): "
            f"stop what uses it, or choose another: {name}={port + 1} make run"
        ) from error


def _certificate(settings: Settings) -> ssl.SSLContext:
    """What TLS is served with."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(str(settings.tls_cert), str(settings.tls_key) if settings.tls_key else None)
    except (OSError, ssl.SSLError) as error:
        raise CannotStart(
            f"TLS_CERT {settings.tls_cert} and TLS_KEY {settings.tls_key} cannot be used: {error}"
        ) from error
    return context


async def _letters(
    settings: Settings, site_id: str, everything: bool, stack: AsyncExitStack, office: Office
) -> Letters | None:
    """The letters, with their own Redis where `--all` runs it; None where there is no letter box here."""
    folder = settings.data_dir / "letters"
    url = settings.letters_redis_url
    if not url and everything:
        redis = LocalRedis(folder, appendfsync="always")
        redis.start()
        stack.callback(redis.stop)
        stack.callback(asyncio.create_task(_watch(redis)).cancel)
        url = redis.url
    url = url or running_url(folder) or ""
    if not url:
        log.warning("no letter box: set LETTERS_REDIS_URL, or start everything with `make run`")
        return None
    letters = open_letters(settings, url, site_id, office.lanes)
    stack.push_async_callback(letters.box.redis.aclose)
    try:
        await letters.start()
    except LettersAway as error:
        log.error("%s; it is asked again with the first letter", error)
    return letters


def push_of(settings: Settings) -> PushOf:
    """WAP pushes for the couriers: the words, and the address where number and code are asked for."""

    def push(letter: Letter, words: str) -> tuple[Binary, ...]:
        if not settings.public_url:
            return ()  # a phone cannot follow an address without a host
        created = letter.events[-1].at
        indication = Indication(
            f"{settings.public_url}/wap/l/q", words, identity=letter.number, created=created
        )
        octets = datagram(document(indication), len(letter.events))
        return tuple(Binary(each.header, each.body) for each in messages(octets, len(letter.events)))

    return push


async def _gateway(context: Context, settings: Settings, stack: AsyncExitStack) -> tuple[int, ...]:
    """Start the WAP gateway; the ports that it answers on."""
    gateway = wap.gateway.make(context)
    try:
        await gateway.start(settings.wsp_ports, settings.host)
    except OSError as error:
        ports = ",".join(map(str, settings.wsp_ports))
        raise CannotStart(
            f"the WAP gateway cannot have the UDP ports {ports} on {settings.host} ({error.strerror}): "
            "stop what uses them, or choose others: WSP_PORTS=9300,9301 make run; WSP_PORTS= goes without"
        ) from error
    stack.push_async_callback(gateway.stop)
    return gateway.ports


def _udp(settings: Settings, ports: tuple[int, ...]) -> str:
    return f"{settings.host}, UDP {ports[0]} (connectionless) and {ports[1]} (sessions)"


def _redis(settings: Settings, everything: bool, stack: AsyncExitStack) -> str:
    """The address of the Redis to use; a private one is started with `--all` and stopped with us."""
    if settings.redis_url:
        return settings.redis_url
    folder = settings.data_dir / "redis"
    if not everything:
        url = running_url(folder)
        if url is None:
            raise CannotStart("no Redis: set REDIS_URL, or start everything with `make run`")
        return url
    redis = LocalRedis(folder)
    redis.start()
    stack.callback(redis.stop)
    watch = asyncio.create_task(_watch(redis))
    stack.callback(watch.cancel)
    return redis.url


async def _watch(redis: LocalRedis) -> None:
    """Start the private Redis again when it dies; its data are on disk."""
    while True:
        await asyncio.sleep(REDIS_WATCH_SECONDS)
        if redis.died:
            log.error("the private Redis has died; starting it again")
            try:
                await asyncio.to_thread(redis.start)
            except PortalError as error:
                log.error("%s", error)


async def _origin(stack: AsyncExitStack) -> str:
    """Start the demo city's origin on a free port; its address is the first line that it prints."""
    process = await asyncio.create_subprocess_exec(
        *WITH_US, "-m", "demo", "--port", "0", cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    stack.push_async_callback(_end, process)
    if process.stdout is None:
        raise CannotStart("the demo city has no output")
    line = await process.stdout.readline()
    if not line:
        raise CannotStart("the demo city did not start; its message stands above")
    return line.decode().strip()


@dataclass
class Child:
    """A part that runs as a process of its own and is started again when it dies."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    process: asyncio.subprocess.Process | None = None

    async def run(self) -> int:
        """Run it once; its exit status."""
        self.process = await asyncio.create_subprocess_exec(
            *WITH_US, *self.arguments, cwd=PROJECT, env=dict(self.environment)
        )
        return await self.process.wait()

    async def keep_running(self) -> None:
        """Run it; wait longer after each death, up to a minute."""
        pause = 1.0
        while True:
            started = time.monotonic()
            status = await self.run()
            pause = 1.0 if time.monotonic() - started > 60 else min(60.0, pause * 2)
            log.error("%s ended with status %s; starting it again in %.0f s", self.name, status, pause)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """End it and wait for it."""
        if self.process is not None:
            await _end(self.process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _mirror(
    context: Context,
    settings: Settings,
    environment: Mapping[str, str],
    wsp_ports: tuple[int, ...],
    stack: AsyncExitStack,
) -> None:
    """Keep the mirror fresh; the first time, finish one pass before saying what to open."""
    try:
        await context.mirror.site()
    except PortalError:
        print("sunshine: mirroring the portal for the first time", flush=True)
        first = Child("the first sync", ("-m", "content_sync", "run", "--once"), environment)
        stack.push_async_callback(first.stop)
        await first.run()
    await _announce(context, settings, wsp_ports)
    sync = Child("the sync job", ("-m", "content_sync", "run"), environment)
    stack.push_async_callback(sync.stop)
    await sync.keep_running()


async def _announce(context: Context, settings: Settings, wsp_ports: tuple[int, ...]) -> None:
    """Say what to open, and whether there is something to see."""
    try:
        site = await context.mirror.site()
    except PortalError:
        print(
            "sunshine: nothing could be mirrored; the messages above say why. It is tried again on schedule.",
            flush=True,
        )
        return
    items = sum(column.count for column in site.columns)
    base = f"http://{settings.host}:{settings.port}"
    wsp = f"  WAP 1.x phone                     {_udp(settings, wsp_ports)}\n" if wsp_ports else ""
    print(
        f"\n{site.name}: {items} items in {len(site.columns)} columns\n"
        f"  television with a remote control  {base}/remote\n"
        f"  television at 1280x720            {base}/tv/web-hd/\n"
        f"  television at 640x530             {base}/tv/ipanel-sd/\n"
        f"  phone                             {base}/wap/\n"
        f"{wsp}"
        f"  health                            {base}/healthz\n"
        "Ctrl-C stops.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
