"""Items as they are written ahead: head, version and text, each in both written forms of Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from portal import codec
from portal.hant import in_hant, row_in_hant
from portal.model import AnyItem, Case, Disclosure, Head, Interview, Kind, Matter, Unit


@dataclass(frozen=True, slots=True)
class Ahead:
    """One item as it is written ahead: `raw` and `raw_hant` are its rows' bytes as the store keeps them."""

    head: Head
    head_hant: Head
    raw: str
    raw_hant: str


def row_of(item: AnyItem, kind: Kind) -> Ahead:
    """An item with its head in both written forms. `kind` is that of its column."""
    raw = codec.dump_item(item)
    head = Head(
        id=item.id,
        kind=kind,
        title=item.title,
        columns=item.columns,
        published=item.published,
        note=note_of(item),
        picture=item.images[0].media if item.images else "",
        withdrawn=item.withdrawn,
        version=codec.version_of(raw),
    )
    return Ahead(head, in_hant(head), raw, row_in_hant(raw))


def note_of(item: AnyItem) -> str:
    """The second line of an item in a list."""
    match item:
        case Matter(everyday_names=names):
            return "、".join(names)
        case Unit(telephone=telephone):
            return telephone
        case Interview(guests=guests):
            return "、".join(guests)
        case Disclosure(doc_no=doc_no):
            return doc_no
        case Case(state=state, result=result):
            return result or state
        case _:
            return ""
