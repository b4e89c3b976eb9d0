"""Where content management systems put the body of a page.

Each rule is named after the system that publishes it. They are candidates, not verdicts: `body`
weighs them against what the text itself says, so a redesign that empties one of them does no harm.
"""

from __future__ import annotations

import re
from functools import lru_cache

from content_sync.extract.names import words

BODIES: dict[str, tuple[str, ...]] = {
    "JCMS": words("zoom fontzoom j-fontcontent wzcon xxgk_content bt_content main-txt"),
    "gkmlpt": words("zoomcon zhengwen"),
    "TRS": words("ivs_content textbody trs_editor trs_ueditor trs_paper_default"),
    "VSB": words(
        """
        vsb_content vsb_content_2 vsb_content_4 vsb_content_500 vsb_content_1001 v_news_content
        """
    ),
    "UCAP": words("ucap-content cmsarticlecontent pages_content"),
    "EasySite": words("easysitetext easysite-news-text"),
    "others": words(
        """
        info_content articlecontent article_content article-content newscontent news_content
        downloadcontent arcontent conn contentbody entry-content view_content con_text
        """
    ),
    "WeChat": words("js_content rich_media_content"),
    "news": words("artibody endtext artical_real cnt-main-article-qq news_text articles"),
    "Epoint": words(
        """
        infocontent tdcontent ewb-article-info ewb-info-main ewb-article-content ewb-article
        """
    ),
    "WebPlus": words("wp_articlecontent"),
}
"""System -> ids and classes of its body element, in lower case."""

_SYSTEM_OF = {name: system for system, names in BODIES.items() for name in names}
BODY_TAGS = {"ucapcontent": "UCAP", "article": "HTML"}
BODY_BEGINS = re.compile(
    r"ContentStart|\[信息内容\]\s*begin|^enpcontent|正文\s*(?:begin|开始|start)|(?:content|"
    r"article|zoom)\s*begin|文章内容\s*(?:begin|开始)?",
    re.IGNORECASE,
)
"""Comments right before a body: JCMS, 方正 and hand-made templates."""

GENERATORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "JCMS",
        re.compile(
            r"/(?:col|art)/(?:\d{4}/\d{1,2}/\d{1,2}/art_|col\d)|module/web/jpage|ContentStart", re.IGNORECASE
        ),
    ),
    ("TRS", re.compile(r"trs_editor|trs_ueditor|createPageHTML\(|/t20\d{6}_\d+\.s?html", re.IGNORECASE)),
    ("UCAP", re.compile(r"ucapcontent|ucap-content", re.IGNORECASE)),
    ("VSB", re.compile(r"vsb_content|v_news_content|/_sitegray/|urltype=news\.", re.IGNORECASE)),
    ("WebPlus", re.compile(r"wp_article|/_css/_system/|sudyTech|wp_paging", re.IGNORECASE)),
    ("Epoint", re.compile(r"\bewb-|epoint", re.IGNORECASE)),
    ("gkmlpt", re.compile(r"/gkmlpt/|/content/post_\d+\.html", re.IGNORECASE)),
    ("EasySite", re.compile(r"easysite", re.IGNORECASE)),
    ("EmpireCMS", re.compile(r"/e/(?:public|action|extend)/", re.IGNORECASE)),
)


def system_of(text: str) -> str:
    """The name of the system that made a page, "" where nothing tells; `text` is its markup."""
    return next((name for name, pattern in GENERATORS if pattern.search(text)), "")


@lru_cache(maxsize=20_000)
def body_name(names: str) -> str:
    """The system whose body an element is by its class or id (both, in lower case), else ""."""
    return next((found for name in names.split() if (found := _SYSTEM_OF.get(name))), "")
