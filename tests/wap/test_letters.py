"""Letters on phones: written over several decks, looked up, rated; in WML, XHTML and HTML; attacked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from portal.errors import NotFound
from portal.http.base import Context
from portal.http.caller import Caller
from portal.letters.model import Channel, Event, Kind, Role, Solved, State, Verb
from portal.letters.service import Letters
from portal.letters.states import state_of
from portal.letters.store import LetterBox
from portal.local_redis import LocalRedis
from tests import sample
from tests.browser import serving
from tests.portal.letters.conftest import RULES, SECRET
from tests.wap.conftest import NOW, PHONES, WAP_DTD, XHTML_DTD, Shown, context_over, invalid, shown
from wap.bridge import Bridge
from wap.edition import Edition
from wap.letters import LONGEST_FORM, LettersEdition, read_form
from wap.origins import Origins
from wap.protocol.exchange import WspRequest
from wap.wbxml import decode

CLEAR = Caller("198.51.100.7", secure=False)
TLS = Caller("198.51.100.7", secure=True)
EVIL = "<script>alert('x')</script>&amp;$(tel)]]>\"'%0d%0a{{7*7}}"
KINDS_OF_PHONE = ["nokia7110", "nokia3510i", "chinese", "nokia2730", "kaios", "w3m"]


@pytest_asyncio.fixture
async def letters(letters_redis: LocalRedis) -> AsyncIterator[Letters]:
    """An empty letter box of a city without a case system."""
    client = Redis.from_url(letters_redis.url)
    await client.flushall()
    yield Letters(LetterBox(client, sample.SITE_ID), RULES, SECRET)
    await client.aclose()


@pytest_asyncio.fixture
async def context_(redis_client: Redis, letters: Letters) -> Context:
    """The sample portal, with letters."""
    await sample.publish(redis_client)
    return replace(context_over(redis_client), letters=letters)


@dataclass
class Pocket:
    """Somebody with a phone: reads a page, fills its forms, presses its buttons."""

    context: Context
    phone: Mapping[str, str]
    caller: Caller = TLS
    page: Shown = field(init=False)
    seen: list[Shown] = field(default_factory=list)

    async def open(self, target: str, body: bytes | None = None) -> Shown:
        """Ask for an address, and follow where it leads."""
        edition = LettersEdition(self.context)
        for _ in range(4):
            answer = await edition.answer(target, self.phone, self.caller, body)
            assert dict(answer.headers)["Cache-Control"] == "no-store"
            if answer.status != 302:
                break
            target, body = dict(answer.headers)["Location"], None
        self.page = shown(target, answer)
        self.seen.append(self.page)
        return self.page

    async def follow(self, words: str) -> Shown:
        """Open the link with these words."""
        for link in self.page.root.xpath("//*[local-name()='a']"):
            if words in "".join(link.itertext()):
                return await self.open(str(link.get("href")))
        raise AssertionError(f"no link '{words}' on {self.page.words}")

    async def submit(self, button: str, *typed: str) -> Shown:
        """Type into the fields of the form with this button, in order, and press it."""
        for form in self.page.root.xpath("//*[local-name()='anchor'] | //*[local-name()='form']"):
            submits = form.xpath(".//*[local-name()='input'][@type='submit']/@value")
            if button not in "".join(map(str, submits)) + "".join(form.itertext()):
                continue
            posted: dict[str, str] = {}
            values = iter(typed)
            if form.tag.endswith("anchor"):
                action = form.xpath(".//*[local-name()='go']/@href")[0]
                for sent in form.xpath(".//*[local-name()='postfield']"):
                    variable = re.fullmatch(r"\$\((\w+)(?::noesc)?\)", sent.get("value"))
                    posted[sent.get("name")] = (
                        next(values) if variable else sent.get("value").replace("$$", "$")
                    )
            else:
                action = form.get("action")
                for each in form.xpath(
                    ".//*[local-name()='input'][not(@type='submit')] | .//*[local-name()='textarea']"
                ):
                    hidden = each.get("type") == "hidden"
                    posted[each.get("name")] = each.get("value") if hidden else next(values)
            return await self.open(str(action), urlencode(posted).encode())
        raise AssertionError(f"no form '{button}' on {self.page.words}")


async def written(who: Pocket, telephone: str = "13912345678", *pieces: str) -> tuple[str, str]:
    """A letter from the menu to its receipt: number and code."""
    await who.open("/wap/l")
    await who.follow("写信")
    await who.follow("投诉")
    await who.follow("供水")
    if pieces:
        await who.follow("自己写")
        for piece in pieces:
            await who.submit("存下", piece)
        await who.follow("写好了")
    else:
        await who.follow("没有水")
    await who.submit("下一步", telephone)
    page = await who.submit("交信")
    found = re.search(r"(\d{4}) (\d{4})\D+?(\d{3}) (\d{3})", page.words)
    assert found, page.words
    return found[1] + found[2], found[3] + found[4]


async def told(who: Pocket) -> str:
    """All the decks of the page."""
    words, deck = who.page.words, 1
    address = who.page.target.partition("?")[0]
    while f"{address}?p={deck + 1}" in who.page.text:
        deck += 1
        words += (await who.open(f"{address}?p={deck}")).words
    return words


@pytest.mark.parametrize("phone", KINDS_OF_PHONE)
async def test_a_letter_of_600_characters(
    context_: Context, letters: Letters, phone: str, tmp_path: Path
) -> None:
    """Written in three pieces, filed, looked up: nothing typed is lost, every page is valid for its phone."""
    who = Pocket(context_, PHONES[phone])
    pieces = [("三楼以上水压低，洗不了澡。" * 20)[:200], "其" * 200, EVIL.ljust(200, "完")]
    number, code = await written(who, "13912345678", *pieces)
    found = await letters.letter(number)
    assert found.text == "".join(pieces) and len(found.text) == 600
    assert (found.channel, found.telephone, found.unit) == (Channel.WAP, "13912345678", "water")
    await who.open("/wap/l/q")
    await who.submit("查询", number, code)
    said = await told(who)
    assert "完完" in said and "10月" not in said and "水务局" in said
    assert found.telephone not in said and code not in said
    if "xhtml" in who.page.headers["Content-Type"]:
        assert invalid(who.seen, XHTML_DTD, tmp_path) == ""
    assert not any("<script>alert" in page.text for page in who.seen)


def _dtd(page: Shown) -> Path | None:
    """The DTD of a WML page."""
    found = re.search(r"DTD WML (1\.[0-9])", page.text)
    return WAP_DTD / f"wml{found[1].replace('.', '')}.dtd" if found else None


@pytest.mark.parametrize("phone", ["nokia7110", "nokia3510i", "chinese"])
async def test_every_wml_page_is_valid(context_: Context, phone: str, tmp_path: Path) -> None:
    """By the DTD that it names; and `$` of what somebody wrote is no variable of the phone."""
    who = Pocket(context_, PHONES[phone])
    number, code = await written(who, "13912345678", EVIL)
    await who.open("/wap/l/q")
    await who.submit("查询", number, code)
    dtds = {path for page in who.seen if (path := _dtd(page)) is not None}
    assert len(dtds) == 1
    dtd = dtds.pop()
    assert dtd.exists(), sorted(WAP_DTD.iterdir())
    assert invalid(who.seen, dtd, tmp_path) == ""
    assert not any(re.search(r"(?<!\$)(\$\$)*\$\(tel\)", page.text) for page in who.seen)


async def test_a_page_that_is_sent_twice_adds_nothing(context_: Context, letters: Letters) -> None:
    """The phone's own reload, or a gateway that repeats; the letter itself is filed once too."""
    who = Pocket(context_, PHONES["w3m"])
    await who.open("/wap/l/w/complain")
    await who.follow("供水")
    await who.follow("自己写")
    form = who.page
    await who.submit("存下", "水压低")
    who.page = form
    await who.submit("存下", "水压低")
    await who.follow("写好了")
    await who.submit("下一步", "13912345678")
    check = who.page
    first = await who.submit("交信")
    who.page = check
    second = await who.submit("交信")
    assert first.words == second.words
    (number,) = await letters.box.numbers()
    assert (await letters.letter(number)).text == "水压低"


async def test_too_long_is_told_and_kept(context_: Context, letters: Letters) -> None:
    """A form that holds more than the page offers: nothing is cut in silence, and it is not filed."""
    who = Pocket(context_, PHONES["w3m"])
    await who.open("/wap/l/w/complain")
    token = re.search(r"/d/([0-9a-f]{32})", who.page.target)[1]  # type: ignore[index]
    await who.follow("供水")
    await who.follow("自己写")
    await who.submit("存下", "长" * 700)
    assert "多了100字" in who.page.words
    await who.open(f"/wap/l/d/{token}/send", b"")
    assert await letters.box.numbers() == []
    await who.open(f"/wap/l/d/{token}/text")
    await who.submit("全部重写")
    await who.submit("存下", "短")
    await who.follow("写好了")


async def test_rated_doubted_once(context_: Context, letters: Letters) -> None:
    """After the answer: one digit, whether it was solved, one doubt with a ready reason."""
    who = Pocket(context_, PHONES["nokia3510i"])
    number, code = await written(who)
    for verb, role, note in (
        (Verb.ACCEPT, Role.CLERK, ""),
        (Verb.BEGIN, Role.CLERK, ""),
        (Verb.ANSWER, Role.CLERK, "修好了"),
    ):
        await letters.apply(number, Event(verb=verb, at=NOW, role=role, note=note), unit="water")
    await who.open("/wap/l/q")
    await who.submit("查询", number, code)
    assert "修好了" in who.page.words
    letter = who.page.target
    await who.follow("评价")
    assert who.page.keys()["2"].endswith("/rate/2")
    await who.open(who.page.keys()["2"])
    await who.submit("没有解决")
    found = await letters.letter(number)
    assert (found.events[-1].rating, found.events[-1].solved) == (2, Solved.NO)
    await who.open(f"{letter}/doubt")
    await who.submit("答非所问")
    assert state_of(await letters.letter(number)) is State.REOPENED
    again = await who.open(f"{letter}/doubt", b"r=1")
    assert state_of(await letters.letter(number)) is State.REOPENED and again.status in (200, 409)


async def test_reading_does_nothing(context_: Context, letters: Letters) -> None:
    """No address that is only looked at changes a letter: a gateway that fetches ahead does no harm."""
    who = Pocket(context_, PHONES["w3m"])
    number, code = await written(who)
    await who.open("/wap/l/q")
    await who.submit("查询", number, code)
    letter = who.page.target
    before = await letters.letter(number)
    for act in ("rate", "rate/5", "doubt", "supply", "urge", "withdraw"):
        await who.open(f"{letter}/{act}")
    assert await letters.letter(number) == before
    assert not re.search(rf"{code}|13912345678", "".join(page.target for page in who.seen))


async def test_a_plain_connection_is_asked_for_nothing(context_: Context, letters: Letters) -> None:
    """Unless the city allows it knowingly: no telephone, no code; the state alone by the number."""
    who = Pocket(context_, PHONES["nokia7110"])
    number, code = await written(who)
    _, view = await letters.lookups.open(number, code, NOW, address="")
    strict = replace(RULES, privacy=replace(RULES.privacy, plain_may_ask=False))
    closed = Letters(letters.box, strict, SECRET)
    plain = Pocket(replace(context_, letters=closed), PHONES["nokia7110"], CLEAR)
    for address in ("/wap/l/w", "/wap/l/w/complain", f"/wap/l/v/{view}", "/wap/l/u", "/wap/l/j"):
        page = await plain.open(address)
        assert "没有加密" in page.words and "没有水" not in page.words, address
    await plain.open("/wap/l/q")
    assert "密码" not in plain.page.words
    await plain.submit("查询", number)
    assert "待审核" in plain.page.words and "没有水" not in plain.page.words
    secure = Pocket(replace(context_, letters=closed), PHONES["w3m"], TLS)
    assert "投诉" in (await secure.open("/wap/l/w")).words


async def test_codes_are_not_to_be_guessed(context_: Context) -> None:
    """Five wrong ones lock, with the way to unlock it by the telephone number."""
    who = Pocket(context_, PHONES["w3m"])
    number, code = await written(who)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        await who.open("/wap/l/q")
        await who.submit("查询", number, wrong)
    assert "锁上" in who.page.words
    await who.submit("查询", number, code)
    assert "锁上" in who.page.words
    await who.follow("用电话解锁")
    await who.submit("解锁", number, "13900000000")
    await who.submit("解锁", number, "139-1234-5678")
    await who.submit("查询", number, code)
    assert "没有水" in who.page.words


async def test_going_on_with_a_televisions_draft(context_: Context, letters: Letters) -> None:
    """Looking at the scanned address uses no code up; sending it does, once."""
    tv = await letters.drafts.begin(Channel.TV, NOW)
    await letters.drafts.write(tv.token, kind=Kind.COMPLAIN, topic="water")
    code = (await letters.drafts.pair(tv.token, NOW)).code
    who = Pocket(context_, PHONES["w3m"])
    for _ in range(2):
        await who.open(f"/wap/l/j/{code}")
        assert code in who.page.text
    await who.submit("接着写", code)
    await who.submit("存下", "水压低")
    assert (await letters.drafts.get(tv.token)).text == "水压低"
    other = Pocket(context_, PHONES["w3m"])
    await other.open("/wap/l/j")
    await other.submit("接着写", code)
    assert other.page.status == 403


@pytest.mark.parametrize(
    "address",
    [
        "/wap/l/x", "/wap/l/d/0", f"/wap/l/d/{'0' * 32}", f"/wap/l/v/{'0' * 32}/rate/9", "/wap/l/w/../../x",
        f"/wap/l/r/{'f' * 32}", "/wap/l/o/i/zzz", "/wap/l/o/99999", "/wap/l/d/a/b/c/d/e/f", "/wap/l/w/%00", "/wap/l/q?p=99",
    ],
)  # fmt: skip
async def test_addresses_that_are_none(context_: Context, address: str) -> None:
    """Each is a page, and no failure."""
    who = Pocket(context_, PHONES["nokia7110"])
    page = await who.open(address)
    assert page.status in (200, 404, 410) and page.words.strip()


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"t=%E6%B0%B4", {"t": "水"}),
        (b"t=%CB%AE", {"t": "水"}),
        (b"", {}),
        (b"a=1&a=2", {"a": "2"}),
        (b"\xff\xfe\x00=1", None),
        (b"t=" + b"a" * 90_000, {"t": "a" * (LONGEST_FORM - 2)}),
        (b"t=" + b"%E6%B0%B4" * 9_000, {"t": "水" * ((LONGEST_FORM - 2) // 9)}),
        (b"t=" + b"%CB%AE" * 20_000, {"t": "水" * ((LONGEST_FORM - 2) // 6)}),
        (b"t=" + "水".encode() * 30_000, {"t": "水" * ((LONGEST_FORM - 2) // 3)}),
        (b"&".join(b"a%d=1" % n for n in range(50)), None),
    ],
)
def test_forms_as_phones_send_them(body: bytes, read: dict[str, str] | None) -> None:
    """In UTF-8 or in the country's own characters; of what is too long the begin; what is senseless is refused."""
    if read is None:
        try:
            assert len(read_form(body)) <= 20
        except NotFound:
            return
    else:
        assert read_form(body) == read


async def test_forms_of_other_sites_are_refused(
    redis_client: Redis, redis_server: LocalRedis, letters: Letters
) -> None:
    """Cross-site forms do nothing; an address is no more than the token in it allows."""
    await sample.publish(redis_client)
    draft = await letters.drafts.begin(Channel.WAP, NOW)
    await letters.drafts.write(
        draft.token, kind=Kind.COMPLAIN, topic="water", phrase="dry", telephone="13912345678"
    )
    async with serving(redis_server.url, sample.SITE_ID, letters=letters) as (base, _):
        client = AsyncHTTPClient(force_instance=True)
        for headers in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "null"},
        ):
            with pytest.raises(HTTPClientError) as refused:
                await client.fetch(
                    HTTPRequest(f"{base}/wap/l/d/{draft.token}/send", "POST", headers, body="")
                )
            assert refused.value.code == 403
        assert await letters.box.numbers() == []
        own = HTTPRequest(f"{base}/wap/l/d/{draft.token}/send", "POST", {"Origin": base}, body="")
        answer = await client.fetch(own)
        assert answer.code == 200 and len(await letters.box.numbers()) == 1
        assert answer.headers["Cache-Control"] == "no-store"
        client.close()


async def test_through_the_gateway(context_: Context, letters: Letters) -> None:
    """A phone of 1999 over WSP: forms are posted, each step is answered at once, every deck fits it."""
    asked = tuple(PHONES["nokia7110"].items())
    bridge = Bridge(context_, Edition(context_), Origins())

    async def send(path: str, form: dict[str, str] | None = None) -> str:
        method, body = ("GET", b"") if form is None else ("POST", urlencode(form).encode())
        reply = await bridge.fetch(
            WspRequest(method, f"http://wap.city.example{path}", asked, body, host="10.0.0.9")
        )
        assert reply.status == 200 and len(reply.body) <= 1_300
        assert ("Cache-Control", "no-store") in reply.headers and reply.fresh_s == 0
        return decode(reply.body)

    page = await send("/wap/l/w/complain")
    token = re.search(r"/d/([0-9a-f]{32})", page)[1]  # type: ignore[index]
    await send(f"/wap/l/d/{token}/topic/1")
    page = await send(f"/wap/l/d/{token}/text", {"t2": "水压低"})
    assert "水压低" in page
    await send(f"/wap/l/d/{token}/tel", {"n4": "13912345678"})
    page = await send(f"/wap/l/d/{token}/send", {})
    number = re.search(r"(\d{4}) (\d{4})", page)
    assert number
    letter = await letters.letter(number[1] + number[2])
    assert (letter.text, letter.telephone) == ("水压低", "13912345678")
