"""The on-air gate: what may not reach every living room before a person has seen it.

Pure: the page's text, its item and what is familiar of the portal go in; a reason to hold the item,
or "", comes out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from content_sync.records import Familiar
from portal.model import AnyItem, Attachment, Paragraph

SPAM_WORDS = (
    "百家乐", "时时彩", "六合彩", "北京赛车", "幸运飞艇", "老虎机", "真人娱乐", "真人荷官",
    "棋牌游戏下载", "澳门赌场", "网上赌场", "博彩网", "娱乐城", "体育投注", "买球网", "彩票平台",
    "注册送彩金", "首存", "返水", "稳赚不赔", "彩金", "成人电影", "成人视频", "色情",
    "裸聊", "一夜情", "约炮", "无码", "三级片", "上门服务", "同城交友", "代开发票",
    "办证刻章", "高仿手表", "私服发布网", "外挂下载", "提升排名", "黑帽", "贷款秒批", "黑户贷款",
    "无抵押秒下款",
)  # fmt: skip
"""Words of gambling, porn and fraud as injected pages use them."""

MANY_WORDS = 3
"""Different words of the table before an item is held: police notices name one or two of them."""

_STYLED = re.compile(
    r"<(?P<tag>div|span|p|ul|marquee|font|section)\b[^>]{0,300}?(?P<inside>style\b[^>]{0,700})", re.IGNORECASE
)
"""What follows the first `style` goes along to the end of the tag, so that tags which are never closed are
looked at once."""
_HIDDEN = re.compile(
    r"""style\s*=\s*["'][^"'>]{0,300}?"""
    r"(?:(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}|font-size\s*:\s*0|opacity\s*:\s*0\s*[;\"']|"
    r"height\s*:\s*[01](?:px)?\s*[;\"'].{0,100}?overflow\s*:\s*hidden|"
    r"overflow\s*:\s*hidden[^\"'>]{0,80}?height\s*:\s*[01](?:px)?\s*[;\"']|"
    r"display\s*:\s*none|visibility\s*:\s*hidden)",
    re.IGNORECASE | re.DOTALL,
)
_HREF = re.compile(r"""<a\b[^>]{0,300}?href\s*=\s*["']?\s*(https?://[^\s"'>]{3,300})""", re.IGNORECASE)
_META = re.compile(
    r"""<meta\b[^>]{0,200}?name\s*=\s*["']?(SiteName|SiteIDCode)["']?[^>]{0,200}?content\s*=\s*["']([^"'>]{0,200})""",
    re.IGNORECASE,
)
_TAGS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]{0,2000}+>", re.IGNORECASE | re.DOTALL)
HIDDEN_REACH = 3_000
"""Characters behind a hidden element's start that are taken for its content."""
LONGEST_LOOK = 1_000_000
TRUSTED = (".gov.cn", ".edu.cn", ".mil.cn")
PLACEHOLDERS = ("", "网站名称", "网站标识码")
"""What templates leave in a site's own name."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gate sees in a page: why to hold it, and what a release teaches."""

    reason: str
    hosts: tuple[str, ...]
    identity: dict[str, str]


def look(
    markup: str, item: AnyItem, url: str, own_hosts: frozenset[str], familiar: Familiar, learning: bool
) -> Seen:
    """Look at one page.

    markup     the page's text              own_hosts  hosts that are the portal itself
    learning   nothing was published yet: unknown hosts are the portal's habit, not an intrusion
    """
    markup = markup[:LONGEST_LOOK]
    hosts = tuple(sorted(_hosts(item) - own_hosts))
    identity = _identity(markup, url)
    reasons = [
        _spam(markup, item),
        _hidden(markup, own_hosts | familiar.hosts),
        "" if learning else _strange(hosts, familiar),
        _renamed(identity, familiar),
    ]
    return Seen("; ".join(reason for reason in reasons if reason), hosts, identity)


def _spam(markup: str, item: AnyItem) -> str:
    text = item.title + _TAGS.sub(" ", markup)
    found = [word for word in SPAM_WORDS if word in text]
    if any(word in item.title for word in found) and len(found) > 1:
        return f"words of injected advertising in the title: {', '.join(found[:5])}"
    if len(found) >= MANY_WORDS:
        return f"words of injected advertising: {', '.join(found[:5])}"
    return ""


def _hidden(markup: str, known: frozenset[str]) -> str:
    for match in _STYLED.finditer(markup):
        if _HIDDEN.search(match["inside"]) is None:
            continue
        inside = markup[match.end() : match.end() + HIDDEN_REACH]
        end = re.search(rf"</{match['tag']}\s*>", inside, re.IGNORECASE)
        if end is not None:
            inside = inside[: end.start()]
        strange = sorted({_host(link) for link in _HREF.findall(inside)} - known)
        strange = [host for host in strange if not _trusted(host)]
        if strange:
            return f"hidden text links to {', '.join(strange[:3])}"
    return ""


def _strange(hosts: tuple[str, ...], familiar: Familiar) -> str:
    new = [host for host in hosts if host not in familiar.hosts and not _trusted(host)]
    return f"it links to hosts never seen before: {', '.join(new[:5])}" if new else ""


def _renamed(identity: dict[str, str], familiar: Familiar) -> str:
    for host, said in identity.items():
        known = familiar.identity.get(host, said)
        if known != said:
            return f"{host} called itself '{known}' and now calls itself '{said}'"
    return ""


def _identity(markup: str, url: str) -> dict[str, str]:
    """What the page's host calls itself: SiteName and SiteIDCode of the standard meta tags."""
    said = {name.lower(): value.strip() for name, value in _META.findall(markup[:20_000])}
    parts = [said.get("sitename", ""), said.get("siteidcode", "")]
    parts = ["" if part in PLACEHOLDERS else part for part in parts]
    return {_host(url): " ".join(part for part in parts if part)} if any(parts) else {}


def _hosts(item: AnyItem) -> set[str]:
    links = [block.href for block in item.blocks if isinstance(block, Attachment)]
    links += [
        run.href for block in item.blocks if isinstance(block, Paragraph) for run in block.runs if run.href
    ]
    return {host for link in links if (host := _host(link))}


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").lower()
    except ValueError:
        return ""


def _trusted(host: str) -> bool:
    return host.endswith(TRUSTED) or not host
