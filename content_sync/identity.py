"""One name for one article, however the portal writes its address.

A canonical address is scheme-less. The portal's own hosts (home, aliases, each with and without
`www.`) all read as the token `site`, so a portal that moves to https, to another host or to another
port keeps its items. Content management systems file one article under several paths; where the
article's own number stands in the address, the number is its identity (`RULES`).
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from portal.errors import PortalError

ID_LENGTH = 8
LONGEST_ADDRESS = 2000
HOME = "site"

TRACKING = frozenset(
    ("spm", "isappinstalled", "clicktime", "enterid", "share_token", "jsessionid", "phpsessionid", "fbclid",
     "gclid", "_t", "_r", "rand", "random", "timestamp", "nsukey", "sharetoken", "v_v")
)  # fmt: skip
"""Query names that say who follows a link or defeat caches, never what is shown."""
_WECHAT_FROM = frozenset(("singlemessage", "groupmessage", "timeline", "weixin", "wechat"))

RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # JCMS: /art/2024/10/14/art_COLUMN_ARTICLE.html, one article under the number of each column
    (re.compile(r"^(?P<host>[^/]+).*?/art/(?P<day>\d{4}/\d{1,2}/\d{1,2})/art_\d+_(?P<n>\d+)\.html$"),
     "{host}/art/{day}/{n}"),
    # TRS WCM: /any/channel/202107/t20210713_DOCUMENT.html
    (re.compile(r"^(?P<host>[^/]+)/(?:.*/)?t(?P<day>\d{8})_(?P<n>\d+)\.s?html?$"), "{host}/t{day}_{n}"),
    # VSB: PATH/info/TREE/NEWS.htm, the same page as PATH/content.jsp?wbnewsid=NEWS&wbtreeid=TREE
    (re.compile(r"^(?P<host>[^/]+)(?P<path>(?:/.*)?)/info/\d+/(?P<n>\d+)\.htm$"), "{host}{path}/info/{n}"),
    (re.compile(r"^(?P<host>[^/]+)(?P<path>(?:/.*)?)/content\.jsp\?(?:.*&)?wbnewsid=(?P<n>\d+)(?:&.*)?$"),
     "{host}{path}/info/{n}"),
    # UCAP and Epoint: the manuscript's 32 hex digits or GUID, in whatever channel
    (re.compile(r"^(?P<host>[^/]+)/(?:.*/)?(?P<n>[0-9a-f]{32})\.s?html?$"), "{host}/{n}"),
    (re.compile(r"^(?P<host>[^/]+)/(?:.*/)?(?P<n>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\.s?html?$"),
     "{host}/{n}"),
    # Guangdong: /channel/content/post_ARTICLE.html, on the phone site /content/mpost_ARTICLE.html
    (re.compile(r"^(?P<host>[^/]+)/(?:.*/)?content/m?post_(?P<n>\d+)\.html$"), "{host}/post_{n}"),
)  # fmt: skip
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$")
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?"


class BadAddress(PortalError):
    """This is not the address of a page that can be fetched; the text says why."""


def clean(address: str, base: str = "") -> str:
    """An absolute http(s) address as it goes onto the wire.

    address  as a page or a person writes it, relative to `base`
    returns  ASCII: host in IDNA, path and query escaped once, no fragment, no user name
    raises   BadAddress
    """
    address = "".join(address.split()) if base else address.strip()
    try:
        parts = urlsplit(urljoin(base, address))
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadAddress(f"'{address[:200]}' is no address: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise BadAddress(f"'{address[:200]}' is not http or https")
    if not host:
        raise BadAddress(f"'{address[:200]}' names no host")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host.lower()
    except UnicodeError:
        raise BadAddress(f"'{host[:200]}' is no host name") from None
    if ":" in host:
        host = f"[{host}]"
    elif not (len(host) <= 253 and _HOST.fullmatch(host)):
        raise BadAddress(f"'{host[:200]}' is no host name")
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host = f"{host}:{port}"
    path = _escape(_without_dots(parts.path), _PATH_SAFE) or "/"
    cleaned = urlunsplit(SplitResult(parts.scheme, host, path, _escape(parts.query, _QUERY_SAFE), ""))
    if len(cleaned) > LONGEST_ADDRESS:
        raise BadAddress(f"'{cleaned[:80]}...' is longer than {LONGEST_ADDRESS} characters")
    return cleaned


def netloc(address: str) -> str:
    """Host and port of an address, default ports left out, lower case."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    return host if port in (None, 80, 443) else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class Identities:
    """Identities of one portal; `hosts` are the host:port texts that all mean the portal itself."""

    hosts: frozenset[str]

    def is_home(self, address: str) -> bool:
        """Whether an address is on the portal's own hosts."""
        return netloc(address) in self.hosts

    def is_root(self, address: str) -> bool:
        """Whether an address is a host's front page."""
        return urlsplit(address).path in ("", "/") or _INDEX.fullmatch(urlsplit(address).path) is not None

    def canonical(self, address: str) -> str:
        """The one form of all addresses of an article. BadAddress where it is none."""
        parts = urlsplit(clean(address))
        host = netloc(address)
        path = _INDEX.sub("/", _SESSION.sub("", unquote(parts.path)))
        path = re.sub(r"/{2,}", "/", path) or "/"
        pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(*pair)]
        query = urlencode(sorted(pairs))
        plain = (HOME if host in self.hosts else host) + path + (f"?{query}" if query else "")
        for pattern, form in RULES:
            if match := pattern.match(plain):
                return form.format(**match.groupdict())
        return plain


def for_site(home: str, aliases: Iterable[str] = ()) -> Identities:
    """The identities of the portal at `home`, also reached at `aliases`."""
    hosts = {netloc(address) for address in (home, *aliases)}
    with_www = {f"www.{host}" for host in hosts if not host.startswith("www.")}
    without = {host.removeprefix("www.") for host in hosts}
    return Identities(frozenset(hosts | with_www | without) - {""})


def item_id(canonical: str) -> str:
    """A short stable id: 8 characters of a-z and 2-7 (40 bits of SHA-256)."""
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.b32encode(digest[:5]).decode().lower()[:ID_LENGTH]


def _tracks(name: str, value: str) -> bool:
    lowered = name.lower()
    return lowered in TRACKING or lowered.startswith("utm_") or (lowered == "from" and value in _WECHAT_FROM)


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    flat = posixpath.normpath(path)
    return (flat.replace("//", "/") + ("/" if path.endswith(("/", "/.", "/..")) else "")).replace("//", "/")


def _escape(text: str, safe: str) -> str:
    """Escape what may not stand in an address; what is escaped already stays as it is."""
    done, at = [], 0
    for match in _ESCAPED.finditer(text):
        done += [quote(text[at : match.start()], safe=safe), match.group().upper()]
        at = match.end()
    return "".join([*done, quote(text[at:], safe=safe)])
