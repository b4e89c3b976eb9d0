"""The parts that WSP header values are made of (WAP-230-WSP 8.4.2.1-8.4.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from wap.protocol.errors import Malformed
from wap.protocol.uintvar import decode_uintvar, encode_uintvar, take
from wap.protocol.wsp_pdu import value_end

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z/:]+")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?')
CONTROLS = dict.fromkeys((*range(0x20), 0x7F), " ")
UNBOUNDED_LENGTH = 31


def plain(octets: bytes) -> str:
    """Text off the network as a header may carry it: UTF-8, else Latin-1, controls as spaces."""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    return text.translate(CONTROLS)


class Cursor:
    """Reads the parts of one value in turn; every method raises only Truncated or Malformed."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.at = 0

    @classmethod
    def inside(cls, value: bytes) -> "Cursor":
        """A cursor on what a value of general form (length first) holds."""
        if not value or value[0] > UNBOUNDED_LENGTH:
            raise Malformed("this field has only a general form")
        if value[0] == UNBOUNDED_LENGTH:
            return cls(value[decode_uintvar(value, 1)[1] :])
        return cls(value[1:])

    @property
    def more(self) -> bool:
        return self.at < len(self.octets)

    def peek(self) -> int:
        """The next octet, left where it is."""
        return take(self.octets, self.at, 1)[0][0]

    def octet(self) -> int:
        part, self.at = take(self.octets, self.at, 1)
        return part[0]

    def rest(self) -> bytes:
        part, self.at = self.octets[self.at :], len(self.octets)
        return part

    def uintvar(self) -> int:
        value, self.at = decode_uintvar(self.octets, self.at)
        return value

    def value(self) -> bytes:
        """The next value whole, of whatever form."""
        start, self.at = self.at, value_end(self.octets, self.at)
        return self.octets[start : self.at]

    def is_text(self) -> bool:
        return self.more and 32 <= self.peek() < 0x80

    def integer(self) -> int:
        """Integer-value: short (one octet) or long (length and big-endian octets)."""
        first = self.octet()
        if first >= 0x80:
            return first & 0x7F
        if not 1 <= first <= 30:
            raise Malformed("not an integer")
        part, self.at = take(self.octets, self.at, first)
        return int.from_bytes(part, "big")

    def text(self) -> str:
        """Text-string without its NUL and quote octet; a Quoted-string keeps its opening quote."""
        if self.more and self.peek() == 0:
            self.at += 1
            return ""
        if not self.is_text():
            raise Malformed("not a text")
        raw = self.value()[:-1]
        return plain(raw[1:] if raw[:1] == b"\x7f" else raw)

    def text_value(self) -> str:
        """Text-value: nothing, a token, or a quoted string (given with both its quotes)."""
        text = self.text()
        return f'{text}"' if text.startswith('"') else text

    def date(self) -> str:
        """Date-value as HTTP writes it."""
        seconds = self.integer()
        try:
            moment = datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, ValueError, OSError):
            raise Malformed("a date no calendar has") from None
        return format_datetime(moment, usegmt=True)

    def version(self) -> str:
        """Version-value: three bits and four bits, the last all set for no minor number; or text."""
        if self.is_text():
            return self.text()
        octet = self.octet()
        if octet < 0x80:
            raise Malformed("not a version")
        major, minor = octet >> 4 & 0x07, octet & 0x0F
        return str(major) if minor == 15 else f"{major}.{minor}"

    def q(self) -> str:
        """Q-value: hundredths plus one, or thousandths plus a hundred."""
        number = self.uintvar()
        if not 1 <= number <= 1099:
            raise Malformed("q above 1")
        thousandths = (number - 1) * 10 if number <= 100 else number - 100
        return f"{thousandths // 1000}.{thousandths % 1000:03}".rstrip("0").ljust(3, "0")


def encode_short(number: int) -> bytes:
    return bytes((number | 0x80,))


def encode_integer(number: int) -> bytes:
    """Integer-value in its shortest form; ValueError below 0 or over 30 octets."""
    if 0 <= number < 0x80:
        return encode_short(number)
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(octets) > 30:
        raise ValueError("integer of more than 30 octets")
    return bytes((len(octets),)) + octets


def encode_long(number: int) -> bytes:
    """Long-integer, the form that dates have even where they are small."""
    octets = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")
    return bytes((len(octets),)) + octets


def encode_text(text: str) -> bytes:
    """Text-string; the quote octet 127 before a text whose first octet would be read as a number."""
    octets = text.translate(CONTROLS).encode()
    return (b"\x7f" if octets[:1] >= b"\x80" else b"") + octets + b"\0"


def encode_quoted(text: str) -> bytes:
    """Quoted-string: an opening quote, no closing one."""
    return b'"' + text.translate(CONTROLS).encode() + b"\0"


def encode_text_value(text: str) -> bytes:
    """Text-value of an HTTP parameter value, quoted or not."""
    if not text:
        return b"\0"
    if text.startswith('"'):
        return encode_quoted(unquote(text))
    return encode_text(text) if TOKEN.fullmatch(text) else encode_quoted(text)


def unquote(text: str) -> str:
    """A quoted string without its quotes and escapes; other text as it is."""
    if not text.startswith('"'):
        return text
    found = QUOTED.match(text)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else text[1:]


def encode_general(octets: bytes) -> bytes:
    """Value-length and what it counts."""
    if len(octets) < UNBOUNDED_LENGTH:
        return bytes((len(octets),)) + octets
    return bytes((UNBOUNDED_LENGTH,)) + encode_uintvar(len(octets)) + octets


def encode_q(text: str) -> bytes:
    """Q-value of a text such as "0.8"; b"" for 1, which is not sent; ValueError for what is no q."""
    if not re.fullmatch(r"[01](\.\d{0,3})?", text):
        raise ValueError(f"{text!r} is no quality")
    thousandths = round(float(text) * 1000)
    if thousandths > 1000:
        raise ValueError(f"{text!r} is above 1")
    if thousandths == 1000:
        return b""
    return encode_uintvar(thousandths // 10 + 1 if thousandths % 10 == 0 else thousandths + 100)


def encode_date(text: str) -> bytes:
    """Date-value of an HTTP date; ValueError for one that cannot be read or lies before 1970."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError):
        raise ValueError(f"{text!r} is no date") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    if seconds < 0:
        raise ValueError(f"{text!r} is before 1970")
    return encode_long(seconds)


def encode_version(text: str) -> bytes:
    """Version-value: one octet where it fits, else text."""
    if found := re.fullmatch(r"([1-7])(?:\.(\d{1,2}))?", text):
        minor = 15 if found[2] is None else int(found[2])
        if found[2] is None or minor < 15:
            return encode_short(int(found[1]) << 4 | minor)
    return encode_text(text)


def split_list(text: str, separator: str = ",") -> list[str]:
    """The elements of an HTTP list, split outside quoted strings; empty ones left out."""
    found: list[str] = []
    start = 0
    quoted = escaped = False
    for at, letter in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            found.append(text[start:at].strip())
            start = at + 1
    found.append(text[start:].strip())
    return [part for part in found if part]


def expect_end(cursor: Cursor) -> None:
    """Malformed where a value has octets left over."""
    if cursor.more:
        raise Malformed(f"{len(cursor.octets) - cursor.at} octets too many")
