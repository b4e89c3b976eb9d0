"""Pinyin that anti-copy scripts insert behind characters: 網(wǎng), 頁(yè)."""

from __future__ import annotations

import re

_TONED = re.compile(r"(?<=[\u3400-\u9fff])[(（][a-zü]{0,5}[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ][a-zü]{0,4}[)）]")
_TONE = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]")
ENOUGH = 3
"""Fewer than this many are an author's own reading aid, as behind a rare name."""


def without_pinyin(text: str) -> tuple[str, bool]:
    """(the text without inserted pinyin, whether there was any)."""
    if _TONE.search(text) is None or sum(1 for _ in _TONED.finditer(text)) < ENOUGH:
        return text, False
    return _TONED.sub("", text), True
