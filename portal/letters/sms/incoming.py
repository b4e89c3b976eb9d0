"""What a text message to the city asks for. Pure: the sender is judged elsewhere.

查 12345678 123456     its state (CX too, full-width digits, any spacing)
5   5 12345678         rates the letter answered last, or that one
补 ...                  supplies what was asked for      重 ...   doubts the answer
撤 12345678 123456     withdraws                        退订 TD  no more texts
? 帮助                  what can be sent
anything else          is a letter; 咨询 投诉 举报 建议 求助 in front says of which kind
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.clean import clean
from portal.letters.model import Kind

SHORTEST = 4
"""Characters below which a text is no letter but a slip."""

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Ask:
    """Where a letter stands."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A grade from 1 to 5; `number` "" for the letter answered last."""

    grade: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """More words for the letter that waits for them."""

    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """The answer does not do; the reason in the citizen's words."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a letter back."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Stop:
    """No more texts."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be sent."""


@dataclass(frozen=True, slots=True)
class Write:
    """A letter. `kind` None where the text does not say."""

    text: str
    kind: Kind | None = None


Wish = Ask | Rate | Supply | Doubt | Withdraw | Stop | Help | Write

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "咨询": Kind.CONSULT,
        "投诉": Kind.COMPLAIN,
        "举报": Kind.REPORT,
        "建议": Kind.SUGGEST,
        "求助": Kind.HELP,
    }
)
_PAIR = r"\D{0,3}(?P<number>\d{8})\D{1,3}(?P<code>\d{6})\D{0,2}"
_ROWS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Wish]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), made)
    for pattern, made in (
        (rf"(?:查询?|CX){_PAIR}", lambda found: Ask(found["number"], found["code"])),
        (rf"(?:撤回?|CH){_PAIR}", lambda found: Withdraw(found["number"], found["code"])),
        (
            r"(?:评价?|PJ)?\s*(?P<grade>[1-5])\s*[分。.!]?",
            lambda found: Rate(int(found["grade"])),
        ),
        (
            r"(?:评价?|PJ)?\s*(?P<grade>[1-5])\s+(?P<number>\d{8})",
            lambda found: Rate(int(found["grade"]), found["number"]),
        ),
        (
            r"(?:评价?|PJ)?\s*(?P<number>\d{8})\s+(?P<grade>[1-5])",
            lambda found: Rate(int(found["grade"]), found["number"]),
        ),
        (r"(?:补充|补|BC)[\s:,]+(?P<text>.+)", lambda found: Supply(found["text"])),
        (r"(?:重办|重|CB)[\s:,]+(?P<text>.+)", lambda found: Doubt(found["text"])),
        (r"(?:退订|TD|T)", lambda found: Stop()),
        (r"(?:查询?|CX|撤回?|CH|评价?|PJ|补充?|BC|帮助|HELP|[?？])[\W\d_]{0,30}", lambda found: Help()),
    )
)


def wish(text: str) -> Wish:
    """What a text asks for; total: every text is something."""
    plain = unicodedata.normalize("NFKC", clean(text)[:LONGEST]).strip()
    for pattern, made in _ROWS:
        if found := pattern.fullmatch(plain):
            return made(found)
    if len(plain) < SHORTEST:
        return Help()
    # The letter itself keeps the citizen's own characters: only commands are folded.
    own = clean(text)[:LONGEST].strip()
    for word, kind in KINDS.items():
        if own.startswith(word):
            rest = own[len(word) :].lstrip(" :：,，。.\t\n")
            return Write(rest, kind) if len(rest) >= SHORTEST else Help()
    return Write(own)
