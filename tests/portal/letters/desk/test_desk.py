"""The desk as its people use it: from the list to the answer, each with what they may do."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio

from portal.letters.desk import passwords
from portal.letters.model import Kind, Role, State, Verb
from portal.letters.states import state_of

from ..conftest import draft
from ..house import CHEAP, opened


@pytest_asyncio.fixture
async def house(client, monkeypatch):
    monkeypatch.setattr(passwords, "COST", CHEAP)
    async with opened(client) as found:
        yield found


async def file(house, at: int = 0, **more) -> str:
    one = draft(f"{at:032x}", telephone=f"139{at:08}", **more)
    return (await house.letters.file(one, house.now)).number


async def state(house, number) -> State:
    return state_of(await house.letters.letter(number))


async def test_from_the_list_to_the_answer(house) -> None:
    number = await file(house, phrase="", text="三天没有水")
    anna = await house.person("anna")
    assert await anna.get("/desk/") == 200
    assert number in anna.text
    assert await anna.do(number, "accept", unit="water") == 303
    assert await state(house, number) is State.ACCEPTED
    wang = await house.person("wang")
    await wang.get(f"/desk/letter/{number}")
    assert "extend" not in wang.verbs()
    await wang.do(number, "begin")
    await wang.do(number, "request", words="要开挖")
    wei = await house.person("wei")
    await wei.get(f"/desk/letter/{number}")
    assert "要开挖" in wei.text
    await wei.do(number, "extend", words="管道要开挖,请等一等")
    assert await state(house, number) is State.EXTENDED
    await wang.do(number, "answer", words="已换好水泵")
    assert await state(house, number) is State.REPLIED
    letter = await house.letters.letter(number)
    done = [(event.verb, event.role, event.by) for event in letter.events[2:]]
    assert done == [
        (Verb.ACCEPT, Role.ADMIN, "anna"),
        (Verb.BEGIN, Role.CLERK, "wang"),
        (Verb.REQUEST, Role.CLERK, "wang"),
        (Verb.EXTEND, Role.HEAD, "wei"),
        (Verb.ANSWER, Role.CLERK, "wang"),
    ]
    # An extension that was asked for is the unit's own matter; the reason of the approved one is not.
    assert letter.events[4].note == "" and letter.events[4].inner == "要开挖"
    assert letter.events[5].note == "管道要开挖,请等一等"


async def test_the_history_only_grows(house) -> None:
    number = await file(house)
    anna = await house.person("anna")
    before = (await house.letters.letter(number)).events
    for verb, more in (
        ("accept", {"unit": "water"}),
        ("note", {"words": "问过了"}),
        ("ask", {"words": "哪栋楼?"}),
        ("supply", {"words": "三栋"}),
        ("transfer", {"unit": "roads", "words": "归城管"}),
    ):
        assert await anna.do(number, verb, **more) == 303, verb
        after = (await house.letters.letter(number)).events
        assert after[: len(before)] == before
        before = after


async def test_a_unit_sees_its_own_letters_alone(house) -> None:
    number = await file(house)
    rong = await house.person("rong")
    assert await rong.get(f"/desk/letter/{number}") == 404
    await rong.get("/desk/?view=all")
    assert number not in rong.text
    for verb in ("accept", "answer", "note"):
        form = {"csrf": rong.csrf(), "verb": verb, "version": "2", "once": "x", "words": "我来"}
        assert await rong.post(f"/desk/letter/{number}", form) == 404
    wang = await house.person("wang")
    await wang.do(number, "accept", unit="water")
    await wang.do(number, "transfer", unit="roads", words="归城管")
    # Who has handed it over sees it no more.
    assert await wang.get(f"/desk/letter/{number}") == 404
    assert await rong.get(f"/desk/letter/{number}") == 200


async def test_a_report_reaches_a_unit_through_the_office_alone(house) -> None:
    """It may be about that very unit."""
    number = await file(house, kind=Kind.REPORT, phrase="", text="水务局有人收钱", unit="water")
    wang = await house.person("wang")
    for view in ("todo", "all"):
        await wang.get(f"/desk/?view={view}")
        assert number not in wang.text
    assert await wang.get(f"/desk/letter/{number}") == 404
    anna = await house.person("anna")
    await anna.do(number, "accept", unit="water")
    assert await wang.get(f"/desk/letter/{number}") == 200


async def test_what_waits_for_review_is_the_offices(house) -> None:
    number = await file(house, phrase="", text="代开发票,联系我")
    wang, anna = await house.person("wang"), await house.person("anna")
    assert await wang.get(f"/desk/letter/{number}") == 404
    await anna.get("/desk/?view=review")
    assert number in anna.text
    await anna.do(number, "release")
    assert await wang.get(f"/desk/letter/{number}") == 200


async def test_a_second_press_changes_nothing_and_an_old_page_is_told_so(house) -> None:
    number = await file(house)
    anna = await house.person("anna")
    await anna.get(f"/desk/letter/{number}")
    form = {**anna.fields("accept"), "unit": "water"}
    note = {**anna.fields("answer"), "words": "已经好了"}
    assert await anna.post(f"/desk/letter/{number}", form) == 303
    assert await anna.post(f"/desk/letter/{number}", form) == 303
    letter = await house.letters.letter(number)
    assert [event.verb for event in letter.events].count(Verb.ACCEPT) == 1
    assert await anna.post(f"/desk/letter/{number}", note) == 409
    assert await state(house, number) is State.ACCEPTED


async def test_what_is_not_allowed_says_why(house) -> None:
    number = await file(house)
    anna = await house.person("anna")
    assert await anna.do(number, "duplicate", number="12345674") == 409
    assert await anna.do(number, "reject", words="  ") == 409
    assert await anna.do(number, "accept", unit="nowhere") == 409
    assert await state(house, number) is State.SUBMITTED
    form = {**anna.fields("accept"), "verb": "card"}
    assert await anna.post(f"/desk/letter/{number}", form) == 400


async def test_a_worker_files_for_somebody_and_is_shown_the_code_once(house) -> None:
    gao = await house.person("gao")
    assert await gao.get("/desk/new") == 200
    form = {
        "csrf": gao.csrf(),
        "token": str(gao.page.xpath("//input[@name='token']/@value")[0]),
        "kind": "help",
        "topic": "",
        "unit": "",
        "text": "家里没有暖气,老人不会用电视",
        "name": "李奶奶",
        "telephone": "",
        "reach": "none",
    }
    assert await gao.post("/desk/new", form) == 200
    number, code = gao.page.xpath("//p[@class='big']/b/text()")
    assert (await house.letters.lookups.with_code(number, code, house.now, address="")).filed_by == "gao"
    assert await gao.post("/desk/new", form) == 200
    assert gao.page.xpath("//p[@class='big']/b/text()")[0] == number
    assert len(await house.letters.box.numbers("filed")) == 1
    assert await gao.get(f"/desk/letter/{number}") == 200
    assert "answer" not in gao.verbs() and "withdraw" in gao.verbs()
    guo = await house.person("guo")
    assert await guo.get(f"/desk/letter/{number}") == 404
    # The same form's token in another worker's hands is another letter, not this one's receipt.
    assert await guo.post("/desk/new", {**form, "csrf": guo.csrf()}) == 200
    assert guo.page.xpath("//p[@class='big']/b/text()")[0] != number


async def test_an_incomplete_letter_is_asked_for_again_with_what_was_typed(house) -> None:
    gao = await house.person("gao")
    await gao.get("/desk/new")
    token = str(gao.page.xpath("//input[@name='token']/@value")[0])
    form = {"csrf": gao.csrf(), "token": token, "kind": "help", "text": "没有暖气", "telephone": "12"}
    assert await gao.post("/desk/new", form) == 400
    assert "没有暖气" in gao.text
    assert await gao.post("/desk/new", {**form, "kind": "praise"}) == 400


async def test_a_session_ends_with_time_the_account_and_a_new_password(house) -> None:
    anna = await house.person("anna")
    house.now += timedelta(hours=9)
    assert await anna.get("/desk/") == 302
    wang = await house.person("wang")
    await wang.get("/desk/password")
    form = {"csrf": wang.csrf(), "old": "correct horse 9", "new": "another horse 77"}
    other = await house.person("wang")
    assert await wang.post("/desk/password", {**form, "old": "not mine"}) == 403
    assert await wang.post("/desk/password", {**form, "new": "short"}) == 400
    assert await wang.post("/desk/password", form) == 303
    assert await other.get("/desk/") == 302
    assert await wang.sign_in("wang", "correct horse 9") == 403
    assert await wang.sign_in("wang", "another horse 77") == 303
    assert await wang.post("/desk/logout", {"csrf": ""}) == 403
    await wang.get("/desk/")
    cookie = dict(wang.cookies)
    assert await wang.post("/desk/logout", {"csrf": wang.csrf()}) == 303
    wang.cookies = cookie
    assert await wang.get("/desk/") == 302


async def test_the_list_is_in_order_of_what_is_due(house) -> None:
    first = await file(house, 1)
    house.now += timedelta(days=3)
    second = await file(house, 2)
    anna = await house.person("anna")
    await anna.get("/desk/")
    numbers = anna.page.xpath("//tbody//a/text()")
    assert numbers == [first, second]
    await anna.get("/desk/?view=all&q=" + second)
    assert anna.page.xpath("//tbody//a/text()") == [second]


async def test_the_letter_box_away_is_said_and_mended(house, monkeypatch) -> None:
    from portal.letters.errors import LettersAway

    anna = await house.person("anna")

    async def away(*_, **__):
        raise LettersAway("gone")

    monkeypatch.setattr(house.letters.box, "live_numbers", away)
    assert await anna.get("/desk/") == 503
    monkeypatch.undo()
    assert await anna.get("/desk/") == 200
