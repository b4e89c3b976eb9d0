"""Writing a letter with a remote control: the kind, the steps of a draft, and the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from portal.errors import NotFound
from portal.letters import flow, numbers, telling
from portal.letters.errors import NoDraft, NotComplete
from portal.letters.flow import Choice, Step
from portal.letters.model import Channel, Draft, Kind
from stb_app.layout import document, number, qr
from stb_app.layout.view import View
from stb_app.letters.base import LettersBase, Make, page_of, screen_of
from stb_app.pages import Link
from stb_app.pages import letters as shaped

PHONE_SECONDS = 6
"""How often a television looks whether the phone has written something."""


async def begin(tv: LettersBase, kind: str = "") -> View | None:
    """The kinds of letters; one of them begins a draft."""
    if not tv.may_ask:
        return tv.unsafe()
    rules = tv.letters.rules
    if not kind:
        return tv.rows(shaped.kind_list(tv.scene, rules))
    wanted = flow.kind_named(kind, rules)
    box = "" if wanted is Kind.REPORT else tv.own_box()
    draft = await tv.letters.drafts.begin(
        Channel.TV, tv.ctx.clock(), address=tv.caller.address, locale=tv.edition.lang, box=box
    )
    draft = await tv.letters.drafts.write(draft.token, kind=wanted)
    tv.go("d", draft.token, flow.step_of(draft, rules))
    return None


async def draft(tv: LettersBase, token: str, step: str = "", place: str = "") -> View | None:
    """A step of writing, the first that is not done where none is named."""
    if not tv.may_ask:
        return tv.unsafe()
    if not numbers.TOKEN.fullmatch(token):
        raise NoDraft("no such draft")
    try:
        draft = await tv.letters.drafts.get(token)
    except NoDraft:
        if step == "send":
            # Pressed twice: what was filed is shown; nobody else knows the token.
            tv.go("r", token)
            return None
        raise
    if step == "send":
        return await _send(tv, draft)
    at = flow.step_named(step, draft, tv.letters.rules)
    return await _STEPS[at](tv, draft, place)


async def _topic(tv: LettersBase, draft: Draft, place: str) -> View | None:
    offered = flow.topics(draft, tv.letters.rules, tv.scene.text)
    if await _choose(tv, draft, offered, place):
        return None
    title = tv.scene.text.gettext("关于什么？")
    base = tv.to("d", draft.token, Step.TOPIC)
    return tv.choices(title, offered, base, tv.to("w"), page_of(place))


async def _say(tv: LettersBase, draft: Draft, place: str) -> View | None:
    offered = flow.sayings(draft, tv.letters.rules, tv.scene.text, television=True)
    if await _choose(tv, draft, offered, place):
        return None
    title = tv.scene.text.gettext("想说什么？")
    base = tv.to("d", draft.token, Step.SAY)
    back = tv.to("d", draft.token, Step.TOPIC) if draft.topic else tv.to("w")
    return tv.choices(title, offered, base, back, page_of(place))


async def _phone(tv: LettersBase, draft: Draft, place: str) -> View | None:
    """The way to a phone; it looks again every few seconds what was written there."""
    if place and not numbers.is_code(place):
        raise NotFound("no pairing code")
    if not place:
        pairing = await tv.letters.drafts.pair(draft.token, tv.ctx.clock())
        tv.go("d", draft.token, Step.PHONE, pairing.code)
        return None
    join = tv.join
    view = qr.view(
        shaped.on_phone(
            tv.scene,
            f"/tv/qr.png?u={quote(f'{join}/{place}', safe='')}",
            join,
            place,
            len(draft.text),
            tv.to("d", draft.token),
            tv.to("d", draft.token, Step.SAY),
        ),
        tv.look,
    )
    return replace(view, refresh=PHONE_SECONDS)


async def _telephone(tv: LettersBase, draft: Draft, mark: str) -> View | None:
    t = tv.scene.text
    if mark:
        typed = tv.letters.pad.pressed(draft.token, "tel", draft.telephone, mark)[: numbers.TELEPHONE_DIGITS]
        await tv.letters.drafts.write(draft.token, telephone=typed)
        tv.go("d", draft.token, Step.TELEPHONE)
        return None
    typed = draft.telephone
    onward = []
    if numbers.is_telephone(typed):
        onward = [Link("onward", t.gettext("就是这个号码"), tv.to("d", draft.token, Step.CHECK))]
    page = shaped.pad(
        tv.scene,
        t.gettext("您的电话"),
        typed,
        t.gettext("手机号，或区号加座机号"),
        lambda key: tv.to(
            "d", draft.token, Step.TELEPHONE, tv.letters.pad.mark(draft.token, "tel", typed, key)
        ),
        tv.to("d", draft.token, Step.SAY),
        onward,
    )
    return number.view(page, tv.look, tv.focus)


async def _check(tv: LettersBase, draft: Draft, place: str) -> View | None:
    t, rules = tv.scene.text, tv.letters.rules
    step = flow.step_of(draft, rules)
    if step is not Step.CHECK:
        tv.go("d", draft.token, step)
        return None
    offered = flow.entries(draft, rules, t, boxed=True, text_step=Step.PHONE)
    if place:
        changes = dict(offered[flow.place_named(place, len(offered))].changes)
        if changes.get("box") == flow.BOX:
            changes["box"] = tv.own_box()
        await tv.letters.drafts.write(draft.token, **changes)
        tv.go("d", draft.token, f"{Step.CHECK}?f=e{place}")
        return None
    page = shaped.check_page(
        tv.scene, offered, tv.to("d", draft.token), tv.to("d", draft.token, Step.TELEPHONE)
    )
    view = tv.rows(page)
    return view if tv.focus else replace(view, focus="send")


async def _send(tv: LettersBase, draft: Draft) -> View | None:
    try:
        await tv.letters.file(draft, tv.ctx.clock(), address=tv.caller.address)
    except NotComplete:
        _after(tv, draft)
        return None
    tv.go("r", draft.token)
    return None


async def receipt(tv: LettersBase, token: str, screen: str = "1") -> View:
    """Number, code and by when."""
    if not tv.may_ask:
        return tv.unsafe()
    t, now = tv.scene.text, tv.ctx.clock()
    found = await tv.letters.receipt(token, now)
    menu = Link("menu", t.gettext("记好了"), tv.to(), "1")
    page = shaped.reading(
        tv.scene, t.gettext("信收到了"), "", telling.receipt(found, t, now), f"{tv.to('r', token)}/",
        screen_of(screen), (menu,), tv.to(),
    )  # fmt: skip
    return document.view(page, tv.look, tv.focus)


async def _choose(tv: LettersBase, draft: Draft, offered: Sequence[Choice], place: str) -> bool:
    """Take the choice of a place; False where the address asks for a page instead."""
    if not place or place.startswith("p"):
        return False
    at = flow.place_named(place, len(offered))
    draft = await tv.letters.drafts.write(draft.token, **offered[at].changes)
    _after(tv, draft)
    return True


def _after(tv: LettersBase, draft: Draft) -> None:
    """On to the next step that is not done."""
    tv.go("d", draft.token, flow.step_of(draft, tv.letters.rules))


_STEPS: Mapping[Step, Make] = {
    Step.TOPIC: _topic,
    Step.SAY: _say,
    Step.TEXT: _phone,
    Step.PHONE: _phone,
    Step.TELEPHONE: _telephone,
    Step.CHECK: _check,
}
