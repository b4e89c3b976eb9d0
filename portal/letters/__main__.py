"""Letters from the command line: `python -m portal.letters --help`.

Passwords are asked for and keys are printed once; neither ever stands in an argument or in a log.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from portal import settings as setting_table
from portal.errors import NotFound, PortalError
from portal.installed import site_id, site_zone
from portal.letters.board.cache import this_week, week
from portal.letters.board.digest import digest
from portal.letters.board.pdf import to_pdf
from portal.letters.desk import passwords
from portal.letters.desk.accounts import ROLES, Account, Accounts, check
from portal.letters.mail.arriving import take
from portal.letters.mail.replies import MOST_OCTETS, parse
from portal.letters.model import Role
from portal.letters.office import open_office, post
from portal.letters.open311.keys import RIGHTS, Keys
from portal.letters.opening import open_letters, rules_of
from portal.letters.service import Letters
from portal.local_redis import running_url
from portal.settings import Settings
from portal.text import LOCALES, text

EXIT_FAILED = 1

Job = Callable[[Letters, argparse.Namespace, Settings, datetime], Coroutine[None, None, int]]


def main(arguments: Sequence[str]) -> int:
    """Returns 0, 1 where it cannot be done, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_run(options.job, options))
    except PortalError as error:
        print(f"portal.letters: {error}", file=sys.stderr)
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m portal.letters",
        description="Accounts of the desk, keys of Open311, the week on paper.",
    )
    jobs = parser.add_subparsers(required=True, metavar="COMMAND")
    users = jobs.add_parser("desk-user", help="who may use the desk").add_subparsers(required=True)
    add = users.add_parser("add", help="make an account, or change one; asks for a password")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=ROLES, type=Role, required=True)
    add.add_argument("--unit", default="", help="the unit of a clerk or head, as the rules call it")
    add.add_argument("--telephone", default="", help="where cards are texted to")
    add.add_argument("--mail", default="", help="where cards are mailed to, without a telephone")
    add.set_defaults(job=_add_user)
    for name, job, says in (
        ("list", _list_users, "every account"),
        ("end", _end_user, "let somebody in no more, and sign them out at once"),
        ("password", _password, "another password"),
    ):
        command = users.add_parser(name, help=says)
        if name != "list":
            command.add_argument("name", metavar="NAME")
        command.set_defaults(job=job)
    keys = jobs.add_parser("key", help="who may use our Open311 server").add_subparsers(required=True)
    make = keys.add_parser("make", help="a new key for a system; printed once")
    make.add_argument("name", metavar="NAME")
    make.add_argument("--may", required=True, help=f"comma-separated: {', '.join(RIGHTS)}")
    make.set_defaults(job=_make_key)
    keys.add_parser("list", help="every key, without the keys themselves").set_defaults(job=_list_keys)
    end = keys.add_parser("end", help="let a system in no more")
    end.add_argument("name", metavar="NAME")
    end.set_defaults(job=_end_key)
    week = jobs.add_parser("digest", help="the week's figures as a PDF")
    week.add_argument("monday", metavar="YYYY-MM-DD", nargs="?", default="", help="[last week's Monday]")
    week.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    week.add_argument("--locale", choices=LOCALES, default=LOCALES[0])
    week.add_argument("--font", type=Path, help="a TrueType or OpenType font with Chinese")
    week.set_defaults(job=_digest)
    jobs.add_parser(
        "mail-in", help="a unit's reply on standard input, as a mail server's alias hands it over"
    ).set_defaults(job=_mail_in)
    return parser


async def _run(job: Job, options: argparse.Namespace) -> int:
    settings = setting_table.load()
    url = settings.letters_redis_url or running_url(settings.data_dir / "letters") or ""
    if not url:
        raise NotFound("no letter box runs here: set LETTERS_REDIS_URL, or start everything with `make run`")
    office = open_office(settings, rules_of(settings))
    letters = open_letters(settings, url, site_id(settings.site), office.lanes)
    try:
        await letters.start()
        return await job(letters, options, settings, datetime.now(site_zone(settings.site)))
    finally:
        await letters.box.redis.aclose()


def _ask_password(name: str) -> str:
    """A password, typed twice on a terminal, or one line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        first = getpass.getpass("Password: ")
        if said := passwords.weakness(first, name):
            print(f"That will not do: {said}.", file=sys.stderr)
        elif getpass.getpass("Once more: ") == first:
            return first
        else:
            print("They differ.", file=sys.stderr)


async def _add_user(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    accounts = Accounts(letters.box)
    account = Account(
        name=options.name,
        role=options.role,
        unit=options.unit,
        telephone=options.telephone,
        mail=options.mail,
        made=now,
    )
    check(account, letters.rules)
    try:
        before = await accounts.get(options.name)
    except NotFound:
        before = None
    version = before.version if before else 0
    await accounts.put(replace(account, password=_new_password(options.name), version=version))
    print(f"{options.name} may sign in at /desk as {options.role} {options.unit}".rstrip())
    return 0


def _new_password(name: str) -> str:
    password = _ask_password(name)
    if said := passwords.weakness(password, name):
        raise PortalError(f"this password will not do: {said}")
    return passwords.hashed(password)


async def _password(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    accounts = Accounts(letters.box)
    account = await accounts.get(options.name)
    await accounts.put(replace(account, password=_new_password(options.name)))
    return 0


async def _end_user(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    accounts = Accounts(letters.box)
    await accounts.put(replace(await accounts.get(options.name), active=False, password=passwords.NOBODY))
    print(f"{options.name} is signed out and may not sign in any more")
    return 0


async def _list_users(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    for each in await Accounts(letters.box).all():
        print(f"{each.name:16} {each.role:8} {each.unit:16} {'' if each.active else 'ended'}".rstrip())
    return 0


async def _make_key(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    may = tuple(part.strip() for part in options.may.split(",") if part.strip())
    print(await Keys(letters.box).make(options.name, may, now))
    return 0


async def _list_keys(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    for key in await Keys(letters.box).all():
        print(f"{key.name:16} {','.join(key.may)}")
    return 0


async def _end_key(letters: Letters, options: argparse.Namespace, _: Settings, now: datetime) -> int:
    await Keys(letters.box).end(options.name)
    return 0


async def _digest(letters: Letters, options: argparse.Namespace, settings: Settings, now: datetime) -> int:
    try:
        monday = date.fromisoformat(options.monday) if options.monday else this_week(now) - timedelta(days=7)
    except ValueError:
        raise NotFound(f"'{options.monday}' is no day such as 2026-11-23") from None
    board = await letters.figures(week(monday, now), now)
    t = text(options.locale)
    body = to_pdf(digest(board, letters.rules, t, now), t, letters.rules.sms.signature, options.font)
    try:
        options.output.write_bytes(body)
    except OSError as error:
        raise PortalError(f"{options.output} cannot be written: {error.strerror}") from None
    return 0


async def _mail_in(letters: Letters, options: argparse.Namespace, settings: Settings, now: datetime) -> int:
    reply = parse(sys.stdin.buffer.read(MOST_OCTETS + 1))
    await take(letters, reply, post(letters, open_office(settings, letters.rules)), now)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
