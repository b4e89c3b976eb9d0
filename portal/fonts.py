"""A font of this machine with Chinese in it, for paper."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from portal.errors import PortalError

PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)


class NoFont(PortalError):
    """There is no font with Chinese characters."""


def find_font() -> Path:
    """A font of this machine with Simplified Chinese. NoFont says how to get one."""
    for place in map(Path, PLACES):
        if place.exists():
            return place
    if command := shutil.which("fc-match"):
        ask = [command, "-f", "%{file}", "sans-serif:lang=zh-cn:charset=6211"]
        found = subprocess.run(ask, capture_output=True, check=False, timeout=10).stdout.decode()  # noqa: S603 - a fixed command
        if found and Path(found).exists() and _has_chinese(Path(found)):
            return Path(found)
    raise NoFont("no font with Chinese: install Debian's package fonts-noto-cjk, or name one with --font")


@cache
def has_font() -> bool:
    """Whether this machine has one."""
    try:
        find_font()
    except NoFont:
        return False
    return True


def _has_chinese(path: Path) -> bool:
    # Asked only where no known font stands in its place; the library takes long to load.
    from fontTools.ttLib import (  # type: ignore[import-untyped]  # it carries no types  # noqa: PLC0415 - see above
        TTFont,
        TTLibError,
    )

    try:
        with TTFont(str(path), fontNumber=0, lazy=True) as face:
            return 0x6211 in face.getBestCmap()
    except (OSError, TTLibError):
        return False
