"""The errors of this package: what is wrong with a value, in words for the one who wrote it."""


class NavError(ValueError):
    """Something given to this package cannot be used."""


class BadLayout(NavError):
    """Boxes, groups or moves that are not a layout: the text names the part and the fault."""


class BadKeys(NavError):
    """A key code or learned key table that cannot be read."""


class UnknownProfile(NavError):
    """There is no box profile of that name."""
