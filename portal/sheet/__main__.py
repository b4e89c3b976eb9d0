"""`python -m portal.sheet ID -o out.pdf`: the sheet of a matter, for the counter."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from portal import settings as setting_table
from portal.errors import NotFound, PortalError
from portal.installed import mirror_of
from portal.sheet.codes import Codes
from portal.sheet.desk import sheet_of
from portal.sheet.make import Sheet
from portal.sheet.page import to_html
from portal.sheet.pdf import to_pdf
from portal.store import Mirror
from portal.text import LOCALES, text

EXIT_FAILED = 1


def main(arguments: Sequence[str]) -> int:
    """Returns 0, 1 where it cannot be made, 2 for wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m portal.sheet", description="The sheet of a matter (明白纸), to print and take along."
    )
    parser.add_argument(
        "id", metavar="ID", help="item id or dial number of a matter, or a code of six digits"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write a .pdf or .html file [HTML to stdout]"
    )
    parser.add_argument(
        "--locale", choices=LOCALES, default="", help=f"language [the code's, or {LOCALES[0]}]"
    )
    parser.add_argument("--font", type=Path, help="a TrueType or OpenType font with Chinese, for the PDF")
    options = parser.parse_args(arguments)
    try:
        sheet, locale = asyncio.run(_read(options.id, options.locale))
        _write(sheet, locale, options.output, options.font)
    except (PortalError, RedisError, OSError) as error:
        print(f"portal.sheet: {error}", file=sys.stderr)
        return EXIT_FAILED
    return 0


def _write(sheet: Sheet, locale: str, output: Path | None, font: Path | None) -> None:
    if output is None:
        sys.stdout.write(to_html(sheet, text(locale)))
        return
    if output.suffix.lower() == ".pdf":
        output.write_bytes(to_pdf(sheet, locale, font))
    else:
        output.write_text(to_html(sheet, text(locale)), encoding="utf-8")
    print(f"{output}: {sheet.title}", file=sys.stderr)


async def _read(written: str, locale: str) -> tuple[Sheet, str]:
    redis, mirror = mirror_of(setting_table.load())
    try:
        item, carried = await _item(mirror, written)
        chosen = locale or carried
        site = await mirror.site()
        today = datetime.now(ZoneInfo(site.time_zone)).strftime("%Y-%m-%d")
        return await sheet_of(mirror, item, text(chosen), today), chosen
    finally:
        await redis.aclose()


async def _item(mirror: Mirror, written: str) -> tuple[str, str]:
    """The item and the language that an id, a dial number or a code means."""
    try:
        return (await mirror.head(written)).id, LOCALES[0]
    except NotFound:
        if len(written) == 6 and written.isdigit():
            codes = Codes(mirror.redis, mirror.keys.site_id, secrets.randbelow)
            found = await codes.open(written, "127.0.0.1")
            return found.item, found.locale
        kind, _, item = (await mirror.target(written)).partition(":")
        if kind != "i":
            raise NotFound(f"{written} is no matter") from None
        return item, LOCALES[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
