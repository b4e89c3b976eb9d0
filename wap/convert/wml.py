"""WML of another site, mended where it is not well-formed, with a way back on every card."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from wap.convert.links import Links
from wap.render_wml import LABEL
from wap.wbxml import BadDeck
from wap.wbxml.tokens import BY_PUBLIC, WML11, Language

ADDRESSES = ("href", "src", "onenterforward", "onenterbackward", "ontimer", "onpick")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED = re.compile(r"&(nbsp|shy|copy|reg|middot|laquo|raquo|times|mdash|ndash|hellip);")
_CHARACTERS = {"nbsp": 0xA0, "shy": 0xAD, "copy": 0xA9, "reg": 0xAE, "middot": 0xB7, "laquo": 0xAB,
               "raquo": 0xBB, "times": 0xD7, "mdash": 0x2014, "ndash": 0x2013, "hellip": 0x2026}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wml:
    """A deck of another site that is well-formed, and the language that it says it is in."""

    root: etree._Element
    language: Language

    @property
    def prolog(self) -> str:
        """What stands before the root of a deck in this language."""
        return f'<?xml version="1.0"?><!DOCTYPE wml PUBLIC "{self.language.public}" "{self.language.system}">'

    def text(self) -> str:
        """The deck as one."""
        return self.prolog + etree.tostring(self.root, encoding="unicode")


def read_wml(source: str, links: Links, back: str) -> Wml:
    """A deck with a way back on every card and addresses that lead where they led.

    back    label of the way back
    raises  BadDeck for what is no WML even when it is mended
    """
    root, language = _read(source)
    _lead_back(root, back)
    if links.base != links.asked:
        _rebase(root, links)
    return Wml(root, language)


def _read(source: str) -> tuple[etree._Element, Language]:
    """The tree of a deck. Entities that WML does not have, but its authors use, are their characters."""
    known = _NAMED.sub(lambda found: f"&#{_CHARACTERS[found[1]]};", source)
    octets = _DECLARATION.sub("", known.lstrip("\ufeff"), count=1).lstrip().encode("utf-8", "replace")
    for recover in (False, True):
        parser = etree.XMLParser(
            encoding="utf-8", recover=recover, resolve_entities=False, load_dtd=False, no_network=True,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(octets, parser)
        except etree.XMLSyntaxError:
            continue
        if root is not None and root.tag == "wml":
            internal = root.getroottree().docinfo.internalDTD
            if internal is not None and next(iter(internal.iterentities()), None) is not None:
                raise BadDeck("a deck may not define entities of its own")
            public = root.getroottree().docinfo.public_id or ""
            found = BY_PUBLIC.get(public, WML11)
            return root, found if found.root == "wml" else WML11
    raise BadDeck("this is no WML")


def _lead_back(root: etree._Element, label: str) -> None:
    """A template with a way back, unless the deck has one or makes its own arrangements."""
    if root.find("template") is not None or root.find(".//do[@type='prev']") is not None:
        return
    template = etree.Element("template")
    do = etree.SubElement(template, "do", {"type": "prev", "label": label[:LABEL].replace("$", "$$")})
    etree.SubElement(do, "prev")
    root.insert(1 if root.find("head") is not None else 0, template)


def _rebase(root: etree._Element, links: Links) -> None:
    """Relative addresses, which the phone would take from where it asked, taken from where the deck was."""
    for element in root.iter(etree.Element):
        for name in ADDRESSES:
            value = element.get(name)
            # What begins with a variable or names a card of this deck means the same from anywhere.
            if (
                not value
                or value.startswith(("#", "$", "wtai:"))
                or re.match(r"[a-z][a-z0-9+.-]*:", value, re.I)
            ):
                continue
            path, dollar, rest = value.partition("$")
            whole = links.absolute(path)
            if whole:
                element.set(name, links.shown(whole) + dollar + rest)
