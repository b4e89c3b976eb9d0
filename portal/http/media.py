"""`/media/HASH/WxH[c].ENDING`: the mirror's pictures, made to measure and kept for the next viewer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from portal.errors import MirrorAway, NotFound
from portal.http.base import PageHandler
from portal.http.pictures import MIMES, resized
from portal.store import Mirror

CACHE_BYTES = 64_000_000
ENTRY_BYTES = 400
"""What an entry costs besides its body."""

FRESH_SECONDS = 300
FRESH = f"public, max-age={FRESH_SECONDS}, must-revalidate"
"""Asking again costs a 304 without a body; a picture that was taken off is gone from a screen in minutes."""

AT_ONCE = 2
_size = 0
_making = asyncio.Semaphore(AT_ONCE)
_cache: OrderedDict[tuple[str, int, int, str, bool], bytes] = OrderedDict()


async def picture(
    mirror: Mirror, name: str, width: int, height: int, ending: str, *, cover: bool = False
) -> bytes:
    """The mirror's picture `name` shrunk into width x height px, or covering it.

    raises   NotFound, MirrorAway
    """
    key = (name, width, height, ending, cover)
    body = _cache.get(key)
    if body is not None and await _taken_off(mirror, name):
        raise NotFound(f"picture {name} was taken off")
    if body is None:
        media = await mirror.media(name)
        async with _making:
            body = _cache.get(key)
            if body is None:
                body = await asyncio.get_running_loop().run_in_executor(None, _resize, media.body, key)
                _keep(key, body)
    else:
        _cache.move_to_end(key)
    return body


async def _taken_off(mirror: Mirror, name: str) -> bool:
    """Whether the mirror has let go of a picture that is kept here; not known while Redis is away."""
    try:
        return not await mirror.has_media(name)
    except MirrorAway:
        return False


class MediaHandler(PageHandler):
    """A picture never changes under its name, but it may have to go with what it stood in: caches on the way
    keep it for FRESH_SECONDS, then ask whether it is still there."""

    async def get(self, name: str, width: str, height: str, cover: str, ending: str) -> None:
        """Answer the picture `name` shrunk into width x height, or covering it (`c`)."""
        body = await picture(self.ctx.mirror, name, int(width), int(height), ending, cover=bool(cover))
        self.set_header("Content-Type", MIMES[ending])
        self.set_header("Cache-Control", FRESH)
        self.write(body)


def _resize(body: bytes, key: tuple[str, int, int, str, bool]) -> bytes:
    _, width, height, ending, cover = key
    return resized(body, width, height, ending, cover=cover)


def _keep(key: tuple[str, int, int, str, bool], body: bytes) -> None:
    global _size  # noqa: PLW0603 - one number beside one cache
    if key in _cache:
        return
    _cache[key] = body
    _size += len(body) + ENTRY_BYTES
    while _size > CACHE_BYTES:
        _, gone = _cache.popitem(last=False)
        _size -= len(gone) + ENTRY_BYTES


MEDIA_ROUTE = r"/media/([0-9a-f]{8,64})/(\d{1,4})x(\d{1,4})(c?)\.(jpg|png|gif|wbmp)"
"""The route's pattern."""
