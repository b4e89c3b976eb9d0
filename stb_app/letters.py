"""Letters on the television: written with a remote control, looked up by digits, answered with one.

Everything is a link, so a box without script can do all of it. What was typed stays on the server under a
token of the address; that names places and keys, never what they stand for (`stb_app.pages.letters`).
"""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from portal.errors import NotFound, PortalError
from portal.http.base import Context
from portal.http.caller import Caller, caller_of
from portal.letters import flow, numbers, telling, words
from portal.letters.errors import (
    Changed,
    LettersAway,
    Locked,
    NoDraft,
    NotAllowed,
    NotComplete,
    NotStored,
    TooMany,
    WeakStorage,
    WrongCode,
)
from portal.letters.flow import Choice, Step
from portal.letters.model import Channel, Draft, Kind, Letter, Role, Solved, Verb
from portal.letters.rules import label
from portal.letters.service import Asked, Letters
from portal.letters.telling import Said
from portal.model import Site
from portal.text import N_, text
from stb_app.address import Edition, Place, beside, href
from stb_app.handlers import TvHandler
from stb_app.layout import document, grid, message, number, qr, rows
from stb_app.layout.view import View
from stb_app.operators import NOBODY, Operator
from stb_app.pages import Link, NumberBox, Rows
from stb_app.pages import letters as shaped
from stb_app.pages.letters import address

log = logging.getLogger("sunshine.letters")

BOX_COOKIE = "sgbox"
BOX_SECONDS = 5 * 365 * 86_400
PHONE_SECONDS = 6
"""How often a television looks whether the phone has written something."""

_TOKEN = re.compile(r"[0-9a-f]{32}")
_LENGTHS = {"number": numbers.NUMBER_DIGITS, "code": numbers.CODE_DIGITS, "tel": 12}
_Make = Callable[..., Awaitable[View | None]]
SOLVED = (Solved.YES, Solved.PARTLY, Solved.NO)


class LettersHandler(TvHandler):
    """Every page below `/tv/EDITION/l`."""

    async def get(self, segment: str, path: str | None) -> None:
        """Answer the page of an address."""
        self.edition = self._known(Edition.parse(segment))
        behind, behind_focus = beside(self.get_query_argument("b", ""))
        self.place = replace(Place(), beside=behind, beside_focus=behind_focus)
        self._refuse_others()
        scene = await self._scene()
        self.scene = scene
        parts = [part for part in (path or "").split("/") if part]
        name, rest = (parts[0], parts[1:]) if parts else ("", [])
        make = self._PAGES.get(name)
        if make is None or not _takes(make, len(rest)):
            raise NotFound(self.request.path)
        view = await make(self, *rest)
        if view is not None:
            self.show(view)

    def _refuse_others(self) -> None:
        """A link on somebody else's page may open the menu, and do nothing."""
        site = self.request.headers.get("Sec-Fetch-Site", "")
        if site in ("cross-site", "same-site") and self.request.path.rstrip("/").rpartition("/")[2] != "l":
            raise NotAllowed("origin", "this address was opened from another site")

    # -- what every page needs -----------------------------------------------------------------------------

    @property
    def letters(self) -> Letters:
        """The letters of the city. LettersAway where this server has none."""
        if self.ctx.letters is None:
            raise LettersAway("this server has no letter box")
        return self.ctx.letters

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return caller_of(self.request, self.ctx.settings.trusted_proxies)

    @property
    def may_ask(self) -> bool:
        """Whether telephone numbers and codes may be asked for on this connection."""
        return self.caller.secure or self.letters.rules.privacy.plain_may_ask

    @property
    def box(self) -> str:
        """The secret of this television, "" where it keeps none."""
        found = self.get_cookie(BOX_COOKIE, "") or ""
        return found if _TOKEN.fullmatch(found) else ""

    def to(self, *parts: object) -> str:
        """The address of a page of letters in this edition."""
        return address(self.edition, *parts)

    def _go(self, *parts: object) -> None:
        self.set_header("Cache-Control", "no-store")
        self.redirect(self.to(*parts))

    def _rows(self, page: Rows) -> View:
        """A list, as tiles where it has too many rows for one page and few enough for them."""
        if page.pages == 1 and grid.suits(len(page.rows), self.look):
            return grid.view(page, self.look, self.focus)
        return rows.view(page, self.look, self.focus)

    def _choices(self, title: str, offered: Sequence[Choice], base: str, back: str, page: int) -> View:
        return self._rows(shaped.choices(self.scene, title, offered, base, back, page, self.look.rows))

    def _with_keys(self, view: View) -> View:
        """The keys of every page; after three minutes without one what stands here is cleared."""
        view = super()._with_keys(view)
        seconds = self.ctx.letters.rules.limits.screen_minutes * 60 if self.ctx.letters else 180
        menu = self.to()
        data = {**view.data, "y": f"{menu}?f=", "i": seconds * 1000}
        if self.request.path == menu:
            return view
        again = view.refresh or seconds
        return replace(
            view, data=data, refresh=again, refresh_to=view.refresh_to or ("" if view.refresh else menu)
        )

    def show(self, view: View) -> None:
        """Prove and write; nothing of letters is kept by any cache or followed by any robot."""
        super().show(view)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Robots-Tag", "noindex")
        self.set_header("Referrer-Policy", "no-referrer")

    # -- menu and kinds ------------------------------------------------------------------------------------

    async def _menu(self) -> View:
        now = self.ctx.clock()
        listed = await self.letters.on_box(self.box, now) if self.box else ()
        fresh = await self.letters.news(self.box) if self.box else ()
        if fresh:
            await self.letters.saw(self.box)
        return self._rows(shaped.menu(self.scene, listed, now, fresh))

    async def _write(self, kind: str = "") -> View | None:
        if not self.may_ask:
            return self._unsafe()
        rules = self.letters.rules
        known = [row.id for row in rules.kinds]
        if not kind:
            return self._rows(shaped.kind_list(self.scene, rules))
        if kind not in known:
            raise NotFound(f"no kind of letter '{kind}'")
        wanted = Kind(kind)
        box = "" if wanted is Kind.REPORT else self._own_box()
        draft = await self.letters.begin(
            Channel.TV, self.ctx.clock(), address=self.caller.address, locale=self.edition.lang, box=box
        )
        draft = await self.letters.write(draft.token, kind=wanted)
        self._go("d", draft.token, flow.step_of(draft, rules))
        return None

    def _own_box(self) -> str:
        """The secret of this television; it gets one with its first letter."""
        box = self.box or numbers.new_token()
        self.set_cookie(
            BOX_COOKIE, box, path="/tv/", httponly=True, samesite="Lax", secure=self.caller.secure,
            max_age=BOX_SECONDS,
        )  # fmt: skip
        return box

    def _unsafe(self) -> View:
        """No telephone number is asked for where others can listen: what one can do instead."""
        t = self.scene.text
        hotline = self.scene.site.hotline
        said = [t.gettext("这条线路没有加密，不在这里问电话和密码。")]
        said.append(t.gettext("请打政府热线{}，或用手机打开本网站的加密地址。").format(hotline))
        return message.view(shaped.notice(self.scene, t.gettext("写信"), said, (), self.to()), self.look)

    # -- writing -------------------------------------------------------------------------------------------

    async def _draft(self, token: str, step: str = "", place: str = "") -> View | None:
        if not self.may_ask:
            return self._unsafe()
        if not _TOKEN.fullmatch(token):
            raise NoDraft("no such draft")
        try:
            draft = await self.letters.draft(token)
        except NoDraft:
            if step == "send":
                # Pressed twice: what was filed is shown; nobody else knows the token.
                self._go("r", token)
                return None
            raise
        if step == "send":
            return await self._send(draft)
        try:
            at = Step(step) if step else flow.step_of(draft, self.letters.rules)
        except ValueError:
            raise NotFound(f"no step '{step}'") from None
        return await self._STEPS[at](self, draft, place)

    def _after(self, draft: Draft) -> None:
        """On to the next step that is not done."""
        self._go("d", draft.token, flow.step_of(draft, self.letters.rules))

    async def _choose(self, draft: Draft, offered: Sequence[Choice], place: str) -> bool:
        """Take the choice of a place; False where the address asks for a page instead."""
        if not place or place.startswith("p"):
            return False
        at = _place(place, len(offered))
        draft = await self.letters.write(draft.token, **offered[at].changes)
        self._after(draft)
        return True

    async def _topic(self, draft: Draft, place: str) -> View | None:
        offered = flow.topics(draft, self.letters.rules, self.scene.text)
        if await self._choose(draft, offered, place):
            return None
        title = self.scene.text.gettext("关于什么？")
        base = self.to("d", draft.token, Step.TOPIC)
        return self._choices(title, offered, base, self.to("w"), _page(place))

    async def _say(self, draft: Draft, place: str) -> View | None:
        offered = flow.sayings(draft, self.letters.rules, self.scene.text, television=True)
        if await self._choose(draft, offered, place):
            return None
        title = self.scene.text.gettext("想说什么？")
        base = self.to("d", draft.token, Step.SAY)
        back = self.to("d", draft.token, Step.TOPIC) if draft.topic else self.to("w")
        return self._choices(title, offered, base, back, _page(place))

    async def _phone(self, draft: Draft, place: str) -> View | None:
        """The way to a phone; it looks again every few seconds what was written there."""
        if place and not numbers.is_code(place):
            raise NotFound("no pairing code")
        if not place:
            pairing = await self.letters.pair(draft.token, self.ctx.clock())
            self._go("d", draft.token, Step.PHONE, pairing.code)
            return None
        lang = "" if self.edition.lang == "zh-Hans" else f"{self.edition.lang}/"
        join = f"{self._base}/wap/{lang}l/j"
        view = qr.view(
            shaped.on_phone(
                self.scene,
                f"/tv/qr.png?u={quote(f'{join}/{place}', safe='')}",
                join,
                place,
                len(draft.text),
                self.to("d", draft.token),
                self.to("d", draft.token, Step.SAY),
            ),
            self.look,
        )
        return replace(view, refresh=PHONE_SECONDS)

    async def _telephone(self, draft: Draft, mark: str) -> View | None:
        t = self.scene.text
        if mark:
            typed = self.letters.pressed(draft.token, "tel", draft.telephone, mark)[: _LENGTHS["tel"]]
            await self.letters.write(draft.token, telephone=typed)
            self._go("d", draft.token, Step.TELEPHONE)
            return None
        typed = draft.telephone
        onward = []
        if numbers.is_telephone(typed):
            onward = [Link("onward", t.gettext("就是这个号码"), self.to("d", draft.token, Step.CHECK))]
        page = self._pad(
            t.gettext("您的电话"),
            typed,
            t.gettext("手机号，或区号加座机号"),
            lambda key: self.to(
                "d", draft.token, Step.TELEPHONE, self.letters.mark(draft.token, "tel", typed, key)
            ),
            self.to("d", draft.token, Step.SAY),
            onward,
        )
        return number.view(page, self.look, self.focus)

    async def _check(self, draft: Draft, place: str) -> View | None:
        t, rules = self.scene.text, self.letters.rules
        step = flow.step_of(draft, rules)
        if step is not Step.CHECK:
            self._go("d", draft.token, step)
            return None
        offered = flow.entries(draft, rules, t, boxed=True, text_step=Step.PHONE)
        if place:
            changes = dict(offered[_place(place, len(offered))].changes)
            if changes.get("box") == flow.BOX:
                changes["box"] = self._own_box()
            await self.letters.write(draft.token, **changes)
            self._go("d", draft.token, f"{Step.CHECK}?f=e{place}")
            return None
        page = shaped.check_page(
            self.scene, offered, self.to("d", draft.token), self.to("d", draft.token, Step.TELEPHONE)
        )
        view = self._rows(page)
        return view if self.focus else replace(view, focus="send")

    async def _send(self, draft: Draft) -> View | None:
        try:
            await self.letters.file(draft, self.ctx.clock(), address=self.caller.address)
        except NotComplete:
            self._after(draft)
            return None
        self._go("r", draft.token)
        return None

    async def _receipt(self, token: str, screen: str = "1") -> View:
        if not self.may_ask:
            return self._unsafe()
        t, now = self.scene.text, self.ctx.clock()
        found = await self.letters.receipt(token, now)
        menu = Link("menu", t.gettext("记好了"), self.to(), "1")
        page = shaped.reading(
            self.scene, t.gettext("信收到了"), "", telling.receipt(found, t, now), f"{self.to('r', token)}/",
            _screen(screen), (menu,), self.to(),
        )  # fmt: skip
        return document.view(page, self.look, self.focus)

    def _pad(
        self, title: str, typed: str, hint: str, key: Any, back: str, onward: Sequence[Link]
    ) -> NumberBox:
        return shaped.pad(self.scene, title, typed, hint, key, back, onward)

    # -- looking up ----------------------------------------------------------------------------------------

    async def _boxed(self, number_: str) -> View | None:
        """A letter of this television: its code is asked for."""
        if not self.may_ask:
            return await self._glance(number_)
        token = await self.letters.asking(
            self.ctx.clock(), number=number_ if numbers.is_number(number_) else ""
        )
        self._go("q", token, "code")
        return None

    async def _ask(self, token: str = "", field: str = "number", mark: str = "") -> View | None:
        if not token:
            token = await self.letters.asking(self.ctx.clock(), address=self.caller.address)
            self._go("q", token, "number")
            return None
        if field not in _LENGTHS:
            raise NotFound(f"no field '{field}'")
        if field != "number" and not self.may_ask:
            return self._unsafe()
        asked = await self.letters.asked(token) if _TOKEN.fullmatch(token) else None
        if asked is None:
            raise NotFound("what was typed here is forgotten")
        if mark == "ok":
            return await self._typed(token, field, asked)
        name = "telephone" if field == "tel" else field
        typed = str(getattr(asked, name))
        if mark:
            typed = self.letters.pressed(token, field, typed, mark)[: _LENGTHS[field]]
            await self.letters.type(token, replace(asked, **{name: typed}))
            self._go("q", token, field)
            return None
        return number.view(self._field(token, field, typed), self.look, self.focus)

    def _field(self, token: str, field: str, typed: str) -> NumberBox:
        t = self.scene.text
        title, hint = {
            "number": (t.gettext("信件编号"), t.gettext("回执上的八位数字")),
            "code": (t.gettext("查询密码"), t.gettext("回执上的六位数字")),
            "tel": (t.gettext("写信时留的电话"), t.gettext("电话对了就解锁")),
        }[field]
        whole = len(typed) == _LENGTHS[field] if field != "tel" else numbers.is_telephone(typed)
        onward = []
        if whole and (field != "number" or numbers.is_number(typed)):
            onward = [Link("onward", t.gettext("确定"), self.to("q", token, field, "ok"))]
        elif whole:
            hint = t.gettext("没有这样的编号，请看看有没有按错。")
        back = {"number": self.to(), "code": self.to("q", token, "number"), "tel": self.to()}[field]
        # What is secret is shown as it was typed: from a sofa one has to see what one has pressed.
        return self._pad(
            title,
            typed,
            hint,
            lambda key: self.to("q", token, field, self.letters.mark(token, field, typed, key)),
            back,
            onward,
        )

    async def _typed(self, token: str, field: str, asked: Asked) -> View | None:
        """A field is complete: on to the next, or open the letter."""
        now, who = self.ctx.clock(), self.caller.address
        if field == "number":
            if self.may_ask:
                self._go("q", token, "code")
                return None
            return await self._glance(asked.number)
        if field == "tel":
            await self.letters.unlock(asked.number, asked.telephone, now, address=who)
            await self.letters.type(token, replace(asked, telephone="", code=""))
            self._go("q", token, "code")
            return None
        try:
            _, view = await self.letters.look_up(asked.number, asked.code, now, address=who)
        except WrongCode as error:
            await self.letters.type(token, replace(asked, code=""))
            t = self.scene.text
            said = [t.gettext("编号和密码对不上，还可以试{}次。").format(error.left)]
            again = Link("again", t.gettext("再输一次"), self.to("q", token, "code"), "1")
            return message.view(
                shaped.notice(self.scene, t.gettext("查我的信"), said, (again,), self.to()), self.look
            )
        except Locked:
            await self.letters.type(token, replace(asked, code="", telephone=""))
            t = self.scene.text
            said = [t.gettext("密码错得太多，这封信先锁上了。"), t.gettext("输入写信时留的电话可以解锁。")]
            unlock = Link("unlock", t.gettext("用电话解锁"), self.to("q", token, "tel"), "1")
            return message.view(
                shaped.notice(self.scene, t.gettext("查我的信"), said, (unlock,), self.to()), self.look
            )
        self._go("v", view)
        return None

    async def _glance(self, number_: str) -> View:
        """State and day alone, where nothing more may be asked or shown."""
        t, now = self.scene.text, self.ctx.clock()
        found = await self.letters.peek(number_, now, address=self.caller.address)
        said = telling.state_only(found, t, now)
        page = shaped.reading(
            self.scene, t.gettext("查我的信"), t.gettext("线路没有加密，只显示进度。"), said,
            f"{self.to('g', number_)}/", 1,
            (Link("back", t.gettext("返回"), self.to(), "8"),), self.to(),
        )  # fmt: skip
        return document.view(page, self.look, self.focus)

    # -- a letter, for minutes -----------------------------------------------------------------------------

    async def _view_letter(
        self, token: str, what: str = "", first: str = "", second: str = ""
    ) -> View | None:
        try:
            found = await self.letters.viewed(token) if _TOKEN.fullmatch(token) else None
        except NotFound:
            found = None
        if found is None or not self.may_ask:
            # Its minutes are over: whoever sits there now sees the menu.
            self._go()
            return None
        if what == "close":
            await self.letters.hide(token)
            self._go()
            return None
        if not what or what == "s":
            return self._letter(token, found, _screen(first or "1"))
        act = self._ACTS.get(what)
        if act is None:
            raise NotFound(self.request.path)
        return await act(self, token, found, first, second)

    def _letter(self, token: str, found: Letter, screen: int) -> View:
        t, now, rules = self.scene.text, self.ctx.clock(), self.letters.rules
        ticking = self.letters.clock(found, now)
        said: Sequence[Said] = telling.letter(found, ticking, rules, t, now)
        allowed = self.letters.allowed(found, Role.CITIZEN, now)
        buttons = [
            Link(verb.value, t.gettext(title), self.to("v", token, verb.value), digit, short=t.gettext(short))
            for verb, title, short, digit in (
                (Verb.RATE, N_("评价"), N_("评价"), "1"),
                (Verb.DOUBT, N_("没办好，重办"), N_("重办"), "2"),
                (Verb.URGE, N_("催一催"), N_("催"), "3"),
                (Verb.WITHDRAW, N_("撤回"), N_("撤回"), "4"),
            )
            if verb in allowed
        ]
        buttons.append(Link("back", t.gettext("关上"), self.to("v", token, "close"), "8"))
        page = shaped.reading(
            self.scene, t.gettext("信件{}").format(telling.spaced(found.number)),
            words.kind(t, found.kind), said,
            f"{self.to('v', token, 's')}/", screen, buttons, self.to("v", token, "close"),
        )  # fmt: skip
        return document.view(page, self.look, self.focus)

    async def _rate(self, token: str, found: Letter, first: str, second: str) -> View | None:
        t, back = self.scene.text, self.to("v", token)
        if not first:
            # One digit, one grade: 5 is the best.
            offered = [Choice(words.grade(t, grade)) for grade in range(1, 6)]
            return self._choices(t.gettext("您满意吗？"), offered, self.to("v", token, "rate"), back, 1)
        grade = _place(first, 5) + 1
        if not second:
            offered = [Choice(words.solved(t, each)) for each in SOLVED]
            return self._choices(
                t.gettext("事情解决了吗？"), offered, self.to("v", token, "rate", grade), back, 1
            )
        solved = SOLVED[_place(second, len(SOLVED))]
        await self.letters.rate(found.number, grade, solved, self.ctx.clock(), once=f"rate {token}")
        self._go("v", token)
        return None

    async def _doubt(self, token: str, found: Letter, first: str, second: str) -> View | None:
        t, reasons = self.scene.text, self.letters.rules.reasons
        if not first or first.startswith("p"):
            offered = [Choice(words.reason(t, each)) for each in reasons]
            base = self.to("v", token, "doubt")
            return self._choices(t.gettext("哪里没办好？"), offered, base, self.to("v", token), _page(first))
        reason = reasons[_place(first, len(reasons))].id
        await self.letters.doubt(found.number, self.ctx.clock(), reason=reason, once=f"doubt {token}")
        self._go("v", token)
        return None

    async def _urge(self, token: str, found: Letter, first: str, second: str) -> View | None:
        await self.letters.urge(found.number, self.ctx.clock())
        self._go("v", token)
        return None

    async def _withdraw(self, token: str, found: Letter, first: str, second: str) -> View | None:
        t = self.scene.text
        if first != "yes":
            yes = Link("yes", t.gettext("撤回"), self.to("v", token, "withdraw", "yes"), "1")
            no = Link("back", t.gettext("不撤回"), self.to("v", token), "8")
            said = [t.gettext("撤回以后就不再办理，也不能恢复。")]
            page = shaped.notice(self.scene, t.gettext("撤回这封信？"), said, (no, yes), self.to("v", token))
            return message.view(page, self.look)
        await self.letters.withdraw(found.number, self.ctx.clock())
        self._go("v", token)
        return None

    # -- what everybody may read ---------------------------------------------------------------------------

    async def _public(self, page: str = "1", name: str = "", screen: str = "1") -> View:
        t, now, per_page = self.scene.text, self.ctx.clock(), self.look.rows
        at = _screen(page)
        if not name:
            found = await self.letters.public(start=(at - 1) * per_page, count=per_page)
            today = now.date().isoformat()
            return self._rows(shaped.public_list(self.scene, found.letters, found.total, at, per_page, today))
        if not re.fullmatch(r"[0-9a-f]{12}", name):
            raise NotFound(f"no letter '{name}'")
        one = await self.letters.public_letter(name)
        topic = self.letters.rules.topic(one.topic)
        meta = " ".join(x for x in (words.kind(t, one.kind), label(topic, t.tag) if topic else "") if x)
        back = f"{self.to('o', at)}?f={name}"
        shown = shaped.reading(
            self.scene, one.title or t.gettext("来信"), meta, telling.public(one, self.letters.rules, t, now),
            f"{self.to('o', at, name)}/", _screen(screen),
            (Link("back", t.gettext("返回"), back, "8"),), back,
        )  # fmt: skip
        return document.view(shown, self.look, self.focus)

    # -- what went wrong -----------------------------------------------------------------------------------

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """An error of letters as a page that says what to do; every other as the edition says it."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        status = next((status for cls, status in _STATUS.items() if isinstance(error, cls)), 0)
        if not status:
            super().write_error(status_code, **kwargs)
            return
        self.set_status(status)
        self.scene = self._scene_of(
            self.ctx.mirror.held_site(text(self.edition.lang).variant) or Site(id="", name="", columns=())
        )
        t = self.scene.text
        said = [
            said
            for said in (
                self._wrong(error),
                t.gettext("有急事请打政府热线{}。").format(self.scene.site.hotline),
            )
            if said
        ]
        again = Link("again", t.gettext("再试一次"), self.request.path, "1")
        buttons = (again,) if isinstance(error, NotStored | LettersAway) else ()
        menu = Link(
            "back", t.gettext("返回"), self.to() if status != 503 else href(self.edition, Place()), "8"
        )
        page = shaped.notice(self.scene, t.gettext("写信、查回信"), said, (*buttons, menu), menu.href)
        self.show(message.view(page, self.look))
        if not self._finished:
            self.finish()

    def _wrong(self, error: PortalError) -> str:
        t = self.scene.text
        match error:
            case TooMany():
                when = t.moment(
                    f"{error.again.astimezone(self.ctx.clock().tzinfo):%Y-%m-%d %H:%M}", self.today
                )
                return t.gettext("写得太多了，请在{}以后再来。").format(when)
            case NotStored():
                return t.gettext("没有存下，还不算收到。请再试一次，不会重复。")
            case LettersAway() | WeakStorage():
                return t.gettext("写信暂时不能用。")
            case NoDraft():
                return t.gettext("这封信放得太久，或者已经交了。")
            case NotAllowed():
                return t.gettext("现在不能这样做：可能已经做过，或者过了时间。")
            case Locked():
                return t.gettext("错得太多，先锁上了，请明天再来。")
            case WrongCode():
                return t.gettext("对不上，请看看有没有按错。")
            case Changed():
                return t.gettext("正有人在改，请再试一次。")
            case _:
                return t.gettext("没有找到。")

    _PAGES: ClassVar[Mapping[str, _Make]] = {
        "": _menu,
        "w": _write,
        "d": _draft,
        "r": _receipt,
        "b": _boxed,
        "q": _ask,
        "g": _glance,
        "v": _view_letter,
        "o": _public,
    }
    _STEPS: ClassVar[Mapping[Step, _Make]] = {
        Step.TOPIC: _topic,
        Step.SAY: _say,
        Step.TEXT: _phone,
        Step.PHONE: _phone,
        Step.TELEPHONE: _telephone,
        Step.CHECK: _check,
    }
    _ACTS: ClassVar[Mapping[str, _Make]] = {
        "rate": _rate,
        "doubt": _doubt,
        "urge": _urge,
        "withdraw": _withdraw,
    }


_STATUS: dict[type[PortalError], int] = {
    NoDraft: 410,
    TooMany: 429,
    NotStored: 503,
    LettersAway: 503,
    WeakStorage: 503,
    NotAllowed: 409,
    Locked: 403,
    WrongCode: 403,
    Changed: 409,
}


def _takes(make: _Make, count: int) -> bool:
    """Whether a page takes so many parts of an address."""
    takes = list(inspect.signature(make).parameters.values())[1:]
    return sum(each.default is inspect.Parameter.empty for each in takes) <= count <= len(takes)


def _place(written: str, count: int) -> int:
    """A place from 1 as an index. NotFound."""
    if re.fullmatch(r"[1-9][0-9]{0,2}", written) and int(written) <= count:
        return int(written) - 1
    raise NotFound(f"no choice {written}")


def _page(written: str) -> int:
    return int(written[1:]) if re.fullmatch(r"p[1-9][0-9]{0,2}", written) else 1


def _screen(written: str) -> int:
    if re.fullmatch(r"[0-9]{1,7}", written) and int(written):
        return int(written)
    raise NotFound(f"no screen {written}")


def routes(context: Context, table: Mapping[str, Operator] = NOBODY) -> list[tuple[str, Any, dict[str, Any]]]:
    """The routes of letters; they stand before those of the other pages of the television."""
    return [(r"/tv/([^/]+)/l(?:/(.*))?", LettersHandler, {"context": context, "table": table})]
