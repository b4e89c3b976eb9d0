"""A letter that its writer has opened, for minutes: what became of it, and what he may do with it."""

from __future__ import annotations

from collections.abc import Mapping

from portal.errors import NotFound
from portal.letters import flow, numbers, telling, words
from portal.letters.flow import Choice
from portal.letters.model import Letter, Role, Verb
from portal.text import N_
from stb_app.layout import document, message
from stb_app.layout.view import View
from stb_app.letters.base import LettersBase, Make, page_of, screen_of
from stb_app.pages import Link
from stb_app.pages import letters as shaped

_BUTTONS = (
    (Verb.RATE, N_("评价"), "1"),
    (Verb.DOUBT, N_("重办"), "2"),
    (Verb.URGE, N_("催"), "3"),
    (Verb.WITHDRAW, N_("撤回"), "4"),
)
"""What a writer may do with a remote control: the short word on the button, and its digit."""


async def opened(
    tv: LettersBase, token: str, what: str = "", first: str = "", second: str = ""
) -> View | None:
    """A letter, and what its writer does with it; the menu when its minutes are over."""
    try:
        found = await tv.letters.lookups.viewed(token) if numbers.TOKEN.fullmatch(token) else None
    except NotFound:
        found = None
    if found is None or not tv.may_ask:
        # Its minutes are over: whoever sits there now sees the menu.
        tv.go()
        return None
    if what == "close":
        await tv.letters.lookups.hide(token)
        tv.go()
        return None
    if not what or what == "s":
        return _letter(tv, token, found, screen_of(first or "1"))
    act = _ACTS.get(what)
    if act is None:
        raise NotFound(tv.request.path)
    return await act(tv, token, found, first, second)


def _letter(tv: LettersBase, token: str, found: Letter, screen: int) -> View:
    t, now, rules = tv.scene.text, tv.ctx.clock(), tv.letters.rules
    ticking = tv.letters.clock(found, now)
    said = telling.letter(found, ticking, rules, t, now)
    allowed = tv.letters.allowed(found, Role.CITIZEN, now)
    buttons = [
        Link(verb.value, words.act(t, verb), tv.to("v", token, verb.value), digit, short=t.gettext(short))
        for verb, short, digit in _BUTTONS
        if verb in allowed
    ]
    buttons.append(Link("back", t.gettext("关上"), tv.to("v", token, "close"), "8"))
    page = shaped.reading(
        tv.scene, t.gettext("信件{}").format(telling.spaced(found.number)),
        words.kind(t, found.kind), said,
        f"{tv.to('v', token, 's')}/", screen, buttons, tv.to("v", token, "close"),
    )  # fmt: skip
    return document.view(page, tv.look, tv.focus)


async def _rate(tv: LettersBase, token: str, found: Letter, first: str, second: str) -> View | None:
    t, back = tv.scene.text, tv.to("v", token)
    if not first:
        # One digit, one grade: 5 is the best.
        offered = [Choice(words.grade(t, grade)) for grade in range(1, 6)]
        return tv.choices(t.gettext("您满意吗？"), offered, tv.to("v", token, "rate"), back, 1)
    grade = flow.place_named(first, 5) + 1
    if not second:
        offered = [Choice(words.solved(t, each)) for each in words.SOLVED]
        return tv.choices(t.gettext("事情解决了吗？"), offered, tv.to("v", token, "rate", grade), back, 1)
    solved = words.SOLVED[flow.place_named(second, len(words.SOLVED))]
    await tv.letters.rate(found.number, grade, solved, tv.ctx.clock(), once=f"rate {token}")
    tv.go("v", token)
    return None


async def _doubt(tv: LettersBase, token: str, found: Letter, first: str, second: str) -> View | None:
    t, reasons = tv.scene.text, tv.letters.rules.reasons
    if not first or first.startswith("p"):
        offered = [Choice(words.reason(t, each)) for each in reasons]
        base = tv.to("v", token, "doubt")
        return tv.choices(t.gettext("哪里没办好？"), offered, base, tv.to("v", token), page_of(first))
    reason = reasons[flow.place_named(first, len(reasons))].id
    await tv.letters.doubt(found.number, tv.ctx.clock(), reason=reason, once=f"doubt {token}")
    tv.go("v", token)
    return None


async def _urge(tv: LettersBase, token: str, found: Letter, first: str, second: str) -> View | None:
    await tv.letters.urge(found.number, tv.ctx.clock())
    tv.go("v", token)
    return None


async def _withdraw(tv: LettersBase, token: str, found: Letter, first: str, second: str) -> View | None:
    t = tv.scene.text
    if first != "yes":
        yes = Link("yes", t.gettext("撤回"), tv.to("v", token, "withdraw", "yes"), "1")
        no = Link("back", t.gettext("不撤回"), tv.to("v", token), "8")
        said = [t.gettext("撤回以后就不再办理，也不能恢复。")]
        page = shaped.notice(tv.scene, t.gettext("撤回这封信？"), said, (no, yes), tv.to("v", token))
        return message.view(page, tv.look)
    await tv.letters.withdraw(found.number, tv.ctx.clock())
    tv.go("v", token)
    return None


_ACTS: Mapping[str, Make] = {
    "rate": _rate,
    "doubt": _doubt,
    "urge": _urge,
    "withdraw": _withdraw,
}
