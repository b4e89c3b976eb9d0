"""The office out of the settings: who carries what, and the tasks that do it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

from tornado.web import RequestHandler

from portal.http.base import Context
from portal.letters import officeweb
from portal.letters.board import handlers as board
from portal.letters.carriers import Carrier, PushOf, ToCaseSystem, ToCitizens, ToMailboxes, ToStaff
from portal.letters.courier import Courier, News
from portal.letters.desk import handlers as desk
from portal.letters.desk.accounts import Accounts
from portal.letters.mail.compose import Post
from portal.letters.mail.sender import Server
from portal.letters.officefile import MAIL, NO_OFFICE, OPEN311, Office, load
from portal.letters.open311 import handlers as open311
from portal.letters.open311.client import CaseSystem, Endpoint
from portal.letters.outbox import CARDS, CASE, NOTICE
from portal.letters.rules import Rules
from portal.letters.service import Letters
from portal.letters.sms import handlers as sms
from portal.letters.sms.gateway import Account, Gateway
from portal.settings import Settings


def open_office(settings: Settings, rules: Rules) -> Office:
    """The office of the settings. Raises WrongOffice."""
    return load(settings.letters_office, rules) if settings.letters_office else NO_OFFICE


def routes(
    context: Context, letters: Letters, office: Office
) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """Every route of the office for the server."""
    of = officeweb.make(context, letters, office)
    return [*open311.routes(of), *sms.routes(of), *desk.routes(of), *board.routes(of)]


def couriers(
    letters: Letters,
    office: Office,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
    push_of: PushOf | None = None,
) -> tuple[Coroutine[Any, Any, None], ...]:
    """What runs as long as the server: one that carries, and one that asks the case system for news."""
    carriers: dict[str, Carrier] = {}
    found: list[Coroutine[Any, Any, None]] = []
    server = mail_server(office)
    gateway = Gateway(account(office)) if office.sms.url else None
    if gateway is not None:
        stack.callback(gateway.close)
        carriers[NOTICE] = ToCitizens(letters, office, gateway, push_of)
    if gateway is not None or server is not None:
        carriers[CARDS] = ToStaff(letters, office, Accounts(letters.box), gateway, server)
    if office.delivery.by == OPEN311:
        zone = clock().tzinfo
        if zone is None:
            raise ValueError("the clock of the couriers tells no time zone")
        system = CaseSystem(endpoint(office), zone)
        stack.callback(system.close)
        carriers[CASE] = ToCaseSystem(letters, system, office)
        found.append(News(letters, system, office.open311, clock).run())
    elif office.delivery.by == MAIL and server is not None:
        carriers[CASE] = ToMailboxes(letters, office, post(letters, office), server)
    if carriers:
        found.append(Courier(letters, carriers, clock).run())
    return tuple(found)


def post(letters: Letters, office: Office) -> Post:
    """From whom messages to units come."""
    table = office.mail
    return Post(
        sender=table.sender,
        reply_to=table.reply_to or table.sender,
        city=letters.rules.sms.signature,
        secret=letters.keyed.subject("mail", "seal").encode(),
    )


def mail_server(office: Office) -> Server | None:
    """The mail server, None where the city has named none."""
    table = office.mail
    if not table.host:
        return None
    return Server(
        host=table.host,
        port=table.port,
        security=table.security,
        user=table.user,
        password=office.secrets.get("mail.password_file", ""),
    )


def account(office: Office) -> Account:
    """The city's account at the SMS gateway."""
    table = office.sms
    return Account(
        url=table.url,
        user=table.user,
        password=office.secrets.get("sms.password_file", ""),
        sender=table.number,
        smsc=table.smsc,
        report=table.report,
        report_key=office.secrets.get("sms.in_key_file", ""),
    )


def endpoint(office: Office) -> Endpoint:
    """The case system."""
    table = office.open311
    return Endpoint(
        url=table.url,
        key=office.secrets.get("open311.key_file", ""),
        jurisdiction=table.jurisdiction,
        form=table.form,
        seconds=table.answer_seconds,
    )
