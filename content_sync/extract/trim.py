"""What is not body at the ends of a body, and bodies that stand twice."""

from __future__ import annotations

import re

from content_sync.extract.dates import MOMENT
from content_sync.extract.page import text_of
from content_sync.extract.title import norm
from portal.model import Attachment, Block, Exchange, Heading, Image, List, Paragraph

_TAIL = re.compile(
    r"^[\s【\[(（<>《|｜·]*(?:(?:上|下|前|后)一?(?:篇|条|页|张|则)|没有了|打\s?印|关\s?闭|返回|"
    r"分享(?:到|至|本文)?|扫一扫|微博(?:推荐|热点)|[(（]?本文来源|【?有?\s?\d*\s?人(?:参与|评论)|"
    r".{0,40}(?:未经|未經)(?:授权|授權|许可|許可|允许).{0,12}(?:转载|轉載)|.{0,60}Facebook|"
    r"相关(?:链接|新闻|文章|阅读|报道|信息|附件|文档|推荐|稿件|解读)\s?[:：]?$|延伸阅读|"
    r"责任?编\s?辑|(?:编\s?辑|审\s?核|校\s?对|初审|复审|终审|审签|监制|责编|录入者?|信息录入|核稿|"
    r"责任校对|作者|来源|供稿|稿源|发布者|信息员|值班编辑|一审|二审|三审)\s?[:：]|【?字体|收藏|"
    r"推荐|顶部|回顶部|我要(?:纠错|打印|分享)|纠错|"
    r"版权所有|网站声明|免责声明|Copyright|浏览次数|点击(?:数|率|次数)|阅读(?:数|次数|量)|无障碍|"
    r"您访问的链接|本文地址|二维码|用微信|微信扫|手机扫)",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"^[\s【\[(（]*(?:相关(?:链接|新闻|文章|阅读|报道|信息|推荐|稿件)|延伸阅读|更多(?:精彩|新闻|"
    r"相关)|热点推荐|推荐阅读|扫一扫在手机|(?:上|下)一(?:篇|条)\s?[:：]|【?(?:打印|关闭)(?:本页|"
    r"窗口|此页)?】?\s*$|分享到?\s?[:：]?\s*$|【打印|网友评论|发表评论|我要评论)"
)
_LEAD = re.compile(
    r"^[\s【\[(（|｜]*(?:来\s?源|稿\s?源|信息来源|文章来源|作\s?者|发布(?:时间|日期|机构|人|者|"
    r"单位)|发表(?:时间|日期)|时\s?间|日\s?期|更新(?:时间|日期)|字\s?体|字\s?号|字体大小|浏览|"
    r"点击|阅读|访问|人气|编\s?辑|责任编辑|分享|打印|【?\s?大\s+中\s+小|当前位置|您(?:的|"
    r"现在的?)?(?:当前)?位置|首页\s?[>＞»/]|【打印|小\s?中\s?大|我要纠错|语音播报)"
)


def trim(
    blocks: list[Block], title: str, imprint: str, *, alone: bool = False
) -> tuple[tuple[Block, ...], bool]:
    """(the body without its ends that are no body, whether it stood twice).

    title    a first line that repeats it goes where the imprint line follows
    imprint  the text of the imprint line, "" where the page has none
    alone    the body's element is known to hold nothing but the body
    """
    if not alone:
        blocks = _without_head(blocks, title, imprint)
    elif blocks and _repeats(blocks, norm(title)):
        blocks = blocks[1:]
    blocks = _without_tail(blocks)
    once = _once(_without_echo(blocks))
    return tuple(once), len(once) < len(blocks) - 3


def _without_head(blocks: list[Block], title: str, imprint: str) -> list[Block]:
    """Leave out the page's own head, where the body's element holds it too."""
    wanted, mark = norm(title), norm(imprint)
    cut = 0
    for at, block in enumerate(blocks[:60]):
        text = text_of(block)
        shown = norm(text)
        if isinstance(block, Heading) and shown == wanted:
            cut = at
        if (len(mark) > 4 and mark in shown and len(shown) < len(mark) + 60) or (
            at < 5 and len(text) <= 80 and _LEAD.match(text) and MOMENT.search(text)
        ):
            cut = at + 1
        if len(text) > 120:
            break
    head = blocks[cut:]
    while head:
        text = text_of(head[0])
        if isinstance(head[0], Image | Attachment | Exchange) or len(text) > 120:
            break
        shown = norm(text)
        if (_LEAD.match(text) and len(text) <= 80) or (
            len(head) > 1 and ((cut and shown == wanted) or _repeats(head, wanted))
        ):
            head = head[1:]
        else:
            break
    return head


_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|zip|rar|wps|pptx?|ofd)\s*$", re.IGNORECASE)


def _repeats(blocks: list[Block], title: str) -> bool:
    """Whether the first block only says the page's title again."""
    return norm(text_of(blocks[0])) == title and (_heads(blocks[0]) or _only_files(blocks[1:]))


def _heads(block: Block) -> bool:
    """The template's title is a heading; one that belongs to a document is a paragraph."""
    return isinstance(block, Heading)


def _only_files(blocks: list[Block]) -> bool:
    """Whether a body is nothing but files: then a line that repeats the title says nothing."""
    return all(isinstance(block, Attachment) or _FILE.search(text_of(block)) for block in blocks)


def _without_tail(blocks: list[Block]) -> list[Block]:
    half = len(blocks) // 2
    for at in range(half, len(blocks)):
        block = blocks[at]
        text = text_of(block)
        if len(text) < 60 and isinstance(block, Paragraph | Heading | List) and _CUT.match(text):
            rest = sum(len(text_of(later)) for later in blocks[at:])
            if at > 0 and rest < 600:
                blocks = blocks[:at]
                break
    blocks = list(blocks)
    while blocks:
        block = blocks[-1]
        text = text_of(block)
        plain = isinstance(block, Paragraph | Heading | List)
        if plain and (not norm(text) or (len(text) <= 90 and _TAIL.match(text))):
            blocks.pop()
        else:
            break
    return blocks


def _without_echo(blocks: list[Block]) -> list[Block]:
    """Leave out a line that says again what the line before it said: captions come so, once as text and
    once as the picture's own title."""
    kept: list[Block] = []
    last = ""
    for block in blocks:
        text = norm(text_of(block)) if isinstance(block, Paragraph) else ""
        if not (len(text) >= 8 and text == last):
            kept.append(block)
        if text or not isinstance(block, Image):
            last = text
    return kept


def _once(blocks: list[Block]) -> list[Block]:
    """A body that is given twice, once. Each copy has the same text from its first line to its last."""
    texts = [norm(text_of(block)) for block in blocks]
    if len(blocks) < 2:
        return blocks
    first = next((text for text in texts if len(text) >= 8), "")
    if not first:
        return blocks
    begin = texts.index(first)
    whole = "".join(texts)
    for at in range(begin + 1, len(blocks)):
        if texts[at] != first:
            continue
        before, after = "".join(texts[begin:at]), "".join(texts[at:])
        if before == after and len(whole) >= 40:
            return blocks[:at]
    return blocks
