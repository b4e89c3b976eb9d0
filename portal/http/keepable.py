"""Pictures as kept pages: nobody tells a server when one is taken off, so each stands for a second."""

from __future__ import annotations

import re

from portal.http.cacheable import Family, Life, Row
from portal.http.media import MEDIA_ROUTE

FAMILIES = (
    Family(
        prefix=b"/media/",
        rows=(Row(re.compile(MEDIA_ROUTE.encode("ascii")), Life.SECOND),),
        label=lambda target, kind: "media",
    ),
)
"""For `portal.http.lane`."""
