"""The letters that everybody may read, on the television."""

from __future__ import annotations

import re

from portal.errors import NotFound
from portal.letters import telling, words
from portal.letters.rules import label
from stb_app.layout import document
from stb_app.layout.view import View
from stb_app.letters.base import LettersBase, screen_of
from stb_app.pages import Link
from stb_app.pages import letters as shaped


async def pages(tv: LettersBase, page: str = "1", name: str = "", screen: str = "1") -> View:
    """A page of the public letters, or one of them."""
    t, now, per_page = tv.scene.text, tv.ctx.clock(), tv.look.rows
    at = screen_of(page)
    if not name:
        found = await tv.letters.publics.find(start=(at - 1) * per_page, count=per_page)
        today = now.date().isoformat()
        return tv.rows(shaped.public_list(tv.scene, found.letters, found.total, at, per_page, today))
    if not re.fullmatch(r"[0-9a-f]{12}", name):
        raise NotFound(f"no letter '{name}'")
    one = await tv.letters.publics.one(name)
    topic = tv.letters.rules.topic(one.topic)
    meta = " ".join(x for x in (words.kind(t, one.kind), label(topic, t.tag) if topic else "") if x)
    back = f"{tv.to('o', at)}?f={name}"
    shown = shaped.reading(
        tv.scene, one.title or t.gettext("来信"), meta, telling.public(one, tv.letters.rules, t, now),
        f"{tv.to('o', at, name)}/", screen_of(screen),
        (Link("back", t.gettext("返回"), back, "8"),), back,
    )  # fmt: skip
    return document.view(shown, tv.look, tv.focus)
