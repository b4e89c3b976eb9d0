"""Deck -> XHTML Mobile Profile, or small plain HTML for browsers of today and for text browsers.

Both are the same well-formed markup, valid by XHTML Basic 1.1, in few octets; HTML differs in its
doctype, in a viewport, and, on keypad phones whose browser ignores access keys, in a short script.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, select_autoescape

from wap.device import Device, Markup
from wap.page import Ask, Call, Deck, Line, Link, Part, Picture, Post
from wap.pictures import address_of, size_on

_environment = Environment(
    loader=PackageLoader("wap"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render(deck: Deck, device: Device) -> str:
    """The deck as text."""
    page = deck.page
    links = [link for link in (deck.next, deck.previous, page.menu, *page.foot) if link is not None]
    return _environment.get_template("page.xhtml").render(
        deck=deck,
        page=page,
        blocks=_blocks(deck.parts),
        foot=links,
        device=device,
        html=device.markup is Markup.HTML,
        kind=_kind,
        source=lambda picture: address_of(picture, device),
        size=lambda picture: size_on(picture, device),
    )


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
