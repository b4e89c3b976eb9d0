"""A small jar of cookies that the gateway keeps for a phone that keeps none (RFC 6265, host cookies only)."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie of one host; `expires` in seconds since 1970, NEVER for the length of the session."""

    host: str
    path: str
    name: str
    value: str
    secure: bool = False
    expires: float = NEVER

    @property
    def octets(self) -> int:
        """What it takes in the jar, roughly."""
        return len(self.host) + len(self.path) + len(self.name) + len(self.value)


Jar = tuple[Cookie, ...]


def kept(jar: Jar, line: str, url: str, now: float, most_octets: int) -> Jar:
    """The jar after a Set-Cookie line in the answer to `url`.

    now          seconds since 1970
    most_octets  the oldest cookies leave until the jar is that small; a larger cookie is not taken
    returns      the same jar for a line that is no cookie, or is another host's
    """
    pair, *rest = line.split(";")
    name, equals, value = pair.partition("=")
    name = name.strip()
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not equals or not name:
        return jar
    attributes = {
        key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)
    }
    domain = attributes.get("domain", "").lstrip(".").lower()
    if domain and domain != host and not host.endswith(f".{domain}"):
        return jar
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = parts.path.rpartition("/")[0] or "/"
    fresh = Cookie(host, path, name, value.strip(), "secure" in attributes, _expiry(attributes, now))
    others = [cookie for cookie in jar if (cookie.host, cookie.path, cookie.name) != (host, path, name)]
    if fresh.expires > now and fresh.octets <= most_octets:
        others.append(fresh)
    while sum(cookie.octets for cookie in others) > most_octets:
        others.pop(0)
    return tuple(others)


def _expiry(attributes: dict[str, str], now: float) -> float:
    """Max-Age before Expires; one that cannot be read counts as none."""
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isdigit():
        return now + min(int(age[:12]), 400 * 86_400)
    try:
        return parsedate_to_datetime(attributes["expires"]).timestamp()
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return NEVER


def sent(jar: Jar, url: str, now: float) -> str:
    """The Cookie line for a request, longest path first; "" for none."""
    if not jar:
        return ""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    path = parts.path or "/"
    fit = [
        cookie
        for cookie in jar
        if cookie.host == host
        and cookie.expires > now
        and (parts.scheme == "https" or not cookie.secure)
        and _under(path, cookie.path)
    ]
    fit.sort(key=lambda cookie: -len(cookie.path))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fit)


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder if folder.endswith("/") else f"{folder}/")
