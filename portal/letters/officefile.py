"""The office file: how letters reach the city's people, and how word comes back. TOML, every mistake told
at once.

Passwords and keys stand in files of their own, named here, which nobody but the server may read.
`docs/letters-office.md` describes every key for people.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType

from portal.errors import PortalError
from portal.letters.outbox import CARDS, CASE, NOTICE
from portal.letters.rules import Rules
from portal.letters.sms.templates import TEMPLATES, Own, problem
from portal.letters.tables import Lines, Names, Reading, Texts, like, near, one_of, ruled
from portal.model import Field

_URL = r"https?://[^\s?#]{1,300}"
_MAIL = r"[^@\s<>,;:\"+]{1,64}@[^@\s<>,;:\"]{1,200}"
DESK, OPEN311, MAIL = "desk", "open311", "mail"


def _network(written: str) -> bool:
    try:
        ip_network(written)
    except ValueError:
        return False
    return True


class WrongOffice(PortalError):
    """The office file cannot be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, path: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        lines = "".join(f"\n  {each}" for each in problems)
        super().__init__(f"{path} cannot be used as an office file:{lines}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where letters go: to the desk here, to a case system, or to the units by e-mail (and to the desk)."""

    by: str = ruled(DESK, f"'{DESK}', '{OPEN311}' or '{MAIL}'", fits=one_of(DESK, OPEN311, MAIL))


@dataclass(frozen=True, slots=True)
class CaseTable:
    """The city's case system. `updates`: it has FixMyStreet's servicerequestupdates."""

    url: str = ruled("", "an address such as https://cases.city.example/open311/v2", fits=like(_URL))
    key_file: str = ruled("", "a file with the api_key")
    jurisdiction: str = ruled("", "a jurisdiction_id", fits=like(r".{1,100}"))
    form: str = ruled("json", "'json' or 'xml'", fits=one_of("json", "xml"))
    updates: bool = ruled(False, "true or false")
    poll_seconds: int = ruled(300, "seconds, 5 to 86400", 5, 86_400)
    answer_seconds: float = ruled(20.0, "seconds, 0.5 to 120", 0.5, 120)
    address: str = ruled("本市", "what stands for the place of a request", fits=like(r".{1,100}"))
    services: Names = ruled((), 'service codes, such as { complain = "101" }', fits=like(r"\S{1,100}"))


@dataclass(frozen=True, slots=True)
class MailTable:
    """The mail server, and the mailbox of each unit; `other` gets what belongs to none."""

    host: str = ruled("", "the name of a mail server", fits=like(r"\S{1,200}"))
    port: int = ruled(587, "a port, 1 to 65535", 1, 65_535)
    security: str = ruled("starttls", "'starttls', 'tls' or 'plain'", fits=one_of("starttls", "tls", "plain"))
    user: str = ruled("", "a user name", fits=like(r"[^\x00-\x1f]{0,200}"))
    password_file: str = ruled("", "a file with the password")
    sender: str = ruled("", "an e-mail address", fits=like(_MAIL))
    reply_to: str = ruled("", "an e-mail address without a plus sign; empty: `sender`", fits=like(_MAIL))
    other: str = ruled("", "an e-mail address", fits=like(_MAIL))
    units: Names = ruled((), 'mailboxes, such as { water = "water@city.example" }', fits=like(_MAIL))


@dataclass(frozen=True, slots=True)
class SmsTable:
    """The SMS gateway out, and who may hand us texts in.

    answers    a unit's answer may stand in a text (never that of a report)
    messages   the most messages that one text is sent in
    push       WAP push with the address of the letter, beside the text, to phones that came by WAP
    gateways   networks from which texts in are taken; the key stands in `in_key_file`
    """

    url: str = ruled("", "an address such as http://127.0.0.1:13013/cgi-bin/sendsms", fits=like(_URL))
    user: str = ruled("", "a user name", fits=like(r"\S{0,100}"))
    password_file: str = ruled("", "a file with the password")
    number: str = ruled("", "the city's number, digits", fits=like(r"\+?[0-9]{3,20}"))
    smsc: str = ruled("", "a connection of the gateway", fits=like(r"\S{0,60}"))
    report: str = ruled("", "address of our /sms/report as the gateway reaches it", fits=like(_URL))
    answers: bool = ruled(True, "true or false")
    messages: int = ruled(4, "messages, 1 to 10", 1, 10)
    push: bool = ruled(False, "true or false")
    in_key_file: str = ruled("", "a file with the key that the gateway gives with each text")
    gateways: Texts = ruled(("127.0.0.0/8", "::1/128"), "networks such as 10.0.0.0/8", fits=_network)


@dataclass(frozen=True, slots=True)
class DeskTable:
    """The desk. `plain`: sign in without TLS, at the risk that docs/letters-office.md names."""

    plain: bool = ruled(False, "true or false")
    hours: float = ruled(8.0, "hours until one must sign in again, 0.1 to 24", 0.1, 24)
    idle_minutes: int = ruled(30, "minutes without a request, 1 to 720", 1, 720)
    networks: Texts = ruled((), "networks from which the desk can be opened; empty: all", fits=_network)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A city's own words for a text, and the carrier's id of them."""

    id: str = ruled(None, f"one of {', '.join(TEMPLATES)}", fits=one_of(*TEMPLATES))
    text: str = ruled("", "at most 500 characters, variables written %(name)s", fits=like(r".{1,500}"))
    registered: str = ruled("", "the carrier's id of the template", fits=like(r"\S{0,100}"))


@dataclass(frozen=True, slots=True)
class Office:
    """All tables, and the secrets out of their files."""

    delivery: Delivery = field(default_factory=Delivery)
    open311: CaseTable = field(default_factory=CaseTable)
    mail: MailTable = field(default_factory=MailTable)
    sms: SmsTable = field(default_factory=SmsTable)
    desk: DeskTable = field(default_factory=DeskTable)
    templates: tuple[TemplateRow, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def owns(self) -> tuple[Own, ...]:
        """The city's own templates."""
        return tuple(Own(row.id, row.text, row.registered) for row in self.templates)

    @property
    def lanes(self) -> frozenset[str]:
        """The outboxes that somebody empties here."""
        found = set()
        if self.delivery.by != DESK:
            found.add(CASE)
        if self.sms.url:
            found |= {NOTICE, CARDS}
        elif self.mail.host:
            found.add(CARDS)
        return frozenset(found)

    def mailbox(self, unit: str) -> str:
        """The mailbox of a unit, "" where it has none."""
        return next((entry.value for entry in self.mail.units if entry.name == unit), self.mail.other)


NO_OFFICE = Office()
"""A city that has written none: letters arrive at the desk, and nobody is texted."""

_TABLES: Mapping[str, type] = MappingProxyType(
    {"delivery": Delivery, "open311": CaseTable, "mail": MailTable, "sms": SmsTable, "desk": DeskTable}
)
_SECRETS = (
    ("open311", "key_file"),
    ("mail", "password_file"),
    ("sms", "password_file"),
    ("sms", "in_key_file"),
)


def load(path: Path, rules: Rules) -> Office:
    """Read an office file and the secrets that it names. Raises WrongOffice with every problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise WrongOffice(str(path), [f"it cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise WrongOffice(str(path), ["it is not UTF-8 text"]) from None
    return parse(text, rules, path)


def parse(text: str, rules: Rules, path: Path = Path("office.toml")) -> Office:
    """The office out of the text of a file; secrets are looked for beside it. The same errors as `load`."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongOffice(str(path), [f"it is not TOML: {error}"]) from None
    reading = Reading(Lines(text), [])
    found: dict[str, object] = {}
    for name, value in written.items():
        if name in _TABLES:
            found[name] = reading.table(_TABLES[name], value, name)
        elif name == "template":
            found["templates"] = reading.rows(TemplateRow, value, name)
        else:
            reading.wrong(name, 1, "", f"is no table of the office{near(name, (*_TABLES, 'template'))}")
    kept = {name: value for name, value in found.items() if value is not None}
    secrets = _read_secrets(kept, path, reading)
    office = Office(**kept, secrets=MappingProxyType(secrets))  # type: ignore[arg-type] # read as the declared types above
    _cross_check(office, rules, reading)
    if reading.problems:
        raise WrongOffice(str(path), reading.problems)
    return office


def _read_secrets(tables: Mapping[str, object], path: Path, reading: Reading) -> dict[str, str]:
    secrets: dict[str, str] = {}
    for table, key in _SECRETS:
        name = getattr(tables.get(table), key, "")
        if not name:
            continue
        file = path.parent / name
        try:
            secret = file.read_text(encoding="utf-8").strip()
            mode = file.stat().st_mode
        except (OSError, UnicodeDecodeError) as error:
            reading.wrong(table, 1, key, f"= '{name}': it cannot be read: {type(error).__name__}")
            continue
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            reading.wrong(table, 1, key, f"= '{name}': others may read it: chmod 600 {file}")
        elif not re.fullmatch(r"[\x21-\x7e]{1,500}", secret):
            reading.wrong(table, 1, key, f"= '{name}': expected one line of visible ASCII characters in it")
        else:
            secrets[f"{table}.{key}"] = secret
    return secrets


def _cross_check(office: Office, rules: Rules, reading: Reading) -> None:
    if office.delivery.by == OPEN311 and not office.open311.url:
        reading.wrong("open311", 1, "url", "is missing: letters are to be delivered there")
    if office.delivery.by == MAIL and not (office.mail.host and office.mail.other):
        reading.wrong("mail", 1, "host", "and `other` are needed: letters are to be delivered by e-mail")
    if office.mail.host and not office.mail.sender:
        reading.wrong("mail", 1, "sender", "is missing")
    units = [unit.id for unit in rules.units]
    for entry in office.mail.units:
        if entry.name not in units:
            reading.wrong(
                "mail", 1, "units", f"has '{entry.name}', no [[unit]] of the rules{_hint(entry, units)}"
            )
    for at, row in enumerate(office.templates, 1):
        if row.text and (said := problem(Own(row.id, row.text))):
            reading.wrong("template", at, "text", said)


def _hint(entry: Field, units: list[str]) -> str:
    return near(entry.name, units) if units else ""
