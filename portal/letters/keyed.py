"""What is made with the server's own secret: codes, and the names under which people stand in the store.

A code is six digits, made out of the draft's secret token, so that a second press of the same draft can be
shown the same code, while the store holds a keyed hash alone.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from portal.letters.numbers import CODE_DIGITS
from portal.tries import network

SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class Keyed:
    """The secret of one city's letters, and everything that is made with it.

    secret   at least 16 octets, the same on every server and never in Redis; ValueError where it is shorter
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """A secret that can be guessed protects nobody."""
        if len(self.secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret of the letters is too short: {SHORTEST_SECRET} octets or more")

    def code_of(self, token: str) -> str:
        """The code of the letter that a draft becomes."""
        # 256 bits modulo a million: the bias is far below what could be used.
        return f"{int.from_bytes(self._made('code', token)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def code_hash(self, number: str, code: str) -> str:
        """What is stored of a code: without the secret it cannot be tried out."""
        return self._made("hash", f"{number}:{code}").hex()

    def subject(self, kind: str, value: str) -> str:
        """A name that stands for a value: 24 hex digits, equal for equal, and nothing else.

        Who has one address of IPv6 has a whole network of them: for the kind "address" it stands for that.
        """
        return self._made(kind, network(value) if kind == "address" else value).hex()[:24]

    def token(self, token: str) -> str:
        """The name of what a token opens."""
        return self.subject("token", token)

    def token_for(self, source: str, name: str) -> str:
        """The token of a message that has a name of its own elsewhere (a text's id, an Open311 client's key):
        the same message files once.
        """
        return self._made("token", f"{source}\0{name}").hex()[:32]

    def public_id(self, number: str) -> str:
        """The name of a public letter, out of which nobody gets its number."""
        return self.subject("public", number)[:12]

    def _made(self, purpose: str, value: str) -> bytes:
        return hmac.new(self.secret, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()
