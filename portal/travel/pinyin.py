"""A Chinese address in pinyin, syllable by syllable, as a stranger reads it aloud. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")


@lru_cache(maxsize=2_000)
def pinyin(chinese: str) -> str:
    """Pinyin with its tones; what is no Chinese stands as it is: 长风路68号 -> Chángfēng lù 68 hào.

    Characters with several readings (重庆, 长春) are read by the dictionary of phrases that pypinyin brings.
    """
    parts = []
    for run in _RUN.findall(chinese):
        if "\u3400" <= run[0] <= "\u9fff":
            parts.append(" ".join(lazy_pinyin(run, style=Style.TONE)))
        else:
            parts.append(run.strip())
    return " ".join(filter(None, parts))
