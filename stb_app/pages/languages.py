"""Choosing the language: each is called by its own name, whatever the viewer reads now."""

from __future__ import annotations

from dataclasses import replace

from portal.text import LOCALES, Text
from stb_app.address import href
from stb_app.pages.page import Link, Message, Scene

LANGUAGE_NAMES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
"""Each language in its own script."""

CHOOSE = "语言 Language"
"""The name of the page, for those who read one of the two."""

SHORT = "语言/EN"


def language_link(t: Text, address: str) -> Link:
    """The item that leads to the choice: whoever cannot read the page finds a word of theirs on it."""
    return Link(
        "lang",
        "Language 语言" if t.tag == "en" else CHOOSE,
        address,
        short="中文/EN" if t.tag == "en" else SHORT,
    )


def languages(scene: Scene) -> Message:
    """The choice: each language leads to where one was, in that language."""
    t = scene.text
    place, focus = scene.place.parent
    chosen = [
        Link(
            tag,
            f"✓ {LANGUAGE_NAMES[tag]}" if tag == t.tag else LANGUAGE_NAMES[tag],
            href(replace(scene.edition, lang=tag), place, focus),
            str(digit),
        )
        for digit, tag in enumerate(LOCALES, 1)
    ]
    back = scene.link(place, focus)
    return Message(
        CHOOSE,
        (t.gettext("请选一种语言。新闻和办事指南的正文是中文。"),),
        (*chosen, Link("back", t.gettext("返回"), back, "8")),
        back,
    )
