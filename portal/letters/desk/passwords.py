"""Passwords: scrypt with a salt each, and the parameters in the hash, so that they can grow.

`verify` takes as long for a name that nobody has (`NOBODY`) as for a wrong password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

LEAST = 10
"""Characters of a password."""

MOST = 200

NOBODY = ""
"""A hash that no password has: it takes as long to try as any."""

COST = (2**15, 8, 3)
"""N, r and p: 32 MiB, and some tenths of a second for each try (OWASP, Password Storage: scrypt)."""

_LENGTH = 32
_MEMORY = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Hash:
    n: int
    r: int
    p: int
    salt: bytes
    key: bytes


def weakness(password: str, name: str = "") -> str:
    """What is wrong with a password, in a few words for the operator; "" where nothing is."""
    if len(password) < LEAST:
        return f"it is shorter than {LEAST} characters"
    if len(password) > MOST:
        return f"it is longer than {MOST} characters"
    if len(set(password)) < 5:
        return "it is made of fewer than 5 different characters"
    if name and name.casefold() in password.casefold():
        return "the user's name is in it"
    if password.casefold().strip("0123456789!.@#") in _COMMON:
        return "it is one of those that are tried first"
    return ""


_COMMON = frozenset(
    (
        "password",
        "passw0rd",
        "admin",
        "administrator",
        "qwertyuiop",
        "qwerty",
        "letmein",
        "sunshine",
        "woaini",
        "",
    )
)


def hashed(password: str) -> str:
    """What is stored of a password."""
    salt = secrets.token_bytes(16)
    key = _derive(password, salt, *COST)
    return "$".join(("scrypt", *map(str, COST), _b64(salt), _b64(key)))


def verify(password: str, stored: str) -> bool:
    """Whether it is the password. A hash that cannot be read is nobody's."""
    try:
        parts = _parsed(stored)
    except ValueError:
        parts = _Hash(*COST, bytes(16), bytes(_LENGTH))
    key = _derive(password[:MOST], parts.salt, parts.n, parts.r, parts.p)
    return hmac.compare_digest(key, parts.key)


def is_old(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    try:
        parts = _parsed(stored)
    except ValueError:
        return True
    return (parts.n, parts.r, parts.p) != COST


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=_LENGTH)


def _parsed(stored: str) -> _Hash:
    scheme, n, r, p, salt, key = stored.split("$")
    if scheme != "scrypt":
        raise ValueError(scheme)
    return _Hash(int(n), int(r), int(p), base64.b64decode(salt), base64.b64decode(key))


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
