"""Letters: what the editions, the desk, short messages and the case system's adapters ask for.

One object for one city. Every method that takes `now` wants an aware moment in the city's own time; every
method may raise LettersAway. What is written is on disk when a method returns; after NotStored the same call
may be repeated and writes once.

    writing      begin, draft, write, pair, join, discard, file, receipt
    typing       mark, pressed, asking, asked, type                      digits, one address a key
    reading      look_up, viewed, peek, unlock, on_box, off_box          for the citizen
                 letter, by_remote, latest_of, query                     for the desk and adapters, unmasked
                 public, public_letter                                   for everybody, masked
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
from typing import Any

from portal import codec
from portal.errors import NotFound
from portal.letters import cards, clock, masks, numbers, states
from portal.letters.board import figures as boards
from portal.letters.calendar import Calendar
from portal.letters.check import check_draft, cleaned
from portal.letters.errors import (
    Changed,
    Locked,
    NoDraft,
    NotAllowed,
    NotStored,
    TooMany,
    WrongCode,
    WrongPairing,
)
from portal.letters.model import (
    Channel,
    Draft,
    Event,
    Glance,
    Kind,
    Letter,
    Pairing,
    PublicLetter,
    Receipt,
    Role,
    Solved,
    State,
    Verb,
)
from portal.letters.outbox import CASE, LEASE_SECONDS, Parcel, lanes_for, pause
from portal.letters.rules import ANSWERED, Rules
from portal.letters.store import Entry, LetterBox, Limited, Tries
from portal.tries import network

PAIRING_TRIES_SECONDS = 900
SHARED_TIMES = 20
"""How many more pairing codes may be mistyped behind an address that many people share."""

PEEKS = 60
"""Numbers that one address may look at without a code within an hour."""

PEEK_SECONDS = 3_600
DRAW_TRIES = 20
APPEND_TRIES = 5
LONGEST_QUERY = 200


DELETE = "del"
"""The key that takes the last digit away, for `Letters.mark`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody has typed so far to look a letter up, or to unlock it."""

    number: str = ""
    code: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which letters a desk wants to see; what is not given does not matter.

    unit       now with this unit; "" for any              states     in one of these; () for any
    open_only  somebody still owes something               overdue    late now
    flagged    waits for review                            mine_only  filed by this worker
    first, last   days of filing, both included
    words      all of these in number, title, text, answer or telephone number
    by_due     nearest deadline first, else newest first
    start, count   which part of what was found; `count` at most 200
    """

    unit: str = ""
    states: tuple[State, ...] = ()
    kind: Kind | None = None
    open_only: bool = False
    overdue: bool = False
    flagged: bool = False
    filed_by: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""
    by_due: bool = True
    start: int = 0
    count: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A letter in a list, with what is computed of it."""

    letter: Letter
    state: State
    unit: str
    clock: clock.Clock
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Part of what a query found, of `total`."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPublic:
    """Part of the public letters found, of `total`."""

    letters: tuple[PublicLetter, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one round of chores has written."""

    cards: int = 0
    lapsed: int = 0
    closed: int = 0
    erased: int = 0
    delivered: int = 0


_NEWS = frozenset(
    (
        Verb.ACCEPT,
        Verb.ASK,
        Verb.LAPSE,
        Verb.EXTEND,
        Verb.TRANSFER,
        Verb.ANSWER,
        Verb.REJECT,
        Verb.DUPLICATE,
        Verb.CLOSE,
    )
)
"""What the city says of a letter, for the notice on its writer's television."""

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
        if len(secret) < 16:
            raise ValueError("the secret of the letters is too short: 16 octets or more")
        self.box = box
        self.rules = rules
        self.calendar = Calendar(rules.days)
        self.lanes = frozenset(lanes)
        self._secret = secret
        self._draw = draw
        self._trusted = trusted
        self._checked = False

    async def start(self) -> None:
        """Check once that the store keeps what it acknowledges; nothing is written before that.

        WeakStorage says what to change. A store that is away now (LettersAway) is checked when it is back.
        """
        if not self._checked:
            await self.box.check(self._subject("seal", "seal"), trusted=self._trusted)
            self._checked = True

    # -- writing ------------------------------------------------------------------------------------------

    async def begin(
        self, channel: Channel, now: datetime, *, address: str = "", locale: str = "zh-Hans", box: str = ""
    ) -> Draft:
        """A new draft. TooMany where this address has begun too many.

        address   whose limit counts, "" for none          box   secret of the household's television, or ""
        """
        if self._counts(address):
            await self._within("drafts", address, now)
        draft = Draft(token=numbers.new_token(), channel=channel, locale=locale, box=box)
        await self.box.put_draft(self._token(draft.token), None, draft, self._draft_seconds)
        return draft

    async def draft(self, token: str) -> Draft:
        """The draft of a token. NoDraft where it has run out, was filed or never was."""
        return await self.box.draft(self._token(token))

    async def write(self, token: str, **changes: Any) -> Draft:
        """Change fields of a draft (not `token`, `version`), on whichever device; the draft as it is then.

        Texts are cleaned of what no screen shows and cut to their limits. NoDraft, LettersAway.
        """
        for _ in range(APPEND_TRIES):
            before = await self.draft(token)
            after = cleaned(replace(before, **changes), self.rules)
            after = replace(after, token=before.token, version=before.version + 1)
            if await self.box.put_draft(self._token(token), before, after, self._draft_seconds):
                return after
        raise Changed("this draft is being written to from several devices at once: try again")

    async def discard(self, token: str) -> None:
        """Forget a draft; none is no error."""
        await self.box.drop_draft(self._token(token))

    async def pair(self, token: str, now: datetime) -> Pairing:
        """A 6-digit code that opens this draft on one more device, once. NoDraft."""
        await self.draft(token)
        minutes = self.rules.limits.pairing_minutes
        for _ in range(DRAW_TRIES):
            code = numbers.pairing_code()
            if await self.box.keep("pairing", self._subject("pairing", code), token, minutes * 60):
                return Pairing(code=code, until=now + timedelta(minutes=minutes))
        raise NotStored("too many pairing codes are in use: try again in some minutes")

    async def join(self, code: str, now: datetime, *, address: str) -> Draft:
        """The draft of a pairing code, which is used up by it. WrongPairing, TooMany for an address that
        guesses.
        """
        tries = await self.box.tried("pairing", self._subject("address", address), PAIRING_TRIES_SECONDS)
        most = self.rules.limits.wrong_pairings * (1 if self._counts(address) else SHARED_TIMES)
        if tries > most:
            raise TooMany("address", now + timedelta(seconds=PAIRING_TRIES_SECONDS))
        token = await self.box.kept("pairing", self._subject("pairing", code), take=True)
        if not token:
            raise WrongPairing("this code is used up, too old or mistyped")
        await self.box.take_back("pairing", self._subject("address", address))
        return await self.draft(token)

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
        if not await self.box.seen_once(self._token(draft.token)):
            check_draft(draft, self.rules)
        for _ in range(DRAW_TRIES):
            letter = self._letter_of(draft, self._draw(), now)
            events = letter.events
            number, again = await self.box.file(
                letter,
                self._token(draft.token),
                telephone=self._subject("telephone", draft.telephone) if draft.telephone else "",
                box=self._subject("box", draft.box) if letter.box else "",
                limits=self._limits(draft, address),
                parcels=[(lane, at) for at, e in enumerate(events) for lane in self._lanes(letter, e)],
            )
            if number:
                break
        else:
            raise NotStored("no free number was found")
        if again:
            letter = await self.letter(number)
        await self.box.drop_draft(self._token(draft.token))
        return self._receipt(letter, draft.token, now, again=again)

    async def receipt(self, token: str, now: datetime) -> Receipt:
        """The receipt of a draft that was filed, for `receipt_minutes`. NoDraft.

        After that an address in a box's history shows nothing any more, not even a number.
        """
        number = await self.box.seen_once(self._token(token))
        found = self._receipt(await self.letter(number), token, now, again=True) if number else None
        if found is None or not found.code:
            raise NoDraft("nothing was filed under this token, or its receipt has been shown")
        return found

    def mark(self, token: str, field: str, before: str, key: str) -> str:
        """A name for pressing a key after what was typed before: its address says nothing of the digits."""
        return self._subject("key", f"{token}\0{field}\0{before}\0{key}")[:10]

    def pressed(self, token: str, field: str, before: str, mark: str) -> str:
        """What is typed after the key of a mark; a page from further back counts from there.

        A mark of what is typed no longer changes nothing: whoever goes back to an old page and presses a key
        there sees what is typed now.
        """
        for length in range(len(before), -1, -1):
            for key in (*"0123456789", DELETE):
                if secrets.compare_digest(
                    mark.encode(), self.mark(token, field, before[:length], key).encode()
                ):
                    return before[:length][:-1] if key == DELETE else before[:length] + key
        return before

    def token_for(self, source: str, name: str) -> str:
        """The token of a message that has a name of its own elsewhere (a text's id, an Open311 client's
        key).
        """
        return numbers.token_for(source, name, self._secret)

    # -- reading, for the citizen -------------------------------------------------------------------------

    async def look_up(self, number: str, code: str, now: datetime, *, address: str) -> tuple[Letter, str]:
        """The letter of a number and its code, and a token that shows it again for `screen_minutes`.

        Wrong codes are counted for letter and address together, so that nobody who knows a number can lock
        its owner out. Those of all strangers to a letter are counted together too, or many addresses would
        find it; an address that has opened the letter before, or unlocked it, is no stranger.

        raises   WrongCode with the tries left, also for numbers that there are not; Locked after too many
        """
        await self._knock(number, address, now)
        limits, pair = self.rules.limits, self._pair(number, address)
        stranger = not await self.box.kept("known", pair)
        left = await self._left(
            ("code", pair, limits.wrong_codes),
            *([("codes", number[:16], limits.wrong_codes_letter)] if stranger else []),
        )
        if left < 0:
            raise Locked
        letter = await self._with_code(number, code)
        if letter is None:
            await self._missed(address)
            if left == 0:
                raise Locked
            raise WrongCode(left)
        await self.box.forgive("code", pair)
        if stranger:
            await self.box.take_back("codes", number[:16])
        await self._now_known(pair, limits.known_days * 24)
        token = numbers.new_token()
        await self.box.keep("view", self._token(token), number, self.rules.limits.screen_minutes * 60)
        return letter, token

    async def asking(self, now: datetime, *, number: str = "", address: str = "") -> str:
        """A token under which number and code are typed on a screen. TooMany."""
        if self._counts(address):
            await self._within("drafts", address, now)
        token = numbers.new_token()
        await self.type(token, Asked(number=number))
        return token

    async def asked(self, token: str) -> Asked:
        """What has been typed under a token of `asking`. NotFound once its minutes are over."""
        raw = await self.box.kept("typed", self._token(token))
        if not raw:
            raise NotFound("what was typed here is forgotten")
        return codec.load(raw, Asked)

    async def type(self, token: str, asked: Asked) -> None:
        """Keep what has been typed, for `screen_minutes` more."""
        seconds = self.rules.limits.screen_minutes * 60
        await self.box.note("typed", self._token(token), codec.dump(asked), seconds)

    async def viewed(self, token: str) -> Letter:
        """The letter that a token of `look_up` may still show. NotFound once its minutes are over."""
        number = await self.box.kept("view", self._token(token))
        if not number:
            raise NotFound("this view has been cleared: number and code again")
        return await self.letter(number)

    async def hide(self, token: str) -> None:
        """Take a token of `look_up` back: the viewer has left the letter."""
        await self.box.kept("view", self._token(token), take=True)

    async def unlock(self, number: str, telephone: str, now: datetime, *, address: str) -> None:
        """Forget the wrong codes from this address for a letter whose telephone number one knows.

        Right ones count like wrong ones: the telephone number is no secret, and each gives more codes to try.

        raises   WrongCode, Locked
        """
        await self._knock(number, address, now)
        limits, pair = self.rules.limits, self._pair(number, address)
        left = await self._left(
            ("unlock", pair, limits.unlocks), ("unlocks", number[:16], limits.unlocks_letter)
        )
        if left < 0:
            raise Locked("telephone")
        try:
            letter = await self.letter(number)
        except NotFound:
            letter = None
        given = numbers.plain_telephone(telephone)
        if (
            letter is None
            or not letter.telephone
            or not secrets.compare_digest(letter.telephone.encode(), given.encode())
        ):
            await self._missed(address)
            raise WrongCode(left)
        await self.box.forgive("code", pair)
        # No longer than its tries are counted, or those who only unlock would become more by the day.
        await self._now_known(pair, limits.lock_hours)

    async def peek(self, number: str, now: datetime, *, address: str) -> Glance:
        """State and due day of a letter by its number alone, for connections where no code may be asked for.

        NotFound also for reports, about which nobody learns anything without the code. TooMany.
        """
        if (
            self._counts(address)
            and await self.box.tried("peek", self._subject("address", address), PEEK_SECONDS) > PEEKS
        ):
            raise TooMany("address", now + timedelta(seconds=PEEK_SECONDS))
        letter = await self.letter(number)
        if letter.kind is Kind.REPORT:
            raise NotFound(f"no letter {number}")
        return self.glance(letter, now)

    async def on_box(self, box: str, now: datetime) -> tuple[Glance, ...]:
        """What a household's television lists: newest first, never a report, never a word of a letter."""
        found = await self.box.numbers(f"box:{self._subject('box', box)}")
        letters = await self.box.letters(found[:LONGEST_QUERY])
        return tuple(
            self.glance(letter, now)
            for letter in letters
            if letter.kind is not Kind.REPORT and letter.erased is None
        )

    async def news(self, box: str) -> tuple[str, ...]:
        """The numbers of a household's letters of which something was said since its menu was looked at."""
        subject = self._subject("box", box)
        seen = codec.load(await self.box.row("seen", subject) or "{}", dict[str, int])
        found = await self.box.numbers(f"box:{subject}")
        return tuple(
            letter.number
            for letter in await self.box.letters(found[:LONGEST_QUERY])
            if letter.kind is not Kind.REPORT
            and letter.erased is None
            and any(event.verb in _NEWS for event in letter.events[seen.get(letter.number, 0) :])
        )

    async def saw(self, box: str) -> None:
        """The menu of a household's television was looked at: what is there now is no news any more."""
        subject = self._subject("box", box)
        letters = await self.box.letters((await self.box.numbers(f"box:{subject}"))[:LONGEST_QUERY])
        if letters:
            versions = {letter.number: letter.version for letter in letters}
            await self.box.put_row("seen", subject, codec.dump(versions))

    async def off_box(self, box: str, number: str) -> None:
        """Take a letter off a household's list; the letter itself goes on."""
        await self.box.off_box(self._subject("box", box), number)

    def glance(self, letter: Letter, now: datetime) -> Glance:
        """State and due day of a letter."""
        ticking = self.clock(letter, now)
        state = states.state_of(letter)
        owed = state in states.OPEN
        return Glance(
            number=letter.number,
            state=state,
            due=ticking.answer.day if owed else None,
            provisional=owed and ticking.answer.provisional,
            overdue=owed and ticking.overdue(now),
        )

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
        subject = self._subject("telephone", numbers.plain_telephone(telephone))
        return tuple(await self.box.letters(await self.box.numbers(f"telephone:{subject}")))

    async def with_code(self, number: str, code: str, now: datetime, *, address: str) -> Letter:
        """`look_up` without a view: for a text that asks for its state. The same limits and errors."""
        letter, token = await self.look_up(number, code, now, address=address)
        await self.hide(token)
        return letter

    async def query(self, asked: Query, now: datetime) -> Found:
        """The letters that a desk asks for, one part of them."""
        rows = await self.rows(asked, now)
        count = min(asked.count, LONGEST_QUERY)
        return Found(rows=tuple(rows[asked.start : asked.start + count]), total=len(rows))

    async def rows(self, asked: Query, now: datetime) -> list[Row]:
        """All letters that a desk asks for."""
        if (
            asked.open_only
            or asked.overdue
            or asked.flagged
            or (asked.states and all(state in states.OPEN for state in asked.states))
        ):
            found = await self.box.live_numbers()
        else:
            first, last = _span(asked.first, asked.last, now)
            found = await self.box.numbers(f"unit:{asked.unit}" if asked.unit else "filed", first, last)
        letters = await self.box.letters(found)
        rows = [row for row in (self.row(letter, now) for letter in letters) if _fits(row, asked, now)]
        if asked.by_due:
            rows.sort(key=lambda row: (row.state not in states.OPEN, row.clock.answer.due, row.letter.number))
        else:
            rows.sort(key=lambda row: (row.letter.filed, row.letter.number), reverse=True)
        return rows

    # -- reading, for everybody ---------------------------------------------------------------------------

    async def public(self, words: str = "", *, start: int = 0, count: int = 20) -> FoundPublic:
        """Public letters, newest answer first; `words`: all of them in title, text or answer."""
        letters = await self.box.letters(await self.box.numbers("public"))
        shown = [self._public(letter) for letter in letters if states.is_public(letter)]
        wanted = words.casefold().split()[:10]
        if wanted:
            shown = [
                each
                for each in shown
                if all(word in f"{each.title}\n{each.text}\n{each.answer}".casefold() for word in wanted)
            ]
        return FoundPublic(letters=tuple(shown[start : start + min(count, LONGEST_QUERY)]), total=len(shown))

    async def public_letter(self, public_id: str) -> PublicLetter:
        """One public letter, masked. NotFound, also once it is taken off."""
        letter = await self.letter(await self.box.named("publics", public_id))
        if not states.is_public(letter):
            raise NotFound(f"letter '{public_id}' is not public")
        return self._public(letter)

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
        return bool(await self.box.seen_once(self._subject("event", once)))

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

    def subject(self, kind: str, value: str) -> str:
        """A keyed hash that stands for a value: 24 hex digits, equal for equal, and nothing else."""
        return self._subject(kind, value)

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
        once = self._subject("event", once or secrets.token_hex(16))
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
            public_id=self._public_id(letter.number) if public != states.is_public(letter) else "",
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
                letter, bare, self._subject("telephone", letter.telephone), self._public_id(letter.number)
            )
        except Changed:
            return False
        return True

    async def _with_code(self, number: str, code: str) -> Letter | None:
        """The letter, where number and code belong together."""
        hashed = numbers.code_hash(number, code, self._secret)
        try:
            letter = await self.letter(number)
        except NotFound:
            letter = None
        known = letter.code if letter is not None and letter.code else "none"
        return letter if secrets.compare_digest(known, hashed) else None

    async def _knock(self, number: str, address: str, now: datetime) -> None:
        """Stop an address that has tried too many codes of whatever letters."""
        most = self.rules.limits.wrong_codes_address
        if (
            self._counts(address)
            and await self.box.tries("address", self._subject("address", address)) >= most
        ):
            raise TooMany("address", now + timedelta(hours=self.rules.limits.lock_hours))
        if not numbers.is_number(number):
            raise WrongCode(self.rules.limits.wrong_codes)

    def _pair(self, number: str, address: str) -> str:
        """A letter's number and an address, as they are counted together."""
        return f"{number[:16]}:{self._subject('address', address)}"

    async def _left(self, *counted: tuple[str, str, int]) -> int:
        """Count a try before it is looked at; how many are left of each (kind, subject, most), the fewest.

        The first that has none left ends it: what one address does in vain uses up no one else's tries.
        """
        left: list[int] = []
        for kind, subject, most in counted:
            left.append(most - await self.box.tried(kind, subject, self.rules.limits.lock_hours * 3_600))
            if left[-1] < 0:
                break
        return min(left)

    async def _now_known(self, pair: str, hours: int) -> None:
        """For so long this address is no stranger to the letter."""
        await self.box.note("known", pair, "1", hours * 3_600)

    async def _missed(self, address: str) -> None:
        """Count a wrong code for the address that it came from."""
        if self._counts(address):
            seconds = self.rules.limits.lock_hours * 3_600
            await self.box.tried("address", self._subject("address", address), seconds)

    def _counts(self, address: str) -> bool:
        """Whether an address stands for few enough people to be counted."""
        return bool(address) and not self.rules.is_shared(address)

    async def _within(self, kind: str, value: str, now: datetime) -> None:
        for at, (count, seconds) in enumerate(self.rules.limits.drafts):
            if await self.box.tried(kind, f"{at}:{self._subject('address', value)}", seconds) > count:
                raise TooMany(kind, now + timedelta(seconds=seconds))

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
            code=numbers.code_hash(number, numbers.code_of(draft.token, self._secret), self._secret),
            events=(filed, deliver) if here else (filed,),
        )

    def _receipt(self, letter: Letter, token: str, now: datetime, *, again: bool) -> Receipt:
        fresh = now - letter.filed <= timedelta(minutes=self.rules.limits.receipt_minutes)
        ticking = self.clock(letter, now)
        return Receipt(
            number=letter.number,
            code=numbers.code_of(token, self._secret) if fresh or not again else "",
            filed=letter.filed,
            state=states.state_of(letter),
            accept=ticking.accept,
            answer=ticking.answer,
            again=again,
        )

    def _limits(self, draft: Draft, address: str) -> list[Limited]:
        limits = self.rules.limits
        if draft.filed_by:
            # A worker files for many people, who may have no telephone of their own: the worker's limit
            # counts.
            return [Limited("worker", self._subject("worker", draft.filed_by), limits.worker)]
        found = []
        if draft.telephone:
            found.append(Limited("telephone", self._subject("telephone", draft.telephone), limits.telephone))
        if draft.box:
            found.append(Limited("box", self._subject("box", draft.box), limits.box))
        if self._counts(address):
            found.append(Limited("address", self._subject("address", address), limits.address))
        return found

    def _lanes(self, letter: Letter, event: Event) -> tuple[str, ...]:
        return lanes_for(letter, event, self.lanes)

    def row(self, letter: Letter, now: datetime) -> Row:
        """A letter with what is computed of it at a moment."""
        ticking = self.clock(letter, now)
        state = states.state_of(letter)
        return Row(
            letter=letter,
            state=state,
            unit=states.unit_of(letter),
            clock=ticking,
            overdue=state in states.OPEN and ticking.overdue(now),
        )

    def _public(self, letter: Letter) -> PublicLetter:
        answer, rated = states.last(letter, Verb.ANSWER), states.last(letter, Verb.RATE)
        return PublicLetter(
            id=self._public_id(letter.number),
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

    def _public_id(self, number: str) -> str:
        return self._subject("public", number)[:12]

    def _subject(self, kind: str, value: str) -> str:
        # Who has one address of IPv6 has a whole network of them.
        named = network(value) if kind == "address" else value
        return numbers.subject(kind, named, self._secret)

    def _token(self, token: str) -> str:
        return self._subject("token", token)

    @property
    def _draft_seconds(self) -> int:
        return self.rules.limits.draft_hours * 3_600


def _span(first: date | None, last: date | None, now: datetime) -> tuple[float, float]:
    """The seconds of these days, both included, in the zone of `now`."""
    begin = datetime.combine(first, time.min, now.tzinfo).timestamp() if first else float("-inf")
    end = datetime.combine(last + timedelta(days=1), time.min, now.tzinfo).timestamp() if last else None
    return begin, float("inf") if end is None else end - 1


def _fits(row: Row, asked: Query, now: datetime) -> bool:
    letter = row.letter
    filed = letter.filed.astimezone(now.tzinfo).date()
    words = asked.words.casefold().split()[:10]
    said = "\n".join(
        (letter.number, letter.title, letter.text, letter.telephone, *(e.note for e in letter.events))
    )
    return (
        (not asked.unit or row.unit == asked.unit)
        and (not asked.states or row.state in asked.states)
        and (asked.kind is None or letter.kind is asked.kind)
        and (not asked.open_only or row.state in states.OPEN)
        and (not asked.overdue or row.overdue)
        and (not asked.flagged or (bool(letter.flagged) and not states.count(letter, Verb.RELEASE)))
        and (not asked.filed_by or letter.filed_by == asked.filed_by)
        and (asked.first is None or filed >= asked.first)
        and (asked.last is None or filed <= asked.last)
        and all(word in said.casefold() for word in words)
    )
