"""Who carries the parcels of a lane to their receivers: the case system, the units' mailboxes, telephones.

A carrier takes one parcel and either returns, with the name that the letter has over there, or raises:
NotTaken says whether another try may help. What it did may have arrived even where it raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from portal.errors import PortalError
from portal.letters import notices, words
from portal.letters.desk.accounts import Account, Accounts
from portal.letters.mail import compose
from portal.letters.mail import sender as smtp
from portal.letters.model import Channel, Event, Letter, Role, Verb
from portal.letters.numbers import is_telephone
from portal.letters.officefile import Office
from portal.letters.open311 import mapping
from portal.letters.open311.client import CaseSystem, CaseSystemAway, Refused
from portal.letters.outbox import Parcel
from portal.letters.service import Letters
from portal.letters.sms.gateway import Binary, Gateway, NotSent
from portal.letters.sms.templates import Message, say
from portal.letters.states import unit_of
from portal.text import Text, text

STALE_DAYS = 3
"""A text about what happened longer ago is not sent any more: the letter's state has moved on."""

OFFICE_LOCALE = "zh-Hans"

HANDED_OVER = (Verb.ACCEPT, Verb.TRANSFER)

NO_TEXTS = "no-texts"
"""Under what the letter box remembers who wants no texts any more."""

PushOf = Callable[[Letter, str], Sequence[Binary]]
"""A WAP push about a letter with these words, as the parts of a binary message."""


class NotTaken(PortalError):
    """The other side did not take a parcel. `again`: another try may help."""

    def __init__(self, said: str, *, again: bool) -> None:
        self.again = again
        super().__init__(said)


class Carrier(Protocol):
    """What a lane is emptied by."""

    async def carry(self, parcel: Parcel, now: datetime) -> str:
        """Hand a parcel over; the letter's name over there, or "". Raises NotTaken."""


class ToCaseSystem:
    """Letters and what citizens say of them, as requests and updates of Open311."""

    def __init__(self, letters: Letters, system: CaseSystem, office: Office) -> None:
        self._letters, self._system = letters, system
        self._table = office.open311
        self._codes = {entry.name: entry.value for entry in office.open311.services}

    async def carry(self, parcel: Parcel, now: datetime) -> str:
        """File it, or tell what was added to it. Raises NotTaken."""
        if parcel.event.verb in HANDED_OVER:
            return ""
        try:
            if parcel.event.verb in (Verb.FILE, Verb.RELEASE):
                return await self._file(parcel)
            return await self._tell(parcel, now)
        except CaseSystemAway as error:
            raise NotTaken(str(error), again=True) from error
        except Refused as error:
            # A letter is never given up: the operator sees in `waiting` why it is not taken.
            raise NotTaken(str(error), again=True) from error

    async def _file(self, parcel: Parcel) -> str:
        letter = parcel.letter
        if parcel.attempts and (found := await self._found(mapping.mark(letter.number), letter)):
            return found
        form = mapping.parcel(
            letter, self._letters.rules, text(OFFICE_LOCALE), self._codes, self._table.address
        )
        return await self._system.file(form, mapping.idempotency_key(letter))

    async def _tell(self, parcel: Parcel, now: datetime) -> str:
        letter, event = parcel.letter, parcel.event
        remotes = mapping.remotes(letter)
        said = _said(event, self._letters)
        key = f"{mapping.idempotency_key(letter)}-{parcel.entry.index}"
        if self._table.updates and remotes:
            form = (
                ("service_request_id", remotes[-1]),
                ("update_id", key),
                ("updated_datetime", event.at.isoformat(timespec="seconds")),
                ("status", "open"),
                ("description", said),
                ("attribute[event]", str(event.verb)),
            )
            await self._system.tell(form, key)
            return ""
        if event.verb not in (Verb.SUPPLY, Verb.DOUBT, Verb.WITHDRAW):
            return ""  # plain GeoReport has no word for a rating, and nobody owes an answer to it
        mark = mapping.mark(letter.number, parcel.entry.index)
        remote = await self._found(mark, letter) if parcel.attempts else ""
        if not remote:
            ours = mapping.parcel(
                letter, self._letters.rules, text(OFFICE_LOCALE), self._codes, self._table.address
            )
            about = f"{said}\n({', '.join(remotes)})\n{mark}"
            second = [(name, about if name == "description" else value) for name, value in ours]
            remote = await self._system.file(second, key)
        # Its answer comes under the second request's name: the letter must be found by it.
        note = Event(verb=Verb.NOTE, at=now, role=Role.SYSTEM, by="open311", inner=remote, to=remote)
        await self._letters.apply(letter.number, note, once=f"second {key}", remote=remote)
        return remote

    async def _found(self, mark: str, letter: Letter) -> str:
        """A request whose answer was lost on the way, where the system lists what it has."""
        try:
            return await self._system.find(mark, letter.filed - timedelta(hours=1))
        except Refused:
            return ""


class ToMailboxes:
    """Letters and what citizens say of them, as messages to the unit that has the letter."""

    def __init__(self, letters: Letters, office: Office, post: compose.Post, server: smtp.Server) -> None:
        self._letters, self._office, self._post, self._server = letters, office, post, server

    async def carry(self, parcel: Parcel, now: datetime) -> str:
        """Send it; of a letter that is handed over, to the unit that gets it. Raises NotTaken."""
        letter = parcel.letter
        unit = unit_of(letter)
        if parcel.event.verb in HANDED_OVER:
            before = unit_of(replace(letter, events=letter.events[: parcel.entry.index]))
            if parcel.event.unit in ("", before) or unit != parcel.event.unit:
                return ""  # it has the letter already, or has passed it on meanwhile
        to = self._office.mailbox(unit)
        try:
            mail = compose.message(
                letter,
                parcel.event,
                parcel.entry.index,
                to,
                self._post,
                self._letters.rules,
                text(OFFICE_LOCALE),
                self._letters.clock(letter, now),
            )
            await smtp.send(mail, self._server)
        except (smtp.NotMailed, ValueError) as error:
            # A letter is never given up: the mailbox may be mended.
            raise NotTaken(str(error), again=True) from error
        return ""


class ToCitizens:
    """Texts to the citizen, and a WAP push beside them where the city sends those."""

    def __init__(
        self, letters: Letters, office: Office, gateway: Gateway, push_of: PushOf | None = None
    ) -> None:
        self._letters, self._office, self._gateway = letters, office, gateway
        self._push_of = push_of if office.sms.push else None

    async def carry(self, parcel: Parcel, now: datetime) -> str:
        """Text it, where there is something to tell. Raises NotTaken."""
        letter, event = parcel.letter, parcel.event
        if now - event.at > timedelta(days=STALE_DAYS) or not is_telephone(letter.telephone):
            return ""
        if await self._letters.box.kept(NO_TEXTS, self._letters.keyed.subject("telephone", letter.telephone)):
            return ""
        t = text(letter.locale)
        notice = notices.notice(
            letter,
            event,
            self._letters.rules,
            t,
            self._letters.clock(letter, now),
            now,
            answers=self._office.sms.answers,
        )
        if notice is None:
            return ""
        message = spoken(notice, t, self._letters, self._office)
        try:
            # The push first: where only it fails the text still goes, where the text fails both are tried
            # again.
            if self._push_of is not None and letter.channel is Channel.WAP and not parcel.attempts:
                await self._push(letter, t)
            await self._gateway.send(
                letter.telephone, message.text, registered=message.registered, name=parcel.key
            )
        except NotSent as error:
            raise NotTaken(str(error), again=error.again) from error
        return ""

    async def _push(self, letter: Letter, t: Text) -> None:
        if self._push_of is None:
            return
        try:
            await self._gateway.push(letter.telephone, self._push_of(letter, t.gettext("您的来信有新进展")))
        except NotSent:
            return  # no message depends on a push


class ToStaff:
    """Cards to the people of the unit: by text where they have a telephone, else by e-mail."""

    def __init__(
        self,
        letters: Letters,
        office: Office,
        accounts: Accounts,
        gateway: Gateway | None,
        server: smtp.Server | None,
    ) -> None:
        self._letters, self._office, self._accounts = letters, office, accounts
        self._gateway, self._server = gateway, server

    async def carry(self, parcel: Parcel, now: datetime) -> str:
        """Tell everybody whom the card concerns, each once. Raises NotTaken where one could not be told."""
        letter, event = parcel.letter, parcel.event
        card = notices.card_of(event)
        t = text(OFFICE_LOCALE)
        clock = self._letters.clock(letter, now)
        notice = notices.card(letter, event, self._letters.rules, t, clock, now)
        message = spoken(notice, t, self._letters, self._office)
        failures = []
        for account in await self._accounts.told(card.roles, card.unit):
            once = f"{parcel.key} {account.name}"
            if await self._letters.box.kept("told", once):
                continue
            try:
                await self._tell(account, message, letter, once)
            except (NotSent, smtp.NotMailed) as error:
                if error.again:
                    failures.append(str(error))
                continue
            await self._letters.box.keep("told", once, "1", 30 * 86_400)
        if failures:
            raise NotTaken("; ".join(sorted(set(failures))), again=True)
        return ""

    async def _tell(self, account: Account, message: Message, letter: Letter, once: str) -> None:
        if account.telephone and self._gateway is not None:
            await self._gateway.send(account.telephone, message.text, registered=message.registered)
        elif account.mail and self._server is not None:
            mail = compose.plain(
                account.mail, self._office.mail.sender, f"[{letter.number}]", message.text, once
            )
            await smtp.send(mail, self._server)


def spoken(notice: notices.Notice, t: Text, letters: Letters, office: Office) -> Message:
    """A notice as the text that is sent."""
    return say(
        notice.template, notice.values, t, office.owns, letters.rules.sms.signature, office.sms.messages
    )


def _said(event: Event, letters: Letters) -> str:
    """What a citizen has done, in the office's words."""
    t = text(OFFICE_LOCALE)
    reason = letters.rules.reason(event.reason) if event.reason else None
    parts = (
        words.event(t, event.verb),
        words.reason(t, reason) if reason else "",
        f"{event.rating} {words.grade(t, event.rating)} {words.solved(t, event.solved)}"
        if event.rating
        else "",
        event.note,
    )
    return ": ".join(part.strip() for part in parts if part.strip())
