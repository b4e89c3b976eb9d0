"""Where the mirror is, for commands that run beside the server."""

from __future__ import annotations

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from redis.asyncio import Redis

from portal.errors import PortalError
from portal.local_redis import running_url
from portal.redis_client import connect
from portal.settings import Settings
from portal.store import Mirror

DEFAULT_ZONE = "Asia/Shanghai"


class NoMirror(PortalError):
    """There is no mirror to read; the text says why."""


def redis_url(settings: Settings) -> str:
    """The Redis of this installation. NoMirror where none runs."""
    url = settings.redis_url or running_url(settings.data_dir / "redis")
    if url is None:
        raise NoMirror("no Redis: set REDIS_URL, or start everything with `make run`")
    return url


def mirror_of(settings: Settings) -> tuple[Redis, Mirror]:
    """The mirror of the site that the settings name, and the connection to close."""
    site = site_id(settings.site)
    redis = connect(redis_url(settings), site)
    return redis, Mirror(redis, site)


def site_id(path: Path) -> str:
    """The id in a site file; content_sync checks the rest of it."""
    found = _site(path).get("id")
    if not isinstance(found, str):
        raise NoMirror(f"{path} has no [site] id")
    return found


def site_zone(path: Path) -> ZoneInfo:
    """The time zone of a site file, that of the country where it names none."""
    found = _site(path).get("time_zone", DEFAULT_ZONE)
    try:
        return ZoneInfo(str(found))
    except (ValueError, ZoneInfoNotFoundError):
        raise NoMirror(f"{path} has an unknown [site] time_zone: {found}") from None


def _site(path: Path) -> dict[str, object]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NoMirror(f"{path} cannot be read as a site file: {error}") from error
    site = written.get("site")
    return site if isinstance(site, dict) else {}
