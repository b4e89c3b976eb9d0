"""HTTP status codes as one octet (WAP-230-WSP table 36)."""

KNOWN: dict[int, int] = {
    **{100 + low: 0x10 + low for low in range(2)},
    **{200 + low: 0x20 + low for low in range(7)},
    **{300 + low: 0x30 + low for low in (0, 1, 2, 3, 4, 5, 7)},
    **{400 + low: 0x40 + low for low in range(18)},
    **{500 + low: 0x60 + low for low in range(6)},
}
HTTP: dict[int, int] = {octet: status for status, octet in KNOWN.items()}
LIKE: dict[int, int] = {308: 301}  # codes younger than WSP that have an equal in it


def encode_status(status: int) -> int:
    """The octet of an HTTP status; one that WSP does not know becomes the general one of its class."""
    status = LIKE.get(status, status)
    found = KNOWN.get(status)
    if found is None:
        found = KNOWN.get(status // 100 * 100, KNOWN[500])
    return found


def decode_status(octet: int) -> int:
    """The HTTP status of an octet; 500 for one that is not assigned."""
    return HTTP.get(octet, 500)
