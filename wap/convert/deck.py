"""A converted page -> decks, each compiled no larger than the phone takes.

What a piece costs is measured by compiling it without shared strings: such costs add up, so a deck is
filled by addition, in time that grows with the page and no faster. Sharing then only makes it smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wap.convert.document import Document, Piece, written
from wap.convert.html import Words
from wap.render_wml import LABEL, address, attribute, text
from wap.wbxml import compile_xml
from wap.wbxml.tokens import WML11, WML12, WML13, Language

MOST_DECKS = 200
LARGEST_PLACE = "99/99"
NEXT_KEY = "9"
_LANGUAGES = {"1.1": WML11, "1.2": WML12, "1.3": WML13}


class TooLarge(Exception):
    """Something on the page that is not divided does not fit into a deck."""


@dataclass(frozen=True, slots=True)
class Target:
    """For which phone: octets of a deck, character set and version of WML ("1.1" to "1.3")."""

    room: int
    charset: str
    version: str


def head(target: Target) -> str:
    """The prolog of a deck."""
    language: Language = _LANGUAGES[target.version]
    return (
        f'<?xml version="1.0" encoding="{target.charset}"?>'
        f'<!DOCTYPE wml PUBLIC "{language.public}" "{language.system}">'
    )


def cut(
    document: Document, target: Target, place: Callable[[int], str], home: str, words: Words
) -> tuple[str, ...]:
    """The decks of a page as WML, at least one; each compiles to at most `target.room` octets.

    place   the address of deck 1, 2 ...        home  the portal's
    raises  TooLarge
    """

    def measure(inside: str, number: int = 98, count: int = 99) -> int:
        deck = _deck(document, inside, number, count, target, place, home, words)
        return len(compile_xml(deck, charset=target.charset, share=False))

    whole = _joined(document.pieces)
    if measure(whole, 1, 1) <= target.room:
        return (_deck(document, whole, 1, 1, target, place, home, words),)
    probe = written("x")
    empty = measure(probe.markup)
    room = target.room - empty
    if room <= 0:
        raise TooLarge("the links of a deck leave no room for it")

    frame = f"{head(target)}<wml><card><p>{probe.markup}{{}}</p></card></wml>"

    def bare(inside: str) -> int:
        return len(compile_xml(frame.replace("{}", inside), charset=target.charset, share=False))

    nothing = bare("")

    def cost(piece: Piece) -> int:
        return bare(f"<br/>{piece.markup}") - nothing

    found: list[list[Piece]] = [[]]
    left = room
    rest = list(reversed(document.pieces))
    while rest and len(found) <= MOST_DECKS:
        piece = rest.pop()
        octets = cost(piece)
        if octets > room:
            rest += reversed(_halves(piece))
            continue
        if octets > left:
            found.append([])
            left = room
        found[-1].append(piece)
        left -= octets
    found = found[:MOST_DECKS]
    return tuple(
        _deck(document, _joined(tuple(pieces)), number, len(found), target, place, home, words)
        for number, pieces in enumerate(found, start=1)
    )


def _halves(piece: Piece) -> list[Piece]:
    if len(piece.words) < 2:
        raise TooLarge("a form or a link is larger than a deck")
    middle = len(piece.words) // 2
    return [
        written(piece.words[:middle], piece.breaks, piece.styles),
        written(piece.words[middle:], False, piece.styles),
    ]


def _joined(pieces: tuple[Piece, ...]) -> str:
    markup = "".join(f"<br/>{each.markup}" if each.breaks else each.markup for each in pieces)
    for style in ("b", "i", "u"):
        markup = markup.replace(f"</{style}><{style}>", "")
    return markup.removeprefix("<br/>")


def _deck(
    document: Document,
    inside: str,
    number: int,
    count: int,
    target: Target,
    place: Callable[[int], str],
    home: str,
    words: Words,
) -> str:
    rows = [inside] if inside else []
    if count > 1:
        rows.insert(0, f"{number}/{count}")
    key = ' accesskey="9"' if target.version != "1.1" and NEXT_KEY not in document.keys else ""
    if number < count:
        rows.append(f'<a href="{address(place(number + 1))}"{key}>{text(words.next)}</a>')
    if number > 1:
        rows.append(f'<a href="{address(place(number - 1))}">{text(words.previous)}</a>')
    rows.append(f'<a href="{address(home)}">{text(words.home)}</a>')
    title = f' title="{attribute(document.title)}"' if document.title else ""
    back = f'<do type="prev" label="{attribute(words.back[:LABEL])}"><prev/></do>'
    return f"{head(target)}<wml><card{title}>{back}<p>{'<br/>'.join(rows)}</p></card></wml>"
