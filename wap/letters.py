"""Letters on the phone: one short form after another; what was typed stays on the server between decks.

    /wap/l                   the menu                        /wap/l/w[/KIND]      what kind; begins a draft
    /wap/l/d/TOKEN/STEP[/P]  a step of writing               /wap/l/r/TOKEN       the receipt
    /wap/l/j[/CODE]          go on with a television's draft /wap/l/q             number and code
    /wap/l/u                 unlock by telephone number      /wap/l/v/TOKEN[/ACT] a letter, for minutes
    /wap/l/o[/PAGE]          what everybody may read         /wap/l/o/i/ID        one of them

Whatever changes a letter is posted, and needs a token of 128 bits that stands in no page of anybody else;
numbers, codes and texts are posted too, so that no log and no proxy's address list holds them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from portal.errors import MirrorAway, NotFound, PortalError
from portal.http.base import RETRY_SECONDS, Context
from portal.http.caller import Caller
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
    WrongPairing,
)
from portal.letters.flow import Choice, Step
from portal.letters.model import Channel, Draft, Kind, Letter, Role, Solved, Verb
from portal.letters.service import Letters
from portal.letters.telling import Said
from portal.model import Site
from wap import routes, split
from wap.device import VARY
from wap.edition import Answer, content_type, device_of
from wap.page import ROWS, Field, Line, Link, Page, Part, Post
from wap.view import View, call_of, page_of

log = logging.getLogger("sunshine.letters")

LONGEST_FORM = 16_384
"""Octets of a posted form: 600 characters, each as escaped UTF-8, and some room."""

PIECE = 200
"""Characters of one field of text: old phones hold no more."""

SOLVED = (Solved.YES, Solved.PARTLY, Solved.NO)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_PATH = re.compile(r"/l(?:/(.*))?")
_FOLLOWED = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """One request: where, by whom, with what.

    form   names and values that were posted, None for GET       deck   which deck of the page
    """

    view: View
    site: Site
    parts: tuple[str, ...]
    form: Mapping[str, str] | None
    caller: Caller
    deck: int = 1


@dataclass(frozen=True, slots=True)
class Gone:
    """Another page comes next."""

    parts: tuple[str, ...]


Shown = Page | Gone


def is_letters(path: str) -> bool:
    """Whether the rest of an address, as `routes.view_of` gives it, belongs to letters."""
    return _PATH.fullmatch(path.rstrip("/")) is not None


def read_form(body: bytes) -> dict[str, str]:
    """A posted form; what is no UTF-8 is read as GB 18030. NotFound where it is too long or senseless."""
    if len(body) > LONGEST_FORM:
        raise NotFound(f"a form of {len(body)} octets")
    read = [form for charset in ("utf-8", "gb18030") if (form := _read(body, charset)) is not None]
    if not read:
        raise NotFound("this form is in no character set that we know")
    # A few octets of GB 18030 are UTF-8 too, of letters that nobody here writes: \u02ee for \u6c34.
    odd = any("\x80" <= each < "\u0800" and each not in _ODD for each in "".join(read[0].values()))
    return read[-1] if odd else read[0]


_ODD = "\u00a7\u00b0\u00b1\u00b7\u00d7\u00f7"
"""What of the letters between ASCII and the rest somebody may write: section, degree, dot, times ..."""


def _read(body: bytes, charset: str) -> dict[str, str] | None:
    """A form in a character set, None where it is in another. NotFound where it has too many fields."""
    try:
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding=charset,
            errors="strict",
            max_num_fields=20,
        )
    except UnicodeDecodeError:
        return None
    except ValueError as error:
        raise NotFound(f"no form has so many fields: {error}") from None
    return dict(pairs)


class LettersEdition:
    """Letters for phones, over HTTP and by the gateway alike."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def answer(
        self,
        target: str,
        headers: Mapping[str, str],
        caller: Caller,
        body: bytes | None = None,
        room: int | None = None,
        *,
        follow: bool = False,
    ) -> Answer:
        """Answer GET, or POST where there is a `body`. A step that was done leads on with 302.

        room     as in `Edition.answer`          follow   give the page that comes next at once, without 302
        """
        device = device_of(headers, room)
        address = urlsplit(target)
        view, rest = routes.view_of(self._ctx, address.path)
        found = _PATH.fullmatch(rest.rstrip("/"))
        path = (found[1] or "") if found else ""
        query = dict(parse_qsl(address.query, max_num_fields=10)) if len(address.query) < 500 else {}
        site = Site(id="", name="", columns=())
        try:
            site = await self._ctx.mirror.site(view.text.variant)
        except (MirrorAway, NotFound):
            log.info("letters without a mirror")  # they do not need one
        turn = Turn(
            view, site, tuple(p for p in path.split("/") if p), None, caller, _count(query.get("p", ""))
        )
        status = 200
        try:
            turn = replace(turn, form=None if body is None else read_form(body))
            shown = await self._turn(turn)
            followed = 0
            while isinstance(shown, Gone) and follow and followed < _FOLLOWED:
                followed += 1
                shown = await self._turn(replace(turn, parts=shown.parts, form=None))
        except PortalError as error:
            log.info("letters: %s", type(error).__name__)
            status, shown = self._wrong(turn, error)
        kept = (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"))
        if isinstance(shown, Gone):
            to = "/".join((f"{view.base}/l", *shown.parts))
            return Answer(302, (("Content-Type", "text/plain"), ("Location", to), *kept), b"")
        decks = split.decks(shown, device)
        octets = split.encode(decks[min(turn.deck, len(decks)) - 1], device)
        wait = (("Retry-After", str(RETRY_SECONDS)),) if status == 503 else ()
        return Answer(status, (("Content-Type", content_type(device)), ("Vary", VARY), *kept, *wait), octets)

    async def _turn(self, turn: Turn) -> Shown:
        name, rest = (turn.parts[0], turn.parts[1:]) if turn.parts else ("", ())
        make = _PAGES.get(name)
        if make is None or len(rest) > 4:
            raise NotFound("no such page of letters")
        if name in _PRIVATE and not self._may_ask(turn):
            return _unsafe(turn)
        return await make(self, turn, *rest, *([""] * (4 - len(rest))))

    @property
    def letters(self) -> Letters:
        """The letters of the city. LettersAway where this server has none."""
        if self._ctx.letters is None:
            raise LettersAway("this server has no letter box")
        return self._ctx.letters

    def _may_ask(self, turn: Turn) -> bool:
        return turn.caller.secure or self.letters.rules.privacy.plain_may_ask

    # -- menu ----------------------------------------------------------------------------------------------

    async def menu(self, turn: Turn, *_: str) -> Shown:
        """What one can do."""
        t, base = turn.view.text, turn.view.base
        body = [
            Link(f"{base}/l/w", t.gettext("写信"), "1"),
            Link(f"{base}/l/q", t.gettext("查我的信"), "2"),
            Link(f"{base}/l/o", t.gettext("看大家的信"), "3"),
            Link(f"{base}/l/j", t.gettext("接着写电视上的信"), "4"),
            Link(f"{base}/b", t.gettext("看各单位办得怎样"), "5"),
        ]
        return _page(turn, t.gettext("写信、查回信"), body, "")

    # -- writing -------------------------------------------------------------------------------------------

    async def write(self, turn: Turn, kind: str, *_: str) -> Shown:
        """The kinds; one of them begins a draft."""
        t, rules = turn.view.text, self.letters.rules
        if not kind:
            body = [
                Link(f"{turn.view.base}/l/w/{each.value}", name, str(key), about)
                for key, (each, name, about) in enumerate(flow.kinds(rules, t), 1)
            ]
            return _page(turn, t.gettext("您要做什么？"), body, "w", back="")
        if kind not in [row.id for row in rules.kinds]:
            raise NotFound("no such kind of letter")
        now = self._ctx.clock()
        draft = await self.letters.begin(Channel.WAP, now, address=turn.caller.address, locale=t.tag)
        draft = await self.letters.write(draft.token, kind=Kind(kind))
        return self._next(draft)

    async def draft(self, turn: Turn, token: str, step: str, place: str, *_: str) -> Shown:
        """A step of writing."""
        try:
            draft = await self.letters.draft(_token(token))
        except NoDraft:
            if step == "send":
                # Pressed twice: what was filed is shown; nobody else knows the token.
                return Gone(("r", token))
            raise
        if step == "send":
            return await self._send(turn, draft)
        try:
            at = Step(step) if step else flow.step_of(draft, self.letters.rules)
        except ValueError:
            raise NotFound("no such step") from None
        return await _STEPS[at](self, turn, draft, place)

    async def _send(self, turn: Turn, draft: Draft) -> Shown:
        if turn.form is None:
            return Gone(("d", draft.token, Step.CHECK))
        try:
            await self.letters.file(draft, self._ctx.clock(), address=turn.caller.address)
        except NotComplete:
            return self._next(draft)
        return Gone(("r", draft.token))

    def _next(self, draft: Draft) -> Gone:
        return Gone(("d", draft.token, flow.step_of(draft, self.letters.rules)))

    async def topic(self, turn: Turn, draft: Draft, place: str) -> Shown:
        """What it is about."""
        offered = flow.topics(draft, self.letters.rules, turn.view.text)
        return await self._choose(
            turn, draft, Step.TOPIC, turn.view.text.gettext("关于什么？"), offered, place
        )

    async def say(self, turn: Turn, draft: Draft, place: str) -> Shown:
        """A ready phrase, words of one's own, or a call back."""
        offered = flow.sayings(draft, self.letters.rules, turn.view.text, television=False)
        return await self._choose(turn, draft, Step.SAY, turn.view.text.gettext("想说什么？"), offered, place)

    async def _choose(
        self, turn: Turn, draft: Draft, step: Step, title: str, offered: Sequence[Choice], place: str
    ) -> Shown:
        if place:
            chosen = offered[_place(place, len(offered))]
            return self._next(await self.letters.write(draft.token, **chosen.changes))
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
        return _page(turn, title, body, f"d/{draft.token}/{step}", back=back)

    async def text(self, turn: Turn, draft: Draft, place: str) -> Shown:
        """Words, piece by piece: each field adds to what is there."""
        t, most = turn.view.text, self.letters.rules.limits.longest_text
        if turn.form is not None:
            if "clear" in turn.form:
                return Gone(("d", (await self.letters.write(draft.token, text="")).token, Step.TEXT))
            piece = turn.form.get(f"t{draft.version}", "")
            whole = f"{draft.text}{piece}" if piece.strip() else draft.text
            # A page that is sent again names the version before, and adds nothing.
            await self.letters.write(draft.token, text=whole)
            return Gone(("d", draft.token, Step.TEXT))
        here = f"{turn.view.base}/l/d/{draft.token}/{Step.TEXT}"
        over = len(draft.text) - most
        body: list[Part] = []
        if draft.text:
            body += [Line(t.gettext("已写{}字，最多{}字:").format(len(draft.text), most)), Line(draft.text)]
        if over > 0:
            body.append(Line(t.gettext("多了{}字，请重写短一些。").format(over), strong=True))
        else:
            room = max(1, min(PIECE, most - len(draft.text)))
            asked = t.gettext("接着写:") if draft.text else t.gettext("请写(可以分几次):")
            field = Field(f"t{draft.version}", asked, long=True, most=room)
            body.append(Post(here, t.gettext("存下"), (field,)))
            if draft.text:
                body.append(Link(f"{turn.view.base}/l/d/{draft.token}", t.gettext("写好了，下一步")))
        if draft.text:
            body.append(Post(here, t.gettext("全部重写"), hidden=(("clear", "1"),)))
        return _page(
            turn,
            t.gettext("写内容"),
            body,
            f"d/{draft.token}/{Step.TEXT}",
            back=f"d/{draft.token}/{Step.SAY}",
        )

    async def telephone(self, turn: Turn, draft: Draft, place: str) -> Shown:
        """Where one can be reached."""
        t = turn.view.text
        wrong = False
        if turn.form is not None:
            typed = numbers.plain_telephone(next((v for k, v in turn.form.items() if k[:1] == "n"), ""))
            if numbers.is_telephone(typed):
                return self._next(await self.letters.write(draft.token, telephone=typed))
            wrong = True
        body: list[Part] = (
            [Line(t.gettext("这不是电话号码，请看看有没有按错。"), strong=True)] if wrong else []
        )
        field = Field(
            f"n{draft.version}", t.gettext("手机号，或区号加座机号:"), draft.telephone, digits=True, most=20
        )
        body.append(
            Post(f"{turn.view.base}/l/d/{draft.token}/{Step.TELEPHONE}", t.gettext("下一步"), (field,))
        )
        return _page(
            turn,
            t.gettext("您的电话"),
            body,
            f"d/{draft.token}/{Step.TELEPHONE}",
            back=f"d/{draft.token}/{Step.SAY}",
        )

    async def check(self, turn: Turn, draft: Draft, place: str) -> Shown:
        """Everything once more, then it is filed."""
        t, rules = turn.view.text, self.letters.rules
        if flow.step_of(draft, rules) is not Step.CHECK:
            return self._next(draft)
        offered = flow.entries(draft, rules, t)
        base = f"{turn.view.base}/l/d/{draft.token}"
        if place:
            await self.letters.write(draft.token, **offered[_place(place, len(offered))].changes)
            return Gone(("d", draft.token, Step.CHECK))
        body: list[Part] = [Post(f"{base}/send", t.gettext("交信"), key="1")]
        for at, each in enumerate(offered, 1):
            to = f"{base}/{each.step}" if each.step else f"{base}/{Step.CHECK}/{at}" if each.changes else ""
            said = f"{each.label}: {each.value}"
            body.append(Link(to, said) if to else Line(said))
        return _page(
            turn,
            t.gettext("看一遍再交"),
            body,
            f"d/{draft.token}/{Step.CHECK}",
            back=f"d/{draft.token}/{Step.TELEPHONE}",
        )

    async def receipt(self, turn: Turn, token: str, *_: str) -> Shown:
        """Number, code and by when."""
        t, now = turn.view.text, self._ctx.clock()
        found = await self.letters.receipt(_token(token), now)
        return _page(
            turn, t.gettext("信收到了"), _lines(telling.receipt(found, t, now)), f"r/{token}", back=""
        )

    async def join(self, turn: Turn, code: str, *_: str) -> Shown:
        """Go on with what was begun on a television. Looking at the page uses no code up; sending it does."""
        t = turn.view.text
        if turn.form is not None:
            typed = re.sub(r"\D", "", turn.form.get("c", ""))
            draft = await self.letters.join(typed, self._ctx.clock(), address=turn.caller.address)
            return Gone(("d", draft.token, Step.TEXT))
        field = Field(
            "c", t.gettext("电视上的六位数字:"), code if numbers.is_code(code) else "", digits=True, most=7
        )
        body = [Post(f"{turn.view.base}/l/j", t.gettext("接着写"), (field,))]
        return _page(turn, t.gettext("接着写电视上的信"), body, "j", back="")

    # -- looking up ----------------------------------------------------------------------------------------

    async def ask(self, turn: Turn, *_: str) -> Shown:
        """Number and code; the number alone where no code may be asked for."""
        t, now, asks = turn.view.text, self._ctx.clock(), self._may_ask(turn)
        body: list[Part] = []
        number = ""
        if turn.form is not None:
            number = re.sub(r"\D", "", turn.form.get("n", ""))[:8]
            if not asks:
                try:
                    glance = await self.letters.peek(number, now, address=turn.caller.address)
                except NotFound:
                    body.append(Line(t.gettext("没有这样的编号，请看看有没有按错。"), strong=True))
                else:
                    said = [
                        *_lines(telling.state_only(glance, t, now)),
                        Line(t.gettext("线路没有加密，只显示进度。")),
                    ]
                    return _page(turn, t.gettext("查我的信"), said, "q", back="")
            else:
                code = re.sub(r"\D", "", turn.form.get("c", ""))[:6]
                try:
                    opened = await self.letters.look_up(number, code, now, address=turn.caller.address)
                    return Gone(("v", opened[1]))
                except WrongCode as error:
                    said_ = t.gettext("编号和密码对不上，还可以试{}次。").format(error.left)
                    body.append(Line(said_, strong=True))
                except Locked:
                    body.append(Line(t.gettext("密码错得太多，这封信先锁上了。"), strong=True))
                    body.append(Link(f"{turn.view.base}/l/u", t.gettext("用电话解锁")))
        fields = [Field("n", t.gettext("信件编号(8位):"), number, digits=True, most=9)]
        if asks:
            fields.append(Field("c", t.gettext("查询密码(6位):"), digits=True, most=7))
        body.append(Post(f"{turn.view.base}/l/q", t.gettext("查询"), tuple(fields)))
        return _page(turn, t.gettext("查我的信"), body, "q", back="")

    async def unlock(self, turn: Turn, *_: str) -> Shown:
        """Open a letter again whose code was mistyped too often."""
        t = turn.view.text
        body: list[Part] = []
        if turn.form is not None:
            number = re.sub(r"\D", "", turn.form.get("n", ""))[:8]
            try:
                await self.letters.unlock(
                    number, turn.form.get("tel", "")[:30], self._ctx.clock(), address=turn.caller.address
                )
                return Gone(("q",))
            except WrongCode:
                body.append(Line(t.gettext("对不上，请看看有没有按错。"), strong=True))
        fields = (
            Field("n", t.gettext("信件编号(8位):"), digits=True, most=9),
            Field("tel", t.gettext("写信时留的电话:"), digits=True, most=20),
        )
        body.append(Post(f"{turn.view.base}/l/u", t.gettext("解锁"), fields))
        return _page(turn, t.gettext("用电话解锁"), body, "u", back="q")

    # -- a letter, for minutes -----------------------------------------------------------------------------

    async def letter(self, turn: Turn, token: str, act: str, first: str, *_: str) -> Shown:
        """A letter, and what its writer may do."""
        try:
            found = await self.letters.viewed(_token(token))
        except NotFound:
            return Gone(("q",))
        if act == "close":
            await self.letters.hide(token)
            return Gone(())
        if act:
            do = _ACTS.get(act)
            if do is None:
                raise NotFound("no such step")
            return await do(self, turn, token, found, first)
        t, now = turn.view.text, self._ctx.clock()
        said = telling.letter(found, self.letters.clock(found, now), self.letters.rules, t, now)
        base = f"{turn.view.base}/l/v/{token}"
        allowed = self.letters.allowed(found, Role.CITIZEN, now)
        body: list[Part] = list(_lines(said))
        for verb, title in (
            (Verb.RATE, t.gettext("评价")),
            (Verb.SUPPLY, t.gettext("补充")),
            (Verb.DOUBT, t.gettext("没办好，重办")),
            (Verb.URGE, t.gettext("催一催")),
            (Verb.WITHDRAW, t.gettext("撤回")),
        ):
            if verb in allowed:
                body.append(Link(f"{base}/{verb.value}", title))
        body.append(Link(f"{base}/close", t.gettext("关上")))
        return _page(
            turn, t.gettext("信件{}").format(telling.spaced(found.number)), body, f"v/{token}", back=""
        )

    async def rate(self, turn: Turn, token: str, found: Letter, first: str) -> Shown:
        """A grade, then whether it was solved."""
        t, here = turn.view.text, f"{turn.view.base}/l/v/{token}/rate"
        if not first:
            body = [Link(f"{here}/{grade}", words.grade(t, grade), str(grade)) for grade in range(1, 6)]
            return _page(turn, t.gettext("您满意吗？"), body, f"v/{token}/rate", back=f"v/{token}")
        grade = _place(first, 5) + 1
        if turn.form is not None:
            solved = SOLVED[_place(turn.form.get("s", ""), len(SOLVED))]
            await self.letters.rate(found.number, grade, solved, self._ctx.clock(), once=f"rate {token}")
            return Gone(("v", token))
        asks = [
            Post(f"{here}/{grade}", words.solved(t, each), hidden=(("s", str(at)),), key=str(at))
            for at, each in enumerate(SOLVED, 1)
        ]
        return _page(
            turn, t.gettext("事情解决了吗？"), asks, f"v/{token}/rate/{grade}", back=f"v/{token}/rate"
        )

    async def doubt(self, turn: Turn, token: str, found: Letter, first: str) -> Shown:
        """A ready reason; the letter is handled again, once."""
        t, reasons = turn.view.text, self.letters.rules.reasons
        if turn.form is not None:
            reason = reasons[_place(turn.form.get("r", ""), len(reasons))].id
            await self.letters.doubt(found.number, self._ctx.clock(), reason=reason, once=f"doubt {token}")
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
        return _page(turn, t.gettext("哪里没办好？"), asks, f"v/{token}/doubt", back=f"v/{token}")

    async def supply(self, turn: Turn, token: str, found: Letter, first: str) -> Shown:
        """What the office has asked for."""
        t, most = turn.view.text, self.letters.rules.limits.longest_text
        if turn.form is not None and (said := turn.form.get("x", "").strip()):
            await self.letters.supply(found.number, said[:most], self._ctx.clock())
            return Gone(("v", token))
        asks = [
            Post(
                f"{turn.view.base}/l/v/{token}/supply",
                t.gettext("交"),
                (Field("x", t.gettext("补充:"), long=True, most=PIECE),),
            )
        ]
        return _page(turn, t.gettext("补充"), asks, f"v/{token}/supply", back=f"v/{token}")

    async def urge(self, turn: Turn, token: str, found: Letter, first: str) -> Shown:
        """Ask the unit to hurry."""
        return await self._sure(
            turn, token, found, "urge", turn.view.text.gettext("催一催"), self.letters.urge
        )

    async def withdraw(self, turn: Turn, token: str, found: Letter, first: str) -> Shown:
        """Take it back for good."""
        return await self._sure(
            turn, token, found, "withdraw", turn.view.text.gettext("撤回"), self.letters.withdraw
        )

    async def _sure(
        self,
        turn: Turn,
        token: str,
        found: Letter,
        act: str,
        title: str,
        do: Callable[..., Awaitable[Letter]],
    ) -> Shown:
        if turn.form is not None:
            await do(found.number, self._ctx.clock())
            return Gone(("v", token))
        t = turn.view.text
        said = (
            t.gettext("撤回以后就不再办理，也不能恢复。")
            if act == "withdraw"
            else t.gettext("一天可以催一次。")
        )
        body: list[Part] = [Line(said), Post(f"{turn.view.base}/l/v/{token}/{act}", title, key="1")]
        return _page(turn, title, body, f"v/{token}/{act}", back=f"v/{token}")

    # -- what everybody may read ---------------------------------------------------------------------------

    async def public(self, turn: Turn, page: str, name: str, *_: str) -> Shown:
        """The public letters, with a field to search them; or one of them."""
        t, now, base = turn.view.text, self._ctx.clock(), turn.view.base
        if page == "i":
            one = await self.letters.public_letter(name)
            said = _lines(telling.public(one, self.letters.rules, t, now))
            return _page(turn, one.title or t.gettext("来信"), said, f"o/i/{name}", back="o")
        asked = " ".join((turn.form or {}).get("q", "").split())[:40]
        at = _count(page)
        found = await self.letters.public(asked, start=(at - 1) * ROWS, count=ROWS)
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
        return _page(turn, t.gettext("大家的信"), body, f"o/{at}", back="")

    # -- what went wrong -----------------------------------------------------------------------------------

    def _wrong(self, turn: Turn, error: PortalError) -> tuple[int, Page]:
        t = turn.view.text
        status, said = 404, t.gettext("没有找到。")
        match error:
            case TooMany():
                when = f"{error.again.astimezone(self._ctx.clock().tzinfo):%Y-%m-%d %H:%M}"
                status, said = (
                    429,
                    t.gettext("写得太多了，请在{}以后再来。").format(t.moment(when, turn.view.today)),
                )
            case NotStored():
                status, said = 503, t.gettext("没有存下，还不算收到。请再试一次，不会重复。")
            case LettersAway() | WeakStorage():
                status, said = 503, t.gettext("写信暂时不能用。")
            case NoDraft():
                status, said = 410, t.gettext("这封信放得太久，或者已经交了。")
            case NotAllowed():
                status, said = 409, t.gettext("现在不能这样做：可能已经做过，或者过了时间。")
            case Locked():
                status, said = 403, t.gettext("错得太多，先锁上了，请明天再来。")
            case WrongPairing():
                status, said = 403, t.gettext("这六位数字用过了、过期了，或者按错了。")
            case Changed():
                status, said = 409, t.gettext("正有人在改，请再试一次。")
        body: list[Part] = [Line(said, strong=True)]
        if turn.site.hotline:
            body.append(call_of(turn.site.hotline, t.gettext("有急事请打政府热线:")))
        return status, _page(turn, t.gettext("写信、查回信"), body, "/".join(turn.parts), back="")


_PAGES: Mapping[str, Callable[..., Awaitable[Shown]]] = {
    "": LettersEdition.menu,
    "w": LettersEdition.write,
    "d": LettersEdition.draft,
    "r": LettersEdition.receipt,
    "j": LettersEdition.join,
    "q": LettersEdition.ask,
    "u": LettersEdition.unlock,
    "v": LettersEdition.letter,
    "o": LettersEdition.public,
}
_PRIVATE = frozenset("wdrjuv")
"""Pages that ask for, or show, what nobody else may hear."""

_STEPS: Mapping[Step, Callable[..., Awaitable[Shown]]] = {
    Step.TOPIC: LettersEdition.topic,
    Step.SAY: LettersEdition.say,
    Step.TEXT: LettersEdition.text,
    Step.PHONE: LettersEdition.text,
    Step.TELEPHONE: LettersEdition.telephone,
    Step.CHECK: LettersEdition.check,
}
_ACTS: Mapping[str, Callable[..., Awaitable[Shown]]] = {
    "rate": LettersEdition.rate,
    "doubt": LettersEdition.doubt,
    "supply": LettersEdition.supply,
    "urge": LettersEdition.urge,
    "withdraw": LettersEdition.withdraw,
}


def _unsafe(turn: Turn) -> Page:
    """No telephone number is asked for where others can listen: what one can do instead."""
    t = turn.view.text
    body: list[Part] = [Line(t.gettext("这条线路没有加密，不在这里问电话和密码。"))]
    if turn.site.hotline:
        body.append(call_of(turn.site.hotline, t.gettext("请打政府热线:")))
    body.append(Link(f"{turn.view.base}/l/q", t.gettext("只查办到哪一步")))
    return _page(turn, t.gettext("写信"), body, "", back="")


def _page(turn: Turn, title: str, body: Sequence[Part], at: str, back: str | None = None) -> Page:
    """A page with the way up. `at`: its address below /l; `back`: that of the page before."""
    t, base = turn.view.text, turn.view.base
    up = None if back is None else Link(f"{base}/l/{back}".rstrip("/"), t.gettext("返回"))
    here = f"{base}/l/{at}".rstrip("/")
    return page_of(turn.view, title, title, here, body, more=f"{here}?p=", up=up, menu=False)


def _lines(said: Sequence[Said]) -> list[Part]:
    """What is said, as lines: the head in bold above what is long, before what is short."""
    found: list[Part] = []
    for each in said:
        if each.head and not each.block:
            found.append(Line(f"{each.head}: {each.text}"))
            continue
        if each.head:
            found.append(Line(each.head, strong=True))
        found += [Line(line) for line in each.text.split("\n") if line.strip()]
    return found


def _token(written: str) -> str:
    if not _TOKEN.fullmatch(written):
        raise NoDraft("no such token")
    return written


def _place(written: str, count: int) -> int:
    """A place from 1 as an index. NotFound."""
    if re.fullmatch(r"[1-9][0-9]{0,2}", written) and int(written) <= count:
        return int(written) - 1
    raise NotFound("no such choice")


def _count(written: str) -> int:
    return int(written) if re.fullmatch(r"[1-9][0-9]{0,3}", written) else 1
