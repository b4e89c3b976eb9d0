"""Forms of HTML -> the fields and buttons of WML (WAP-191 section 11.6), and what phones send back.

A field becomes a variable of the browser, whose name is made of the form's and the field's, so that it
means the same on every deck that the form is spread over, and nothing on another page. A button becomes an
anchor that posts all of them. WML always sends every field: a box that is not ticked arrives empty.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_to_bytes

from lxml import etree

from wap.convert.charset import codec_of
from wap.convert.links import Links, marked
from wap.render_wml import address, attribute, text

LONGEST_LABEL = 40
MOST_OPTIONS = 200
DIGITS = frozenset(("number", "tel", "range"))
TYPED = frozenset(("text", "search", "email", "url", "password", "number", "tel", "range", "date", "time",
                   "datetime-local", "month", "week", "color", ""))  # fmt: skip
BUTTONS = frozenset(("submit", "image"))
NOT_SENT = frozenset(("reset", "button", "file", "image"))
_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY = re.compile(r"[0-9*#]")


def words_of(value: str) -> str:
    """Text in one line, without what XML does not know."""
    return _SPACES.sub(" ", _CONTROLS.sub("", value)).strip()


def all_text(element: etree._Element) -> str:
    """The words inside an element in one line."""
    return words_of("".join(str(part) for part in element.itertext()))


def recoded(query: str, source: str, target: str) -> str:
    """Form data (application/x-www-form-urlencoded) in another character set.

    What one of the sets does not have becomes a numeric reference, as browsers send it.
    """
    reads, writes = codec_of(source) or "utf-8", codec_of(target) or "utf-8"
    if reads == writes:
        return query

    def one(part: str) -> str:
        octets = unquote_to_bytes(part.replace("+", " "))
        return quote_plus(octets.decode(reads, "replace").encode(writes, "xmlcharrefreplace"))

    return "&".join("=".join(one(side) for side in pair.split("=", 1)) for pair in query.split("&") if pair)


def key_of(element: etree._Element, known: bool) -> str:
    """The attribute for an element's access key; "" where it has none or WML 1.1 knows none."""
    key = (element.get("accesskey") or "").strip()
    return f' accesskey="{key}"' if known and _KEY.fullmatch(key) else ""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to fill in or to press, with the variable of the phone that holds it."""

    element: etree._Element
    kind: str
    name: str
    variable: str
    value: str


class Form:
    """One form of a page.

    codec    in which the page is written, and wants its fields
    charset  of the deck, in which phones send them (WAP-191, 9.5.1)
    keys     the phone's WML knows access keys
    send     label of a button that has none
    """

    def __init__(
        self, element: etree._Element, links: Links, codec: str, charset: str, keys: bool, send: str
    ) -> None:
        self._element = element
        self._keys = keys
        self._send = send
        action = (element.get("action") or "").strip()
        target = links.absolute(action) if action else links.base
        self.allowed = bool(target) and links.allowed(target)
        self._method = "post" if (element.get("method") or "").strip().lower() == "post" else "get"
        wanted = codec_of((element.get("accept-charset") or "").split(",")[0].strip()) or codec
        to = "" if wanted == codec_of(charset) else wanted
        if self._method == "get":
            target = target.partition("?")[0]  # its query is replaced by the fields (HTML 4.10.22.3)
        self._action = links.shown(marked(target, to=to)) if self.allowed else ""
        seed = f"{target} {element.get('name') or element.get('id') or ''}"
        self.controls = list(self._controls(seed))
        self._by_element = {control.element: control for control in self.controls}
        self.shown: set[str] = set()

    def _controls(self, seed: str) -> Iterator[Control]:
        for element in self._element.iter("input", "select", "textarea", "button"):
            if element.get("disabled") is not None:
                continue
            kind = str(element.tag)
            if kind == "input":
                kind = (element.get("type") or "").strip().lower()
            elif kind == "button":
                kind = (element.get("type") or "submit").strip().lower()
            name = words_of(element.get("name") or "")
            value = element.get("value") or ""
            if kind == "textarea":
                value = element.text or ""
            elif kind in ("checkbox", "radio"):
                value = element.get("value", "on")
            by_value = value if kind == "checkbox" else ""
            variable = f"v{zlib.crc32(f'{seed} {name} {by_value}'.encode()):x}"
            yield Control(element, kind, name, variable, _CONTROLS.sub("", value))

    def control(self, element: etree._Element) -> Control | None:
        """The control that an element of this form is."""
        return self._by_element.get(element)

    def markup(self, control: Control, label: str, labels: dict[etree._Element, str]) -> str:
        """A control as WML; "" for one that is not shown.

        label   what the page says it is for       labels  of the boxes and radio buttons of the form
        """
        kind = control.kind
        if kind in BUTTONS:
            caption = words_of(control.element.get("value") or "") or words_of(
                control.element.get("alt") or ""
            )
            if control.element.tag == "button":
                caption = all_text(control.element) or caption
            return self.button(caption, control)
        if not control.name:
            return ""
        if kind == "select":
            return self._select(control, label)
        if kind == "checkbox":
            return self._choices(control, [control], labels, label)
        if kind == "radio":
            if control.name in self.shown:
                return ""
            self.shown.add(control.name)
            group = [each for each in self.controls if each.kind == "radio" and each.name == control.name]
            return self._choices(control, group, labels, label)
        if kind == "textarea" or kind in TYPED:
            return self._field(control, label)
        return ""

    def _field(self, control: Control, label: str) -> str:
        element = control.element
        kind = ' type="password"' if control.kind == "password" else ""
        form = ' format="*N"' if control.kind in DIGITS and re.fullmatch(r"\d*", control.value) else ""
        longest = (element.get("maxlength") or "").strip()
        longest = f' maxlength="{int(longest)}"' if re.fullmatch(r"[1-9]\d{0,3}", longest) else ""
        value = f' value="{attribute(words_of(control.value))}"' if control.value.strip() else ""
        empty = "" if element.get("required") is not None else ' emptyok="true"'
        key = key_of(element, self._keys)
        return f'<input name="{control.variable}"{kind}{form}{longest}{_title(label)}{value}{empty}{key}/>'

    def _select(self, control: Control, label: str) -> str:
        options = list(control.element.iter("option"))[:MOST_OPTIONS]
        rows, chosen = [], []
        for option in options:
            words = all_text(option) or words_of(option.get("label") or "") or "-"
            value = words_of(option.get("value", words))
            rows.append((value, words))
            if option.get("selected") is not None:
                chosen.append(value)
        many = control.element.get("multiple") is not None
        return _select(control.variable, rows, chosen if many else chosen[-1:], many, label)

    def _choices(
        self, control: Control, group: list[Control], labels: dict[etree._Element, str], label: str
    ) -> str:
        rows = [(words_of(each.value), labels.get(each.element) or words_of(each.value)) for each in group]
        chosen = [words_of(each.value) for each in group if each.element.get("checked") is not None]
        return _select(control.variable, rows, chosen, control.kind == "checkbox", label)

    @property
    def has_button(self) -> bool:
        """Whether the page brings a button of its own."""
        return any(control.kind in BUTTONS for control in self.controls)

    def button(self, caption: str = "", pressed: Control | None = None) -> str:
        """The anchor that sends the form; "" where it leads to a host that is not on the list."""
        if not self.allowed:
            return ""
        fields: dict[tuple[str, str], str] = {}
        for control in self.controls:
            if (
                not control.name
                or control.kind in NOT_SENT
                or (control.kind in BUTTONS and control is not pressed)
            ):
                continue
            if control.kind in BUTTONS or control.kind == "hidden":
                # An attribute's line ends would be read as spaces.
                value = attribute(control.value).replace("\r\n", "\n").replace("\n", "&#10;")
                fields[control.name, str(len(fields))] = value
            else:
                fields[control.name, control.variable] = f"$({control.variable})"
        posts = "".join(
            f'<postfield name="{attribute(name)}" value="{value}"/>' for (name, _), value in fields.items()
        )
        method = ' method="post"' if self._method == "post" else ""
        words = caption[:LONGEST_LABEL] or self._send
        return f'<anchor>{text(words)}<go{method} href="{address(self._action)}">{posts}</go></anchor>'


def _select(variable: str, rows: list[tuple[str, str]], chosen: list[str], many: bool, label: str) -> str:
    if not rows:
        return ""
    several = ' multiple="true"' if many else ""
    value = f' value="{attribute(";".join(chosen))}"' if chosen else ""
    options = "".join(
        f'<option value="{attribute(value)}">{text(words[:LONGEST_LABEL])}</option>' for value, words in rows
    )
    return f'<select name="{variable}"{several}{_title(label)}{value}>{options}</select>'


def _title(label: str) -> str:
    return f' title="{attribute(label[:LONGEST_LABEL])}"' if label else ""
