"""The letters that everybody may read, on the phone."""

from __future__ import annotations

from portal.letters import telling
from wap.letters.turn import Shown, Turn, count_of, lines, page
from wap.page import ROWS, Field, Line, Link, Part, Post


async def pages(turn: Turn, first: str, name: str, *_: str) -> Shown:
    """The public letters, with a field to search them; or one of them."""
    t, now, base = turn.view.text, turn.now, turn.view.base
    if first == "i":
        one = await turn.letters.publics.one(name)
        said = lines(telling.public(one, turn.letters.rules, t, now))
        return page(turn, one.title or t.gettext("来信"), said, f"o/i/{name}", back="o")
    asked = " ".join((turn.form or {}).get("q", "").split())[:40]
    at = count_of(first)
    found = await turn.letters.publics.find(asked, start=(at - 1) * ROWS, count=ROWS)
    today = now.date().isoformat()
    body: list[Part] = [
        Link(
            f"{base}/l/o/i/{each.id}",
            each.title or each.text[:40],
            str(key),
            t.day(each.answered.isoformat(), today),
        )
        for key, each in enumerate(found.letters, 1)
    ]
    if not body:
        body.append(Line(t.gettext("没有找到这样的信。") if asked else t.gettext("还没有公开的信。")))
    if not asked and at * ROWS < found.total:
        body.append(Link(f"{base}/l/o/{at + 1}", t.gettext("下一页"), "9"))
    body.append(Post(f"{base}/l/o", t.gettext("找信"), (Field("q", t.gettext("找:"), asked, most=40),)))
    return page(turn, t.gettext("大家的信"), body, f"o/{at}", back="")
