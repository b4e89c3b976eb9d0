"""Which text is the title of a page.

The ArticleTitle meta tag is right wherever it is filled; then a CMS's own element, the index table's
标题, the visible heading that the `<title>` repeats, and at last the `<title>` without the site's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from content_sync.extract.dom import Survey, compact, text_in
from content_sync.extract.meta import Meta

_NAMED = re.compile(
    r"[ _-](?:\w*title\w*|\w*tit|tit\w*|bt\d?|biaoti\w*|headline\w*|\w*-bt|h1|xxbt|wzbt|subject)"
    r"[ _-]"
)
_NOT_NAMED = re.compile(
    r"subtitle|sub-title|list|nav|foot|menu|side|recommend|relat|hot|logo|small|box-title|"
    r"mod-title|tab"
)
_HEADINGS = {"h1": 4, "h2": 3, "h3": 2, "h4": 1, "ucaptitle": 8}
_SEPARATORS = re.compile(
    r"\s*[|｜_＿]+\s*|\s+[-–—－]+\s+|(?<=[\u4e00-\u9fff])[-–—－]{1,2}(?=[\u4e00-\u9fff])"
)
_PUNCTUATION = re.compile(r"[\W_]+")
_CRUMB = re.compile(r"位置\s?[:：是]|首\s?页\s?[>＞»/→-]")
_ARROWS = re.compile(r"[>＞»/→:：]|-+&gt;|--+|\s-\s")
_DATED = re.compile(
    r"(?:发布|发表|更新|发稿|添加|录入|上传)(?:时间|日期)\s?[:：]|(?:信息|文章|稿件)?来\s?源\s?[:：].*(?:19|20)\d\d|"
    r"(?:日期|时间)\s?[:：]\s?(?:19|20)\d\d"
)
"""The imprint line: what stands right above it is the title, whatever it looks like."""
_SITE = re.compile(
    r"(?:网|网站|政府|门户|频道|首页|平台|系统|公众信息网|委员会|局|厅|新闻中心|[dD]etail|文章页|"
    r"内容页|详细页?|详情|正文)$"
)


SURE = 3
"""Score above which a heading is believed against the `<title>`."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title and the number of the line that shows it, -1 where none does."""

    text: str
    line: int = -1


@lru_cache(maxsize=8_000)
def norm(text: str) -> str:
    """Text for comparison: letters, digits and characters only."""
    return _PUNCTUATION.sub("", text).lower()


def find_title(seen: Survey, meta: Meta, stated: str = "") -> Title:
    """The title of a page. `stated` is what its index table says, "" where it has none."""
    site = norm(meta.get("sitename"))
    given = meta.get("articletitle", "article_title")
    if not given or norm(given) in (site, norm(meta.get("columnname"))):
        given = stated or meta.get("og:title")
        if given and norm(given) not in norm(meta.title) and not stated:
            given = ""
    if given:
        return Title(given, _line_of(seen, given))
    # Where the `<title>` is empty, any heading is better than none.
    text, line = _heading(seen, meta, least=SURE if meta.title else 0)
    if text:
        return Title(text, line)
    fallback = without_site(meta.title, site)
    return Title(fallback, _line_of(seen, fallback))


def _line_of(seen: Survey, title: str) -> int:
    """The line that shows a title: the one alike that has the most heading about it."""
    wanted = norm(title)
    if len(wanted) < 2:
        return -1
    best, best_score = -1, -99
    for number, line in enumerate(seen.lines):
        if len(line.text) > len(title) + 40 or line.hidden:
            continue
        shown = norm(line.text)
        if not shown or not (
            shown == wanted or (len(shown) > 4 and wanted.startswith(shown)) or wanted in shown
        ):
            continue
        score = _look(seen, line.block) + (4 if shown == wanted else 0) - (3 if line.linked else 0)
        score -= number // 100 + (6 if line.table else 0)
        if score > best_score:
            best, best_score = number, score
    return best


def _look(seen: Survey, block: int) -> int:
    """How much an element looks like a title: by tag and by name, its parent's name included."""
    score = 0
    for step, index in enumerate(seen.path(block)[:3]):
        score = max(score, _HEADINGS.get(seen.tags[index], 0) - step)
        names = seen.names[index]
        if len(names) > 2 and _is_named(names):
            score = max(score, 3 - step)
    return score


@lru_cache(maxsize=20_000)
def _is_named(names: str) -> bool:
    return _NAMED.search(names) is not None and not _NOT_NAMED.search(names)


def _heading(seen: Survey, meta: Meta, least: int) -> tuple[str, int]:
    whole = norm(meta.title)
    site = norm(meta.get("sitename"))
    column = norm(meta.get("columnname"))
    best, best_line, best_score = "", -1, least
    tried: set[int] = set()
    crumbs = {
        part
        for line in seen.lines
        if len(line.text) < 200 and _CRUMB.search(line.text)
        for part in map(norm, _ARROWS.split(line.text))
    }
    for number, line in enumerate(seen.lines):
        if line.block in tried or line.hidden or len(line.text) > 160:
            continue
        tried.add(line.block)
        look = _look(seen, line.block)
        shown = norm(line.text)
        in_title = len(shown) >= 4 and shown in whole
        if line.linked > len(line.text) // 2:
            continue
        dated = not line.table and len(shown) >= 6 and _stands_above_imprint(seen, number)
        if not (look or in_title or dated):
            continue
        text = line.text
        if seen.chars[line.block] <= 160 and seen.end[line.block] - line.block < 12:
            # A heading broken over two lines is one title.
            text = text_in(seen.nodes[line.block]) if seen.tags[line.block] in _HEADINGS else text
            shown = norm(text)
            in_title = len(shown) >= 4 and shown in whole
        if len(shown) < 2 or shown in (site, column):
            continue
        score = look + (6 + min(len(shown), 30) // 5 if in_title else 0) - number // 60
        if any(
            follower.text[:40].find("20") >= 0 or "来源" in follower.text[:60]
            for follower in seen.lines[number + 1 : number + 4]
        ):
            score += 2
        score += 7 * dated
        if shown in crumbs:
            score -= 7
        if shown == whole and len(shown) < 14 and _SITE.search(text):
            score -= 10  # a template that has the office's name for a title
        if in_title and _SITE.search(text) and shown != whole and len(shown) < 12:
            score -= 6
        if score > best_score:
            best, best_line, best_score = text, number, score
    return best, best_line


def _stands_above_imprint(seen: Survey, number: int) -> bool:
    """Whether the line below says when the page was published and is itself no title."""
    if number + 1 >= len(seen.lines):
        return False
    below = seen.lines[number + 1]
    return len(below.text) < 200 and not below.table and _DATED.search(below.text) is not None


def without_site(title: str, site: str = "") -> str:
    """A `<title>` without the names of site and column that stand before or behind it."""
    parts = [part for part in _SEPARATORS.split(title) if part and norm(part) != site]
    if len(parts) < 2:
        return parts[0] if parts else title
    while len(parts) > 1 and _SITE.search(parts[-1]) and len(compact(parts[-1])) <= 24:
        parts.pop()
    if len(parts) == 1:
        return parts[0]
    first, longest = parts[0], max(parts, key=len)
    return longest if len(longest) > 2 * len(first) and len(first) < 8 else first
