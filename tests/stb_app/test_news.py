"""A household is told that there is news of its letters, and nobody is told of what."""

from __future__ import annotations

import dataclasses
import io

import pytest
import pytest_asyncio
from PIL import Image
from redis.asyncio import Redis
from tornado.httpclient import HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.testing import bind_unused_port
from tornado.web import Application

from portal import settings
from portal.http.base import Context
from portal.letters.errors import LettersAway
from portal.letters.model import Event, Kind, Role, Verb
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from portal.store import Mirror
from stb_app import news
from stb_app.letters import BOX_COOKIE
from tests.portal.letters.conftest import RULES, SECRET, at, draft

BOX, OTHER = "a" * 32, "b" * 32
NOW = at("2026-11-27 10:00")


@pytest_asyncio.fixture
async def letters(redis_client: Redis) -> Letters:
    return Letters(LetterBox(redis_client, "news"), RULES, SECRET, trusted=True)


async def say(letters, number, verb, **more) -> None:
    await letters.apply(number, Event(verb=verb, at=NOW, role=Role.ADMIN, **more))


async def test_news_is_what_the_city_says_until_it_was_looked_at(letters) -> None:
    number = (await letters.file(draft(box=BOX), NOW)).number
    assert await letters.household.news(BOX) == ()
    await say(letters, number, Verb.ACCEPT, unit="water")
    assert await letters.household.news(BOX) == (number,)
    assert await letters.household.news(OTHER) == ()
    await letters.household.saw(BOX)
    assert await letters.household.news(BOX) == ()
    await say(letters, number, Verb.NOTE, inner="只给同事看")
    assert await letters.household.news(BOX) == ()
    await say(letters, number, Verb.ANSWER, note="好了")
    assert await letters.household.news(BOX) == (number,)
    await letters.household.off_box(BOX, number)
    assert await letters.household.news(BOX) == ()


async def test_a_report_is_never_news_on_a_television(letters) -> None:
    report = draft(box=BOX, kind=Kind.REPORT, phrase="", text="有人收钱")
    number = (await letters.file(report, NOW)).number
    await say(letters, number, Verb.ANSWER, note="查实")
    assert await letters.household.news(BOX) == ()


@pytest_asyncio.fixture
async def ask(letters, redis_client):
    context = Context(
        Mirror(redis_client, "none"),
        dataclasses.replace(settings.load({})),
        lambda: NOW,
        None,
        letters=letters,
    )
    socket, port = bind_unused_port()
    server = HTTPServer(Application(news.routes(context), log_function=lambda _: None))
    server.add_sockets([socket])
    client = SimpleAsyncHTTPClient(force_instance=True)

    async def asked(cookie: str = ""):
        headers = {"Cookie": f"{BOX_COOKIE}={cookie}"} if cookie else {}
        return await client.fetch(HTTPRequest(f"http://127.0.0.1:{port}/tv/news.gif", headers=headers))

    yield asked
    client.close()
    server.stop()
    await server.close_all_connections()


@pytest.mark.parametrize("cookie", ["", OTHER, "x", "../", "a" * 31])
async def test_strangers_see_nothing(ask, letters, cookie) -> None:
    number = (await letters.file(draft(box=BOX), NOW)).number
    await say(letters, number, Verb.ANSWER, note="好了")
    answer = await ask(cookie)
    assert answer.body == news.NOTHING
    assert answer.headers["Cache-Control"] == "no-store"
    assert (await ask(BOX)).body == news.DOT


async def test_while_the_letter_box_is_away_there_is_no_news(ask, letters, monkeypatch) -> None:
    async def away(*_):
        raise LettersAway("gone")

    monkeypatch.setattr(letters.household, "news", away)
    assert (await ask(BOX)).body == news.NOTHING


def test_the_dot_is_seen_and_nothing_is_not() -> None:
    for body, seen in ((news.DOT, True), (news.NOTHING, False)):
        with Image.open(io.BytesIO(body)) as picture:
            shown = picture.convert("RGBA")
        alpha = shown.getchannel("A").getextrema()
        assert alpha == ((0, 255) if seen else (0, 0))
    assert len(news.DOT) < 400
