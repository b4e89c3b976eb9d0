"""Is this a page? Judging what the origin sent before anything of it is believed.

Everything here is pure. A verdict other than GOOD keeps what stands: the reason goes into the
report, and the address is asked again later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from content_sync.charset import decode
from content_sync.extract.page import Extracted
from portal.model import Kind


class Judgement(StrEnum):
    """What an answer is; ABSENT: it says with status 200 that there is no such page (a soft 404)."""

    GOOD = "good"
    GONE = "gone"
    ABSENT = "absent"
    QUARANTINED = "quarantined"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement and its reason, a sentence for the report ("" where all is well)."""

    judgement: Judgement
    reason: str = ""

    @property
    def good(self) -> bool:
        """Whether the page may go on."""
        return self.judgement is Judgement.GOOD


GOOD = Verdict(Judgement.GOOD)

BLOCK_STATUSES = frozenset((401, 402, 403, 406, 412, 418, 421, 429, 451, 493, 521))
"""Statuses with which walls, not pages, answer."""

SHORT_PAGE = 300
"""Characters: below this a phrase makes the page; above it an article may well speak of captchas."""

_NOT_FOUND = re.compile(
    r"页面不存在|網頁不存在|网页不存在|页面未找到|页面找不到|找不到(?:您|你)?(?:所|要)?(?:请求|访问|查找)?的?(?:页面|网页|文件|资源)|"
    r"(?:访问|请求|查看|浏览)的(?:页面|网页|内容|文章|信息|文件)(?:已)?(?:不存在|被删除|已删除|未找到|找不到|丢失)|"
    r"(?:文章|信息|内容|页面|稿件)(?:已被删除|已删除|不存在|已下线|已撤稿)|无法找到该页|404\s*(?:错误|页面|not\s*found|-|—)|"
    r"\bpage (?:was )?not found\b|\b404\b.{0,20}\bnot found\b|\bnot found\b.{0,20}\b404\b",
    re.IGNORECASE,
)
_NOT_FOUND_TITLE = re.compile(
    r"^\W*(?:404\b.*|.{0,12}(?:页面|网页)(?:不存在|未找到|找不到|丢失).{0,12}|(?:出错|错误)(?:了|页面|提示).{0,6}|"
    r"(?:page )?not found.{0,20})$",
    re.IGNORECASE,
)
_NOT_FOUND_PATH = re.compile(r"/(?:404|error|notfound|not_found|page404)(?:\.\w{2,5})?/?$", re.IGNORECASE)
_WALL = re.compile(
    r"访问(?:过于)?频繁|请求(?:过于)?频繁|安全验证|人机验证|滑动验证|拖动滑块|请输入验证码|验证码.{0,8}(?:继续|访问)|"
    r"(?:您|你)的(?:访问|请求|ip|IP).{0,16}(?:被(?:拦截|阻断|禁止|拒绝|阻止)|存在(?:风险|威胁|异常))|"
    r"(?:拦截|防护)(?:提示|页面|系统)|网站防火墙|(?:创宇盾|安全狗|云锁|加速乐|云防线)|"
    r"\baccess denied\b|\brequest (?:was )?(?:blocked|rejected)\b|\bcaptcha\b|checking your browser|"
    r"\bweb application firewall\b|enable (?:javascript and )?cookies",
    re.IGNORECASE,
)
_COOKIE_WALL = re.compile(
    rb"document\.cookie\s*=|location\.(?:reload|replace|href)|\$_ts\b|eval\(|window\.location", re.IGNORECASE
)
_LOGIN_TITLE = re.compile(
    r"^.{0,16}(?:登录|登陆|login|log in|sign in)(?:页面?|系统|平台|中心|入口)?(?:\s*[-_—|·].{0,24})?$",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"<input\b[^>]{0,300}\btype\s*=\s*[\"']?password", re.IGNORECASE)
_SERVER_FAULT = re.compile(
    r"数据库(?:连接)?(?:错误|失败|异常)|服务器(?:内部)?错误|系统(?:正在)?维护|网站(?:正在)?维护(?:中)?|"
    r"\binternal server error\b|\bservice (?:temporarily )?unavailable\b|\bbad gateway\b|"
    r"\bstack ?trace\b|\b(?:java|javax|org\.apache)\.[\w.]+Exception\b|\bfatal error\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"<(?:html|!doctype html|body|head)\b", re.IGNORECASE)
_CLOSERS = re.compile(rb"</(?:html|body|frameset)\s*>", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")

NEEDS_BODY = frozenset((Kind.ARTICLE, Kind.DISCLOSURE, Kind.INTERVIEW, Kind.NOTICE))
"""Kinds whose page says nothing without a body; the others may be fields alone."""


def judge_status(status: int) -> Verdict:
    """What the status alone says; GOOD where the body has to be read."""
    if status == 200:
        return GOOD
    if status in (404, 410):
        return Verdict(Judgement.GONE, f"the origin answers {status}")
    if status in BLOCK_STATUSES:
        return Verdict(Judgement.QUARANTINED, f"a wall answers {status} instead of the page")
    return Verdict(Judgement.FAILED, f"the origin answers {status}")


def ends(body: bytes) -> bool:
    """Whether the markup has an end: `</html>` or `</body>` near its end, or it is no HTML page."""
    return _MARKUP.search(body[:4000]) is None or _CLOSERS.search(body) is not None


def judge_markup(body: bytes, was_whole: bool) -> Verdict:
    """Whether the bytes are a whole page of text at all.

    was_whole  the copy at hand had an end, so one without is half a page
    """
    if not body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return Verdict(Judgement.QUARANTINED, "the answer is empty")
    if not ends(body):
        tail = body.rstrip(b" \t\r\n\0")
        if was_whole:
            return Verdict(Judgement.QUARANTINED, "half a page: the markup has no end any more")
        # Some portals never close their pages, but those end behind a tag and not in a word.
        if not tail.endswith(b">"):
            return Verdict(Judgement.QUARANTINED, "half a page: the markup ends in the middle")
    return GOOD


def judge_wall(body: bytes, page: Extracted, asked: str, came_from: str, home: str) -> Verdict:
    """Whether the page is a 404, a wall, a login or an error in the clothes of a page.

    asked, came_from  the address asked for, and the one that answered after redirects
    """
    text, title = page.text.strip(), page.title.strip()
    short = len(text) < SHORT_PAGE
    said = f"{title}\n{text[:SHORT_PAGE]}"
    seen = _plain(body, page.charset) if short else ""
    if _NOT_FOUND_PATH.search(urlsplit(came_from).path) and came_from != asked:
        return Verdict(Judgement.ABSENT, f"a soft 404: the address leads to {came_from}")
    if came_from != asked and _same(came_from, home) and not _same(asked, home):
        return Verdict(Judgement.ABSENT, "a soft 404: the address leads to the home page")
    if _NOT_FOUND_TITLE.match(title) or (short and (_NOT_FOUND.search(said) or _brief(seen, _NOT_FOUND))):
        return Verdict(Judgement.ABSENT, "a soft 404: the page says that there is no such page")
    if short and (_WALL.search(said) or _brief(seen, _WALL)):
        return Verdict(Judgement.QUARANTINED, "a wall: the page asks who is there")
    if short and _only_script(body, seen) and _COOKIE_WALL.search(body):
        return Verdict(Judgement.QUARANTINED, "a wall: nothing but a script that sets a cookie or leads on")
    if short and _PASSWORD.search(body) and (_LOGIN_TITLE.match(title) or not text):
        return Verdict(Judgement.QUARANTINED, "a login page")
    if short and (_SERVER_FAULT.search(said) or _brief(seen, _SERVER_FAULT)):
        return Verdict(Judgement.QUARANTINED, "an error page with status 200")
    return GOOD


def judge_item(page: Extracted, kind: Kind, listed_title: str, site_names: Collection[str] = ()) -> Verdict:
    """Whether an item page carries what its kind must have.

    site_names  what the portal calls itself: a page with no other title has lost its own
    """
    title = "" if page.title in site_names and listed_title not in site_names else page.title
    if page.title and not title:
        return Verdict(
            Judgement.QUARANTINED, "the only title is the portal's name: has the page been redesigned?"
        )
    if not title and not listed_title:
        return Verdict(Judgement.QUARANTINED, "no title was found: has the page been redesigned?")
    filled = bool(page.blocks) if kind in NEEDS_BODY else bool(page.blocks or page.fields)
    if not filled and not title:
        return Verdict(
            Judgement.QUARANTINED, "no title and no body were found: has the page been redesigned?"
        )
    if not filled:
        return Verdict(Judgement.QUARANTINED, "no body was found: has the page been redesigned?")
    if page.kind == "list" and kind in NEEDS_BODY:
        return Verdict(Judgement.QUARANTINED, "this is a list, not an item of it")
    return GOOD


def judge_list(page: Extracted) -> Verdict:
    """Whether one page of a list is one. A page without entries may name others that have them."""
    if page.items or page.pages:
        return GOOD
    if page.script_list:
        return Verdict(Judgement.QUARANTINED, "a script fills this list, and its source was not found")
    if page.kind != "list":
        return Verdict(Judgement.QUARANTINED, f"no list was found: this reads as '{page.kind}'")
    return GOOD


def judge_empty(entries: int, said: int, known: int) -> Verdict:
    """Whether a list may be empty: `said` entries it says it has, `known` stood there before."""
    if entries:
        return GOOD
    if known:
        return Verdict(Judgement.QUARANTINED, f"the list is empty and held {known} entries before")
    if said:
        return Verdict(Judgement.QUARANTINED, f"the list says that it has {said} entries, and none was found")
    return GOOD


UNTIL_AGREED = "they stay until a person agrees"
MANY_GONE = 5
GONE_SHARE = 0.3


def judge_missing(missing: int, known: int) -> Verdict:
    """Whether that many of `known` entries may vanish from a list at once."""
    if missing > MANY_GONE and missing > GONE_SHARE * known:
        return Verdict(
            Judgement.QUARANTINED,
            f"{missing} of {known} entries vanished from the list at once: {UNTIL_AGREED}",
        )
    return GOOD


FEW_PAGES = 3
LOST_SHARE = 0.5


def judge_column(verdicts: Sequence[Verdict], titles: Sequence[tuple[str, str]], published: int) -> Verdict:
    """Whether the pages of a column, looked at in one go, speak of a redesign or a broken origin.

    titles     (of the page, in the list) of each page that was read
    published  items of the column that the mirror shows: a column that never worked is no redesign
    """
    lost = sum(verdict.judgement in (Judgement.QUARANTINED, Judgement.ABSENT) for verdict in verdicts)
    if published and len(verdicts) >= FEW_PAGES and lost > LOST_SHARE * len(verdicts):
        return Verdict(
            Judgement.QUARANTINED,
            f"{lost} of {len(verdicts)} pages could not be read as before: a redesign or a broken origin; "
            "the others wait too",
        )
    other = Counter(title for title, listed in titles if title != listed)
    title, count = other.most_common(1)[0] if other else ("", 0)
    if count >= FEW_PAGES and count > LOST_SHARE * len(titles):
        return Verdict(Judgement.QUARANTINED, f"{count} of {len(titles)} pages have the same title '{title}'")
    return GOOD


def _plain(body: bytes, charset: str) -> str:
    """What a person would read, roughly; extraction may have found no body in an error page."""
    shown = _TAG.sub(b" ", _SCRIPT.sub(b" ", body[:20_000]))
    return shown.decode(charset, "ignore") if charset else decode(shown).text


def _brief(seen: str, pattern: re.Pattern[str]) -> bool:
    squeezed = " ".join(seen.split())
    return len(squeezed) < SHORT_PAGE and pattern.search(squeezed) is not None


def _only_script(body: bytes, seen: str) -> bool:
    return len("".join(seen.split()).encode()) < 60 and b"<script" in body.lower()


def _same(one: str, other: str) -> bool:
    left, right = urlsplit(one), urlsplit(other)
    return left.netloc == right.netloc and left.path.rstrip("/") == right.path.rstrip("/") and not left.query
