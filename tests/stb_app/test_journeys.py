"""Whole journeys before a real browser: with arrow keys only, then with digits only."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from remote_nav.keymap import KEY_MAPS, Action
from tests.browser import Viewer, viewer

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOXES = ["web-hd", "ipanel-hd", "ipanel-sd", "hbbtv-hd"]


def codes_of(profile: str) -> dict[str, int]:
    """What a box of that profile sends."""
    keys = KEY_MAPS[profile]
    return {action.value: code for action in Action if (code := keys.code(action)) is not None}


async def watch(browser: Browser, portal: str, profile: str) -> Viewer:
    """A viewer at the home page of a box."""
    someone = await viewer(browser, profile.rpartition("-")[2], codes_of(profile))
    await someone.open(f"{portal}/tv/{profile}/")
    return someone


@pytest.mark.parametrize("profile", BOXES)
async def test_with_arrow_keys_only(browser: Browser, portal: str, profile: str) -> None:
    """Home to an article, a document, a matter with its everyday name, an interview, and back each time
    with the focus on what one had opened."""
    tv = await watch(browser, portal, profile)
    assert await tv.focus() == "news"
    for steps, said in (
        (["news", "yaowen", "news001"], "市住房和城乡建设局"),
        (["open", "files", "file0001"], "青政办发〔2026〕18 号"),
        (["services", "personal", "driving", "matter01"], "驾照"),
        (["talks", "talk0001"], "医保报销"),
    ):
        for step in steps:
            await tv.choose(step)
        assert said in await tv.text()
        for step in reversed(steps):
            await tv.press("back")
            assert await tv.focus() == step
    await tv.page.context.close()


@pytest.mark.parametrize("profile", BOXES)
async def test_with_digits_only(browser: Browser, portal: str, profile: str) -> None:
    """The same, and every way back by a digit too."""
    tv = await watch(browser, portal, profile)
    for digits, said in (
        ("111", "市住房和城乡建设局"),
        ("311", "索引号"),
        ("2111", "驾照"),
        ("41", "医保"),
    ):
        for digit in digits:
            await tv.press(digit)
        assert said in await tv.text()
        for _ in digits:
            await tv.press("8")
        assert await tv.focus() in ("news", "open", "services", "talks")
    await tv.page.context.close()


@pytest.mark.parametrize("profile", ["web-hd", "ipanel-sd"])
async def test_number_box(browser: Browser, portal: str, profile: str) -> None:
    """驾照 is 0 5 9 OK; Back leads to the box with the match in focus, and then home."""
    tv = await watch(browser, portal, profile)
    for key in ("0", "5", "9"):
        await tv.press(key)
    assert "机动车驾驶证" in await tv.text()
    await tv.press("ok")
    assert "到哪里办" in await tv.text()
    await tv.press("back")
    assert await tv.focus() == "matter01"
    await tv.press("back")
    assert await tv.focus() == "number"
    await tv.choose("number")
    await tv.choose("k4")
    await tv.choose("k1")
    await tv.choose("k1")
    assert "驾照车辆" in await tv.text()
    await tv.page.context.close()


async def test_turning_pages_and_screens(browser: Browser, portal: str) -> None:
    """Down past the last row is the next page, up past the buttons above the first the one before; Down and Up
    past the ends of a screen are its neighbours."""
    tv = await watch(browser, portal, "ipanel-hd")
    await tv.press("1")
    await tv.press("1")
    first = await tv.text()
    for _ in range(5):
        await tv.press("down")
    second = await tv.text()
    assert first != second and "2 / 5" in second
    await tv.press("up")
    assert "2 / 5" in await tv.text() and await tv.focus() == "before"
    await tv.press("up")
    assert "1 / 5" in await tv.text()
    assert await tv.focus() == await tv.page.locator("a.row").last.get_attribute("id")
    await tv.press("page_down")
    await tv.press("page_down")
    assert "3 / 5" in await tv.text()
    await tv.open(f"{portal}/tv/ipanel-hd/c/411/1/matter01")
    screens = [await tv.text()]
    while (await tv.focus()) == "next":
        await tv.press("down")
        screens.append(await tv.text())
    assert len(screens) == len(set(screens)) >= 3
    for before in reversed(screens[:-1]):
        await tv.press("up")
        assert await tv.text() == before
    await tv.page.context.close()


async def test_back_finds_the_item_where_it_stands_now(browser: Browser, portal: str) -> None:
    """An item opened from page 3 whose list has grown: Back goes to the page on which it is."""
    tv = await watch(browser, portal, "web-hd")
    await tv.open(f"{portal}/tv/web-hd/c/310/1/news022")
    await tv.press("back")
    assert await tv.focus() == "news022"
    assert "5 / 5" in await tv.text()
    await tv.page.context.close()


async def test_the_unit_of_a_matter(browser: Browser, portal: str) -> None:
    """The button leads to the unit, Back to the matter with the button in focus."""
    tv = await watch(browser, portal, "web-hd")
    await tv.open(f"{portal}/tv/web-hd/c/411/1/matter01")
    await tv.choose("unit")
    assert "滨河路 26 号" in await tv.text() and "管什么事" in await tv.text()
    await tv.press("back")
    assert await tv.focus() == "unit"
    await tv.page.context.close()


async def test_large_letters_and_languages(browser: Browser, portal: str) -> None:
    """One button each on the home page; the focus stays on the button."""
    tv = await watch(browser, portal, "web-hd")
    await tv.choose("large")
    assert "/tv/web-hd.large/" in tv.page.url and await tv.focus() == "large"
    await tv.choose("lang")
    assert "/tv/web-hd.large/lang" in tv.page.url and await tv.focus() == "zh-Hans"
    await tv.choose("zh-Hant")
    assert ".zh-Hant.large/" in tv.page.url and await tv.focus() == "lang"
    assert "新聞中心" in await tv.text()
    await tv.page.context.close()


async def test_a_held_key_does_not_flood(browser: Browser, portal: str) -> None:
    """The same press twice within the time of an infrared echo moves once."""
    tv = await watch(browser, portal, "ipanel-hd")
    moved = await tv.page.evaluate(
        """() => { const e = {which: 2, keyCode: 2}; document.onkeydown(e); document.onkeydown(e);
                   return document.querySelector('.on').id; }"""
    )
    assert moved == "open"
    assert await tv.page.evaluate("document.onkeydown({which: 2, keyCode: 2})") == 0
    assert await tv.page.evaluate("document.onkeydown({which: 9999, keyCode: 9999})") == 1
    await tv.page.context.close()


async def test_without_script_every_item_is_a_link(browser: Browser, portal: str) -> None:
    """Tab visits every target and the pager, in reading order, and each is highlighted while it has the focus."""
    tv = await viewer(browser, "hd", codes_of("web-hd"), java_script_enabled=False)
    await tv.page.goto(f"{portal}/tv/web-hd/c/310/2")
    links = await tv.page.locator("a[href]").count()
    visited = [
        await tv.page.locator("a:focus").get_attribute("href") or ""
    ]  # the first has it from the start
    for _ in range(links - 1):
        await tv.page.keyboard.press("Tab")
        visited.append(await tv.page.locator("a:focus").get_attribute("href") or "")
    assert len(set(visited)) == links == 8
    assert any(address.endswith("/c/310/3?f=after") for address in visited)
    await tv.page.locator("a.row").first.focus()
    colour = await tv.page.locator("a.row").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == "rgb(255, 233, 176)"
    await tv.page.locator("a.row").nth(1).focus()
    await tv.page.keyboard.press("Enter")
    await tv.page.wait_for_url("**/c/310/2/news*")
    await tv.page.context.close()


async def test_simulator_sends_the_codes_of_the_box(browser: Browser, portal: str) -> None:
    """A drawn key and the computer's own key both steer an iPanel page inside the picture."""
    tv = await viewer(browser, "hd", {})
    await tv.page.goto(f"{portal}/remote?profile=ipanel-sd")
    frame = tv.page.frame_locator("#tv")
    await frame.locator(".on#news").wait_for()
    await tv.page.click("[data-key=right]")
    await frame.locator(".on#services").wait_for()
    # At once, while the drawn key still has the focus.
    await tv.page.keyboard.press("ArrowLeft")
    await frame.locator(".on#news").wait_for()
    await tv.page.click("[data-key='1']")
    await frame.locator("#yaowen").wait_for()
    await tv.page.context.close()


async def test_leafing_through_pages_with_ok_alone(browser: Browser, portal: str) -> None:
    """Up leads from the first row to the button that turns, which keeps the focus; Down leads to the rows.
    Left and Right never leave a row."""
    tv = await watch(browser, portal, "web-hd")
    await tv.open(f"{portal}/tv/web-hd/c/310")
    first = await tv.focus()
    for key in ("left", "right"):
        await tv.press(key)
        assert await tv.focus() == first and "1 / 5" in await tv.text()
    for key in ("up", "ok", "ok", "ok", "ok"):
        await tv.press(key)
    assert "5 / 5" in await tv.text()
    assert await tv.focus() == await tv.page.locator("a.row").first.get_attribute("id")
    await tv.press("up")
    assert await tv.focus() == "before"
    await tv.press("right")
    assert await tv.focus() == "back"
    await tv.press("left")
    await tv.press("ok")
    assert "4 / 5" in await tv.text() and await tv.focus() == "before"
    await tv.press("down")
    assert await tv.focus() == await tv.page.locator("a.row").first.get_attribute("id")
    await tv.page.context.close()
