"""A unit's reply by e-mail becomes an event of its letter, once."""

from __future__ import annotations

from datetime import datetime

from portal.errors import NotFound
from portal.letters.errors import NotAllowed
from portal.letters.mail.compose import Post
from portal.letters.mail.replies import NoReply, Reply
from portal.letters.model import Event, Letter, Role, Verb
from portal.letters.service import Letters
from portal.letters.states import unit_of

BY = "mail"


async def take(letters: Letters, reply: Reply, post: Post, now: datetime) -> Letter:
    """Write a reply to its letter. What cannot happen becomes a note for the desk, so that no word is lost.

    raises   NoReply where its seal is not that of the unit that has the letter, NotStored, LettersAway
    """
    try:
        letter = await letters.letter(reply.number)
    except NotFound:
        raise NoReply(f"there is no letter {reply.number}") from None
    unit = unit_of(letter)
    if not reply.is_from(unit, post.secret):
        raise NoReply("its address was not given to the unit that has the letter")
    inner = reply.verb is Verb.NOTE
    # The mailbox stands for its unit as a case system does: nobody signs in to it.
    event = Event(
        verb=reply.verb,
        at=now,
        role=Role.REMOTE,
        by=BY,
        note="" if inner else reply.words,
        inner=reply.words if inner else "",
    )
    once = f"mail {reply.name}"
    try:
        return await letters.apply(reply.number, event, once=once)
    except NotAllowed:
        note = Event(verb=Verb.NOTE, at=now, role=Role.REMOTE, by=BY, inner=f"{reply.verb}: {reply.words}")
        return await letters.apply(reply.number, note, once=once)
