"""The scripts on the box: real key events at the pace of a remote, the same figures as `remote_nav.repeat`."""

from __future__ import annotations

import json
import shutil
import subprocess
from urllib.parse import quote, unquote

import pytest
from lxml import html
from playwright.async_api import Browser, Page
from tornado.httpclient import AsyncHTTPClient

from remote_nav.keymap import KEY_MAPS, VK_NAMES, Action
from remote_nav.profile import Dialect
from remote_nav.repeat import HELD, PACE, Presses
from stb_app.exits import EXITS
from stb_app.render import IDLE_MS, _script
from tests.browser import Viewer, viewer

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = [
    # An echo of 40 ms; a held arrow with the repeats of a remote; two quick presses; another key between.
    [("down", 0), ("down", 40)],
    [("down", 0), *(("down", 500 + 110 * n) for n in range(9))],
    [("right", 0), ("right", 170), ("right", 340)],
    [("down", 0), ("right", 50), ("down", 100), ("down", 140)],
    [("up", 0), ("up", 100), ("up", 200), ("up", 300), ("up", 400)],
    [("red", 0), ("red", 110), ("red", 220), ("red", 330)],
    [("red", 0), ("red", 159), ("red", 319)],
    [("page_down", 0), *(("page_down", 110 * n) for n in range(1, 14))],
]


async def watch(browser: Browser, address: str, profile: str = "web-hd", **options: object) -> Viewer:
    """A viewer before a page."""
    keys = KEY_MAPS[profile]
    codes = {action.value: code for action in Action if (code := keys.code(action)) is not None}
    someone = await viewer(browser, profile.rpartition("-")[2], codes, **options)
    await someone.open(address)
    return someone


def counted(events: list[tuple[str, int]]) -> list[bool]:
    """Which events count, by the reference."""
    presses, found = Presses(), []
    for name, at in events:
        presses, counts = presses.hear(Action(name), at / 1000)
        found.append(counts)
    return found


@pytest.mark.parametrize("events", EVENTS, ids=[f"{each[0][0]}-{len(each)}" for each in EVENTS])
async def test_the_script_counts_presses_as_the_reference_does(
    browser: Browser, portal: str, events: list[tuple[str, int]]
) -> None:
    """The same series of events, by a clock of our own, with the same answers."""
    tv = await watch(browser, f"{portal}/tv/inspur-hd/", "inspur-hd")
    heard = await tv.page.evaluate(
        """([events, codes]) => {
          let now = 0, acted = 0; const began = new Date().getTime() + 10000;
          const Real = Date; window.Date = function () { return { getTime: () => began + now }; };
          // What an event does is seen in the table: each key leads to a place that only counts.
          Object.keys(P.m).forEach(id => { P.m[id] = new Proxy({}, { get: () => { acted += 1; return ''; } }); });
          P.g = {};
          const found = events.map(([name, at]) => {
            now = at; const before = acted; document.onkeydown({ which: codes[name] }); return acted > before; });
          window.Date = Real; return found; }""",
        [events, {name: KEY_MAPS["inspur-hd"].code(Action(name)) for name, _ in events}],
    )
    assert heard == counted(events)
    await tv.page.context.close()


async def test_figures_are_the_references(browser: Browser, portal: str) -> None:
    """In milliseconds, in every page."""
    tv = await watch(browser, f"{portal}/tv/ipanel-sd/c/310", "ipanel-sd")
    assert await tv.page.evaluate("[P.h, P.p]") == [
        HELD * 1000, {action.value: round(pace * 1000) for action, pace in PACE.items()}
    ]  # fmt: skip
    await tv.page.context.close()


HELD_OK = """if (location.pathname.indexOf('/c/') > 0) {
  document.addEventListener('DOMContentLoaded', function () {
    for (var n = 0; n < 5; n += 1) { document.onkeydown({ which: 13 }); } }); }"""
"""A box whose OK key is still held when a list comes."""


async def test_a_held_ok_opens_one_page(browser: Browser, portal: str) -> None:
    """Its repeats come upon the next page, which knows that the key was down already."""
    tv = await watch(browser, f"{portal}/tv/web-hd/")
    await tv.page.add_init_script(HELD_OK)
    await tv.press("ok")
    await tv.page.wait_for_timeout(500)
    assert tv.page.url == f"{portal}/tv/web-hd/c/300"
    await tv.press("ok")
    assert tv.page.url.endswith("/c/310")
    await tv.page.context.close()


PRESSED = "for (const code of [%s]) document.onkeydown({ which: code, keyCode: code });"


async def arrives(tv: Page, address: str) -> None:
    """Wait until a page is there, whatever was asked for and given up on the way."""
    there = "to => location.href === to && document.readyState === 'complete'"
    await tv.wait_for_function(there, arg=address)


async def test_digits_are_faster_than_the_page(browser: Browser, portal: str) -> None:
    """0 5 9 in one go is the number box at 59, and a held key counts once; digits that nothing waits for
    open nothing."""
    tv = await watch(browser, f"{portal}/tv/web-hd/")
    for path, keys, to in (
        ("", "48, 53, 57", "n/59"),
        ("", "48, 53, 53, 53, 57", "n/59"),
        ("c/310", "48, 53, 57", "n/59?b=c/310?f=news002"),
        ("n/5", "57, 56", "n/598"),
        ("", "49, 50, 51", "c/300"),
        ("", "48, 40, 13, 53", "n/5"),
    ):
        await tv.open(f"{portal}/tv/web-hd/{path}")
        asked: list[str] = []
        tv.page.on("framenavigated", lambda frame, asked=asked: asked.append(unquote(frame.url)))
        async with tv.page.expect_event("load"):
            await tv.page.evaluate(PRESSED % keys)
        assert asked == [f"{portal}/tv/web-hd/{to}"] == [unquote(tv.page.url)]
    await tv.page.context.close()


EARLY = """if (location.pathname === '%s') { new MutationObserver((_, watching) => {
  if (document.body) { watching.disconnect(); %s } }).observe(document, { childList: true, subtree: true }); }"""
"""Keys that come with the first of a page's body."""


async def test_keys_count_before_the_page_is_whole(browser: Browser, portal: str) -> None:
    """What is pressed before the first word stands there is not lost: digits and arrows."""
    tv = await watch(browser, f"{portal}/tv/web-hd/")
    for path, keys, to in (("n", "53, 57", "n/59"), ("c/310", "40, 38, 40", "c/310")):
        page = await tv.page.context.new_page()
        await page.add_init_script(EARLY % (f"/tv/web-hd/{path}", PRESSED % keys))
        await page.goto(f"{portal}/tv/web-hd/{path}", wait_until="commit")
        await arrives(page, f"{portal}/tv/web-hd/{to}")
        if to == path:
            assert await page.evaluate("[...document.querySelectorAll('.on')].map(e => e.id)") == ["news001"]
        await page.close()
    await tv.page.context.close()


async def test_other_pads_are_told_what_is_ahead(browser: Browser, portal: str) -> None:
    """Where the address does not hold what is typed, each page types its digit and tells the next the rest."""
    tv = await watch(browser, f"{portal}/tv/web-hd/case")
    await tv.page.evaluate(PRESSED % "49, 50, 51, 52")
    await arrives(tv.page, f"{portal}/tv/web-hd/case/1234")
    assert "1 2 3 4" in await tv.text()
    await tv.open(f"{portal}/tv/web-hd/case")
    async with tv.page.expect_event("load"):
        await tv.page.evaluate(PRESSED % "8, 50")
    assert (
        not tv.page.url.startswith(f"{portal}/tv/web-hd/case") and await tv.page.evaluate("window.name") == ""
    )
    await tv.page.context.close()


@pytest.mark.parametrize("name", ["remote", "keys", "standby", *(f"leave-{way}" for way in EXITS)])
async def test_ecmascript_3(name: str) -> None:
    """Parsed as such, reserved words nowhere; 4 kB at most, as embedded."""
    script = _script("remote", name.removeprefix("leave-")) if name.startswith("leave-") else _script(name)
    assert len(script.encode()) <= 4000
    acorn = shutil.which("acorn")
    assert acorn, "acorn is missing: scripts/setup test installs it"
    done = subprocess.run(
        [acorn, "--ecma3", "--silent"], input=script.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    node = shutil.which("node")
    assert node, "node is missing: scripts/setup test installs it"
    never = (
        "const {Parser} = require('/usr/share/nodejs/acorn');"
        "Parser.parse(require('fs').readFileSync(0, 'utf8'), {ecmaVersion: 3, allowReserved: 'never'});"
    )
    done = subprocess.run([node, "-e", never], input=script.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("dialect", "has"), [(None, (True, True)), (Dialect.DOM, (False, False)), (Dialect.RETURNS, (False, False)),
                         (Dialect.HBBTV, (True, False)), (Dialect.TIZEN, (False, True))],
)  # fmt: skip
async def test_a_box_gets_what_its_dialect_needs(dialect: Dialect | None, has: tuple[bool, bool]) -> None:
    """Of asking for keys; and names of our own are short, those of others whole."""
    script = _script("remote", "", dialect)
    assert ("getOwnerApplication" in script, "tizen.tvinputdevice" in script) == has
    assert "waiting" not in script and "clearTimeout" in script and "on|done" in _script("keys")


# --- Coloured keys ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "c/310/2", "c/411/1/matter01", "n/59", "h/news000", "help", "c/999"])
async def test_coloured_keys_on_every_page(browser: Browser, portal: str, path: str) -> None:
    """Red goes home, green and blue to the help page and from there Back to where one was; what they do can
    be selected on the home page too."""
    tv = await watch(browser, f"{portal}/tv/web-hd/{path}")
    for key in ("green", "blue"):
        await tv.open(f"{portal}/tv/web-hd/{path}")
        left = await tv.focus()
        await tv.press(key)
        assert tv.page.url.partition("?")[0] == f"{portal}/tv/web-hd/help"
        await tv.press("back")
        # Help stands not behind itself: from there Back leads to what was before it.
        before, left = ("", "help") if path == "help" else (path, left)
        assert tv.page.url.partition("?")[0] == f"{portal}/tv/web-hd/{before}" and await tv.focus() == left
    await tv.open(f"{portal}/tv/web-hd/{path}")
    await tv.press("red")
    assert tv.page.url == f"{portal}/tv/web-hd/"
    assert {"large", "help"} <= set(await tv.page.evaluate("Object.keys(P.m)"))
    await tv.page.context.close()


async def test_yellow_keeps_place_and_focus(browser: Browser, portal: str) -> None:
    """On lists the same item on whichever page it is then, and back again; elsewhere the same target."""
    tv = await watch(browser, f"{portal}/tv/web-hd/c/310/3")
    await tv.steer("news014")
    await tv.press("yellow")
    assert "/web-hd.large/" in tv.page.url and await tv.focus() == "news014"
    await tv.press("yellow")
    assert "/web-hd/" in tv.page.url and await tv.focus() == "news014"
    assert "3 / 5" in await tv.text()
    await tv.open(f"{portal}/tv/web-hd/c/310/3?f=back")
    await tv.press("yellow")
    assert await tv.focus() == "back" and "/ 6" in await tv.text()
    for path, target in (("", "talks"), ("n/59", "k5"), ("c/411/1/matter01", "unit")):
        await tv.open(f"{portal}/tv/web-hd/{path}")
        await tv.steer(target)
        await tv.press("yellow")
        assert "/web-hd.large/" + path in tv.page.url and await tv.focus() == target
    await tv.page.context.close()


async def test_yellow_keeps_what_is_being_read(browser: Browser, portal: str) -> None:
    """The first words of any screen stand on the screen that comes, at either size and at either turn."""
    tv = await watch(browser, f"{portal}/tv/web-hd/h/news005")
    address: str | None = tv.page.url
    seen = 0
    while address:
        await tv.open(address)
        first = await tv.page.evaluate(FIRST_WORDS)
        address = await tv.page.evaluate("(document.getElementById('next') || {}).href || ''")
        await tv.press("yellow")
        assert "?" not in tv.page.url.partition("?f=")[0]
        assert first in await tv.page.evaluate(ALL_WORDS)
        seen += 1
        here = await tv.page.evaluate(FIRST_WORDS)
        await tv.press("yellow")
        assert here in await tv.page.evaluate(ALL_WORDS)
    assert seen >= 2
    await tv.page.context.close()


ALL_WORDS = "[...document.querySelectorAll('.tv > .b')].map(e => e.innerText).join('').replace(/\\s/g, '')"
FIRST_WORDS = f"{ALL_WORDS}.slice(0, 8)"


# --- Standby -------------------------------------------------------------------------------------------


async def test_standby_after_ten_minutes_without_a_key(browser: Browser, portal: str) -> None:
    """Not before, and later after a key; any key wakes and does nothing else."""
    tv = await viewer(browser, "hd", {"down": 40, "ok": 13, "9": 57})
    await tv.page.clock.install()
    await tv.open(f"{portal}/tv/web-hd/c/310/2")
    await tv.page.clock.run_for(IDLE_MS - 60_000)
    await tv.page.evaluate("document.onkeydown({which: 40})")
    await tv.page.clock.run_for(IDLE_MS - 1000)
    assert tv.page.url.endswith("/c/310/2")
    focus = await tv.focus()
    await tv.page.clock.run_for(2000)
    await tv.page.wait_for_url("**/standby?*")
    words = await tv.text()
    assert "19:42" in words and "青澜市" in words
    assert await tv.page.locator("meta[http-equiv=refresh]").get_attribute("content") == "60"
    await tv.page.evaluate("document.onkeydown({which: 13})")
    await tv.page.wait_for_url("**/c/310/2?f=*")
    assert await tv.focus() == focus
    await tv.page.context.close()


async def test_the_key_that_wakes_opens_nothing(browser: Browser, portal: str) -> None:
    """However long it is held."""
    tv = await watch(browser, f"{portal}/tv/web-hd/standby?to=c/310/2")
    await tv.page.add_init_script(HELD_OK)
    await tv.press("ok")
    await tv.page.wait_for_timeout(500)
    assert tv.page.url == f"{portal}/tv/web-hd/c/310/2"
    await tv.page.context.close()


async def test_standby_wakes_without_script(browser: Browser, portal: str) -> None:
    """The whole screen is a link back."""
    tv = await viewer(browser, "sd", {}, java_script_enabled=False)
    await tv.page.goto(f"{portal}/tv/ipanel-sd/standby?to=c/310/2&f=news007")
    await tv.page.locator("a:focus").wait_for()
    await tv.page.keyboard.press("Enter")
    await tv.page.wait_for_url(f"{portal}/tv/ipanel-sd/c/310/2?f=news007")
    await tv.page.context.close()


@pytest.mark.parametrize(
    "to",
    ["http://evil.example/", "//evil.example", "javascript:alert(1)", "../../wap/", "c/310/../x", "\\evil"],
)
async def test_standby_wakes_at_places_of_ours_only(portal: str, to: str) -> None:
    """Everything else is not found; standby itself wakes at home."""
    answer = await AsyncHTTPClient().fetch(f"{portal}/tv/web-hd/standby?to={quote(to)}", raise_error=False)
    assert answer.code == 404
    answer = await AsyncHTTPClient().fetch(f"{portal}/tv/web-hd/standby?to=standby")
    assert html.fromstring(answer.body).xpath("//a/@href") == ["/tv/web-hd/"]


async def test_the_running_programme(browser: Browser, portal: str) -> None:
    """A receiver binds the object to its channel and is asked for keys; Chromium shows the picture in its
    place and no error; the programme is never covered by standby."""
    tv = await viewer(browser, "hd", {})
    errors: list[str] = []
    tv.page.on("pageerror", lambda error: errors.append(str(error)))
    await tv.open(f"{portal}/tv/hbbtv-hd/")
    live = tv.page.locator("object#lv[type='video/broadcast']")
    box = await live.bounding_box()
    assert box is not None and abs(box["width"] / box["height"] - 16 / 9) < 0.05 and box["width"] > 350
    assert await live.locator("img").is_visible() and not errors
    assert await tv.page.evaluate("P.y") is None
    await tv.page.add_init_script(
        """window.said = []; const kind = Object.getPrototypeOf(document.createElement('object'));
        kind.bindToCurrentChannel = () => window.said.push('bound');
        kind.getOwnerApplication = () => ({ show: () => window.said.push('shown'),
          privateData: { keyset: { setValue: (value) => window.said.push(value) } } });"""
    )
    await tv.open(f"{portal}/tv/hbbtv-hd/")
    assert await tv.page.evaluate("window.said") == ["shown", 0x11F, "bound"]
    await tv.open(f"{portal}/tv/web-hd/")
    assert await tv.page.locator("object").count() == 0
    await tv.page.context.close()


async def test_constants_of_the_receiver_come_before_the_table(browser: Browser, portal: str) -> None:
    """A receiver whose KeyEvent has codes of its own is steered by them; every constant is known."""
    tv = await viewer(browser, "hd", {})
    codes = {name: 1000 + at for at, name in enumerate(VK_NAMES)}
    await tv.page.add_init_script(f"window.KeyEvent = {json.dumps(codes)};")
    await tv.open(f"{portal}/tv/hbbtv-hd/")
    known = await tv.page.evaluate("P.k")
    assert {name: known[str(code)] for name, code in codes.items()} == VK_NAMES
    await tv.page.evaluate(f"document.onkeydown({{which: {codes['VK_RIGHT']}}})")
    assert await tv.focus() == "services"
    await tv.page.context.close()


LIT = """() => [...document.querySelectorAll('a,input')]
  .filter(e => getComputedStyle(e).backgroundColor === 'rgb(255, 233, 176)').map(e => e.id)"""


async def test_one_row_is_lit_while_keys_come_quickly(browser: Browser, portal: str) -> None:
    """By its colour, not by its name: the box's own focus follows later, and lights nothing."""
    tv = await watch(browser, f"{portal}/tv/web-hd/c/310")
    for key in ("ArrowDown", "ArrowDown", "Tab", "ArrowUp"):
        await tv.page.wait_for_timeout(HELD * 1000 + 20)
        await tv.page.keyboard.press(key)
        await tv.page.wait_for_timeout(30)
        assert await tv.page.evaluate(LIT) == [await tv.focus()]
    await tv.page.wait_for_timeout(400)
    assert await tv.page.evaluate("document.activeElement.id") == await tv.focus()
    await tv.page.context.close()


async def test_what_is_typed_on_the_way_into_a_field_and_out_of_it(browser: Browser, portal: str) -> None:
    """Letters that come in one go with the arrow are for the field; after the arrow out of it none is."""
    tv = await watch(browser, f"{portal}/tv/web-hd/s")
    moves: dict[str, dict[str, str]] = await tv.page.evaluate("P.m")
    before, way = next((at, key) for at, to in moves.items() for key in to if to[key] == "q")
    out = next(key for key, to in moves["q"].items() if not to.startswith("/") and key in ("up", "down"))
    await tv.steer(before)
    await tv.page.wait_for_timeout(HELD * 1000 + 20)
    await tv.page.keyboard.press(f"Arrow{way.title()}")
    assert await tv.page.evaluate("document.activeElement.id") == "q"
    await tv.page.keyboard.type("ab")
    await tv.page.keyboard.press(f"Arrow{out.title()}")
    await tv.page.keyboard.type("c")
    assert await tv.page.input_value("#q") == "ab" and await tv.focus() != "q"
    await tv.page.context.close()
