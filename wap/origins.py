"""Which hosts the gateway is for: the portal's own names, and other sites on the operator's list. Pure.

The list is WAP_ORIGINS: `host`, `host:port` or either with `+private`, separated by commas. Without a port
80 and 443 are meant; `+private` lets the name lead into a private network. Nothing else is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from portal.errors import PortalError, WrongSetting

PORTS: Mapping[str, int] = {"http": 80, "https": 443}
PRIVATE = "+private"
ANY_NAME = "portal"
"""The host in links to ourselves where no name is set: every name then is ours."""

OURS = re.compile(r"/?|/(?:wap|media)(?:/.*)?", re.DOTALL)
"""Paths that are the portal's whatever the host, where no name of it is set."""

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?")


class ForeignError(PortalError):
    """A page of another site cannot be shown; `status` says why as HTTP would."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Place(StrEnum):
    """Where an address leads."""

    PORTAL = "portal"
    ORIGIN = "origin"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Origins:
    """The hosts that are served.

    names    of the portal, as phones write them; none: every name, on the paths of OURS
    listed   (host, port) of other sites -> whether it may stand in a private network
    """

    names: frozenset[str] = frozenset()
    listed: Mapping[tuple[str, int], bool] = field(default_factory=dict)

    def place(self, url: str) -> Place:
        """Where an address leads that a phone asks for."""
        address = split(url)
        if address is None:
            return Place.BROKEN
        if not address.netloc:
            return Place.PORTAL
        if self.allows(url):
            return Place.ORIGIN
        host = address.hostname or ""
        ours = host in self.names if self.names else OURS.fullmatch(address.path) is not None
        return Place.PORTAL if ours else Place.REFUSED

    def allows(self, url: str) -> bool:
        """Whether an absolute address is on a listed host."""
        address = split(url)
        return address is not None and key_of(address) in self.listed

    def private(self, url: str) -> bool:
        """Whether its host may stand in a private network."""
        address = split(url)
        return address is not None and self.listed.get(key_of(address), False)

    @property
    def home(self) -> str:
        """The portal's address as links of other sites' pages write it, without a path."""
        return f"http://{min(self.names) if self.names else ANY_NAME}"


def read_origins(written: str, names: str) -> Origins:
    """The settings WAP_ORIGINS and WAP_HOSTS. Raises WrongSetting."""
    listed: dict[tuple[str, int], bool] = {}
    for part in _parts(written):
        host, private, rest = part.partition(PRIVATE)
        found = _HOST.fullmatch(host)
        if found is None or rest or (found[2] and not 0 < int(found[2]) < 65_536):
            raise WrongSetting(
                f"WAP_ORIGINS: '{part}' is no host; write host, host:port, host+private or host:port+private"
            )
        ports = (int(found[2]),) if found[2] else tuple(PORTS.values())
        listed |= {(found[1].strip("[]"), port): bool(private) for port in ports}
    for name in _parts(names):
        if not _HOST.fullmatch(name) or ":" in name:
            raise WrongSetting(f"WAP_HOSTS: '{name}' is no host name; write names without port, with commas")
    return Origins(frozenset(_parts(names)), listed)


def _parts(written: str) -> list[str]:
    return [part.strip().lower() for part in written.split(",") if part.strip()]


def split(url: str) -> SplitResult | None:
    """An address taken apart; None for one that is neither http(s) nor a path, or is written wrong."""
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError:
        return None
    if not address.netloc:
        return address if not address.scheme and url.startswith("/") else None
    wrong = address.scheme not in PORTS or not address.hostname or "@" in address.netloc
    return None if wrong else address


def key_of(address: SplitResult) -> tuple[str, int]:
    """Host and port of an absolute address."""
    return (address.hostname or "").lower(), address.port or PORTS.get(address.scheme, 0)
