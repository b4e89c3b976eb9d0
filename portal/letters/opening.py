"""Letters out of the settings: the rules, the secret, the connection, and the chores of every minute."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from portal.errors import PortalError, WrongSetting
from portal.letters import rulefile
from portal.letters.rules import DEFAULT, Rules
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from portal.settings import Settings

log = logging.getLogger("sunshine.letters")

TIMEOUT_SECONDS = 5.0
"""Longer than the mirror's: a slow disk must not make a citizen press again for nothing."""

CHORES_SECONDS = 60.0
SECRET_OCTETS = 32
LEAST_OCTETS = 16


def rules_of(settings: Settings) -> Rules:
    """The city's rules. WrongRules."""
    return rulefile.load(settings.letters_rules) if settings.letters_rules else DEFAULT


def open_letters(settings: Settings, redis_url: str, site_id: str, lanes: Collection[str] = ()) -> Letters:
    """The letters of a site in the Redis of an address. WrongRules, WrongSetting; nothing is asked yet."""
    rules = rules_of(settings)
    redis = Redis.from_url(
        redis_url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        # Every script changes nothing when it comes a second time, so a lost answer may be asked for again.
        retry=Retry(NoBackoff(), 1),
    )
    box = LetterBox(redis, site_id, settings.letters_replicas)
    return Letters(
        box, rules, secret_of(settings.letters_secret_file), lanes=lanes, trusted=settings.letters_trusted
    )


def secret_of(path: Path) -> bytes:
    """The secret in a file, which is made where there is none. WrongSetting where it is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Of two servers that start at once one makes it, and both read what is there then.
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise WrongSetting(f"LETTERS_SECRET_FILE {path} cannot be made: {error.strerror}") from None
    else:
        with os.fdopen(made, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SECRET_OCTETS) + "\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise WrongSetting(f"LETTERS_SECRET_FILE {path} cannot be read: {error.strerror}") from None
    if len(secret) < LEAST_OCTETS:
        raise WrongSetting(f"LETTERS_SECRET_FILE {path} holds no secret: {LEAST_OCTETS} octets or more")
    return secret


async def keep_house(letters: Letters, clock: Callable[[], datetime], every: float = CHORES_SECONDS) -> None:
    """Do the chores for ever; while the letter box is away they wait."""
    while True:
        try:
            done = await letters.chores(clock())
            if any((done.cards, done.lapsed, done.closed, done.erased, done.delivered)):
                log.info("letters: %s", done)
        except PortalError as error:
            log.error("letters: %s", error)
        await asyncio.sleep(every)
