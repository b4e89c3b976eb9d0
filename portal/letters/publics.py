"""Letters that everybody may read: those whose writers agreed and that were released, masked."""

from __future__ import annotations

from dataclasses import dataclass

from portal.errors import NotFound
from portal.letters import masks, states
from portal.letters.keyed import Keyed
from portal.letters.model import Letter, PublicLetter, Solved, Verb
from portal.letters.store import LetterBox

MOST = 200
"""Letters in one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPublic:
    """Part of the public letters found, of `total`."""

    letters: tuple[PublicLetter, ...]
    total: int


class Publics:
    """The public letters of one city."""

    def __init__(self, box: LetterBox, keyed: Keyed) -> None:
        self._box = box
        self._keyed = keyed

    async def find(self, words: str = "", *, start: int = 0, count: int = 20) -> FoundPublic:
        """Public letters, newest answer first; `words`: all of them in title, text or answer."""
        letters = await self._box.letters(await self._box.numbers("public"))
        shown = [_masked(letter, self._keyed) for letter in letters if states.is_public(letter)]
        wanted = words.casefold().split()[:10]
        if wanted:
            shown = [
                each
                for each in shown
                if all(word in f"{each.title}\n{each.text}\n{each.answer}".casefold() for word in wanted)
            ]
        return FoundPublic(letters=tuple(shown[start : start + min(count, MOST)]), total=len(shown))

    async def one(self, public_id: str) -> PublicLetter:
        """One public letter, masked. NotFound, also once it is taken off."""
        letter = await self._box.letter(await self._box.named("publics", public_id))
        if not states.is_public(letter):
            raise NotFound(f"letter '{public_id}' is not public")
        return _masked(letter, self._keyed)


def _masked(letter: Letter, keyed: Keyed) -> PublicLetter:
    answer, rated = states.last(letter, Verb.ANSWER), states.last(letter, Verb.RATE)
    return PublicLetter(
        id=keyed.public_id(letter.number),
        kind=letter.kind,
        title=masks.text(letter.title, letter.name),
        text=masks.text(letter.text, letter.name),
        answer=masks.text(answer.note, letter.name) if answer else "",
        unit=states.unit_of(letter),
        topic=letter.topic,
        filed=letter.filed.date(),
        answered=answer.at.date() if answer else letter.filed.date(),
        solved=rated.solved if rated else Solved.UNSAID,
    )
