"""Model <-> JSON: the form in which rows stand in the store.

Defaults are left out, so rows stay small and a field added later reads as its default.
Items and blocks carry their type under "_".
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from portal.model import AnyItem, Block

_T = TypeVar("_T")

_converter = make_converter(omit_if_default=True)
configure_tagged_union(Block, _converter, tag_name="_")
configure_tagged_union(AnyItem, _converter, tag_name="_")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: Any, as_type: Any = None) -> str:
    """Write a model value as compact JSON. Give `as_type` for a union (AnyItem, Block)."""
    return _encode(_converter.unstructure(value, unstructure_as=as_type))


def load(raw: str | bytes, as_type: type[_T]) -> _T:
    """Read what `dump` wrote. Raises a cattrs or json error where the row is not of that type."""
    return _converter.structure(json.loads(raw), as_type)


def dump_item(item: AnyItem) -> str:
    """An item with its type."""
    return dump(item, AnyItem)


def load_item(raw: str | bytes) -> AnyItem:
    """The item that `dump_item` wrote."""
    return _converter.structure(json.loads(raw), AnyItem)  # type: ignore[arg-type]


def version_of(row: str) -> str:
    """The name of a row's content: 16 hex digits of its SHA-256."""
    return hashlib.sha256(row.encode()).hexdigest()[:16]
