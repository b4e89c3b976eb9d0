"""The other pages of a list, from newest to oldest, in the pager of any CMS.

TRS      createPageHTML(4, 0, "index", "html"): index.html, index_1.html ...
others   Pager({size: 4, prefix: "index"})
links    numbered links: what page 2 and page 3 differ in says how the rest is called; 博达 VSB counts
         down (the newest is the column's own page, then 11.htm, 10.htm ... 1.htm)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from urllib.parse import urlsplit

from content_sync.extract.anchors import absolute, address_of
from content_sync.extract.dom import Survey, text_in

MAX_PAGES = 2000
NEAR = 40
"""Elements between the first and the last link of one pager."""
_TRS = re.compile(
    r"""createPage\w*\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]?(\d{1,5}|[a-zA-Z]\w{0,30})['"]?\s*,\s*['"]?(\d{1,5}|[a-zA-Z]\w{0,30})"""
    r"""['"]?\s*,\s*['"]([\w./-]{1,80})['"]\s*,\s*['"]\.?(\w{2,6})['"]"""
)
_PAGER = re.compile(
    r"""Pager\(\s*\{[^{}]{0,200}?size\s*:\s*['"]?(\d{1,5})"""
    r"""[^{}]{0,200}?prefix\s*:\s*['"]([\w./-]{1,80})['"][^{}]{0,200}?suffix\s*:\s*['"](\w{2,6})['"]"""
)
_SELECT = re.compile(
    r"<select\b[^<>]{0,300}\bonchange\s*=[^<>]{0,200}(?:location|href|open)[^<>]{0,200}>", re.IGNORECASE
)
_OPTION = re.compile(
    r"""<option\b[^<>]{0,80}?\bvalue\s*=\s*["']?([^"'<>\s]{1,300})["']?[^<>]{0,80}>([^<>]{1,20})""",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"\s*第?\s*\d{1,4}\s*页?\s*$")
MOST_CHOICES = 5
MOST_OPTIONS = 200_000
"""Drop-downs that are looked at, and characters in which the options of each are."""
_TOTAL = re.compile(
    r"(?:共|总计|总共|合计)\s*(?:有)?\s*(\d{1,7})\s*(?:条|个|篇|记录|项|笔)|(?:总记录数?|记录总数)"
    r"\s*[:：]?\s*(\d{1,7})"
)
_PAGES = re.compile(
    r"(?:共|总)\s*(\d{1,5})\s*页|(?:当前|页次)?\s?第?\s*\d{1,5}\s?[/／]\s?(\d{1,5})\s*页?|"
    r"总页数\s*[:：]?\s*(\d{1,5})"
)
_NEXT = re.compile(r"^(?:下一?页|后一?页|next|>|»|>>)$", re.IGNORECASE)
_FIRST = re.compile(r"^(?:首页|第一页|first|<<|\|<<)$", re.IGNORECASE)
_LAST = re.compile(r"^(?:尾页|末页|最后一?页|last|>>\||»»)$", re.IGNORECASE)


def total_of(seen: Survey) -> int:
    """How many entries the list says it has in all, 0 where it does not say."""
    for line in reversed(seen.lines):
        if len(line.text) < 200 and (found := _TOTAL.search(line.text)):
            return int(found.group(1) or found.group(2))
    return 0


def page_count(seen: Survey) -> int:
    """How many pages the list says it has, 0 where it does not say."""
    for line in reversed(seen.lines):
        if len(line.text) < 200 and (found := _PAGES.search(line.text)) and re.search("页", line.text):
            return int(found.group(1) or found.group(2) or found.group(3))
    return 0


def other_pages(seen: Survey, base: str, markup: str) -> tuple[str, ...]:
    """Addresses of the list's other pages; () where it has one page or a script turns them."""
    return _by_script(base, markup) or _by_links(seen, base)


def _by_script(base: str, markup: str) -> tuple[str, ...]:
    if found := _TRS.search(markup):
        count, here = (_number(value, markup) for value in (found[1], found[2]))
        name, ending = found[3], found[4]
    elif found := _PAGER.search(markup):
        count, here, name, ending = int(found[1]), 0, found[2], found[3]
    else:
        return _by_options(base, markup)
    names = [f"{name}.{ending}", *(f"{name}_{page}.{ending}" for page in range(1, min(count, MAX_PAGES)))]
    return tuple(url for page, name in enumerate(names) if page != here and (url := absolute(base, name)))


def _number(value: str, markup: str) -> int:
    """A number of a call, or that of the variable which stands in its place; 0 where it has none."""
    if value.isdigit():
        return int(value)
    found = re.search(rf"\b{value}\s*=\s*['\"]?(\d{{1,5}})\b", markup)
    return int(found[1]) if found else 0


def _by_options(base: str, markup: str) -> tuple[str, ...]:
    """A drop-down of page numbers whose values are the pages' addresses."""
    for choice in islice(_SELECT.finditer(markup), MOST_CHOICES):
        options = _OPTION.findall(markup, choice.end(), choice.end() + MOST_OPTIONS)
        pages = [absolute(base, value) for value, text in options if _PAGE_NUMBER.match(text)]
        if len(pages) >= 2:
            return tuple(dict.fromkeys(url for url in pages[:MAX_PAGES] if url and url != base))
    return ()


@dataclass(slots=True)
class _Pager:
    """The links of a pager: by number, and by what they say; `at` is the element of the last of these."""

    numbered: dict[int, str] = field(default_factory=dict)
    following: str = ""
    last: str = ""
    firsts: list[tuple[int, str]] = field(default_factory=list)
    at: int = -1

    def take(self, index: int, text: str, title: str, href: str) -> None:
        """Take one link of the page, if it belongs to a pager."""
        if text.isdecimal() and len(text) <= 4 and int(text) >= 1:
            self.numbered.setdefault(int(text), href)
        elif _NEXT.match(text) or _NEXT.match(title):
            self.following, self.at = self.following or href, index
        elif _LAST.match(text):
            self.last, self.at = self.last or href, index
        elif _FIRST.match(text):
            # The site's own home is called so as well: only what stands beside the pager counts.
            self.firsts.append((index, href))

    @property
    def first(self) -> str:
        """The link to the list's first page, "" where the pager has none."""
        return next((href for index, href in self.firsts if 0 < self.at - index <= NEAR), "")


def _by_links(seen: Survey, base: str) -> tuple[str, ...]:
    pager = _Pager()
    host = urlsplit(base).netloc
    for index, tag in enumerate(seen.tags):
        if tag != "a" or seen.chars[index] > 12:
            continue
        node = seen.nodes[index]
        href = address_of(node, base)
        if href and href != base and urlsplit(href).netloc == host:
            pager.take(index, text_in(node).strip("[]【】()（） "), node.get("title") or "", href)
    numbered = pager.numbered
    if not numbered and not pager.following:
        return ()
    if pager.following and not {1, 2} & numbered.keys():
        numbered[2] = pager.following
    if 1 not in numbered and pager.first:
        numbered[1] = pager.first
    stated = page_count(seen) or _count_by_last(numbered, pager.last)
    count = min(max([stated, *numbered]), MAX_PAGES)
    if (template := _template(numbered, pager.last, count)) is not None:
        front, sign, offset, back = template
        for page in range(2, count + 1):
            if (number := sign * page + offset) > 0:
                numbered.setdefault(page, f"{front}{number}{back}")
    ordered = [numbered[page] for page in sorted(numbered)]
    return tuple(dict.fromkeys(url for url in [*ordered, pager.last] if url and url != base))


def _count_by_last(numbered: dict[int, str], last: str) -> int:
    """How many pages there are, by the address of the last one; 0 where it says nothing."""
    second = numbered.get(2, "")
    if not last or not second or (found := _difference(second, last)) is None:
        return 0
    _, here, end, _ = found
    # 博达 VSB counts down to page 1, all others count up; a count in between is no page number.
    return end - here + 2 if end > here else here - end + 2 if end == 1 else 0


def _template(numbered: dict[int, str], last: str, count: int) -> tuple[str, int, int, str] | None:
    """(before, +1 or -1, offset, after) so that page n is `before + (sign * n + offset) + after`."""
    if len(numbered) == 1 and 2 in numbered and not last and count > 2:
        return _by_second(numbered[2], count)
    known = [(page, url) for page, url in sorted(numbered.items()) if page > 1]
    if last and count > 1 and all(page != count for page, _ in known):
        known.append((count, last))
    for (first, one), (second, two) in pairwise(known):
        if (found := _difference(one, two)) is None:
            continue
        front, low, high, back = found
        if high - low == second - first:
            return front, 1, low - first, back
        if low - high == second - first:
            return front, -1, low + first, back
    return None


def _by_second(url: str, count: int) -> tuple[str, int, int, str] | None:
    """The same from the address of page 2 alone: its last number is 2, 1 where the system counts from 0, or
    one less than there are pages where it counts down."""
    parts = re.split(r"(\d+)", url)
    if len(parts) < 3:
        return None
    front, number, back = "".join(parts[:-2]), int(parts[-2][:9]), parts[-1]
    if number in (1, 2):
        return front, 1, number - 2, back
    return (front, -1, count + 1, back) if number == count - 1 else None


def _difference(one: str, two: str) -> tuple[str, int, int, str] | None:
    """Where two addresses differ by one number: (before, number in one, number in two, after)."""
    first, second = re.split(r"(\d+)", one), re.split(r"(\d+)", two)
    if len(first) != len(second):
        return None
    unlike = [at for at, (left, right) in enumerate(zip(first, second, strict=True)) if left != right]
    if len(unlike) != 1 or not unlike[0] % 2:
        return None
    at = unlike[0]
    return "".join(first[:at]), int(first[at]), int(second[at]), "".join(first[at + 1 :])
