"""The errors that every part shares. Each says in its text what to do."""


class PortalError(Exception):
    """Something that the caller can name to a person."""


class NotFound(PortalError):
    """There is no such column, item, number or picture."""


class Withdrawn(PortalError):
    """The item was there and has been taken off at the moment `when` (may be "").

    It carries no title: what had to go may have had to go because of it.
    """

    def __init__(self, item_id: str, when: str) -> None:
        super().__init__(f"{item_id} was withdrawn {when}".rstrip())
        self.item_id = item_id
        self.when = when


class MirrorAway(PortalError):
    """Redis does not answer and this process holds no copy of what was asked for."""


class StaleWriter(PortalError):
    """Another sync job has taken over: what this one wanted to publish was not published."""


class Overtaken(PortalError):
    """Another generation was published while this one was made: make it again from what is there."""


class ForeignMirror(PortalError):
    """The keys of this site belong to the mirror of another portal."""


class WrongSetting(PortalError):
    """A setting cannot be understood: the text names it and what it should look like."""
