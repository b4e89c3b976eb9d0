"""Which unit a matter's words mean: portals write 市公安局 here and 青澜市公安局 there."""

from __future__ import annotations

import re
from collections.abc import Mapping

SHORTEST = 3
_NOISE = re.compile(r"[\s　()（）]")


def id_for(name: str, units: Mapping[str, str]) -> str:
    """The item id of the unit called `name`, "" where none or more than one could be meant.

    units  full name -> item id
    """
    if name in units:
        return units[name]
    plain = _NOISE.sub("", name)
    if len(plain) < SHORTEST:
        return ""
    matching = {
        item_id
        for unit, item_id in units.items()
        if (full := _NOISE.sub("", unit))
        and (full.endswith(plain) or (len(full) >= SHORTEST and plain.endswith(full)))
    }
    return matching.pop() if len(matching) == 1 else ""
