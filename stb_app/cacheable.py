"""Which pages of the television edition may be kept by a server: the portal's own pages, by their address.

Searches, cases, letters, codes for phones, the pages about the box and what an address carries of a household
are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable

from portal.http.cacheable import Family, Life, Row
from portal.near import CHECKED
from remote_nav.profile import HTML_TYPE, PROFILES, mime

_OPTIONS = r"(?:\.(?:en|zh-Hant|large|k-[0-9A-Za-z_-]{1,80}|o-[a-z][a-z0-9-]{0,31}|a-[0-9A-Za-z]{1,12}))*"
_ID = r"[A-Za-z0-9_-]{1,40}"
_FOCUS = rf"(?:\?f={_ID})?"
_NUMBER, _PAGE = r"[0-9]{1,8}", r"[0-9]{1,6}"


def _families() -> tuple[Family, ...]:
    """One family a profile: those of one type for all browsers need look at no header."""
    return tuple(_family(name) for name in sorted(PROFILES, key=len, reverse=True))


def _family(profile: str) -> Family:
    root = rf"/tv/{re.escape(profile)}{_OPTIONS}/"

    def row(path: str, life: Life = Life.DAY, *, also: tuple[str, ...] = (), leads: bool = False) -> Row:
        return Row(re.compile((root + path).encode("ascii")), life, also, leads)

    one_type = PROFILES[profile].mime == HTML_TYPE
    return Family(
        prefix=f"/tv/{profile}".encode("ascii"),
        rows=(
            # The home page shows the time, what is urgent now and how fresh everything is.
            row(_FOCUS, Life.MINUTE, also=(CHECKED,), leads=True),
            row(rf"c/{_NUMBER}(?:/{_PAGE})?{_FOCUS}", leads=True),
            row(rf"(?:c/{_NUMBER}/{_PAGE}|h)/{_ID}(?:/{_PAGE})?{_FOCUS}"),
            row(rf"(?:c/{_NUMBER}/{_PAGE}|h)/{_ID}/{_PAGE}/u/{_ID}(?:/{_PAGE})?{_FOCUS}"),
            row(rf"help(?:/{_PAGE})?{_FOCUS}"),
        ),
        label=lambda target, kind: profile,
        reads=() if one_type else ("user-agent",),
        variant=lambda values: _type(profile, values[0]),
    )


def _type(profile: str, agent: str) -> Hashable:
    return mime(profile, agent)


FAMILIES = _families()
"""For `portal.http.lane`: the longer names first, since one profile's name begins another's."""
