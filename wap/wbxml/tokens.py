"""The token tables of WML 1.1 to 1.3, SI 1.0 and SL 1.0, and the numbers that WBXML itself gives.

Sources: WAP-192 (WBXML 1.3) section 7 for the global tokens; WAP-191 (WML 1.3) section 14 for WML;
WAP-167 (service indication) and WAP-168 (service loading) section 8 for theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class BadDeck(ValueError):
    """The text of a deck cannot be compiled; the message says what and, where known, in which line."""


class BadWbxml(ValueError):
    """These bytes are not a WBXML document that we can read; the message says why and where."""


# Global tokens, WAP-192 section 7.1
SWITCH_PAGE, END, ENTITY, STR_I, LITERAL = 0x00, 0x01, 0x02, 0x03, 0x04
EXT_I_0, EXT_I_2, PI, LITERAL_C = 0x40, 0x42, 0x43, 0x44
EXT_T_0, EXT_T_2, STR_T, LITERAL_A = 0x80, 0x82, 0x83, 0x84
EXT_0, EXT_2, OPAQUE, LITERAL_AC = 0xC0, 0xC2, 0xC3, 0xC4
HAS_CONTENT, HAS_ATTRIBUTES = 0x40, 0x80

CONVERSIONS = ("escape", "unesc", "noesc")
"""What EXT_T_0, 1 and 2 do to the value of a variable, WAP-191 section 14.2."""

MIBENUM: Mapping[str, int] = {
    "us-ascii": 3,
    "iso-8859-1": 4,
    "utf-8": 106,
    "gbk": 113,
    "gb18030": 114,
    "iso-10646-ucs-2": 1000,
    "utf-16": 1015,
    "gb2312": 2025,
    "big5": 2026,
}
"""IANA's numbers of the character sets that phones ask for."""

CODEC: Mapping[str, str] = {"iso-10646-ucs-2": "utf-16-be", "utf-16": "utf-16-be"}
"""Python's name where it differs. Both are in network order and without a byte order mark."""


def canonical_charset(name: str) -> str:
    """The name in MIBENUM of a character set; BadDeck where it has none."""
    known = name.strip().strip("\"'").lower()
    known = {"utf8": "utf-8", "latin1": "iso-8859-1", "iso8859-1": "iso-8859-1", "ucs-2": "iso-10646-ucs-2",
             "ascii": "us-ascii", "cp936": "gbk"}.get(known, known)  # fmt: skip
    if known not in MIBENUM:
        raise BadDeck(f"no decks are made in the character set '{name}'")
    return known


@dataclass(frozen=True)
class Language:
    """One document type.

    starts  attribute name -> [(value it begins with, token)], longest value first; "" is the bare name
    """

    name: str
    public_id: int
    public: str
    system: str
    root: str
    tags: Mapping[str, int]
    starts: Mapping[str, tuple[tuple[str, int], ...]]
    values: Mapping[str, int]
    tag_names: Mapping[int, str] = field(init=False)
    start_names: Mapping[int, tuple[str, str]] = field(init=False)
    value_names: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        names = {token: (name, begin) for name, rows in self.starts.items() for begin, token in rows}
        object.__setattr__(self, "tag_names", {token: tag for tag, token in self.tags.items()})
        object.__setattr__(self, "start_names", names)
        object.__setattr__(self, "value_names", {token: text for text, token in self.values.items()})


def _tags(table: str) -> dict[str, int]:
    """Rows of `name hex`."""
    cells = table.split()
    return {name: int(token, 16) for name, token in zip(cells[::2], cells[1::2], strict=True)}


def _starts(table: str) -> dict[str, tuple[tuple[str, int], ...]]:
    """Rows of `name hex` or `name=value hex`."""
    found: dict[str, list[tuple[str, int]]] = {}
    for left, token in _tags(table).items():
        name, _, value = left.partition("=")
        found.setdefault(name, []).append((value, int(token)))
    return {name: tuple(sorted(rows, key=lambda row: -len(row[0]))) for name, rows in found.items()}


_WML11_TAGS = _tags("""
    a 1C td 1D tr 1E table 1F p 20 postfield 21 anchor 22 access 23 b 24 big 25 br 26 card 27 do 28
    em 29 fieldset 2A go 2B head 2C i 2D img 2E input 2F meta 30 noop 31 prev 32 onevent 33
    optgroup 34 option 35 refresh 36 select 37 small 38 strong 39 template 3B timer 3C u 3D
    setvar 3E wml 3F
""")
_WML12_TAGS = _WML11_TAGS | _tags("pre 1B")

_WML11_STARTS = """
    accept-charset 05 align 52 align=bottom 06 align=center 07 align=left 08 align=middle 09
    align=right 0A align=top 0B alt 0C class 54 columns 53 content 0D
    content=application/vnd.wap.wmlc;charset= 5C domain 0F emptyok=false 10 emptyok=true 11
    format 12 forua=false 56 forua=true 57 height 13 href 4A href=http:// 4B href=https:// 4C
    hspace 14 http-equiv 5A http-equiv=Content-Type 5B http-equiv=Expires 5D id 55 ivalue 15
    iname 16 label 18 localsrc 19 maxlength 1A method=get 1B method=post 1C mode=nowrap 1D
    mode=wrap 1E multiple=false 1F multiple=true 20 name 21 newcontext=false 22 newcontext=true 23
    onpick 24 onenterbackward 25 onenterforward 26 ontimer 27 optional=false 28 optional=true 29
    path 2A scheme 2E sendreferer=false 2F sendreferer=true 30 size 31 src 32 src=http:// 58
    src=https:// 59 ordered=true 33 ordered=false 34 tabindex 35 title 36 type 37 type=accept 38
    type=delete 39 type=help 3A type=password 3B type=onpick 3C type=onenterbackward 3D
    type=onenterforward 3E type=ontimer 3F type=options 45 type=prev 46 type=reset 47 type=text 48
    type=vnd. 49 value 4D vspace 4E width 4F xml:lang 50
"""
_WML12_STARTS = """
    accesskey 5E enctype 5F enctype=application/x-www-form-urlencoded 60
    enctype=multipart/form-data 61
"""
_WML13_STARTS = "xml:space=preserve 62 xml:space=default 63 cache-control=no-cache 64"

_WML_VALUES = _tags("""
    .com/ 85 .edu/ 86 .net/ 87 .org/ 88 accept 89 bottom 8A clear 8B delete 8C help 8D
    http:// 8E http://www. 8F https:// 90 https://www. 91 middle 93 nowrap 94 onpick 95
    onenterbackward 96 onenterforward 97 ontimer 98 options 99 password 9A reset 9B text 9D top 9E
    unknown 9F wrap A0 www. A1
""")
_PUSH_VALUES = _tags(".com/ 85 .edu/ 86 .net/ 87 .org/ 88")

WML11 = Language(
    "WML 1.1", 0x04, "-//WAPFORUM//DTD WML 1.1//EN", "http://www.wapforum.org/DTD/wml_1.1.xml", "wml",
    _WML11_TAGS, _starts(_WML11_STARTS), _WML_VALUES,
)  # fmt: skip
WML12 = Language(
    "WML 1.2", 0x09, "-//WAPFORUM//DTD WML 1.2//EN", "http://www.wapforum.org/DTD/wml12.dtd", "wml",
    _WML12_TAGS, _starts(_WML11_STARTS + _WML12_STARTS), _WML_VALUES,
)  # fmt: skip
WML13 = Language(
    "WML 1.3", 0x0A, "-//WAPFORUM//DTD WML 1.3//EN", "http://www.wapforum.org/DTD/wml13.dtd", "wml",
    _WML12_TAGS, _starts(_WML11_STARTS + _WML12_STARTS + _WML13_STARTS), _WML_VALUES,
)  # fmt: skip
SI = Language(
    "SI 1.0", 0x05, "-//WAPFORUM//DTD SI 1.0//EN", "http://www.wapforum.org/DTD/si.dtd", "si",
    _tags("si 05 indication 06 info 07 item 08"),
    _starts("""
        action=signal-none 05 action=signal-low 06 action=signal-medium 07 action=signal-high 08
        action=delete 09 created 0A href 0B href=http:// 0C href=http://www. 0D href=https:// 0E
        href=https://www. 0F si-expires 10 si-id 11 class 12
    """),
    _PUSH_VALUES,
)  # fmt: skip
SL = Language(
    "SL 1.0", 0x06, "-//WAPFORUM//DTD SL 1.0//EN", "http://www.wapforum.org/DTD/sl.dtd", "sl",
    _tags("sl 05"),
    _starts("""
        action=execute-low 05 action=execute-high 06 action=cache 07 href 08 href=http:// 09
        href=http://www. 0A href=https:// 0B href=https://www. 0C
    """),
    _PUSH_VALUES,
)  # fmt: skip

LANGUAGES = (WML13, WML12, WML11, SI, SL)
BY_PUBLIC = {language.public: language for language in LANGUAGES}
BY_PUBLIC_ID = {language.public_id: language for language in LANGUAGES}
BY_ROOT = {"wml": WML11, "si": SI, "sl": SL}
"""For a document that names no type that we know. WML 1.1 is what every phone reads."""

DATES = frozenset(("created", "si-expires"))
"""Attributes of SI that travel as OPAQUE digits, WAP-167 section 8.2.2."""

HREFS = frozenset(("href", "src", "onenterforward", "onenterbackward", "onpick", "ontimer"))
"""Attributes of type HREF: a variable in them is escaped unless it says otherwise."""

_VDATA = HREFS | {"alt", "title", "label", "value", "ivalue", "localsrc", "accesskey"}


def takes_variables(tag: str, attribute: str) -> bool:
    """Whether `$` starts a variable in this attribute: those of type vdata or HREF (WAP-191, 10.3)."""
    return attribute in _VDATA or (attribute == "name" and tag in ("postfield", "setvar"))
