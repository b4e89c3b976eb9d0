"""Boxes that nobody knows: the page that learns their keys, and the address that remembers them."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from remote_nav.keymap import TABLES, Action
from remote_nav.learn import ASKED, decode, encode
from tests.browser import Viewer, viewer

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD = {Action.UP: 201, Action.DOWN: 202, Action.LEFT: 203, Action.RIGHT: 204, Action.OK: 32, Action.BACK: 220}
"""A remote whose keys are in no table."""

MAPLE = "Mozilla/5.0 (SmartHub; SMART-TV; U; Linux/SmartTV; Maple2012) AppleWebKit/534.7"


async def get(address: str, agent: str = "SomeBox/1.0") -> HTTPResponse:
    """A request that follows nothing."""
    return await AsyncHTTPClient().fetch(
        address, headers={"User-Agent": agent}, follow_redirects=False, raise_error=False
    )


@pytest.mark.parametrize(
    ("agent", "leads"),
    [
        ("SomeBox/1.0", "/tv/web-hd/keys"),
        ("Mozilla/5.0 (DTV) AppleWebKit/531.2+ Espial/6", "/tv/web-hd/keys"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120", "/tv/web-hd/"),
        (MAPLE, f"/tv/web-hd.k-{encode(TABLES['maple'].codes)}/"),
        ("OMI/4.1, KreaTV/15.99 (ARRIS, wired)", f"/tv/web-hd.k-{encode(TABLES['kreatv'].codes)}/"),
    ],
)
async def test_who_is_asked(portal: str, agent: str, leads: str) -> None:
    """Only a box that is not known; one with another table than its profile's carries it in its address."""
    answer = await get(f"{portal}/tv/", agent)
    assert (answer.code, answer.headers["Location"]) == (302, leads)


async def test_pages_use_the_learned_table(portal: str) -> None:
    """Samsung's Maple: 4 is left, and 38 is nothing."""
    word = encode(TABLES["maple"].codes)
    body = (await get(f"{portal}/tv/web-hd.k-{word}/c/310")).body.decode()
    assert '"4":"left"' in body and '"38":' not in body
    assert f'href="/tv/web-hd.k-{word}/c/310/1/news001"' in body


@pytest.mark.parametrize(
    "word", ["x", "1_2_3_4", "1_2_3_4_4", "1_2_3_4_5_6_7_8_9_a_b_c_d_e_f_g_h_i_j_k_l_m_n", "1-2-3-4-5", ""]
)
async def test_malformed_words_are_not_found(portal: str, word: str) -> None:
    """And lead home in the plain edition."""
    answer = await get(f"{portal}/tv/web-hd.k-{word}/")
    assert answer.code == 404 and b'href="/tv/web-hd/"' in answer.body


async def test_what_a_script_knows_of_a_box(portal: str) -> None:
    """A name that we know ends the questions; a small screen gets the small edition; others are asked."""
    for query, leads in (
        ("app=EIS+iPanel&vendor=&w=640", "/tv/ipanel-sd.en/"), ("app=ztebw&vendor=&w=1280", "/tv/iptv-hd.en/"),
        ("app=Netscape&vendor=Inspur&w=1280", "/tv/inspur-hd.en/"), ("app=Other&vendor=&w=720", "/tv/dvn-sd.en/keys?app="),
    ):  # fmt: skip
        answer = await get(f"{portal}/tv/web-hd.en/keys?{query}")
        assert (answer.code, answer.headers.get("Location")) == (302, leads), query
    for query in (
        "app=Netscape&vendor=&w=1280",
        "app=&vendor=&w=x",
        "app=" + "x" * 5000,
        "w=99999999999999999999",
    ):
        assert (await get(f"{portal}/tv/web-hd.en/keys?{query}")).code == 200, query
    assert (await get(f"{portal}/tv/dvn-sd/keys?app=Other&w=640")).code == 200


async def ask(browser: Browser, portal: str, edition: str = "web-hd", **options: object) -> Viewer:
    """Somebody before the page that learns keys, on a box that says nothing of itself."""
    size = edition.partition(".")[0].rpartition("-")[2]
    codes = {action.value: code for action, code in ODD.items()}
    tv = await viewer(browser, size, codes, user_agent="SomeBox/1.0", **options)
    await tv.open(f"{portal}/tv/" if edition == "web-hd" else f"{portal}/tv/{edition}/keys?app=")
    await tv.page.wait_for_url("**/keys?app=*")
    return tv


@pytest.mark.parametrize("edition", ["web-hd", "dvn-sd.zh-Hant", "web-hd.en.large"])
async def test_six_keys_are_learned_and_steer(browser: Browser, portal: str, edition: str) -> None:
    """Asked one after another; then the same keys lead to an article and back."""
    tv = await ask(browser, portal, edition)
    questions = []
    for action in ASKED:
        assert await tv.focus() == action.value
        questions.append(await tv.page.inner_text("#ask"))
        await tv.press(action.value)
    assert len(set(questions)) == len(ASKED)
    lang = "." + edition.split(".")[1] if "." in edition else ".zh-Hans"
    assert f".k-{encode({code: action for action, code in ODD.items()})}/" in tv.page.url
    assert lang in tv.page.url or lang == ".zh-Hans"
    await tv.choose("news")
    await tv.choose("yaowen")
    await tv.press("down")
    await tv.press("ok")
    assert tv.page.url.endswith("/c/310/1/news001")
    await tv.press("back")
    assert await tv.focus() == "news001"
    await tv.page.context.close()


async def test_a_remote_without_back(browser: Browser, portal: str) -> None:
    """OK once more passes over it, but not the echo of the first OK."""
    tv = await ask(browser, portal)
    for action in ASKED[:-1]:
        await tv.press(action.value)
    await tv.press("ok")
    assert await tv.focus() == "back"
    await tv.page.wait_for_timeout(650)
    await tv.press("ok")
    await tv.page.wait_for_url("**.k-*/")
    word = tv.page.url.partition(".k-")[2].rstrip("/")
    assert Action.BACK not in decode(word).actions and decode(word).action(32) is Action.OK
    # What was still held when the page came is not pressed there.
    assert await tv.focus() == "news"
    await tv.page.context.close()


async def test_a_wrong_key_is_mended(browser: Browser, portal: str) -> None:
    """Up again begins again; a key is never two; a held key is one press."""
    tv = await ask(browser, portal)
    await tv.press("up")
    await tv.press("up")
    assert await tv.focus() == "down"
    await tv.press("right")
    assert await tv.focus() == "left"
    await tv.press("right")
    assert await tv.focus() == "left"
    await tv.press("up")
    assert await tv.focus() == "down"
    for action in ASKED[1:]:
        await tv.press(action.value)
    assert tv.page.url.endswith(f".k-{encode({code: action for action, code in ODD.items()})}/")
    await tv.page.context.close()


async def test_without_script_and_for_computers(browser: Browser, portal: str) -> None:
    """OK on any square, and the link below, lead to the home page."""
    tv = await viewer(browser, "hd", {}, user_agent="SomeBox/1.0", java_script_enabled=False)
    await tv.page.goto(f"{portal}/tv/")
    assert tv.page.url == f"{portal}/tv/web-hd/keys"
    links = await tv.page.locator("a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
    assert set(links) == {"/tv/web-hd/"} and len(links) == 7
    await tv.page.locator("a:focus").wait_for()
    await tv.page.keyboard.press("Enter")
    await tv.page.wait_for_url(f"{portal}/tv/web-hd/")
    await tv.page.context.close()
