"""Text that is fit for every edition: without characters that no screen shows and no XML may hold.

C0 and C1 controls but white space, noncharacters, lone surrogates, and the controls that turn the
direction of a line round: an origin's slip, or somebody's trick, must not spoil a page.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")

UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""What is taken out (XML 1.0 section 2.2 says what may stand there)."""


def unfit_row(row: str) -> bool:
    """Whether an item's row (`portal.codec`) may hold unfit characters; controls are escaped in it."""
    return "\\u00" in row or UNFIT.search(row) is not None


def clean(text: str) -> str:
    """A text without unfit characters."""
    return UNFIT.sub("", text) if UNFIT.search(text) else text


def cleaned(value: _T) -> _T:
    """A model value with every text clean."""
    return _cleaned(value)  # type: ignore[no-any-return]


@cache
def _attributes(model: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(model))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else clean(value)
    if isinstance(value, tuple):
        changed_any = False
        made = []
        for each in value:
            made.append(after := _cleaned(each))
            changed_any = changed_any or after is not each
        return tuple(made) if changed_any else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for name in _attributes(type(value)):
            if (before := getattr(value, name)) and (after := _cleaned(before)) is not before:
                changed[name] = after
        return replace(value, **changed) if changed else value
    return value
