"""What can go wrong with a letter. Texts are for operators; editions show sentences of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.errors import NotFound, PortalError


class NotStored(PortalError):
    """The letter box could not store it durably: nothing was promised, and pressing again is safe."""


class LettersAway(PortalError):
    """The letter box does not answer."""


class WeakStorage(PortalError):
    """The Redis of the letter box would lose letters; the text names each setting."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"the Redis of the letters is not safe for letters:{lines}")


class WrongRules(PortalError):
    """The rules cannot be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = tuple(problems)
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{path} cannot be used as rules for letters:{lines}")


class NotComplete(PortalError):
    """A draft cannot be filed yet; `fields` names what is missing or wrong: kind, topic, telephone ..."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(f"the letter is not complete: {', '.join(fields)}")


class NoDraft(NotFound):
    """The draft has run out, or never was."""


class WrongPairing(PortalError):
    """This pairing code is used up, too old or mistyped."""


class WrongCode(PortalError):
    """Number and code do not belong together; `left` tries are left before the number is locked.

    A number that was never given out answers the same.
    """

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(f"number and code do not belong together; {left} tries left")


class Locked(PortalError):
    """Too many wrong codes; the telephone number of the letter opens it again (`LetterBox.unlock`)."""

    def __init__(self, what: str = "letter") -> None:
        self.what = what
        super().__init__(f"too many wrong tries: this {what} is locked")


class TooMany(PortalError):
    """A limit against abuse; `subject`: telephone, box, address, worker, drafts; `again`: when it opens."""

    def __init__(self, subject: str, again: datetime) -> None:
        self.subject = subject
        self.again = again
        super().__init__(f"too many letters from this {subject} until {again:%Y-%m-%d %H:%M}")


class NotAllowed(PortalError):
    """This event does not fit: `why` is state, role, unit, reason, target, limit, late or value."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        super().__init__(text)


class Changed(PortalError):
    """Somebody else has written to the letter meanwhile: read it again."""
