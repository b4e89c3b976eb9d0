"""Which element holds the body of a page.

Candidates come from the CMS table, from comments that mark the body, and from the text: the element
right above the running text, widened while what it gains is running text too. Lines before the
title and lines of the page's foot do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from content_sync.extract import cms
from content_sync.extract.dom import Survey

FOOT = re.compile(
    r"版权所有|^主办(?:单位)?\s?[:：]|^承办(?:单位)?\s?[:：]|ICP备|公网安备|网站标识码|"
    r"网站地图\s*[|｜]|Copyright\s*(?:©|\(c\)|&copy|19|20)|建议使用.{0,12}(?:分辨率|浏览器)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?<!\S)(?:foot[\w-]*|[\w-]*footer|nav[\w-]*|menu[\w-]*|side[\w-]*|aside|crumbs?|"
    r"breadcrumb[\w-]*|comment[\w-]*|pinglun[\w-]*|relat[\w-]*|xgxw[\w-]*|xgwz[\w-]*|"
    r"recommend[\w-]*|hot[\w-]*|share[\w-]*|bdshare[\w-]*|links?|friend[\w-]*|copyright[\w-]*|"
    r"toolbar|login[\w-]*|search[\w-]*|weather|top-?nav|header|position|location|dqwz|"
    r"pager|paging|pagination)(?!\S)"
)
_INLINE = frozenset(("tr", "tbody", "ul", "ol", "span", "a", "font", "b", "strong"))
FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|et|pptx?|ofd)(?![\w.])", re.IGNORECASE)
LEAST = 8
"""Running text of a page that has any, in characters."""
_NEAR = re.compile(
    r"[ _-](?:\w*content\w*|article\w*|\w*zoom\w*|news_?text|text|zw\w*|zhengwen|detail\w*|body|"
    r"main-?text|nr|wz\w*|con|\w*_con|view\w*|xl\w*|editor|info\w*)[ _-]"
)


@dataclass(frozen=True, slots=True)
class Region:
    """The element that holds the body. `how` says what found it: a system's name, or "text".

    alone   neither the title nor the imprint line stands inside
    """

    index: int
    how: str
    alone: bool = True


def find_body(seen: Survey, title_line: int, imprint_line: int) -> Region | None:
    """The body's element, None where the page has no running text and no known body.

    The lines are those of the title and of the imprint, -1 where the page has none. The body follows the
    imprint, unless running text stands between the two: galleries print the date below the text.
    """
    after_line = max(title_line, imprint_line)
    if 0 <= title_line < imprint_line:
        between = sum(line.weight for line in seen.lines[title_line + 1 : imprint_line] if line.weight >= 30)
        if imprint_line > title_line + 12 or between >= 40:
            after_line = title_line
    start = seen.lines[after_line].at if 0 <= after_line < len(seen.lines) else -1
    weight, own = _weights(seen, after_line)
    text = _by_text(seen, weight, own, start)
    named = _by_name(seen, weight, start)
    if named is None:
        return text or _by_files(seen, start)
    if text is None:
        return named
    if named.index == text.index:
        return named
    inside_named, inside_text = weight[named.index], weight[text.index]
    # A known body that a redesign left empty, or that only frames the page, does not win.
    if inside_named * 2 >= inside_text:
        return named
    if inside_text < 80 and named.alone and (inside_named > 0 or seen.chars[named.index] > 0):
        return named
    if not text.alone and named.alone and seen.chars[named.index] > 40:
        return named
    return text


def _weights(seen: Survey, after_line: int) -> tuple[list[int], list[int]]:
    """Running text below the page's head and above its foot: (all inside an element, its own lines)."""
    count = len(seen.nodes)
    total, own = [0] * count, [0] * count
    last = len(seen.lines)
    for number in range(max(after_line + 1, len(seen.lines) // 3), len(seen.lines)):
        line = seen.lines[number]
        if FOOT.search(line.text) and len(line.text) < 200:
            last = number
            break
    for number in range(after_line + 1, last):
        line = seen.lines[number]
        if line.weight:
            own[line.block] += line.weight
    away = [False] * count
    parent = seen.parent
    for index, names in enumerate(seen.names):
        up = parent[index]
        if (up >= 0 and away[up]) or (len(names) > 2 and _is_away(names)):
            away[index] = True
            own[index] = 0
        else:
            total[index] = own[index]
    for index in range(count - 1, 0, -1):
        if (here := total[index]) and (up := parent[index]) >= 0:
            total[up] += here
    return total, own


@lru_cache(maxsize=20_000)
def _is_away(names: str) -> bool:
    return _AWAY.search(names) is not None and not _body_like(names)


@lru_cache(maxsize=20_000)
def _body_like(names: str) -> bool:
    return _NEAR.search(names) is not None


def _by_name(seen: Survey, weight: list[int], start: int) -> Region | None:
    best: tuple[int, int, int] | None = None
    how = ""
    begun = {up for up, comment in seen.marks if cms.BODY_BEGINS.search(comment)}
    tags = seen.tags
    for index, names in enumerate(seen.names):
        tag = tags[index]
        if len(names) <= 2 and tag not in cms.BODY_TAGS and index not in begun:
            continue
        if not tag or tag in ("body", "html", "a", "li"):
            continue
        system = cms.BODY_TAGS.get(tag, "") or (cms.body_name(names) if len(names) > 2 else "")
        if not system and index in begun and tag != "body":
            system = "comment"
        if not system or seen.hidden[index] or _has_head(seen, index, start):
            continue
        if seen.end[index] < start:
            continue
        filled = weight[index] + (1 if seen.chars[index] else 0)
        rank = (filled if system != "comment" else filled * 9 // 10, -index, index)
        # Of two nested ones the inner wins while it holds nearly all.
        if (
            best is None
            or rank[0] > best[0] * (1.1 if seen.inside(best[2], index) else 1)
            or (seen.inside(index, best[2]) and rank[0] * 10 >= best[0] * 9 and rank[0] > 0)
        ):
            best, how = rank, system
    return Region(best[2], how) if best else None


def _has_head(seen: Survey, index: int, start: int) -> bool:
    """Whether the page's imprint or title stands in this element: then it frames more than the body."""
    return start >= 0 and seen.inside(start, index)


def _by_text(seen: Survey, weight: list[int], own: list[int], start: int) -> Region | None:
    score = [0.0] * len(own)
    for index, here in enumerate(own):
        if not here:
            continue
        # A line's block passes its weight up: whole to its parent, less to those above.
        share = 1.0
        path = seen.path(index)
        if here >= 200 or seen.tags[index] in ("div", "td", "article", "section"):
            score[index] += here
        for above in path[1:4]:
            score[above] += here * share
            share /= 2
    best, best_score = -1, 0.0
    for index, passed_up in enumerate(score):
        if not passed_up:
            continue
        judged = passed_up * (0.6 if seen.tags[index] in _INLINE else 1)
        judged *= (1.25 if _body_like(seen.names[index]) else 1) * (
            0.5 if _has_head(seen, index, start) else 1
        )
        if judged > best_score:
            best, best_score = index, judged
    if best < 0 or weight[best] < LEAST:
        return None
    top = _widen(seen, weight, best, start)
    return Region(top, "text", not _has_head(seen, top, start))


def _by_files(seen: Survey, start: int) -> Region | None:
    """The element around the files of a page that has nothing else: a form to download, a list of annexes."""
    files = [
        index
        for index, tag in enumerate(seen.tags)
        if tag == "a"
        and index > start
        and FILE.search(f"{seen.nodes[index].get('href')} {seen.nodes[index].get('title')}")
    ]
    if not files:
        return None
    top = seen.parent[files[0]]
    while not seen.inside(files[-1], top) and not _has_head(seen, seen.parent[top], start):
        top = seen.parent[top]
    return Region(top, "files", not _has_head(seen, top, start))


def _widen(seen: Survey, weight: list[int], index: int, start: int) -> int:
    """Go up while the text gained is running text and not links, and the page's head stays outside."""
    top = cur = index
    while (up := seen.parent[cur]) > 0:
        gained = weight[up] - weight[top]
        links = seen.linked[up] - seen.linked[top]
        if _has_head(seen, up, start) and not _has_head(seen, top, start):
            # A flat page: what stands beside the best part, below the same head, is body as well.
            return up if gained > max(20, weight[top] // 5) and links <= gained * 0.35 else top
        if seen.tags[up] in ("body", "html"):
            break
        if links > max(40, gained):
            break
        if gained > max(12, weight[top] // 50) and links <= max(10, gained * 0.35):
            top = up
        cur = up
    return top
