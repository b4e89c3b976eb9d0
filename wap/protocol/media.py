"""Media types, character sets, languages and parameters as WSP writes them (WAP-230-WSP 8.4.2.4-24)."""

from collections.abc import Callable, Iterable

from wap.protocol.assigned import (
    CHARSETS,
    FIELDS,
    LANGUAGES,
    NEWEST_VERSION,
    PARAMETERS,
    REGISTERED_TYPES,
    TYPES,
    Version,
)
from wap.protocol.errors import Malformed
from wap.protocol.values import (
    TOKEN,
    Cursor,
    encode_date,
    encode_general,
    encode_integer,
    encode_q,
    encode_text,
    encode_text_value,
    encode_version,
    expect_end,
    split_list,
    unquote,
)

TYPE_NAMES = {code: name for code, (name, _) in enumerate(TYPES)} | REGISTERED_TYPES
TYPE_CODES: dict[str, tuple[int, Version]] = {
    **{name.lower(): (code, (1, 5)) for code, name in REGISTERED_TYPES.items()},
    **{name.lower(): (code, version) for code, (name, version) in enumerate(TYPES) if name != "-"},
}
CHARSET_NAMES = dict(reversed(CHARSETS))
CHARSET_CODES = {name: number for number, name in CHARSETS}
LANGUAGE_CODES = {name: code for code, name in LANGUAGES.items()}
FIELD_CODES = {name.lower(): code for code, (name, _) in reversed(list(enumerate(FIELDS)))}


def named(names: dict[int, str], number: int) -> str:
    """The name of an assigned number; Malformed for one that is not assigned."""
    name = names.get(number, "-")
    if name == "-":
        raise Malformed(f"number {number:#x} is not assigned")
    return name


def read_named(cursor: Cursor, names: dict[int, str]) -> str:
    """A text, or the name of an Integer-value."""
    return cursor.text() if cursor.is_text() else named(names, cursor.integer())


def read_charset(cursor: Cursor) -> str:
    """Well-known-charset or a token; 128 alone means any."""
    if cursor.more and cursor.peek() == 0x80:
        cursor.at += 1
        return "*"
    return read_named(cursor, CHARSET_NAMES)


def read_field_name(cursor: Cursor) -> str:
    """Field-name: a header named by its code or by a token."""
    if cursor.is_text():
        return cursor.text()
    code = cursor.integer()
    if code >= len(FIELDS):
        raise Malformed(f"header code {code:#x} is not assigned")
    return FIELDS[code][0]


def _read_media_name(cursor: Cursor) -> str:
    """Constrained-encoding or, in general form, a media type with parameters."""
    value = cursor.value()
    return decode_media(value)


def _read_nothing(cursor: Cursor) -> str:
    """No-value: one octet of zero."""
    if cursor.octet():
        raise Malformed("a value where none belongs")
    return ""


READ: dict[str, Callable[[Cursor], str]] = {
    "q": Cursor.q,
    "charset": read_charset,
    "version": Cursor.version,
    "integer": lambda cursor: str(cursor.integer()),
    "text": lambda cursor: quote_unless_token(cursor.text().removeprefix('"')),
    "value": Cursor.text_value,
    "field": read_field_name,
    "media": lambda cursor: quote_unless_token(_read_media_name(cursor)),
    "none": _read_nothing,
    "date": lambda cursor: f'"{cursor.date()}"',
}


def quote_unless_token(text: str) -> str:
    """A parameter value as HTTP needs it."""
    if text and TOKEN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_parameter(cursor: Cursor) -> str:
    """One parameter as HTTP writes it, without the semicolon."""
    if not cursor.is_text():
        code = cursor.integer()
        if code >= len(PARAMETERS):
            raise Malformed(f"parameter {code:#x} is not assigned")
        name, _, form = PARAMETERS[code]
        value = READ[form](cursor)
    else:
        name = cursor.text()
        short = cursor.more and not cursor.is_text() and cursor.peek() != 0
        value = str(cursor.integer()) if short else cursor.text_value()
    return f"{name}={value}" if value else name


def read_parameters(cursor: Cursor, before: str = "; ") -> str:
    """All parameters that are left, each with "; " before it."""
    parts = []
    while cursor.more:
        parts.append(f"{before}{read_parameter(cursor)}")
    return "".join(parts)


def decode_media(value: bytes) -> str:
    """A media type or range: constrained (one octet or a text), or general with parameters."""
    if value[:1] > b"\x1f":
        cursor = Cursor(value)
        name = read_named(cursor, TYPE_NAMES)
        expect_end(cursor)
        return name
    cursor = Cursor.inside(value)
    name = read_named(cursor, TYPE_NAMES)
    return name + read_parameters(cursor)


def encode_media(text: str, version: Version) -> bytes:
    """The shortest form of a media type; ValueError where a parameter cannot be said."""
    name, *parameters = split_list(text, ";")
    code = TYPE_CODES.get(name.lower())
    known = code is not None and code[1] <= version
    octets = encode_integer(code[0]) if code is not None and known else encode_text(name)
    tail = encode_parameters(parameters, version)
    if tail or (len(octets) > 1 and octets[0] < 32):
        return encode_general(octets + tail)
    return octets


def encode_parameters(parameters: Iterable[str], version: Version) -> bytes:
    """Parameters in HTTP's form, `name=value`; q of 1 is left out."""
    parts = []
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        parts.append(encode_parameter(name.strip(), value.strip(), version))
    return b"".join(parts)


def _write_charset(value: str) -> bytes:
    number = CHARSET_CODES.get(value.lower())
    if number is None:
        raise ValueError(f"{value!r} has no number")
    return encode_integer(number)


def _write_field(value: str) -> bytes:
    code = FIELD_CODES.get(value.lower())
    return encode_text(value) if code is None else encode_integer(code)


def write_number(value: str) -> bytes:
    """Integer-value of decimal digits; ValueError for anything else."""
    if not value.isascii() or not value.isdigit() or len(value) > 20:
        raise ValueError(f"{value!r} is no number")
    return encode_integer(int(value))


WRITE: dict[str, Callable[[str], bytes]] = {
    "q": encode_q,
    "charset": _write_charset,
    "version": encode_version,
    "integer": write_number,
    "text": encode_text,
    "value": lambda value: encode_text_value(quote_unless_token(value)),
    "field": _write_field,
    "media": lambda value: encode_media(value, NEWEST_VERSION),
    "none": lambda _: b"\0",
    "date": encode_date,
}


def encode_parameter(name: str, value: str, version: Version) -> bytes:
    """One parameter: by its newest number that the phone knows and that can say the value, else as text."""
    for code in range(len(PARAMETERS) - 1, -1, -1):
        known, since, form = PARAMETERS[code]
        if known != name.lower() or since > version:
            continue
        try:
            octets = WRITE[form](unquote(value))
        except ValueError:
            continue
        return encode_integer(code) + octets if octets else b""
    if not TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no parameter name")
    return encode_text(name) + encode_text_value(value)
