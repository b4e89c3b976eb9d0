"""The line under a title: when a page was published and where it comes from.

Every date is kept under its label. Which one is the publication date:
1. the visible line near the title, where its label speaks of publishing;
2. the index table's 发布日期 (发文日期), then a visible date without a label;
3. the PubDate meta tag (wrong on one page of eight: it carries times of re-publication);
4. a visible 更新 date, then the index table's 生成日期 and 成文日期;
5. the day in the address.
A meta tag of the same day only adds its clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from content_sync.extract.dates import MOMENT, day_of, first_moment, from_address, moments
from content_sync.extract.dom import Line, Survey
from content_sync.extract.meta import Meta
from content_sync.extract.names import words
from portal.model import Field

_LABEL = re.compile(
    r"((?:[\u4e00-\u9fff]\s){1,5}[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,11})\s?([:：])?\s?[【\[(（]?\s?$"
)
_KINDS_OF_DATE = (
    ("成文", re.compile("成文|制发|签发|印发")),
    ("生成", re.compile("生成")),
    ("更新", re.compile("更新|修改|修订")),
    ("发布", re.compile("发布|发表|发稿|发文|上传|录入|添加|刊发|公布|刊登|公开|日期|时间")),
)
_OTHER_EVENT = re.compile(
    "截止|提交|来信|回复|答复|写信|受理|办结|开始|结束|生效|失效|废止|施行|实施|会议|活动|访谈|"
    "直播|有效|出生|考试|报名|拍摄|开标|留言"
)
_NOT_OURS = re.compile("今天|今日|现在|当前时间|版权|Copyright|备案|公网安备|您是第|总访问", re.IGNORECASE)
_IN_FORCE = re.compile(r"\s?(?:起|前|止|至|之前|以前|以后|施行|实施|执行|第|在|，)")
_COMPANIONS = re.compile(
    "来\\s?源|作\\s?者|浏览|点击|阅读|字\\s?体|字\\s?号|访问|编\\s?辑|稿源|出处|发布机构|分享|"
    "打印|信息员|供稿|审核|次数|大\\s?中\\s?小"
)
SOURCE = re.compile(
    r"(?:信息|文章|稿件|新闻|内容|资料|作品)?(?:来\s{0,4}源(?:于|自)?|稿\s{0,4}源|出\s{0,4}处|"
    r"供\s?稿(?:单位)?|发布机构|发布单位|发布部门|发布者)\s?[:：]\s?"
)
_STOP = re.compile(
    r"\s*(?:[|｜丨/\[【(（】\]]|&nbsp|\s(?:下载|保存|纠错|收听)|(?:发布|发表|更新|录入|上传|添加|刊发|"
    r"发稿|成文|生成)?(?:时\s*间|日\s*期)\s?[:：]?|作\s*者|(?:责任)?编\s*辑|责\s*编|浏\s*览|"
    r"点\s*击|阅\s*读|访\s*问|字\s*体|字\s*号|"
    r"审\s*核|分\s*享|打\s*印|人\s*气|次\s*数|收\s*藏|关\s*闭|信息员|撰\s*稿|摄\s*影|来源\s?[:：]|"
    r"我要|举\s?报|参与互动|评论|语音|朗读|保护视力|视力保护|背景色|[大中小]\s+[中小大]\s|(?:19|20)\d\d\s?[-年./])"
)
_PUBLISHER = re.compile(r"(?:网|报|社|局|委|办|厅|府|台|中心|部|院|会|处|科|街道|镇|乡|日报|客户端|公众号)$")
_EMPTY_SOURCE = re.compile(r"^[-—_.·\s:：、，]*$")


LONGEST = 260
"""Characters of a line that still may be the imprint."""
SIGNED = 20
"""Characters of running text above a bare date that make it a signature."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """published, source; `dates` every date found; `line` the number of the imprint line or -1."""

    published: str = ""
    source: str = ""
    dates: tuple[Field, ...] = ()
    line: int = -1


def find_line(seen: Survey, title_line: int, limit: int) -> int:
    """The number of the line that says when the page was published, -1 where none does.

    title_line  number of the title's line, -1 where it is not known    limit  lines to look at
    """
    best, best_score = -1, 0
    bare_dates = sum(
        1
        for line in seen.lines
        if 8 <= len(line.text) <= 18 and _has_year(line.text) and MOMENT.search(line.text)
    )
    prose = 0
    for number, line in enumerate(seen.lines[:limit]):
        prose = 0 if number <= title_line else prose + line.weight * (line.weight >= 20)
        if line.table or len(line.text) > LONGEST or not _has_year(line.text):
            continue
        # A label may stand in the line, or the cell, before the date's own.
        above = seen.lines[number - 1].text if number else ""
        score = _score(line, above, number, title_line, bare_dates, signed=prose >= SIGNED)
        if score > best_score:
            best, best_score = number, score
    return best


def _has_year(text: str) -> bool:
    return "20" in text or "19" in text


def _score(line: Line, above: str, number: int, title_line: int, bare_dates: int, *, signed: bool) -> int:
    """How much a line looks like the imprint; `signed`: running text stands between the title and it."""
    found = moments(line.text)
    if not found or line.linked * 2 > len(line.text) or _NOT_OURS.search(line.text):
        return 0
    begin, end, moment = found[0]
    before, rest = line.text[:begin], len(line.text) - (end - begin)
    label = label_of(before) or ("" if before.strip() or len(above) > 12 else label_of(above))
    kind = kind_of(label)
    companions = _COMPANIONS.search(line.text) is not None
    score = {"发布": 6, "更新": 4}.get(kind, 0)
    if (label and not kind and not companions) or _IN_FORCE.match(line.text[end:]):
        return 0
    if signed and not label and not companions and " " not in moment:
        return 0  # a bare day below the text is the day on which a document was signed
    score += 4 * companions + (1 if " " in moment else 0)
    if not label and rest <= 2:
        # A bare date: right below a title, else one entry of some list.
        score += 3 if bare_dates <= 3 else 1
    elif not label and not companions:
        if rest > 30:
            return 0
        score += 1
    if line.weight > 60 and not companions:
        score -= 6
    if title_line >= 0:
        distance = number - title_line
        if 0 <= distance <= 8:
            score += 6 - distance // 2
        elif distance < 0:
            score -= 5 if distance < -4 else 1
        elif distance > 25 and kind != "发布":
            score -= 4
    if line.hidden:
        score -= 3
    return score if score >= 3 else 0


def label_of(before: str) -> str:
    """The label right before a date: words with a colon, or words that speak of a date by themselves."""
    found = _LABEL.search(before[-24:])
    if not found:
        return ""
    label = "".join(found.group(1).split())
    return label if found.group(2) or kind_of(label) or _OTHER_EVENT.search(label) else ""


def kind_of(label: str) -> str:
    """发布, 成文, 生成 or 更新; "" where the label speaks of something else."""
    if not label or _OTHER_EVENT.search(label):
        return ""
    return next((kind for kind, pattern in _KINDS_OF_DATE if pattern.search(label)), "")


def read(seen: Survey, line: int, meta: Meta, fields: dict[str, str], url: str, markup: str) -> Imprint:
    """Judge the dates and the source of a page. `line` is what `find_line` gave, `markup` the page's text."""
    dates: dict[str, str] = {}
    visible = bare = updated = ""
    near = range(max(0, line - 2), min(len(seen.lines), line + 4)) if line >= 0 else range(0)
    for number in near:
        text = seen.lines[number].text
        if number != line and (len(text) > 120 or not _has_year(text)):
            continue
        for begin, _, moment in moments(text):
            label = label_of(text[:begin])
            kind = kind_of(label) or ("发布" if number == line and not label else "")
            if not kind and label:
                kind = label
            if not kind:
                continue
            dates.setdefault(kind, moment)
            if kind == "发布" and not label:
                bare = moment
            elif kind == "发布" and (not visible or number == line):
                visible = moment
            elif kind == "更新":
                updated = updated or moment
    table, made, generated = (
        _first_of(fields, names) for names in (_TABLE_PUBLISHED, _TABLE_MADE, _TABLE_GENERATED)
    )
    stated = first_moment(meta.get(*_META_DATES))
    shown = visible or table or bare
    for kind, moment in (("发布", shown or stated), ("成文", made), ("生成", generated)):
        if moment:
            dates.setdefault(kind, moment)
    if stated and stated[:10] != dates.get("发布", stated)[:10]:
        dates.setdefault("PubDate", stated)
    published = shown or stated or updated or generated or made
    published = published or _from_script(markup) or from_address(url) or _from_files(markup)
    published = _with_clock(published, (visible, table, bare, stated))
    return Imprint(
        published, _source(seen, line, meta, fields), tuple(Field(*pair) for pair in dates.items()), line
    )


def _first_of(fields: dict[str, str], names: tuple[str, ...]) -> str:
    return next((moment for name in names if (moment := first_moment(fields.get(name, "")))), "")


_TABLE_PUBLISHED = words(
    """
    发布日期 发布时间 发文日期 发文时间 公开日期 公开时间 提交时间 来信时间 写信时间 来信日期 提交日期
    写信日期 留言时间 咨询时间 咨询日期 诉求时间 提问时间 投诉时间
    """
)
_TABLE_MADE = words("成文日期 成文时间 印发日期 签发日期 行文日期")
_TABLE_GENERATED = ("生成日期", "生成时间")
_SCRIPT_DATE = re.compile(
    r"""\b(?:pub\w*|publish\w*|docrel\w*|docpub\w*|fb(?:sj|rq)\w*|release\w*)\s*[=:]\s*["']((?:19|"""
    r"""20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: \d{1,2}:\d{2})?)""",
    re.IGNORECASE,
)
_STORED = re.compile(r"\b[WP]0((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{9,15}\.\w{2,4}")
_META_DATES = (
    "pubdate",
    "publishdate",
    "article:published_time",
    "publishtime",
    "pubtime",
    "og:release_date",
    "releasedate",
    "others",
)


def _from_script(markup: str) -> str:
    """The date that a page's own script prints: `var pubdate = '2017年08月11日'`."""
    found = _SCRIPT_DATE.search(markup)
    return first_moment(found.group(1)) if found else ""


def _from_files(markup: str) -> str:
    """The day on which TRS stored the files of a page (W020250302368292160187.doc), where all agree."""
    days = {f"{year}-{month}-{day}" for year, month, day in _STORED.findall(markup)}
    return first_moment(days.pop()) if len(days) == 1 else ""


def _with_clock(published: str, others: tuple[str, ...]) -> str:
    """The same day with a clock, where another statement of the day has one."""
    if len(published) == 10:
        longer = (moment for moment in others if day_of(moment) == published and len(moment) > 10)
        return next((moment for moment in longer if not moment.endswith(" 00:00")), published)
    return published


def _source(seen: Survey, line: int, meta: Meta, fields: dict[str, str]) -> str:
    near = range(max(0, line - 4), min(len(seen.lines), line + 6)) if line >= 0 else range(0)
    for number in sorted(near, key=lambda number: abs(number - line)):
        text = seen.lines[number].text
        if len(text) > LONGEST or seen.lines[number].weight > 150:
            continue
        if (found := SOURCE.search(text)) is None:
            if number == line and (bare := _bare_source(text)):
                return bare
            continue
        value = cut_source(text[found.end() :])
        if value:
            return value
        if found.end() >= len(text) - 1 and number + 1 < len(seen.lines):
            follower = seen.lines[number + 1].text
            if (
                len(follower) <= 40
                and ":" not in follower
                and "：" not in follower
                and not MOMENT.search(follower)
            ):
                return follower
    stated = meta.get("contentsource", "source", "mediaid", "article:author") or fields.get("信息来源", "")
    return stated or _closing_source(seen)


def _closing_source(seen: Survey) -> str:
    """A source that a line of its own names below the body: 来源：青澜日报 责任编辑：…"""
    for line in reversed(seen.lines):
        if len(line.text) <= 80 and not line.linked and (found := SOURCE.match(line.text)):
            return cut_source(line.text[found.end() :])
    return ""


def _bare_source(text: str) -> str:
    """A source that stands beside the date without a label: 2025-03-02 09:30 青澜日报."""
    rest = MOMENT.sub(" ", text).strip(" |｜/·[]【】()（）-")
    if _is_publisher(rest):
        return rest
    # Beside the date, before what else the line says: 2025-03-02 09:30 市住建局 点击：12 次.
    if found := MOMENT.search(text):
        beside = text[found.end() :].strip(" |｜/·[]【】()（）-").split(" ")[0]
        return beside if _is_publisher(beside) else ""
    return ""


def _is_publisher(text: str) -> bool:
    return (
        2 <= len(text) <= 20
        and _PUBLISHER.search(text) is not None
        and not _COMPANIONS.search(text)
        and ":" not in text
        and "：" not in text
    )


def cut_source(text: str) -> str:
    """A source without what follows it in its line."""
    text = text.strip()
    stop = next(
        (
            found
            for found in _STOP.finditer(text)
            if found.start() > 0 or not text[: found.end()].startswith(("(", "（"))
        ),
        None,
    )
    value = (text[: stop.start()] if stop else text).strip(" ,，;；|：:·")
    # A bracket that belongs to the name stays: 文化和旅游局（原文广新局）.
    if (
        stop
        and text[stop.start() :].lstrip()[:1] in "(（"
        and (bracket := re.match(r"^[^(（]*[(（][^()（）]{1,20}[)）]", text))
    ):
        inner = bracket.group()
        if not _COMPANIONS.search(inner) and not MOMENT.search(inner):
            value = inner.strip()
    if _EMPTY_SOURCE.match(value) or len(value) > 60:
        return ""
    return value
