"""Tried to break into: forged forms, guessed passwords, markup in every field, formulas, plain connections."""

from __future__ import annotations

import csv
import io

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from portal.letters.desk import passwords
from portal.letters.desk.csvfile import MARK, cell, to_csv
from portal.letters.model import Event, Role, Verb
from portal.letters.officefile import DeskTable, Office

from ..conftest import draft
from ..house import CHEAP, PASSWORD, Browser, opened

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% include 'x' %}&amp;"


@pytest_asyncio.fixture
async def house(client, monkeypatch):
    monkeypatch.setattr(passwords, "COST", CHEAP)
    async with opened(client) as found:
        yield found


async def file(house, **more) -> str:
    return (await house.letters.file(draft(**more), house.now)).number


PATHS = (
    "/desk/",
    "/desk/new",
    "/desk/letters.csv",
    "/desk/waiting",
    "/desk/password",
    "/desk/letter/36722981",
)


@pytest.mark.parametrize("path", PATHS)
async def test_strangers_are_sent_to_the_door(house, path) -> None:
    stranger = Browser(house.url)
    assert await stranger.get(path) == 302
    assert stranger.answer.headers["Location"] == "/desk/login"
    if path not in ("/desk/", "/desk/letters.csv", "/desk/waiting"):
        assert await stranger.post(path, {"csrf": "x"}) == 403


@pytest.mark.parametrize("cookie", ["", "0" * 32, "x", "0" * 5000, '"; DROP', "../../etc"])
async def test_made_up_cookies_are_nobodys(house, cookie) -> None:
    stranger = Browser(house.url)
    stranger.cookies["desk"] = cookie
    assert await stranger.get("/desk/") in (302, 400)


async def test_guessing_passwords_is_stopped_for_right_ones_too(house) -> None:
    thief = Browser(house.url)
    answers = [await thief.sign_in("anna", f"wrong horse {at}") for at in range(6)]
    assert answers == [403] * 5 + [429]
    assert await thief.sign_in("anna", PASSWORD) == 429
    assert PASSWORD not in thief.text and "wrong horse" not in thief.text


async def test_one_address_cannot_try_many_names(house) -> None:
    thief = Browser(house.url)
    answers = [await thief.sign_in(f"user{at}", "1234567890") for at in range(31)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {403}


async def test_one_network_of_ipv6_is_one_address(client, monkeypatch) -> None:
    from ipaddress import ip_network

    monkeypatch.setattr(passwords, "COST", CHEAP)
    async with opened(client, trusted_proxies=(ip_network("127.0.0.1/32"),)) as house:
        answers = [
            await Browser(
                house.url, {"X-Forwarded-For": f"2001:db8::{at + 1:x}", "X-Forwarded-Proto": "https"}
            ).sign_in("anna", "wrong horse 1")
            for at in range(6)
        ]
    assert answers == [403] * 5 + [429]


async def test_names_that_exist_answer_as_those_that_do_not(house) -> None:
    thief = Browser(house.url)
    await thief.sign_in("anna", "wrong")
    known = thief.page.xpath("string(//main)")
    await thief.sign_in("nobody", "wrong")
    assert thief.page.xpath("string(//main)") == known


async def test_passwords_stand_nowhere(house, client) -> None:
    await house.person("anna")
    thief = Browser(house.url)
    await thief.sign_in("MySecretTypedAsName1", "x")
    for key in await client.keys("*"):
        kind = await client.type(key)
        if kind == b"stream":
            dump = repr(await client.xrange(key))
        elif kind == b"hash":
            dump = repr(await client.hgetall(key))
        elif kind == b"string":
            dump = repr(await client.get(key))
        else:
            continue
        assert PASSWORD not in dump and "MySecretTypedAsName1" not in dump
        for cookie in thief.cookies.values():
            assert cookie not in dump + repr(key)


async def test_the_cookie_is_no_scripts_and_no_other_sites(house) -> None:
    browser = Browser(house.url)
    await browser.sign_in("anna", PASSWORD)
    session = next(each for each in browser.answer.headers.get_list("Set-Cookie") if each.startswith("desk="))
    assert "httponly" in session.lower() and "samesite=strict" in session.lower()


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"csrf": ""},
        {"csrf": "0" * 32},
        {"csrf": "other"},
    ],
)
async def test_forged_forms_change_nothing(house, forged) -> None:
    number = await file(house)
    anna, other = await house.person("anna"), await house.person("anna")
    await other.get("/desk/")
    if forged.get("csrf") == "other":
        forged = {"csrf": other.csrf()}
    await anna.get(f"/desk/letter/{number}")
    fields = {name: value for name, value in anna.fields("accept").items() if name != "csrf"}
    before = await house.letters.letter(number)
    assert await anna.post(f"/desk/letter/{number}", {**fields, **forged, "unit": "water"}) == 403
    assert await anna.post("/desk/logout", forged) == 403
    assert await anna.post("/desk/password", {**forged, "old": PASSWORD, "new": "a new password"}) == 403
    assert await anna.post("/desk/new", {**forged, "token": "1" * 32, "kind": "help", "text": "abcd"}) == 403
    assert await house.letters.letter(number) == before
    assert await anna.get("/desk/") == 200


@pytest.mark.parametrize(
    "header",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
async def test_a_right_token_from_a_foreign_page_is_refused(house, header) -> None:
    anna = await house.person("anna")
    await anna.get("/desk/")
    assert await anna.post("/desk/logout", {"csrf": anna.csrf()}, header) == 403
    thief = Browser(house.url)
    await thief.get("/desk/login")
    form = {"name": "anna", "password": PASSWORD, "csrf": thief.csrf()}
    assert await thief.post("/desk/login", form, header) == 403


async def test_nobody_is_signed_in_unseen(house) -> None:
    """Without the cookie of the form itself: another site's page cannot have it."""
    victim = Browser(house.url)
    form = {"name": "anna", "password": PASSWORD, "csrf": "0" * 32}
    assert await victim.post("/desk/login", form) == 403


async def test_markup_in_every_field_stays_text(house) -> None:
    number = await file(house, phrase="", text=EVIL, name=EVIL[:40])
    anna = await house.person("anna")
    await anna.do(number, "accept", unit="water")
    for verb in ("note", "ask", "supply", "answer"):
        assert await anna.do(number, verb, words=EVIL) == 303
    doubt = Event(verb=Verb.DOUBT, at=house.now, role=Role.CITIZEN, note=EVIL)
    await house.letters.apply(number, doubt)
    for path in (f"/desk/letter/{number}", "/desk/?view=all&q=script", "/desk/?view=all&q=" + "%3Cscript%3E"):
        await anna.get(path)
        page = anna.page
        assert not page.xpath("//script | //main//img | //*[@onerror] | //iframe | //object")
        assert "49" not in page.xpath("string(//main)").replace(number, "").split()
        assert "script-src" not in anna.answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in anna.answer.headers["Content-Security-Policy"]
    await anna.get(f"/desk/letter/{number}")
    assert EVIL in anna.page.xpath("string(//main)")
    gao = await house.person("gao")
    await gao.get("/desk/new")
    form = {
        "csrf": gao.csrf(),
        "token": "2" * 32,
        "kind": "help",
        "text": EVIL,
        "telephone": EVIL[:20],
        "name": EVIL,
    }
    assert await gao.post("/desk/new", form) == 400
    assert not gao.page.xpath("//script | //main//img | //*[@onerror]")
    assert gao.page.xpath("//textarea/text()")[0] == EVIL


async def test_a_letter_that_begins_with_a_formula_is_text_in_a_spreadsheet(house) -> None:
    await file(house, phrase="", text='=HYPERLINK("http://evil.example","看")')
    anna, wang = await house.person("anna"), await house.person("wang")
    assert await anna.get("/desk/letters.csv") == 200
    rows = list(csv.reader(io.StringIO(anna.text.removeprefix(MARK))))
    assert rows[1][2].startswith("'=HYPERLINK")
    assert anna.answer.headers["Content-Disposition"].startswith("attachment")
    assert "139" + "12345678" not in anna.text
    assert await wang.get("/desk/letters.csv") == 403
    assert await wang.get("/desk/waiting") == 403
    assert await wang.get("/desk/new") == 403


@given(st.text(max_size=60))
def test_no_cell_is_a_formula(said) -> None:
    made = cell(said)
    assert not made.lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"))
    (row,) = csv.reader(io.StringIO(to_csv([said], []).decode().removeprefix(MARK), newline=""))
    assert row == [made]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"},
    ],
)
async def test_a_proxy_that_nobody_named_makes_no_connection_safe(house, headers) -> None:
    outside = Browser(house.url, headers)
    assert await outside.get("/desk/login") == 403
    assert not outside.page.xpath("//input[@name='password']")


async def test_over_a_named_proxy_with_tls_the_cookie_is_bound_to_the_host(client, monkeypatch) -> None:
    from ipaddress import ip_network

    monkeypatch.setattr(passwords, "COST", CHEAP)
    async with opened(client, trusted_proxies=(ip_network("127.0.0.1/32"),)) as house:
        safe = Browser(house.url, {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
        assert await safe.sign_in("anna", PASSWORD) == 303
        session = next(c for c in safe.answer.headers.get_list("Set-Cookie") if c.startswith("__Host-desk="))
        assert "secure" in session.lower() and "path=/" in session.lower()
        plain = Browser(house.url, {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"})
        assert await plain.get("/desk/login") == 403


async def test_the_desk_is_not_there_for_networks_that_are_not_let_in(client, monkeypatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)
    async with opened(client, Office(desk=DeskTable(networks=("10.0.0.0/8",)))) as house:
        assert await Browser(house.url).get("/desk/login") == 404


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "password123", "anna anna anna", "x" * 300])
def test_weak_passwords_are_refused(password) -> None:
    assert passwords.weakness(password, "anna")


def test_a_hash_is_salted_and_says_its_cost(monkeypatch) -> None:
    assert passwords.COST[0] >= 2**15 and passwords.COST[0] * passwords.COST[2] >= 3 * 2**15
    monkeypatch.setattr(passwords, "COST", CHEAP)
    assert passwords.weakness(PASSWORD, "anna") == ""
    other = passwords.hashed(PASSWORD)
    assert other != passwords.hashed(PASSWORD) and PASSWORD not in other
    assert passwords.verify(PASSWORD, other) and not passwords.verify(PASSWORD + " ", other)
    assert not passwords.is_old(other)
    assert passwords.is_old("scrypt$1024$8$1$AAAA$AAAA") and passwords.is_old("md5")
    for broken in ("", "scrypt$x", "$$$$$", "scrypt$32768$8$1$!$!"):
        assert not passwords.verify(PASSWORD, broken)
