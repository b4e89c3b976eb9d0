"""A PDF with Chinese in it that carries the characters it uses, and no others.

What the leaflet of numbers and the sheet of a matter share.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.ttLib import (  # type: ignore[import-untyped]  # it carries no types
    TTCollection,
    TTLibError,
)
from fpdf import FPDF

from portal.fonts import NoFont, find_font

KINDS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
"""How a TrueType or OpenType file begins."""

FAMILY = "page"
"""What the font is called in our PDFs."""


def new_pdf(title: str, locale: str, font: Path | None = None) -> FPDF:
    """An empty PDF that writes in FAMILY; pages are added by who draws them.

    font    a TrueType or OpenType font; one of this machine where none is named
    raises  NoFont where there is none, or it cannot be read
    """
    path = font or find_font()
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang(locale)
    try:
        with path.open("rb") as file:
            if file.read(4) not in KINDS:
                raise NoFont(f"{path} cannot be used as a font: it is neither TrueType nor OpenType")
        pdf.add_font(FAMILY, "", path, collection_font_number=face(path, locale))
    except (OSError, TTLibError, ValueError, KeyError) as error:
        raise NoFont(f"{path} cannot be used as a font: {error}") from error
    return pdf


def face(path: Path, locale: str) -> int:
    """Which face of a collection has the forms of the locale."""
    if path.suffix.lower() not in (".ttc", ".otc"):
        return 0
    wanted = "TC" if locale == "zh-Hant" else "SC"
    with TTCollection(str(path), lazy=True) as faces:
        names = [str(face["name"].getDebugName(1) or "").split() for face in faces.fonts]
    return next((at for at, name in enumerate(names) if wanted in name and "Mono" not in name), 0)
