"""A posted form, in whatever character set a phone sends it. Pure."""

from __future__ import annotations

from urllib.parse import parse_qsl

from portal.errors import NotFound

LONGEST_FORM = 16_384
"""Octets of a posted form: 600 characters, each as escaped UTF-8, and some room."""


def read_form(body: bytes) -> dict[str, str]:
    """A posted form; what is no UTF-8 is read as GB 18030. NotFound where it is too long or senseless."""
    if len(body) > LONGEST_FORM:
        raise NotFound(f"a form of {len(body)} octets")
    read = [form for charset in ("utf-8", "gb18030") if (form := _read(body, charset)) is not None]
    if not read:
        raise NotFound("this form is in no character set that we know")
    # A few octets of GB 18030 are UTF-8 too, of letters that nobody here writes: \u02ee for \u6c34.
    odd = any("\x80" <= each < "\u0800" and each not in _ODD for each in "".join(read[0].values()))
    return read[-1] if odd else read[0]


_ODD = "\u00a7\u00b0\u00b1\u00b7\u00d7\u00f7"
"""What of the letters between ASCII and the rest somebody may write: section, degree, dot, times ..."""


def _read(body: bytes, charset: str) -> dict[str, str] | None:
    """A form in a character set, None where it is in another. NotFound where it has too many fields."""
    try:
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding=charset,
            errors="strict",
            max_num_fields=20,
        )
    except UnicodeDecodeError:
        return None
    except ValueError as error:
        raise NotFound(f"no form has so many fields: {error}") from None
    return dict(pairs)
