"""The way through writing a letter, the same for every edition: which step is next, and what it offers.

Pure: a draft, the rules and the words of the writer's language go in; steps and choices come out. A choice is
named by its place, so that an address says nothing of what was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.errors import NotFound
from portal.letters import check, masks, words
from portal.letters.model import Draft, Kind, Reach
from portal.letters.rules import Rules, label
from portal.text import Text


class Step(StrEnum):
    """A page of writing, as it stands in the address."""

    TOPIC = "topic"
    SAY = "say"
    TEXT = "text"
    PHONE = "phone"
    TELEPHONE = "tel"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: the fields of the draft that it sets, or the step that it leads to."""

    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    step: Step | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the check page: what it is about, what stands there, and where it is changed."""

    label: str
    value: str
    step: Step | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


def kinds(rules: Rules, t: Text) -> tuple[tuple[Kind, str, str], ...]:
    """The kinds of letters that the city takes: kind, name, what it is for."""
    about = {
        Kind.CONSULT: t.gettext("问怎么办"),
        Kind.COMPLAIN: t.gettext("没办好的事"),
        Kind.REPORT: t.gettext("违法的事"),
        Kind.SUGGEST: t.gettext("出主意"),
        Kind.HELP: t.gettext("请帮一把"),
    }
    return tuple((kind, words.kind(t, kind), about[kind]) for kind in (Kind(row.id) for row in rules.kinds))


def kind_named(written: str, rules: Rules) -> Kind:
    """The kind that an address names. NotFound where the city takes no such letters."""
    if written not in [row.id for row in rules.kinds]:
        raise NotFound("no such kind of letter")
    return Kind(written)


def place_named(written: str, count: int) -> int:
    """The choice that an address names, "1" to `count`, as an index from 0. NotFound."""
    if re.fullmatch(r"[1-9][0-9]{0,2}", written) and int(written) <= count:
        return int(written) - 1
    raise NotFound("no such choice")


def step_named(written: str, draft: Draft, rules: Rules) -> Step:
    """The step that an address names; where it names none, that at which the draft goes on. NotFound."""
    if not written:
        return step_of(draft, rules)
    try:
        return Step(written)
    except ValueError:
        raise NotFound("no such step") from None


def step_of(draft: Draft, rules: Rules) -> Step:
    """The first step that is not done: where a draft goes on."""
    wrong = check.problems(draft, rules)
    for name, step in _STEPS.items():
        if name in wrong:
            return step
    return Step.CHECK


_STEPS = {
    "topic": Step.TOPIC,
    "unit": Step.TOPIC,
    "phrase": Step.SAY,
    "text": Step.SAY,
    "telephone": Step.TELEPHONE,
}


def topics(draft: Draft, rules: Rules, t: Text) -> tuple[Choice, ...]:
    """What the letter may be about."""
    offered = rules.topics_of(draft.kind) if draft.kind else ()
    # A ready phrase belongs to its topic.
    return tuple(Choice(label(row, t.tag), {"topic": row.id, "phrase": ""}) for row in offered)


def sayings(draft: Draft, rules: Rules, t: Text, *, television: bool) -> tuple[Choice, ...]:
    """The ready phrases, and the ways to say it otherwise."""
    ready = rules.phrases_of(draft.kind, draft.topic) if draft.kind else ()
    phrases = tuple(Choice(label(row, t.tag), {"phrase": row.id}) for row in ready)
    back = Choice(t.gettext("请打电话问我"), {"phrase": "", "reach": Reach.CALL}, note=t.gettext("不用写字"))
    if television:
        return (*phrases, back, Choice(t.gettext("用手机写"), step=Step.PHONE))
    return (Choice(t.gettext("自己写"), step=Step.TEXT), *phrases, back)


def entries(
    draft: Draft, rules: Rules, t: Text, *, boxed: bool = False, text_step: Step = Step.TEXT
) -> tuple[Entry, ...]:
    """The lines of the check page. `boxed`: the television can list the letter."""
    topic, phrase = rules.topic(draft.topic), rules.phrase(draft.phrase)
    said = label(phrase, t.tag) if phrase else ""
    if draft.text:
        said = f"{said} {draft.text}".strip()
    found = [Entry(t.gettext("类别"), words.kind(t, draft.kind) if draft.kind else "")]
    if topic:
        found.append(Entry(t.gettext("事由"), label(topic, t.tag), Step.TOPIC))
    found.append(Entry(t.gettext("内容"), said or t.gettext("请打电话问我"), Step.SAY))
    if draft.text:
        found.append(
            Entry(
                t.gettext("改内容"),
                t.ngettext("{}字", "{}字", len(draft.text)).format(len(draft.text)),
                text_step,
            )
        )
    found.append(Entry(t.gettext("电话"), masks.telephone(draft.telephone), Step.TELEPHONE))
    found.append(_told(draft, t))
    if draft.kind is not Kind.REPORT:
        agreed = t.gettext("同意，隐去姓名电话") if draft.consent else t.gettext("不公开")
        found.append(Entry(t.gettext("公开"), agreed, changes={"consent": not draft.consent}))
    if boxed and draft.kind is not Kind.REPORT:
        on = bool(draft.box)
        shown = t.gettext("显示办到哪一步") if on else t.gettext("不显示")
        found.append(Entry(t.gettext("这台电视"), shown, changes={"box": ""} if on else {"box": BOX}))
    return tuple(found)


BOX = "\0box"
"""Stands in the changes of an entry for the secret of the television, which only its edition knows."""


def _told(draft: Draft, t: Text) -> Entry:
    """How the writer is told: each press is the next way. Who wants a call instead of words stays with it."""
    says = bool(draft.phrase or draft.text)
    ways = (Reach.TEXT, Reach.CALL, Reach.NONE) if says else (Reach.CALL,)
    at = ways.index(draft.reach) if draft.reach in ways else 0
    change = {"reach": ways[(at + 1) % len(ways)]} if len(ways) > 1 else {}
    return Entry(t.gettext("办好后"), words.reach(t, draft.reach), changes=change)
