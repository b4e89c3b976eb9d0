"""A letter, and what happens to it, as messages to a unit. Pure.

Nothing that a citizen wrote can become a header: every header is one line without controls, and the library
refuses what is not. The Message-ID is made of the letter, so a message that is sent twice is the same
message.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from portal.clean import clean
from portal.letters import words
from portal.letters.clock import Clock
from portal.letters.model import Event, Letter, Verb
from portal.letters.rules import Rules
from portal.letters.states import unit_of
from portal.text import N_, Text

SUBJECT_CHARS = 60

REPLY_WORDS: tuple[tuple[str, Verb, str], ...] = (
    (N_("受理"), Verb.ACCEPT, N_("已经受理")),
    (N_("办理"), Verb.BEGIN, N_("已经开始办理")),
    (N_("补充"), Verb.ASK, N_("请来信人补充什么")),
    (N_("答复"), Verb.ANSWER, N_("给来信人的答复")),
    (N_("退回"), Verb.RETURN, N_("不归本单位办理的原因")),
    (N_("备注"), Verb.NOTE, N_("只给受理中心看的话")),
)
"""With what the first line of a reply begins, what happens then, and what its words mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """From whom messages come. `sender` and `reply_to` are addresses; `city` the name that stands with them.

    A reply goes to `reply_to` with the letter's number and seal behind a plus sign:
    letters+12345678.1a2b@city.
    """

    sender: str
    reply_to: str
    city: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Post({self.sender!r})"


def seal(number: str, unit: str, secret: bytes) -> str:
    """What shows that a reply is to our own message about this letter, to this unit: 16 hex digits."""
    return hmac.new(secret, f"mail\0{number}\0{unit}".encode(), hashlib.sha256).hexdigest()[:16]


def one_line(text: str) -> str:
    """A text fit for a header."""
    return re.sub(r"\s+", " ", clean(text)).strip()


def reply_address(number: str, unit: str, post: Post) -> str:
    """Where a unit replies to about a letter."""
    local, _, domain = post.reply_to.rpartition("@")
    return f"{local}+{number}.{seal(number, unit, post.secret)}@{domain}"


def message(
    letter: Letter, event: Event, index: int, to: str, post: Post, rules: Rules, t: Text, clock: Clock
) -> EmailMessage:
    """What a unit is sent when event `index` has happened to a letter. ValueError for an address that is
    none.
    """
    mail = EmailMessage(policy=SMTP)
    unit = unit_of(letter)
    what = words.kind(t, letter.kind) if event.verb is Verb.FILE else words.event(t, event.verb)
    title = one_line(letter.title)
    if len(title) > SUBJECT_CHARS:
        title = title[: SUBJECT_CHARS - 1] + "…"
    mail["Subject"] = f"[{letter.number}] {one_line(what)}: {title}"
    mail["From"] = _address(post.sender, post.city)
    mail["To"] = _address(to, words.unit(t, rules, unit))
    mail["Reply-To"] = _address(reply_address(letter.number, unit, post), post.city)
    domain = post.sender.rpartition("@")[2]
    mail["Message-ID"] = f"<letter-{letter.number}-{index}@{domain}>"
    if index:
        mail["In-Reply-To"] = mail["References"] = f"<letter-{letter.number}-0@{domain}>"
    mail["Date"] = event.at
    # RFC 3834: no vacation notice answers this.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(_body(letter, event, rules, t, clock)), charset="utf-8", cte="base64")
    return mail


def plain(to: str, sender: str, subject: str, words_said: str, name: str) -> EmailMessage:
    """A short message to somebody of the city. ValueError for an address that is none."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(subject)
    mail["From"] = _address(sender, "")
    mail["To"] = _address(to, "")
    mark = hashlib.sha256(name.encode()).hexdigest()[:24]
    mail["Message-ID"] = f"<card-{mark}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words_said, charset="utf-8", cte="base64")
    return mail


def _address(written: str, name: str) -> Address:
    local, at, domain = one_line(written).rpartition("@")
    if not at or not local or not domain:
        raise ValueError(f"'{written}' is no e-mail address")
    return Address(one_line(name), local, domain)


def _body(letter: Letter, event: Event, rules: Rules, t: Text, clock: Clock) -> list[str]:
    now = event.at
    rows = [
        (t.gettext("编号"), letter.number),
        (t.gettext("类别"), words.kind(t, letter.kind)),
        (t.gettext("收到"), t.moment(letter.filed.strftime("%Y-%m-%d %H:%M"), now.date().isoformat())),
        (t.gettext("应答复"), words.due(clock.answer, t, now)),
        (t.gettext("来信人"), letter.name),
        (t.gettext("电话"), letter.telephone),
        (t.gettext("通知方式"), words.reach(t, letter.reach)),
    ]
    lines = [f"{name}: {one_line(value)}" for name, value in rows if value]
    lines += ["", *_own_lines(letter.title), *_own_lines(letter.text)]
    if event.verb is not Verb.FILE:
        lines += ["", f"{words.event(t, event.verb)}:", *_own_lines(event.note)]
    lines += ["", t.gettext("请直接回复本邮件，第一行以下列词之一开头：")]
    lines += [f"  {t.gettext(word)}: {t.gettext(meaning)}" for word, _, meaning in REPLY_WORDS]
    return lines


def _own_lines(text: str) -> list[str]:
    return [line.rstrip() for line in clean(text).splitlines()]
