"""List pages: the entries, whatever the markup, and whether a script fills the list.

Entries are links that look alike: same tags around them, same kind of container. The group that
carries dates and long titles is the list; menus and related-reading boxes are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from content_sync.extract.anchors import EMPTY_WORDS, address_of
from content_sync.extract.dates import MOMENT, PLACEHOLDERS, first_moment, from_address
from content_sync.extract.dom import Survey, squeeze, text_in
from content_sync.extract.jcms import arrays, dataproxies, datastores
from content_sync.extract.page import Link
from content_sync.extract.pagers import other_pages, total_of
from portal.clean import clean

MAX_ITEMS = 3000
MAX_PIECES = 40
"""Text nodes of an entry in which a date in pieces is looked for."""
_AWAY = re.compile(
    r"(?<!\S)(?:foot[\w-]*|[\w-]*footer|nav[\w-]*|menu[\w-]*|side[\w-]*|aside|crumbs?|"
    r"breadcrumb[\w-]*|relat[\w-]*|hot[\w-]*|share[\w-]*|links?|"
    r"friend[\w-]*|yqlj|login|search[\w-]*|head|header|top|topnav|banner|pager|page-?nav|paging|"
    r"pagination|fenye|position|location|dqwz|tab|tabs)(?!\S)"
)
_SHORT_DATE = re.compile(
    r"(?:^|[\[(（\s])(\d{2}|\d{4})?[-/.年]?(0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])"
    r"日?(?:[\])）\s]|$)"
)
_DATE_BEHIND = re.compile(
    r"\s*[\[(（【]?\s*(?:19|20)"
    r"\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】]?\s*$"
)
_DATE_BEFORE = re.compile(r"^\s*[\[(（【]?\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[\])）】]?\s*")
_SCRIPTED = re.compile(
    r"dataproxy\.jsp|/module/jpage|getJSON\s*\(|\$\.(?:ajax|get|post)\s*\(|axios\.|"
    r"fetch\s*\(\s*['\"]|v-for=|ng-repeat=|\{\{\s*item|laytpl|template\.render|XMLHttpRequest|"
    r"vue(?:\.min)?\.js|new\s+Vue",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{.{1,80}?\}\}|\$\{\w.{0,80}?\}|<%=?.{1,80}?%>")
_VARIES = re.compile(r"^(?:on|cur\w*|active|first|last|odd|even|hover)$|\d$")
_LISTED = re.compile(
    r"[ _-](?:\w*list\w*|news\w*|more\w*|gl\w*|lb\w*|data\w*|content\w*|app|pager?\w*|page\w*)"
    r"[ _-]"
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page lists.

    strength  characters of the titles, dated entries counting double: what a body is weighed against
    places    indexes of the entries' elements, () where they stand in a script
    """

    items: tuple[Link, ...] = ()
    pages: tuple[str, ...] = ()
    total: int = 0
    script: bool = False
    dated: bool = False
    strength: int = 0
    places: tuple[int, ...] = ()


@dataclass(slots=True)
class _Entry:
    link: int
    box: int
    title: str
    url: str
    date: str


def read_list(seen: Survey, base: str, markup: str) -> Listing:
    """The list that a page shows; `markup` is its text, for the lists that stand in scripts."""
    pages = other_pages(seen, base, markup)
    total = total_of(seen)
    scripted = [*datastores(markup, base), *arrays(markup, base)]
    entries = _best_group(seen, base)
    shown = tuple(Link(title=clean(entry.title), url=entry.url, date=entry.date) for entry in entries)
    dated = sum(1 for entry in entries if entry.date)
    if len(scripted) > len(shown) or (scripted and not dated):
        more, known = dataproxies(markup, base, len(scripted))
        return Listing(
            tuple(scripted[:MAX_ITEMS]), more or pages, known or total, False, True, 40 * len(scripted)
        )
    strength = sum(min(len(item.title), 60) * (2 if item.date else 1) for item in shown)
    if len(shown) >= 2 and (dated * 2 >= len(shown) or pages or total):
        return Listing(
            shown[:MAX_ITEMS], pages, total, False, dated > 0, strength, tuple(entry.box for entry in entries)
        )
    more, known = dataproxies(markup, base, 0)
    if more or (_SCRIPTED.search(markup) and _empty_list(seen)):
        return Listing((), more or pages, known or total, True)
    return Listing(
        shown[:MAX_ITEMS], pages, total, False, dated > 0, strength, tuple(entry.box for entry in entries)
    )


def _empty_list(seen: Survey) -> bool:
    """Whether there is a container for a list with nothing in it but what a script would fill in."""
    return any(_TEMPLATE.search(line.text) for line in seen.lines) or any(
        tag in ("ul", "ol", "tbody", "table", "div", "dl")
        and not seen.chars[index]
        and _LISTED.search(seen.names[index])
        for index, tag in enumerate(seen.tags)
    )


def _best_group(seen: Survey, base: str) -> list[_Entry]:
    away = _away(seen)
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, tag in enumerate(seen.tags):
        if tag != "a" or away[index]:
            continue
        above = seen.path(index)[:5]
        tags = [seen.tags[at] for at in above]
        names = [_plain(seen.names[at]) for at in above[2:4]]
        alike = groups.setdefault((*tags, seen.names[index].strip(), *names), [])
        if len(alike) < MAX_ITEMS:
            alike.append(index)
    best: list[_Entry] = []
    best_score = 0.0
    for links in groups.values():
        if len(links) < 2:
            continue
        entries = _entries(seen, links, base)
        score = _score(entries)
        if score > best_score:
            best, best_score = entries, score
    if not best:
        best = _single(seen, groups.values(), base)
    return _with_kin(seen, best, groups.values(), base) if best else []


@lru_cache(maxsize=20_000)
def _plain(names: str) -> str:
    """Class and id without what marks the odd, the first or the active one."""
    return " ".join(name for name in names.split() if not _VARIES.search(name))


@lru_cache(maxsize=20_000)
def _is_away(names: str) -> bool:
    return _AWAY.search(names) is not None


def _away(seen: Survey) -> list[bool]:
    away = [False] * len(seen.nodes)
    for index, names in enumerate(seen.names):
        up = seen.parent[index]
        tag = seen.tags[index]
        away[index] = (
            (up >= 0 and away[up])
            or tag in ("nav", "footer", "header")
            or (len(names) > 2 and tag not in ("body", "html") and _is_away(names))
        )
    return away


def _entries(seen: Survey, links: list[int], base: str) -> list[_Entry]:
    found: list[_Entry] = []
    last: str | None = None
    titles = {
        index: title
        for index in links
        if len(title := _title(seen, index)) >= 4 and not EMPTY_WORDS.match(title)
    }
    links = list(titles)
    for number, (index, title) in enumerate(titles.items()):
        before = links[number - 1] if number else -1
        after = links[number + 1] if number + 1 < len(links) else len(seen.nodes)
        box = index
        while True:
            up = seen.parent[box]
            if (
                up <= 0
                or up <= before
                or seen.end[up] >= after
                or seen.tags[up] in ("body", "html", "table", "ul")
            ):
                break
            if number + 1 == len(links) and seen.end[up] - seen.end[box] > 12 and up <= links[0]:
                break
            box = up
        url = address_of(seen.nodes[index], base)
        if url and url == last:
            # A second link to the same page, beside the first.
            continue
        last = url or None
        found.append(_Entry(index, box, title, url, _date(seen, box, url)))
    return found


def _title(seen: Survey, index: int) -> str:
    node = seen.nodes[index]
    inner = seen.lines_in(index) if seen.end[index] > index + 1 else []
    if len(inner) > 1:
        # The whole card is a link: its heading is the title.
        heading = next((child for child in node.iter("h1", "h2", "h3", "h4", "h5")), None)
        text = (
            text_in(heading)
            if heading is not None
            else next((line.text for line in inner if len(line.text) > 6), "")
        )
    else:
        text = text_in(node)
    text = _DATE_BEHIND.sub("", text) or text
    text = (_DATE_BEFORE.sub("", text) or text).strip("·•・▪■◆●> ")
    whole = squeeze(node.get("title") or "")
    cut = text.rstrip(".…")
    if whole and (not text or (cut != text and whole.startswith(cut[:8]))):
        return whole
    return text


def _date(seen: Survey, box: int, url: str) -> str:
    """The entry's date: printed in it, else the day that its address names."""
    for line in seen.lines_in(box):
        if moment := first_moment(line.text):
            return "" if moment[:10] in PLACEHOLDERS else moment
    parts = [part for text in islice(seen.nodes[box].itertext(), MAX_PIECES) if (part := squeeze(str(text)))]
    if split := _split_date(parts):
        return split
    return from_address(url)


def _split_date(parts: list[str]) -> str:
    """A date printed in two pieces, day and then year and month: 15 / 2024-10, or 10-15 / 2024."""
    for first, second in pairwise(parts):
        for day, rest in ((first, second), (second, first)):
            if re.fullmatch(r"[0-3]?\d日?", day) and (
                found := re.fullmatch(r"((?:19|20)\d\d)[-/.年]\s?(\d{1,2})月?", rest)
            ):
                return first_moment(f"{found.group(1)}-{found.group(2)}-{day.rstrip('日')}")
            if re.fullmatch(r"(?:19|20)\d\d年?", rest) and re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}日?", day):
                return first_moment(f"{rest.rstrip('年')}-{day.replace('月', '-').rstrip('日')}")
    return ""


def _score(entries: list[_Entry]) -> float:
    if len(entries) < 2:
        return 0.0
    titles = [entry.title for entry in entries]
    printed = sum(1 for entry in entries if entry.date)
    average = sum(min(len(title), 40) for title in titles) / len(titles)
    if len(set(titles)) * 2 < len(titles) and average < 10:
        return 0.0  # the same short words again and again: 点击进入, 立即办理
    if printed * 2 < len(entries) and (average < 8 or len(entries) < 4):
        return 0.0
    return len(entries) * average * (4 if printed * 2 >= len(entries) else 1)


def _single(seen: Survey, groups: Iterable[list[int]], base: str) -> list[_Entry]:
    """A column with one entry: a link with a date right beside it."""
    for links in groups:
        if len(links) == 1 and seen.tags[seen.parent[links[0]]] in ("li", "td", "dd"):
            node = seen.parent[links[0]]
            title = _title(seen, links[0])
            lines = seen.lines_in(node)
            if len(title) >= 8 and any(
                MOMENT.search(line.text) and len(line.text) < len(title) + 24 for line in lines
            ):
                url = address_of(seen.nodes[links[0]], base)
                return [_Entry(links[0], node, title, url, _date(seen, node, url))]
    return []


def _with_kin(seen: Survey, best: list[_Entry], groups: Iterable[list[int]], base: str) -> list[_Entry]:
    """Entries of other looks in the same list (pinned ones, red ones) join it in document order."""
    parents = {seen.parent[entry.box] for entry in best}
    tags = {seen.tags[entry.box] for entry in best}
    looks = {name for entry in best if (name := seen.names[entry.link].strip())}
    known = {entry.link for entry in best}
    boxes = {entry.box for entry in best}
    kin: list[_Entry] = []
    for links in groups:
        for entry in _entries(seen, links, base):
            if (
                entry.link not in known and entry.box not in boxes and entry.date and best[0].date
                and seen.tags[entry.box] in tags
                # Broken tables put rows of one list into several elements; their class still tells.
                and (seen.parent[entry.box] in parents or seen.names[entry.link].strip() in looks)
            ):  # fmt: skip
                kin.append(entry)
                boxes.add(entry.box)
    return sorted([*best, *kin], key=lambda entry: entry.link) if kin else best
