"""Addresses on a converted page: what leads where, and the two marks that we put into them.

    /news/a.html;deck=3?id=7    the third deck of a page that does not fit into one
    /ask.php;to=gbk             a form whose fields the page wants in GBK, while phones send UTF-8

Both stand at the end of the path, so that relative links on the page still mean the same, and are taken
out before the origin is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

LONGEST = 1_500
"""Characters of an address; phones cut longer ones."""

_MARKS = re.compile(
    r"(?:;deck=(?P<deck>[1-9]\d{0,3})(?:\.(?P<token>[\w-]{1,40}))?)?(?:;to=(?P<to>[\w.-]{1,40}))?$"
)
_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{1,24}")
_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


@dataclass(frozen=True, slots=True)
class Asked:
    """An address that a phone asks for, without our marks.

    deck   which deck of the page       token  of a page that came of a form, kept in the gateway
    to     the character set in which the page wants its form, "" for UTF-8
    """

    url: str
    deck: int = 1
    token: str = ""
    to: str = ""


def read_marks(url: str) -> Asked:
    """Take our marks out of an address."""
    address = urlsplit(url)
    found = _MARKS.search(address.path)
    if found is None or not found.group():
        return Asked(url)
    clean = urlunsplit(address._replace(path=address.path[: found.start()] or "/", fragment=""))
    return Asked(clean, int(found["deck"] or 1), found["token"] or "", found["to"] or "")


def marked(url: str, *, deck: int = 0, token: str = "", to: str = "") -> str:
    """An address with marks."""
    address = urlsplit(url)
    mark = f";deck={deck}{'.' if token else ''}{token}" if deck else ""
    mark += f";to={to}" if to else ""
    return urlunsplit(address._replace(path=(address.path or "/") + mark))


@dataclass(frozen=True, slots=True)
class Links:
    """How the addresses of one page are written for the phone.

    asked    the address as the phone knows it       base  where the page came from after redirects
    allowed  whether an absolute address may be asked for through this gateway
    """

    asked: str
    base: str
    allowed: Callable[[str], bool]
    _host: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        address = urlsplit(self.asked)
        object.__setattr__(self, "_host", (address.scheme, address.netloc))

    def under(self, base: str) -> Links:
        """The same for a page that names a base of its own."""
        return Links(self.asked, self.absolute(base) or self.base, self.allowed)

    def absolute(self, href: str) -> str:
        """A whole http(s) address, "" for what leads nowhere that can be fetched."""
        written = re.sub(r"[\t\r\n]", "", href).strip()
        if not written or len(written) > LONGEST:
            return ""
        try:
            address: SplitResult = urlsplit(urljoin(self.base, written))
            host = (address.hostname or "").encode("idna").decode("ascii")
            port = address.port
        except (ValueError, UnicodeError):
            return ""
        if address.scheme not in ("http", "https") or not host or "@" in address.netloc:
            return ""
        netloc = f"[{host}]" if ":" in host else host
        netloc = netloc if port is None else f"{netloc}:{port}"
        found = urlunsplit((address.scheme, netloc, address.path, address.query, ""))
        return quote(found, safe=_SAFE)

    def link(self, href: str) -> str:
        """What a link leads to as the phone has it, "" where it is better shown as words.

        A telephone number becomes a call; an address of this host is written without the host.
        """
        kind, _, rest = href.strip().partition(":")
        if kind.lower() == "wtai":
            return href.strip()[:60] if re.fullmatch(r"//wp/mc;[0-9+*#]{1,25}", rest) else ""
        if kind.lower() in ("tel", "callto"):
            return call(rest)
        if not href.strip() or href.strip().startswith("#"):
            return ""
        found = self.absolute(href)
        return self.shown(found) if found and self.allowed(found) else ""

    def shown(self, url: str) -> str:
        """An absolute address as short as it can be on this page."""
        address = urlsplit(url)
        if (address.scheme, address.netloc) != self._host or address.path.startswith("//"):
            return url
        return urlunsplit(("", "", address.path or "/", address.query, ""))


def call(number: str) -> str:
    """A link that calls this number, "" for what is none."""
    found = _NUMBER.fullmatch(number.partition(";")[0].replace("%20", " ").strip().lstrip("/"))
    return "wtai://wp/mc;" + re.sub(r"[^0-9+]", "", found.group()) if found else ""
