"""A WML deck of another site that is larger than the phone takes -> decks that are not.

Cards stay whole where they can, several to a deck. One that is larger than a deck goes on in further
decks, divided between its paragraphs, then between lines, sentences and rows of tables, with links to the
next and the previous part. Softkeys stand on every part; what happens on entering the card, its timer and
its `newcontext` stay with the first, so that the phone's variables live on. Links between cards that came
to stand in different decks lead there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from wap.convert.deck import MOST_DECKS, NEXT_KEY, Target, TooLarge
from wap.convert.document import parted
from wap.convert.html import Words
from wap.convert.wml import ADDRESSES, Wml
from wap.render_wml import address, text
from wap.wbxml import compile_xml
from wap.wbxml.tokens import WML11

DIVIDED = frozenset(
    ("p", "pre", "table", "tr", "td", "fieldset", "b", "i", "u", "em", "strong", "big", "small")
)
"""Elements whose inside may go on in the next deck."""

FURNITURE = frozenset(("onevent", "timer", "do"))
FIRST_ONLY = frozenset(("id", "newcontext", "onenterforward", "onenterbackward", "ontimer"))
"""Attributes of a card that only its first part keeps."""

_VARIABLE = re.compile(r"\$(?:\$|\([^)]*\)?|\w*)")
_XML = "{http://www.w3.org/XML/1998/namespace}"
Place = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Atom:
    """As much of a card as is not divided yet: finished WML, within the elements of `chain`.

    element  the one it is, None for text; `words` the text, with its variables
    """

    chain: tuple[etree._Element, ...]
    markup: str
    element: etree._Element | None = None
    words: str = ""


@dataclass(slots=True)
class _Deck:
    """A deck that is being filled: its cards as WML, their names, and the octets that they take."""

    cards: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    octets: int = 0


def cut(wml: Wml, target: Target, place: Place, home: str, words: Words) -> tuple[str, ...]:
    """The decks as WML, at least one; each compiles to at most `target.room` octets.

    place   the address of deck 1, 2 ...        home  the portal's
    raises  TooLarge where something that is not divided does not fit, BadDeck
    """
    return _Cutter(wml, target, place, home, words).decks()


class _Cutter:
    def __init__(self, wml: Wml, target: Target, place: Place, home: str, words: Words) -> None:
        self._wml, self._target, self._place, self._home, self._words = wml, target, place, home, words
        self._around = "".join(_markup(each) for each in wml.root if each.tag in ("head", "template"))
        self._empty = self._measure("<card/>")

    def decks(self) -> tuple[str, ...]:
        """Fill deck after deck."""
        found: list[_Deck] = []
        for card in self._wml.root.iterchildren("card"):
            name = card.get("id", "")
            whole = _markup(card)
            octets = self._measure(whole) - self._empty
            # A link to another card may have to name its deck; a little is kept free for that.
            if self._empty + octets + self._spare(whole) <= self._target.room:
                open_deck = found[-1] if found and found[-1].octets else None
                room = self._target.room - self._empty
                if open_deck is None or open_deck.octets + octets + self._spare(whole) > room:
                    open_deck = _Deck()
                    found.append(open_deck)
                open_deck.cards.append(whole)
                open_deck.names.append(name)
                open_deck.octets += octets + self._spare(whole)
            else:
                parts = self._parts(card, len(found) + 1)
                found += [_Deck([part], [name if at == 0 else ""]) for at, part in enumerate(parts)]
            if len(found) >= MOST_DECKS:
                break
        return tuple(self._finished(deck, found) for deck in found[:MOST_DECKS]) or (self._text("<card/>"),)

    # -- one card that is larger than a deck -----------------------------------------------------------

    def _parts(self, card: etree._Element, first: int) -> list[str]:
        """The card in parts, the first of which is deck number `first`."""
        top = [each for each in card if each.tag in FURNITURE]
        rest = [
            _Atom((), _markup(each), each)
            for each in card
            if isinstance(each.tag, str) and each.tag not in FURNITURE
        ]
        keyed = NEXT_KEY in {each.get("accesskey") for each in card.iter(etree.Element)}
        found: list[list[_Atom]] = []
        waiting = list(reversed(rest))
        while waiting and first + len(found) <= MOST_DECKS:
            if taken := self._filled(card, top, waiting, keyed, not found):
                found.append(taken)
            while waiting and waiting[-1].markup == "<br/>":
                waiting.pop()
        count = len(found)
        return [
            self._part(card, top, atoms, (number, count), first, keyed)
            for number, atoms in enumerate(found, start=1)
        ]

    def _filled(
        self,
        card: etree._Element,
        top: list[etree._Element],
        waiting: list[_Atom],
        keyed: bool,
        is_first: bool,
    ) -> list[_Atom]:
        """Take as much from the end of `waiting` as fits into one part, at least something."""
        number = 1 if is_first else 98

        def fits(atoms: list[_Atom]) -> bool:
            part = self._part(card, top, atoms, (number, 99), MOST_DECKS, keyed)
            return self._measure(part) + self._spare(part) <= self._target.room

        taken: list[_Atom] = []
        left = self._target.room - self._measure(self._part(card, top, [], (number, 99), MOST_DECKS, keyed))
        while waiting:
            atom = waiting[-1]
            octets = self._cost(atom)
            if octets <= left:
                taken.append(waiting.pop())
                left -= octets
            elif taken and (atom.element is None or atom.element.tag not in DIVIDED):
                break
            elif taken and octets <= self._target.room // 2:
                break  # a short paragraph begins the next deck rather than be torn
            else:
                waiting.pop()
                waiting += reversed(_divided(atom))
        # Costs add up but for the elements around them, which every part opens anew.
        while taken and not fits(taken):
            waiting.append(taken.pop())
        if not taken:
            if not waiting:
                return taken
            waiting += reversed(_divided(waiting.pop()))
            return self._filled(card, top, waiting, keyed, is_first)
        return taken

    def _part(
        self,
        card: etree._Element,
        top: list[etree._Element],
        atoms: list[_Atom],
        place: tuple[int, int],
        first: int,
        keyed: bool,
    ) -> str:
        number, count = place
        deck = first + number - 1
        # Of what happens on entering, and the timer, only the first part knows.
        furniture = "".join(_markup(each) for each in top if number == 1 or each.tag == "do")
        rows = []
        if number < count:
            known = self._target.version != "1.1" and self._wml.language is not WML11
            key = f' accesskey="{NEXT_KEY}"' if known and not keyed else ""
            rows.append(f'<a href="{address(self._place(deck + 1))}"{key}>{text(self._words.next)}</a>')
        if number > 1:
            rows.append(f'<a href="{address(self._place(deck - 1))}">{text(self._words.previous)}</a>')
        rows.append(f'<a href="{address(self._home)}">{text(self._words.home)}</a>')
        without = frozenset[str]() if number == 1 else FIRST_ONLY
        return (
            f"{_start(card, without)}{furniture}<p>{number}/{count}</p>"
            f"{_joined(atoms)}<p>{'<br/>'.join(rows)}</p></card>"
        )

    # -- octets ----------------------------------------------------------------------------------------

    def _cost(self, atom: _Atom) -> int:
        """Octets that an atom adds to a card."""
        return self._measure(f"<card><p>{atom.markup}</p></card>") - self._empty

    def _spare(self, markup: str) -> int:
        """Octets that links to other cards of this deck grow by where those stand in another deck."""
        return markup.count('href="#') * (len(self._place(MOST_DECKS)) + 2)

    def _measure(self, cards: str) -> int:
        return len(compile_xml(self._text(cards), charset=self._target.charset, share=False))

    def _text(self, cards: str) -> str:
        return f"{self._wml.prolog}<wml>{self._around}{cards}</wml>"

    def _finished(self, deck: _Deck, decks: list[_Deck]) -> str:
        """The deck with links that lead to the cards of the others."""
        deck_of = {
            name: at for at, each in reversed(list(enumerate(decks, start=1))) for name in each.names if name
        }
        own = set(deck.names)

        def led(found: re.Match[str]) -> str:
            at = deck_of.get(found[2])
            if at is None or found[2] in own:
                return found[0]
            return f'{found[1]}="{address(self._place(at))}#{found[2]}"'

        pattern = rf'\b({"|".join(ADDRESSES)})="#([^"$]+)"'
        return re.sub(pattern, led, self._text("".join(deck.cards)))


def _divided(atom: _Atom) -> list[_Atom]:
    """What an atom is made of. Raises TooLarge for one that is not divided."""
    if atom.element is None:
        if len(atom.words) < 2:
            raise TooLarge("the phone's deck is too small")
        at = _whole_variables(atom.words, len(atom.words) // 2)
        halves = (atom.words[:at], atom.words[at:])
        if not all(halves):
            raise TooLarge("a variable is larger than a deck")
        return [_Atom(atom.chain, escape(half), None, half) for half in halves]
    if atom.element.tag not in DIVIDED or not (len(atom.element) or atom.element.text):
        raise TooLarge(f"a {atom.element.tag!s} is larger than a deck")
    chain = (*atom.chain, atom.element)
    found = _texts(chain, atom.element.text)
    for child in atom.element:
        if isinstance(child.tag, str):
            found.append(_Atom(chain, _markup(child), child))
        found += _texts(chain, child.tail)
    return found


def _texts(chain: tuple[etree._Element, ...], words: str | None) -> list[_Atom]:
    """Text in atoms of sentences."""
    found: list[_Atom] = []
    rest = words or ""
    for part in parted(rest):
        at = _whole_variables(rest, len(part)) if len(part) < len(rest) else len(rest)
        head, rest = rest[:at], rest[at:]
        if head:
            found.append(_Atom(chain, escape(head), None, head))
        if not rest:
            break
    if rest:
        found.append(_Atom(chain, escape(rest), None, rest))
    return found


def _whole_variables(words: str, at: int) -> int:
    """The place `at`, moved to the start of a variable around it, or past one that begins the text."""
    for found in _VARIABLE.finditer(words):
        if found.start() < at < found.end():
            return found.start() or found.end()
    return at


def _joined(atoms: Iterable[_Atom]) -> str:
    """Atoms in the elements that are around them; what two in a row share is opened once."""
    out: list[str] = []
    around: tuple[etree._Element, ...] = ()
    for atom in atoms:
        same = 0
        while same < min(len(around), len(atom.chain)) and around[same] is atom.chain[same]:
            same += 1
        out += [f"</{each.tag!s}>" for each in reversed(around[same:])]
        out += [_start(each) for each in atom.chain[same:]]
        out.append(atom.markup)
        around = atom.chain
    out += [f"</{each.tag!s}>" for each in reversed(around)]
    return "".join(out)


def _start(element: etree._Element, without: frozenset[str] = frozenset()) -> str:
    attributes = "".join(
        f" {str(name).replace(_XML, 'xml:')}={quoteattr(str(value))}"
        for name, value in element.items()
        if name not in without
    )
    return f"<{element.tag!s}{attributes}>"


def _markup(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)
