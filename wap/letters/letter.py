"""A letter that its writer has opened, for minutes: what became of it, and what he may do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from portal.errors import NotFound
from portal.letters import flow, telling, words
from portal.letters.model import Letter, Role
from wap.letters.turn import PIECE, Gone, Make, Shown, Turn, lines, page, token_of
from wap.page import ROWS, Field, Line, Link, Part, Post


async def opened(turn: Turn, token: str, act: str, first: str, *_: str) -> Shown:
    """A letter, and what its writer may do."""
    try:
        found = await turn.letters.lookups.viewed(token_of(token))
    except NotFound:
        return Gone(("q",))
    if act == "close":
        await turn.letters.lookups.hide(token)
        return Gone(())
    if act:
        do = _ACTS.get(act)
        if do is None:
            raise NotFound("no such step")
        return await do(turn, token, found, first)
    t, now = turn.view.text, turn.now
    said = telling.letter(found, turn.letters.clock(found, now), turn.letters.rules, t, now)
    base = f"{turn.view.base}/l/v/{token}"
    allowed = turn.letters.allowed(found, Role.CITIZEN, now)
    body: list[Part] = list(lines(said))
    for verb in words.ACT_NAMES:
        if verb in allowed:
            body.append(Link(f"{base}/{verb.value}", words.act(t, verb)))
    body.append(Link(f"{base}/close", t.gettext("关上")))
    return page(turn, t.gettext("信件{}").format(telling.spaced(found.number)), body, f"v/{token}", back="")


async def _rate(turn: Turn, token: str, found: Letter, first: str) -> Shown:
    """A grade, then whether it was solved."""
    t, here = turn.view.text, f"{turn.view.base}/l/v/{token}/rate"
    if not first:
        body = [Link(f"{here}/{grade}", words.grade(t, grade), str(grade)) for grade in range(1, 6)]
        return page(turn, t.gettext("您满意吗？"), body, f"v/{token}/rate", back=f"v/{token}")
    grade = flow.place_named(first, 5) + 1
    if turn.form is not None:
        solved = words.SOLVED[flow.place_named(turn.form.get("s", ""), len(words.SOLVED))]
        await turn.letters.rate(found.number, grade, solved, turn.now, once=f"rate {token}")
        return Gone(("v", token))
    asks = [
        Post(f"{here}/{grade}", words.solved(t, each), hidden=(("s", str(at)),), key=str(at))
        for at, each in enumerate(words.SOLVED, 1)
    ]
    return page(turn, t.gettext("事情解决了吗？"), asks, f"v/{token}/rate/{grade}", back=f"v/{token}/rate")


async def _doubt(turn: Turn, token: str, found: Letter, first: str) -> Shown:
    """A ready reason; the letter is handled again, once."""
    t, reasons = turn.view.text, turn.letters.rules.reasons
    if turn.form is not None:
        reason = reasons[flow.place_named(turn.form.get("r", ""), len(reasons))].id
        await turn.letters.doubt(found.number, turn.now, reason=reason, once=f"doubt {token}")
        return Gone(("v", token))
    asks = [
        Post(
            f"{turn.view.base}/l/v/{token}/doubt",
            words.reason(t, each),
            hidden=(("r", str(at)),),
            key=str(at) if at <= ROWS else "",
        )
        for at, each in enumerate(reasons, 1)
    ]
    return page(turn, t.gettext("哪里没办好？"), asks, f"v/{token}/doubt", back=f"v/{token}")


async def _supply(turn: Turn, token: str, found: Letter, first: str) -> Shown:
    """What the office has asked for."""
    t, most = turn.view.text, turn.letters.rules.limits.longest_text
    if turn.form is not None and (said := turn.form.get("x", "").strip()):
        await turn.letters.supply(found.number, said[:most], turn.now)
        return Gone(("v", token))
    asks = [
        Post(
            f"{turn.view.base}/l/v/{token}/supply",
            t.gettext("交"),
            (Field("x", t.gettext("补充:"), long=True, most=PIECE),),
        )
    ]
    return page(turn, t.gettext("补充"), asks, f"v/{token}/supply", back=f"v/{token}")


async def _urge(turn: Turn, token: str, found: Letter, first: str) -> Shown:
    """Ask the unit to hurry."""
    return await _sure(turn, token, found, "urge", turn.view.text.gettext("催一催"), turn.letters.urge)


async def _withdraw(turn: Turn, token: str, found: Letter, first: str) -> Shown:
    """Take it back for good."""
    return await _sure(turn, token, found, "withdraw", turn.view.text.gettext("撤回"), turn.letters.withdraw)


async def _sure(
    turn: Turn,
    token: str,
    found: Letter,
    act: str,
    title: str,
    do: Callable[..., Awaitable[Letter]],
) -> Shown:
    if turn.form is not None:
        await do(found.number, turn.now)
        return Gone(("v", token))
    t = turn.view.text
    said = (
        t.gettext("撤回以后就不再办理，也不能恢复。") if act == "withdraw" else t.gettext("一天可以催一次。")
    )
    body: list[Part] = [Line(said), Post(f"{turn.view.base}/l/v/{token}/{act}", title, key="1")]
    return page(turn, title, body, f"v/{token}/{act}", back=f"v/{token}")


_ACTS: Mapping[str, Make] = {
    "rate": _rate,
    "doubt": _doubt,
    "supply": _supply,
    "urge": _urge,
    "withdraw": _withdraw,
}
