"""Asking other sites on a phone's behalf: listed hosts only, within limits of size and time.

Redirects are followed by hand, since each one must lead to a listed host again; a compressed answer is
unpacked by hand, since what it unpacks to is limited too.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders, HTTPInputError
from tornado.simple_httpclient import HTTPTimeoutError, SimpleAsyncHTTPClient

from portal.http.resolver import GuardedResolver, PrivateAddress
from wap.origins import ForeignError, Origins
from wap.protocol.cookies import Cookie, Jar, kept, sent

REDIRECTS = frozenset((301, 302, 303, 307, 308))
MOST_REDIRECTS = 5
HEADER_OCTETS = 32_000
COOKIE_OCTETS = 4_096
CLIENTS = 32
"""Requests under way at once; more wait their turn."""


@dataclass(frozen=True, slots=True)
class Got:
    """An answer: where it came from after redirects, and the cookies that the asked host has set."""

    url: str
    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str]
    cookies: tuple[str, ...] = ()


@dataclass(slots=True)
class _Collector:
    """The body as it comes, stopped at `limit` octets."""

    limit: int
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0
    over: bool = False

    def header(self, line: str) -> None:
        """A header line: a length beyond the limit ends it before the body."""
        name, _, value = line.partition(":")
        if (
            name.lower() == "content-length"
            and value.isascii()
            and value.strip().isdigit()
            and int(value) > self.limit
        ):
            self.over = True
            raise HTTPInputError("longer than allowed")

    def body(self, chunk: bytes) -> None:
        """A piece of the body."""
        self.size += len(chunk)
        if self.size > self.limit:
            self.over = True
            raise HTTPInputError("longer than allowed")
        self.chunks.append(chunk)


class Outside:
    """One HTTP client over the list of origins.

    most_octets  of an answer, as it comes and as it unpacks       seconds  for one whole answer
    """

    def __init__(self, origins: Origins, *, most_octets: int = 512_000, seconds: float = 10.0) -> None:
        self._origins = origins
        self._most = most_octets
        self._seconds = seconds
        self._client = SimpleAsyncHTTPClient(
            force_instance=True,
            max_clients=CLIENTS,
            resolver=GuardedResolver(
                allowed=lambda host, port: origins.listed.get((host.lower(), port), False)
            ),
            max_header_size=HEADER_OCTETS,
            # The collector stops first and knows that it did; this is the second fence.
            max_body_size=most_octets + 65_536,
        )

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()

    async def ask(
        self, url: str, headers: Mapping[str, str], cookie: str, body: bytes | None, now: float
    ) -> Got:
        """Get `url`, or post `body` to it, following redirects within the list.

        cookie   the phone's cookies for this host; they go to no other
        now      seconds since 1970, for the expiry of cookies set on the way
        raises   ForeignError
        """
        host = urlsplit(url).netloc
        jar = _jar(url, cookie)
        lines: list[str] = []
        for _ in range(MOST_REDIRECTS + 1):
            if not self._origins.allows(url):
                raise ForeignError(403, "it leads to a host that is not on the list")
            line = sent(jar, url, now) if urlsplit(url).netloc == host else ""
            response, octets = await self._once(url, {**headers, **({"Cookie": line} if line else {})}, body)
            if urlsplit(url).netloc == host:
                for new in response.headers.get_list("Set-Cookie"):
                    jar = kept(jar, new, url, now, COOKIE_OCTETS)
                    lines.append(_with_path(new, url))
            target = response.headers.get("Location", "")
            if response.code not in REDIRECTS or not target:
                plain = {name.lower(): value for name, value in response.headers.get_all()}
                kind = response.headers.get("Content-Type", "")[:200]
                return Got(url, response.code, kind, octets, plain, tuple(lines))
            if response.code not in (307, 308):
                body = None
            try:
                url = urljoin(url, target.strip()).partition("#")[0]
            except ValueError:
                raise ForeignError(502, "a redirect leads nowhere") from None
        raise ForeignError(502, f"more than {MOST_REDIRECTS} redirects")

    async def _once(
        self, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[HTTPResponse, bytes]:
        collector = _Collector(self._most)
        said = HTTPHeaders({"Accept-Encoding": "gzip"})
        for name, value in headers.items():
            said[name] = value
        if body is None:
            said.pop("Content-Type", None)
        try:
            request = HTTPRequest(
                url,
                method="GET" if body is None else "POST",
                headers=said,
                body=body,
                connect_timeout=self._seconds,
                request_timeout=self._seconds,
                follow_redirects=False,
                decompress_response=False,
                header_callback=collector.header,
                streaming_callback=collector.body,
            )
            response = await self._client.fetch(request, raise_error=False)
        except PrivateAddress as error:
            raise ForeignError(403, str(error)) from error
        except (HTTPTimeoutError, HTTPClientError, OSError, ValueError, KeyError) as error:
            if collector.over:
                raise ForeignError(413, f"longer than {self._most} octets") from error
            status = 504 if isinstance(error, HTTPTimeoutError) else 502
            raise ForeignError(status, f"{urlsplit(url).netloc}: {error}") from error
        if collector.over:
            raise ForeignError(413, f"longer than {self._most} octets")
        return response, _unpacked(b"".join(collector.chunks), response.headers, self._most)


def _jar(url: str, cookie: str) -> Jar:
    """The phone's cookies for the host of `url`; which path they were set for is the phone's to know."""
    host = (urlsplit(url).hostname or "").lower()
    pairs = (part.strip().partition("=") for part in cookie.split(";"))
    return tuple(Cookie(host, "/", name, value) for name, equals, value in pairs if equals and name)


def _with_path(line: str, url: str) -> str:
    """A Set-Cookie line that says for which paths it is: only we know which redirect it came from."""
    if re.search(r";\s*path\s*=\s*/", line, re.IGNORECASE):
        return line
    return f"{line}; Path={urlsplit(url).path.rpartition('/')[0] or '/'}"


def _unpacked(body: bytes, headers: HTTPHeaders, limit: int) -> bytes:
    """The body without its compression, at most `limit` octets."""
    encoding = headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ForeignError(502, f"compressed as '{encoding[:40]}', which was not asked for")
    # 47 takes gzip and zlib framing alike; some servers call raw deflate "deflate" too.
    for window in (47,) if encoding != "deflate" else (47, -15):
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(plain) > limit:
            raise ForeignError(413, f"unpacks to more than {limit} octets")
        if not unpacker.eof:
            raise ForeignError(502, "a compressed answer that ends before its end")
        return plain
    raise ForeignError(502, f"said to be {encoding}, and does not unpack")
