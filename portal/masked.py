"""Names of persons, identity and telephone numbers, as a public page may show them. Pure.

Portals print results of permits with the names of citizens in them: here a person keeps the family name,
a number its ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_BODY = re.compile(
    r"公司|商行|[店厂社院校所局队馆站厅户]|中心|协会|学会|商会|委员会|办事处|合作社|基金|集团|银行|支行|医院|"
    r"幼儿园|公园|超市|门市|工作室|经营部|服务部|餐饮|酒楼|宾馆"
)
"""Words that only bodies and businesses bear in their names."""

_PERSON = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,12}(?:·[\u4e00-\u9fff]{1,12})+|[A-Za-z]+(?: [A-Za-z]+){1,4}"
)
_BETWEEN = re.compile(r"([、，,;；/]|\s{2,})")
_NUMBERS = (
    (re.compile(r"(?<!\d)(\d{3})\d{11,14}([\dXx])(?![\dXx])"), r"\1***********\2"),
    (re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)"), r"\1****\2"),
)
"""Identity numbers of 15 and 18 places, and mobile telephones."""


def is_person(name: str) -> bool:
    """Whether a name is that of a person, as far as a name can tell; in doubt it is.

    王小明, 阿依古丽·买买提 and John Smith are; 李记面馆 and 青澜顺通物流有限公司 are not.
    """
    return _PERSON.fullmatch(name) is not None and _BODY.search(name) is None and len(name) <= 40


def person(name: str) -> str:
    """A person's name with nothing but its beginning: 王小明 -> 王**, John Smith -> J***."""
    stars = "*" * (3 if name.isascii() else min(len(name) - 1, 3))
    return name[0] + stars


def applicants(names: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Who applied, persons masked, and (a name, its mask) of each of them."""
    parts = _BETWEEN.split(names.strip())
    hidden = tuple((part.strip(), person(part.strip())) for part in parts if is_person(part.strip()))
    shown = "".join(person(part.strip()) if is_person(part.strip()) else part for part in parts)
    return numbers(shown), hidden


def numbers(text: str) -> str:
    """A text without identity numbers and mobile telephones."""
    for pattern, mask in _NUMBERS:
        text = pattern.sub(mask, text)
    return text


def hide(text: str, hidden: Iterable[tuple[str, str]]) -> str:
    """A text without these names, and without numbers of persons."""
    for name, mask in hidden:
        text = text.replace(name, mask)
    return numbers(text)
