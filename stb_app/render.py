"""A laid-out page -> the bytes that a box gets: markup, embedded style, and the table of moves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from remote_nav import repeat
from remote_nav.geometry import Key, Rect
from remote_nav.graph import Moves
from remote_nav.keymap import Action, KeyMap
from remote_nav.profile import Dialect, Profile
from remote_nav.profile import Markup as Doctype
from stb_app.exits import EXITS
from stb_app.layout.chunks import DRAWN, PLANS
from stb_app.layout.look import HD, Look
from stb_app.layout.view import Bar, Live, Part, Picture, Role, Target, View, Words, font

HERE = Path(__file__).resolve().parent
DOCTYPES = {
    "hbbtv": '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//HbbTV//1.1.1//EN" '
    '"http://www.hbbtv.org/dtd/HbbTV-1.1.1.dtd">',
    "html4": '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">',
    "html5": "<!DOCTYPE html>",
}
KEYSET = 0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x100
"""The keys asked of an HbbTV receiver: four colours, navigation, digits (OIPF DAE 7.2.5)."""

TIZEN_KEYS = ("ColorF0Red", "ColorF1Green", "ColorF2Yellow", "ColorF3Blue", *"0123456789")
"""The keys asked of a Tizen television, by the names of its TVInputDevice interface."""

HELD_MS = round(repeat.HELD * 1000)
PACE_MS = {action.value: round(pace * 1000) for action, pace in repeat.PACE.items()}
"""When a key event counts as a press: the figures of `remote_nav.repeat`, for the script."""

IDLE_MS = 600_000
"""After ten minutes without a key the standby page comes."""

_QUOTED = re.compile(r"('[^'\n]*')")
_BLANKS = re.compile(r"[ ]*([=+<>!&|?:;,{}()])[ ]*")

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
    auto_reload=False,
)
_environment.filters["px"] = round


@dataclass(frozen=True, slots=True)
class Page:
    """What goes to the box."""

    mime: str
    body: bytes


def render(
    view: View, moves: Moves, keymap: KeyMap, profile: Profile, lang: str, mime: str, exit_name: str = ""
) -> Page:
    """Write a view for one box in one language.

    mime       the type that this very browser gets
    exit_name  a way out of `stb_app.exits` that the page tries at once, or ""
    """
    hbbtv = profile.markup is Doctype.HBBTV
    body = _environment.get_template("page.html").render(
        view=_View(view),
        look=view.look,
        bold_roles=_BOLD,
        doctype=Markup(DOCTYPES[profile.markup]),  # noqa: S704 - constants above
        xhtml=hbbtv,
        mime=mime.partition(";")[0],
        lang=lang,
        style=Markup(_style(view.look, lang, _roles(view), *_special(view))),  # noqa: S704 - our own style sheet
        table=Markup(_table(view, moves, keymap, profile)),  # noqa: S704 - JSON with < and & escaped
        script=Markup(_script(view.script, exit_name)),  # noqa: S704 - our own scripts
        # Keys count before the page is whole; what asks the box itself needs its objects first.
        early=view.script == "remote" and not exit_name,
        cdata=(Markup("//<![CDATA[\n"), Markup("\n//]]>")) if hbbtv else ("", ""),
        objects=Markup(_OBJECTS) if hbbtv else "",  # noqa: S704 - constant below
    )
    return Page(mime, body.encode())


_OBJECTS = (
    '<object type="application/oipfApplicationManager" id="am" '
    'style="width:0;height:0"></object>'
    '<object type="application/oipfConfiguration" id="cf" '
    'style="width:0;height:0"></object>\n'
)


class _View:
    """A view as the template reads it: every part knows its kind."""

    def __init__(self, view: View) -> None:
        self._digits = {href: key.value for key, href in view.shortcuts.items() if key.value.isdigit()}
        self.title = view.title
        self.section = view.section
        self.focus = view.focus
        self.refresh = view.refresh
        self.refresh_to = view.refresh_to
        self.links = view.links
        self.parts = [_part(part, view.look) for part in view.parts]
        self.targets = [
            {
                "id": target.id,
                "rect": target.rect,
                "href": target.href,
                "style": target.style,
                "field": target.field,
                "value": target.value,
                "label": target.label,
                "digit": self._digits.get(target.href, ""),
                "parts": [_part(part, view.look) for part in target.parts],
            }
            for target in view.targets
        ]


def _part(part: Part, look: Look) -> Mapping[str, Any]:
    if isinstance(part, Words):
        # Words that are as high as their lines need no height of their own.
        high = len(part.lines) * (part.line_height or font(look, part.role)[1])
        return {
            "kind": "words", "rect": part.rect, "lines": part.lines, "role": part.role.value,
            "align": part.align, "when": part.when, "indent": part.indent, "line_height": part.line_height,
            "name": part.name, "natural": round(part.rect.height) == high,
        }  # fmt: skip
    if isinstance(part, Live):
        inside = Rect(0, 0, part.rect.width, part.rect.height)
        # Never empty: a browser that has no programme would speak of plug-ins.
        instead = Picture(inside, part.media, part.alt) if part.media else Bar(inside, "surface")
        return {"kind": "live", "rect": part.rect, "instead": _part(instead, look)}
    if isinstance(part, Picture):
        return {"kind": "picture", "rect": part.rect, "src": _source(part), "alt": part.alt}
    return {"kind": "bar", "rect": part.rect, "style": part.style, "section": part.section}


def _source(picture: Picture) -> str:
    """Where a picture comes from: the mirror's media in exactly the size of its place, or a path of ours."""
    size = f"{round(picture.rect.width)}x{round(picture.rect.height)}"
    if picture.media.startswith(PLANS):
        plan, _, ending = picture.media.partition(".")
        return f"{plan}/{size}.{ending}"
    if picture.media.startswith("/"):
        return picture.media
    # Bars and their letters stay sharp in few colours, and are a sixth as heavy.
    ending = "png" if picture.media.startswith(DRAWN) else "jpg"
    return f"/media/{picture.media}/{size}c.{ending}"


def _table(view: View, moves: Moves, keymap: KeyMap, profile: Profile) -> str:
    """The script's table: f focus, m moves (a target or an address), k key codes, g keys that lead away."""
    table: dict[str, dict[str, str]] = {}
    for target in view.targets:
        row = {key.value: to for key, to in moves[target.id].items() if to is not None}
        row |= {key.value: view.exits[target.id, key] for key in Key if (target.id, key) in view.exits}
        table[target.id] = row
    data: dict[str, object] = {
        "f": view.focus,
        "m": table if view.script == "remote" else {},
        "k": {str(code): action.value for code, action in keymap.codes.items()},
        "g": {action.value: address for action, address in view.shortcuts.items()}
        | ({Action.BACK.value: view.back} if view.back else {}),
        "h": HELD_MS,
        "p": PACE_MS,
        "i": IDLE_MS,
        **view.data,
    }
    if profile.dialect is Dialect.IPANEL3:
        data["d"] = 1
    if profile.dialect is Dialect.HBBTV:
        data["s"] = KEYSET
        if keymap.names:
            # Constants are called as our actions are; only the others are sent.
            names = {action.value: name.removeprefix("VK_") for name, action in keymap.names.items()}
            data["v"] = {action: name for action, name in names.items() if name != action.upper()}
    if profile.dialect is Dialect.TIZEN:
        data["z"] = list(TIZEN_KEYS)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Addresses hold & and titles never come here; < > & are escaped so that no value can end the script.
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _script(name: str, exit_name: str = "") -> str:
    source = (HERE / "static" / f"{name}.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("/*"))
    # Blanks beside marks go; what stands between quotes stays as it is.
    script = "".join(
        part if part.startswith("'") else _BLANKS.sub(r"\1", part) for part in _QUOTED.split(kept)
    )
    if not exit_name:
        return script
    way = EXITS[exit_name]
    return f"{script}\n(function (doc) {{ try {{ {way} }} catch (e) {{ doc = null; }} }}(document));"


_BOLD = frozenset(role.value for role in Role if font(HD, role)[2])
"""Roles whose letters are bold in the style sheet: their spans need no mark of their own."""


def _roles(view: View) -> frozenset[str]:
    """The roles of the words of a page: the style sheet names no others."""
    parts = (*view.parts, *(part for target in view.targets for part in target.parts))
    roles = {part.role.value for part in parts if isinstance(part, Words)}
    return frozenset(roles | {link.words.role.value for link in view.links})


def _special(view: View) -> tuple[bool, bool, bool]:
    """What only some pages need of the style sheet: (of a field, of an alarm, of the pages about the box)."""
    field, alarm = (any(test(target) for target in view.targets) for test in (_is_field, _is_alarm))
    return field, alarm, view.script != "remote"


def _is_field(target: Target) -> bool:
    return target.field


def _is_alarm(target: Target) -> bool:
    return "alarm" in target.style


@cache
def _style(look: Look, lang: str, used: frozenset[str], field: bool, alarm: bool, own: bool) -> str:
    roles = {role.value: font(look, role) for role in Role if role.value in used}
    style = _environment.get_template("style.css").render(
        look=look,
        roles=roles,
        script="TC" if lang == "zh-Hant" else "SC",
        field=field,
        alarm=alarm,
        own=own,
    )
    # The style sheet has no text of others in it; autoescape would only spoil its quotes.
    return style.replace("&#34;", '"')
