"""The order in which a page is read: bytes in, `Extracted` out.

bytes -> what they are (HTML, feed, sitemap, dataproxy, JSON) -> text -> tree -> one survey
      -> labels, title, imprint, body -> kind -> Blocks
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from content_sync import charset
from content_sync.extract import body, fields, imprint, interview, kinds, letters, title, trim
from content_sync.extract.anchors import absolute
from content_sync.extract.blocks import build
from content_sync.extract.dom import Survey, compact, parse, survey
from content_sync.extract.lastresort import readable
from content_sync.extract.lists import Listing, read_list
from content_sync.extract.meta import Meta, read_meta
from content_sync.extract.names import words as words_of
from content_sync.extract.page import Extracted, NotAPage, text_of
from content_sync.extract.pinyin import without_pinyin
from content_sync.extract.sources import read_source
from portal.model import Attachment, Block, Image, Paragraph, Table

MAX_BYTES = 12_000_000
"""Octets of a page; what is longer is a file, not a page."""

LITTLE, PLENTY = 40, 300
"""Characters: a body with less than LITTLE, on a page with more than PLENTY, is looked for once more."""

HIDDEN = 20
"""Characters that a body hides before the report mentions it: injected spam hides so."""

_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"RIFF",
    b"\x00\x00\x00",
)
_CRUMB = re.compile(r"(?:当前|所在|您的?|现在的?)位置|首\s?页\s?(?:[>＞»/\-–—]|&gt;)")
_STATUTE = re.compile(r"^第[一二三四五六七八九十百]{1,5}条")
_LIST_HINTS = ("list",)


@dataclass(frozen=True, slots=True)
class Opened:
    """A page's text. `charset` is how it was read, `flags` what was odd about it."""

    text: str
    charset: str
    flags: tuple[str, ...]


def extract(body: bytes, url: str = "", content_type: str = "", hint: str = "") -> Extracted:
    """Read a page of any kind.

    url           where it came from, to make links absolute and to read the day that it names
    content_type  the HTTP header's value
    hint          the kind that the site file expects of this page ("list" for a column's page), "" for none
    raises        NotAPage, and nothing else, whatever the bytes
    """
    opened = open_page(body, url, content_type)
    return opened if isinstance(opened, Extracted) else read_text(opened, opened.text, url, hint)


def open_page(body: bytes, url: str, content_type: str) -> Opened | Extracted:
    """The text of a page; what is no page but a feed or another source of a list is read here and now.

    raises  NotAPage
    """
    if not body or body.isspace():
        raise NotAPage("empty")
    if (found := read_source(body, url, content_type)) is not None:
        return found
    if len(body) > MAX_BYTES:
        raise NotAPage(f"longer than {MAX_BYTES} octets")
    if body.startswith(_MAGIC):
        raise NotAPage("a file, not a page")
    decoded = charset.decode(body, content_type)
    text, pinyin = without_pinyin(decoded.text)
    if not text or text.isspace():
        raise NotAPage("empty")
    return Opened(text, decoded.charset, decoded.flags + ("pinyin-inserted",) * pinyin)


def read_text(opened: Opened, text: str, url: str, hint: str) -> Extracted:
    """Read a page's text, or what was left of it without furniture.

    raises  NotAPage
    """
    root, deep = parse(text)
    flags = opened.flags + ("too-deep",) * deep
    meta = read_meta(root)
    base = absolute(url, meta.base) or url
    page = _read(survey(root), meta, base, url, text, hint)
    return replace(page, charset=opened.charset, flags=flags + page.flags)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand on a page: `line` is the number of the imprint line, -1 where there is none."""

    table: fields.Table
    headline: title.Title
    line: int
    region: body.Region | None


def locate(seen: Survey, meta: Meta) -> Places:
    """Find label table, title, imprint and body."""
    table = fields.read_table(fields.find_labels(seen))
    fields.set_apart(seen, table)
    values = {field.name: field.value for field in table.fields}
    headline = title.find_title(seen, meta, _stated_title(table.group, values))
    line = imprint.find_line(seen, headline.line, len(seen.lines))
    return Places(table, headline, line, body.find_body(seen, headline.line, line))


def _read(seen: Survey, meta: Meta, base: str, url: str, text: str, hint: str) -> Extracted:
    places = locate(seen, meta)
    table, headline, line, region = places.table, places.headline, places.line, places.region
    values = {field.name: field.value for field in table.fields}
    printed = imprint.read(seen, line, meta, values, url, text)
    blocks: tuple[Block, ...] = ()
    flags: list[str] = []
    if region is not None:
        found, unseen = build(seen, region.index, base)
        flags += ["hidden-text"] * (unseen + _hidden_beside(seen, region.index) >= HIDDEN)
        blocks, twice = trim.trim(
            found,
            headline.text,
            seen.lines[line].text if line >= 0 else "",
            alone=region.alone and line >= 0,
        )
        flags += ["body-twice"] * twice
    words = sum(len(text_of(block)) for block in blocks)
    listing = read_list(seen, base, text) if may_be_list(seen, region, words, meta, hint, line) else Listing()
    if is_list(seen, region, listing, words, meta, hint, line):
        return _list_page(seen, meta, headline.text, listing, url)
    talk = interview.looks_like_talk(blocks)
    if (
        words < LITTLE
        and not table.fields
        and not _holds(blocks)
        and sum(line.weight for line in seen.lines) > PLENTY
    ):
        rescued, _ = trim.trim(readable(text, base), headline.text, "")
        if sum(len(text_of(block)) for block in rescued) > LITTLE:
            blocks = rescued
            flags.append("last-resort")
    evidence = kinds.Evidence(
        title=headline.text,
        column=f"{_crumb(seen)} {meta.get('columnname')}".replace(headline.text or "\n", ""),
        column_type=meta.get("columntype"),
        url=url,
        table=table,
        talk=talk,
        statute=sum(1 for block in blocks if isinstance(block, Paragraph) and _STATUTE.match(block.text))
        >= 5,
        words=words,
        facts=any(isinstance(block, Table) for block in blocks),
    )
    kind = kinds.kind_of(evidence, hint)
    if kind == "letter" and table.group == "letter":
        blocks = letters.letter_blocks(values) or blocks
    if kind == "interview":
        blocks = interview.exchanges(blocks)
    return Extracted(
        kind=kind,
        title=headline.text,
        published=printed.published,
        source=printed.source,
        summary=meta.get("description") if words else "",
        fields=table.fields,
        dates=printed.dates,
        blocks=blocks,
        flags=tuple(flags),
    )


def _hidden_beside(seen: Survey, index: int) -> int:
    """Characters hidden around a body, as far up as nothing else is shown."""
    shown = sum(len(line.text) for line in seen.lines_in(index) if not line.hidden)
    top = index
    for up in seen.path(index)[1:]:
        if sum(len(line.text) for line in seen.lines_in(up) if not line.hidden) > shown:
            break
        top = up
    return sum(
        len(line.text) for line in seen.lines_in(top) if line.hidden and not seen.inside(line.at, index)
    )


def _holds(blocks: tuple[Block, ...]) -> bool:
    """Whether a body holds something that is no text: files, pictures."""
    return any(isinstance(block, Attachment | Image) for block in blocks)


def _stated_title(group: str, values: dict[str, str]) -> str:
    names = {
        "disclosure": words_of("标题 信息名称 文件名称 公文名称 文件标题 公文标题 信息标题 名称"),
        "letter": words_of(
            """
            信件名称 信件标题 来信标题 来信主题 信件主题 留言标题 留言主题 咨询标题 咨询主题 诉求标题 诉求主题
            问题标题 投诉标题 建议标题 标题
            """
        ),
    }
    return next((values[name] for name in names.get(group, ()) if values.get(name)), "")


def _crumb(seen: Survey) -> str:
    """The breadcrumb, "" where there is none: the line that says where one is."""
    for number, line in enumerate(seen.lines):
        if len(line.text) <= 160 and _CRUMB.search(line.text):
            if len(line.text) > 10:
                return line.text
            return " ".join(follower.text for follower in seen.lines[number : number + 6])[:120]
    return ""


def may_be_list(
    seen: Survey, region: body.Region | None, words: int, meta: Meta, hint: str, line: int
) -> bool:
    """Whether it is worth looking for a list: an article with its own imprint and running text is none."""
    if hint or meta.get("articletitle"):
        return hint in _LIST_HINTS
    if region is None or line < 0 or words < 150:
        return True
    return seen.linked[region.index] * 3 > seen.chars[region.index]


def is_list(
    seen: Survey, region: body.Region | None, listing: Listing, words: int, meta: Meta, hint: str, line: int
) -> bool:
    """Whether the page is a list: entries with dates, or a script that fills it, and no body of its own."""
    if hint in _LIST_HINTS:
        return True
    if hint:
        return False
    if meta.get("articletitle"):
        return False
    if len(listing.items) >= 2:
        if region is None or (not words and region.how == "text"):
            return True
        inside = [box for box in listing.places if seen.inside(box, region.index)]
        if inside:
            entries = sum(seen.chars[box] for box in inside)
            if entries * 2 > seen.chars[region.index]:
                return True
        return line < 0 and listing.dated and len(listing.items) >= 3 and listing.strength >= 2 * words
    if listing.items and listing.pages:
        return words < 200
    return listing.script and words < 60


def _list_page(seen: Survey, meta: Meta, name: str, listing: Listing, url: str) -> Extracted:
    return Extracted(
        kind="list",
        title=meta.get("columnname") or name,
        items=listing.items,
        pages=listing.pages,
        script_list=listing.script and not listing.items,
        total=listing.total,
    )


_COUNTERS = re.compile(
    r"(?:浏览|点击|阅读|访问|人气|下载)\s?(?:次数|量|数|人次)?\s?[:：]?\s?\d+\s?次?|\d+\s?(?:次|"
    r"人)(?:浏览|阅读|点击|访问)|\d{1,2}[:：]\d{2}[:：]\d{2}"
)


def body_hash(page: Extracted) -> str:
    """32 hex digits that change when what a reader sees changes: title, fields, text, pictures, files,
    entries. Counters and clocks do not count, nor does markup."""
    parts = [page.kind, compact(page.title), page.published, page.source]
    parts += [f"{field.name}={compact(field.value)}" for field in page.fields]
    for block in page.blocks:
        match block:
            case Image():
                parts.append(f"image {block.src}")
            case Attachment():
                parts.append(f"file {block.href} {block.name}")
            case _:
                parts.append(compact(_COUNTERS.sub("", text_of(block))))
    parts += [f"{item.url} {compact(item.title)} {item.date}" for item in page.items]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "ignore")).hexdigest()[:32]
