"""Warnings, and the fields of encoding versions 1.2 and later: cookies, profiles, disposition, TE.

The form is that of `fields`; the table at the end says which codec every header code has.
"""

from wap.protocol import fields, media
from wap.protocol.assigned import FIELDS, Version
from wap.protocol.fields import Codec
from wap.protocol.uintvar import decode_uintvar, encode_uintvar, take
from wap.protocol.values import (
    Cursor,
    encode_date,
    encode_general,
    encode_integer,
    encode_q,
    encode_short,
    encode_text,
    encode_version,
    split_list,
    unquote,
)

WARNINGS = {10: 110, 11: 111, 12: 112, 13: 113, 14: 214, 99: 299}
WARNING_CODES = {str(http): code for code, http in WARNINGS.items()} | {"199": 99}


def _read_warning(value: bytes) -> str:
    if value[:1] > b"\x1f":
        return f'{WARNINGS.get(Cursor(value).integer(), 299)} - ""'
    cursor = Cursor.inside(value)
    code = WARNINGS.get(cursor.integer(), 299)
    agent, text = cursor.text(), cursor.text().removeprefix('"')
    return f'{code} {agent} "{text}"'


def _write_warning(part: str) -> bytes:
    code, _, tail = part.partition(" ")
    agent, _, text = tail.partition(" ")
    if code not in WARNING_CODES:
        raise ValueError(f"{part!r} is no warning")
    head = encode_short(WARNING_CODES[code])
    return encode_general(head + encode_text(agent or "-") + encode_text(unquote(text)))


WARNING = Codec(_read_warning, lambda text, _version: [_write_warning(part) for part in split_list(text)])
PROFILE_WARNINGS = {0x10: 100, 0x11: 101, 0x12: 102, 0x20: 200, 0x21: 201, 0x22: 202, 0x23: 203}

DISPOSITIONS = {0: "form-data", 1: "attachment", 2: "inline"}


def _read_disposition(value: bytes) -> str:
    cursor = Cursor.inside(value)
    return media.read_named(cursor, DISPOSITIONS) + media.read_parameters(cursor)


def _write_disposition(text: str, version: Version) -> list[bytes]:
    name, *parameters = split_list(text, ";")
    codes = {known: code for code, known in DISPOSITIONS.items()}
    code = codes.get(name.lower())
    head = encode_text(name) if code is None else encode_short(code)
    return [encode_general(head + media.encode_parameters(parameters, version))]


DISPOSITION = Codec(_read_disposition, _write_disposition)
TE_CODINGS = {2: "chunked", 3: "identity", 4: "gzip", 5: "compress", 6: "deflate"}


def _read_te(value: bytes) -> str:
    if value == b"\x81":
        return "trailers"
    cursor = Cursor.inside(value) if value[:1] <= b"\x1f" else Cursor(value)
    name = media.read_named(cursor, TE_CODINGS)
    if not cursor.more:
        return name
    if cursor.peek() == 0x80:
        cursor.at += 1
        return f"{name}; q={cursor.q()}"
    return name + media.read_parameters(cursor)


def _write_te(part: str) -> bytes:
    if part.lower() == "trailers":
        return b"\x81"
    name, *parameters = split_list(part, ";")
    codes = {known: code for code, known in TE_CODINGS.items()}
    code = codes.get(name.lower())
    octets = encode_text(name) if code is None else encode_short(code)
    for parameter in parameters:
        key, _, number = parameter.partition("=")
        if key.strip().lower() == "q" and (quality := encode_q(number.strip())):
            octets += b"\x80" + quality
    return encode_general(octets)


TE = Codec(_read_te, lambda text, _: [_write_te(part) for part in split_list(text)])


def _read_expect(value: bytes) -> str:
    if value == b"\x80":
        return "100-continue"
    return media.read_parameter(Cursor.inside(value))


def _write_expect(text: str, _version: Version) -> list[bytes]:
    if text.strip().lower() == "100-continue":
        return [b"\x80"]
    name, _, value = text.strip().partition("=")
    return [encode_general(encode_text(name) + encode_text(value))]


EXPECT = Codec(_read_expect, _write_expect)


def _read_set_cookie(value: bytes) -> str:
    cursor = Cursor.inside(value)
    version = cursor.version()
    name, content = cursor.text(), cursor.text_value()
    tail = media.read_parameters(cursor)
    return f"{name}={content}{tail}" + (f"; Version={version}" if version != "1.0" else "")


def _write_set_cookie(text: str, version: Version) -> list[bytes]:
    pair, *attributes = split_list(text, ";")
    name, equals, content = pair.partition("=")
    if not equals:
        raise ValueError("a cookie without a value")
    kept = [part for part in attributes if part.partition("=")[0].strip().lower() in COOKIE_ATTRIBUTES]
    body = encode_short(0x10) + encode_text(name.strip()) + encode_text(content.strip())
    return [encode_general(body + media.encode_parameters(kept, version))]


COOKIE_ATTRIBUTES = frozenset({"comment", "domain", "max-age", "path", "secure"})
SET_COOKIE = Codec(_read_set_cookie, _write_set_cookie)


def _read_cookie(value: bytes) -> str:
    """The pairs alone: path, domain and port are for a server that keeps several cookies of one name."""
    cursor = Cursor.inside(value)
    cursor.version()
    pairs = []
    while cursor.more:
        inner = Cursor(take(cursor.octets, *_span(cursor))[0])
        name = inner.text()
        pairs.append(f"{name}={inner.text_value()}")
    return "; ".join(pairs)


def _span(cursor: Cursor) -> tuple[int, int]:
    """Offset and length of the next cookie; the cursor moves past it."""
    length, at = decode_uintvar(cursor.octets, cursor.at)
    cursor.at = take(cursor.octets, at, length)[1]
    return at, length


def _write_cookie(text: str, _version: Version) -> list[bytes]:
    body = encode_short(0x10)
    for pair in split_list(text, ";"):
        name, equals, content = pair.partition("=")
        if not equals:
            raise ValueError("a cookie without a value")
        one = encode_text(name.strip()) + encode_text(content.strip())
        body += encode_uintvar(len(one)) + one
    return [encode_general(body)]


COOKIE = Codec(_read_cookie, _write_cookie)


def _read_encoding_version(value: bytes) -> str:
    """The version of the default code page; that of another page follows its number."""
    if value[:1] > b"\x1f":
        return fields.VERSION.read(value)
    cursor = Cursor.inside(value)
    page = cursor.text() if cursor.is_text() else str(cursor.integer())
    return f"{page} {cursor.version()}" if cursor.more else page


def _write_encoding_version(text: str, _version: Version) -> list[bytes]:
    page, space, version = text.strip().rpartition(" ")
    if not space:
        return [encode_version(version)]
    head = encode_integer(int(page)) if page.isdigit() else encode_text(page)
    return [encode_general(head + encode_version(version))]


ENCODING_VERSION = Codec(_read_encoding_version, _write_encoding_version)


def _read_profile_warning(value: bytes) -> str:
    if value[:1] > b"\x1f":
        return str(media.named(PROFILE_NAMES, Cursor(value).integer()))
    cursor = Cursor.inside(value)
    parts = [media.named(PROFILE_NAMES, cursor.integer()), cursor.text()]
    while cursor.more:
        parts.append(cursor.date())
    return " ".join(parts)


def _write_profile_warning(text: str, _version: Version) -> list[bytes]:
    code, _, tail = text.strip().partition(" ")
    codes = {name: number for number, name in PROFILE_NAMES.items()}
    if code not in codes:
        raise ValueError(f"{text!r} is no profile warning")
    if not tail:
        return [encode_short(codes[code])]
    target, _, date = tail.partition(" ")
    moment = encode_date(date) if date else b""
    return [encode_general(encode_short(codes[code]) + encode_text(target) + moment)]


PROFILE_NAMES = {code: str(http) for code, http in PROFILE_WARNINGS.items()}
PROFILE_WARNING = Codec(_read_profile_warning, _write_profile_warning)


def _read_octets(value: bytes) -> str:
    """A binary value as hexadecimal text: the compiled profile difference is not for us to read."""
    return Cursor.inside(value).rest().hex()


PROFILE_DIFF = Codec(_read_octets, lambda text, _: [encode_general(bytes.fromhex(text))])
APPLICATIONS = {
    1: "x-wap-application:push.sia",
    2: "x-wap-application:wml.ua",
    3: "x-wap-application:wta.ua",
    4: "x-wap-application:mms.ua",
    5: "x-wap-application:push.syncml",
    6: "x-wap-application:loc.ua",
    7: "x-wap-application:syncml.dm",
    8: "x-wap-application:drm.ua",
    9: "x-wap-application:emn.ua",
    10: "x-wap-application:wv.ua",
}


def _read_application(value: bytes) -> str:
    cursor = Cursor(value)
    if cursor.is_text():
        return cursor.text()
    number = cursor.integer()
    return "*" if number == 0 else APPLICATIONS.get(number, str(number))


def _write_application(text: str, _version: Version) -> list[bytes]:
    codes = {name: number for number, name in APPLICATIONS.items()} | {"*": 0}
    found = []
    for part in split_list(text):
        number = codes.get(part, int(part) if part.isdigit() else None)
        found.append(encode_text(part) if number is None else encode_integer(number))
    return found


APPLICATION = Codec(_read_application, _write_application)


_CODECS: dict[str, Codec] = {
    "accept": fields.MEDIA,
    "accept-charset": fields.CHARSETS,
    "accept-language": fields.LANGUAGE,
    "accept-ranges": fields.RANGES_UNITS,
    "age": fields.NUMBER,
    "allow": fields.METHOD,
    "authorization": fields.CREDENTIALS,
    "cache-control": fields.CACHE,
    "connection": fields.CONNECTION,
    "content-encoding": fields.CODING,
    "content-language": fields.LANGUAGE,
    "content-length": fields.NUMBER,
    "content-md5": fields.MD5,
    "content-range": fields.CONTENT_RANGE,
    "content-type": fields.MEDIA,
    "date": fields.DATE,
    "expires": fields.DATE,
    "if-modified-since": fields.DATE,
    "if-range": fields.IF_RANGE,
    "if-unmodified-since": fields.DATE,
    "last-modified": fields.DATE,
    "max-forwards": fields.NUMBER,
    "pragma": fields.PRAGMA,
    "proxy-authenticate": fields.CHALLENGE,
    "proxy-authorization": fields.CREDENTIALS,
    "public": fields.METHOD,
    "range": fields.RANGE,
    "retry-after": fields.RETRY,
    "transfer-encoding": fields.TRANSFER,
    "vary": fields.FIELD_NAMES,
    "warning": WARNING,
    "www-authenticate": fields.CHALLENGE,
    "content-disposition": DISPOSITION,
    "x-wap-application-id": APPLICATION,
    "accept-application": APPLICATION,
    "bearer-indication": fields.NUMBER,
    "push-flag": fields.NUMBER,
    "profile-diff": PROFILE_DIFF,
    "profile-warning": PROFILE_WARNING,
    "expect": EXPECT,
    "te": TE,
    "trailer": fields.FIELD_NAMES,
    "x-wap-tod": fields.DATE,
    "content-id": fields.QUOTED,
    "set-cookie": SET_COOKIE,
    "cookie": COOKIE,
    "encoding-version": ENCODING_VERSION,
    "x-wap-security": fields.SECURITY,
}
_ACCEPT_ENCODING = {0x02: fields.ACCEPT_CODING, 0x3C: fields.ACCEPT_CODING_13}
CODECS: tuple[Codec, ...] = tuple(
    _ACCEPT_ENCODING.get(code, _CODECS.get(name.lower(), fields.TEXT))
    for code, (name, _) in enumerate(FIELDS)
)
