"""A posted form, in whatever character set a phone sends it. Pure."""

from __future__ import annotations

import codecs
import re
from urllib.parse import parse_qsl

from portal.errors import NotFound

LONGEST_FORM = 62_000
"""Octets of a posted form that are read: 5,000 characters, the most that a city's rules can ask for, each as
escaped UTF-8, and some room. A text of which this is the begin is too long, and its writer is told."""


def read_form(body: bytes) -> dict[str, str]:
    """A posted form; what is no UTF-8 is read as GB 18030. NotFound where it is senseless."""
    whole = len(body) <= LONGEST_FORM
    begun = body if whole else _HALF_ESCAPE.sub(b"", body[:LONGEST_FORM])
    read = [form for charset in ("utf-8", "gb18030") if (form := _read(begun, charset, whole)) is not None]
    if not read:
        raise NotFound("this form is in no character set that we know")
    # A few octets of GB 18030 are UTF-8 too, of letters that nobody here writes: \u02ee for \u6c34.
    odd = any("\x80" <= each < "\u0800" and each not in _ODD for each in "".join(read[0].values()))
    return read[-1] if odd else read[0]


_ODD = "\u00a7\u00b0\u00b1\u00b7\u00d7\u00f7"
"""What of the letters between ASCII and the rest somebody may write: section, degree, dot, times ..."""

_HALF_ESCAPE = re.compile(rb"%[0-9A-Fa-f]?$")


def _read(body: bytes, charset: str, whole: bool) -> dict[str, str] | None:
    """A form in a character set, None where it is in another. NotFound where it has too many fields.

    whole  its last character may be half a one where it is not
    """
    try:
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=20
        )
    except ValueError as error:
        raise NotFound(f"no form has so many fields: {error}") from None

    def text(octets: str) -> str:
        return codecs.getincrementaldecoder(charset)().decode(octets.encode("latin-1"), final=whole)

    try:
        return {text(name): text(value) for name, value in pairs}
    except UnicodeDecodeError:
        return None
