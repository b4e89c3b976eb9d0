"""Traditional Chinese of mirrored content, made once at publish time by OpenCC."""

from __future__ import annotations

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


def _convert(value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return to_hant(value)
    if isinstance(value, tuple):
        return tuple(_convert(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _convert(getattr(value, field.name))
            for field in fields(value)
            if field.name not in NAMES_NOT_WORDS
        }
        return replace(value, **changed)
    return value
