"""What our pages say to browsers and to a CDN: compression, and how long and under which names to keep them.

Browsers ask again each time (`no-cache` and an entity tag). A CDN, where there is one (CDN_SECONDS), may
keep the pages that we keep too: `CDN-Cache-Control` (RFC 9213) says for how long, `Surrogate-Key` names what
a page shows, as `published` in Redis names what a publish touches, so that exactly that can be purged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from isal import isal_zlib
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import GZipContentEncoding, OutputTransform

from portal.http.cacheable import Family, family_of, seconds_left
from portal.http.head import takes_gzip
from portal.http.kitchen import Recorder
from portal.near import TRAIL, Trail

MOST_NAMED = 60
"""Names in one Surrogate-Key; what shows more is purged with everything."""


_MOMENT = slice(4, 8)
"""Where a gzip header says when it was made (RFC 1952 2.3)."""

_GZIP = 31
"""The window of zlib's own gzip format, whose header says no moment."""
LEVEL = 2
"""Of ISA-L: a fifth of the time that zlib takes at level 4 (a tenth of the making of a page), for a twentieth
more octets."""


class Compressed(GZipContentEncoding):
    """Tornado's compression, which reads `gzip;q=0` as yes: here it is no.

    The same page is always the same octets.
    """

    GZIP_LEVEL = 4

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._gzipping = takes_gzip(request.headers.get("Accept-Encoding", ""))

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Tornado's hook: compress; the head of what comes out does not say when.

        What is whole, as all our pages are, is compressed in one go instead of through a file of zlib's.
        """
        whole = self._gzipping and finishing and self._pays(headers, chunk)
        if whole:
            self._gzipping = False
        status_code, headers, chunk = super().transform_first_chunk(status_code, headers, chunk, finishing)
        if self._gzipping and len(chunk) >= _MOMENT.stop:
            chunk = chunk[: _MOMENT.start] + bytes(4) + chunk[_MOMENT.stop :]
        if whole:
            headers["Content-Encoding"] = "gzip"
            chunk = isal_zlib.compress(chunk, LEVEL, _GZIP)
            if "Content-Length" in headers:
                headers["Content-Length"] = str(len(chunk))
        return status_code, headers, chunk

    def _pays(self, headers: HTTPHeaders, chunk: bytes) -> bool:
        """Whether a whole answer is worth compressing, by Tornado's own rules."""
        kind = headers.get("Content-Type", "").partition(";")[0]
        return (
            len(chunk) >= self.MIN_LENGTH
            and (kind.startswith("text/") or kind in self.CONTENT_TYPES)
            and "Content-Encoding" not in headers
        )


def cdn_headers(
    families: tuple[Family, ...], seconds: int, clock: Callable[[], datetime]
) -> type[OutputTransform]:
    """An output transform that tells a CDN of the pages that may be kept, `seconds` at most."""

    class Told(OutputTransform):
        def __init__(self, request: HTTPServerRequest) -> None:
            super().__init__(request)
            target = (request.uri or "").encode("latin1", "replace")
            family = family_of(families, target)
            self._row = family.row(target) if family is not None else None
            if not isinstance(request.connection, Recorder):
                TRAIL.set(Trail())

        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            trail = TRAIL.get()
            if self._row is not None and status_code == 200 and trail is not None and trail.whole:
                left = int(seconds_left(self._row.life, clock()))
                headers["CDN-Cache-Control"] = f"max-age={min(seconds, left)}"
                names = sorted({*trail.depends, *self._row.also})
                headers["Surrogate-Key"] = " ".join(names) if len(names) <= MOST_NAMED else "*"
            return status_code, headers, chunk

    return Told
