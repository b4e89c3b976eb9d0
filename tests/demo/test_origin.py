"""The server: validators, methods, the calendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tornado.httputil import HTTPHeaders

from demo.city import City
from demo.origin import Calendar, http_date
from tests.demo.conftest import Get

PATHS = ("/", "/col/col101/index.html", "/jgml/show.asp?id=101", "/picture/0/hall-1.jpg", "/robots.txt")


@pytest.mark.parametrize("path", PATHS)
async def test_conditional_requests(get: Get, path: str) -> None:
    first = await get(path)
    assert first.code == 200
    tag, moment = first.headers["ETag"], first.headers["Last-Modified"]
    for headers, code in (
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": f'W/{tag}, "other"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": moment}, 304),
        ({"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "nonsense"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": moment}, 200),
    ):
        answer = await get(path, headers=HTTPHeaders(headers))
        assert (answer.code, len(answer.body)) == (code, 0 if code == 304 else len(first.body)), headers
        assert answer.headers["ETag"] == tag


async def test_attachments_and_sitemap(get: Get, city: City) -> None:
    paper = next(entry for entry in city.listed if "\n+ " in entry.text and entry.kind == "disclosure")
    ending = paper.text.partition("\n+ ")[2].split()[0].rpartition(".")[2]
    answer = await get(f"/attach/0/{paper.serial}-1.{ending}")
    assert answer.code == 200 and answer.headers["Content-Type"].startswith("application/")
    sitemap = await get("/sitemap.xml")
    assert sitemap.code == 200 and b"http://127.0.0.1:" in sitemap.body


async def test_methods(get: Get) -> None:
    head = await get("/col/col101/index.html", method="HEAD")
    assert head.code == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 1000
    gateway = "/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=30&perpage=15"
    form = "col=1&columnid=103&unitid=5103&webname=a"
    assert (await get(gateway, method="POST", body=form)).body.count(b"<record>") == 30
    assert (await get("/", method="POST", body="")).code == 405
    assert (await get("/nothing")).code == 404
    assert (await get("/%E4%B8%80?%")).code == 404


def test_a_new_day_brings_a_new_city() -> None:
    now = datetime(2026, 11, 21, 15, 59, tzinfo=UTC)
    calendar = Calendar(lambda: now)
    first = calendar()
    assert first.today.isoformat() == "2026-11-21" and calendar() is first
    now = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert calendar().today.isoformat() == "2026-11-22"
    assert all(entry.modified <= "2026-11-22 00:00" for entry in calendar().entries)


def test_moments_are_the_citys_own() -> None:
    assert http_date("2026-11-22 08:00") == "Sun, 22 Nov 2026 00:00:00 GMT"
