"""Deck -> WML 1.1, 1.2 or 1.3 as text; every octet that is not content is thought about.

Untrusted text is escaped for XML first, then its `$` is doubled; in an address `$` is %24.
One card a deck: what a phone holds in one answer is one screenful to scroll, and its history then
has one entry a page.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from portal.clean import clean
from wap.device import Device
from wap.page import Ask, Call, Deck, Field, Line, Link, Part, Picture, Post
from wap.pictures import address_of, size_on
from wap.wbxml.tokens import BY_PUBLIC, Language
from wap.wbxml.variables import quote

_VERSIONS: dict[str, Language] = {
    language.name.removeprefix("WML "): language for language in BY_PUBLIC.values() if language.root == "wml"
}
KEYS_SINCE = "1.2"
"""The first WML that knows access keys."""

LABEL = 6
"""Characters of a softkey's label that every phone shows."""


def render(deck: Deck, device: Device) -> str:
    """The deck as WML of the phone's version."""
    return _Writer(device).deck(deck)


def text(value: str) -> str:
    """Text for the body of a deck."""
    return quote(escape(clean(value)))


def attribute(value: str) -> str:
    """Text for an attribute that may hold variables."""
    return quote(escape(clean(value), {'"': "&quot;"}))


def address(value: str) -> str:
    """An address for an attribute: a `$` in it is data."""
    return escape(value.replace("$", "%24"), {'"': "%22"})


class _Writer:
    def __init__(self, device: Device) -> None:
        self._device = device
        self._keys = device.version >= KEYS_SINCE

    def deck(self, deck: Deck) -> str:
        page, language = deck.page, _VERSIONS[self._device.version]
        where = f"{page.where} {deck.place}".strip()
        rows = [text(where)]
        for part in deck.parts:
            written = self._part(part)
            if isinstance(part, Line) and part.joins and len(rows) > 1:
                rows[-1] += written
            else:
                rows.append(written)
        following, previous = deck.next, deck.previous
        links = [link for link in (following, previous, page.menu, *page.foot) if link is not None]
        rows += [self._link(link) for link in links]
        softkeys = f'<do type="prev" label="{attribute(page.back[:LABEL])}"><prev/></do>'
        if page.menu is not None:
            softkeys += self._softkey("options", page.menu)
        return (
            f'<?xml version="1.0" encoding="{self._device.charset}"?>'
            f'<!DOCTYPE wml PUBLIC "{language.public}" "{language.system}">'
            f'<wml><card title="{attribute(page.title)}">{softkeys}<p>{"<br/>".join(rows)}</p></card></wml>'
        )

    def _softkey(self, kind: str, link: Link) -> str:
        label = attribute(link.text[:LABEL])
        return f'<do type="{kind}" label="{label}"><go href="{address(link.href)}"/></do>'

    def _part(self, part: Part) -> str:
        match part:
            case Line(words, strong):
                if part.marks:
                    return "".join(
                        f"<b>{text(each)}</b>" if marked else text(each) for each, marked in part.pieces
                    )
                shown = f"<b>{text(words)}</b>" if strong else text(words)
                return f"<big>{shown}</big>" if part.big else shown
            case Link():
                return self._link(part)
            case Call(number, words, label):
                link = f'<a href="wtai://wp/mc;{address(number)}">{text(words)}</a>'
                return f"{text(label)} {link}" if label else link
            case Picture():
                return self._picture(part)
            case Ask():
                return self._ask(part)
            case Post():
                return self._post(part)

    def _link(self, link: Link) -> str:
        key = f' accesskey="{link.key}"' if link.key and self._keys and link.key != "*" else ""
        shown = f"{link.key} {link.text}" if link.key else link.text
        note = f" {link.note}" if link.note and self._device.deck_bytes >= 2_800 else ""
        return f'<a href="{address(link.href)}"{key}>{text(shown)}</a>{text(note)}'

    def _picture(self, picture: Picture) -> str:
        source = address_of(picture, self._device)
        if not source:
            return text(f"[{picture.alt}]")
        width, height = size_on(picture, self._device)
        return (
            f'<img src="{address(source)}" alt="{attribute(picture.alt)}" width="{width}" height="{height}"/>'
        )

    def _ask(self, ask: Ask) -> str:
        form = ' format="*N"' if ask.digits else ""
        value = f' value="{attribute(ask.value)}"' if ask.value else ""
        mark = "&amp;" if "?" in ask.action else "?"
        target = f"{address(ask.action)}{mark}{ask.name}=$({ask.name}:e)"
        return (
            f'{text(ask.label)}<input name="{ask.name}"{form}{value}/>'
            f'<br/><a href="{target}">{text(ask.button)}</a>'
        )

    def _post(self, post: Post) -> str:
        rows = "".join(self._field(field) for field in post.fields)
        typed = [(field.name, f"$({field.name})") for field in post.fields]
        given = [(name, attribute(value)) for name, value in post.hidden]
        sent = "".join(f'<postfield name="{name}" value="{value}"/>' for name, value in (*typed, *given))
        shown = f"{post.key} {post.button}" if post.key else post.button
        key = f' accesskey="{post.key}"' if post.key and self._keys else ""
        return (
            f'{rows}<anchor{key}>{text(shown)}<go href="{address(post.action)}" method="post" '
            f'accept-charset="utf-8">{sent}</go></anchor>'
        )

    def _field(self, field: Field) -> str:
        form = ' format="*N"' if field.digits else ""
        value = f' value="{attribute(field.value)}"' if field.value else ""
        most = f' maxlength="{field.most}"' if field.most else ""
        return f'{text(field.label)}<input name="{field.name}"{form}{value}{most}/><br/>'
