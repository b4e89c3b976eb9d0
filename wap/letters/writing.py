"""Writing a letter on the phone: the kind, the steps of a draft, the receipt; or a television's draft, on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from portal.letters import flow, numbers, telling
from portal.letters.errors import NoDraft, NotComplete
from portal.letters.flow import Choice, Step
from portal.letters.model import Channel, Draft
from wap.letters.turn import PIECE, Gone, Make, Shown, Turn, lines, page, token_of
from wap.page import ROWS, Field, Line, Link, Part, Post


async def begin(turn: Turn, kind: str, *_: str) -> Shown:
    """The kinds; one of them begins a draft."""
    t, rules = turn.view.text, turn.letters.rules
    if not kind:
        body = [
            Link(f"{turn.view.base}/l/w/{each.value}", name, str(key), about)
            for key, (each, name, about) in enumerate(flow.kinds(rules, t), 1)
        ]
        return page(turn, t.gettext("您要做什么？"), body, "w", back="")
    wanted = flow.kind_named(kind, rules)
    draft = await turn.letters.drafts.begin(Channel.WAP, turn.now, address=turn.caller.address, locale=t.tag)
    draft = await turn.letters.drafts.write(draft.token, kind=wanted)
    return _next(turn, draft)


async def draft(turn: Turn, token: str, step: str, place: str, *_: str) -> Shown:
    """A step of writing."""
    try:
        draft = await turn.letters.drafts.get(token_of(token))
    except NoDraft:
        if step == "send":
            # Pressed twice: what was filed is shown; nobody else knows the token.
            return Gone(("r", token))
        raise
    if step == "send":
        return await _send(turn, draft)
    at = flow.step_named(step, draft, turn.letters.rules)
    return await _STEPS[at](turn, draft, place)


async def _send(turn: Turn, draft: Draft) -> Shown:
    if turn.form is None:
        return Gone(("d", draft.token, Step.CHECK))
    try:
        await turn.letters.file(draft, turn.now, address=turn.caller.address)
    except NotComplete:
        return _next(turn, draft)
    return Gone(("r", draft.token))


async def _topic(turn: Turn, draft: Draft, place: str) -> Shown:
    """What it is about."""
    offered = flow.topics(draft, turn.letters.rules, turn.view.text)
    return await _choose(turn, draft, Step.TOPIC, turn.view.text.gettext("关于什么？"), offered, place)


async def _say(turn: Turn, draft: Draft, place: str) -> Shown:
    """A ready phrase, words of one's own, or a call back."""
    offered = flow.sayings(draft, turn.letters.rules, turn.view.text, television=False)
    return await _choose(turn, draft, Step.SAY, turn.view.text.gettext("想说什么？"), offered, place)


async def _choose(
    turn: Turn, draft: Draft, step: Step, title: str, offered: Sequence[Choice], place: str
) -> Shown:
    if place:
        chosen = offered[flow.place_named(place, len(offered))]
        return _next(turn, await turn.letters.drafts.write(draft.token, **chosen.changes))
    base = f"{turn.view.base}/l/d/{draft.token}"
    body = [
        Link(
            f"{base}/{each.step}" if each.step else f"{base}/{step}/{at}",
            each.label,
            str(at) if at <= ROWS else "",
        )
        for at, each in enumerate(offered, 1)
    ]
    back = "w" if step is Step.TOPIC else f"d/{draft.token}/{Step.TOPIC}"
    return page(turn, title, body, f"d/{draft.token}/{step}", back=back)


async def _text(turn: Turn, draft: Draft, place: str) -> Shown:
    """Words, piece by piece: each field adds to what is there."""
    t, most = turn.view.text, turn.letters.rules.limits.longest_text
    if turn.form is not None:
        if "clear" in turn.form:
            return Gone(("d", (await turn.letters.drafts.write(draft.token, text="")).token, Step.TEXT))
        piece = turn.form.get(f"t{draft.version}", "")
        whole = f"{draft.text}{piece}" if piece.strip() else draft.text
        # A page that is sent again names the version before, and adds nothing.
        await turn.letters.drafts.write(draft.token, text=whole)
        return Gone(("d", draft.token, Step.TEXT))
    here = f"{turn.view.base}/l/d/{draft.token}/{Step.TEXT}"
    over = len(draft.text) - most
    body: list[Part] = []
    if draft.text:
        body += [Line(t.gettext("已写{}字，最多{}字:").format(len(draft.text), most)), Line(draft.text)]
    if over > 0:
        body.append(
            Line(
                t.ngettext("多了{}字，请重写短一些。", "多了{}字，请重写短一些。", over).format(over),
                strong=True,
            )
        )
    else:
        room = max(1, min(PIECE, most - len(draft.text)))
        asked = t.gettext("接着写:") if draft.text else t.gettext("请写(可以分几次):")
        field = Field(f"t{draft.version}", asked, long=True, most=room)
        body.append(Post(here, t.gettext("存下"), (field,)))
        if draft.text:
            body.append(Link(f"{turn.view.base}/l/d/{draft.token}", t.gettext("写好了，下一步")))
    if draft.text:
        body.append(Post(here, t.gettext("全部重写"), hidden=(("clear", "1"),)))
    return page(
        turn,
        t.gettext("写内容"),
        body,
        f"d/{draft.token}/{Step.TEXT}",
        back=f"d/{draft.token}/{Step.SAY}",
    )


async def _telephone(turn: Turn, draft: Draft, place: str) -> Shown:
    """Where one can be reached."""
    t = turn.view.text
    wrong = False
    if turn.form is not None:
        typed = numbers.plain_telephone(next((v for k, v in turn.form.items() if k[:1] == "n"), ""))
        if numbers.is_telephone(typed):
            return _next(turn, await turn.letters.drafts.write(draft.token, telephone=typed))
        wrong = True
    body: list[Part] = [Line(t.gettext("这不是电话号码，请看看有没有按错。"), strong=True)] if wrong else []
    field = Field(
        f"n{draft.version}", t.gettext("手机号，或区号加座机号:"), draft.telephone, digits=True, most=20
    )
    body.append(Post(f"{turn.view.base}/l/d/{draft.token}/{Step.TELEPHONE}", t.gettext("下一步"), (field,)))
    return page(
        turn,
        t.gettext("您的电话"),
        body,
        f"d/{draft.token}/{Step.TELEPHONE}",
        back=f"d/{draft.token}/{Step.SAY}",
    )


async def _check(turn: Turn, draft: Draft, place: str) -> Shown:
    """Everything once more, then it is filed."""
    t, rules = turn.view.text, turn.letters.rules
    if flow.step_of(draft, rules) is not Step.CHECK:
        return _next(turn, draft)
    offered = flow.entries(draft, rules, t)
    base = f"{turn.view.base}/l/d/{draft.token}"
    if place:
        await turn.letters.drafts.write(draft.token, **offered[flow.place_named(place, len(offered))].changes)
        return Gone(("d", draft.token, Step.CHECK))
    body: list[Part] = [Post(f"{base}/send", t.gettext("交信"), key="1")]
    for at, each in enumerate(offered, 1):
        to = f"{base}/{each.step}" if each.step else f"{base}/{Step.CHECK}/{at}" if each.changes else ""
        said = f"{each.label}: {each.value}"
        body.append(Link(to, said) if to else Line(said))
    return page(
        turn,
        t.gettext("看一遍再交"),
        body,
        f"d/{draft.token}/{Step.CHECK}",
        back=f"d/{draft.token}/{Step.TELEPHONE}",
    )


async def receipt(turn: Turn, token: str, *_: str) -> Shown:
    """Number, code and by when."""
    t, now = turn.view.text, turn.now
    found = await turn.letters.receipt(token_of(token), now)
    return page(turn, t.gettext("信收到了"), lines(telling.receipt(found, t, now)), f"r/{token}", back="")


async def join(turn: Turn, code: str, *_: str) -> Shown:
    """Go on with what was begun on a television. Looking at the page uses no code up; sending it does."""
    t = turn.view.text
    if turn.form is not None:
        typed = re.sub(r"\D", "", turn.form.get("c", ""))
        draft = await turn.letters.drafts.join(typed, turn.now, address=turn.caller.address)
        return Gone(("d", draft.token, Step.TEXT))
    field = Field(
        "c", t.gettext("电视上的六位数字:"), code if numbers.is_code(code) else "", digits=True, most=7
    )
    body = [Post(f"{turn.view.base}/l/j", t.gettext("接着写"), (field,))]
    return page(turn, t.gettext("接着写电视上的信"), body, "j", back="")


def _next(turn: Turn, draft: Draft) -> Gone:
    """On to the next step that is not done."""
    return Gone(("d", draft.token, flow.step_of(draft, turn.letters.rules)))


_STEPS: Mapping[Step, Make] = {
    Step.TOPIC: _topic,
    Step.SAY: _say,
    Step.TEXT: _text,
    Step.PHONE: _text,
    Step.TELEPHONE: _telephone,
    Step.CHECK: _check,
}
