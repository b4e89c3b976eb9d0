"""What a phone can take, from the headers of its request. Pure: headers in, Device out.

What is asked, in this order:
1. the user agent, the handset's own where a transcoder names it, against FAMILIES, our table of
   browsers, handsets.tsv, the figures that makers published, and MAKERS for models it does not name;
2. the address of a UAProf profile: its file name holds the model (the profile is never fetched);
3. Accept, which decides for a phone that no table knows, and corrects the tables where it is plain;
4. the SDU that a gateway has negotiated, which nothing may exceed.
A phone of which nothing is known gets WML 1.1 in decks that every phone takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

SMALLEST_DECK = 1_300
"""Octets of a compiled deck, with headers, that every WML phone takes."""

HEADERS_ROOM = 90
"""Octets of an SDU that the answer's own headers may need."""

LARGE_PAGE = 10_000
"""Octets of an XHTML page: W3C mobileOK Basic asks for at most 10 kB of markup."""

HANDSETS = Path(__file__).with_name("handsets.tsv")


class Markup(StrEnum):
    """What is written for the phone."""

    WML = "wml"
    XHTML = "xhtml"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Device:
    """One kind of phone.

    version       of WML: 1.1 knows no access keys
    deck_bytes    of a compiled deck (WML) or of the markup (XHTML, HTML)
    compiled      the phone takes WMLC, so we compile and nobody on the way compiles worse
    width, height screen in px
    images        endings of picture formats it shows, best first; empty: none
    pictures      most pictures on one page
    charset       of the answer
    xhtml_type    the media type that it accepts for XHTML
    script        a small script for the digit keys helps: browsers that ignore accesskey
    """

    markup: Markup = Markup.WML
    version: str = "1.1"
    deck_bytes: int = SMALLEST_DECK
    compiled: bool = False
    width: int = 96
    height: int = 64
    images: tuple[str, ...] = ()
    pictures: int = 1
    charset: str = "utf-8"
    xhtml_type: str = "text/html"
    script: bool = False


MINIMUM = Device(images=("wbmp",))
_COLOUR = ("jpg", "gif", "png")


def _wml(version: str, deck: int, width: int = 96, height: int = 64) -> Device:
    return Device(version=version, deck_bytes=deck, width=width, height=height, images=("wbmp",))


def _xhtml(deck: int = LARGE_PAGE, width: int = 176, height: int = 208) -> Device:
    return Device(Markup.XHTML, "1.3", min(deck, LARGE_PAGE), False, width, height, _COLOUR)


def _html(deck: int = 20_000, width: int = 240, height: int = 320, pictures: int = 3, *,
          images: tuple[str, ...] = _COLOUR, script: bool = False) -> Device:  # fmt: skip
    return Device(Markup.HTML, "1.3", deck, False, width, height, images, pictures, script=script)


FAMILIES: tuple[tuple[str, Device], ...] = (
    # Browsers that lay out on a server of their own, or on the phone as on a computer.
    (r"KAIOS/", _html(30_000, script=True)),
    (r"^LG(?!.*Opera Mini).*(Obigo|Teleca)", _xhtml(10_000, 240, 320)),
    (r"^SonyEricsson.*NetFront/3\.5", _html(10_000, pictures=1)),
    (r"Opera Mini|S40OviBrowser|UCWEB|UCBrowser|UC Browser|MQQBrowser|Skyfire|BOLT/", _html()),
    (r"E?Links |ELinks|Lynx/|w3m/|Links \(|NetSurf|Dillo", _html(60_000, 640, 480, 0, images=())),
    (r"DoCoMo/1", _html(5_000, 120, 128, 1, images=("gif",))),
    (r"DoCoMo/2", _html(10_000, 240, 240, 1, images=("gif", "jpg"))),
    # WAP 1.x by name: these never read XHTML, whatever a gateway adds to their Accept.
    (r"^Rover ", Device(deck_bytes=900, compiled=True, width=160, height=160)),
    (r"^Nokia(7110|7160|7190|6250|6210|6290|3330|3350|3360|3395|5210|5510|6510|8250|8310|8390|8890)",
     _wml("1.1", 1_390)),
    (r"^Nokia(3510|3530|3410|6310|6340|6360|6370|6385|6500/|6590|6610|6100|6220|7210|7250|3595|3590"
     r"|3610|5100|6800|8910|8855)", _wml("1.3", 2_800, 96, 64)),
    (r"UP\.Browser/3|UP\.Browser/4|UP/4|UP/3|UP\.Browser/5", _wml("1.1", 1_400)),
    (r"^MOT-.*UP\.Browser/6", _wml("1.3", 3_000, 96, 64)),
    (r"SAMSUNG JAVA CLIENT", _wml("1.3", 5_000, 128, 128)),
    (r"^(Ericsson|R380|MC218|R320|R520|T20|T29|T39|T65|T66|T68/)", _wml("1.1", 1_400, 101, 52)),
    (r"^(WinWAP|M3Gate|MobileExplorer|Wapsilon|YourWap|WapIDE|Klondike|Ericsson)", _wml("1.1", 1_400)),
    (r"^(Alcatel-(?:B[A-H]|OH|TH)\d|Mitsu|QC-|PT-|TSM-|Sendo|Telit)", _wml("1.2", 1_400)),
    (r"^SEC-SGH(A|C1|N|Q|R|S1|T1|X[1-4])", _wml("1.2", 1_400, 120, 128)),
    (r"^(SIE-(2|3|A|C3|C4|C5\d|IC|M[C4-5]|ME|MT50|S3|S4|SL4|SLIK))", _wml("1.1", 1_400, 96, 64)),
    (r"^Philips(?!.*(UP\.Browser/[67]|NetFront))", _wml("1.2", 1_400)),
    (r"Galaxy1\.|JAT-?Browser|NW\.Browser", _wml("1.2", 2_800, 128, 128)),
    # WAP 2.0 browsers.
    (r"UP\.Browser/[67]|Openwave/[67]", _xhtml(10_000, 128, 160)),
    (r"SymbianOS|Series ?60|Symbian OS|SymbOS", _xhtml(10_000, 240, 320)),
    (r"MAUI|MRE[/\\]|MTK|Dorado|MOCOR|ThreadX|Nucleus", _xhtml(10_000, 240, 320)),
    (r"NetFront|Obigo|Teleca|Q0[357][A-C]|Polaris|Dolfin|Jasmine|MIB/|Nokia.*\b(MIDP-2|Series ?40)",
     _xhtml(10_000, 176, 220)),
    (r"SoftBank|Vodafone/1|J-PHONE|KDDI-", _xhtml(10_000, 240, 320)),
    # Full browsers: a computer, a smartphone, a crawler.
    (r"^Mozilla/[45]|^Opera/|Googlebot|bingbot|Baiduspider", _html(30_000, 360, 640, 5)),
)  # fmt: skip
"""User agent -> what it takes, first match. Sources: the makers' developer pages and UAProf files,
the public test data of uap-core and device-detector."""

MAKERS: tuple[tuple[str, Device], ...] = (
    (r"^BlackBerry|^SonyEricsson|^SAMSUNG|^SEC-|^LG|^SIE-|^MOT-|^Nokia|^ZTE|^HUAWEI|^GIONEE|^Lenovo"
     r"|^TCL|^K-Touch|^CoolPad|^HS-|^Haier|^BIRD|^DOOV|^OPPO|^BBK|^vivo", _xhtml(8_000, 128, 160)),
    (r"MIDP-2|CLDC-1\.1", _xhtml(8_000, 128, 160)),
)  # fmt: skip
"""Makers whose phones read XHTML unless their table says otherwise."""

_BROWSERS = tuple((re.compile(pattern, re.I), device) for pattern, device in FAMILIES)
_MAKERS = tuple((re.compile(pattern, re.I), device) for pattern, device in MAKERS)

ORIGINAL_AGENT = (
    "X-Device-User-Agent",
    "X-Original-User-Agent",
    "Device-Stock-UA",
    "X-OperaMini-Phone-UA",
    "X-UCBrowser-Device-UA",
    "X-Skyfire-Phone",
    "X-Bolt-Phone-UA",
)
"""Where transcoders put the phone's own user agent."""

PROFILE = ("X-Wap-Profile", "Profile", "Wap-Profile")

SCREEN, LARGEST_PDU, SDU = "X-UP-Devcap-Screenpixels", "X-UP-Devcap-Max-PDU", "X-WAP-Client-SDU-Size"
"""What Openwave's phones and gateways in front of us say of the screen and of the size of an answer."""

READ = ("Accept", "Accept-Charset", "User-Agent", *PROFILE, SCREEN, LARGEST_PDU, SDU, *ORIGINAL_AGENT)
"""Every header that `recognise` looks at."""

VARY = ", ".join(READ)
_LONGEST_HEADER = 1_000


def recognise(headers: Mapping[str, str]) -> Device:
    """The device that sent these headers; names are looked up without regard to case."""
    lower = {name.lower(): value for name, value in headers.items()}
    return _recognise(tuple(lower.get(name.lower(), "")[:_LONGEST_HEADER] for name in READ))


@lru_cache(maxsize=2_000)
def _recognise(values: tuple[str, ...]) -> Device:
    read = dict(zip(READ, values, strict=True))
    accept = _accepted(read["Accept"])
    profile = next((read[name] for name in PROFILE if read[name]), "")
    known = _by_agent(read["User-Agent"], _profiled(profile))
    if known is None or (known.markup is Markup.HTML and known.images):
        # A transcoder fetches for the phone: its screen is the phone's, its markup its own.
        stock = next((by for name in ORIGINAL_AGENT if (by := _by_agent(read[name]))), None)
        if stock is not None:
            known = stock if known is None else replace(known, width=stock.width, height=stock.height)
    device = _by_accept(accept) if known is None else _corrected(known, accept)
    width, height = _screen(device, read[SCREEN])
    return replace(
        device,
        deck_bytes=_deck_bytes(device, read[SDU], read[LARGEST_PDU]),
        width=width,
        height=height,
        images=_images(device, accept),
        charset=_charset(read["Accept-Charset"], device.compiled),
        xhtml_type=_xhtml_type(accept),
    )


def _by_agent(agent: str, profiled: str = "") -> Device | None:
    """The device of a user agent by name of the browser, then with the maker's own figures.

    profiled   what the address of a profile names, in the form of a user agent: for a model that the agent
               itself does not tell
    """
    agent = agent.replace("+", " ").strip() or profiled
    if not agent:
        return None
    browser = next((device for pattern, device in _BROWSERS if pattern.search(agent)), None)
    if browser is not None and browser.markup is Markup.HTML:
        return browser
    handset = _by_model(agent) or _by_model(profiled)
    if handset is None:
        return browser or next((device for pattern, device in _MAKERS if pattern.search(agent)), None)
    if browser is not None and browser.markup is not handset.markup:
        # The browser says what it reads better than the maker's table; the sizes are the phone's.
        return replace(
            browser,
            width=handset.width,
            height=handset.height,
            deck_bytes=min(browser.deck_bytes, handset.deck_bytes),
        )
    return handset


_SAME_MAKER = (
    ("secsgh", "samsungsgh"), ("samsungsamsung", "samsung"), ("lge", "lg"), ("motorolamot", "mot"),
    ("motorola", "mot"), ("motomot", "mot"), ("onetouch", "alcatelot"), ("alcatelonetouch", "alcatelot"),
)  # fmt: skip
"""How user agents and profiles begin -> how the table's keys do."""


def _key(product: str) -> str:
    """Maker and model as the table writes them."""
    words = re.sub(r"[^a-z0-9]", "", product.lower())
    for prefix, maker in _SAME_MAKER:
        if words.startswith(prefix):
            words = maker + words[len(prefix) :]
    return re.sub(r"^nokian(?=\d{4})", "nokia", words)


def _by_model(agent: str) -> Device | None:
    """The longest key of handsets.tsv that the first product of a user agent begins with."""
    # LG writes a stroke where others write a hyphen: LG/U8110/v1.0.
    words = _key(re.split(r"[/;(]", re.sub(r"^LGE?/", "LG-", agent, flags=re.I), maxsplit=1)[0])
    table = _handsets()
    return next((table[words[:end]] for end in range(len(words), 2, -1) if words[:end] in table), None)


_PICTURES = {"j": "jpg", "g": "gif", "p": "png", "w": "wbmp"}


@cache
def _handsets() -> dict[str, Device]:
    table: dict[str, Device] = {}
    for line in HANDSETS.read_text(encoding="ascii").splitlines():
        if not line or line.startswith("#"):
            continue
        key, deck, screen, markup, pictures = line.split("\t")
        width, height = (int(side) for side in screen.split("x"))
        if markup == "x":
            device = _xhtml(int(deck), width or 176, height or 208)
        else:
            device = _wml(markup, int(deck), width or 96, height or 64)
        if pictures != "-":
            device = replace(device, images=tuple(_PICTURES[letter] for letter in pictures))
        table[key] = device
    return table


_PROFILE_MAKERS = (
    ("nokia", "Nokia"), ("sonyericsson", "SonyEricsson"), ("samsung", "SAMSUNG-"), ("siemens", "SIE-"),
    ("motorola", "MOT-"), ("lge", "LG-"), ("huawei", "HUAWEI-"), ("zte", "ZTE-"), ("alcatel", "Alcatel-"),
    ("blackberry", "BlackBerry"), ("sagem", "SAGEM-"),
)  # fmt: skip
"""A word in the host of a profile's address -> how the maker's user agents begin."""


def _profiled(address: str) -> str:
    """Maker and model of a UAProf address as a user agent would begin: the host's and the file's name."""
    address = address.strip().strip('"').split('"')[0]
    found = re.match(r"https?://([^/]+)/(?:.*/)?([^/]+?)(?:\.xml|\.rdf)?$", address, re.I)
    if found is None:
        return ""
    host, name = found.groups()
    maker = next((begin for part, begin in _PROFILE_MAKERS if part in host.lower()), "")
    if not maker:
        return ""
    if maker == "Nokia":
        name = re.sub(r"(?i)^N(?=\d{4}|[A-Z]\d)", "", name)
    name = re.sub(r"(?i)R\d{2,3}[^A-Z]*$|[_-]?v?\d+\.\d+.*$|_\d+$", "", name)
    return name if name.lower().startswith(maker.lower().rstrip("-")) else maker + name


def _accepted(accept: str) -> dict[str, float]:
    """Media types of an Accept header and their weights."""
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        if kind:
            found[kind] = float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 1.0
    return found


_XHTML_TYPES = ("application/vnd.wap.xhtml+xml", "application/xhtml+xml")
_WML_TYPES = ("text/vnd.wap.wml", "application/vnd.wap.wmlc")


def _takes(accept: Mapping[str, float], kinds: tuple[str, ...]) -> bool:
    return any(accept.get(kind, 0.0) > 0 for kind in kinds)


def _by_accept(accept: Mapping[str, float]) -> Device:
    """A device that no table knows."""
    wml, xhtml = _takes(accept, _WML_TYPES), _takes(accept, _XHTML_TYPES)
    if wml and not xhtml:
        return replace(MINIMUM, compiled="application/vnd.wap.wmlc" in accept)
    if xhtml and (wml or "application/vnd.wap.xhtml+xml" in accept):
        return _xhtml(8_000, 128, 160)
    if _takes(accept, ("text/html", *_XHTML_TYPES)) or _takes(accept, ("*/*", "text/*")):
        return _html(10_000, pictures=1)
    return MINIMUM


def _corrected(device: Device, accept: Mapping[str, float]) -> Device:
    """What the tables say, set right by an Accept that leaves no doubt."""
    wml, xhtml = _takes(accept, _WML_TYPES), _takes(accept, _XHTML_TYPES)
    html = _takes(accept, ("text/html", "*/*", "text/*"))
    if device.markup is Markup.WML:
        return replace(device, compiled=device.compiled or "application/vnd.wap.wmlc" in accept)
    if wml and not xhtml and not html:
        return replace(
            _wml("1.3", min(device.deck_bytes, 2_800), device.width, device.height),
            compiled="application/vnd.wap.wmlc" in accept,
        )
    return device


_IMAGE_TYPES = {"image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/png": "png",
                "image/vnd.wap.wbmp": "wbmp"}  # fmt: skip


def _images(device: Device, accept: Mapping[str, float]) -> tuple[str, ...]:
    """Picture formats: those the Accept header names, where it names any, else the table's."""
    if not device.images:
        return ()
    named = {ending for kind, ending in _IMAGE_TYPES.items() if accept.get(kind, 0.0) > 0}
    if not named or "image/*" in accept:
        return device.images
    return tuple(ending for ending in (*_COLOUR, "wbmp") if ending in named)


_CHARSETS = {"utf-8": "utf-8", "gb18030": "gb18030", "gbk": "gbk", "gb2312": "gbk",
             "iso-10646-ucs-2": "iso-10646-ucs-2", "big5": "big5"}  # fmt: skip


def _charset(accepted: str, compiled: bool) -> str:
    """The first character set with Chinese in it that the phone names; UTF-8 where it may be chosen.

    UCS-2 is for WMLC alone: as text it would need a byte order mark that phones show.
    """
    named = [part.split(";")[0].strip().lower() for part in accepted.split(",")]
    if not accepted.strip() or "*" in named or "utf-8" in named or "utf8" in named:
        return "utf-8"
    chosen = next((_CHARSETS[name] for name in named if name in _CHARSETS), "utf-8")
    return "utf-8" if chosen == "iso-10646-ucs-2" and not compiled else chosen


def _xhtml_type(accept: Mapping[str, float]) -> str:
    """The media type under which the phone wants XHTML: the one it rates highest, else text/html."""
    best = max(_XHTML_TYPES, key=lambda kind: accept.get(kind, 0.0))
    return best if accept.get(best, 0.0) > 0 else "text/html"


def _deck_bytes(device: Device, *most: str) -> int:
    """Of a WML deck never more than a gateway or the phone names, less the room for headers."""
    if device.markup is not Markup.WML:
        return device.deck_bytes
    named = [int(octets) for octets in most if re.fullmatch(r"\s*\d{2,7}\s*", octets) and int(octets)]
    return min([device.deck_bytes, *(max(400, octets - HEADERS_ROOM) for octets in named)])


def _screen(device: Device, said: str) -> tuple[int, int]:
    """Width and height in px: what the phone says of itself before what a table says of its model."""
    found = re.fullmatch(r"\s*(\d{2,4})\s*[,x*]\s*(\d{2,4})\s*", said)
    return (int(found[1]), int(found[2])) if found else (device.width, device.height)
