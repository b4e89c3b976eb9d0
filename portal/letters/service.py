"""Letters: what the editions, the desk, short messages and the case system's adapters ask for.

One object for one city. Every method that takes `now` wants an aware moment in the city's own time; every
method may raise LettersAway. What is written is on disk when a method returns; after NotStored the same call
may be repeated and writes once.

    writing      drafts (begin, get, write, pair, join, discard); then file, receipt
                 pad: digits on a screen, an address for each key
    reading      lookups (open, viewed, peek, unlock ...), household     for the citizen
                 letter, by_remote, latest_of, query                     for the desk and adapters, unmasked
                 publics (find, one)                                     for everybody, masked
    acting       apply, and in words of their own: rate, doubt, supply, urge, withdraw; allowed
    delivering   claim, delivered, failed, waiting                       see `outbox` for the lanes
    supervising  clock, chores, figures
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from portal.errors import NotFound
from portal.letters import cards, clock, numbers, standing, states
from portal.letters.board import figures as boards
from portal.letters.calendar import Calendar
from portal.letters.check import check_draft, cleaned
from portal.letters.drafts import Drafts
from portal.letters.errors import Changed, NoDraft, NotAllowed, NotStored
from portal.letters.guard import Guard
from portal.letters.household import Household
from portal.letters.keyed import Keyed
from portal.letters.lookups import Lookups
from portal.letters.model import (
    Draft,
    Event,
    Glance,
    Kind,
    Letter,
    Receipt,
    Role,
    Solved,
    State,
    Verb,
)
from portal.letters.outbox import CASE, LEASE_SECONDS, Parcel, lanes_for, pause
from portal.letters.pad import Pad
from portal.letters.publics import Publics
from portal.letters.queries import LONGEST_QUERY, Found, Query, chosen
from portal.letters.rules import ANSWERED, Rules
from portal.letters.standing import Row
from portal.letters.store import Entry, LetterBox, Tries

DRAW_TRIES = 20
APPEND_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round of chores has written."""

    cards: int = 0
    lapsed: int = 0
    closed: int = 0
    erased: int = 0
    delivered: int = 0


_CHORES = {
    Verb.CARD: "cards",
    Verb.LAPSE: "lapsed",
    Verb.CLOSE: "closed",
    Verb.DELIVER: "delivered",
}


class Letters:
    """The letters of one city."""

    def __init__(
        self,
        box: LetterBox,
        rules: Rules,
        secret: bytes,
        *,
        lanes: Collection[str] = (),
        trusted: bool = False,
        draw: Callable[[], str] = numbers.draw,
    ) -> None:
        """`lanes`: the outboxes that somebody empties; without `case` the desk here is where letters arrive.

        secret   at least 16 octets, the same on every server and never in Redis
        trusted  do not ask the store how it is configured
        """
        self.box = box
        self.rules = rules
        self.calendar = Calendar(rules.days)
        self.lanes = frozenset(lanes)
        self.keyed = keyed = Keyed(secret)
        guard = Guard(box, rules, keyed)
        self.drafts = Drafts(box, rules, keyed, guard)
        self.pad = Pad(keyed)
        self.lookups = Lookups(box, rules, self.calendar, keyed, guard)
        self.household = Household(box, rules, self.calendar, keyed)
        self.publics = Publics(box, keyed)
        self._guard = guard
        self._draw = draw
        self._trusted = trusted
        self._checked = False

    async def start(self) -> None:
        """Check once that the store keeps what it acknowledges; nothing is written before that.

        WeakStorage says what to change. A store that is away now (LettersAway) is checked when it is back.
        """
        if not self._checked:
            await self.box.check(self.keyed.subject("seal", "seal"), trusted=self._trusted)
            self._checked = True

    # -- writing ------------------------------------------------------------------------------------------

    async def file(self, draft: Draft, now: datetime, *, address: str = "") -> Receipt:
        """File a draft; on disk, with its place in the outboxes, when this returns.

        The draft's token is the idempotency key: filing it again gives the same receipt, with `again`, and
        with the code for `receipt_minutes`. A message that comes from elsewhere takes `token_for` as its
        token.

        address   the sender's network address, "" where there is none (a short message)
        raises    NotComplete with every field to mend, TooMany, NotStored (nothing was promised; press again)
        """
        await self.start()
        draft = cleaned(draft, self.rules)
        # A second press finds its letter even after the rules, or what a clock allows, have changed.
        if not await self.box.seen_once(self.keyed.token(draft.token)):
            check_draft(draft, self.rules)
        for _ in range(DRAW_TRIES):
            letter = self._letter_of(draft, self._draw(), now)
            events = letter.events
            number, again = await self.box.file(
                letter,
                self.keyed.token(draft.token),
                telephone=self.keyed.subject("telephone", draft.telephone) if draft.telephone else "",
                box=self.keyed.subject("box", draft.box) if letter.box else "",
                limits=self._guard.writing(draft, address),
                parcels=[(lane, at) for at, e in enumerate(events) for lane in self._lanes(letter, e)],
            )
            if number:
                break
        else:
            raise NotStored("no free number was found")
        if again:
            letter = await self.letter(number)
        await self.box.drop_draft(self.keyed.token(draft.token))
        return self._receipt(letter, draft.token, now, again=again)

    async def receipt(self, token: str, now: datetime) -> Receipt:
        """The receipt of a draft that was filed, for `receipt_minutes`. NoDraft.

        After that an address in a box's history shows nothing any more, not even a number.
        """
        number = await self.box.seen_once(self.keyed.token(token))
        found = self._receipt(await self.letter(number), token, now, again=True) if number else None
        if found is None or not found.code:
            raise NoDraft("nothing was filed under this token, or its receipt has been shown")
        return found

    # -- reading, for the desk and adapters ---------------------------------------------------------------

    async def letter(self, number: str) -> Letter:
        """The letter of a number, unmasked. NotFound."""
        return await self.box.letter(number)

    async def by_remote(self, name: str) -> Letter:
        """The letter that has this name in the case system. NotFound."""
        return await self.letter(await self.box.named("remotes", name))

    async def latest_of(self, telephone: str) -> Letter:
        """The newest letter of a telephone number ("5" by text rates it). NotFound."""
        found = await self.of_telephone(telephone)
        if not found:
            raise NotFound("no letter of this telephone number")
        return found[0]

    async def of_telephone(self, telephone: str) -> tuple[Letter, ...]:
        """The letters of a telephone number, newest first."""
        subject = self.keyed.subject("telephone", numbers.plain_telephone(telephone))
        return tuple(await self.box.letters(await self.box.numbers(f"telephone:{subject}")))

    async def query(self, asked: Query, now: datetime) -> Found:
        """The letters that a desk asks for, one part of them."""
        rows = await self.rows(asked, now)
        count = min(asked.count, LONGEST_QUERY)
        return Found(rows=tuple(rows[asked.start : asked.start + count]), total=len(rows))

    async def rows(self, asked: Query, now: datetime) -> list[Row]:
        """All letters that a desk asks for."""
        if asked.owed_only:
            found = await self.box.live_numbers()
        else:
            first, last = _span(asked.first, asked.last, now)
            found = await self.box.numbers(f"unit:{asked.unit}" if asked.unit else "filed", first, last)
        return chosen((self.row(letter, now) for letter in await self.box.letters(found)), asked, now)

    def row(self, letter: Letter, now: datetime) -> Row:
        """A letter with what is computed of it at a moment."""
        return standing.row(letter, self.rules, self.calendar, now)

    def glance(self, letter: Letter, now: datetime) -> Glance:
        """State and due day of a letter."""
        return standing.glance(letter, self.rules, self.calendar, now)

    # -- acting -------------------------------------------------------------------------------------------

    async def apply(
        self, number: str, event: Event, *, unit: str = "", once: str = "", remote: str = ""
    ) -> Letter:
        """Write an event to a letter; the letter with it.

        unit     a clerk's or head's own unit
        once     a name of this change elsewhere: the same one changes nothing again
        remote   the letter's name in the case system, where it is learnt with this event
        raises   NotFound, NotAllowed (see its `why`), NotStored
        """
        return await self._write(number, (event,), unit=unit, once=once, remote=remote)

    async def apply_all(
        self, number: str, events: Sequence[Event], *, unit: str = "", once: str = "", remote: str = ""
    ) -> Letter:
        """Write several events in one step: all of them, or none. As `apply` for the rest."""
        return await self._write(number, events, unit=unit, once=once, remote=remote)

    async def written_once(self, once: str) -> bool:
        """Whether something was written under this name before."""
        return bool(await self.box.seen_once(self.keyed.subject("event", once)))

    async def rate(
        self,
        number: str,
        grade: int,
        solved: Solved,
        now: datetime,
        *,
        role: Role = Role.CITIZEN,
        once: str = "",
    ) -> Letter:
        """A citizen's grade from 1 to 5. NotAllowed where nothing is answered yet or it was rated."""
        event = Event(verb=Verb.RATE, at=now, role=role, rating=grade, solved=solved)
        return await self.apply(number, event, once=once)

    async def doubt(
        self,
        number: str,
        now: datetime,
        *,
        reason: str = "",
        note: str = "",
        role: Role = Role.CITIZEN,
        once: str = "",
    ) -> Letter:
        """Open the letter again, once, with a ready reason or words; a clock of its own begins.
        NotAllowed.
        """
        if reason and self.rules.reason(reason) is None:
            raise NotAllowed("reason", f"no ready reason '{reason}' in the rules")
        event = Event(verb=Verb.DOUBT, at=now, role=role, reason=reason, note=note)
        return await self.apply(number, event, once=once)

    async def supply(self, number: str, text: str, now: datetime, *, role: Role = Role.CITIZEN) -> Letter:
        """What the citizen was asked for; the clock goes on. NotAllowed."""
        return await self.apply(number, Event(verb=Verb.SUPPLY, at=now, role=role, note=text))

    async def urge(self, number: str, now: datetime, *, role: Role = Role.CITIZEN) -> Letter:
        """Ask the unit to hurry, once a day. NotAllowed."""
        return await self.apply(number, Event(verb=Verb.URGE, at=now, role=role))

    async def withdraw(
        self, number: str, now: datetime, *, role: Role = Role.CITIZEN, note: str = ""
    ) -> Letter:
        """Take an open letter back. NotAllowed."""
        return await self.apply(number, Event(verb=Verb.WITHDRAW, at=now, role=role, note=note))

    def allowed(self, letter: Letter, role: Role, now: datetime, unit: str = "") -> tuple[Verb, ...]:
        """What somebody may do with a letter now; `unit` is a clerk's or head's own."""
        return states.verbs(letter, role, self.rules, now, unit)

    # -- delivering ---------------------------------------------------------------------------------------

    async def claim(
        self, lane: str, now: datetime, *, count: int = 20, lease: float = LEASE_SECONDS
    ) -> tuple[Parcel, ...]:
        """Take parcels whose time has come; nobody else gets them for `lease` seconds.

        Of one letter the earliest event alone is given out, so that the other side hears things in order.
        """
        parcels = []
        for entry, tries in await self.box.claim(lane, now, lease, count):
            letter = await self.letter(entry.number)
            parcels.append(Parcel(entry, letter, letter.events[entry.index], tries.attempts, tries.error))
        return tuple(parcels)

    async def delivered(self, parcel: Parcel, now: datetime, *, remote: str = "") -> None:
        """The other side has it. For the filing itself the letter is 待审核 from now on, in the same step.

        remote   its name in the case system
        """
        entry = parcel.entry
        if entry.lane != CASE or parcel.event.verb not in (Verb.FILE, Verb.RELEASE):
            await self.box.done(entry)
            return
        event = Event(verb=Verb.DELIVER, at=now, role=Role.SYSTEM, to=remote)
        try:
            await self._write(
                entry.number, (event,), once=f"delivered {entry.name}", remote=remote, done=(entry,)
            )
        except NotAllowed:
            # It was withdrawn, or answered by push, before we noted the delivery.
            await self.box.done(entry)

    async def trying(self, parcel: Parcel) -> None:
        """Note that a parcel is about to be handed over, so that a server that is killed meanwhile leaves
        word: `attempts` above 0 means that the other side may have it already.
        """
        await self.box.trying(parcel.entry, Tries(parcel.attempts + 1, parcel.error))

    async def failed(self, parcel: Parcel, error: str, now: datetime) -> datetime:
        """The other side did not take it: when it is tried again. It is tried for ever; `waiting` shows
        it.
        """
        tries = Tries(parcel.attempts + 1, error[:300])
        again = now + timedelta(seconds=pause(tries.attempts))
        await self.box.put_off(parcel.entry, tries, again)
        return again

    async def dropped(self, parcel: Parcel) -> None:
        """Nobody can take it (a telephone number that is none): do not try again."""
        await self.box.done(parcel.entry)

    async def waiting(self, lane: str) -> tuple[tuple[Entry, Tries], ...]:
        """Everything in a lane that is not delivered, what is tried next first."""
        return tuple(await self.box.waiting(lane))

    # -- supervising --------------------------------------------------------------------------------------

    def clock(self, letter: Letter, now: datetime) -> clock.Clock:
        """The deadlines of a letter, with their reasoning."""
        return clock.deadlines(letter, self.rules, self.calendar, now)

    def cards_due(self, letter: Letter, now: datetime) -> tuple[cards.Card, ...]:
        """The cards that `chores` would give a letter now."""
        return cards.due(letter, self.rules, self.calendar, now)

    async def chores(self, now: datetime) -> Done:
        """Give the cards that are due, end what nobody supplied, close what is answered, erase what is old.

        May run anywhere and at the same time: each event is written once. Call it every minute.
        """
        await self.start()
        done: Counter[str] = Counter()
        for letter in await self.box.letters(await self.box.live_numbers()):
            events = [card.event(now) for card in self.cards_due(letter, now)]
            events += clock.chores(letter, self.rules, self.calendar, now)
            if self._arrives(letter):
                events.append(Event(verb=Verb.DELIVER, at=now, role=Role.SYSTEM))
            try:
                for event in events:
                    # As it was read: if somebody has written meanwhile, the next round looks again.
                    letter = await self._append(letter, (event,))  # noqa: PLW2901 - the letter goes on
                    done[_CHORES[event.verb]] += 1
            except (NotAllowed, Changed):
                continue
        old = (now - timedelta(days=self.rules.privacy.keep_days)).timestamp()
        for letter in await self.box.letters(await self.box.numbers("worded", last=old)):
            done["erased"] += await self._erase(letter, now)
        return Done(**done)

    async def figures(self, span: boards.Span, now: datetime) -> boards.Board:
        """The board of a span of days."""
        # A promise may fall due long after its letter was filed; nothing is owed for longer than this.
        first = span.first - timedelta(days=boards.LOOK_BACK_DAYS)
        letters = await self.box.letters(await self.box.numbers("filed", *_span(first, span.last, now)))
        return await asyncio.to_thread(boards.board, letters, span, self.rules, self.calendar, now)

    # -- inside -------------------------------------------------------------------------------------------

    async def _write(
        self,
        number: str,
        events: Sequence[Event],
        *,
        unit: str = "",
        once: str = "",
        remote: str = "",
        done: Sequence[Entry] = (),
    ) -> Letter:
        await self.start()
        once = self.keyed.subject("event", once or secrets.token_hex(16))
        for _ in range(APPEND_TRIES):
            letter = await self.letter(number)
            if await self.box.seen_once(once):
                return await self.letter(number)
            try:
                return await self._append(letter, events, unit=unit, once=once, remote=remote, done=done)
            except Changed:
                continue
        raise Changed(f"letter {number} is being written to from several places at once: try again")

    async def _append(
        self,
        letter: Letter,
        events: Sequence[Event],
        *,
        unit: str = "",
        once: str = "",
        remote: str = "",
        done: Sequence[Entry] = (),
    ) -> Letter:
        """Write events to a letter as it was read, with what follows from them. NotAllowed, Changed."""
        after = letter
        for event in events:
            states.check(after, event, self.rules, unit)
            after = replace(after, events=(*after.events, event))
        new = [*events, *self._follows(after, events[-1])]
        after = replace(letter, events=(*letter.events, *new))
        state, public = states.state_of(after), states.is_public(after)
        answered = states.last(after, Verb.ANSWER)
        return await self.box.append(
            letter,
            new,
            once=once or secrets.token_hex(12),
            live=state in (*states.OPEN, State.REPLIED),
            parcels=[
                (lane, at)
                for at, event in enumerate(new, letter.version)
                for lane in self._lanes(letter, event)
            ],
            done=done,
            public_id=self.keyed.public_id(letter.number) if public != states.is_public(letter) else "",
            public_day=int(f"{answered.at:%Y%m%d}") if public and answered else 0,
            remote=remote,
        )

    async def _erase(self, letter: Letter, now: datetime) -> bool:
        state = states.state_of(letter)
        ended = letter.events[-1].at if letter.events else letter.filed
        if (
            letter.erased
            or state in states.OPEN
            or ended > now - timedelta(days=self.rules.privacy.keep_days)
        ):
            return False
        note = Event(verb=Verb.NOTE, at=now, role=Role.SYSTEM, inner="erased")
        bare = replace(
            letter,
            telephone="",
            title="",
            text="",
            name="",
            code="",
            erased=now,
            events=(*(replace(event, note="", inner="") for event in letter.events), note),
        )
        try:
            await self.box.erase(
                letter,
                bare,
                self.keyed.subject("telephone", letter.telephone),
                self.keyed.public_id(letter.number),
            )
        except Changed:
            return False
        return True

    def _letter_of(self, draft: Draft, number: str, now: datetime) -> Letter:
        if draft.kind is None:
            raise ValueError("a draft without a kind is not complete")
        worker = bool(draft.filed_by)
        phrase = self.rules.phrase(draft.phrase)
        topic = self.rules.topic(draft.topic)
        flagged = self.rules.flagged(draft.text, draft.name)
        filed = Event(verb=Verb.FILE, at=now, role=Role.WORKER if worker else Role.CITIZEN, by=draft.filed_by)
        deliver = Event(verb=Verb.DELIVER, at=now, role=Role.SYSTEM)
        here = CASE not in self.lanes and not flagged
        title = phrase.name if phrase else (draft.text.split("\n")[0][:40] or (topic.name if topic else ""))
        return Letter(
            number=number,
            filed=now,
            kind=draft.kind,
            channel=draft.channel,
            telephone=draft.telephone,
            title=title,
            topic=draft.topic,
            unit=draft.unit or (topic.unit if topic else ""),
            phrase=draft.phrase,
            text=draft.text,
            name=draft.name,
            reach=draft.reach,
            consent=draft.consent and draft.kind is not Kind.REPORT,
            locale=draft.locale,
            filed_by=draft.filed_by,
            box=bool(draft.box) and draft.kind is not Kind.REPORT,
            flagged=flagged,
            code=self.keyed.code_hash(number, self.keyed.code_of(draft.token)),
            events=(filed, deliver) if here else (filed,),
        )

    def _receipt(self, letter: Letter, token: str, now: datetime, *, again: bool) -> Receipt:
        fresh = now - letter.filed <= timedelta(minutes=self.rules.limits.receipt_minutes)
        ticking = self.clock(letter, now)
        return Receipt(
            number=letter.number,
            code=self.keyed.code_of(token) if fresh or not again else "",
            filed=letter.filed,
            state=states.state_of(letter),
            accept=ticking.accept,
            answer=ticking.answer,
            again=again,
        )

    def _lanes(self, letter: Letter, event: Event) -> tuple[str, ...]:
        return lanes_for(letter, event, self.lanes)

    def _arrives(self, letter: Letter) -> bool:
        """Whether a letter still waits for a case system that the city has given up."""
        waits = letter.flagged and not states.count(letter, Verb.RELEASE)
        return CASE not in self.lanes and not waits and states.state_of(letter) is State.QUEUED

    def _follows(self, letter: Letter, event: Event) -> tuple[Event, ...]:
        """What the system does along with an event, in the same step."""
        if event.verb is Verb.RELEASE and CASE not in self.lanes:
            return (Event(verb=Verb.DELIVER, at=event.at, role=Role.SYSTEM),)
        if event.verb is Verb.ANSWER and self.rules.privacy.publish == ANSWERED and not letter.flagged:
            publish = Event(verb=Verb.PUBLISH, at=event.at, role=Role.SYSTEM)
            hidden = states.last(letter, Verb.HIDE) is not None
            if not hidden and Verb.PUBLISH in states.verbs(letter, Role.SYSTEM, self.rules, event.at):
                return (publish,)
        return ()


def _span(first: date | None, last: date | None, now: datetime) -> tuple[float, float]:
    """The seconds of these days, both included, in the zone of `now`."""
    begin = datetime.combine(first, time.min, now.tzinfo).timestamp() if first else float("-inf")
    end = datetime.combine(last + timedelta(days=1), time.min, now.tzinfo).timestamp() if last else None
    return begin, float("inf") if end is None else end - 1
