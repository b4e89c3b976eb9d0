"""A first site file for a portal that nobody has described yet.

Pure: the home page and the candidate pages go in as they were extracted; columns with a section, a
kind and a confidence come out, and the text of a site file that a person then edits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html
from pypinyin import lazy_pinyin

from content_sync.extract.page import Extracted
from content_sync.identity import BadAddress, clean
from portal import dial
from portal.model import Kind, Section

MOST_CANDIDATES = 200
LONGEST_NAME = 12

LETTERS = "letters"
"""What the mirror does not take from a list: it is named in the file as a comment."""

WORDS: tuple[tuple[re.Pattern[str], str, Kind], ...] = (
    (re.compile(r"信箱|来信|信件|留言|咨询投诉|网上信访|我要写信"), LETTERS, Kind.ARTICLE),
    (re.compile(r"访谈|直播|发布会|嘉宾|在线交流"), Section.INTERVIEWS, Kind.INTERVIEW),
    (re.compile(r"机构(?:设置|职能|概况|名录)|部门(?:名录|导航)|政府(?:机构|部门)|单位名录|找单位"),
     Section.SERVICES, Kind.UNIT),
    (re.compile(r"便民(?:查询|电话|信息)|常用电话|生活服务"), Section.SERVICES, Kind.FACT),
    (re.compile(r"办事|办理|服务指南|便民服务|行政审批|政务服务|公共服务"), Section.SERVICES, Kind.MATTER),
    (re.compile(r"停水|停电|应急(?:提示|预警)|预警信息|紧急通知"), Section.NEWS, Kind.NOTICE),
    (re.compile(
        r"政策(?!解读)|文件|法规|规章|公报|规划|计划总结|预算|决算|财政|人事|招考|招标|采购|统计|公开(?!征)|建议提案|处罚|许可"
    ), Section.DISCLOSURE, Kind.DISCLOSURE),
    (re.compile(r"要闻|新闻|动态|公告|公示|通知|快讯|聚焦|播报|头条|解读|回应|视频|图片|媒体|县区|区县|街道|乡镇|征集|调查|专题"),
     Section.NEWS, Kind.ARTICLE),
)  # fmt: skip
"""Words of a column's name -> its section and the kind of its items; the first that fits."""

SYSTEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("JCMS", re.compile(r"/col/col\d+/|/art/\d{4}/\d+/\d+/art_|jpage/dataproxy")),
    ("TRS WCM", re.compile(r"/t\d{8}_\d+\.s?html?|TRS_Editor|createPageHTML\(")),
    ("VSB", re.compile(r"/?info/\d+/\d+\.htm|vsb_content|wbtreeid=")),
    ("UCAP", re.compile(r"ucap(?:title|content)|/[0-9a-f]{32}\.shtml", re.IGNORECASE)),
    ("WebPlus", re.compile(r"wp_article_list|/list1?\.htm|_upload/tpl/")),
    ("Epoint", re.compile(r"ewb-|/moreinfo\.html|EpointWeb", re.IGNORECASE)),
    ("Guangdong", re.compile(r"/content/post_\d+\.html|gkmlpt/")),
    ("EasySite", re.compile(r"eportal/|easysite", re.IGNORECASE)),
)
"""Content management systems by what their pages and addresses look like."""

NUMBERS = {Section.NEWS: 300, Section.SERVICES: 400, Section.DISCLOSURE: 500, Section.INTERVIEWS: 600}
NAMES = {
    Section.NEWS: "新闻中心",
    Section.SERVICES: "市民服务",
    Section.DISCLOSURE: "信息公开",
    Section.INTERVIEWS: "在线访谈",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link that may lead to a column."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column as proposed.

    section  one of the four, or LETTERS      confidence  0 to 1
    found    what was seen there              system      what its pages look like, ""
    """

    candidate: Candidate
    section: str
    kind: Kind
    confidence: float
    found: str
    system: str = ""


def candidates(markup: str, base: str, home_hosts: frozenset[str]) -> list[Candidate]:
    """Links of a home page that may be columns: short names, the portal's own hosts, each address once."""
    try:
        root = html.document_fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    found: dict[str, str] = {}
    for link in root.iter("a", "link"):
        name = " ".join((link.text_content() or link.get("title") or "").split())
        feed = (
            link.tag == "link"
            and "alternate" in (link.get("rel") or "")
            and "xml" in (link.get("type") or "")
        )
        if not feed and (link.tag == "link" or not 2 <= len(name) <= LONGEST_NAME or not _chinese(name)):
            continue
        try:
            url = clean(link.get("href") or "", base)
        except BadAddress:
            continue
        parts = urlsplit(url)
        if (parts.hostname or "") not in home_hosts or parts.path in ("", "/"):
            continue
        found.setdefault(url, name or "订阅")
    return [Candidate(name, url) for url, name in list(found.items())[:MOST_CANDIDATES]]


def promising(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates in the order in which they are worth a look: those whose name says what they are first."""
    return sorted(found, key=lambda candidate: section_of(candidate.name) is None)


def section_of(name: str) -> tuple[str, Kind] | None:
    """Section and kind of a column by its name, None where the name says nothing."""
    return next(((section, kind) for pattern, section, kind in WORDS if pattern.search(name)), None)


BY_SAMPLE: dict[str, tuple[str, Kind]] = {
    "service": (Section.SERVICES, Kind.MATTER),
    "unit": (Section.SERVICES, Kind.UNIT),
    "fact": (Section.SERVICES, Kind.FACT),
    "disclosure": (Section.DISCLOSURE, Kind.DISCLOSURE),
    "interview": (Section.INTERVIEWS, Kind.INTERVIEW),
    "letter": (LETTERS, Kind.ARTICLE),
    "article": (Section.NEWS, Kind.ARTICLE),
}
"""What one of its entries says of a column whose name says nothing."""


def judge(candidate: Candidate, page: Extracted, markup: str, sample: str = "") -> Proposal | None:
    """A candidate's page as a column; None where it is no list.

    sample  what extraction calls one of its entries, "" where none was looked at
    """
    named = section_of(candidate.name) or BY_SAMPLE.get(sample)
    linked = [item for item in page.items if item.url]
    if page.kind != "list" or not (linked or page.pages):
        return None
    section, kind = named or (Section.NEWS, Kind.ARTICLE)
    dated = sum(1 for item in linked if item.date)
    confidence = 0.3 + 0.3 * (named is not None) + 0.2 * (len(linked) >= 5)
    confidence += 0.2 * (
        dated / len(linked) if linked and kind not in (Kind.UNIT, Kind.MATTER) else bool(linked)
    )
    newest = max((item.date for item in linked), default="")
    found = (
        f"{len(linked)} entries"
        + (f" of {page.total}" if page.total else "")
        + (f", newest {newest}" if newest else "")
    )
    system = system_of([markup], [candidate.url, *(item.url for item in linked)])
    return Proposal(candidate, section, kind, round(confidence, 2), found, system)


def system_of(markups: Iterable[str], urls: Iterable[str]) -> str:
    """The content management system that most pages look like, "" where none."""
    texts = [*markups, *urls]
    counts = {name: sum(1 for text in texts if pattern.search(text)) for name, pattern in SYSTEMS}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def name_of(markup: str) -> str:
    """What a portal calls itself: SiteName, else the home page's title without what every title has."""
    try:
        root = html.document_fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "sitename" and (meta.get("content") or "").strip():
            return str(meta.get("content")).strip()
    title = " ".join((root.findtext(".//title") or "").split())
    parts = [
        part for part in re.split(r"[-_—|·\s]+", title) if part not in ("", "首页", "网站首页", "门户网站")
    ]
    return max(parts, key=len, default="")


def site_file(
    home: str,
    name: str,
    proposals: Sequence[Proposal],
    *,
    system: str,
    also: Mapping[str, Sequence[str]],
    private: bool = False,
) -> str:
    """The text of a site file. `also` names what else was found (sitemaps, feeds): address lists."""
    site_id = re.sub(
        r"[^a-z0-9-]", "-", (urlsplit(home).hostname or "portal").removeprefix("www.").split(".")[0].lower()
    )
    site_id = site_id if site_id[:1].isalpha() else f"city-{site_id}"
    lines = [
        "# A draft by `python -m content_sync probe`: read it, correct it, take out what is not wanted.",
        f"# Content management system: {system or 'not recognised, the general rules read it'}.",
        *(f"# {what}: {address}" for what, addresses in also.items() for address in addresses),
        *(
            f"# Letters are not mirrored from lists: {each.candidate.name} {each.candidate.url}"
            for each in proposals
            if each.section == LETTERS
        ),
        "",
        "[site]",
        f"id = {_quoted(site_id[:32])}",
        f"name = {_quoted(name[:40] or site_id)}",
        f"home = {_quoted(home)}",
        "",
        "[fetch]",
        'contact = ""                # your mail address: it stands in the User-Agent',
        *(["allow_private = true"] if private else []),
        "delay = 1.0",
        "concurrency = 2",
    ]
    ids: set[str] = set()
    for section in Section:
        own = sorted(
            (each for each in proposals if each.section == section), key=lambda each: -each.confidence
        )
        if own:
            lines += _section(section, own, ids)
    return "\n".join(lines) + "\n"


def _section(section: Section, own: Sequence[Proposal], ids: set[str]) -> list[str]:
    ids.add(section.value)
    lines = ["", "[[column]]", f'id = "{section.value}"', f'name = "{NAMES[section]}"']
    lines += [f'section = "{section.value}"', f'number = "{NUMBERS[section]}"']
    numbers = (
        str(number)
        for number in (
            *range(NUMBERS[section] + 10, NUMBERS[section] + 100, 10),
            *range(NUMBERS[section] + 1, NUMBERS[section] + 100),
        )
        if not dial.is_telephone(str(number))
    )
    given: set[str] = set()
    for each in own:
        number = next((number for number in numbers if number not in given), "")
        if not number:
            lines.append(f"# no number is left for {each.candidate.name} {each.candidate.url}")
            continue
        given.add(number)
        lines += [
            "",
            f"# confidence {each.confidence:.2f}{f', {each.system}' if each.system else ''}: {each.found}",
            "[[column]]",
            f'id = "{_id(each.candidate.name, ids)}"',
            f"name = {_quoted(each.candidate.name)}",
            f'section = "{section.value}"',
            f'parent = "{section.value}"',
            f'number = "{number}"',
            f'kind = "{each.kind.value}"',
            f"list = {_quoted(each.candidate.url)}",
        ]
    return lines


def _id(name: str, taken: set[str]) -> str:
    """An id from a column's name in pinyin, different from all before it."""
    plain = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name)).lower())[:24]
    plain = plain if plain[:1].isalpha() else f"c{plain}"
    found, turn = plain, 1
    while found in taken:
        turn += 1
        found = f"{plain}-{turn}"
    taken.add(found)
    return found


def _quoted(text: str) -> str:
    """A TOML string."""
    cleaned = "".join(each for each in text if each.isprintable())
    return '"' + cleaned.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _chinese(text: str) -> bool:
    return any("一" <= each <= "鿿" for each in text)
