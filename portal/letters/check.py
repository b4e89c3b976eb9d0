"""Whether a draft can be filed, and the cleaning of what was typed into it."""

from __future__ import annotations

import re
from dataclasses import replace

from portal.clean import clean
from portal.letters import numbers
from portal.letters.errors import NotComplete
from portal.letters.model import Channel, Draft, Reach
from portal.letters.rules import Rules

LONGEST_NAME = 40
KEPT_TIMES = 4
"""A draft keeps so many times the text that a letter may have: what is too long can be shortened, not
lost.
"""

_ASK_TOPIC = frozenset((Channel.TV, Channel.WAP))
"""Where a writer chooses from a list; elsewhere who takes the letter in finds its topic."""

_NEED_TELEPHONE = frozenset((Channel.TV, Channel.WAP, Channel.SMS))


def cleaned(draft: Draft, rules: Rules) -> Draft:
    """A draft without characters that no screen shows; the telephone number as digits; one-line names."""
    text = clean(draft.text).replace("\r\n", "\n").replace("\r", "\n")
    return replace(
        draft,
        text=re.sub(r"\n{3,}", "\n\n", text).strip()[: KEPT_TIMES * rules.limits.longest_text],
        name=" ".join(clean(draft.name).split())[:LONGEST_NAME],
        telephone=numbers.plain_telephone(clean(draft.telephone))[:20],
        topic=clean(draft.topic)[:40],
        unit=clean(draft.unit)[:40],
        phrase=clean(draft.phrase)[:40],
        at=clean(draft.at)[:40],
    )


def problems(draft: Draft, rules: Rules) -> tuple[str, ...]:
    """The fields that are missing or wrong, in the order in which the editions ask for them."""
    found = []
    kind = draft.kind
    if kind is None or kind not in {row.id for row in rules.kinds}:
        return ("kind",)
    topics = rules.topics_of(kind)
    asked = bool(topics) and draft.channel in _ASK_TOPIC
    if (draft.topic or asked) and draft.topic not in {topic.id for topic in topics}:
        found.append("topic")
    if draft.unit and not rules.knows_unit(draft.unit):
        found.append("unit")
    if draft.phrase and draft.phrase not in {row.id for row in rules.phrases_of(kind, draft.topic)}:
        found.append("phrase")
    elif len(draft.text) > rules.limits.longest_text or not (
        draft.phrase or draft.text or draft.reach is Reach.CALL
    ):
        found.append("text")
    needed = draft.channel in _NEED_TELEPHONE and not draft.filed_by
    if (draft.telephone or needed) and not numbers.is_telephone(draft.telephone):
        found.append("telephone")
    return tuple(found)


def check_draft(draft: Draft, rules: Rules) -> None:
    """Raise NotComplete with the fields to mend."""
    if found := problems(draft, rules):
        raise NotComplete(found)
