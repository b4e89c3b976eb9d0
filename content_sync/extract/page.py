"""What extraction makes of an origin page, before it becomes a typed item.

Moments are `YYYY-MM-DD` or `YYYY-MM-DD HH:MM` in the city's own time, "" where the page states none.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.errors import PortalError
from portal.model import Attachment, Block, Exchange, Field, Heading, Image, List, Paragraph, Table

KINDS = ("article", "disclosure", "service", "interview", "letter", "unit", "fact", "list", "other")
"""What a page can be; `Extracted.kind` is one of them."""


class NotAPage(PortalError):
    """These bytes cannot be read as a page at all; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of a list: `url` is absolute, or "" where the entry leads nowhere."""

    title: str
    url: str
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """One page read.

    fields       labelled values under the names that the page gives them (索引号, 承诺时限)
    dates        every date found, under 发布, 成文, 生成, 更新 or the page's own label
    items        entries of a list page, in its order
    pages        addresses of the other pages of that list, from newest to oldest
    script_list  the list is filled by a script: no items does not mean that it is empty
    total        how many entries the whole list says it has, 0 where it does not say
    flags        what a report should mention: "pinyin-inserted", "body-twice", "last-resort" ...
    """

    kind: str
    title: str = ""
    published: str = ""
    source: str = ""
    summary: str = ""
    fields: tuple[Field, ...] = ()
    dates: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    items: tuple[Link, ...] = ()
    pages: tuple[str, ...] = ()
    script_list: bool = False
    total: int = 0
    charset: str = ""
    flags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as plain text, one block a line."""
        return "\n".join(line for block in self.blocks if (line := text_of(block)))

    def field(self, *names: str) -> str:
        """The value of the first of these fields that the page has and fills, else ""."""
        values = {field.name: field.value for field in reversed(self.fields) if field.value}
        return next((values[name] for name in names if name in values), "")


def text_of(block: Block) -> str:
    """A block as plain text; a table has one line a row, a picture its caption."""
    match block:
        case Heading(text=text):
            return text
        case Paragraph():
            return block.text
        case List(items=items):
            return "\n".join(items)
        case Table(rows=rows, caption=caption):
            lines = [" ".join(cell for cell in row if cell) for row in rows]
            return "\n".join([caption, *lines] if caption else lines)
        case Image(caption=caption):
            return caption
        case Attachment(name=name):
            return name
        case Exchange():
            said = ((block.asker, block.question), (block.speaker, block.answer))
            return "\n".join(f"{who}：{what}" if who else what for who, what in said if what)
