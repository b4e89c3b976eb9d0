"""Deck -> XHTML Mobile Profile, or small plain HTML for browsers of today and for text browsers.

Both are the same well-formed markup, valid by XHTML Basic 1.1, in few octets; HTML differs in its
doctype, in a viewport, and, on keypad phones whose browser ignores access keys, in a short script.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from wap.device import Device
from wap.device import Markup as Doctype
from wap.page import Ask, Call, Deck, Line, Link, Part, Picture, Post
from wap.pictures import address_of, size_on

_environment = Environment(
    loader=PackageLoader("wap"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_PAGE = _environment.get_template("page.xhtml")


def render(deck: Deck, device: Device) -> str:
    """The deck as text."""
    page = deck.page
    links = [link for link in (deck.next, deck.previous, page.menu, *page.foot) if link is not None]
    return _PAGE.render(
        deck=deck,
        page=page,
        blocks=_blocks(deck.parts),
        foot=links,
        device=device,
        html=device.markup is Doctype.HTML,
        rows=_rows,
        source=lambda picture: address_of(picture, device),
        size=lambda picture: size_on(picture, device),
    )


def _rows(links: Sequence[Link]) -> Markup:
    """A list of links as markup: what a template would write, but much sooner."""
    return Markup("<br/>".join([_row(link) for link in links]))  # noqa: S704 - escaped below


def _row(link: Link) -> str:
    key = escape(link.key)
    access, shown = (f' accesskey="{key}"', f"<b>{key}</b> ") if key else ("", "")
    note = f" <small>· {escape(link.note)}</small>" if link.note else ""
    return f'<a href="{escape(link.href)}"{access}>{shown}{escape(link.text)}{note}</a>'


def _kind(part: Part) -> str:
    return _KINDS[type(part)]


_KINDS: dict[type[Part], str] = {
    Line: "line",
    Link: "link",
    Call: "call",
    Picture: "picture",
    Ask: "ask",
    Post: "post",
}


def _blocks(parts: tuple[Part, ...]) -> list[tuple[str, list[Part]]]:
    """Parts with those that belong together put together: sentences of a paragraph, rows of a list."""
    blocks: list[tuple[str, list[Part]]] = []
    for part in parts:
        kind = _kind(part)
        joins = (isinstance(part, Line) and part.joins) or kind == "link"
        if joins and blocks and blocks[-1][0] == kind:
            blocks[-1][1].append(part)
        else:
            blocks.append((kind, [part]))
    return blocks
