"""Which pages of the phone edition may be kept by a server: home, columns, items and help; nothing typed.

A page is made for a kind of phone: what `wap.device` makes of the headers is the class of the request.
"""

from __future__ import annotations

import re
from collections.abc import Hashable

from portal.http.cacheable import Family, Life, Row
from portal.near import CHECKED
from portal.text import LOCALES
from wap.device import READ, Device, recognise

_ROOT = rf"/wap(?:/(?:{'|'.join(LOCALES)}))?"
_ID = r"[A-Za-z0-9_.-]{1,64}"
_PLACE = r"(?:/[0-9.]{1,11})?"
_NAMES = tuple(name.lower() for name in READ)


def _row(path: str, life: Life = Life.DAY, *, also: tuple[str, ...] = (), leads: bool = False) -> Row:
    return Row(re.compile((_ROOT + path).encode("ascii")), life, also, leads)


def _device(values: tuple[str, ...]) -> Hashable:
    return recognise(dict(zip(_NAMES, values, strict=True)))


def _label(target: bytes, kind: Hashable) -> str:
    return f"wap-{kind.markup}" if isinstance(kind, Device) else "wap"


FAMILIES = (
    Family(
        prefix=b"/wap",
        rows=(
            # The home page says how old the content is when it is old.
            _row(r"(?:/(?:[0-9]{1,3})?)?", Life.HOUR, also=(CHECKED,), leads=True),
            _row(rf"/c/{_ID}{_PLACE}/?", leads=True),
            _row(rf"/i/{_ID}{_PLACE}/?"),
            _row(rf"/h{_PLACE}/?"),
        ),
        label=_label,
        reads=_NAMES,
        variant=_device,
    ),
)
"""For `portal.http.lane`."""
