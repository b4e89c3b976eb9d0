"""`/desk/...`: signing in, the list, a letter, filing for somebody, lists for a spreadsheet.

No page of the desk holds a script; every change is a form with the session's own token.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from babel import negotiate_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.web import Finish, HTTPError, RequestHandler

from portal.errors import NotFound, PortalError
from portal.letters import words
from portal.letters.desk import pages, passwords, rights
from portal.letters.desk.accounts import OF_UNIT, Account
from portal.letters.desk.csvfile import to_csv
from portal.letters.desk.sessions import Session, WrongPassword, csrf_of, is_csrf
from portal.letters.errors import Changed, LettersAway, NotAllowed, NotComplete, NotStored, TooMany
from portal.letters.model import Channel, Draft, Event, Kind, Letter, Reach, Role, Solved, Verb
from portal.letters.numbers import TOKEN, new_token
from portal.letters.officeweb import OfficeContext, OfficeHandler
from portal.letters.outbox import CARDS, CASE, NOTICE
from portal.letters.queries import Query
from portal.letters.rules import label
from portal.letters.standing import Row
from portal.text import LOCALES, N_, Text, text

A_PAGE = 30
MOST_ROWS = 5_000
LOG = "desk-log"
LONGEST_WORDS = 5_000
SEARCH_CHARS = 60
LISTED_DAYS = 90

_HERE = Path(__file__).parent / "templates"
_STYLE = (_HERE / "desk.css").read_bytes()
_environment = Environment(
    loader=FileSystemLoader(_HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_SPOKEN = {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant"}

CHANGED = "changed"
SAID = {
    "state": N_("这封信的状态已经变了，现在不能这样做。"),
    "role": N_("您没有做这件事的权限。"),
    "unit": N_("这封信不在您的单位。"),
    "reason": N_("请写明内容。"),
    "target": N_("请选择单位，或填写另一封信的编号。"),
    "limit": N_("已经达到规定的次数。"),
    "late": N_("已经过了期限。"),
    "value": N_("填写的内容不对。"),
    CHANGED: N_("别人刚刚处理了这封信，请看过以后再做。"),
}
"""Why something was not done, by `NotAllowed.why`."""

FIELDS = {
    "kind": N_("请选择类别。"),
    "topic": N_("请选择主题。"),
    "unit": N_("请选择单位。"),
    "phrase": N_("请写明内容。"),
    "text": N_("请写明内容，不超过规定的字数。"),
    "telephone": N_("电话号码不对。"),
}


class DeskHandler(OfficeHandler):
    """A page of the desk: who may open it, and its look."""

    session: Session | None = None

    async def prepare(self) -> None:
        """Refuse networks that the city does not let in, and connections that anybody can read."""
        self.t: Text = text(self._tag())
        networks = self.office.desk.networks
        if networks and not _within(self.caller.address, networks):
            raise NotFound(self.request.path)
        if not self.private and not self.office.desk.plain:
            self.set_status(403)
            self.show("plain.html")
            raise Finish
        self.session = await self.of.sessions.of(self.get_cookie(self.cookie, "") or "", self.ctx.clock())

    def set_default_headers(self) -> None:
        """As every page of the office; no script, no frame, no form that leads elsewhere."""
        super().set_default_headers()
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Referrer-Policy", "no-referrer")

    @property
    def cookie(self) -> str:
        """The name of the cookie; over TLS one that no other host can set."""
        return "__Host-desk" if self.caller.secure else "desk"

    def put_cookie(self, name: str, value: str) -> None:
        """Set a cookie that no script reads and no other site's page sends."""
        self.set_cookie(name, value, path="/", httponly=True, secure=self.caller.secure, samesite="Strict")

    def show(self, template: str, **values: object) -> None:
        """Write a page."""
        session = self.session
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(
            _environment.get_template(template).render(
                _=self.t.gettext,
                lang=self.t.tag,
                me=session.account if session else None,
                role=words.role(self.t, session.account.role) if session else "",
                unit=words.unit(self.t, self.letters.rules, session.account.unit) if session else "",
                csrf=session.csrf if session else "",
                may=_may(session.account) if session else {},
                **values,
            )
        )

    def show_error(self, status: int, error: PortalError | None) -> None:
        """A page that says what to do."""
        if isinstance(error, LettersAway | NotStored):
            self.set_status(503)
            said = self.t.gettext("信箱暂时打不开，什么都没有改变。请过一会儿再试。")
        elif isinstance(error, TooMany):
            self.set_status(429)
            said = self.t.gettext("试得太多了，请在%(time)s以后再试。") % {"time": f"{error.again:%H:%M}"}
        elif status == 403:
            said = self.t.gettext("您没有做这件事的权限，或者页面已经过期。请回到待办再试。")
        elif status == 404:
            said = self.t.gettext("没有这一页，或者这封信不在您这里。")
        else:
            said = self.t.gettext("暂时打不开，请稍后再试。")
        self.clear_header("Content-Length")
        self.show("said.html", said=said, good=False)

    async def signed_in(self) -> Session:
        """The session; a page to sign in where there is none."""
        if self.session is None:
            if self.request.method == "GET":
                self.redirect("/desk/login")
                raise Finish
            raise HTTPError(403)
        return self.session

    async def form(self) -> Session:
        """The session of a form that comes from a page of ours. 403 for any other."""
        session = await self.signed_in()
        if not is_csrf(self.get_body_argument("csrf", "")[:64], session.token) or not self.from_here():
            raise HTTPError(403)
        return session

    def from_here(self) -> bool:
        """Whether the browser says that a form was sent by a page of this host; old ones say nothing."""
        site = self.request.headers.get("Sec-Fetch-Site", "")
        if site and site not in ("same-origin", "none"):
            return False
        origin = self.request.headers.get("Origin", "")
        return not origin or origin == "null" or origin.partition("://")[2] == self.request.host

    async def note(self, what: str) -> None:
        """Write to the desk's own log: who did what, from where."""
        name = self.session.account.name if self.session else "-"
        now = self.ctx.clock().isoformat(timespec="seconds")
        await self.letters.box.log(LOG, f"{now} {name} {self.caller.address} {what}")

    def words(self, name: str, most: int = LONGEST_WORDS) -> str:
        """A field of a form, cut to what is stored of it."""
        return self.get_body_argument(name, "")[:most]

    def _tag(self) -> str:
        header = self.request.headers.get("Accept-Language", "")[:200]
        wanted = [part.partition(";")[0].strip() for part in header.split(",")[:10]]
        known = [_SPOKEN.get(each, "en" if each.startswith("en") else each) for each in wanted]
        return negotiate_locale(known, LOCALES, sep="-") or self.ctx.settings.locale


class Login(DeskHandler):
    """Signing in."""

    async def get(self) -> None:
        """The form. A cookie of its own keeps another site from signing somebody in unseen."""
        if self.session is not None:
            self.redirect("/desk/")
            return
        self._ask("")

    async def post(self) -> None:
        """Sign in, or say that it does not go."""
        before = self.get_cookie(f"{self.cookie}-form", "") or ""
        if (
            not TOKEN.fullmatch(before)
            or not is_csrf(self.get_body_argument("csrf", "")[:64], before)
            or not self.from_here()
        ):
            self.set_status(403)
            self._ask(self.t.gettext("页面已经过期，请再试一次。"))
            return
        name = self.get_body_argument("name", "")[:40]
        password = self.get_body_argument("password", "", strip=False)[:400]
        try:
            self.session = await self.of.sessions.sign_in(
                name, password, self.ctx.clock(), self.caller.address
            )
        except WrongPassword:
            # What was typed as a name may be a password: it is not written down.
            await self.note("sign-in refused")
            self.set_status(403)
            self._ask(self.t.gettext("用户名和密码不符。"))
            return
        await self.note("signed in")
        self.put_cookie(self.cookie, self.session.token)
        self.clear_cookie(f"{self.cookie}-form", path="/")
        self.redirect("/desk/", status=303)

    def _ask(self, said: str) -> None:
        token = new_token()
        self.put_cookie(f"{self.cookie}-form", token)
        self.show("login.html", said=said, form_token=csrf_of(token))


class Logout(DeskHandler):
    """Signing out."""

    async def post(self) -> None:
        """End the session."""
        session = await self.form()
        await self.of.sessions.sign_out(session.token)
        await self.note("signed out")
        self.clear_cookie(self.cookie, path="/")
        self.redirect("/desk/login", status=303)


class Password(DeskHandler):
    """Changing one's own password."""

    async def get(self) -> None:
        """The form."""
        await self.signed_in()
        self.show("password.html", said="")

    async def post(self) -> None:
        """Change it; every session of the account ends."""
        session = await self.form()
        old, new = (self.get_body_argument(each, "", strip=False) for each in ("old", "new"))
        try:
            again = await self.of.sessions.sign_in(
                session.account.name, old, self.ctx.clock(), self.caller.address
            )
        except WrongPassword:
            self.set_status(403)
            self.show("password.html", said=self.t.gettext("用户名和密码不符。"))
            return
        await self.of.sessions.sign_out(again.token)  # it was to see whether the password is right
        if passwords.weakness(new, session.account.name):
            self.set_status(400)
            self.show(
                "password.html",
                said=self.t.gettext("新密码至少%(count)d个字符，不要太简单，也不要含用户名。")
                % {"count": passwords.LEAST},
            )
            return
        await self.of.sessions.change(session.account, new)
        await self.note("password changed")
        self.redirect("/desk/login", status=303)


class Inbox(DeskHandler):
    """The list of letters."""

    async def get(self) -> None:
        """The letters that somebody may see, nearest deadline first."""
        session = await self.signed_in()
        view = self.get_query_argument("view", "todo")
        search = self.get_query_argument("q", "")[:SEARCH_CHARS].strip()
        page = _whole(self.get_query_argument("page", "1"))
        account = session.account
        asked = Query(
            unit=account.unit if account.role in OF_UNIT else self._unit(),
            open_only=view == "todo",
            overdue=view == "late",
            flagged=view == "review",
            filed_by=account.name if account.role is Role.WORKER else "",
            words=search,
            # Without words the list is of what somebody can remember; a search looks through everything.
            first=self.ctx.clock().date() - timedelta(days=LISTED_DAYS)
            if view == "all" and not search
            else None,
            by_due=view != "all",
            start=0,
            count=MOST_ROWS,
        )
        now = self.ctx.clock()
        rows = await self.letters.rows(asked, now)
        seen = [row for row in rows if rights.sees(account, row.letter)]
        shown = seen[(page - 1) * A_PAGE : page * A_PAGE]
        rules = self.letters.rules
        self.show(
            "inbox.html",
            lines=[pages.line(row, rules, self.t, now) for row in shown],
            total=len(seen),
            late=sum(row.overdue for row in seen),
            page=page,
            pages=max(1, -(-len(seen) // A_PAGE)),
            view=view,
            views=[(key, self.t.gettext(name)) for key, name in pages.VIEWS],
            q=search,
            units=[(each.id, label(each, self.t.tag)) for each in rules.units]
            if account.role is Role.ADMIN
            else [],
            chosen=self._unit(),
        )

    def _unit(self) -> str:
        unit = self.get_query_argument("unit", "")
        return unit if self.letters.rules.knows_unit(unit) else ""


class OneLetter(DeskHandler):
    """A letter: its words, clock and history, and what can be done with it."""

    async def get(self, number: str) -> None:
        """The page."""
        session = await self.signed_in()
        await self._page(await self._letter(session, number), session, "")

    async def post(self, number: str) -> None:
        """Do something with it."""
        session = await self.form()
        letter = await self._letter(session, number)
        try:
            event = self._event(session, letter)
        except (KeyError, ValueError):
            raise HTTPError(400) from None
        once = f"desk {session.account.name} {self.get_body_argument('once', '')[:40]}"
        said = ""
        try:
            if self.get_body_argument("version", "") != str(letter.version) and event.verb is not Verb.NOTE:
                raise Changed(f"letter {number}")
            if event.verb is Verb.DUPLICATE:
                await self._other(event.to)
            await self.letters.apply(number, event, unit=session.account.unit, once=once)
        except NotAllowed as error:
            said = self.t.gettext(SAID.get(error.why, SAID["value"]))
        except Changed:
            # A second press of the same form has done what was wanted.
            if await self.letters.written_once(once):
                self.redirect(f"/desk/letter/{number}", status=303)
                return
            said = self.t.gettext(SAID[CHANGED])
        if said:
            self.set_status(409)
            await self._page(await self._letter(session, number), session, said)
            return
        after = await self.letters.letter(number)
        # Who has handed a letter to another unit does not see it any more.
        seen = rights.sees(session.account, after)
        self.redirect(f"/desk/letter/{number}" if seen else "/desk/", status=303)

    async def _other(self, number: str) -> None:
        try:
            await self.letters.letter(number)
        except NotFound:
            raise NotAllowed("target", f"no letter {number}") from None

    async def _letter(self, session: Session, number: str) -> Letter:
        letter = await self.letters.letter(number)
        if not rights.sees(session.account, letter):
            raise NotFound(f"letter {number} is not for {session.account.name}")
        return letter

    def _event(self, session: Session, letter: Letter) -> Event:
        verb = Verb(self.get_body_argument("verb", ""))
        ask = rights.ASKS[verb]
        given = self.words("words").strip()
        rating = _whole(self.get_body_argument("rating", "0"), 0) if ask.rating else 0
        return Event(
            verb=verb,
            at=self.ctx.clock(),
            role=session.account.role,
            by=session.account.name,
            note=given if ask.words and not ask.inner else "",
            inner=given if ask.inner else "",
            unit=self.words("unit", 40) if ask.unit else "",
            to=self.words("number", 8) if ask.number else "",
            rating=rating,
            solved=Solved(self.words("solved", 10)) if ask.rating else Solved.UNSAID,
        )

    async def _page(self, letter: Letter, session: Session, said: str) -> None:
        now = self.ctx.clock()
        account = session.account
        verbs = self.letters.allowed(letter, account.role, now, account.unit)
        row: Row = self.letters.row(letter, now)
        rules = self.letters.rules
        self.show(
            "letter.html",
            sheet=pages.sheet(row, verbs, rules, self.t, now, account),
            units=[(each.id, label(each, self.t.tag)) for each in rules.units],
            unit_now=row.unit,
            once=secrets.token_hex(16),
            said=said,
        )


class New(DeskHandler):
    """Filing for somebody: a grid worker at the door, the office on the telephone."""

    async def get(self) -> None:
        """The form."""
        session = await self.signed_in()
        self._allowed(session)
        self._form({}, (), new_token())

    async def post(self) -> None:
        """File it; the receipt is shown once."""
        session = await self.form()
        self._allowed(session)
        token = self.words("token", 32)
        if not TOKEN.fullmatch(token):
            raise HTTPError(400)
        names = ("kind", "topic", "unit", "text", "name", "telephone", "reach", "consent")
        given = {name: self.words(name) for name in names}
        try:
            draft = Draft(
                # The form's own token, tied to who fills it in: nobody files, or sees, another one's.
                token=self.letters.keyed.token_for(f"desk {session.account.name}", token),
                channel=Channel.DESK,
                kind=Kind(given["kind"]) if given["kind"] else None,
                topic=given["topic"],
                unit=given["unit"],
                text=given["text"],
                name=given["name"],
                telephone=given["telephone"],
                reach=Reach(given["reach"] or Reach.TEXT) if given["telephone"] else Reach.NONE,
                consent=given["consent"] == "yes",
                locale=self.t.tag,
                filed_by=session.account.name,
            )
        except ValueError:
            raise HTTPError(400) from None
        now = self.ctx.clock()
        try:
            receipt = await self.letters.file(draft, now)
        except NotComplete as error:
            self.set_status(400)
            self._form(given, error.fields, token)
            return
        self.show(
            "receipt.html",
            receipt=receipt,
            due=words.due(receipt.answer, self.t, now),
            accept=words.due(receipt.accept, self.t, now),
            why=[words.say(each, self.t) for each in receipt.answer.trace],
        )

    def _allowed(self, session: Session) -> None:
        if session.account.role not in (Role.WORKER, Role.ADMIN):
            raise HTTPError(403)

    def _form(self, given: dict[str, str], wrong: tuple[str, ...], token: str) -> None:
        rules, t = self.letters.rules, self.t
        self.show(
            "new.html",
            given=given,
            wrong=[t.gettext(FIELDS.get(each, FIELDS["text"])) for each in wrong],
            token=token,
            kinds=[(row.id, words.kind(t, Kind(row.id))) for row in rules.kinds],
            topics=[(row.id, label(row, t.tag)) for row in rules.topics],
            units=[(row.id, label(row, t.tag)) for row in rules.units],
            reaches=[(each.value, words.reach(t, each)) for each in Reach],
            longest=rules.limits.longest_text,
        )


class Export(DeskHandler):
    """Letters for a spreadsheet, without names, telephone numbers and words."""

    async def get(self) -> None:
        """The letters of some days, for the office and heads of units."""
        session = await self.signed_in()
        account = session.account
        if account.role not in (Role.ADMIN, Role.HEAD):
            raise HTTPError(403)
        first, last = (_day(self.get_query_argument(name, "")) for name in ("first", "last"))
        asked = Query(unit=account.unit, first=first, last=last, by_due=False)
        now = self.ctx.clock()
        rows = [row for row in await self.letters.rows(asked, now) if rights.sees(account, row.letter)]
        await self.note(f"exported {len(rows[:MOST_ROWS])} letters")
        t, rules = self.t, self.letters.rules
        head = [t.gettext(each) for each in COLUMNS]
        lines = [pages.line(row, rules, t, now) for row in rows[:MOST_ROWS]]
        body = to_csv(
            head,
            (
                (each.number, each.kind, each.title, each.state, each.unit, each.filed, each.due, each.card)
                for each in lines
            ),
        )
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="letters.csv"')
        self.write(body)


COLUMNS = (
    N_("编号"),
    N_("类别"),
    N_("标题"),
    N_("状态"),
    N_("单位"),
    N_("收到"),
    N_("应答复"),
    N_("督办"),
)


class Waiting(DeskHandler):
    """What is not delivered yet, and who signed in: for the office."""

    async def get(self) -> None:
        """The outboxes, and the end of the desk's log."""
        session = await self.signed_in()
        if session.account.role is not Role.ADMIN:
            raise HTTPError(403)
        lanes = []
        for lane, name in LANE_NAMES.items():
            found = await self.letters.waiting(lane)
            lanes.append((self.t.gettext(name), len(found), found[:A_PAGE]))
        self.show("waiting.html", lanes=lanes, log=await self.letters.box.log_lines(LOG, 50))


LANE_NAMES = {CASE: N_("送办件系统"), NOTICE: N_("短信通知"), CARDS: N_("督办提醒")}


class Style(OfficeHandler):
    """The look of the desk."""

    def get(self) -> None:
        """One style sheet."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=3600")
        self.write(_STYLE)


def _may(account: Account) -> dict[str, bool]:
    return {
        "file": account.role in (Role.WORKER, Role.ADMIN),
        "export": account.role in (Role.ADMIN, Role.HEAD),
        "waiting": account.role is Role.ADMIN,
    }


def _within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    return any(asked in ip_network(network) for network in networks)


def _whole(written: str, least: int = 1) -> int:
    return max(least, int(written)) if written.isascii() and written.isdigit() and len(written) < 6 else least


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def routes(of: OfficeContext) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The routes of the desk for the server."""
    arguments = {"of": of}
    return [
        (r"/desk/?", Inbox, arguments),
        (r"/desk/login", Login, arguments),
        (r"/desk/logout", Logout, arguments),
        (r"/desk/password", Password, arguments),
        (r"/desk/letter/([0-9]{8})", OneLetter, arguments),
        (r"/desk/new", New, arguments),
        (r"/desk/letters\.csv", Export, arguments),
        (r"/desk/waiting", Waiting, arguments),
        (r"/desk/desk\.css", Style, arguments),
    ]
