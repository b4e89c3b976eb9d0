"""What the proof has proved is what the browser shows: every page of the sample, on every kind of screen."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from playwright.async_api import Browser

from remote_nav.profile import PROFILES
from tests.browser import SCREENS
from tests.rendered import faults, look

pytestmark = pytest.mark.asyncio(loop_scope="module")

EDITIONS = [
    "web-hd", "web-hd.large", "hbbtv-hd", "hbbtv-hd.en.large", "ipanel-sd", "ipanel-sd.zh-Hant", "ipanel-sd.en.large",
    "tizen-fhd",
]  # fmt: skip
PATHS = [
    "", "c/300", "c/310", "c/310/2", "c/320", "c/400", "c/411", "c/490", "c/510", "c/600", "h/news000", "h/news001",
    "h/news002", "h/news002/2", "h/news002/3", "c/411/1/matter01", "c/411/1/matter01/2", "c/411/1/matter01/1/u/unit01",
    "c/411/1/matter01/1/q", "c/490/1/unit01", "c/510/1/file0001", "c/510/1/file0001/2", "c/600/1/talk0001", "n", "n/59",
    "n/5999999", "help", "c/999", "keys?app=", "standby?to=c/310", "c/310/3?f=back",
]  # fmt: skip


@pytest.mark.parametrize("edition", EDITIONS)
async def test_every_page_is_where_the_layout_put_it(browser: Browser, portal: str, edition: str) -> None:
    """Rectangles within a pixel, all inside the content area, no line wider than its place, one focus."""
    profile = PROFILES[edition.split(".", maxsplit=1)[0]]
    width, height = SCREENS[profile.size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    found: list[str] = []
    for path in PATHS:
        response = await page.goto(f"{portal}/tv/{edition}/{path}")
        assert response is not None and response.status == (404 if path == "c/999" else 200), path
        looked = await look(page)
        assert len(looked.seen) > 3, path
        found += [f"{path}: {fault}" for fault in faults(looked, profile.area)]
    await context.close()
    assert not found, "\n".join(found[:12])


async def test_markup_is_well_formed_and_light(browser: Browser, portal: str) -> None:
    """Each page parses as XML, weighs at most 12 kB, and its script at most 4 kB."""
    page = await browser.new_page()
    for edition in ("hbbtv-hd", "ipanel-sd", "web-hd"):
        for path in PATHS:
            response = await page.request.get(f"{portal}/tv/{edition}/{path}")
            body = await response.body()
            assert len(body) <= 12_000, (edition, path, len(body))
            text = re.sub(r"<!DOCTYPE[^>]*>", "", body.decode())
            if edition == "hbbtv-hd":
                text = text.partition("?>")[2]
            else:
                # Only XHTML marks its script as character data; in HTML it is plain.
                text = re.sub(r"<script.*?</script>", "", text, flags=re.S)
            etree.fromstring(text, etree.XMLParser(resolve_entities=False))
            script = re.search(r"<script[^>]*>(.*?)</script>", body.decode(), re.S)
            # What is said of this page, its table, comes before the script that is the same on all of them.
            assert (
                script is not None and len(re.sub(r"(?s)^.*?var P=[^\n]*\n", "", script[1]).encode()) <= 4_000
            )
    await page.close()


async def test_the_hbbtv_type_goes_to_hbbtv_browsers_only(browser: Browser, portal: str) -> None:
    """A computer that looks at the HbbTV edition gets a page that it can show."""
    page = await browser.new_page()
    plain = await page.request.get(f"{portal}/tv/hbbtv-hd/")
    assert plain.headers["content-type"].startswith("text/html")
    agent = "Mozilla/5.0 (Linux; U) HbbTV/1.2.1 (;Acme;Set;1;1;) Presto/2.12"
    hbbtv = await page.request.get(f"{portal}/tv/hbbtv-hd/", headers={"User-Agent": agent})
    assert hbbtv.headers["content-type"].startswith("application/vnd.hbbtv.xhtml+xml")
    await page.close()
