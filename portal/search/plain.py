"""An item as plain text: what the article index reads and what a snippet is cut from."""

from __future__ import annotations

from collections.abc import Iterator

from portal.model import (
    AnyItem,
    Article,
    Attachment,
    Block,
    Case,
    Disclosure,
    Exchange,
    Fact,
    Heading,
    Image,
    Interview,
    List,
    Matter,
    Notice,
    Paragraph,
    Table,
    Unit,
)

_FIELDS: dict[type[AnyItem], tuple[str, ...]] = {
    Article: ("source",),
    Disclosure: ("doc_no", "index_no", "issuer", "topic"),
    Matter: (
        "audience", "unit", "conditions", "materials", "steps", "legal_limit", "promised_limit", "fee",
        "place", "hours", "bus_route", "basis", "categories", "identities",
    ),
    Unit: ("duties", "address", "telephone", "hours", "bus_route", "level"),
    Fact: (),
    Interview: ("guests", "unit"),
    Notice: ("area",),
    Case: ("case_no", "matter", "applicant", "content", "state", "result", "unit"),
}  # fmt: skip
"""The typed elements that stand outside of the blocks."""


def text_of(item: AnyItem) -> str:
    """All that a reader of the item reads below its title, one line a paragraph."""
    # The blocks of a matter are the table that its elements were read from.
    blocks = () if isinstance(item, Matter) and (item.materials or item.steps) else item.blocks
    body = (line for block in blocks for line in lines_of(block))
    lines = dict.fromkeys((item.summary, *_fields(item), *body))
    if isinstance(item, Fact):
        lines |= dict.fromkeys(f"{field.name} {field.value}" for field in item.fields)
    return "\n".join(line for line in lines if line.strip())


def _fields(item: AnyItem) -> Iterator[str]:
    for name in _FIELDS[type(item)]:
        value: str | tuple[str, ...] = getattr(item, name)
        yield from (value,) if isinstance(value, str) else value


def lines_of(block: Block) -> Iterator[str]:
    """The text of a block, line by line."""
    match block:
        case Heading(text=text):
            yield text
        case Paragraph():
            yield block.text
        case List(items=items):
            yield from items
        case Table(rows=rows, caption=caption):
            yield caption
            yield from (" ".join(row) for row in rows)
        case Image(alt=alt, caption=caption):
            yield caption or alt
        case Attachment(name=name):
            yield name
        case Exchange(question=question, answer=answer):
            yield question
            yield answer


def unit_of(item: AnyItem) -> str:
    """The public body that an item comes from, "" where none is named."""
    match item:
        case Disclosure(issuer=issuer, source=source):
            return issuer or source
        case Matter(unit=unit) | Interview(unit=unit) | Case(unit=unit):
            return unit
        case Unit(title=title):
            return title
        case _:
            return item.source


def year_of(item: AnyItem) -> str:
    """The year in which it was made, published or held, "" where the origin states none."""
    made = item.made_on if isinstance(item, Disclosure) else ""
    held = item.held if isinstance(item, Interview) else ""
    year = (made or item.published or held)[:4]
    return year if year.isdigit() else ""
