"""Who may use our Open311 server, and for what: api_keys, kept as hashes, made with a command on the server.

file     file letters                         read   read every letter, with its words, and its updates
update   say what happens to letters          without a key: what is public, and nothing else
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from portal import codec
from portal.errors import PortalError
from portal.letters.store import LetterBox

FILE, READ, UPDATE = "file", "read", "update"
RIGHTS = (FILE, READ, UPDATE)
_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")


class WrongKey(PortalError):
    """A key cannot be made so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A system that may use the server. `hashed` of its key, which is shown once."""

    name: str
    may: tuple[str, ...]
    hashed: str = field(repr=False)
    made: datetime | None = None


class Keys:
    """The keys of one city."""

    def __init__(self, box: LetterBox) -> None:
        self._box = box

    async def make(self, name: str, may: tuple[str, ...], now: datetime) -> str:
        """A new key for a system, in the place of the one that it had. Raises WrongKey."""
        if not _NAME.fullmatch(name):
            raise WrongKey(f"'{name}' is no name for a key: 2 to 32 small letters, digits or hyphens")
        if not may or any(right not in RIGHTS for right in may):
            raise WrongKey(f"a key may do some of {', '.join(RIGHTS)}, not '{','.join(may)}'")
        secret = secrets.token_hex(24)
        key = Key(name=name, may=may, hashed=_hash(secret), made=now)
        await self._box.put_row("keys", name, codec.dump(key))
        return secret

    async def end(self, name: str) -> None:
        """Let a system in no more."""
        await self._box.put_row("keys", name, "")

    async def all(self) -> tuple[Key, ...]:
        """Every key, by name."""
        rows = await self._box.table("keys")
        return tuple(codec.load(rows[name], Key) for name in sorted(rows))

    async def of(self, secret: str) -> Key | None:
        """Whose key this is, None for nobody's."""
        # 192 bits at random: a plain hash is enough, and every key is compared in the same time.
        hashed = _hash(secret)
        found = [key for key in await self.all() if hmac.compare_digest(key.hashed, hashed)]
        return found[0] if found else None


def _hash(secret: str) -> str:
    return hashlib.sha256(f"key\0{secret}".encode()).hexdigest()
