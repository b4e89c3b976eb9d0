"""Traditional Chinese of mirrored content, made once at publish time by OpenCC."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from opencc import OpenCC

_T = TypeVar("_T")

NAMES_NOT_WORDS = frozenset(
    (
        "id",
        "url",
        "href",
        "src",
        "media",
        "version",
        "unit_id",
        "parent",
        "number",
        "home",
        "picture",
        "travel",
        "page",
    )
)
"""Attributes that name things and so read the same in every written form."""

_ENUMS = ("effect",)
_KEPT = re.compile(
    rf'"(?:{"|".join(sorted((*NAMES_NOT_WORDS, *_ENUMS)))})":"(?=[^"]*[^\x00-\x7f])(?:[^"\\]|\\.)*"'
)
"""Such an attribute in a row, where its value is not ASCII; in a text its quotes would be escaped."""


@cache
def _converter() -> OpenCC:
    # Characters and the words whose characters differ, but not the vocabulary: an official name
    # stays the official name.
    return OpenCC("s2t")


def to_hant(simplified: str) -> str:
    """Traditional Chinese of a text."""
    if simplified.isascii():
        return simplified
    converted: str = _converter().convert(simplified)
    return converted


def in_hant(value: _T) -> _T:
    """A model value with every word in Traditional Chinese; names, addresses and enums stay."""
    return _convert(value)  # type: ignore[no-any-return]


def row_in_hant(row: str) -> str:
    """The row of `in_hant(item)` from the row of an item (`portal.codec`), in one conversion.

    No word of a dictionary goes across the quotes between two values, so what is converted as a whole
    reads as what is converted text by text. Enums with Chinese values are kept as names are.
    """
    if _KEPT.search(row) is None:
        return to_hant(row)
    kept = _KEPT.findall(row)
    changed = map(to_hant, _KEPT.split(row))
    return next(changed) + "".join(name + words for name, words in zip(kept, changed, strict=True))


@cache
def _words_of(model: type) -> tuple[str, ...]:
    """The attributes of a model class that hold words, or values that do."""
    return tuple(each.name for each in fields(model) if each.name not in NAMES_NOT_WORDS)


def _convert(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() or isinstance(value, Enum) else to_hant(value)
    if isinstance(value, tuple):
        return tuple(map(_convert, value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for name in _words_of(type(value)):
            before = getattr(value, name)
            if before and (after := _convert(before)) != before:
                changed[name] = after
        return replace(value, **changed) if changed else value
    return value
