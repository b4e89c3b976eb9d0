"""The one place where the parts are joined: `python server.py --help`.

`make_app` puts the editions' routes over one mirror; `main` plays one role of an installation: it serves
pages (in this process, or in several on one port), runs the sync job, keeps the article index, or is the WAP
gateway. With `--all` it keeps everything together: a private Redis, the sync job, the gateway and, where the
site file is the demo city's, its origin.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tornado.netutil import bind_sockets
from tornado.web import Application

import portal.letters.office
import portal.maps.handlers
import portal.sheet.handlers
import portal.travel.handlers
import stb_app.board
import stb_app.cacheable
import stb_app.handlers
import stb_app.letters
import stb_app.news
import stb_app.simulator
import wap.cacheable
import wap.gateway
import wap.handlers
from content_sync import site as site_file
from content_sync.asking import asking
from content_sync.site import SiteFile
from content_sync.state import State
from portal import settings as setting_table
from portal.cases import CaseDesk
from portal.children import WITH_US, Child, end
from portal.errors import PortalError
from portal.http import keepable
from portal.http.base import Context, request_log
from portal.http.board import Board
from portal.http.cdn import Compressed, cdn_headers
from portal.http.front import FrontHandler
from portal.http.health import HealthHandler
from portal.http.lane import LaneServer
from portal.http.media import MEDIA_ROUTE, MediaHandler
from portal.http.metrics import Metrics, MetricsHandler, counted
from portal.http.serving import LIMITS, Serving, door_of
from portal.letters.carriers import PushOf
from portal.letters.errors import LettersAway
from portal.letters.model import Letter
from portal.letters.officefile import NO_OFFICE, Office
from portal.letters.opening import keep_house, open_letters, rules_of
from portal.letters.service import Letters
from portal.letters.sms.gateway import Binary
from portal.local_redis import LocalRedis, running_url
from portal.near import NearMirror
from portal.processes import RETIRE, RETIRE_SECONDS, Supervisor, reusable, say_ready, take_from
from portal.redis_client import connect
from portal.search.finding import Finding
from portal.settings import PROJECT, Settings
from wap.edition import Edition
from wap.push import Indication, datagram, document, messages

log = logging.getLogger("sunshine")

REDIS_TIMEOUT_SECONDS = 2.0
REDIS_WATCH_SECONDS = 1.0
DEMO_SITE = PROJECT / "demo" / "site.toml"
PROGRAM = Path(__file__).resolve()
MOST_PROCESSES = 256
FAMILIES = (*keepable.FAMILIES, *stb_app.cacheable.FAMILIES, *wap.cacheable.FAMILIES)
"""Which pages may be kept; every other is made for who asks."""


class CannotStart(PortalError):
    """The server cannot start; the text says what to do about it."""


def make_context(
    settings: Settings,
    redis_url: str,
    site_id: str,
    time_zone: str,
    *,
    strict: bool = False,
    indexing: bool = True,
    letters: Letters | None = None,
    site: SiteFile | None = None,
) -> Context:
    """The mirror and what every handler is given with it; `finding` is for the caller to start and stop.

    indexing  keep the article index of this machine up, where no other process does
    site      the site file, for what is asked of the origin while somebody waits
    """
    redis = connect(
        redis_url,
        site_id,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    mirror = NearMirror(redis, site_id)
    zone = ZoneInfo(time_zone)

    def clock() -> datetime:
        return datetime.now(zone)

    url = redis_url if indexing else ""
    finding = Finding(redis, mirror, settings.data_dir / "index", url, lambda: clock().date())
    cases = None
    if site is not None and site.asking.query:
        cases = CaseDesk(redis, mirror.keys, asking(site, State(redis, site_id)), site.asking.code)
    return Context(mirror, settings, clock, finding, strict, letters, cases)


def make_app(context: Context, office: Office = NO_OFFICE, metrics: Metrics | None = None) -> Application:
    """All routes of all editions. `office`: how letters reach the city's people."""
    arguments = {"context": context}
    metrics = metrics or Metrics()
    app = Application(
        [
            (r"/", FrontHandler, arguments),
            (r"/healthz", HealthHandler, arguments),
            (r"/metrics", MetricsHandler, arguments),
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
        default_handler_class=wap.handlers.Elsewhere,
        default_handler_args={**arguments, "edition": Edition(context)},
        log_function=counted(metrics, request_log),
        metrics=metrics,
    )
    app.add_transform(Compressed)
    if context.settings.cdn_seconds:
        app.add_transform(cdn_headers(FAMILIES, context.settings.cdn_seconds, context.clock))
    return app


def make_serving(context: Context, redis_url: str, office: Office = NO_OFFICE) -> tuple[Serving, Metrics]:
    """The HTTP side over a context, to be started and stopped, and its figures."""
    metrics = Metrics()
    following = connect(
        redis_url,
        context.mirror.keys.site_id,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return Serving(make_app(context, office, metrics), context, following, FAMILIES, metrics), metrics


@dataclass(frozen=True, slots=True)
class Signals:
    """What a process is told by signals: SIGINT and SIGTERM, SIGUSR1, SIGHUP."""

    stop: asyncio.Event
    retire: asyncio.Event
    reload: asyncio.Event


def listen_to_signals() -> Signals:
    """From now on, signals set events."""
    told = Signals(asyncio.Event(), asyncio.Event(), asyncio.Event())
    loop = asyncio.get_running_loop()
    for number, event in (
        (signal.SIGINT, told.stop),
        (signal.SIGTERM, told.stop),
        (RETIRE, told.retire),
        (signal.SIGHUP, told.reload),
    ):
        loop.add_signal_handler(number, event.set)
    return told


async def main(arguments: Sequence[str]) -> int:
    """Play a role until SIGINT or SIGTERM. Returns the exit status: 0, or 1 where it cannot start."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING if options.all else logging.INFO,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )
    told = listen_to_signals()
    try:
        async with AsyncExitStack() as stack:
            settings = setting_table.load()
            if options.role != "serve":
                await _other_role(options.role, settings, stack, told)
            elif options.accept is not None:
                given = (options.accept, options.ready, options.hand)
                await _serve_one(settings, stack, told, given, options.place)
            else:
                await _serve(settings, options, stack, told)
    except PortalError as error:
        print(f"sunshine: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    rows = "\n".join(f"  {row.name:12} {row.help} [{row.default}]" for row in setting_table.TABLE)
    parser = argparse.ArgumentParser(
        prog="python server.py",
        description="Serve the mirrored portal to televisions and phones, or play another role beside it.",
        epilog=f"Settings, from the environment or sunshine.toml (names in lower case there):\n{rows}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "role",
        nargs="?",
        default="serve",
        choices=("serve", "sync", "indexer", "gateway"),
        help="serve pages (the default), run the sync job, keep this machine's article index, or be the "
        "WAP gateway",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="run everything: private Redis, sync job, gateway, and the demo city with its site file",
    )
    parser.add_argument("--gateway", action="store_true", help="run the WAP gateway too; --all does")
    parser.add_argument(
        "--processes",
        type=_processes,
        default=0,
        metavar="N",
        help="serve from N processes on one port, one for each core; a dead one is started again, SIGHUP "
        "exchanges them without dropping a request. 0, the default, serves from this process",
    )
    parser.add_argument("--verbose", action="store_true", help="log every request and more")
    # How a supervisor starts its processes, see portal.processes.
    for name in ("accept", "ready", "hand", "place"):
        parser.add_argument(f"--{name}", type=int, help=argparse.SUPPRESS)
    return parser


def _processes(written: str) -> int:
    if not written.isdigit() or int(written) > MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to {MOST_PROCESSES}, not '{written}'")
    return int(written)


async def _other_role(role: str, settings: Settings, stack: AsyncExitStack, told: Signals) -> None:
    """Run the sync job, the article index or the gateway alone."""
    site = site_file.load(settings.site, settings.site_home)
    if role == "sync":
        sync = Child("the sync job", ("-m", "content_sync", "run"), os.environ)
        stack.push_async_callback(sync.stop)
        await _until(told.stop, sync.keep_running())
        return
    redis_url = _redis(settings, False, stack)
    context = make_context(
        settings, redis_url, site.id, site.time_zone, indexing=role == "indexer", site=site
    )
    stack.push_async_callback(context.finding.stop)
    await context.finding.start()
    if role == "gateway":
        ports = await _gateway(context, settings, stack)
        print(f"sunshine: gateway on {_udp(settings, ports)}", flush=True)
    else:
        print(f"sunshine: keeping the article index in {settings.data_dir / 'index'}", flush=True)
    await told.stop.wait()


async def _serve_one(
    settings: Settings, stack: AsyncExitStack, told: Signals, given: tuple[int, int, int], place: int
) -> None:
    """Serve from a socket that a supervisor has opened, until it says to stop or to retire.

    given  numbers of inherited files: the socket, the pipe to say "ready" on, what hands us connections
    """
    accept, ready, handing = given
    site = site_file.load(settings.site, settings.site_home)
    redis_url = _redis(settings, False, stack)
    office = portal.letters.office.open_office(settings, rules_of(settings))
    letters = await _letters(settings, site.id, False, stack, office)
    context = make_context(settings, redis_url, site.id, site.time_zone, letters=letters, site=site)
    stack.push_async_callback(context.finding.stop)
    await context.finding.start()
    serving, metrics = make_serving(context, redis_url, office)
    stack.push_async_callback(serving.stop)
    board = Board(settings.data_dir / "run", place, metrics)
    board.start()
    stack.push_async_callback(board.stop)
    await serving.start([socket.socket(fileno=accept)])
    hand = stack.enter_context(socket.socket(fileno=handing))
    take_from(hand, serving.server.take)
    stack.callback(asyncio.get_running_loop().remove_reader, hand)
    say_ready(ready)
    first = [asyncio.create_task(event.wait()) for event in (told.stop, told.retire)]
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    for task in first:
        task.cancel()
    if told.retire.is_set() and not told.stop.is_set():
        # Who comes next has its place on the board.
        await board.stop()
        await _until(told.stop, serving.retire(RETIRE_SECONDS))


async def _serve(
    settings: Settings, options: argparse.Namespace, stack: AsyncExitStack, told: Signals
) -> None:
    site, home = site_file.load(settings.site, settings.site_home), ""
    everything, processes = bool(options.all), int(options.processes)
    certificate = _certificate(settings) if settings.tls_cert else None
    sockets = _bind(settings, settings.port, "PORT", processes)
    secure = _bind(settings, settings.tls_port, "TLS_PORT") if certificate else []
    redis_url = _redis(settings, everything, stack)
    if everything and settings.site == DEMO_SITE and not settings.site_home:
        home = await _origin(stack)
        site = site_file.load(settings.site, home)
    office = portal.letters.office.open_office(settings, rules_of(settings))
    letters = await _letters(settings, site.id, everything, stack, office)
    environment = {
        **os.environ,
        "REDIS_URL": redis_url,
        "SITE": str(settings.site),
        "SITE_HOME": settings.site_home or home,
        "DATA_DIR": str(settings.data_dir),
    }
    context = make_context(
        settings, redis_url, site.id, site.time_zone, indexing=not processes, letters=letters, site=site
    )
    stack.push_async_callback(context.finding.stop)
    await context.finding.start()
    if processes:
        await _supervise(sockets, environment, options.verbose, stack, told)
    else:
        serving, _ = make_serving(context, redis_url, office)
        stack.push_async_callback(serving.stop)
        await serving.start(sockets)
    if secure:
        protected = LaneServer(make_app(context, office), ssl_options=certificate, **LIMITS)
        protected.keep_door(door_of(settings))
        protected.add_sockets(secure)
        stack.push_async_callback(protected.close_all_connections)
        stack.callback(protected.stop)
        print(f"sunshine: TLS on https://{settings.host}:{settings.tls_port}/", flush=True)
    wanted = (everything or options.gateway) and settings.wsp_ports
    wsp_ports = await _gateway(context, settings, stack) if wanted else ()
    tasks: list[asyncio.Task[None]] = []
    if letters is not None:
        tasks.append(asyncio.create_task(keep_house(letters, context.clock)))
        carrying = portal.letters.office.couriers(letters, office, context.clock, stack, push_of(settings))
        tasks += [asyncio.create_task(each) for each in carrying]
    if everything:
        tasks.append(asyncio.create_task(_mirror(context, settings, environment, wsp_ports, stack)))
    else:
        print(f"sunshine: serving on http://{settings.host}:{settings.port}/", flush=True)
        if wsp_ports:
            print(f"sunshine: {_udp(settings, wsp_ports)}", flush=True)
    await told.stop.wait()
    print("\nsunshine: stopping", flush=True)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _supervise(
    sockets: Sequence[socket.socket],
    environment: Mapping[str, str],
    verbose: bool,
    stack: AsyncExitStack,
    told: Signals,
) -> None:
    """Serve from several processes, and exchange them whenever SIGHUP comes."""

    def command(place: int, accept: int, ready: int, hand: int) -> tuple[str, ...]:
        given = ("--accept", accept, "--ready", ready, "--hand", hand, "--place", place)
        return (str(PROGRAM), *map(str, given), *(("--verbose",) if verbose else ()))

    supervisor = Supervisor(sockets, command, environment)
    stack.push_async_callback(supervisor.stop)
    try:
        await supervisor.start()
    except RuntimeError as error:
        raise CannotStart(str(error)) from error

    async def reload() -> None:
        while True:
            await told.reload.wait()
            told.reload.clear()
            if await supervisor.reload():
                log.warning("all processes have been exchanged")

    reloading = asyncio.create_task(reload())
    stack.callback(reloading.cancel)


async def _until(event: asyncio.Event, work: Coroutine[object, object, None]) -> None:
    """Do something until it is done or an event comes."""
    tasks = [asyncio.create_task(work), asyncio.create_task(_waited(event))]
    _, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _waited(event: asyncio.Event) -> None:
    await event.wait()


def _bind(settings: Settings, port: int, name: str, processes: int = 0) -> list[socket.socket]:
    try:
        return reusable(port, settings.host, processes) if processes else bind_sockets(port, settings.host)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise CannotStart(
                f"HOST={settings.host} is no address of this machine ({error.strerror}): "
                "name one that `ip address` lists, 127.0.0.1 for this machine alone, or 0.0.0.0 for all"
            ) from error
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
    stack.push_async_callback(end, process)
    if process.stdout is None:
        raise CannotStart("the demo city has no output")
    line = await process.stdout.readline()
    if not line:
        raise CannotStart("the demo city did not start; its message stands above")
    return line.decode().strip()


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
