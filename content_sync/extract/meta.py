"""What a page's head says about it: the meta tags of the guideline for government web sites.

Source: 国办发〔2017〕47号, design annex. The case of the names varies, and templates are published with
their placeholders still in them; those count as absent.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache

from content_sync.extract.dom import Element, squeeze, text_in

_PLACEHOLDER = re.compile(
    r"^(?:网站名称|政府网站标识码|网站域名|栏目名称|栏目类型|栏目类别|文章标题|标题|来源|发布日期|"
    r"日期|关键字|关键词|栏目描述|"
    r"undefined|null|none|title|\$?\{.*\}|\{\{.*\}\}|<%.*%>|\[.*\]|#\w+#|-+|无)$",
    re.IGNORECASE | re.DOTALL,
)
MAX_VALUE = 600
"""Characters of a value of the head that are read."""
_TAGS = re.compile(r"<[^<>]{1,200}>")


@dataclass(slots=True)
class Meta:
    """The head of a page: `values` by name in lower case, and its `<title>`."""

    values: dict[str, str] = field(default_factory=dict)
    title: str = ""
    base: str = ""

    def get(self, *names: str) -> str:
        """The first of these metas that is there and is no placeholder."""
        return next((self.values[name] for name in names if self.values.get(name)), "")


def read_meta(root: Element) -> Meta:
    """Read the metas of a page; to be called before `survey`, which takes the head out."""
    meta = Meta()
    for element in root.iter("meta", "title", "base"):
        if element.tag == "title":
            if not meta.title:
                meta.title = clean(text_in(element))
            continue
        if element.tag == "base":
            meta.base = meta.base or (element.get("href") or "").strip()
            continue
        name = (
            (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        )
        if name and name not in meta.values and (value := stated(element.get("content") or "")):
            meta.values[name] = value
    return meta


@lru_cache(maxsize=4_000)
def stated(content: str) -> str:
    """What a meta tag says, "" for a placeholder; most say the same on every page of a site."""
    value = clean(content)
    return "" if not value or _PLACEHOLDER.match(value) else value


def clean(text: str) -> str:
    """A value of the head as text: editors paste escaped markup into titles."""
    text = text[: 4 * MAX_VALUE]
    if "&" in text or "<" in text:
        text = html.unescape(text)
        text = _TAGS.sub("", text)
    return squeeze(text)[:MAX_VALUE]
