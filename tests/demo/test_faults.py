"""Each fault as a visitor meets it."""

from __future__ import annotations

import json
import time

import pytest
from tornado.httputil import HTTPHeaders
from tornado.simple_httpclient import HTTPStreamClosedError

from demo.city import City
from demo.faults import Fault, Faults, Wrong, WrongFault, read
from tests.demo.conftest import Get

LIST = "/col/col101/index.html"


async def test_slow(get: Get, faults: Faults) -> None:
    faults.set("/col/", Fault(Wrong.SLOW, seconds=0.2))
    start = time.monotonic()
    assert (await get(LIST)).code == 200
    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize("status", [500, 503, 412, 404, 410])
async def test_status(get: Get, faults: Faults, status: int) -> None:
    faults.set("/col/", Fault(Wrong.STATUS, status=status))
    answer = await get(LIST)
    assert answer.code == status and "ETag" not in answer.headers
    assert ("拦截" in answer.body.decode()) is (status == 412)
    assert (await get("/xqdt.htm")).code == 200


async def test_soft404(get: Get, faults: Faults, city: City) -> None:
    faults.set("/art/", Fault(Wrong.SOFT404))
    answer = await get(city.lists["yaowen"][0].path)
    assert answer.code == 200 and "不存在" in answer.body.decode()


async def test_truncated(get: Get, faults: Faults) -> None:
    whole = await get(LIST)
    faults.set(LIST, Fault(Wrong.TRUNCATED))
    with pytest.raises(HTTPStreamClosedError):
        await get(LIST, headers=HTTPHeaders({"If-None-Match": whole.headers["ETag"]}))


async def test_redesign(get: Get, faults: Faults, city: City) -> None:
    faults.set("/", Fault(Wrong.REDESIGN))
    entry = city.lists["yaowen"][0]
    listed, page = (await get(LIST)).body.decode(), (await get(entry.path)).body.decode()
    assert entry.title in listed and "<li>" not in listed and "href" not in listed
    assert entry.title not in page and "zoom" not in page


async def test_deletions(get: Get, faults: Faults, city: City) -> None:
    shown = city.lists["yaowen"][:18]
    fault = Fault(Wrong.DELETIONS, share=0.5)
    gone = [entry for entry in shown if fault.hits(entry)]
    assert 0 < len(gone) < len(shown)
    before = await get(LIST)
    faults.set("/art/", fault)
    after = await get(LIST, headers=HTTPHeaders({"If-None-Match": before.headers["ETag"]}))
    assert after.code == 200
    for entry in shown:
        assert (entry.title in after.body.decode()) is (entry not in gone)
        assert (await get(entry.path)).code == (404 if entry in gone else 200)
    faults.clear()
    assert (await get(LIST)).body == before.body


async def test_huge(get: Get, faults: Faults) -> None:
    faults.set(LIST, Fault(Wrong.HUGE, size=3_000_000))
    assert len((await get(LIST)).body) >= 3_000_000


async def test_redirects_never_end(get: Get, faults: Faults) -> None:
    faults.set(LIST, Fault(Wrong.REDIRECTS))
    assert (await get(LIST, follow_redirects=True, max_redirects=20)).code in (302, 599)
    answer = await get(f"{LIST}?turn=7", follow_redirects=False)
    assert answer.headers["Location"] == f"{LIST}?turn=8"


async def test_charset(get: Get, faults: Faults) -> None:
    faults.set("/", Fault(Wrong.CHARSET))
    for path, real in ((LIST, "utf-8"), ("/jgml/list.asp?lb=1", "gbk")):
        answer = await get(path)
        assert "iso-8859-1" in answer.headers["Content-Type"]
        assert b"iso-8859-1" in answer.body and "青澜市" in answer.body.decode(real)


async def test_spam(get: Get, faults: Faults) -> None:
    faults.set("/", Fault(Wrong.SPAM))
    for path, real in ((LIST, "utf-8"), ("/jgml/list.asp?lb=1", "gbk"), ("/xqdt.htm", "utf-8")):
        assert "老虎机" in (await get(path)).body.decode(real)


async def test_a_fault_heals_after_its_times(get: Get, faults: Faults) -> None:
    faults.set(LIST, Fault(Wrong.STATUS, times=2))
    assert [(await get(LIST)).code for _ in range(3)] == [500, 500, 200]
    assert faults.listed() == {}


def test_the_longest_prefix_counts() -> None:
    faults = Faults({"/": Fault(Wrong.SLOW), "/col/": Fault(Wrong.SPAM)})
    assert (found := faults.at("/col/x")) is not None and found.wrong is Wrong.SPAM
    assert (found := faults.at("/x")) is not None and found.wrong is Wrong.SLOW
    faults.clear("/")
    assert faults.at("/x") is None


async def test_control(get: Get, faults: Faults) -> None:
    async def post(body: str) -> tuple[int, bytes]:
        answer = await get("/_control/faults", method="POST", body=body)
        return answer.code, answer.body

    code, body = await post('{"prefix": "/col/", "wrong": "status", "status": 503, "times": 5}')
    assert code == 200 and json.loads(body)["/col/"]["status"] == 503
    assert (await get(LIST)).code == 503
    assert (await post('{"prefix": "/col/", "wrong": null}'))[0] == 200
    assert (await get(LIST)).code == 200
    faults.set("/", Fault(Wrong.SPAM))
    assert (await get("/_control/faults", method="DELETE")).code == 200 and faults.listed() == {}
    assert (await post("nonsense"))[0] == 400


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"prefix": 1}', '{"prefix": "/", "wrong": "unknown"}', b"\xff",
        '{"prefix": "/", "wrong": "slow", "seconds": "long"}', '{"prefix": "/", "wrong": "slow", "other": 1}',
        '{"prefix": "/", "wrong": []}', '{"prefix": "/", "wrong": "slow", "seconds": NaN}',
        '{"prefix": "/", "wrong": "status", "status": 99}', '{"prefix": "/", "wrong": "status", "status": 500.5}',
        '{"prefix": "/", "wrong": "deletions", "share": true}', '{"prefix": "/", "wrong": "huge", "size": 1e99}',
        '{"prefix": "/", "wrong": "slow", "seconds": null}',
    ],
)  # fmt: skip
def test_a_fault_that_cannot_be_read_is_named(text: str | bytes) -> None:
    with pytest.raises(WrongFault):
        read(text)
