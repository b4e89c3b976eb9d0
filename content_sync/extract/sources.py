"""What is no page but lists pages: RSS and Atom, sitemaps, dataproxy XML, JSON of gkmlpt and others.

XML is read by lxml with entities off, no network and no huge trees, so neither an entity bomb nor an
external reference does anything.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import zlib
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from content_sync import charset
from content_sync.extract.anchors import absolute
from content_sync.extract.dates import first_moment, from_address
from content_sync.extract.dom import parse, squeeze, survey
from content_sync.extract.jcms import dataproxies, datastores
from content_sync.extract.lists import read_list
from content_sync.extract.names import words
from content_sync.extract.page import Extracted, Link, NotAPage

MAX_UNPACKED = 60_000_000
"""Octets of an unpacked sitemap; the protocol allows 50 MB."""
MAX_ENTRIES = 50_000
HEAD = 8_000
"""Characters in which a declaration and a document type are looked for."""

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_HEAD = re.compile(
    r"^\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s+(?!html)[^>\[]*(?:\[.*?\]\s*)?>\s*|"
    r"<\?[\w-]+[^>]*\?>\s*)*<\s*([\w:.-]+)",
    re.DOTALL,
)
_FEEDS = frozenset(("rss", "feed", "rdf:rdf", "channel"))
_MAPS = frozenset(("urlset", "sitemapindex"))
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_JSONP = re.compile(r"^\s*[\w.$]{1,60}\s*\(\s*(?=[\[{])")
_LINK = re.compile(r"<a\s[^<>]{0,2000}href", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,2000}>")


def read_source(body: bytes, url: str, content_type: str) -> Extracted | None:
    """A feed, a sitemap or a list in XML or JSON as a list; None where the bytes are something else.

    raises  NotAPage where a packed sitemap cannot be unpacked within bounds
    """
    if body[:2] == b"\x1f\x8b":
        body = _unpack(body)
    head = body[:300].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in b"{[" and head[:1]:
        return _json_list(body, url, content_type)
    if head[:1] == b"<" or b"\x00" in head[:8] or head[:3] == b"<\x00?":
        # Tags are ASCII: only where octets are zero (UTF-16) does it matter how the head is read.
        start = body[:4000]
        text = charset.decode(start, content_type).text if b"\x00" in start else start.decode("latin-1")
        found = _HEAD.match(text.removeprefix("\xef\xbb\xbf"))
        name = found.group(1).lower() if found else ""
        if name in _FEEDS or name in _MAPS or name == "datastore":
            if len(body) > MAX_UNPACKED:
                raise NotAPage(f"longer than {MAX_UNPACKED} octets")
            whole = charset.decode(body, content_type)
            return _xml_list(whole, name, url)
        return None
    if _JSONP.match(body[:100].decode("latin-1")):
        return _json_list(body, url, content_type)
    if head[:4] == b"http":
        return _address_list(body, url)
    return None


def _address_list(body: bytes, url: str) -> Extracted | None:
    """A sitemap that is a plain text of addresses, one a line; None where it is another text."""
    lines = body.removeprefix(b"\xef\xbb\xbf").split()
    if len(lines) > MAX_ENTRIES or not all(line.startswith((b"http://", b"https://")) for line in lines):
        return None
    found = (absolute(url, line.decode("utf-8", "replace")) for line in lines)
    return _list([Link(title="", url=address) for address in found if address], "utf-8", url)


def _unpack(body: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            unpacked = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise NotAPage(f"cannot be unpacked: {error}") from error
    if len(unpacked) > MAX_UNPACKED:
        raise NotAPage(f"unpacks to more than {MAX_UNPACKED} octets")
    return unpacked


# --- XML --------------------------------------------------------------------------------------


def _xml_list(decoded: charset.Decoded, name: str, url: str) -> Extracted:
    text = decoded.text
    if name == "datastore":
        items = datastores(text, url)
        pages, total = dataproxies(text, url, len(items))
        pages = pages or _further(url, len(items), total)
        return _list(items, decoded.charset, url, pages=pages, total=total)
    root = _parse_xml(text)
    if name in _MAPS:
        return _sitemap(root, decoded.charset, url)
    items = [
        item
        for entry in root.iter()
        if _local(entry) in ("item", "entry") and (item := _feed_entry(entry, url))
    ]
    title = next((squeeze(node.text or "") for node in root.iter() if _local(node) == "title"), "")
    return _list(items, decoded.charset, url, title=title)


def _parse_xml(text: str) -> etree._Element:
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text[:HEAD]), count=1) + text[HEAD:]
    text = text.replace("\x00", "")
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAPage(f"cannot be read as XML: {error}") from error
    if root is None:
        raise NotAPage("cannot be read as XML")
    return root


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _feed_entry(entry: etree._Element, base: str) -> Link | None:
    values: dict[str, str] = {}
    link = ""
    for child in entry:
        name = _local(child)
        if name == "link":
            rel = child.get("rel", "alternate")
            address = child.get("href") or (child.text or "").strip()
            if address and (rel == "alternate" or not link):
                link = address
        elif name in (
            "title",
            "pubdate",
            "published",
            "updated",
            "date",
            "guid",
            "id",
            "issued",
            "modified",
            "created",
        ):
            values.setdefault(name, squeeze("".join(str(part) for part in child.itertext())))
    title = squeeze(_TAGS.sub("", html.unescape(values.get("title", ""))))
    if not link and values.get("guid", "").startswith("http"):
        link = values["guid"]
    if not link and not title:
        return None
    stated = next(
        (
            values[name]
            for name in ("pubdate", "published", "issued", "date", "created", "updated", "modified")
            if values.get(name)
        ),
        "",
    )
    return Link(title=title, url=absolute(base, html.unescape(link)), date=moment_of(stated))


def moment_of(text: str) -> str:
    """A date of a feed (RFC 822, ISO 8601 or as written) as a moment; the clock is the feed's own."""
    if found := first_moment(text):
        return found
    try:
        read: datetime = parsedate_to_datetime(text)
        return read.strftime("%Y-%m-%d %H:%M") if 1980 <= read.year <= 2100 else ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _sitemap(root: etree._Element, name: str, url: str) -> Extracted:
    items: list[Link] = []
    pages: list[str] = []
    index = _local(root) == "sitemapindex"
    for entry in root:
        values = {_local(child): squeeze(child.text or "") for child in entry if isinstance(child.tag, str)}
        address = absolute(url, values.get("loc", ""))
        if not address:
            continue
        if index or _local(entry) == "sitemap":
            pages.append(address)
        else:
            news = next((squeeze(child.text or "") for child in entry.iter() if _local(child) == "title"), "")
            items.append(Link(title=news, url=address, date=moment_of(values.get("lastmod", ""))))
        if len(items) >= MAX_ENTRIES or len(pages) >= MAX_ENTRIES:
            break
    return _list(items, name, url, pages=tuple(pages))


def _list(
    items: list[Link], name: str, url: str, *, title: str = "", pages: tuple[str, ...] = (), total: int = 0
) -> Extracted:
    return Extracted(
        kind="list", title=title, items=tuple(items[:MAX_ENTRIES]), pages=pages, total=total, charset=name
    )


# --- JSON -------------------------------------------------------------------------------------

_TITLE_KEYS = words("title doctitle titles bt name infotitle subject articletitle vc_title showtitle")
_URL_KEYS = words("url link docpuburl puburl href linkurl infourl urls docurl pageurl curl arturl post_url")
_DATE_KEYS = words(
    """
    published_at display_publish_time date publishdate publish_time publishtime pubdate
    docreltime docpubtime infodate crtime createtime fbsj time deploytime created_at
    """
)
_TOTAL_KEYS = words("total totalrecord totalcount count recordcount rowcount totalelements")
_MAX_DEPTH = 12


def _json_list(body: bytes, url: str, content_type: str) -> Extracted | None:
    if len(body) > MAX_UNPACKED // 2:
        raise NotAPage("JSON longer than 30 MB")
    decoded = charset.decode(body, content_type)
    text = decoded.text.strip().removeprefix("\ufeff")
    if jsonp := _JSONP.match(text):
        text = text[jsonp.end() :].rstrip("; \r\n\t)")
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        # Some gateways wrap the dataproxy's XML, or list markup, as JSON.
        wrapped = next(
            (inner for inner in _strings(value) if "<record" in inner or "<datastore" in inner), ""
        )
        if wrapped:
            items = datastores(wrapped, url)
            pages, total = dataproxies(wrapped, url, len(items))
            pages = pages or _further(url, len(items), total)
            return _list(items, decoded.charset, url, pages=pages, total=total)
    rows = _rows(value)
    items = [item for row in rows[:MAX_ENTRIES] if (item := _row(row, url))] or _marked_up(value, url)
    total = _number(value, _TOTAL_KEYS)
    return _list(items, decoded.charset, url, pages=_further(url, len(items), total), total=total)


def _strings(value: Json, depth: int = 0) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [] if depth > 4 else [text for part in inner for text in _strings(part, depth + 1)]


def _marked_up(value: Json, url: str) -> list[Link]:
    """The entries of list markup that stands in an answer as a text."""
    markup = max((text for text in _strings(value) if _LINK.search(text)), key=len, default="")
    if not markup:
        return []
    tree, _ = parse(f"<html><body>{markup}</body></html>")
    return list(read_list(survey(tree), url, markup).items)


def _rows(value: Json, depth: int = 0) -> list[dict[str, Json]]:
    """The longest list of objects that have titles, wherever it stands in the answer."""
    if depth > _MAX_DEPTH:
        return []
    if isinstance(value, list):
        rows = [part for part in value if isinstance(part, dict)]
        if rows and any(_pick(row, _TITLE_KEYS) for row in rows):
            return rows
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    best: list[dict[str, Json]] = []
    for part in inner:
        if isinstance(part, dict | list):
            found = _rows(part, depth + 1)
            if len(found) > len(best):
                best = found
    return best


def _pick(row: dict[str, Json], keys: tuple[str, ...]) -> str:
    lower = {key.lower(): value for key, value in row.items()}
    for key in keys:
        value = lower.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value:
            return str(value)
    return ""


def _row(row: dict[str, Json], base: str) -> Link | None:
    title = squeeze(_TAGS.sub("", html.unescape(_pick(row, _TITLE_KEYS))))
    address = absolute(base, _pick(row, _URL_KEYS)) if _pick(row, _URL_KEYS) else ""
    if not title:
        return None
    return Link(title=title, url=address, date=_json_moment(_pick(row, _DATE_KEYS)) or from_address(address))


def _json_moment(value: str) -> str:
    if value.isdigit() and len(value) in (10, 13):
        # Epoch seconds or milliseconds, read in China's time: the portals that answer so are there.
        seconds = int(value[:10]) + 8 * 3600
        days, rest = divmod(seconds, 86400)
        return f"{_day_number(days)} {rest // 3600:02}:{rest % 3600 // 60:02}"
    return moment_of(value)


def _day_number(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


def _number(value: Json, keys: tuple[str, ...], depth: int = 0) -> int:
    if not isinstance(value, dict) or depth > 3:
        return 0
    for key, inner in value.items():
        if key.lower() in keys and isinstance(inner, int | str) and str(inner).isdigit():
            return min(int(inner), 10_000_000) if len(str(inner)) < 9 else 0
    return next((found for inner in value.values() if (found := _number(inner, keys, depth + 1))), 0)


def _further(url: str, shown: int, total: int) -> tuple[str, ...]:
    """The further pages of an answer that is addressed by `page=`, as gkmlpt's /api/all/5?page=1 is."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    here = query.get("page", "")
    if not (shown and total > shown and here.isdigit() and len(here) < 6):
        return ()
    count = min(-(-total // shown), 2000)
    first = 1 if here != "0" else 0
    return tuple(
        urlunsplit(parts._replace(query=urlencode(query | {"page": str(page)})))
        for page in range(first, count + first)
        if page != int(here)
    )
