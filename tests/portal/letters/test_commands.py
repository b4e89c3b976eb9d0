"""`python -m portal.letters`: accounts, keys, the week on paper, a unit's reply."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import datetime

import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from portal.letters import __main__ as commands
from portal.letters.desk import passwords
from portal.letters.desk.accounts import Account, Accounts
from portal.letters.office import post
from portal.letters.officefile import NO_OFFICE
from portal.letters.open311.keys import Key, Keys
from portal.letters.opening import open_letters
from portal.local_redis import LocalRedis
from portal.settings import load

from .conftest import ZONE, draft
from .mail.test_mail import reply


@pytest.fixture
def city(letters_redis: LocalRedis, tmp_path, monkeypatch):
    """An installation: its settings, and a way to run a command with something on its standard input."""
    with SyncRedis.from_url(letters_redis.url) as client:
        client.flushall()
    rules = tmp_path / "letters.toml"
    rules.write_text('[[unit]]\nid = "water"\nname = "水务局"\n')
    for name, value in (
        ("LETTERS_REDIS_URL", letters_redis.url),
        ("LETTERS_RULES", str(rules)),
        ("LETTERS_SECRET_FILE", str(tmp_path / "secret")),
        ("DATA_DIR", str(tmp_path)),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(passwords, "COST", (2**4, 8, 1))

    def run(*arguments: str, said: bytes = b"") -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(said)))
        return commands.main(arguments)

    return run


def asked(question):
    """What the letter box says, asked with the settings of now."""

    async def ask():
        settings = load()
        redis = Redis.from_url(settings.letters_redis_url)
        letters = open_letters(settings, settings.letters_redis_url, "qinglan")
        try:
            return await question(letters)
        finally:
            await letters.box.redis.aclose()
            await redis.aclose()

    return asyncio.run(ask())


def account(name: str) -> Account:
    return asked(lambda letters: Accounts(letters.box).get(name))


def test_accounts_are_made_changed_and_ended(city, capsys) -> None:
    add = ("desk-user", "add", "wang", "--role", "clerk", "--unit", "water")
    assert city(*add, said=b"correct horse 9\n") == 0
    made = account("wang")
    assert passwords.verify("correct horse 9", made.password)
    assert city("desk-user", "password", "wang", said=b"another horse 7\n") == 0
    assert not passwords.verify("correct horse 9", account("wang").password)
    assert account("wang").version > made.version
    assert city("desk-user", "list") == 0
    assert city("desk-user", "end", "wang") == 0
    assert not account("wang").active
    said = capsys.readouterr()
    assert "water" in said.out and "horse" not in said.out + said.err


@pytest.mark.parametrize(
    ("arguments", "password", "expected"),
    [
        (("wang", "--role", "clerk"), "correct horse 9", "needs --unit"),
        (("wang", "--role", "clerk", "--unit", "fire"), "correct horse 9", "the rules know water"),
        (("anna", "--role", "admin", "--unit", "water"), "correct horse 9", "leave --unit out"),
        (("A B", "--role", "admin"), "correct horse 9", "no name for an account"),
        (("anna", "--role", "admin"), "short", "shorter than 10"),
    ],
)
def test_what_makes_no_account_says_why(city, capsys, arguments, password, expected) -> None:
    assert city("desk-user", "add", *arguments, said=f"{password}\n".encode()) == 1
    assert expected in capsys.readouterr().err


def test_a_key_is_printed_once_and_kept_as_a_hash(city, capsys) -> None:
    assert city("key", "make", "cases", "--may", "read,update") == 0
    secret = capsys.readouterr().out.strip()
    assert re.fullmatch("[0-9a-f]{48}", secret)
    found: Key = asked(lambda letters: Keys(letters.box).of(secret))
    assert (found.name, found.may) == ("cases", ("read", "update"))
    assert city("key", "list") == 0
    assert secret not in capsys.readouterr().out
    assert city("key", "end", "cases") == 0
    assert asked(lambda letters: Keys(letters.box).of(secret)) is None
    assert city("key", "make", "cases", "--may", "everything") == 1


def test_the_week_on_paper(city, tmp_path, capsys) -> None:
    out = tmp_path / "week.pdf"
    assert city("digest", "2026-11-23", "-o", str(out), "--locale", "en") == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert city("digest", "2026-11-24", "-o", str(out)) == 1
    assert "no week begins on 2026-11-24" in capsys.readouterr().err


def test_a_reply_by_mail_reaches_its_letter(city, capsys) -> None:
    async def file(letters):
        one = draft(topic="", phrase="", text="没有水", unit="water", channel="desk")
        return (await letters.file(one, datetime.now(ZONE))).number, post(letters, NO_OFFICE)

    number, sender = asked(file)
    from portal.letters.mail.compose import seal

    to = f"letters+{number}.{seal(number, 'water', sender.secret)}@city.example"
    assert city("mail-in", said=reply("受理", to=to)) == 0
    letter = asked(lambda letters: letters.letter(number))
    assert letter.events[-1].verb == "accept"
    assert city("mail-in", said=b"nonsense") == 1
    assert "portal.letters:" in capsys.readouterr().err


def test_without_a_letter_box_it_says_what_to_do(city, capsys, monkeypatch) -> None:
    monkeypatch.delenv("LETTERS_REDIS_URL")
    assert city("desk-user", "list") == 1
    assert "make run" in capsys.readouterr().err
