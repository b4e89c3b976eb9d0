"""A pad of digits whose every key is an address that says nothing of the digits.

Boxes keep the addresses they have been at: what stands in one can be read by whoever comes next.
"""

from __future__ import annotations

import secrets

from portal.letters.keyed import Keyed

DELETE = "del"
"""The key that takes the last digit away."""


class Pad:
    """The pads of one city's letters."""

    def __init__(self, keyed: Keyed) -> None:
        self._keyed = keyed

    def mark(self, token: str, field: str, before: str, key: str) -> str:
        """A name for pressing a key after what was typed before: its address says nothing of the digits."""
        return self._keyed.subject("key", f"{token}\0{field}\0{before}\0{key}")[:10]

    def pressed(self, token: str, field: str, before: str, mark: str) -> str:
        """What is typed after the key of a mark; a page from further back counts from there.

        A mark of what is typed no longer changes nothing: whoever goes back to an old page and presses a key
        there sees what is typed now.
        """
        for length in range(len(before), -1, -1):
            for key in (*"0123456789", DELETE):
                if secrets.compare_digest(
                    mark.encode(), self.mark(token, field, before[:length], key).encode()
                ):
                    return before[:length][:-1] if key == DELETE else before[:length] + key
        return before
