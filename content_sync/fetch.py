"""Asking the origin: politely, within limits, and never anywhere else.

One Fetcher serves one run. It asks a host with a bounded number of connections and a pause between
their starts, tries again what a moment may mend, follows redirects by hand, and stops asking a host
that does not answer. What comes back is either `Got`, whatever its status, or one FetchError.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from tornado.httputil import HTTPHeaders
from tornado.iostream import StreamClosedError

from content_sync.client import Client, Collector
from content_sync.identity import BadAddress, clean, netloc
from content_sync.resolver import GuardedResolver, PrivateAddress
from content_sync.robots import AGENT, Robots, Shelf
from content_sync.site import Fetching
from portal.errors import PortalError

AGAIN = frozenset((408, 429, 500, 502, 503, 504))
"""Statuses that a moment may mend."""

REDIRECTS = frozenset((301, 302, 303, 307, 308))
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Longest time waited within a run, in seconds; a host that wants more is left for the next run."""
HOST_FAILURES = 5
"""Requests in a row that fail before a host is left alone for the run."""
HEADER_LIMIT = 64_000
_GZIP = b"\x1f\x8b\x08"
AT_A_TIME = 16_384
MOST_MEMBERS = 2_000
"""Members of one gzip answer; what comes in blocks of 64 kB has fewer."""
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


class FetchError(PortalError):
    """The origin could not be asked, or its answer is no answer; the text says why."""


class Unreachable(FetchError):
    """No connection: no such name, refused, cut before an answer, or a broken answer."""


class TimedOut(FetchError):
    """The whole answer did not come within the time for one request."""


class CutShort(FetchError):
    """The connection ended before the answer did: half a page."""


class TooBig(FetchError):
    """The answer, or what it unpacks to, is larger than the site file allows."""


class BadEncoding(FetchError):
    """The answer says that it is compressed, and does not unpack."""


class TooManyRedirects(FetchError):
    """The address leads on and on, or in a circle."""


class LedElsewhere(FetchError):
    """A redirect leads to a host that the site file does not name."""


class NotTrusted(FetchError):
    """The certificate of the host does not hold."""


class HostDown(FetchError):
    """The host has failed too often in this run, or asks for a longer pause than a run may take."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends; both are replaced by every answer, "" clears."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """An answer. `url` is where it came from after redirects, `fresh` seconds it says it holds."""

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    validators: Validators = Validators()
    fresh: float = 0.0
    hops: int = 0


@dataclass(slots=True)
class Tally:
    """What a run has asked for; `octets` are bodies as they came over the wire."""

    requests: int = 0
    unchanged: int = 0
    octets: int = 0
    retries: int = 0


@dataclass(slots=True)
class _Host:
    """The pace of one host."""

    gate: asyncio.Semaphore
    next_start: float = 0.0
    failures: int = 0
    last_error: str = ""
    closed: str = ""


Sleep = Callable[[float], Awaitable[None]]


class Fetcher:
    """Asks hosts within the limits of a site file.

    allowed  whether an address is on a host that may be fetched from
    shelf    where robots.txt files are kept between runs
    clock    epoch seconds    random  0 <= x < 1    sleep  waits that many seconds
    """

    def __init__(
        self,
        limits: Fetching,
        allowed: Callable[[str], bool],
        shelf: Shelf,
        *,
        version: str,
        clock: Callable[[], float],
        random: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.limits = limits
        self.tally = Tally()
        self.robots = Robots(self._ask_robots, shelf, clock)
        self._allowed = allowed
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        contact = f"; +{limits.contact}" if limits.contact else ""
        self._agent = f"{AGENT}/{version} (television and WAP edition{contact})"
        self._client = Client(GuardedResolver(allow_private=limits.allow_private), header_limit=HEADER_LIMIT)

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()

    async def get(self, url: str, validators: Validators | None = None) -> Got:
        """Fetch an address that robots.txt and the site file allow.

        validators  of the copy at hand: the answer may then be status 304 without a body
        raises      FetchError, RefusedByRobots, PrivateAddress, BadAddress
        """
        return await self._follow(clean(url), validators or Validators(), obey=True)

    async def _ask_robots(self, url: str) -> tuple[int, bytes]:
        try:
            got = await self._follow(url, Validators(), obey=False)
        except (PrivateAddress, NotTrusted):
            # Nothing may be fetched from there either, and this says why.
            raise
        except FetchError as error:
            return 0, str(error).encode()
        return got.status, got.body

    async def _follow(self, url: str, validators: Validators, obey: bool) -> Got:
        seen = {url}
        for hops in range(self.limits.max_redirects + 1):
            if not self._allowed(url):
                raise LedElsewhere(
                    f"{urlsplit(url).netloc} is not a host of this portal: add it to hosts in [fetch] "
                    "if it is one"
                )
            delay = await self.robots.check(url) if obey else 0.0
            response, body = await self._ask(url, validators, max(delay, self.limits.delay))
            if response.code not in REDIRECTS or "Location" not in response.headers:
                return _got(url, response, body, hops)
            try:
                url = clean(_joined(url, response.headers["Location"]))
            except BadAddress as error:
                raise LedElsewhere(f"a redirect leads nowhere: {error}") from None
            if url in seen:
                raise TooManyRedirects(f"redirects go round in a circle at {url}")
            seen.add(url)
        raise TooManyRedirects(f"more than {self.limits.max_redirects} redirects")

    async def _ask(self, url: str, validators: Validators, delay: float) -> tuple[Collector, bytes]:
        """One answer below 500, or what is left after the last try."""
        host = self._hosts.setdefault(netloc(url), _Host(asyncio.Semaphore(self.limits.concurrency)))
        last: FetchError | None = None
        for attempt in range(self.limits.tries):
            if attempt:
                self.tally.retries += 1
            if host.closed:
                raise HostDown(host.closed)
            pause = FIRST_PAUSE * 2**attempt * (0.5 + self._random())
            try:
                response, body = await self._paced(host, url, validators, delay)
            except (TimedOut, Unreachable, CutShort) as error:
                last = error
                self._failed(host, url, str(error))
            else:
                if response.code not in AGAIN:
                    host.failures = 0
                    return response, body
                last = None
                self._failed(host, url, f"it answers {response.code}")
                if wanted := _retry_after(response.headers, self._clock()):
                    pause = max(pause, wanted)
            if pause > LONGEST_PAUSE:
                host.closed = f"{netloc(url)} asks to be left alone for {pause:.0f} s"
                break
            if attempt + 1 < self.limits.tries and not host.closed:
                await self._sleep(pause)
        if last is not None:
            raise last
        return response, body

    def _failed(self, host: _Host, url: str, why: str) -> None:
        host.failures += 1
        if host.failures >= HOST_FAILURES * self.limits.tries:
            host.closed = f"{netloc(url)} failed {host.failures} times in a row, the last time: {why}"

    async def _paced(
        self, host: _Host, url: str, validators: Validators, delay: float
    ) -> tuple[Collector, bytes]:
        async with host.gate:
            loop = asyncio.get_running_loop()
            wait = host.next_start - loop.time()
            host.next_start = max(loop.time(), host.next_start) + delay
            if wait > 0:
                await self._sleep(wait)
            return await self._once(url, validators)

    async def _once(self, url: str, validators: Validators) -> tuple[Collector, bytes]:
        collector = Collector(self.limits.max_bytes)
        headers = HTTPHeaders(
            {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN,zh;q=0.9", "User-Agent": self._agent}
        )
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.modified:
            headers["If-Modified-Since"] = validators.modified
        self.tally.requests += 1
        try:
            await self._client.get(url, headers, collector, self.limits.timeout)
            if not collector.whole:
                raise StreamClosedError
        except Exception as error:
            # The client hands on whatever broke: the stream's errors, the resolver's, ssl's.
            raise _named(error, collector, url, self.limits) from error
        finally:
            self.tally.octets += collector.size
        self.tally.unchanged += collector.code == 304
        return collector, _unpack(b"".join(collector.chunks), collector.headers, self.limits.max_bytes)


def _named(error: BaseException, collector: Collector, url: str, limits: Fetching) -> PortalError:
    """The client's exception as one of ours."""
    host = netloc(url)
    if isinstance(error, StreamClosedError) and error.real_error is not None:
        error = error.real_error
    if collector.over:
        return TooBig(f"the answer is longer than {limits.max_bytes} octets")
    match error:
        case PrivateAddress():
            return error
        case TimeoutError():
            part = f" after {collector.size} octets" if collector.size else ""
            return TimedOut(f"{host} did not answer whole within {limits.timeout:g} s{part}")
        case ssl.SSLError():
            return NotTrusted(f"the certificate of {host} does not hold: {error}")
        case _ if collector.begun:
            return CutShort(f"{host} ended its answer after {collector.size} octets, before its end")
        case StreamClosedError():
            return Unreachable(f"{host} hung up before it answered")
        case _:
            return Unreachable(f"{host} cannot be reached: {error}")


def _unpack(body: bytes, headers: HTTPHeaders, limit: int) -> bytes:
    """The body without its compression, at most `limit` octets. TooBig, BadEncoding."""
    encoding = headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BadEncoding(f"the answer is compressed as '{encoding[:40]}', which was not asked for")
    # 32 takes gzip and zlib framing alike; some servers call raw deflate "deflate" too.
    windows = (47,) if encoding != "deflate" else (47, -15)
    for window in windows:
        try:
            return _inflate(body, window, limit)
        except zlib.error:
            continue
    raise BadEncoding(f"the answer says '{encoding}' and does not unpack")


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    """One stream, or gzip members one after the other; what is behind them is no part of the answer."""
    plain: list[bytes] = []
    size, members, unpacker = 0, 1, zlib.decompressobj(window)
    for start in range(0, len(body), AT_A_TIME):
        piece = body[start : start + AT_A_TIME]
        while piece:
            if unpacker.eof:
                if not _GZIP.startswith(piece[: len(_GZIP)]):
                    return b"".join(plain)
                if (members := members + 1) > MOST_MEMBERS:
                    raise BadEncoding(f"the answer is packed in more than {MOST_MEMBERS} parts")
                unpacker = zlib.decompressobj(window)
            plain.append(unpacker.decompress(piece, limit + 1 - size))
            size += len(plain[-1])
            if size > limit:
                raise TooBig(f"the answer unpacks to more than {limit} octets")
            piece = unpacker.unused_data
    if not unpacker.eof:
        raise CutShort("the compressed answer ends before its end")
    return b"".join(plain)


def _got(url: str, response: Collector, body: bytes, hops: int) -> Got:
    headers = response.headers
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    return Got(
        url=url,
        status=response.code,
        body=body,
        content_type=headers.get("Content-Type", "")[:200],
        validators=Validators(headers.get("ETag", "")[:500], headers.get("Last-Modified", "")[:100]),
        fresh=float(found[1]) if found else 0.0,
        hops=hops,
    )


def _joined(url: str, location: str) -> str:
    """Where a redirect leads; what is no address at all is left for `clean` to refuse."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _retry_after(headers: HTTPHeaders, now: float) -> float:
    """Seconds that the origin asks for, 0 where it does not (RFC 9110 10.2.3)."""
    value: Any = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:9]), 10**8))
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0
