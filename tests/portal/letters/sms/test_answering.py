"""Texts in: a letter, its state, a grade; and what a stranger cannot do with them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import pytest

from portal.letters.carriers import NO_TEXTS
from portal.letters.model import Event, Kind, Role, State, Verb
from portal.letters.officefile import NO_OFFICE, Office, SmsTable
from portal.letters.sms.answering import Answering
from portal.letters.states import state_of

from ..conftest import TELEPHONE, ZONE
from ..house import Browser, opened

NOW = datetime(2026, 9, 28, 10, 0, tzinfo=ZONE)
OTHER = "13700000000"


@pytest.fixture
def answering(here):
    return Answering(here, NO_OFFICE, "zh-Hans")


async def written(answering, here, said="路灯坏了三天了", name="m1"):
    """A letter by text; its number and code out of the answer."""
    answer = await answering.answer(TELEPHONE, said, name, NOW)
    number = (await here.of_telephone(TELEPHONE))[0].number
    code = answer.partition("查询码")[2][:6]
    assert number in answer and code.isdigit()
    return number, code


async def answer_it(here, number, words="已修好") -> None:
    for verb, more in ((Verb.ACCEPT, {"unit": "roads"}), (Verb.ANSWER, {"note": words})):
        await here.apply(number, Event(verb=verb, at=NOW, role=Role.ADMIN, **more))


async def test_a_text_becomes_a_letter_once(answering, here) -> None:
    number, code = await written(answering, here, "投诉 楼下烧烤油烟太大")
    await answering.answer(TELEPHONE, "投诉 楼下烧烤油烟太大", "m1", NOW)
    (letter,) = await here.of_telephone(TELEPHONE)
    assert (letter.kind, letter.text) == (Kind.COMPLAIN, "楼下烧烤油烟太大")
    assert (await here.lookups.with_code(number, code, NOW, address="")).number == number


async def test_the_state_takes_number_and_code(answering, here) -> None:
    number, code = await written(answering, here)
    said = await answering.answer(OTHER, f"查 {number} {code}", "m2", NOW)
    assert number in said and "待审核" in said and "路灯" not in said
    await answer_it(here, number)
    assert "已修好" in await answering.answer(TELEPHONE, f"查 {number} {code}", "m3", NOW)
    wrong = "000000" if code != "000000" else "111111"
    answers = [await answering.answer(OTHER, f"查 {number} {wrong}", f"g{at}", NOW) for at in range(6)]
    assert "4次" in answers[0] and "暂时不能查询" in answers[-1]
    assert "暂时不能查询" in await answering.answer(TELEPHONE, f"查 {number} {code}", "m4", NOW)
    assert not any(word in "".join(answers) for word in ("已修好", "路灯", TELEPHONE))


async def test_a_number_that_there_is_not_answers_the_same(answering, here) -> None:
    assert "不符" in await answering.answer(OTHER, "查 36722981 123456", "m1", NOW)


async def test_five_rates_the_letter_answered_last(answering, here) -> None:
    assert "没有等待您评价" in await answering.answer(TELEPHONE, "5", "m0", NOW)
    number, _ = await written(answering, here)
    await answer_it(here, number)
    assert "没有等待您评价" in await answering.answer(OTHER, "1", "x", NOW)
    assert "没有等待您评价" in await answering.answer(OTHER, f"1 {number}", "x", NOW)
    for _ in range(2):
        await answering.answer(TELEPHONE, "5", "m1x", NOW)
    letter = await here.letter(number)
    assert state_of(letter) is State.RATED
    assert [event.rating for event in letter.events if event.verb is Verb.RATE] == [5]


async def test_supply_and_doubt(answering, here) -> None:
    number, _ = await written(answering, here)
    await here.apply(number, Event(verb=Verb.ACCEPT, at=NOW, role=Role.ADMIN, unit="roads"))
    await here.apply(number, Event(verb=Verb.ASK, at=NOW, role=Role.ADMIN, note="哪条路?"))
    assert "没有等待您补充" in await answering.answer(OTHER, "补 长江路", "x", NOW)
    assert "继续办理" in await answering.answer(TELEPHONE, "补 长江路", "m2", NOW)
    assert state_of(await here.letter(number)) is State.HANDLING
    await here.apply(number, Event(verb=Verb.ANSWER, at=NOW, role=Role.ADMIN, note="好了"))
    assert "重新办理" in await answering.answer(TELEPHONE, "重 还是黑的", "m3", NOW)
    assert state_of(await here.letter(number)) is State.REOPENED


async def test_a_reports_words_are_not_texted_even_for_the_code(answering, here) -> None:
    number, code = await written(answering, here, "举报 有人收钱办证")
    await answer_it(here, number, "已经查实")
    said = await answering.answer(TELEPHONE, f"查 {number} {code}", "m2", NOW)
    assert number in said and not any(word in said for word in ("举报", "收钱", "查实"))


async def test_a_withdrawal_takes_the_code(answering, here) -> None:
    number, code = await written(answering, here)
    await answering.answer(TELEPHONE, f"撤 {number} 000001", "m2", NOW)
    assert state_of(await here.letter(number)) is State.SUBMITTED
    await answering.answer(TELEPHONE, f"撤 {number} {code}", "m3", NOW)
    assert state_of(await here.letter(number)) is State.WITHDRAWN


async def test_limits_are_those_of_the_telephone(answering, here) -> None:
    for at in range(3):
        said = await answering.answer(TELEPHONE, f"路灯坏了{at}天了", f"m{at}", NOW)
    assert "太多" in said
    assert len(await here.of_telephone(TELEPHONE)) == 1


async def test_no_more_texts_until_one_writes_again(answering, here) -> None:
    mark = here.keyed.subject("telephone", TELEPHONE)
    await answering.answer(TELEPHONE, "TD", "m0", NOW)
    assert await here.box.kept(NO_TEXTS, mark)
    await written(answering, here)
    assert not await here.box.kept(NO_TEXTS, mark)


OFFICE = Office(sms=SmsTable(), secrets={"sms.in_key_file": "geheim"})


async def test_only_the_gateway_is_heard_and_only_with_its_key(client) -> None:
    async with opened(client, OFFICE) as house:
        stranger = Browser(house.url)
        for key in ("", "wrong"):
            query = urlencode({"from": TELEPHONE, "text": "路灯坏了三天了", "id": "1", "key": key})
            assert await stranger.get(f"/sms/in?{query}") == 404
        assert not await house.letters.box.numbers("filed")
        outside = Office(sms=SmsTable(gateways=("10.0.0.0/8",)), secrets=OFFICE.secrets)
    async with opened(client, outside) as house:
        query = urlencode({"from": TELEPHONE, "text": "路灯坏了三天了", "id": "1", "key": "geheim"})
        assert await Browser(house.url).get(f"/sms/in?{query}") == 404


async def test_a_short_number_is_left_unanswered(client) -> None:
    async with opened(client, OFFICE) as house:
        gateway = Browser(house.url, {"X-Key": "geheim"})
        for sender in ("95588", "10086", "1069001", "anything", "139'--"):
            query = urlencode({"from": sender, "text": "您的余额不足", "id": "1"})
            assert await gateway.get(f"/sms/in?{query}") == 200
            assert gateway.text == ""
        assert not await house.letters.box.numbers("filed")


async def test_a_text_comes_in_the_charset_that_its_gateway_names(client) -> None:
    async with opened(client, OFFICE) as house:
        gateway = Browser(house.url, {"X-Key": "geheim"})
        for at, charset in enumerate(("UTF-16BE", "GBK", "UTF-8", "klingon")):
            octets = "路灯坏了三天了".encode(charset if charset != "klingon" else "utf-8")
            query = urlencode({"from": f"1380000000{at}", "text": octets, "id": at, "charset": charset})
            assert await gateway.get(f"/sms/in?{query}") == 200
        letters = await house.letters.box.letters(await house.letters.box.numbers("filed"))
        assert [letter.text for letter in letters] == ["路灯坏了三天了"] * 4
        assert await gateway.get("/sms/in?from=13800000009&text=%ff%fe%00&id=9") == 200


async def test_what_cannot_be_stored_is_not_acknowledged(client, monkeypatch) -> None:
    from portal.letters.errors import NotStored

    async def full(*_, **__):
        raise NotStored("disk full")

    async with opened(client, OFFICE) as house:
        monkeypatch.setattr(house.letters.box, "file", full)
        gateway = Browser(house.url, {"X-Key": "geheim"})
        query = urlencode({"from": TELEPHONE, "text": "路灯坏了三天了", "id": "1"})
        await gateway.get(f"/sms/in?{query}")
        assert "请过几分钟再发" in gateway.text
        monkeypatch.undo()
        await gateway.get(f"/sms/in?{query}")
        assert "已收到" in gateway.text
