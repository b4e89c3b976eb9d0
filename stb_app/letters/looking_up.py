"""Looking up a letter: number, code and telephone typed as digits, each a link; or its state alone."""

from __future__ import annotations

from dataclasses import replace

from portal.errors import NotFound
from portal.letters import numbers, telling
from portal.letters.errors import Locked, WrongCode
from portal.letters.lookups import Asked
from stb_app.layout import document, message, number
from stb_app.layout.view import View
from stb_app.letters.base import LettersBase
from stb_app.pages import Link, NumberBox
from stb_app.pages import letters as shaped

_DIGITS = {"number": numbers.NUMBER_DIGITS, "code": numbers.CODE_DIGITS, "tel": numbers.TELEPHONE_DIGITS}
"""The fields that are typed, as they stand in the address, and how long each may get."""


async def boxed(tv: LettersBase, number_: str) -> View | None:
    """A letter of this television: its code is asked for."""
    if not tv.may_ask:
        return await glance(tv, number_)
    token = await tv.letters.lookups.asking(
        tv.ctx.clock(), number=number_ if numbers.is_number(number_) else ""
    )
    tv.go("q", token, "code")
    return None


async def ask(tv: LettersBase, token: str = "", field: str = "number", mark: str = "") -> View | None:
    """Typing a field; without a token a search begins."""
    if not token:
        token = await tv.letters.lookups.asking(tv.ctx.clock(), address=tv.caller.address)
        tv.go("q", token, "number")
        return None
    if field not in _DIGITS:
        raise NotFound(f"no field '{field}'")
    if field != "number" and not tv.may_ask:
        return tv.unsafe()
    asked = await tv.letters.lookups.asked(token) if numbers.TOKEN.fullmatch(token) else None
    if asked is None:
        raise NotFound("what was typed here is forgotten")
    if mark == "ok":
        return await _typed(tv, token, field, asked)
    name = "telephone" if field == "tel" else field
    typed = str(getattr(asked, name))
    if mark:
        typed = tv.letters.pad.pressed(token, field, typed, mark)[: _DIGITS[field]]
        await tv.letters.lookups.type(token, replace(asked, **{name: typed}))
        tv.go("q", token, field)
        return None
    return number.view(_field(tv, token, field, typed), tv.look, tv.focus)


def _field(tv: LettersBase, token: str, field: str, typed: str) -> NumberBox:
    t = tv.scene.text
    title, hint = {
        "number": (t.gettext("信件编号"), t.gettext("回执上的八位数字")),
        "code": (t.gettext("查询密码"), t.gettext("回执上的六位数字")),
        "tel": (t.gettext("写信时留的电话"), t.gettext("电话对了就解锁")),
    }[field]
    whole = len(typed) == _DIGITS[field] if field != "tel" else numbers.is_telephone(typed)
    onward = []
    if whole and (field != "number" or numbers.is_number(typed)):
        onward = [Link("onward", t.gettext("确定"), tv.to("q", token, field, "ok"))]
    elif whole:
        hint = t.gettext("没有这样的编号，请看看有没有按错。")
    back = {"number": tv.to(), "code": tv.to("q", token, "number"), "tel": tv.to()}[field]
    # What is secret is shown as it was typed: from a sofa one has to see what one has pressed.
    return shaped.pad(
        tv.scene,
        title,
        typed,
        hint,
        lambda key: tv.to("q", token, field, tv.letters.pad.mark(token, field, typed, key)),
        back,
        onward,
    )


async def _typed(tv: LettersBase, token: str, field: str, asked: Asked) -> View | None:
    """A field is complete: on to the next, or open the letter."""
    now, who = tv.ctx.clock(), tv.caller.address
    if field == "number":
        if tv.may_ask:
            tv.go("q", token, "code")
            return None
        return await glance(tv, asked.number)
    if field == "tel":
        await tv.letters.lookups.unlock(asked.number, asked.telephone, now, address=who)
        await tv.letters.lookups.type(token, replace(asked, telephone="", code=""))
        tv.go("q", token, "code")
        return None
    try:
        _, view = await tv.letters.lookups.open(asked.number, asked.code, now, address=who)
    except WrongCode as error:
        await tv.letters.lookups.type(token, replace(asked, code=""))
        t = tv.scene.text
        said = [
            t.ngettext(
                "编号和密码对不上，还可以试{}次。", "编号和密码对不上，还可以试{}次。", error.left
            ).format(error.left)
        ]
        again = Link("again", t.gettext("再输一次"), tv.to("q", token, "code"), "1")
        return message.view(shaped.notice(tv.scene, t.gettext("查我的信"), said, (again,), tv.to()), tv.look)
    except Locked:
        await tv.letters.lookups.type(token, replace(asked, code="", telephone=""))
        t = tv.scene.text
        said = [t.gettext("密码错得太多，这封信先锁上了。"), t.gettext("输入写信时留的电话可以解锁。")]
        unlock = Link("unlock", t.gettext("用电话解锁"), tv.to("q", token, "tel"), "1")
        return message.view(shaped.notice(tv.scene, t.gettext("查我的信"), said, (unlock,), tv.to()), tv.look)
    tv.go("v", view)
    return None


async def glance(tv: LettersBase, number_: str) -> View:
    """State and day alone, where nothing more may be asked or shown."""
    t, now = tv.scene.text, tv.ctx.clock()
    found = await tv.letters.lookups.peek(number_, now, address=tv.caller.address)
    said = telling.state_only(found, t, now)
    page = shaped.reading(
        tv.scene, t.gettext("查我的信"), t.gettext("线路没有加密，只显示进度。"), said,
        f"{tv.to('g', number_)}/", 1,
        (Link("back", t.gettext("返回"), tv.to(), "8"),), tv.to(),
    )  # fmt: skip
    return document.view(page, tv.look, tv.focus)
