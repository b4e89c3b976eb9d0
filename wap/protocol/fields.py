"""How the value of each well-known header is written and read (WAP-230-WSP 8.4.2.7-8.4.2.72).

A codec reads the octets of one value into HTTP's text, and writes HTTP's text as one or more values.
Readers raise Malformed or Truncated; writers raise ValueError for what the field cannot say.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from wap.protocol import media
from wap.protocol.assigned import LANGUAGES, Version
from wap.protocol.errors import Malformed
from wap.protocol.uintvar import encode_uintvar
from wap.protocol.values import (
    Cursor,
    encode_date,
    encode_general,
    encode_integer,
    encode_q,
    encode_quoted,
    encode_short,
    encode_text,
    encode_text_value,
    encode_version,
    expect_end,
    split_list,
    unquote,
)
from wap.protocol.wsp_pdu import METHODS

Reader = Callable[[bytes], str]
Writer = Callable[[str, Version], list[bytes]]


@dataclass(frozen=True, slots=True)
class Codec:
    """Both directions of one kind of field."""

    read: Reader
    write: Writer


def _whole(value: bytes, part: Callable[[Cursor], str]) -> str:
    cursor = Cursor(value)
    text = part(cursor)
    expect_end(cursor)
    return text


def _each(one: Callable[[str], bytes]) -> Writer:
    """A writer for a list field: one value for each element."""
    return lambda text, _: [one(part) for part in split_list(text)]


def _single(one: Callable[[str], bytes]) -> Writer:
    return lambda text, _: [one(text.strip())]


def _tokens(names: dict[int, str], *, upper: bool = False) -> Codec:
    """A list of well-known tokens, or texts."""
    codes = {name.lower(): code for code, name in names.items()}

    def write(part: str) -> bytes:
        name = part.partition(";")[0].strip()
        code = codes.get(name.lower())
        if code is not None:
            return encode_integer(code)
        return encode_text(name.upper() if upper and name.lower() in codes else part)

    return Codec(lambda value: _whole(value, lambda cursor: media.read_named(cursor, names)), _each(write))


def _with_q(names: dict[int, str], codes: dict[str, int], anything: int | None) -> Codec:
    """Constrained form, or general form with an optional quality: charsets, languages, encodings.

    anything  the number that means "*" when it stands alone; None where the field has none
    """

    def read(value: bytes) -> str:
        if value[:1] > b"\x1f":
            if anything is not None and value == encode_short(anything):
                return "*"
            return _whole(value, lambda cursor: media.read_named(cursor, names))
        cursor = Cursor.inside(value)
        if anything is not None and cursor.more and cursor.peek() == anything | 0x80:
            cursor.at += 1
            name = "*"
        else:
            name = media.read_named(cursor, names)
        quality = f"; q={cursor.q()}" if cursor.more else ""
        expect_end(cursor)
        return name + quality

    def write(part: str) -> bytes:
        name, *parameters = split_list(part, ";")
        code = anything if name == "*" else codes.get(name.lower())
        octets = encode_text(name) if code is None else encode_integer(code)
        quality = b""
        for parameter in parameters:
            key, _, number = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = encode_q(number.strip())
        return encode_general(octets + quality) if quality or octets[0] < 32 else octets

    return Codec(read, _each(write))


TEXT = Codec(lambda value: _whole(value, Cursor.text), _single(encode_text))
QUOTED = Codec(
    lambda value: _whole(value, Cursor.text_value), _single(lambda text: encode_quoted(unquote(text)))
)
NUMBER = Codec(lambda value: _whole(value, lambda cursor: str(cursor.integer())), _single(media.write_number))
DATE = Codec(lambda value: _whole(value, Cursor.date), _single(encode_date))
VERSION = Codec(lambda value: _whole(value, Cursor.version), _single(encode_version))
FIELD_NAMES = Codec(
    lambda value: _whole(value, media.read_field_name),
    _each(
        lambda name: (
            encode_text(name)
            if (code := media.FIELD_CODES.get(name.lower())) is None
            else encode_integer(code)
        )
    ),
)
MEDIA = Codec(
    media.decode_media, lambda text, version: [media.encode_media(part, version) for part in split_list(text)]
)
CHARSETS = _with_q(media.CHARSET_NAMES, media.CHARSET_CODES, 0)
LANGUAGE = _with_q(LANGUAGES, media.LANGUAGE_CODES, 0)
CODINGS = {0: "gzip", 1: "compress", 2: "deflate"}
CODING = _tokens(CODINGS)
ACCEPT_CODING_13 = _with_q(CODINGS, {name: code for code, name in CODINGS.items()}, 3)
RANGES_UNITS = _tokens({0: "none", 1: "bytes"})
METHOD = _tokens(METHODS, upper=True)
CONNECTION = _tokens({0: "close"})
TRANSFER = _tokens({0: "chunked"})
SECURITY = _tokens({0: "close-subordinate"})


def _write_accept_coding(text: str, _version: Version) -> list[bytes]:
    """Encoding 1.1 has no quality: what the phone refuses (q=0) is left out."""
    found = []
    for part in split_list(text):
        name, _, tail = part.partition(";")
        if not re.search(r"q\s*=\s*0(\.0*)?\s*$", tail):
            found += CODING.write(name.strip(), (1, 1))
    return found


ACCEPT_CODING = Codec(CODING.read, _write_accept_coding)

# Cache directives: code, name, form of the argument (8.4.2.15).
DIRECTIVES: tuple[tuple[str, str], ...] = (
    ("no-cache", "fields"),
    ("no-store", ""),
    ("max-age", "seconds"),
    ("max-stale", "seconds"),
    ("min-fresh", "seconds"),
    ("only-if-cached", ""),
    ("public", ""),
    ("private", "fields"),
    ("no-transform", ""),
    ("must-revalidate", ""),
    ("proxy-revalidate", ""),
    ("s-maxage", "seconds"),
)
DIRECTIVE_NAMES = {code: name for code, (name, _) in enumerate(DIRECTIVES)}
DIRECTIVE_CODES = {name: code for code, name in DIRECTIVE_NAMES.items()}


def _read_cache(value: bytes) -> str:
    if value[:1] > b"\x1f":
        return _whole(value, lambda cursor: media.read_named(cursor, DIRECTIVE_NAMES))
    cursor = Cursor.inside(value)
    if cursor.is_text():
        return media.read_parameter(cursor)
    name = media.named(DIRECTIVE_NAMES, cursor.integer())
    form = DIRECTIVES[DIRECTIVE_CODES[name]][1]
    if form == "seconds":
        return f"{name}={cursor.integer()}"
    fields = []
    while cursor.more:
        fields.append(media.read_field_name(cursor))
    return f'{name}="{", ".join(fields)}"' if fields else name


def _write_directive(part: str, version: Version) -> bytes:
    name, _, argument = part.partition("=")
    name, argument = name.strip().lower(), unquote(argument.strip())
    code = DIRECTIVE_CODES.get(name)
    if code is None or (name == "s-maxage" and version < (1, 4)):
        if argument:
            return encode_general(encode_text(name) + encode_text_value(media.quote_unless_token(argument)))
        return encode_text(part.strip())
    if not argument:
        return encode_short(code)
    if DIRECTIVES[code][1] == "seconds":
        return encode_general(encode_short(code) + media.write_number(argument))
    fields = b"".join(FIELD_NAMES.write(argument, version))
    return encode_general(encode_short(code) + fields)


CACHE = Codec(
    _read_cache, lambda text, version: [_write_directive(part, version) for part in split_list(text)]
)


def _read_credentials(value: bytes) -> str:
    cursor = Cursor.inside(value)
    if cursor.more and cursor.peek() == 0x80:
        cursor.at += 1
        pair = f"{cursor.text()}:{cursor.text()}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
    scheme = cursor.text()
    return f"{scheme} {media.read_parameters(cursor, ', ').removeprefix(', ')}".strip()


def _challenges(text: str) -> list[str]:
    """The members of a list of challenges or credentials: each starts with a scheme and a space."""
    found: list[str] = []
    for part in split_list(text):
        if not found or re.match(r"[^\s=]+\s+[^\s=]", part):
            found.append(part)
        else:
            found[-1] += f", {part}"
    return found


def _write_credentials(text: str, version: Version) -> list[bytes]:
    return [_one_credentials(part, version) for part in _challenges(text)]


def _one_credentials(text: str, version: Version) -> bytes:
    scheme, _, tail = text.strip().partition(" ")
    if scheme.lower() == "basic":
        user, colon, password = base64.b64decode(tail.strip(), validate=True).decode().partition(":")
        if not colon:
            raise ValueError("Basic credentials without a colon")
        return encode_general(b"\x80" + encode_text(user) + encode_text(password))
    return encode_general(encode_text(scheme) + media.encode_parameters(split_list(tail), version))


CREDENTIALS = Codec(_read_credentials, _write_credentials)


def _read_challenge(value: bytes) -> str:
    cursor = Cursor.inside(value)
    if cursor.more and cursor.peek() == 0x80:
        cursor.at += 1
        scheme = "Basic"
    else:
        scheme = cursor.text()
    realm = cursor.text().removeprefix('"')
    return f'{scheme} realm="{realm}"{media.read_parameters(cursor, ", ")}'


def _write_challenge(text: str, version: Version) -> list[bytes]:
    return [_one_challenge(part, version) for part in _challenges(text)]


def _one_challenge(text: str, version: Version) -> bytes:
    scheme, _, tail = text.strip().partition(" ")
    realm = ""
    others = []
    for parameter in split_list(tail):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "realm":
            realm = unquote(value.strip())
        else:
            others.append(parameter)
    head = b"\x80" if scheme.lower() == "basic" else encode_text(scheme)
    return encode_general(head + encode_text(realm) + media.encode_parameters(others, version))


CHALLENGE = Codec(_read_challenge, _write_challenge)


def _read_md5(value: bytes) -> str:
    digest = Cursor.inside(value).rest()
    if len(digest) != 16:
        raise Malformed("a digest has 16 octets")
    return base64.b64encode(digest).decode()


def _write_md5(text: str) -> bytes:
    digest = base64.b64decode(text, validate=True)
    if len(digest) != 16:
        raise ValueError("a digest has 16 octets")
    return encode_general(digest)


MD5 = Codec(_read_md5, _single(_write_md5))


def _read_content_range(value: bytes) -> str:
    """First octet and length of the whole; the last octet follows from the body (8.4.2.23)."""
    cursor = Cursor.inside(value)
    first = cursor.uintvar()
    if cursor.octets[cursor.at :] == b"\x80":
        return f"bytes {first}-/*"
    length = cursor.uintvar()
    expect_end(cursor)
    return f"bytes {first}-/{length}"


def _write_content_range(text: str) -> bytes:
    found = re.fullmatch(r"bytes\s+(\d{1,10})-\d*/(\d{1,10}|\*)", text)
    if not found:
        raise ValueError(f"{text!r} is no content range")
    length = b"\x80" if found[2] == "*" else encode_uintvar(int(found[2]))
    return encode_general(encode_uintvar(int(found[1])) + length)


CONTENT_RANGE = Codec(_read_content_range, _single(_write_content_range))


def _read_range(value: bytes) -> str:
    cursor = Cursor.inside(value)
    kind = cursor.octet()
    if kind == 0x81:
        return f"bytes=-{cursor.uintvar()}"
    if kind != 0x80:
        raise Malformed("no range")
    first = cursor.uintvar()
    return f"bytes={first}-{cursor.uintvar() if cursor.more else ''}"


def _write_range(text: str) -> bytes:
    found = re.fullmatch(r"bytes\s*=\s*(\d{0,10})-(\d{0,10})", text)
    if not found or not (found[1] or found[2]):
        raise ValueError(f"{text!r} is no single range")
    if not found[1]:
        return encode_general(b"\x81" + encode_uintvar(int(found[2])))
    last = encode_uintvar(int(found[2])) if found[2] else b""
    return encode_general(b"\x80" + encode_uintvar(int(found[1])) + last)


RANGE = Codec(_read_range, _single(_write_range))


def _text_or_date(text: str) -> bytes:
    try:
        return encode_date(text)
    except ValueError:
        return encode_text(text)


IF_RANGE = Codec(
    lambda value: _whole(value, lambda cursor: cursor.text() if cursor.is_text() else cursor.date()),
    _single(_text_or_date),
)


def _read_retry(value: bytes) -> str:
    cursor = Cursor.inside(value)
    kind = cursor.octet()
    if kind not in (0x80, 0x81):
        raise Malformed("no retry")
    return cursor.date() if kind == 0x80 else str(cursor.integer())


RETRY = Codec(
    _read_retry,
    _single(
        lambda text: encode_general(
            b"\x81" + media.write_number(text) if text.isdigit() else b"\x80" + encode_date(text)
        )
    ),
)


def _read_pragma(value: bytes) -> str:
    if value == b"\x80":
        return "no-cache"
    return media.read_parameter(Cursor.inside(value) if value[:1] <= b"\x1f" else Cursor(value))


def _write_pragma(part: str) -> bytes:
    if part.lower() == "no-cache":
        return b"\x80"
    name, _, text = part.partition("=")
    return encode_general(encode_text(name.strip()) + encode_text_value(text.strip()))


PRAGMA = Codec(_read_pragma, _each(_write_pragma))
