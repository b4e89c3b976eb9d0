"""E-mail to units and back: no word of a citizen becomes a header, no stranger answers for a unit."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.letters.calendar import Calendar
from portal.letters.carriers import NotTaken, ToMailboxes, ToStaff
from portal.letters.clock import deadlines
from portal.letters.courier import Courier
from portal.letters.desk.accounts import Account, Accounts
from portal.letters.mail.arriving import take
from portal.letters.mail.compose import Post, message, reply_address
from portal.letters.mail.replies import NoReply, parse
from portal.letters.mail.sender import NotMailed, Server, send
from portal.letters.model import Event, Role, State, Verb
from portal.letters.officefile import Delivery, MailTable, Office
from portal.letters.outbox import CARDS, CASE
from portal.letters.service import Letters
from portal.letters.states import state_of
from portal.letters.store import LetterBox
from portal.model import Field
from portal.text import text

from ..conftest import RULES, SECRET, ZONE, at, draft, letter

POST = Post(sender="letters@city.example", reply_to="letters@city.example", city="青澜政务", secret=b"s" * 16)
NOW = at("2026-09-28 12:00")
EVIL = "x\r\nBcc: thief@evil.example\r\n\r\n<html>"


def made(one, index=0):
    clock = deadlines(one, RULES, Calendar(), NOW)
    return message(one, one.events[index], index, "water@city.example", POST, RULES, text("zh-Hans"), clock)


def test_a_letter_as_a_message() -> None:
    mail = made(letter(text="三天没有水", name="张三"))
    assert mail["Subject"] == "[36722981] 投诉: 没有水"
    assert mail["To"].addresses[0].addr_spec == "water@city.example"
    body = mail.get_content()
    for expected in ("三天没有水", "张三", "13912345678", "10月10日"):
        assert expected in body
    again = made(letter(text="三天没有水", name="张三"))
    assert again["Message-ID"] == mail["Message-ID"]


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=60))
@settings(max_examples=60)
def test_no_word_becomes_a_header_or_a_part(title, said, name) -> None:
    mail = made(letter(title=title, text=said, name=name))
    back = message_from_bytes(bytes(mail), policy=default)
    assert back.keys() == made(letter()).keys()
    assert [each.addr_spec for each in back["To"].addresses] == ["water@city.example"]
    assert not back.is_multipart() and not back.defects


def test_line_breaks_in_every_field_stay_in_the_body() -> None:
    mail = made(letter(title=EVIL, text=EVIL, name=EVIL))
    back = message_from_bytes(bytes(mail), policy=default)
    assert back["Bcc"] is None
    assert back.get_content_type() == "text/plain"


def reply(body: str, to: str = "", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["To"] = to or reply_address("36722981", "water", POST)
    mail["From"] = "somebody@anywhere.example"
    mail["Message-ID"] = headers.pop("message_id", "<1@unit>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return bytes(mail)


@pytest.mark.parametrize(
    ("body", "verb", "said"),
    [
        ("答复: 已修好\n谢谢来信", Verb.ANSWER, "已修好\n谢谢来信"),
        ("答复：已修好", Verb.ANSWER, "已修好"),
        ("Answer: repaired", Verb.ANSWER, "repaired"),
        ("受理", Verb.ACCEPT, ""),
        ("补充:\n哪栋楼?\n\n> 三天没有水", Verb.ASK, "哪栋楼?"),
        ("这个归谁管?\n在 2026年9月28日 阳光政务 写道:\n> 没有水", Verb.NOTE, "这个归谁管?"),
        ("答复: 好了\n-- \n水务局", Verb.ANSWER, "好了"),
    ],
)
def test_what_a_reply_says(body, verb, said) -> None:
    found = parse(reply(body))
    assert (found.verb, found.words, found.number) == (verb, said, "36722981")
    assert found.is_from("water", POST.secret)
    assert not found.is_from("roads", POST.secret) and not found.is_from("water", b"other")


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff\x00" * 50,
        reply("答复: 好了", to="letters@city.example"),
        reply("答复: 好了", to="letters+36722981@city.example"),
        reply("我在休假", Auto_Submitted="auto-replied"),
        reply("> 只有引用"),
        reply(""),
        reply("答复: 好了", message_id=""),
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_reply(octets) -> None:
    with pytest.raises(NoReply):
        parse(octets)


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_whatever_the_octets_reading_ends(octets) -> None:
    with pytest.raises(NoReply):
        parse(octets)


@asynccontextmanager
async def mailbox(refuse: int = 0):
    """A mail server that keeps what it is handed; the first `refuse` recipients are refused for now."""
    kept: list[bytes] = []
    left = [refuse]

    async def talk(reader, writer):
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"RCPT" and left[0]:
                left[0] -= 1
                writer.write(b"451 later\r\n")
            elif word == b"DATA":
                writer.write(b"354 go\r\n")
                kept.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 ok\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield Server(host="127.0.0.1", port=server.sockets[0].getsockname()[1], security="plain"), kept


MAIL = MailTable(
    host="x",
    sender="letters@city.example",
    other="office@city.example",
    units=(Field("water", "water@city.example"),),
)


async def test_letters_go_to_the_mailbox_of_their_unit_and_answers_come_back(client) -> None:
    letters = Letters(LetterBox(client, "mail"), RULES, SECRET, lanes=(CASE,))
    office = Office(delivery=Delivery("mail"), mail=MAIL)
    moment = [datetime.now(ZONE)]
    async with mailbox(refuse=2) as (server, kept):
        courier = Courier(letters, {CASE: ToMailboxes(letters, office, POST, server)}, lambda: moment[0])
        number = (await letters.file(draft(), moment[0])).number
        for _ in range(4):
            await courier.round()
            moment[0] += timedelta(hours=1)
    assert len(kept) == 1
    sent = message_from_bytes(kept[0], policy=default)
    assert sent["To"].addresses[0].addr_spec == "water@city.example"
    assert state_of(await letters.letter(number)) is State.SUBMITTED
    to = sent["Reply-To"].addresses[0].addr_spec
    for _ in range(2):
        await take(letters, parse(reply("受理", to=to, message_id="<a@u>")), POST, moment[0])
    for _ in range(2):
        await take(letters, parse(reply("答复: 已修好", to=to, message_id="<b@u>")), POST, moment[0])
    found = await letters.letter(number)
    assert state_of(found) is State.REPLIED
    assert [event.verb for event in found.events].count(Verb.ANSWER) == 1
    assert found.events[-1].note == "已修好"
    forged = to.replace(to.partition(".")[2][:16], "0" * 16)
    with pytest.raises(NoReply):
        await take(letters, parse(reply("答复: 假的", to=forged, message_id="<c@u>")), POST, moment[0])
    # What cannot happen any more is kept for the desk.
    await letters.apply(number, Event(verb=Verb.CLOSE, at=moment[0], role=Role.SYSTEM))
    await take(letters, parse(reply("补充: 哪里?", to=to, message_id="<d@u>")), POST, moment[0])
    assert "哪里?" in (await letters.letter(number)).events[-1].inner


async def test_a_letter_that_is_handed_over_goes_to_the_unit_that_gets_it(client) -> None:
    """And whoever had it answers for it no more."""
    letters = Letters(LetterBox(client, "hand"), RULES, SECRET, lanes=(CASE,))
    units = (Field("water", "water@city.example"), Field("roads", "roads@city.example"))
    office = Office(delivery=Delivery("mail"), mail=replace(MAIL, units=units))
    moment = [datetime.now(ZONE)]

    async def carry(courier):
        for _ in range(4):
            await courier.round()
            moment[0] += timedelta(minutes=1)

    async with mailbox() as (server, kept):
        courier = Courier(letters, {CASE: ToMailboxes(letters, office, POST, server)}, lambda: moment[0])
        number = (await letters.file(draft(), moment[0])).number
        await carry(courier)
        for verb, more in (
            (Verb.ACCEPT, {"unit": "water"}),
            (Verb.TRANSFER, {"unit": "roads", "note": "归城管"}),
        ):
            await letters.apply(number, Event(verb=verb, at=moment[0], role=Role.ADMIN, by="anna", **more))
            await carry(courier)
    sent = [message_from_bytes(each, policy=default) for each in kept]
    assert [each["To"].addresses[0].username for each in sent] == ["water", "roads"]
    assert "没有水" in sent[1].get_content() and "归城管" in sent[1].get_content()
    old, new = (each["Reply-To"].addresses[0].addr_spec for each in sent)
    with pytest.raises(NoReply):
        await take(letters, parse(reply("答复: 我来", to=old, message_id="<x@u>")), POST, moment[0])
    await take(letters, parse(reply("答复: 已修好", to=new, message_id="<y@u>")), POST, moment[0])
    assert state_of(await letters.letter(number)) is State.REPLIED


async def test_a_mail_server_that_is_away_or_refuses_is_tried_again(here) -> None:
    mail = made(letter())
    with pytest.raises(NotMailed) as away:
        await send(mail, Server(host="127.0.0.1", port=1, security="plain"))
    assert away.value.again
    async with mailbox(refuse=1) as (server, kept):
        with pytest.raises(NotMailed) as refused:
            await send(mail, server)
        assert refused.value.again
        await send(mail, server)
        assert len(kept) == 1


async def test_cards_reach_the_people_of_the_unit_once(client) -> None:
    """Clerk and head of the unit that has the letter; nobody else's, and no word of the letter."""
    letters = Letters(LetterBox(client, "cards"), RULES, SECRET, lanes=(CARDS,))
    accounts = Accounts(letters.box)
    for name, role, unit in (
        ("wang", Role.CLERK, "water"),
        ("wei", Role.HEAD, "water"),
        ("rong", Role.CLERK, "roads"),
        ("gone", Role.CLERK, "water"),
    ):
        await accounts.put(
            Account(name=name, role=role, unit=unit, mail=f"{name}@city.example", active=name != "gone")
        )
    filed = at("2026-09-28 10:00")
    number = (await letters.file(draft(), filed)).number
    await letters.apply(number, Event(verb=Verb.ACCEPT, at=filed, role=Role.ADMIN, unit="water"))
    late = at("2026-10-12 09:30")
    assert (await letters.chores(late)).cards == 1
    office = Office(mail=MAIL)
    async with mailbox() as (server, kept):
        carrier = ToStaff(letters, office, accounts, None, server)
        (parcel,) = await letters.claim(CARDS, late)
        await carrier.carry(parcel, late)
        await carrier.carry(parcel, late)
        await letters.delivered(parcel, late)
        sent = [message_from_bytes(each, policy=default) for each in kept]
    assert sorted(each["To"].addresses[0].addr_spec for each in sent) == [
        "wang@city.example",
        "wei@city.example",
    ]
    for each in sent:
        said = each.get_content()
        assert number in said and "黄牌" in said and "没有水" not in said and "139" not in said
    down = ToStaff(letters, office, accounts, None, Server(host="127.0.0.1", port=1, security="plain"))
    await letters.chores(late + timedelta(days=5))
    (red,) = await letters.claim(CARDS, late + timedelta(days=5))
    with pytest.raises(NotTaken) as failed:
        await down.carry(red, late)
    assert failed.value.again
