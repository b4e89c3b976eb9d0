"""The urgent notice on the home page: which one, when, and how it is marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient

from portal.local_redis import LocalRedis
from portal.model import Kind, Notice
from stb_app.notices import current
from tests import sample
from tests.browser import NOW, serving


def notice(name: str = "n1", **values: str) -> Notice:
    """A water cut this evening, unless `values` say otherwise."""
    given_values = {
        "title": "今晚停水", "published": "2026-11-22 17:00", "valid_from": "2026-11-22 19:00", "valid_until": "2026-11-22 23:00",
    } | values  # fmt: skip
    return Notice(id=name, url=f"http://o/{name}", columns=("notices",), **given_values)


@pytest.mark.parametrize(
    ("values", "stands"),
    [
        ({}, True),
        ({"valid_until": "2026-11-22 19:41"}, False),
        ({"valid_until": "2026-11-22 19:42"}, True),
        ({"valid_until": "2026-11-22"}, True),
        ({"valid_until": "2026-11-21"}, False),
        # Told a day ahead, not a week.
        ({"valid_from": "2026-11-23 19:40", "valid_until": "2026-11-24"}, True),
        ({"valid_from": "2026-11-23 20:00", "valid_until": "2026-11-24"}, False),
        ({"valid_from": "", "valid_until": "2026-11-30"}, True),
        # No end: a warning stands a day and a half, a job fair is no urgent notice.
        ({"valid_until": ""}, False),
        ({"valid_until": "", "severity": "蓝色"}, True),
        ({"valid_until": "", "severity": "蓝色", "published": "2026-11-21 07:00", "valid_from": ""}, False),
        ({"valid_until": "soon"}, False),
        ({"withdrawn": "2026-11-22 18:00"}, False),
    ],
)
def test_when_a_notice_stands(values: dict[str, str], stands: bool) -> None:
    """By the clock of the city."""
    assert (current([notice(**values)], NOW) is not None) == stands


def test_which_notice_stands() -> None:
    """The newest; one of the viewer's area before it."""
    old = notice("old", published="2026-11-22 08:00", area="城东区江南大道")
    new = notice("new", published="2026-11-22 16:00", area="城西区")
    gone = notice("gone", published="2026-11-22 18:00", valid_until="2026-11-22 19:00")
    assert current([old, new, gone], NOW) is new
    assert current([old, new, gone], NOW, "城东区") is old
    assert current([new, old], NOW, "城北区") is new
    assert current([], NOW) is None


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_date_is_answered(start: str, end: str) -> None:
    """Whatever an origin wrote."""
    current([notice(valid_from=start, valid_until=end)], NOW)


async def test_on_the_home_page(
    redis_server: LocalRedis, redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first row, with its word before its title; it opens, and it is gone when its time is over."""
    columns = tuple(
        replace(each, kind=Kind.NOTICE) if each.id == "notices" else each for each in sample.COLUMNS
    )
    monkeypatch.setattr(sample, "COLUMNS", columns)
    await sample.publish(
        redis_client, changed=(*sample.items(), notice(severity="黄色", title="寒潮来了，<请>添衣"))
    )
    async with serving(redis_server.url, sample.SITE_ID) as (portal, context):
        for edition, word in (
            ("web-hd", "黄色预警"), ("web-hd.large", "黄色预警"), ("ipanel-sd.zh-Hant", "黃色預警"),
            ("ipanel-sd.en.large", "Yellow alert"), ("hbbtv-hd", "黄色预警"),
        ):  # fmt: skip
            body = (await AsyncHTTPClient().fetch(f"{portal}/tv/{edition}/")).body
            page = html.fromstring(body)
            row = page.xpath("//a")[0]
            assert row.get("id") == "n1" and row.get("href") == f"/tv/{edition}/h/n1"
            assert row.text_content().strip().startswith(word) and len(body) <= 12_000
            assert page.xpath("//a[contains(@class, ' on')]/@id") == ["news"]
            assert page.xpath("count(//a[@id='n1'])") == 1
        assert (await AsyncHTTPClient().fetch(f"{portal}/tv/web-hd/h/n1")).code == 200
        object.__setattr__(context, "clock", lambda: NOW + timedelta(hours=4))
        page = html.fromstring((await AsyncHTTPClient().fetch(f"{portal}/tv/web-hd/")).body)
        assert not page.xpath("//a[@id='n1' and contains(@class, 'alarm')]")
