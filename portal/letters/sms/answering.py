"""A citizen's text message into what it asks for, and the text that answers it.

The sender's number is as good as the carrier's word for it: it is enough to write, to rate and to supply,
as it is on paper; for a letter's state and words number and code are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.letters import words
from portal.letters.carriers import NO_TEXTS
from portal.letters.errors import Locked, NotAllowed, NotComplete, TooMany, WrongCode
from portal.letters.model import Channel, Draft, Event, Kind, Letter, Reach, Role, Solved, State, Verb
from portal.letters.notices import BY_TEXT
from portal.letters.numbers import plain_telephone
from portal.letters.officefile import Office
from portal.letters.service import Letters
from portal.letters.sms.incoming import (
    Ask,
    Doubt,
    Help,
    Rate,
    Stop,
    Supply,
    Wish,
    Withdraw,
    Write,
    wish,
)
from portal.letters.sms.templates import say
from portal.letters.states import last, state_of, unit_of
from portal.text import Text, text

BY = BY_TEXT
NO_TEXTS_SECONDS = 10 * 365 * 86_400


class Answering:
    """The desk of text messages. `locale`: the language of who has written no letter yet."""

    def __init__(self, letters: Letters, office: Office, locale: str) -> None:
        self._letters, self._office, self._locale = letters, office, locale

    async def answer(self, sender: str, said: str, name: str, now: datetime) -> str:
        """Do what a text asks for; the text that answers it, signed.

        sender   a telephone number      name   the message's own at the gateway: a second copy changes
        nothing
        """
        telephone = plain_telephone(sender)
        asked = wish(said)
        try:
            template, values = await self._do(asked, telephone, name, now)
        except WrongCode as error:
            template, values = "wrong-code", {"count": str(error.left)}
        except Locked:
            template, values = "locked", {}
        except TooMany as error:
            template, values = "too-many", {"due": f"{error.again:%H:%M}"}
        except NotComplete:
            template, values = "incomplete", {"count": str(self._letters.rules.limits.longest_text)}
        except NotAllowed:
            template, values = "cannot", {}
        return self._say(template, values)

    def away(self) -> str:
        """What is said while nothing can be stored."""
        return self._say("not-stored", {})

    def _say(self, template: str, values: Mapping[str, str]) -> str:
        rules, office = self._letters.rules, self._office
        t = text(self._locale)
        return say(template, values, t, office.owns, rules.sms.signature, office.sms.messages).text

    async def _do(
        self, asked: Wish, telephone: str, name: str, now: datetime
    ) -> tuple[str, Mapping[str, str]]:
        match asked:
            case Ask(number, code):
                letter = await self._letters.lookups.with_code(number, code, now, address=f"tel:{telephone}")
                return self._state(letter, now)
            case Rate(grade, number):
                return await self._rate(telephone, grade, number, name, now)
            case Supply(words_said):
                return await self._supply(telephone, words_said, name, now)
            case Doubt(words_said):
                return await self._doubt(telephone, words_said, name, now)
            case Withdraw(number, code):
                letter = await self._letters.lookups.with_code(number, code, now, address=f"tel:{telephone}")
                event = Event(verb=Verb.WITHDRAW, at=now, role=Role.CITIZEN, by=BY)
                await self._letters.apply(letter.number, event, once=f"sms {name}")
                return "withdrawn", {"number": letter.number}
            case Stop():
                mark = self._letters.keyed.subject("telephone", telephone)
                await self._letters.box.keep(NO_TEXTS, mark, "1", NO_TEXTS_SECONDS)
                return "stopped", {}
            case Write(words_said, kind):
                return await self._write(telephone, words_said, kind or Kind.CONSULT, name, now)
            case Help():
                return "help", {}

    async def _write(
        self, telephone: str, said: str, kind: Kind, name: str, now: datetime
    ) -> tuple[str, Mapping[str, str]]:
        draft = Draft(
            token=self._letters.keyed.token_for(BY, name),
            channel=Channel.SMS,
            kind=kind,
            text=said,
            telephone=telephone,
            reach=Reach.TEXT,
            locale=self._locale,
        )
        receipt = await self._letters.file(draft, now)
        values = {
            "number": receipt.number,
            "code": receipt.code,
            "due": words.due(receipt.answer, text(self._locale), now),
        }
        # Who writes again wants to be told again.
        await self._letters.box.kept(NO_TEXTS, self._letters.keyed.subject("telephone", telephone), take=True)
        return ("received-code" if receipt.code else "received"), values

    async def _rate(
        self, telephone: str, grade: int, number: str, name: str, now: datetime
    ) -> tuple[str, Mapping[str, str]]:
        letter = await self._latest(telephone, Verb.RATE, number, now)
        if letter is None:
            return "nothing-to-rate", {}
        event = Event(verb=Verb.RATE, at=now, role=Role.CITIZEN, by=BY, rating=grade, solved=Solved.UNSAID)
        await self._letters.apply(letter.number, event, once=f"sms {name}")
        return "rated", {"number": letter.number, "grade": str(grade)}

    async def _supply(
        self, telephone: str, said: str, name: str, now: datetime
    ) -> tuple[str, Mapping[str, str]]:
        letter = await self._latest(telephone, Verb.SUPPLY, "", now)
        if letter is None:
            return "nothing-to-supply", {}
        event = Event(verb=Verb.SUPPLY, at=now, role=Role.CITIZEN, by=BY, note=self._cut(said))
        await self._letters.apply(letter.number, event, once=f"sms {name}")
        return "supplied", {"number": letter.number}

    async def _doubt(
        self, telephone: str, said: str, name: str, now: datetime
    ) -> tuple[str, Mapping[str, str]]:
        letter = await self._latest(telephone, Verb.DOUBT, "", now)
        if letter is None:
            return "nothing-to-doubt", {}
        event = Event(verb=Verb.DOUBT, at=now, role=Role.CITIZEN, by=BY, note=self._cut(said))
        letter = await self._letters.apply(letter.number, event, once=f"sms {name}")
        clock = self._letters.clock(letter, now)
        due = words.due(clock.answer, text(self._locale), now)
        return "reopened", {"number": letter.number, "due": due}

    async def _latest(self, telephone: str, verb: Verb, number: str, now: datetime) -> Letter | None:
        """Of this telephone's letters the one for which this is awaited: answered, or asked, last."""
        found = [
            letter
            for letter in await self._letters.of_telephone(telephone)
            if number in ("", letter.number) and verb in self._letters.allowed(letter, Role.CITIZEN, now)
        ]
        return max(found, key=_last_word, default=None)

    def _cut(self, said: str) -> str:
        return said[: self._letters.rules.limits.longest_text]

    def _state(self, letter: Letter, now: datetime) -> tuple[str, Mapping[str, str]]:
        """Where a letter stands. A report's words are not texted, even to who knows its code."""
        t = text(self._locale)
        state = state_of(letter)
        values = {"number": letter.number, "state": words.state(t, state)}
        if said := self._words(letter, state, t):
            return ("state-asked" if state is State.AWAITING else "state-words"), {**values, "words": said}
        glance = self._letters.glance(letter, now)
        if glance.due is None:
            return "state", values
        due = words.due(self._letters.clock(letter, now).answer, t, now)
        return "state-due", {**values, "due": due}

    def _words(self, letter: Letter, state: State, t: Text) -> str:
        if letter.kind is Kind.REPORT or not self._office.sms.answers:
            return ""
        verb = _WORDS.get(state)
        event = last(letter, verb) if verb else None
        if event is None and state in _ANSWERED:
            event = last(letter, Verb.ANSWER)
        unit = words.unit(t, self._letters.rules, unit_of(letter))
        return f"{unit}: {event.note}" if event and event.note and unit else event.note if event else ""


_ANSWERED = (State.REPLIED, State.CLOSED, State.RATED)
_WORDS = {State.AWAITING: Verb.ASK, State.REJECTED: Verb.REJECT}


def _last_word(letter: Letter) -> datetime:
    """When the city last said something about a letter."""
    return max(
        (event.at for event in letter.events if event.verb in (Verb.ANSWER, Verb.ASK, Verb.LAPSE)),
        default=letter.filed,
    )
