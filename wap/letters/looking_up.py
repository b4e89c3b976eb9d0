"""Looking up a letter by number and code, and opening one that is locked."""

from __future__ import annotations

import re

from portal.errors import NotFound
from portal.letters import telling
from portal.letters.errors import Locked, WrongCode
from wap.letters.turn import Gone, Shown, Turn, lines, page
from wap.page import Field, Line, Link, Part, Post


async def ask(turn: Turn, *_: str) -> Shown:
    """Number and code; the number alone where no code may be asked for."""
    t, now, asks = turn.view.text, turn.now, turn.may_ask
    body: list[Part] = []
    number = ""
    if turn.form is not None:
        number = re.sub(r"\D", "", turn.form.get("n", ""))[:8]
        if not asks:
            try:
                glance = await turn.letters.lookups.peek(number, now, address=turn.caller.address)
            except NotFound:
                body.append(Line(t.gettext("没有这样的编号，请看看有没有按错。"), strong=True))
            else:
                said = [
                    *lines(telling.state_only(glance, t, now)),
                    Line(t.gettext("线路没有加密，只显示进度。")),
                ]
                return page(turn, t.gettext("查我的信"), said, "q", back="")
        else:
            code = re.sub(r"\D", "", turn.form.get("c", ""))[:6]
            try:
                opened = await turn.letters.lookups.open(number, code, now, address=turn.caller.address)
                return Gone(("v", opened[1]))
            except WrongCode as error:
                said_ = t.ngettext(
                    "编号和密码对不上，还可以试{}次。", "编号和密码对不上，还可以试{}次。", error.left
                ).format(error.left)
                body.append(Line(said_, strong=True))
            except Locked:
                body.append(Line(t.gettext("密码错得太多，这封信先锁上了。"), strong=True))
                body.append(Link(f"{turn.view.base}/l/u", t.gettext("用电话解锁")))
    fields = [Field("n", t.gettext("信件编号(8位):"), number, digits=True, most=9)]
    if asks:
        fields.append(Field("c", t.gettext("查询密码(6位):"), digits=True, most=7))
    body.append(Post(f"{turn.view.base}/l/q", t.gettext("查询"), tuple(fields)))
    return page(turn, t.gettext("查我的信"), body, "q", back="")


async def unlock(turn: Turn, *_: str) -> Shown:
    """Open a letter again whose code was mistyped too often."""
    t = turn.view.text
    body: list[Part] = []
    if turn.form is not None:
        number = re.sub(r"\D", "", turn.form.get("n", ""))[:8]
        try:
            await turn.letters.lookups.unlock(
                number, turn.form.get("tel", "")[:30], turn.now, address=turn.caller.address
            )
            return Gone(("q",))
        except WrongCode:
            body.append(Line(t.gettext("对不上，请看看有没有按错。"), strong=True))
    fields = (
        Field("n", t.gettext("信件编号(8位):"), digits=True, most=9),
        Field("tel", t.gettext("写信时留的电话:"), digits=True, most=20),
    )
    body.append(Post(f"{turn.view.base}/l/u", t.gettext("解锁"), fields))
    return page(turn, t.gettext("用电话解锁"), body, "u", back="q")
