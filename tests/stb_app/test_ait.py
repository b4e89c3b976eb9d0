"""The signalling for HbbTV receivers: valid by the standard's rules, and about this very application."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from redis.asyncio import Redis
from tornado.httpclient import AsyncHTTPClient

from portal import settings
from portal.errors import WrongSetting
from portal.local_redis import LocalRedis
from stb_app.ait import Signalling, ait
from tests import sample
from tests.browser import serving

XSD = Path(__file__).parent / "data" / "ait.xsd"
MHP = {"m": "urn:dvb:mhp:2009"}
PLAIN = Signalling("PRESENT", 1, 2, (("zho", "青澜市 <政务> & \"我\""),), "http://tv.example/", "tv.example")  # fmt: skip


def valid(document: str | bytes) -> bool:
    """Whether a document keeps the rules of the schema."""
    data = document.encode() if isinstance(document, str) else document
    return etree.XMLSchema(etree.parse(XSD)).validate(etree.fromstring(data))


def test_every_name_is_text() -> None:
    """Markup in a city's name stays text, and the document stays valid."""
    written = ait(PLAIN)
    assert valid(written)
    (name,) = etree.fromstring(written.encode()).iterfind(".//m:appName", MHP)
    assert name.text == '青澜市 <政务> & "我"'


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PLAIN, control="STARTUP"), replace(PLAIN, base="tv.example"), replace(PLAIN, names=()),
        replace(PLAIN, names=(("zh-Hans", "x"),)), replace(PLAIN, application=70_000), replace(PLAIN, domain=""),
    ],
)  # fmt: skip
def test_the_schema_sees_what_is_wrong(wrong: Signalling) -> None:
    """So that it is no schema that takes everything."""
    assert not valid(ait(wrong))


async def test_served(redis_server: LocalRedis, redis_client: Redis, tmp_path: Path) -> None:
    """Three languages, the setting's control code, and the address at which the application answers."""
    await sample.publish(redis_client)
    async with serving(redis_server.url, sample.SITE_ID) as (portal, _):
        answer = await AsyncHTTPClient().fetch(f"{portal}/tv/ait.xml")
        assert answer.headers["Content-Type"].startswith("application/vnd.dvb.ait+xml")
        assert valid(answer.body)
        tree = etree.fromstring(answer.body)
        names = {each.get("Language"): each.text for each in tree.iterfind(".//m:appName", MHP)}
        assert names == {"zho": "青澜市阳光政务", "chi": "青瀾市陽光政務", "eng": "Qinglan City Online"}
        assert tree.findtext(".//m:controlCode", namespaces=MHP) == "PRESENT"
        base = tree.findtext(".//m:URLBase", namespaces=MHP)
        location = tree.findtext(".//m:applicationLocation", namespaces=MHP)
        assert f"{base}{location}" == f"{portal}/tv/hbbtv-hd/"
        assert (await AsyncHTTPClient().fetch(f"{base}{location}")).code == 200
    file = tmp_path / "ait.xml"
    file.write_bytes(answer.body)
    xmllint = shutil.which("xmllint")
    assert xmllint, "xmllint is missing: scripts/setup test installs libxml2-utils"
    subprocess.run([xmllint, "--noout", "--schema", str(XSD), str(file)], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("name", "value"), [("HBBTV_CONTROL", "KILL"), ("HBBTV_ORG", "0"), ("HBBTV_APP", "16384")]
)
def test_settings_that_cannot_be_signalled(name: str, value: str) -> None:
    """Are refused with their name."""
    with pytest.raises(WrongSetting, match=name):
        settings.load({name: value}, Path("none.toml"))
