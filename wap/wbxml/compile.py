"""Text of WML, SI or SL -> WBXML.

White space follows WAP-191 section 11.8: runs become one space, and what stands between an element
and its neighbours is dropped, but a space between a word and an inline element stays, for phones
that join them otherwise. In `pre` and below xml:space="preserve" every character stays.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from xml.parsers import expat

from wap.wbxml import variables
from wap.wbxml.strings import Charset, Unit, encode, uintvar
from wap.wbxml.tokens import (
    BY_PUBLIC,
    BY_ROOT,
    CODEC,
    DATES,
    END,
    EXT_T_0,
    HAS_ATTRIBUTES,
    HAS_CONTENT,
    HREFS,
    LANGUAGES,
    LITERAL,
    MIBENUM,
    OPAQUE,
    SI,
    WML11,
    BadDeck,
    Language,
    canonical_charset,
    takes_variables,
)

MAX_DEPTH = 100
MAX_SOURCE = 8_000_000
"""Octets of a deck; no phone takes a hundredth."""

INLINE = frozenset(("em", "strong", "b", "i", "u", "big", "small"))
NOTHING_BESIDE = "\t\n\r "
_SPACES = re.compile(r"[\t\n\r ]+")
_DECLARED = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_ENTITIES = {"nbsp": "\u00a0", "shy": "\u00ad"}
"""What the WML DTD defines beside XML's own five."""


def compile_xml(
    source: str | bytes,
    *,
    charset: str = "utf-8",
    source_charset: str = "",
    version: int = 1,
    share: bool = True,
) -> bytes:
    """Compile a deck.

    charset         of the result, a name in tokens.MIBENUM
    source_charset  of `source` where the way it came says so (HTTP); it overrides the XML declaration
    version         1 to 3: WBXML 1.1, 1.2 or 1.3 in the first octet; the body is the same
    share           False leaves the string table to variables and unknown names: quicker and larger,
                    the size that a simple gateway's compiler would come to
    raises          BadDeck
    """
    text = _decoded(source, source_charset) if isinstance(source, bytes) else source
    if len(text) > MAX_SOURCE:
        raise BadDeck(f"a deck of more than {MAX_SOURCE} characters")
    name = canonical_charset(charset)
    reader = _Reader(text)
    chars = Charset(CODEC.get(name, name))
    counts = Counter(unit for unit in reader.code if isinstance(unit, Unit))
    encoded = encode(counts, list(reader.names), chars, reader.language, share)
    body = bytearray()
    for code in reader.code:
        if isinstance(code, int):
            body.append(code)
        elif isinstance(code, Unit):
            body += encoded.bodies[code]
        elif isinstance(code, bytes):
            body += code
        else:
            body += uintvar(encoded.offsets[code])
    head = bytes((version & 3,)) + uintvar(reader.language.public_id) + uintvar(MIBENUM[name])
    return head + uintvar(len(encoded.table)) + encoded.table + bytes(body)


Code = int | bytes | str | Unit
"""A token, finished octets, a name whose offset in the table is written, or a string of the body."""


class _Reader:
    """Reads the XML once and keeps the body as a list of codes."""

    def __init__(self, text: str) -> None:
        self.code: list[Code] = []
        self.names: dict[str, None] = {}
        self.language: Language = WML11
        self._public = ""
        self._open: list[tuple[str, int, bool]] = []
        self._text = ""
        self._last_inline = False
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 65_536
        parser.ordered_attributes = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.UseForeignDTD(True)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(_DECLARED.sub("", text, count=1).lstrip("\ufeff \t\r\n").encode(), True)
        except expat.ExpatError as error:
            raise BadDeck(f"line {error.lineno}: {expat.ErrorString(error.code)}") from error
        except UnicodeEncodeError as error:
            raise BadDeck(f"a character that XML does not know: {error.reason}") from error

    def _fail(self, message: str) -> BadDeck:
        return BadDeck(f"line {self._parser.CurrentLineNumber}: {message}")

    def _doctype(self, _name: str, _system: str | None, public: str | None, _internal: bool) -> None:
        self._public = public or ""

    def _entity(self, name: str, *_rest: object) -> None:
        raise self._fail(f"a deck may not define entities of its own ({name})")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if is_parameter:
            return
        if name not in _ENTITIES:
            raise self._fail(f"no entity is called '{name}'")
        self._characters(_ENTITIES[name])

    def _start(self, tag: str, attributes: list[str]) -> None:
        if not self._open:
            self._choose_language(tag)
        elif len(self._open) >= MAX_DEPTH:
            raise self._fail(f"more than {MAX_DEPTH} elements stand in one another")
        self._flush(tag in INLINE)
        self._parent_has_content()
        token = self.language.tags.get(tag)
        if token is None:
            self.names[tag] = None
        at = len(self.code)
        code = LITERAL if token is None else token
        self.code.append(code | HAS_ATTRIBUTES if attributes else code)
        if token is None:
            self.code.append(tag)
        preserve = self._open[-1][2] if self._open else False
        preserve = preserve or tag == "pre"
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name == "xml:space":
                preserve = value == "preserve"
            self._attribute(tag, name, value)
        if attributes:
            self.code.append(END)
        self._open.append((tag, at, preserve))
        self._last_inline = False

    def _end(self, tag: str) -> None:
        self._flush(False)
        _, at, _ = self._open.pop()
        code = self.code[at]
        if isinstance(code, int) and code & HAS_CONTENT:
            self.code.append(END)
        self._last_inline = tag in INLINE

    def _characters(self, data: str) -> None:
        self._text += data

    def _choose_language(self, root: str) -> None:
        known = BY_PUBLIC.get(self._public)
        if known is None or known.root != root:
            known = BY_ROOT.get(root)
        if known is None:
            roots = ", ".join(sorted({language.root for language in LANGUAGES}))
            raise self._fail(f"the document begins with '{root}', not with one of {roots}")
        self.language = known

    def _parent_has_content(self) -> None:
        if self._open:
            at = self._open[-1][1]
            code = self.code[at]
            if isinstance(code, int):
                self.code[at] = code | HAS_CONTENT

    def _flush(self, inline_follows: bool) -> None:
        """Write the text that has come since the last element began or ended."""
        text, self._text = self._text, ""
        if not text:
            return
        if not self._open[-1][2]:
            text = _SPACES.sub(" ", text)
            if text == " ":
                return
            if not self._last_inline:
                text = text.lstrip(NOTHING_BESIDE)
            if not inline_follows:
                text = text.rstrip(NOTHING_BESIDE)
        self._parent_has_content()
        if self.language.root == "wml":
            self._with_variables(text, False, variables.NO_ESCAPE)
        else:
            self.code.append(Unit(text))

    def _with_variables(self, text: str, values: bool, default: int) -> None:
        if "$" not in text:
            self.code.append(Unit(text, values))
            return
        for part in variables.split(text, default):
            if isinstance(part, str):
                self.code.append(Unit(part, values))
            else:
                self.names[part.name] = None
                self.code += (EXT_T_0 + part.conversion, part.name)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        language = self.language
        if language is SI and name in DATES:
            self.code.append(dict(language.starts[name])[""])
            self.code.append(self._date(name, value))
            return
        for begin, token in language.starts.get(name, ()):
            if value.startswith(begin):
                self.code.append(token)
                value = value[len(begin) :]
                break
        else:
            self.names[name] = None
            self.code += (LITERAL, name)
        if not value:
            return
        if language.root == "wml" and takes_variables(tag, name):
            self._with_variables(value, True, 0 if name in HREFS else variables.NO_ESCAPE)
        else:
            self.code.append(Unit(value, True))

    def _date(self, name: str, value: str) -> bytes:
        """A moment as decimal digits, two an octet, zero octets at the end left out (WAP-167, 8.2.2)."""
        digits = re.sub(r"[-:TZ]", "", value)
        if not re.fullmatch(r"\d{14}", digits):
            raise self._fail(f"{name} must read YYYY-MM-DDThh:mm:ssZ, not '{value}'")
        octets = bytes.fromhex(digits).rstrip(b"\0")
        return bytes((OPAQUE,)) + uintvar(len(octets)) + octets


def _decoded(source: bytes, told: str) -> str:
    """The text of a deck: what the transport told, then a byte order mark, the declaration, UTF-8."""
    name = told
    if not name:
        for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16"),
                            (codecs.BOM_UTF16_LE, "utf-16")):  # fmt: skip
            if source.startswith(mark):
                name = codec
        if not name and (found := _DECLARED.match(source[:200].decode("latin-1"))):
            name = found.group(1)
    name = name or "utf-8"
    # The Chinese sets contain one another; the widest reads what pages call by the narrower name.
    name = "gb18030" if name.lower() in ("gb2312", "gbk", "cp936") else name
    name = "utf-16-be" if name.lower() in ("iso-10646-ucs-2", "ucs-2") else name
    try:
        return source.decode(name)
    except LookupError as error:
        raise BadDeck(f"no character set is called '{name}'") from error
    except UnicodeDecodeError as error:
        raise BadDeck(f"the deck is not {name}: {error.reason} at octet {error.start}") from error
