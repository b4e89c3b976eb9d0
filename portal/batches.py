"""Long sequences, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def batches(values: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """The values in order, `size` at a time, what is left at the end."""
    for at in range(0, len(values), size):
        yield values[at : at + size]
