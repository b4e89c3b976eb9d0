"""Every page of the edition on every kind of phone: valid, small enough, with a way on and a way back."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from portal import codec
from portal.http.base import Context
from portal.local_redis import LocalRedis
from portal.model import Article, Paragraph, Run, Unit
from tests import sample
from tests.wap.conftest import PHONES, WAP_DTD, XHTML_DTD, ask, context_over, crawl, invalid, shown
from wap.device import VARY, Markup, recognise
from wap.edition import Edition
from wap.wbxml import compile_xml, decode


@pytest.mark.parametrize("name", PHONES)
async def test_every_page_fits_and_is_valid(name: str, context: Context, tmp_path: Path) -> None:
    phone = PHONES[name]
    device = recognise(phone)
    pages = await crawl(context, phone)
    assert len(pages) >= 40
    for page in pages:
        assert page.status == 200, page.target
        assert page.headers["Vary"] == VARY
        size = len(page.body)
        if device.markup is Markup.WML:
            size = len(compile_xml(page.text, share=device.compiled, charset=device.charset))
            assert len(page.root.xpath("//card")) == 1
            assert page.root.xpath("//card/do[@type='prev']/prev"), page.target
        assert size <= device.deck_bytes, page.target
        assert page.target == "/wap/" or "/wap/" in page.links(), page.target
        assert page.target.startswith("/wap/n") or "/wap/n" in page.links()
        assert all(len(label) <= 6 for label in page.root.xpath("//do/@label"))
        assert not page.root.xpath("//img[not(@alt)]")
    if device.markup is Markup.HTML:
        assert all(page.text.startswith("<!DOCTYPE html>\n<html") for page in pages)
    else:
        wml = device.markup is Markup.WML
        dtd = WAP_DTD / ("wml11.dtd" if device.version == "1.1" else "wml13.dtd") if wml else XHTML_DTD
        assert invalid(pages, dtd, tmp_path) == ""


async def test_the_dtds_find_what_is_wrong(context: Context, tmp_path: Path) -> None:
    page = await ask(context, PHONES["unknown"], "/wap/")
    broken = replace(page, text=page.text.replace("<p>", '<p colour="red">'))
    assert "colour" in invalid([broken], WAP_DTD / "wml11.dtd", tmp_path)
    keyed = await ask(context, PHONES["nokia3510i"], "/wap/")
    assert "accesskey" in invalid([keyed], WAP_DTD / "wml11.dtd", tmp_path)
    assert invalid([keyed], WAP_DTD / "wml13.dtd", tmp_path) == ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nokia7110", "application/vnd.wap.wmlc"),
        ("unknown", "text/vnd.wap.wml; charset=utf-8"),
        ("chinese", "text/vnd.wap.wml; charset=gbk"),
        ("nokia2730", "application/vnd.wap.xhtml+xml; charset=utf-8"),
        ("t230", "application/xhtml+xml; charset=utf-8"),
        ("kaios", "text/html; charset=utf-8"),
        ("w3m", "text/html; charset=utf-8"),
    ],
)
async def test_content_type(name: str, kind: str, context: Context) -> None:
    assert (await ask(context, PHONES[name], "/wap/")).headers["Content-Type"] == kind


@pytest.mark.parametrize("name", ["nokia7110", "palm"])
async def test_what_comes_compiled_is_read_by_libwbxml(name: str, context: Context, tmp_path: Path) -> None:
    for at, page in enumerate(await crawl(context, PHONES[name], most=25)):
        file = tmp_path / f"{at}.wmlc"
        file.write_bytes(page.body)
        done = subprocess.run(["wbxml2xml", "-o", "-", str(file)], capture_output=True, check=True)
        read = done.stdout.decode()
        assert "阳光" in read or page.root.xpath("string(//card/@title)") in read


DUMP = {
    "w3m": ("-dump", "-T", "text/html", "-I", "utf-8", "-O", "utf-8"),
    "lynx": ("-dump", "-nolist", "-force_html", "-assume_charset=utf-8", "-display_charset=utf-8"),
    "links2": ("-dump", "-html-assume-codepage", "utf-8", "-codepage", "utf-8"),
}
"""Text browsers, and how each prints a page."""


@pytest.mark.parametrize("browser", DUMP)
@pytest.mark.parametrize("name", ["w3m", "nokia2730"])
async def test_text_browsers_show_the_pages(
    name: str, browser: str, context: Context, tmp_path: Path
) -> None:
    def dump(text: str) -> str:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        command = [browser, *DUMP[browser], str(file)]
        home = {**os.environ, "HOME": str(tmp_path), "TERM": "vt100"}
        return subprocess.run(command, capture_output=True, check=True, text=True, env=home).stdout

    home = dump((await ask(context, PHONES[name], "/wap/")).text)
    keys = [line.split()[0] for line in home.splitlines() if line.strip()[:1].isdigit()]
    assert keys[:4] == ["1", "2", "3", "4"]
    matter = re.sub(r"\s+", "", dump((await ask(context, PHONES[name], "/wap/i/matter01")).text))
    for words in ("机动车驾驶证期满换证", "1.居民身份证原件", "0999-5550166", "公交8路"):
        assert words in matter


COLOURS = 20
"""More values of red, green and blue than an empty window has."""


async def test_dillo_shows_the_pages(context: Context, tmp_path: Path) -> None:
    """On a screen in memory, read by tesseract: it lays out as small phones do."""
    page = (await ask(context, PHONES["nokia2730"], "/wap/")).body

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    (tmp_path / ".dillo").mkdir()
    (tmp_path / ".dillo" / "dillorc").write_text('font_sans_serif="Noto Sans CJK SC"\nfont_factor=2.0\n')
    screen = tmp_path / "Xvfb_screen0"
    read, write = os.pipe()
    display_server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "700x300x24", "-fbdir", str(tmp_path), "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        environment = {**os.environ, "HOME": str(tmp_path), "DISPLAY": display}
        browser = subprocess.Popen(
            ["dillo", "-f", "-g", "700x300+0+0", address],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            seen, image = "", b""
            for _ in range(100):
                await asyncio.sleep(0.3)
                before, image = (
                    image,
                    subprocess.run(["xwdtopnm", str(screen)], capture_output=True, check=False).stdout,
                )
                if image == before and len(set(image)) > COLOURS:  # it has come to rest
                    seen = await asyncio.to_thread(_read, image)
                    break
            assert "新闻中心" in seen
            assert "信息公开" in seen
        finally:
            browser.kill()
            browser.wait()
    finally:
        display_server.kill()
        display_server.wait()
        server.close()


def _read(image: bytes) -> str:
    command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "6"]
    # One thread: several wait for each other on a machine that is busy.
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=image, capture_output=True, check=False, env=alone)
    return re.sub(r"\s+", "", done.stdout.decode("utf-8", "replace"))


async def test_a_matter_can_be_called(context: Context) -> None:
    wml = await ask(context, PHONES["nokia3510i"], "/wap/i/matter01")
    assert "wtai://wp/mc;09995550166" in wml.text
    html = await ask(context, PHONES["kaios"], "/wap/i/matter01")
    assert 'href="tel:09995550166"' in html.text


async def test_languages(context: Context) -> None:
    english = await ask(context, PHONES["nokia3510i"], "/wap/en/c/300")
    assert "News" in english.words
    assert all(link.startswith("/wap/en/") for link in english.links())
    hant = await ask(context, PHONES["kaios"], "/wap/zh-Hant/c/500")
    assert "信息公開" in hant.words
    home = await ask(context, PHONES["kaios"], "/wap/zh-Hant/")
    assert "/wap/" in home.links() and "/wap/en/" in home.links()


async def test_an_installation_of_another_language(redis_client: Redis) -> None:
    await sample.publish(redis_client)
    context = context_over(redis_client, locale="en")
    home = await ask(context, PHONES["kaios"], "/wap/")
    assert "News" in home.words
    assert "/wap/zh-Hans/" in home.links()


@pytest.mark.parametrize("name", ["nokia7110", "nokia2730", "kaios"])
async def test_errors_have_a_way_on(name: str, redis_client: Redis) -> None:
    await sample.publish(redis_client)
    context = context_over(redis_client)
    await ask(context, PHONES[name], "/wap/")
    for target in ("/wap/i/none", "/wap/c/999", "/wap/c/310/99", "/wap/x/y", "/wapping", "/wap/i/%00"):
        page = await ask(context, PHONES[name], target)
        assert page.status == 404, target
        assert page.headers["Cache-Control"] == "no-store"
        assert "/wap/" in page.links() and "/wap/c/300" in page.links()


async def test_a_withdrawn_item_says_no_more_than_that(context: Context, redis_client: Redis) -> None:
    head = sample.head_of(sample.articles()[3])
    gone = replace(head, withdrawn="2026-11-21 18:30", version="")
    await redis_client.hset(context.mirror.keys("heads"), head.id, codec.dump(gone))
    page = await ask(context, PHONES["nokia7110"], f"/wap/i/{head.id}")
    assert page.status == 410
    assert head.title not in page.text and "昨天 18:30" in page.words


async def test_with_redis_gone_what_was_read_stays(tmp_path: Path) -> None:
    server = LocalRedis(tmp_path / "redis")
    server.start()
    redis = Redis.from_url(server.url)
    try:
        await sample.publish(redis)
        context = context_over(redis)
        before = await ask(context, PHONES["unknown"], "/wap/")
        server.kill()
        after = await ask(context, PHONES["unknown"], "/wap/")
        assert after.status == 200 and "内容更新到" in after.words
        assert after.headers["Cache-Control"] == "no-cache"
        assert set(before.links()) == set(after.links())
        lost = await ask(context, PHONES["unknown"], "/wap/i/matter01")
        assert lost.status == 503 and lost.headers["Retry-After"]
        assert "/wap/" in lost.links()
        fresh = context_over(redis)
        nothing = await ask(fresh, PHONES["unknown"], "/wap/")
        assert nothing.status == 503 and nothing.root.xpath("//do[@type='prev']/prev")
    finally:
        server.stop()
        await redis.aclose()


async def test_before_the_first_publish(redis_client: Redis) -> None:
    page = await ask(context_over(redis_client), PHONES["kaios"], "/wap/")
    assert page.status == 503 and page.headers["Retry-After"]


HOSTILE = "价格 $5 $(x) $$ & <b> \" ' ]]> <!-- %0a 中"


async def test_hostile_text_stays_text(redis_client: Redis, tmp_path: Path) -> None:
    article = Article(
        id="a$b&c<d",
        url="http://o/x",
        title=HOSTILE,
        columns=("yaowen",),
        published="2026-11-23 09:00",
        blocks=(Paragraph((Run(HOSTILE),)),),
    )
    unit = Unit(
        id="u", url="http://o/u", title="局", columns=("units",), telephone='"><go href="x"/> 5550123'
    )
    await sample.publish(redis_client, changed=(article, unit))
    context = context_over(redis_client)
    for name, phone in PHONES.items():
        home = await ask(context, phone, "/wap/")
        link = next(href for href in home.links() if "/i/a" in href)
        assert "$" not in link
        page = await ask(context, phone, link)
        wml = recognise(phone).markup is Markup.WML
        said = page.words.replace("$$", "$") if wml else page.words
        assert said.count(HOSTILE) == 2, name
        assert not wml or "$(x:" not in decode(compile_xml(page.text))
        call = await ask(context, phone, "/wap/i/u")
        assert not call.root.xpath("//go[@href='x']")


async def test_a_text_without_any_sentence_is_cut_to_size(redis_client: Redis) -> None:
    article = Article(
        id="long", url="http://o/l", title="长" * 300, columns=("yaowen",), published="2026-11-23",
        blocks=(Paragraph((Run("政" * 4_000),)),),
    )  # fmt: skip
    await sample.publish(redis_client, changed=(article,))
    context = context_over(redis_client)
    for name in ("palm", "unknown", "chinese", "t230"):
        device = recognise(PHONES[name])
        total, target = 0, "/wap/i/long"
        while target:
            page = await ask(context, PHONES[name], target)
            total += page.words.count("政")
            if device.markup is Markup.WML:
                assert (
                    len(compile_xml(page.text, share=device.compiled, charset=device.charset))
                    <= device.deck_bytes
                )
            else:
                assert len(page.body) <= device.deck_bytes
            follow = [
                a for a in page.root.xpath("//*[local-name()='a']") if "下一页" in "".join(a.itertext())
            ]
            target = str(follow[0].get("href")) if follow else ""
        assert total == 4_000, name


async def test_a_deck_beyond_the_last_is_the_last(context: Context) -> None:
    last = await ask(context, PHONES["unknown"], "/wap/i/news001/99")
    assert last.status == 200
    assert "上一页" in last.words or "/99" not in last.text


async def test_the_number_box(context: Context) -> None:
    phone = PHONES["nokia3510i"]
    empty = await ask(context, phone, "/wap/n")
    assert empty.root.xpath("//input[@name='q']")
    assert (await ask(context, phone, "/wap/n?q=310")).words.startswith("要闻 310")
    assert "机动车驾驶证期满换证" in (await ask(context, phone, "/wap/n?q=2001")).words
    by_initials = await ask(context, phone, "/wap/n?q=59")
    assert by_initials.keys()["1"] == "/wap/i/matter01"
    assert (await ask(context, phone, "/wap/n?q=jz")).keys()["1"] == "/wap/i/matter01"
    by_name = await ask(context, phone, "/wap/n?q=%E9%A9%BE%E7%85%A7")
    assert "/wap/i/matter01" in by_name.keys().values()
    assert "wtai://wp/mc;12345" in (await ask(context, phone, "/wap/n?q=12345")).text
    nothing = await ask(context, phone, "/wap/n?q=00000")
    assert "没有找到" in nothing.words and nothing.status == 200


async def test_a_fault_is_a_page_too(context: Context) -> None:
    page = shown("/wap/", Edition(context).fault("/wap/en/", PHONES["unknown"], 500))
    assert page.status == 500 and page.root.xpath("//do[@type='prev']/prev")


@pytest.mark.parametrize("target", ["/wap", "/wap/", "/wap/1", "/wap/h", "/wap/c/310/1", "/wap/c/yaowen"])
async def test_spellings_of_addresses(target: str, context: Context) -> None:
    assert (await ask(context, PHONES["unknown"], target)).status == 200


async def test_our_own_gateway_gets_decks_that_fit_its_room(context: Context) -> None:
    edition = Edition(context)
    for room in (700, 1_296):
        target = "/wap/i/matter01"
        seen = 0
        while target:
            answer = await edition.answer(target, {"Accept": "*/*, text/vnd.wap.wml"}, room)
            page = shown(target, answer)
            seen += 1
            assert page.headers["Content-Type"] == "application/vnd.wap.wmlc"
            assert len(page.body) <= room
            following = page.root.xpath("//a[contains(., '下一页')]/@href")
            target = str(following[0]) if following else ""
        assert seen > 1 or room > 1_000
    assert len(edition.fault("/wap/", {}, 502, 300).body) <= 300


async def test_an_answer_kept_ready_ends_with_its_generation(context: Context, redis_client: Redis) -> None:
    edition = Edition(context)
    phone = PHONES["unknown"]
    first = await edition.answer("/wap/c/310", phone)
    assert await edition.answer("/wap/c/310", phone) is first
    changed = replace(sample.articles()[2], title="新的标题")
    await sample.publish(redis_client, changed=(changed,))
    assert "新的标题" in shown("", await edition.answer("/wap/c/310", phone)).words
