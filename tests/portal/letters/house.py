"""The office on a port of its own, and a browser without scripts that walks it."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode

import lxml.html
from redis.asyncio import Redis
from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.testing import bind_unused_port
from tornado.web import Application

from portal import settings
from portal.http.base import Context, NoSuchPage
from portal.letters import office as office_routes
from portal.letters.desk import passwords
from portal.letters.desk.accounts import Account, Accounts
from portal.letters.model import Role
from portal.letters.officefile import NO_OFFICE, Office
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from portal.store import Mirror

from .conftest import RULES, SECRET, ZONE

PASSWORD = "correct horse 9"

PEOPLE = (
    Account(name="anna", role=Role.ADMIN, telephone="13800000001"),
    Account(name="wang", role=Role.CLERK, unit="water", telephone="13800000002"),
    Account(name="wei", role=Role.HEAD, unit="water", mail="wei@city.example"),
    Account(name="rong", role=Role.CLERK, unit="roads"),
    Account(name="gao", role=Role.WORKER),
    Account(name="guo", role=Role.WORKER),
)


class House:
    """The office while it is open: its letters, its clock, and where it answers."""

    def __init__(self, letters: Letters, port: int) -> None:
        self.letters, self.port = letters, port
        self.now = datetime.now(ZONE)
        self.url = f"http://127.0.0.1:{port}"

    async def person(self, name: str) -> Browser:
        """Somebody who has signed in."""
        browser = Browser(self.url)
        await browser.sign_in(name, PASSWORD)
        return browser


class Browser:
    """Keeps cookies, follows nothing by itself, fills in forms."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.url, self.cookies = url, dict[str, str]()
        self.headers = dict(headers or {})
        self.answer: HTTPResponse | None = None
        self._client = SimpleAsyncHTTPClient(force_instance=True)

    @property
    def text(self) -> str:
        """The body of the last answer."""
        assert self.answer is not None
        return (self.answer.body or b"").decode()

    @property
    def page(self) -> Any:
        """The last answer as a document."""
        return lxml.html.document_fromstring(self.text)

    async def get(self, path: str, **headers: str) -> int:
        """Open a page; its status."""
        return await self._ask(path, "GET", None, headers)

    async def post(self, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None) -> int:
        """Send a form; the status."""
        return await self._ask(path, "POST", urlencode(form), dict(headers or {}))

    async def _ask(self, path: str, method: str, body: str | None, more: Mapping[str, str]) -> int:
        headers = {**self.headers, **more}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = HTTPRequest(
            self.url + path, method=method, body=body, headers=headers, follow_redirects=False
        )
        self.answer = await self._client.fetch(request, raise_error=False)
        for cookie in self.answer.headers.get_list("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return self.answer.code

    def csrf(self) -> str:
        """The token of the page's first form."""
        return str(self.page.xpath("//input[@name='csrf']/@value")[0])

    def fields(self, verb: str) -> dict[str, str]:
        """The hidden fields of the form of a verb on a letter's page."""
        (form,) = self.page.xpath(f"//form[.//input[@name='verb' and @value='{verb}']]")
        return {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}

    def verbs(self) -> list[str]:
        """What can be done with the letter of the page."""
        return [str(each) for each in self.page.xpath("//input[@name='verb']/@value")]

    async def sign_in(self, name: str, password: str) -> int:
        """Fill in the form; the status."""
        await self.get("/desk/login")
        return await self.post("/desk/login", {"name": name, "password": password, "csrf": self.csrf()})

    async def do(self, letter: str, verb: str, **more: str) -> int:
        """Do something with a letter as its page offers it."""
        await self.get(f"/desk/letter/{letter}")
        return await self.post(f"/desk/letter/{letter}", {**self.fields(verb), **more})


CHEAP = (2**4, 8, 1)
"""What hashing costs in tests that are about something else."""


@cache
def _hashed(_cost: tuple[int, int, int]) -> str:
    """What is stored of `PASSWORD`; made once for each cost, for it takes some tenths of a second on purpose."""
    return passwords.hashed(PASSWORD)


@asynccontextmanager
async def opened(
    client: Redis, office: Office = NO_OFFICE, port: int = 0, **settled: object
) -> AsyncIterator[House]:
    """The office with its people, over an empty letter box."""
    letters = Letters(LetterBox(client, "house"), RULES, SECRET, lanes=office.lanes)
    sockets = bind_sockets(port, "127.0.0.1") if port else [bind_unused_port()[0]]
    port = sockets[0].getsockname()[1]
    house = House(letters, port)
    context = Context(
        Mirror(client, "none"),
        dataclasses.replace(settings.load({}), **cast(Any, settled)),
        lambda: house.now,
        cast(Any, None),
        letters=letters,
    )
    accounts = Accounts(letters.box)
    for person in PEOPLE:
        await accounts.put(dataclasses.replace(person, password=_hashed(passwords.COST)))
    app = Application(
        office_routes.routes(context, letters, office),
        default_handler_class=NoSuchPage,
        default_handler_args={"context": context},
        log_function=lambda _: None,
    )
    server = HTTPServer(app)
    server.add_sockets(sockets)
    try:
        yield house
    finally:
        server.stop()
        await server.close_all_connections()
