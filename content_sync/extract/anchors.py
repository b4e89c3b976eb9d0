"""Links of an origin page: absolute addresses, addresses behind scripts, entries in pieces of markup."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from content_sync.extract.dates import first_moment, from_address
from content_sync.extract.dom import Element, squeeze, text_in
from content_sync.extract.page import Link

_CLICK = re.compile(
    r"""(?:location(?:\.href)?\s*=|window\.open\(|open\w*\()\s*['"]([^'"]{3,300})['"]|"""
    r"""\(\s*(?:this\s*,\s*)?['"]((?:https?:/)?/[^'"\s]{2,300}|[\w./-]{1,200}\.(?:s?html?|jhtml|jsp|aspx))['"]"""
)
"""Addresses in the script of a click: one that is set, or that is handed to a function of the page."""
EMPTY_WORDS = re.compile(
    r"^[\[【(（]?(?:更多|详情|查看(?:详情|更多|全部)?|more|阅读全文|全文|\[?详细\]?|点击查看|下载|"
    r"\d{1,4}|首页|尾页|末页|上一页|下一页|上页|下页|[<>«»]+)[\]】)）]?[>»]*$",
    re.IGNORECASE,
)
"""Words of links that are no title."""


def absolute(base: str, address: str) -> str:
    """An absolute http(s) address, "" where there is none."""
    try:
        joined = urljoin(base, address) if base else address
        return joined if urlsplit(joined).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def address_of(node: Element, base: str) -> str:
    """Where a link leads, through the script of its click where it has no address of its own."""
    href = (node.get("href") or "").strip()
    if not href or href.startswith("#") or href.lower().startswith("javascript"):
        found = _CLICK.search(node.get("onclick") or "") or _CLICK.search(href)
        href = (found.group(1) or found.group(2)) if found else ""
    return absolute(base, href) if href else ""


def links_of_markup(markup: str, base: str) -> list[Link]:
    """The entries of a piece of list markup, as dataproxy records carry it: one link each record."""
    try:
        root = html.fragment_fromstring(markup[:20_000], create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    found = []
    for node in root.iter("a"):
        title = squeeze(node.get("title") or "") or text_in(node)
        if len(title) >= 2 and not EMPTY_WORDS.match(title):
            url = address_of(node, base)
            found.append(Link(title=title, url=url, date=first_moment(text_in(root)) or from_address(url)))
            break
    return found
