"""A Chinese address in pinyin, syllable by syllable, as a stranger reads it aloud. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")
_UNIT = re.compile(r".*?(?:大道|[省市区县镇乡路街巷道里村])|.+")
"""The parts of an address: no word is seen across their border, no mayor (市长) in 青澜市|长风路."""

_FIRST = {"长": "cháng"}
"""How a character is read at the beginning of a name of a place, where no phrase says otherwise."""


@lru_cache(maxsize=2_000)
def pinyin(chinese: str) -> str:
    """Pinyin with its tones; what is no Chinese stands as it is: 长风路68号 -> cháng fēng lù 68 hào.

    Characters with several readings are read by the dictionary of phrases that pypinyin brings (重庆, 银行).
    Where it cannot know, the file of facts says how an address sounds.
    """
    parts: list[str] = []
    for run in _RUN.findall(chinese):
        if "\u3400" <= run[0] <= "\u9fff":
            parts += [syllable for unit in _UNIT.findall(run) for syllable in _read(unit)]
        else:
            parts.append(run.strip())
    return " ".join(filter(None, parts))


def _read(unit: str) -> list[str]:
    read = lazy_pinyin(unit, style=Style.TONE)
    if unit[0] in _FIRST and len(read) == len(unit):
        read[0] = _FIRST[unit[0]]
    return read
