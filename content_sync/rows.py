"""Items as a publish writes them: their head, their version, and both in Traditional Chinese."""

from __future__ import annotations

from portal import codec
from portal.hant import in_hant
from portal.model import AnyItem, Disclosure, Head, Interview, Kind, Matter, Unit
from portal.writer import Row


def row_of(item: AnyItem, kind: Kind) -> Row:
    """An item with its head in both written forms. `kind` is that of its column."""
    head = Head(
        id=item.id,
        kind=kind,
        title=item.title,
        columns=item.columns,
        published=item.published,
        note=note_of(item),
        picture=item.images[0].media if item.images else "",
        withdrawn=item.withdrawn,
        version=codec.version_of(codec.dump_item(item)),
    )
    return Row(item=item, head=head, rank=0.0, item_hant=in_hant(item), head_hant=in_hant(head))


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
        case _:
            return ""
