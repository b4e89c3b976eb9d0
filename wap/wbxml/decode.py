"""WBXML -> text of WML, SI or SL. Whatever the octets are, the answer is a document or BadWbxml."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from wap.wbxml.tokens import (
    BY_PUBLIC,
    BY_PUBLIC_ID,
    CODEC,
    CONVERSIONS,
    DATES,
    END,
    ENTITY,
    EXT_0,
    EXT_2,
    EXT_I_0,
    EXT_I_2,
    EXT_T_0,
    EXT_T_2,
    HAS_ATTRIBUTES,
    HAS_CONTENT,
    LITERAL,
    LITERAL_A,
    LITERAL_AC,
    LITERAL_C,
    MIBENUM,
    OPAQUE,
    PI,
    STR_I,
    STR_T,
    SWITCH_PAGE,
    BadWbxml,
    Language,
    takes_variables,
)

MAX_DEPTH = 200
MAX_TEXT = 4_000_000
"""Characters of the result: references into the string table could otherwise swell it without end."""

_CHARSETS = {number: CODEC.get(name, name) for name, number in MIBENUM.items()}
_CONTROLS = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LITERALS = (LITERAL, LITERAL_A, LITERAL_C, LITERAL_AC)


def decode(octets: bytes) -> str:
    """The document as XML with its prolog, every variable written $(name:conversion).

    raises   BadWbxml, nothing else, whatever the octets
    """
    return _Decoder(octets).document()


class _Decoder:
    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        version = self._byte()
        if version > 3:
            raise BadWbxml(f"WBXML 1.{version} is not known")
        public = self._uintvar()
        named = self._uintvar() if public == 0 else -1
        number = self._uintvar() if version else 106
        if number not in _CHARSETS and number != 0:
            raise BadWbxml(f"character set {number} is not known")
        self._codec = _CHARSETS.get(number, "utf-8")
        self._end_mark = b"\0\0" if self._codec == "utf-16-be" else b"\0"
        length = self._uintvar()
        self._table = octets[self._at : self._at + length]
        if len(self._table) != length:
            raise BadWbxml("the string table is cut off")
        self._at += length
        known = BY_PUBLIC.get(self._string_at(named)) if named >= 0 else BY_PUBLIC_ID.get(public)
        if known is None:
            raise BadWbxml(f"document type {public:#x} is neither WML, SI nor SL")
        self._language: Language = known
        self._out: list[str] = []
        self._length = 0

    def document(self) -> str:
        """The whole text."""
        language = self._language
        self._write('<?xml version="1.0"?>\n')
        self._write(f'<!DOCTYPE {language.root} PUBLIC "{language.public}" "{language.system}">\n')
        while self._peek() == PI:
            self._at += 1
            self._attributes("")
        stack: list[str] = []
        while True:
            token = self._byte()
            if token == END:
                if not stack:
                    raise self._wrong("an END too many")
                self._write(f"</{stack.pop()}>")
            elif token == PI:
                self._attributes("")
            elif not self._text_token(token, bool(stack)):
                self._element(token, stack)
            if not stack:
                if self._at != len(self._octets):
                    raise self._wrong("octets after the end of the document")
                return "".join(self._out) + "\n"

    def _element(self, token: int, stack: list[str]) -> None:
        if len(stack) >= MAX_DEPTH:
            raise self._wrong(f"more than {MAX_DEPTH} elements stand in one another")
        if token in _LITERALS:
            tag = self._name(self._string_at(self._uintvar()))
        else:
            found = self._language.tag_names.get(token & 0x3F)
            if found is None:
                raise self._wrong(f"tag token {token & 0x3F:#04x} is not known")
            tag = found
        self._write(f"<{tag}")
        if token & HAS_ATTRIBUTES:
            self._attributes(tag)
        if token & HAS_CONTENT:
            self._write(">")
            stack.append(tag)
        else:
            self._write("/>")

    def _text_token(self, token: int, inside: bool) -> bool:
        """Write what a content token stands for; False where it starts an element."""
        wml = self._language.root == "wml"
        text: str | None = None
        if token == STR_I:
            text = self._inline()
        elif token == STR_T:
            text = self._string_at(self._uintvar())
        elif token == ENTITY:
            text = self._character()
        elif token == OPAQUE:
            text = self._opaque().decode(self._codec, "replace")
        elif token == SWITCH_PAGE:
            if self._byte() != 0:
                raise self._wrong("none of these languages has a second code page")
            return True
        elif EXT_I_0 <= token <= EXT_I_2 or EXT_T_0 <= token <= EXT_T_2 or EXT_0 <= token <= EXT_2:
            self._write(escape(self._variable(token)))
            return True
        if text is None:
            return False
        if not inside:
            raise self._wrong("text outside the document")
        self._write(escape(text.replace("$", "$$") if wml else text))
        return True

    def _attributes(self, tag: str) -> None:
        """Attributes up to their END; `tag` is "" for a processing instruction, which is dropped."""
        if not tag:
            kept, self._out = self._out, []
        name = ""
        while True:
            token = self._byte()
            if token == END:
                break
            if token == LITERAL or (0 < token < 0x80 and token not in (STR_I, ENTITY, *range(EXT_I_0, PI))):
                if name:
                    self._write('"')
                name, value = self._attribute_start(token)
                self._write(f' {name}="')
                self._value(tag, name, value)
            elif not name:
                raise self._wrong("an attribute value without its attribute")
            else:
                self._attribute_value(tag, name, token)
        if name:
            self._write('"')
        if not tag:
            self._out = kept

    def _attribute_start(self, token: int) -> tuple[str, str]:
        if token == LITERAL:
            return self._name(self._string_at(self._uintvar())), ""
        found = self._language.start_names.get(token)
        if found is None:
            raise self._wrong(f"attribute token {token:#04x} is not known")
        return found

    def _attribute_value(self, tag: str, name: str, token: int) -> None:
        if token == STR_I:
            self._value(tag, name, self._inline())
        elif token == STR_T:
            self._value(tag, name, self._string_at(self._uintvar()))
        elif token == ENTITY:
            self._value(tag, name, self._character())
        elif token == OPAQUE:
            octets = self._opaque()
            self._value(
                tag, name, _moment(octets) if name in DATES else octets.decode(self._codec, "replace")
            )
        elif EXT_I_0 <= token <= EXT_I_2 or EXT_T_0 <= token <= EXT_T_2:
            self._write(self._variable(token))
        elif token in self._language.value_names:
            self._value(tag, name, self._language.value_names[token])
        else:
            raise self._wrong(f"attribute value token {token:#04x} is not known")

    def _value(self, tag: str, name: str, text: str) -> None:
        if self._language.root == "wml" and takes_variables(tag, name):
            text = text.replace("$", "$$")
        self._write(escape(text, {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}))

    def _variable(self, token: int) -> str:
        if token >= EXT_0 or self._language.root != "wml":
            raise self._wrong(f"extension token {token:#04x} means nothing in this language")
        name = self._inline() if token <= EXT_I_2 else self._string_at(self._uintvar())
        plain, _, conversion = name.partition(":")
        return f"$({self._name(plain)}:{conversion or CONVERSIONS[token & 3]})"

    def _wrong(self, message: str) -> BadWbxml:
        return BadWbxml(f"octet {self._at}: {message}")

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise BadWbxml(f"the document is longer than {MAX_TEXT} characters")
        self._out.append(text)

    def _peek(self) -> int:
        return self._octets[self._at] if self._at < len(self._octets) else -1

    def _byte(self) -> int:
        if self._at >= len(self._octets):
            raise BadWbxml(f"cut off after {self._at} octets")
        self._at += 1
        return self._octets[self._at - 1]

    def _uintvar(self) -> int:
        value = 0
        for _ in range(5):
            octet = self._byte()
            value = value << 7 | octet & 0x7F
            if octet < 0x80:
                return value
        raise self._wrong("an integer of more than five octets")

    def _terminated(self, octets: bytes, at: int) -> tuple[str, int]:
        """The string that begins at `at` and the place behind its end mark."""
        step = len(self._end_mark)
        end = octets.find(self._end_mark, at)
        while step == 2 and end >= 0 and (end - at) % 2:
            end = octets.find(self._end_mark, end + 1)
        if end < 0:
            raise self._wrong("a string without its end")
        try:
            text = octets[at:end].decode(self._codec)
        except UnicodeDecodeError as error:
            raise self._wrong(f"a string is not {self._codec}: {error.reason}") from error
        return _clean(text), end + step

    def _inline(self) -> str:
        text, self._at = self._terminated(self._octets, self._at)
        return text

    def _string_at(self, offset: int) -> str:
        if offset >= len(self._table):
            raise self._wrong(f"nothing stands at {offset} in the string table")
        return self._terminated(self._table, offset)[0]

    def _character(self) -> str:
        number = self._uintvar()
        if number > 0x10FFFF or 0xD800 <= number < 0xE000:
            raise self._wrong(f"no character has the number {number}")
        return _clean(chr(number))

    def _opaque(self) -> bytes:
        length = self._uintvar()
        octets = self._octets[self._at : self._at + length]
        if len(octets) != length:
            raise self._wrong("opaque data is cut off")
        self._at += length
        return octets

    def _name(self, name: str) -> str:
        """A name of an element, attribute or variable; never anything that would end a tag."""
        if not name or not name[0].isidentifier() or not all(c.isalnum() or c in "_-.:" for c in name):
            raise self._wrong(f"{name!r} is not a name")
        return name


def _clean(text: str) -> str:
    """Text that XML can carry."""
    if _CONTROLS.search(text):
        raise BadWbxml("a control character, which XML cannot carry")
    return text


def _moment(octets: bytes) -> str:
    """The digits of an SI moment as YYYY-MM-DDThh:mm:ssZ."""
    digits = octets[:7].hex().ljust(14, "0")
    if not digits.isdigit():
        raise BadWbxml("a moment that is not made of digits")
    d = digits
    return f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}Z"
