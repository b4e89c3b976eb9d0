"""A unit's reply out of an e-mail: octets in, what is to happen out. Pure.

A reply counts by the seal in the address that it was sent to, not by who it says it is from: only who got our
message about this letter knows it. Vacation notices and bounces are nobody's words.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from portal.clean import clean
from portal.errors import PortalError
from portal.letters.mail.compose import REPLY_WORDS, seal
from portal.letters.model import Verb
from portal.text import LOCALES, text

MOST_OCTETS = 1_000_000
MOST_CHARS = 5_000

_TO = re.compile(r"[^+@\s]+\+([1-9][0-9]{7})\.([0-9a-f]{16})@", re.ASCII)
_QUOTE = re.compile(
    r"^(?:>|-{2,}\s*(?:原始邮件|Original Message)|_{5,}|发件人[:：]|From: "
    r"|On .{1,200} wrote:|在.{1,80}写道[:：])",
    re.IGNORECASE,
)


class NoReply(PortalError):
    """This message is no reply to one of ours; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a unit says. `name` is the message's own: the same one is taken once."""

    number: str
    seal: str
    verb: Verb
    words: str
    name: str

    def is_from(self, unit: str, secret: bytes) -> bool:
        """Whether that unit was sent our message."""
        return hmac.compare_digest(self.seal, seal(self.number, unit, secret))


def parse(octets: bytes) -> Reply:
    """The reply in a message. Raises NoReply, whatever the octets."""
    if len(octets) > MOST_OCTETS:
        raise NoReply(f"a message of {len(octets)} octets; at most {MOST_OCTETS} are read")
    try:
        mail = message_from_bytes(octets, policy=default)
        return _reply(mail)
    except NoReply:
        raise
    except Exception as error:
        raise NoReply(f"it cannot be read: {type(error).__name__}") from None


def _reply(mail: EmailMessage) -> Reply:
    automatic = str(mail.get("Auto-Submitted", "no")).strip().lower()
    if automatic != "no" or mail.get("X-Autoreply") or mail.get_content_type() == "multipart/report":
        raise NoReply("a program has answered, not a person")
    found = next(filter(None, map(_TO.match, _addresses(mail))), None)
    if found is None:
        raise NoReply("it is not sent to an address of a letter")
    body = mail.get_body(("plain",))
    if body is None:
        raise NoReply("there is no plain text in it")
    lines = _own(clean(str(body.get_content())).splitlines())
    if not lines:
        raise NoReply("nobody has written anything in it")
    verb, first = _word(lines[0])
    said = "\n".join(filter(None, (first, *lines[1:]))).strip()[:MOST_CHARS]
    name = str(mail.get("Message-ID", "")).strip()[:200]
    if not name:
        raise NoReply("it has no Message-ID: it could not be told from a second copy of itself")
    return Reply(number=found[1], seal=found[2], verb=verb, words=said, name=name)


def _addresses(mail: EmailMessage) -> list[str]:
    headers = [
        str(each) for name in ("To", "Delivered-To", "X-Original-To", "Cc") for each in mail.get_all(name, [])
    ]
    return [address for _, address in getaddresses(headers)]


def _own(lines: list[str]) -> list[str]:
    """What stands above the quoted message and the signature."""
    kept: list[str] = []
    for line in lines:
        if _QUOTE.match(line) or line == "-- ":
            break
        kept.append(line.rstrip())
    text_lines = "\n".join(kept).strip()
    return text_lines.splitlines()


def _word(line: str) -> tuple[Verb, str]:
    """What a first line asks for, and the rest of it. A line without a word of ours is a note for the
    desk.
    """
    for word, verb, _ in REPLY_WORDS:
        for name in {word, *(text(tag).gettext(word) for tag in LOCALES)}:
            if found := re.match(rf"{re.escape(name)}\s*[:：]\s*", line, re.IGNORECASE):
                return verb, line[found.end() :]
            if line.strip().casefold() == name.casefold():
                return verb, ""
    return Verb.NOTE, line
