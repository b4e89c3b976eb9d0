"""A whole sync over an origin that answers anything at all: it ends in time, loses nothing, and says why."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_sync.site import SiteFile
from content_sync.state import State
from tests.content_sync.conftest import Canned, Sync, article_page
from tests.content_sync.test_job import ENTRIES, build

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]
SECONDS = 30.0

WHOLE = article_page("一篇要闻的标题写在这里").encode()
FRAGMENTS = (
    b"<table><tr><td>" * 40, b"</html>", b"<![CDATA[", b"<!--", b"<script>", b"\x00\xff\xfe", b"&#x110000;&#0;",
    "索引号：".encode(), b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>", b"<datastore><recordset>",
    b'{"articles":[', b"\x1f\x8b\x08", b"%PDF-1.4", "\u202e\ufdd0".encode(), b"createPageHTML(99999,0,'index','html')",
    b'<meta http-equiv="refresh" content="0;url=/">', b'<a href="//[::1"></a>', b'<base href="http://[">',
)  # fmt: skip
TYPES = (
    "text/html",
    "text/html; charset=gb2312",
    "text/html; charset=no-such",
    "application/json",
    "text/xml",
    "",
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A page with bytes cut out, put in, changed and repeated; sometimes nothing but bytes."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.binary(max_size=400))
    body = bytearray(WHOLE)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        match draw(st.integers(0, 3)):
            case 0:
                del body[at : at + draw(st.integers(1, 300))]
            case 1:
                body[at:at] = draw(st.sampled_from(FRAGMENTS)) * draw(st.sampled_from((1, 1, 30)))
            case 2:
                body[at:at] = draw(st.binary(min_size=1, max_size=20))
            case _:
                body[at:] = body[at:] + body[at:]
        body = body[:200_000]
    return bytes(body)


answers = st.tuples(
    bodies(),
    st.sampled_from((200, 200, 200, 200, 404, 302, 500, 206, 299)),
    st.sampled_from(TYPES),
    st.sampled_from(("", "", "", "gzip", "deflate", "br")),
    st.sampled_from(("", "", "/", "/events/", "http://[::1", "//elsewhere.example/", "/events/1.html")),
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    pages=st.lists(answers, min_size=3, max_size=3),
    lists=st.lists(answers, max_size=1),
    seed=st.integers(0, 99),
)
async def test_any_answer_ends_in_an_item_or_a_reason(
    canned: Canned, town: Town, sync_of: SyncOf, pages: list[Any], lists: list[Any], seed: int
) -> None:
    canned.answers.clear()
    build(canned)
    sync = sync_of(town(fetch="max_bytes = 100000"))
    await sync.redis.flushall()
    await asyncio.wait_for(sync.run(), SECONDS)
    before = set(await sync.titles("events"))
    assert len(before) == len(ENTRIES)

    def put(path: str, answer: Any) -> None:
        body, status, kind, encoding, location = answer
        headers = {"Content-Type": kind} | ({"Content-Encoding": encoding} if encoding else {})
        canned.put(path, body, status=status, headers=headers | ({"Location": location} if location else {}))

    paths = random.Random(seed).sample([url for url, _, _ in ENTRIES], len(pages))
    for path, answer in zip(paths, pages, strict=True):
        put(path, answer)
    for answer in lists:
        put("/events/", answer)
    for _ in range(2):
        sync.clock.forward(8 * 86_400)
        report = await asyncio.wait_for(sync.run(full=True), SECONDS)
        assert not report.error, report.error
        assert not any("our extraction failed" in note.reason for note in report.notes), report.notes
    # Nothing is lost: each entry is shown, or stands in the state with its reason.
    state = State(sync.redis, sync.site.id)
    records = {record.url.removeprefix(canned.home): record for record in (await state.all_pages()).values()}
    shown = {head.id for head in (await sync.mirror.listing("events", 0, 100)).heads}
    for url, _, _ in ENTRIES:
        record = records.get(url[1:])
        assert record is None or record.id in shown or record.reason, (url, record)
    assert len(shown) >= len(ENTRIES) - len(pages)
