"""Letter numbers, tokens and telephone numbers: drawn, checked, and read as people type them.

A number is seven digits drawn at random and a check digit by Damm's table, which catches every wrong digit
and every two neighbours turned round. Nothing can be read out of a number: not how many letters there are,
not when.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

NUMBER_DIGITS = 8
CODE_DIGITS = 6
TELEPHONE_DIGITS = 12
"""The longest that can be called: an area code of four digits, and eight."""
TOKEN = re.compile(r"[0-9a-f]{32}")

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""H. M. Damm, Total anti-symmetrische Quasigruppen (2004): the quasigroup of order 10."""


def check_digit(digits: str) -> str:
    """The digit that makes `digits` checkable."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def is_number(written: str) -> bool:
    """Whether this can be a letter's number; it says nothing of whether there is such a letter."""
    return re.fullmatch(r"[1-9][0-9]{7}", written) is not None and check_digit(written) == "0"


def draw(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A number at random; whether it is free is the store's to see."""
    digits = str(1_000_000 + below(9_000_000))
    return digits + check_digit(digits)


def is_code(written: str) -> bool:
    """Whether this is six digits."""
    return re.fullmatch(r"[0-9]{6}", written) is not None


def new_token() -> str:
    """A token at random, 128 bits."""
    return secrets.token_hex(16)


def pairing_code() -> str:
    """Six digits at random."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def is_telephone(written: str) -> bool:
    """Whether a citizen can be reached there: a mobile number, or a landline with its area code."""
    return re.fullmatch(r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[2-9][0-9]{6,7}", written) is not None


def plain_telephone(written: str) -> str:
    """A telephone number as typed, without blanks, hyphens and the country's +86."""
    digits = re.sub(r"[\s()\-\u2010-\u2015（）]", "", written)
    return re.sub(r"^(?:\+|00)86(?=[01])", "", digits)
