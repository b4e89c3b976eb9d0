"""What can be wrong with octets from the network, and with our own calls."""


class Malformed(Exception):
    """The octets are not what the standard allows."""


class Truncated(Malformed):
    """The octets end before the value does."""


class LocalMisuse(Exception):
    """Our own code asked for a step that the state does not have: a bug here, never the phone's fault."""
