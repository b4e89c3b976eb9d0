"""A laid-out page -> the bytes that a box gets: markup, embedded style, and the table of moves."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from string import ascii_uppercase

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from remote_nav import repeat
from remote_nav.geometry import Key
from remote_nav.graph import Moves
from remote_nav.keymap import Action, KeyMap
from remote_nav.profile import Dialect, Profile
from remote_nav.profile import Markup as Doctype
from stb_app import markup
from stb_app.exits import EXITS
from stb_app.layout.look import Look
from stb_app.layout.view import Role, View, Words, font

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

_FOR = re.compile(r"/\* for (all|hbbtv|tizen) \*/")
_FUNCTION = re.compile(r"\bfunction (\w+)\(")
_VARIABLES = re.compile(r"\bvar ([^;]*);")
_NAME = re.compile(r"(?<![.\w\\])[a-z]\w*(?![\w:])")
"""A name of the script's own: not of a property, nor a letter of an expression."""

_QUOTED = re.compile(r"('[^'\n]*'|/(?:\\.|[^/\\\n])+/)")
"""Texts and expressions of a script; ours never divide."""

_BLANKS = re.compile(r"[ ]*([=+<>!&|?:;,{}()])[ ]*")

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
    auto_reload=False,
)
_PAGE = _environment.get_template("page.html")


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
    look = view.look
    digits = {href: str(key) for key, href in view.shortcuts.items() if key.isdigit()}
    body = _PAGE.render(
        title=view.title,
        section=view.section or "",
        refresh=view.refresh,
        refresh_to=view.refresh_to,
        parts=markup.parts(view.parts, look, after="\n"),
        targets=Markup("".join(  # noqa: S704 - markup already
            [
                markup.target(target, look, view.focus, digits.get(target.href, ""), xhtml=hbbtv)
                for target in view.targets
            ]
        )),
        links=[
            (link.words.role, link.href, markup.put(link.rect), round(link.rect.height),
             markup.text(link.words.lines[0], link.words.role))
            for link in view.links
        ],
        look=look,
        doctype=Markup(DOCTYPES[profile.markup]),  # noqa: S704 - constants above
        xhtml=hbbtv,
        mime=mime.partition(";")[0],
        lang=lang,
        style=_style(look, lang, *_used(view)),
        table=Markup(_table(view, moves, keymap, profile)),  # noqa: S704 - JSON with < and & escaped
        script=Markup(_script(view.script, exit_name, profile.dialect)),  # noqa: S704 - our own scripts
        # Keys count before the page is whole; what asks the box itself needs its objects first.
        early=view.script == "remote" and not exit_name,
        cdata=(Markup("//<![CDATA[\n"), Markup("\n//]]>")) if hbbtv else ("", ""),
        objects=Markup(_OBJECTS) if hbbtv else "",  # noqa: S704 - constant below
    )  # fmt: skip
    return Page(mime, body.encode())


_OBJECTS = (
    '<object type="application/oipfApplicationManager" id="am" '
    'style="width:0;height:0"></object>'
    '<object type="application/oipfConfiguration" id="cf" '
    'style="width:0;height:0"></object>\n'
)


def _table(view: View, moves: Moves, keymap: KeyMap, profile: Profile) -> str:
    """The script's table: f focus, m moves (a target or an address), k key codes, g keys that lead away."""
    table: dict[str, dict[Key, str]] = {}
    if view.script == "remote":
        for target in view.targets:
            table[target.id] = {key: to for key, to in moves[target.id].items() if to is not None}
        for (name, key), address in view.exits.items():
            if name in table:
                table[name][key] = address
    leads = {**view.shortcuts, Action.BACK: view.back} if view.back else view.shortcuts
    text = _json({"f": view.focus, "m": table, "g": leads, **view.data})
    # Addresses hold & and titles never come here; < > & are escaped so that no value can end the script.
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return f"{text[:-1]},{_of_box(keymap, profile.dialect)}}}"


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=500)
def _of_box(keymap: KeyMap, dialect: Dialect) -> str:
    """What each page of a box has in its table, without the braces: k key codes, h p i moments in ms."""
    data = {
        "k": {str(code): action for code, action in keymap.codes.items()},
        "h": HELD_MS,
        "p": PACE_MS,
        "i": IDLE_MS,
        **_asked(dialect, keymap.names),
    }
    return _json(data)[1:-1].replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _asked(dialect: Dialect, names: Mapping[str, Action]) -> dict[str, object]:
    """What a dialect asks of its box besides."""
    match dialect:
        case Dialect.IPANEL3:
            return {"d": 1}
        case Dialect.HBBTV:
            # Constants are called as our actions are; only the others are sent.
            called = {action.value: name.removeprefix("VK_") for name, action in names.items()}
            other = {action: name for action, name in called.items() if name != action.upper()}
            return {"s": KEYSET} | ({"v": other} if names else {})
        case Dialect.TIZEN:
            return {"z": list(TIZEN_KEYS)}
        case _:
            return {}


@cache
def _script(name: str, exit_name: str = "", dialect: Dialect | None = None) -> str:
    """A script of ours as a page has it: what only other dialects need is left out (None: nothing is),
    and what it calls its own is called by one letter."""
    source = (HERE / "static" / f"{name}.js").read_text(encoding="utf-8")
    kept: list[str] = []
    whose = ""
    for line in map(str.strip, source.splitlines()):
        if found := _FOR.fullmatch(line):
            whose = found[1].removeprefix("all")
        elif line and not line.startswith("/*") and (not whose or dialect is None or whose == dialect):
            kept.append(line)
    # Blanks beside marks go; texts and expressions, each second part, stay as they are.
    parts = _QUOTED.split("\n".join(kept))
    short = _shortened(" ".join(parts[::2]))
    parts[::2] = [
        _BLANKS.sub(r"\1", _NAME.sub(lambda name: short.get(name[0], name[0]), part)) for part in parts[::2]
    ]
    script = "".join(parts)
    if not exit_name:
        return script
    way = EXITS[exit_name]
    return f"{script}\n(function (doc) {{ try {{ {way} }} catch (e) {{ doc = null; }} }}(document));"


def _shortened(code: str) -> dict[str, str]:
    """Short names for the long ones of the functions and variables of a script, the most used first."""
    declared = set(_FUNCTION.findall(code))
    for names in _VARIABLES.findall(code):
        declared.update(_NAME.findall(re.sub(r"=[^,]*|\[[^\]]*\]", "", names)))
    uses = Counter(name for name in _NAME.findall(code) if name in declared and len(name) > 3)
    letters = (letter for letter in ascii_uppercase if not re.search(rf"\b{letter}\b", code))
    return dict(zip((name for name, _ in uses.most_common()), letters, strict=False))


def _used(view: View) -> tuple[frozenset[Role], bool, bool, bool]:
    """What a page needs of the style sheet: the roles of its words, and whether it has a field, has an alarm,
    and is one of those about the box."""
    parts = [*view.parts]
    field = alarm = False
    for target in view.targets:
        parts += target.parts
        field |= target.field
        alarm |= "alarm" in target.style
    roles = {part.role for part in parts if isinstance(part, Words)}
    roles.update([link.words.role for link in view.links])
    return frozenset(roles), field, alarm, view.script != "remote"


@cache
def _style(look: Look, lang: str, used: frozenset[Role], field: bool, alarm: bool, own: bool) -> Markup:
    roles = {role.value: font(look, role) for role in Role if role in used}
    style = _environment.get_template("style.css").render(
        look=look,
        roles=roles,
        script="TC" if lang == "zh-Hant" else "SC",
        field=field,
        alarm=alarm,
        own=own,
    )
    # The style sheet has no text of others in it; autoescape would only spoil its quotes.
    return Markup(style.replace("&#34;", '"'))  # noqa: S704 - our own style sheet
