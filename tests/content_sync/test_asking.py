"""Asking the origin how one case stands, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from content_sync import asking as ask
from content_sync import site as sites
from content_sync.site import Asking, SiteFile
from content_sync.state import State
from demo import cases
from demo.city import City
from portal.cases import OriginAway
from portal.settings import PROJECT
from tests.content_sync.conftest import Canned, DemoOrigin, page

FOUND = (
    "<table><tr><td>办件编号</td><td>QL2026-0001</td></tr><tr><td>申请人</td><td>王小明</td></tr>"
    "<tr><td>办件状态</td><td>审查</td></tr><tr><td>联系电话</td><td>13912345678</td></tr></table>"
)


async def test_the_demo_city_answers(demo: DemoOrigin, city: City, redis_client: Redis) -> None:
    """Who holds number and code sees how it stands; others see nothing."""
    site = sites.load(PROJECT / "demo" / "site.toml", demo.home)
    look = ask.asking(site, State(redis_client, site.id))
    today = city.today
    for case in cases.received(today)[-6:]:
        digits = "".join(each for each in case.number if each.isdigit())
        found = await look(digits, case.code)
        assert found is not None and found.state == case.state(today) and found.matter == case.permit
        assert (case.applicant in repr(found)) is (len(case.applicant) > 3)
        assert found.url == site.home and case.code not in repr(found)
        assert await look(digits, "000000") is None
    assert await look("999999999999", "123456") is None


Town = Callable[..., SiteFile]


def over(canned: Canned, town: Town) -> SiteFile:
    return replace(town(), asking=Asking(f"{canned.home}q?n={{number}}&c={{code}}", 6))


async def test_what_is_no_answer(canned: Canned, town: Town, redis_client: Redis) -> None:
    """Another case's page is nobody's; walls, faults, other hosts and robots.txt are an origin that is away."""
    site = over(canned, town)
    look = ask.asking(site, State(redis_client, site.id))
    canned.put("/q?n=20260001&c=123456", page("查询结果", FOUND, "办件"))
    found = await look("20260001", "123456")
    assert found is not None and found.applicant == "王**" and "139" not in repr(found)
    canned.put("/q?n=20260002&c=123456", page("查询结果", FOUND, "办件"))
    assert await look("20260002", "123456") is None
    assert await look("20260003", "123456") is None
    for number, more in (
        ("20260004", {"status": 500}),
        ("20260005", {"status": 403}),
        ("20260006", {"status": 302, "headers": {"Location": "http://127.0.0.2:9/"}}),
    ):
        canned.put(f"/q?n={number}&c=123456", "<html><body>x</body></html>", **more)
        with pytest.raises(OriginAway):
            await look(number, "123456")
    canned.put("/q?n=20260007&c=123456", page("安全验证", "<p>访问过于频繁，请输入验证码</p>", "办件"))
    with pytest.raises(OriginAway):
        await look("20260007", "123456")


async def test_robots_and_size_hold_here_too(canned: Canned, town: Town, redis_client: Redis) -> None:
    """As for the sync."""
    canned.put("/robots.txt", "User-agent: *\nDisallow: /q", headers={"Content-Type": "text/plain"})
    site = over(canned, town)
    look = ask.asking(site, State(redis_client, site.id))
    with pytest.raises(OriginAway):
        await look("20260001", "123456")
    assert "/q?n=20260001&c=123456" not in canned.paths()
