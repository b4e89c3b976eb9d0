"""On the go, sheets and cases on phones: one deck for a stranger, digits for everything, nothing stale."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from portal.cases import CaseDesk, OriginAway
from portal.http.base import Context
from portal.model import Case
from portal.sheet.codes import Codes
from portal.store import Keys
from portal.travel import now
from portal.travel.model import Said, Travel
from tests import guide_sample, sample
from tests.wap.conftest import CITY, PHONES, WAP_DTD, XHTML_DTD, Shown, ask, context_over, invalid
from wap.edition import Edition
from wap.guide import ROOM

FULL = {"User-Agent": "Nokia7110/1.0 (04.84)", "Accept": "application/vnd.wap.wmlc"}
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CITY)


@pytest_asyncio.fixture
async def guided(redis_client: Redis) -> AsyncIterator[Context]:
    """The sample portal with its guide, on a Monday morning."""
    await guide_sample.publish(redis_client)
    yield replace(context_over(redis_client), clock=lambda: MONDAY)


def decoded(octets: bytes, tmp_path: Path) -> str:
    """A compiled deck as libwbxml reads it."""
    tool = shutil.which("wbxml2xml")
    assert tool, "wbxml2xml is missing: scripts/setup test installs it"
    file = tmp_path / "deck.wmlc"
    file.write_bytes(octets)
    done = subprocess.run([tool, "-o", "-", str(file)], capture_output=True, check=True, timeout=20)
    return done.stdout.decode()


@pytest.mark.parametrize("target", ["/wap/g", "/wap/c/888", "/wap/n?q=888", "/wap/en/g"])
async def test_one_deck_for_a_stranger(guided: Context, target: str, tmp_path: Path) -> None:
    """At most 1,300 octets compiled; by one number; Chinese and English in it, whatever one reads."""
    answer = await Edition(guided).answer(target, FULL)
    assert answer.status == 200 and len(answer.body) <= ROOM == 1_300
    words = decoded(answer.body, tmp_path)
    for said in ("110 报警 Police", "119 火警 Fire", "120 急救 Ambulance", "122", "12345 政府热线 City hotline", "12367",
                 "24小时内登记", "within 24h", "东站", "East Stn", "机场", "Airport", "末班", "Last bus", "00:30", "药房 Pharmacy",
                 "医院 Hospital(English)", "0999-5550049", "今天 Today", "City hall 开open-17:00", "Checked 2026-11-20"):  # fmt: skip
        assert said in words, said
    assert "国庆" not in words
    headers = dict(answer.headers)
    assert headers["Cache-Control"] == "private, max-age=60"


async def test_a_long_winded_city_gets_one_deck_too(redis_client: Redis) -> None:
    """What is needed least goes; the emergency numbers never."""
    travel = guide_sample.facts()
    long = Said("很长的名字" * 20, "a long name " * 12)
    wordy = Travel(
        lines=travel.lines,
        ways=tuple(replace(way, short=long) for way in travel.ways * 3),
        places=tuple(replace(place, brief=long) for place in travel.places * 3),
        advice=travel.advice,
    )
    await guide_sample.publish(redis_client, wordy)
    answer = await Edition(context_over(redis_client)).answer("/wap/g", FULL)
    assert len(answer.body) <= ROOM
    for number in ("110", "119", "120", "122"):
        assert number.encode() in answer.body


async def test_facts_vanish_with_their_last_day(redis_client: Redis) -> None:
    """Nobody has to publish anything for it."""
    travel = guide_sample.facts()
    short = replace(travel, lines=tuple(replace(line, until="2026-11-23") for line in travel.lines))
    await guide_sample.publish(redis_client, short)
    clock = [MONDAY]
    context = replace(context_over(redis_client), clock=lambda: clock[0])
    edition = Edition(context)
    assert b"110" in (await edition.answer("/wap/g", FULL)).body
    clock[0] = MONDAY.replace(day=24)
    assert b"110" not in (await edition.answer("/wap/g", FULL)).body
    assert "110" not in (await ask(context, PHONES["w3m"], "/wap/g/more")).words.replace("110 119 120", "")


@pytest.mark.parametrize("phone", ["unknown", "nokia2730", "w3m"])
async def test_every_topic_on_every_kind_of_phone(guided: Context, phone: str, tmp_path: Path) -> None:
    """Valid markup, access keys, a source and a day on each."""
    headers, pages = PHONES[phone], list[Shown]()
    menu = await ask(guided, headers, "/wap/g/more")
    pages.append(menu)
    addresses = [f"/wap/g/{key}" for key, _, _ in now.TOPICS]
    assert [link for link in menu.links() if link in addresses] == addresses
    for address in [*addresses, "/wap/g/at-hall", "/wap/p/matter01", "/wap/k", "/wap/p", "/wap/i/case0001"]:
        shown = await ask(guided, headers, address)
        assert shown.status == 200, address
        pages.append(shown)
    if phone == "unknown":
        assert not invalid(pages, WAP_DTD / "wml11.dtd", tmp_path)
    else:
        assert menu.keys()["1"] == "/wap/g/lines" and menu.keys()["3"] == "/wap/g/show"
    if phone == "nokia2730":
        assert not invalid(pages, XHTML_DTD, tmp_path)
    if phone == "w3m":
        for shown in pages[1:9]:
            if "/show" not in shown.target and "/closed" not in shown.target:
                assert "核对" in shown.words, shown.target
        closed = next(page for page in pages if page.target.endswith("/closed"))
        assert "槐安街" in closed.words and "/wap/i/closed01" in closed.links()


async def test_an_address_for_a_driver(guided: Context) -> None:
    """Chinese, pinyin, English, in every language of the edition."""
    for base in ("/wap", "/wap/en"):
        shown = await ask(guided, PHONES["w3m"], f"{base}/g/at-visa")
        for said in ("师傅，请送我到", "青澜市长风路68号", "cháng fēng lù 68 hào", "68 Changfeng Road"):
            assert said in shown.words
    assert (await ask(guided, PHONES["w3m"], "/wap/g/at-nowhere")).status == 404
    assert (await ask(guided, PHONES["w3m"], "/wap/g/nonsense")).status == 404


async def test_a_sheet_as_text(guided: Context, redis_client: Redis) -> None:
    """Boxes first; by its item, and by the code that a television shows."""
    sheet = await ask(guided, PHONES["unknown"], "/wap/p/matter01")
    assert "[ ] 居民身份证原件" in sheet.words and sheet.words.index("[ ]") < sheet.words.index("到哪里办")
    assert "/wap/p/matter01" in (await ask(guided, PHONES["w3m"], "/wap/i/matter01")).links()
    codes = Codes(redis_client, sample.SITE_ID, lambda most: 123456)
    code = await codes.give("matter01", "zh-Hans")
    answer = await Edition(guided).answer(f"/wap/p?c={code[:3]}%20{code[3:]}", FULL, phone="10.0.0.7")
    assert answer.status == 200 and "居民身份证原件".encode() in answer.body
    assert dict(answer.headers)["Cache-Control"] != ""
    for wrong in ("999999", "abc", "1" * 400, "%00%ff"):
        answer = await Edition(guided).answer(f"/wap/p?c={wrong}", FULL, phone="10.0.0.7")
        assert answer.status == 200 and "再输一次".encode() in answer.body
    assert (await ask(guided, PHONES["w3m"], "/wap/p/news001")).status == 404


class Origin:
    """Knows one case, or is away."""

    away = False

    async def __call__(self, number: str, code: str) -> Case | None:
        if self.away:
            raise OriginAway("x")
        found = Case(id="c", url="u", title="取水许可", state="审查", applicant="王**", case_no="QL20261234")
        return found if (number, code) == ("20261234", "123456") else None


async def test_where_is_my_case(guided: Context, redis_client: Redis) -> None:
    """Digits alone: the number, then the code; nobody on the way keeps the answer."""
    origin = Origin()
    context = replace(guided, cases=CaseDesk(redis_client, Keys(sample.SITE_ID), origin, 6))
    edition = Edition(context)

    async def get(target: str) -> tuple[str, str]:
        answer = await edition.answer(target, PHONES["w3m"], phone="10.0.0.5")
        assert answer.status == 200
        return answer.body.decode(), dict(answer.headers)["Cache-Control"]

    assert 'name="n"' in (await get("/wap/c/482"))[0]
    asked, _ = await get("/wap/k?n=QL2026-1234")
    assert 'action="/wap/k/20261234"' in asked and 'name="k"' in asked
    shown, cache = await get("/wap/k/20261234?k=123456")
    assert "取水许可" in shown and "审查" in shown and "王**" in shown and cache == "no-store"
    assert "对不上" in (await get("/wap/k/20261234?k=654321"))[0]
    assert "至少" in (await get("/wap/k?n=12"))[0]
    origin.away = True
    assert "没有应答" in (await get("/wap/k/20261234?k=123456"))[0]
    for bad in ("n=%00", "n=" + "9" * 5_000, "n=1234&k=" + "x" * 500, "n=%ff%fe"):
        await get(f"/wap/k?{bad}")


async def test_where_a_unit_is(guided: Context) -> None:
    """A sentence for all, a plan for screens on which it can be read."""
    small = await ask(guided, PHONES["nokia7110"], "/wap/i/unit01")
    assert "约 350 米" in small.words and "/map/" not in small.text
    large = await ask(guided, PHONES["nokia2730"], "/wap/i/unit01")
    assert "/map/wap/unit01/" in large.text


async def test_a_city_without_facts(redis_client: Redis) -> None:
    """There is no guide, and that is said."""
    await sample.publish(redis_client)
    context = context_over(redis_client)
    for address in ("/wap/g", "/wap/g/lines"):
        assert (await ask(context, PHONES["w3m"], address)).status == 404
