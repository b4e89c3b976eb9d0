"""Letters as frozen data. What can be computed from the history is not stored: see `states` and `clock`.

Moments are aware datetimes. Texts are as the citizen or the unit wrote them, cleaned of control characters;
nothing here is masked or escaped: `access` says who may see it, each edition escapes for its own markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a citizen wants: 咨询 投诉 举报 建议 求助."""

    CONSULT = "consult"
    COMPLAIN = "complain"
    REPORT = "report"
    SUGGEST = "suggest"
    HELP = "help"


class Channel(StrEnum):
    """How it came in."""

    TV = "tv"
    WAP = "wap"
    SMS = "sms"
    DESK = "desk"
    OPEN311 = "open311"


class Reach(StrEnum):
    """How the citizen wants to be told: by text message, by a call back, or not at all."""

    TEXT = "text"
    CALL = "call"
    NONE = "none"


class Role(StrEnum):
    """Who acts. WORKER is a grid worker for somebody, REMOTE the city's case system, SYSTEM ourselves."""

    CITIZEN = "citizen"
    WORKER = "worker"
    ADMIN = "admin"
    CLERK = "clerk"
    HEAD = "head"
    REMOTE = "remote"
    SYSTEM = "system"


class State(StrEnum):
    """Where a letter stands. Overdue is no state: it is computed."""

    QUEUED = "queued"  # 待送达
    SUBMITTED = "submitted"  # 待审核
    ACCEPTED = "accepted"  # 已受理
    HANDLING = "handling"  # 办理中
    AWAITING = "awaiting"  # 待补充: the only state that stops the clock
    EXTENDED = "extended"  # 延期办理
    TRANSFERRED = "transferred"  # 已转办, until the other unit begins
    REPLIED = "replied"  # 已答复
    CLOSED = "closed"  # 已办结
    RATED = "rated"  # 已评价
    REOPENED = "reopened"  # 重新办理
    REJECTED = "rejected"  # 不予受理
    DUPLICATE = "duplicate"  # 重复
    WITHDRAWN = "withdrawn"  # 已撤回


class Verb(StrEnum):
    """What can happen to a letter; `states.TABLE` says where it leads and who may do it."""

    FILE = "file"
    DELIVER = "deliver"
    RELEASE = "release"
    ACCEPT = "accept"
    BEGIN = "begin"
    ASK = "ask"
    SUPPLY = "supply"
    LAPSE = "lapse"
    REQUEST = "request"
    EXTEND = "extend"
    DENY = "deny"
    TRANSFER = "transfer"
    RETURN = "return"
    ANSWER = "answer"
    CLOSE = "close"
    RATE = "rate"
    DOUBT = "doubt"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    WITHDRAW = "withdraw"
    URGE = "urge"
    NOTE = "note"
    CARD = "card"
    PUBLISH = "publish"
    HIDE = "hide"


class Solved(StrEnum):
    """Whether the citizen's matter was solved: 是 部分 否, or not said."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNSAID = ""


class Level(StrEnum):
    """A card of the supervision: 提醒 黄牌 红牌."""

    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"


class ClockKind(StrEnum):
    """Which promise a deadline is about: to accept, to answer, or the citizen's time to supply more."""

    ACCEPT = "accept"
    ANSWER = "answer"
    SUPPLY = "supply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a letter's history; histories only grow.

    by      who: a desk's user name, the case system's name, "" for citizen and system
    note    words that the citizen may read: the answer, the question, the reason
    inner   words for the desk alone
    unit    ACCEPT, TRANSFER: the unit it goes to             to       DUPLICATE: the other letter's number
    rating  RATE: 1 to 5, else 0                              solved   RATE
    card    CARD: the name that `cards` gives a card          reason   DOUBT: id of a ready reason, or ""
    """

    verb: Verb
    at: datetime
    role: Role
    by: str = ""
    note: str = ""
    inner: str = ""
    unit: str = ""
    to: str = ""
    rating: int = 0
    solved: Solved = Solved.UNSAID
    card: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it was filed, and its history; the first event is FILE.

    number     8 digits                       title    what it is about, in one line
    unit       the unit the citizen chose, "" where none; `states.unit_of` says whose it is now
    topic, phrase, unit   ids of the rules; `title` keeps the words should the rules change
    name       "" where not given             telephone  digits, "" once erased
    consent    may be published, masked       flagged    blocked words found: waits for review
    filed_by   user name of a grid worker     box        whether it is listed on a household's television
    code       keyed hash of the 6-digit code, "" once erased
    erased     when the words were removed, or None
    """

    number: str
    filed: datetime
    kind: Kind
    channel: Channel
    telephone: str
    title: str
    topic: str = ""
    unit: str = ""
    phrase: str = ""
    text: str = ""
    name: str = ""
    reach: Reach = Reach.TEXT
    consent: bool = False
    locale: str = "zh-Hans"
    filed_by: str = ""
    box: bool = False
    flagged: tuple[str, ...] = ()
    code: str = ""
    erased: datetime | None = None
    events: tuple[Event, ...] = ()

    @property
    def version(self) -> int:
        """Grows with every event: give it to `LetterBox.append`."""
        return len(self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter being written, on one device or two. Every field may still be missing.

    token    32 hex digits that only the writer's devices know; also the key that makes filing happen once
    at       the step that the writer is at, as the edition names it
    box      the secret of the household's television, "" where the letter shall not be listed there
    version  grows with every change: a television that waits for its phone looks at this
    """

    token: str
    channel: Channel
    kind: Kind | None = None
    topic: str = ""
    unit: str = ""
    phrase: str = ""
    text: str = ""
    telephone: str = ""
    name: str = ""
    reach: Reach = Reach.TEXT
    consent: bool = False
    locale: str = "zh-Hans"
    filed_by: str = ""
    box: str = ""
    at: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a deadline's reasoning: a gettext id and what stands in it, for `words.say`."""

    message: str
    values: tuple[tuple[str, str | int | date | datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """By when something must be done, and why then.

    due          the first moment that is too late        day    the last day on which it is in time
    exact        show the time of day too (limits in hours), else the day alone
    provisional  it rests on a year whose holidays nobody has announced yet
    paused       the clock stands: `due` is what it would be if it went on now
    met          when it was done, None while it is not
    days         working days allowed, 0 for a limit in hours
    trace        the reasoning, in order
    """

    kind: ClockKind
    due: datetime
    day: date
    exact: bool = False
    provisional: bool = False
    paused: bool = False
    met: datetime | None = None
    days: int = 0
    trace: tuple[Line, ...] = ()

    def overdue(self, now: datetime) -> bool:
        """Whether it was, or is, not done in time."""
        return (self.met or now) >= self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the citizen is given: shown once, and again for the same draft within minutes.

    code    6 digits, "" when it is too late to show it again
    again   whether this draft had been filed before (a second press)
    """

    number: str
    code: str
    filed: datetime
    state: State
    accept: Deadline
    answer: Deadline
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a household's television shows of a letter: never its kind, title or words.

    due    the last day for the answer, None where none is owed
    """

    number: str
    state: State
    due: date | None
    provisional: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A 6-digit code that opens a draft on one more device, once, until `until`."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLetter:
    """A letter for everybody to read: by consent, masked, without its number.

    id   12 hex digits that lead back to nothing
    """

    id: str
    kind: Kind
    title: str
    text: str
    answer: str
    unit: str
    topic: str = ""
    filed: date
    answered: date
    solved: Solved = Solved.UNSAID
