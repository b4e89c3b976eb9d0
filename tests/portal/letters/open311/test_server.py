"""Our own GeoReport server: what each key may do, and what strangers never read."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import quote

import pytest
import pytest_asyncio
from lxml import etree

from portal.letters.model import Event, Kind, Role, State, Verb
from portal.letters.open311.keys import Keys, WrongKey
from portal.letters.states import state_of

from ..conftest import TELEPHONE, draft
from ..house import Browser, opened

BASE = "/open311/v2"
LETTER = {
    "service_code": "complain.water",
    "description": "三天没有水",
    "phone": TELEPHONE,
    "last_name": "张",
    "first_name": "三",
}


class City:
    """The office, and a caller for each right."""

    def __init__(self, house, callers) -> None:
        self.house = house
        self.stranger, self.filer, self.reader, self.updater = callers
        self.letters = house.letters

    async def state(self, number) -> State:
        return state_of(await self.letters.letter(number))


@pytest_asyncio.fixture
async def city(client):
    async with opened(client) as house:
        keys = Keys(house.letters.box)
        made = [await keys.make(right, (right,), house.now) for right in ("file", "read", "update")]
        callers = [Browser(house.url), *(Browser(house.url, {"X-API-Key": key}) for key in made)]
        yield City(house, callers)


def body(browser):
    return json.loads(browser.text)


async def filed(city, **more) -> str:
    assert await city.filer.post(f"{BASE}/requests.json", {**LETTER, **more}) == 200
    return body(city.filer)[0]["service_request_id"]


async def test_services_in_both_forms(city) -> None:
    assert await city.stranger.get(f"{BASE}/services.json") == 200
    codes = {each["service_code"] for each in body(city.stranger)}
    assert {"complain", "complain.water", "report"} <= codes
    assert await city.stranger.get(f"{BASE}/services.xml") == 200
    root = etree.fromstring(city.stranger.answer.body)
    assert {each.text for each in root.iter("service_code")} == codes
    assert await city.stranger.get(f"{BASE}/services", Accept="application/json") == 200
    assert {each["service_code"] for each in body(city.stranger)} == codes
    assert await city.stranger.get(f"{BASE}/services/complain.json") == 404


async def test_a_letter_is_filed_once_by_its_key_or_its_words(city) -> None:
    number = await filed(city)
    assert await filed(city) == number
    letter = await city.letters.letter(number)
    assert (letter.kind, letter.topic, letter.unit, letter.name) == (Kind.COMPLAIN, "water", "water", "张三")
    city.house.now = city.house.now.replace(year=city.house.now.year + 1)
    keyed = {"Idempotency-Key": "abc"}
    for _ in range(2):
        await city.filer.post(f"{BASE}/requests.json", {**LETTER, "phone": "13800000000"}, keyed)
    assert len(await city.letters.box.numbers("filed")) == 2
    notice = body(city.filer)[0]["service_notice"]
    assert body(city.filer)[0]["service_request_id"] in notice


async def test_the_code_in_the_notice_opens_the_letter(city) -> None:
    await city.filer.post(f"{BASE}/requests.json", LETTER)
    answer = body(city.filer)[0]
    code = answer["service_notice"].partition("查询码")[2][:6]
    number = answer["service_request_id"]
    assert (await city.letters.lookups.with_code(number, code, city.house.now, address="")).number == number


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"service_code": "praise"}, 404),
        ({"service_code": "complain.nothing"}, 404),
        ({"description": "  "}, 400),
        ({"phone": "12"}, 400),
        ({"description": "长" * 700}, 400),
        ({"attribute[unit]": "nowhere"}, 400),
    ],
)
async def test_what_cannot_be_filed_says_why(city, more, status) -> None:
    assert await city.filer.post(f"{BASE}/requests.json", {**LETTER, **more}) == status
    (fault,) = body(city.filer)
    assert fault["code"] == str(status) and fault["description"]
    assert not await city.letters.box.numbers("filed")


async def test_a_missing_field_and_too_many_letters_are_named(city) -> None:
    form = {name: value for name, value in LETTER.items() if name != "service_code"}
    assert await city.filer.post(f"{BASE}/requests.json", form) == 400
    assert "service_code" in body(city.filer)[0]["description"]
    for at in range(2):
        await city.filer.post(f"{BASE}/requests.json", {**LETTER, "description": f"三天没有水{at}"})
    assert city.filer.answer.code == 429


async def test_each_key_may_do_its_own(city) -> None:
    number = await filed(city)
    update = {"update_id": "1", "service_request_id": number, "status": "closed", "description": "好了"}
    for caller in (city.stranger, city.reader, city.updater):
        assert await caller.post(f"{BASE}/requests.json", LETTER) == 403
    for caller in (city.stranger, city.filer, city.reader):
        assert await caller.post(f"{BASE}/servicerequestupdates.json", update) == 403
    for caller in (city.stranger, city.filer, city.updater):
        assert await caller.get(f"{BASE}/servicerequestupdates.json") == 403
        assert await caller.get(f"{BASE}/requests/{number}.json") == 404
        await caller.get(f"{BASE}/requests.json")
        assert number not in caller.text and "没有水" not in caller.text
    assert await city.reader.get(f"{BASE}/requests/{number}.json") == 200
    assert body(city.reader)[0]["description"].endswith("三天没有水")
    assert await city.state(number) is State.SUBMITTED


async def test_private_letters_are_nobodys_but_the_case_systems(city) -> None:
    """Neither by number, nor by search, nor by the name of another letter; a public one is masked."""
    now = city.house.now
    secret = await filed(city, service_code="report", description="有人收钱办证")
    shown = await city.letters.file(
        draft(
            "5" * 32,
            phrase="",
            text="我叫张三丰,电话13912345678,没有水",
            telephone="13700000001",
            consent=True,
        ),
        now,
    )
    for verb in (Verb.ANSWER, Verb.PUBLISH):
        event = Event(verb=verb, at=now, role=Role.ADMIN, note="已修好" if verb is Verb.ANSWER else "")
        await city.letters.apply(shown.number, event)
    await city.letters.apply(secret, Event(verb=Verb.ANSWER, at=now, role=Role.ADMIN, note="查实"))
    for query in (
        "",
        f"?service_request_id={secret},{shown.number}",
        "?status=closed",
        "?start_date=2020-01-01T00:00:00Z",
    ):
        assert await city.stranger.get(f"{BASE}/requests.json{query}") == 200
        for word in (secret, shown.number, "收钱", "查实", "三丰", "13912345678", "13700000001"):
            assert word not in city.stranger.text
    await city.stranger.get(f"{BASE}/requests.json")
    (public,) = body(city.stranger)
    assert "没有水" in public["description"] and public["status_notes"] == "已修好"
    assert await city.stranger.get(f"{BASE}/requests/{public['service_request_id']}.xml") == 200


async def test_a_case_system_pushes_its_news_once(city) -> None:
    number = await filed(city)
    for at, (status, said, state) in enumerate(
        (("in_progress", "", State.HANDLING), ("closed", "换了水泵", State.REPLIED))
    ):
        form = {"update_id": str(at), "service_request_id": number, "status": status, "description": said}
        for _ in range(3):
            assert await city.updater.post(f"{BASE}/servicerequestupdates.json", form) == 200
        assert await city.state(number) is state
    letter = await city.letters.letter(number)
    assert [event.verb for event in letter.events].count(Verb.ANSWER) == 1
    form = {"update_id": "9", "service_request_id": "99999999", "status": "closed"}
    assert await city.updater.post(f"{BASE}/servicerequestupdates.json", form) == 404
    since = quote(city.house.now.replace(hour=0, minute=0).isoformat())
    assert await city.reader.get(f"{BASE}/servicerequestupdates.json?start_date={since}") == 200
    events = [each["extended_attributes"]["event"] for each in body(city.reader)]
    assert events == [event.verb for event in letter.events]


async def test_a_list_is_of_the_days_that_were_asked_for(city) -> None:
    number = await filed(city)
    today = city.house.now
    for start, end, found in (
        (today.replace(year=today.year - 1), today.replace(year=today.year - 1, hour=0), False),
        (datetime(2020, 1, 1, tzinfo=today.tzinfo), today.replace(year=today.year + 1), True),
    ):
        query = f"?start_date={quote(start.isoformat())}&end_date={quote(end.isoformat())}"
        await city.reader.get(f"{BASE}/requests.json{query}")
        assert (number in city.reader.text) is found
    assert await city.reader.get(f"{BASE}/requests.json?start_date=yesterday") == 400
    assert await city.reader.get(f"{BASE}/requests.json?status=closed") == 200
    assert body(city.reader) == []


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_markup_in_a_letter_stays_text(city, form) -> None:
    evil = "<script>alert(1)</script>]]>&xxe;\x00\x1b"
    number = await filed(city, description=evil)
    await city.reader.get(f"{BASE}/requests/{number}.{form}")
    assert "<script" not in city.reader.text
    assert city.reader.answer.headers["X-Content-Type-Options"] == "nosniff"
    if form == "xml":
        assert "<script>alert(1)</script>]]>&xxe;" in etree.fromstring(city.reader.answer.body).findtext(
            ".//description"
        )


async def test_a_key_never_goes_where_others_read_it(city, client) -> None:
    key = city.reader.headers["X-API-Key"]
    assert await city.stranger.get(f"{BASE}/requests.json?api_key={key}") == 400
    outside = Browser(city.house.url, {"X-API-Key": key, "X-Forwarded-For": "203.0.113.9"})
    assert await outside.get(f"{BASE}/requests.json") == 403
    for each in await client.keys("*keys*"):
        assert key.encode() not in repr(await client.hgetall(each)).encode()


async def test_guessing_keys_is_stopped(city) -> None:
    thief = Browser(city.house.url, {"X-API-Key": "x"})
    answers = [await thief.get(f"{BASE}/requests.json") for _ in range(31)]
    assert answers == [403] * 30 + [429]


async def test_an_ended_key_opens_nothing(city) -> None:
    keys = Keys(city.letters.box)
    await keys.end("read")
    assert await city.reader.get(f"{BASE}/requests.json") == 403
    for name, may in (("X", ("read",)), ("ok", ()), ("ok", ("everything",))):
        with pytest.raises(WrongKey):
            await keys.make(name, may, city.house.now)
    assert [key.name for key in await keys.all()] == ["file", "update"]
