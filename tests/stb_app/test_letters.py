"""Letters with a remote control, before a real browser; privacy, plain connections, and addresses that tell nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from portal.letters.model import Channel, Event, Kind, Role, State, Verb
from portal.letters.service import Letters
from portal.letters.states import state_of
from portal.letters.store import LetterBox
from portal.local_redis import LocalRedis
from remote_nav.keymap import KEY_MAPS, Action
from tests import sample
from tests.browser import NOW, chromium, serving, viewer
from tests.portal.letters.conftest import RULES, SECRET

TELEPHONE = "13912345678"


@pytest_asyncio.fixture
async def letters(letters_redis: LocalRedis) -> AsyncIterator[Letters]:
    """An empty letter box."""
    client = Redis.from_url(letters_redis.url)
    await client.flushall()
    yield Letters(LetterBox(client, sample.SITE_ID), RULES, SECRET)
    await client.aclose()


@pytest_asyncio.fixture
async def portal(redis_client: Redis, redis_server: LocalRedis, letters: Letters) -> AsyncIterator[str]:
    """The sample portal with letters, served; every page is proved."""
    await sample.publish(redis_client)
    async with serving(redis_server.url, sample.SITE_ID, letters=letters) as (base, _):
        yield base


class Set:
    """A television without script: follows links, keeps its cookie."""

    def __init__(self, base: str, profile: str = "ipanel-sd", cookies: bool = True) -> None:
        self.base = base
        self.client = AsyncHTTPClient(force_instance=True)
        self.home = f"/tv/{profile}/l"
        self.cookie = ""
        self.cookies = cookies
        self.at = ""
        self.text = ""
        self.seen: list[str] = []

    async def open(self, path: str) -> HTTPResponse:
        """A page, after its redirects."""
        for _ in range(6):
            headers = {"Cookie": self.cookie} if self.cookie and self.cookies else {}
            request = HTTPRequest(self.base + path, headers=headers, follow_redirects=False)
            answer = await self.client.fetch(request, raise_error=False)
            self.seen.append(path)
            if found := re.search(r"sgbox=[0-9a-f]{32}", answer.headers.get("Set-Cookie", "")):
                self.cookie = found[0]
            if answer.code not in (302, 303):
                break
            path = answer.headers["Location"]
        self.at, self.text = path, answer.body.decode()
        assert answer.headers["Cache-Control"] == "no-store"
        return answer

    async def press(self, name: str) -> None:
        """Open the link of that id."""
        found = re.search(rf'<a id="{name}" [^>]*href="([^"]+)"', self.text)
        assert found, f"no '{name}' on {self.at}: {self.words}"
        await self.open(found[1].replace("&amp;", "&"))

    async def type(self, digits: str) -> None:
        """Type with the keys on the screen."""
        for digit in digits:
            await self.press(f"k{digit}")

    @property
    def words(self) -> str:
        """What the page says."""
        plain = re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]+>", " ", self.text, flags=re.S)
        return " ".join(plain.split())

    async def write(self, kind: str = "complain", telephone: str = TELEPHONE) -> tuple[str, str]:
        """A letter with a ready phrase; number and code of its receipt."""
        await self.open(f"{self.home}/w/{kind}")
        await self.press("c1")
        await self.press("c1")
        await self.type(telephone)
        await self.press("onward")
        await self.press("send")
        found = re.search(r"(\d{4}) (\d{4})\D+?(\d{3}) (\d{3})", self.words)
        assert found, self.words
        return found[1] + found[2], found[3] + found[4]

    async def look_up(self, number: str, code: str) -> None:
        """Type number and code."""
        await self.open(f"{self.home}/q")
        await self.type(number)
        await self.press("onward")
        await self.type(code)
        await self.press("onward")


@pytest.mark.parametrize("profile", ["web-hd", "ipanel-sd"])
async def test_a_complaint_with_a_remote_control(portal: str, letters: Letters, profile: str) -> None:
    """From home by digits: at most 25 presses beyond the telephone number, in a real browser."""
    codes = {a.value: code for a in Action if (code := KEY_MAPS[profile].code(a)) is not None}
    async with chromium() as browser:
        tv = await viewer(browser, profile.rpartition("-")[2], codes)
        await tv.open(f"{portal}/tv/{profile}/")
        presses = 0
        for key in ("green", "1", "2", "1", "1", *TELEPHONE, "ok", "ok"):
            await tv.press(key)
            presses += 1
        assert presses - len(TELEPHONE) <= 25
        said = await tv.text()
        (number,) = await letters.box.numbers()
        assert f"{number[:4]} {number[4:]}" in said and "11月27日以前" in said
        letter = await letters.letter(number)
        assert (letter.channel, letter.telephone, letter.phrase) == (Channel.TV, TELEPHONE, "dry")
        # The household's television shows how it stands in two presses, without a word of it.
        await tv.open(f"{portal}/tv/{profile}/")
        await tv.press("green")
        said = await tv.text()
        assert number[:4] in said and "待审核" in said and "没有水" not in said


async def test_tiles_are_moved_among_with_four_keys(portal: str) -> None:
    """Where choices stand side by side, the legend says so; below one another it does not."""
    box = Set(portal)
    await box.open(f"{box.home}/w")
    assert "▲▼◀▶" in box.words
    await box.open(box.home)
    assert "▲▼◀▶" not in box.words and "▲▼" in box.words


async def test_addresses_tell_nothing(portal: str, letters: Letters) -> None:
    """No telephone number, code or letter's number stands in any address, one digit after another neither."""
    tv = Set(portal)
    number, code = await tv.write()
    await tv.look_up(number, code)
    assert "水务局" in tv.words
    walked = " ".join(tv.seen)
    assert not any(secret in walked for secret in (TELEPHONE, number, code, "dry", "没有水"))
    marks = [path.rpartition("/")[2] for path in tv.seen if "/tel/" in path]
    assert len(marks) == len(TELEPHONE) and all(re.fullmatch(r"[0-9a-f]{10}", mark) for mark in marks)
    # The same digit has another mark at another place.
    assert len(set(marks)) == len(marks)


async def test_a_key_that_is_pressed_again_counts_once(portal: str, letters: Letters) -> None:
    """A reload types nothing twice, and a page from further back counts from there."""
    tv = Set(portal)
    await tv.open(f"{tv.home}/w/complain")
    await tv.press("c1")
    await tv.press("c1")
    token = re.search(r"/d/([0-9a-f]{32})/", tv.at)[1]  # type: ignore[index]
    first = tv.text
    await tv.type("139")
    await tv.open(tv.seen[-2])
    assert (await letters.drafts.get(token)).telephone == "139"
    tv.text = first
    await tv.press("k5")
    assert (await letters.drafts.get(token)).telephone == "5"
    await tv.press("del")
    assert (await letters.drafts.get(token)).telephone == ""
    # A key of what is typed no longer types nothing, and shows what is.
    await tv.press("k8")
    stale = tv.seen[-4]
    assert re.search(r"/tel/[0-9a-f]{10}$", stale)
    await tv.open(stale)
    assert (await letters.drafts.get(token)).telephone == "8" and tv.at.endswith("/tel")


async def test_a_report_is_never_on_the_family_box(portal: str, letters: Letters) -> None:
    """Not its number either; nor does its check page offer it."""
    tv = Set(portal)
    number, code = await tv.write("report")
    await tv.open(tv.home)
    assert number[:4] not in tv.words
    letter = await letters.letter(number)
    assert not letter.box and not letter.consent and letter.kind is Kind.REPORT
    await tv.look_up(number, code)
    assert "举报" in tv.words


async def test_the_screen_clears(portal: str, letters: Letters) -> None:
    """After three minutes, by script and without; the address opens nothing then, nor after it was closed."""
    tv = Set(portal)
    number, code = await tv.write()
    await tv.look_up(number, code)
    assert f'content="180;url={tv.home}"' in tv.text and '"i":180000' in tv.text
    view = tv.at
    await tv.press("back")
    assert "没有水" not in tv.words
    await tv.open(view)
    assert tv.at.endswith("/l") and "没有水" not in tv.words


async def test_wrong_codes_lock_and_the_telephone_unlocks(portal: str) -> None:
    """Five; then the telephone number of the letter."""
    tv = Set(portal)
    number, code = await tv.write()
    wrong = "111111" if code != "111111" else "222222"
    await tv.look_up(number, wrong)
    for _ in range(4):
        await tv.press("again")
        await tv.type(wrong)
        await tv.press("onward")
    assert "锁上" in tv.words
    await tv.press("unlock")
    await tv.type(TELEPHONE)
    await tv.press("onward")
    await tv.type(code)
    await tv.press("onward")
    assert "水务局" in tv.words


async def test_answered_rated_doubted(portal: str, letters: Letters) -> None:
    """One digit for the grade, one whether it was solved, one for the reason; withdrawn only when sure."""
    tv = Set(portal)
    number, code = await tv.write()
    for verb in (Verb.ACCEPT, Verb.BEGIN, Verb.ANSWER):
        event = Event(verb=verb, at=NOW, role=Role.CLERK, note="已经修好")
        await letters.apply(number, event, unit="water")
    await tv.look_up(number, code)
    assert "已经修好" in tv.words
    await tv.press("rate")
    await tv.press("c2")
    await tv.press("c3")
    assert (await letters.letter(number)).events[-1].rating == 2
    await tv.press("doubt")
    await tv.press("c1")
    assert state_of(await letters.letter(number)) is State.REOPENED
    await tv.press("withdraw")
    assert state_of(await letters.letter(number)) is State.REOPENED
    await tv.press("yes")
    assert state_of(await letters.letter(number)) is State.WITHDRAWN


async def test_a_plain_connection_without_leave(
    redis_client: Redis, redis_server: LocalRedis, letters: Letters
) -> None:
    """No telephone and no code is asked for; a proxy that nobody named changes nothing, ours does."""
    await sample.publish(redis_client)
    strict = replace(RULES, privacy=replace(RULES.privacy, plain_may_ask=False))
    closed = Letters(letters.box, strict, SECRET)
    filed = await letters.drafts.begin(Channel.TV, NOW)
    filed = await letters.drafts.write(
        filed.token, kind=Kind.COMPLAIN, topic="water", phrase="dry", telephone=TELEPHONE
    )
    receipt = await letters.file(filed, NOW)
    _, view = await letters.lookups.open(receipt.number, receipt.code, NOW, address="")
    async with serving(redis_server.url, sample.SITE_ID, letters=closed) as (base, _):
        tv = Set(base)
        for path in ("/w", "/w/complain", f"/r/{filed.token}", f"/q/{'0' * 32}/code"):
            await tv.open(tv.home + path)
            assert "没有加密" in tv.words and receipt.code[:3] not in tv.words
        await tv.open(f"{tv.home}/v/{view}")
        assert "没有水" not in tv.words
        await tv.open(f"{tv.home}/q")
        await tv.type(receipt.number)
        await tv.press("onward")
        assert "待审核" in tv.words and "没有水" not in tv.words
        claimed = HTTPRequest(f"{base}{tv.home}/w", headers={"X-Forwarded-Proto": "https"})
        answer = await tv.client.fetch(claimed)
        assert "没有加密" in answer.body.decode()


async def test_away_and_full(redis_client: Redis, redis_server: LocalRedis, tmp_path: Path) -> None:
    """Without the letter box: a page that says so, with the hotline; nothing is promised."""
    await sample.publish(redis_client)
    server = LocalRedis(tmp_path, appendfsync="always")
    server.start()
    client = Redis.from_url(server.url)
    letters = Letters(LetterBox(client, sample.SITE_ID), RULES, SECRET)
    async with serving(redis_server.url, sample.SITE_ID, letters=letters) as (base, _):
        tv = Set(base)
        await tv.open(f"{tv.home}/w/complain")
        await tv.press("c1")
        await tv.press("c1")
        server.kill()
        answer = await tv.open(tv.at)
        assert answer.code == 503 and "12345" in tv.words and "Retry-After" not in tv.words
        server.start()
        answer = await tv.open(tv.at)
        assert answer.code == 200
    await client.aclose()
    server.stop()


async def test_addresses_of_other_sites_open_the_menu_alone(portal: str, letters: Letters) -> None:
    """A link on another site files nothing, whatever it knows."""
    draft = await letters.drafts.begin(Channel.TV, NOW)
    await letters.drafts.write(
        draft.token, kind=Kind.COMPLAIN, topic="water", phrase="dry", telephone=TELEPHONE
    )
    tv = Set(portal)
    for path, status in ((f"/d/{draft.token}/send", 409), ("/w/complain", 409), ("", 200)):
        request = HTTPRequest(f"{portal}{tv.home}{path}", headers={"Sec-Fetch-Site": "cross-site"})
        try:
            answer = await tv.client.fetch(request)
        except HTTPClientError as error:
            assert error.code == status
        else:
            assert answer.code == status
    assert await letters.box.numbers() == []


@pytest.mark.parametrize("path", ["/x", "/d/0", "/d/" + "0" * 32, "/v/" + "f" * 32 + "/rate/9/9", "/q/" + "0" * 32 + "/pin",
    "/o/0", "/o/1/zz", "/w/nothing", "/b/123", "/g/1", "/d/a/b/c/d/e"])  # fmt: skip
async def test_addresses_that_are_none(portal: str, path: str) -> None:
    """Each is a page that leads on."""
    tv = Set(portal)
    answer = await tv.open(tv.home + path)
    assert answer.code in (200, 404, 410) and 'href="/tv/' in tv.text


async def test_what_somebody_wrote_is_text(portal: str, letters: Letters) -> None:
    """Markup in a letter, an answer and a public letter is shown, not obeyed."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"
    draft = await letters.drafts.begin(Channel.WAP, NOW)
    draft = await letters.drafts.write(
        draft.token,
        kind=Kind.COMPLAIN,
        topic="water",
        text=evil,
        telephone=TELEPHONE,
        consent=True,
        name=evil,
    )
    receipt = await letters.file(draft, NOW)
    for verb in (Verb.ACCEPT, Verb.BEGIN, Verb.ANSWER):
        await letters.apply(
            receipt.number, Event(verb=verb, at=NOW, role=Role.CLERK, note=evil), unit="water"
        )
    await letters.apply(receipt.number, Event(verb=Verb.PUBLISH, at=NOW, role=Role.ADMIN))
    tv = Set(portal)
    await tv.look_up(receipt.number, receipt.code)
    pages = [tv.text]
    await tv.open(f"{tv.home}/o")
    pages.append(tv.text)
    (public,) = (await letters.publics.find()).letters
    await tv.press(public.id)
    pages.append(tv.text)
    for page in pages:
        assert "&lt;" in page and "<script>alert" not in page and "<img src=x" not in page
