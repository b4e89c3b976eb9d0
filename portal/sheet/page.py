"""The sheet as a page: on a phone to read, at a counter to print."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.sheet.make import Sheet
from portal.sheet.pages import LONGEST_CODE
from portal.text import Text

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)


def to_html(sheet: Sheet, t: Text, pdf: str = "") -> str:
    """The page of a sheet. `pdf` is the address of the same as a PDF, "" where there is none."""
    return _page("sheet.html", t, sheet=sheet, code=_code(sheet.address), pdf=pdf)


def form(t: Text, said: str = "") -> str:
    """The page on which a code is typed; `said` is what was wrong with the last one."""
    return _page("code.html", t, said=said)


def _page(name: str, t: Text, **values: object) -> str:
    script = "TC" if t.tag == "zh-Hant" else "SC"
    return _environment.get_template(name).render(lang=t.tag, script=script, _=t.gettext, **values)


def _code(address: str) -> Markup:
    """The code of an address as a drawing inside the page; nothing where it would be too fine to read."""
    if not address or len(address) > LONGEST_CODE:
        return Markup("")
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, light="#fff", svgclass="code"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn here; the address is in it as squares only
