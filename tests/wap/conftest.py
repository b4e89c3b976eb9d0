"""The phone edition over a real mirror: the sample portal in a private Redis, and phones that ask it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest_asyncio
from lxml import etree
from redis.asyncio import Redis

from portal import settings
from portal.http.base import Context
from portal.search.finding import Finding
from portal.store import Mirror
from tests import sample
from wap import edition
from wap.edition import Edition
from wap.wbxml import decode

CITY = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=CITY)

PHONES: dict[str, dict[str, str]] = {
    "nokia7110": {"User-Agent": "Nokia7110/1.0 (04.84)", "Accept": "application/vnd.wap.wmlc, image/vnd.wap.wbmp"},
    "unknown": {"Accept": "text/vnd.wap.wml"},
    "palm": {"User-Agent": "Rover 1.5 (Palm; IP; OS v. 3.5.3)"},
    "nokia3510i": {"User-Agent": "Nokia3510i/1.0 (04.01)"},
    "chinese": {"User-Agent": "Nokia3510i/1.0 (04.01)", "Accept-Charset": "gb2312"},
    "nokia2730": {
        "User-Agent": "Nokia2730c/2.0 (07.60) Profile/MIDP-2.1",
        "Accept": "application/vnd.wap.xhtml+xml, text/vnd.wap.wml, */*",
    },
    "t230": {"User-Agent": "SonyEricssonT230/R101", "Accept": "application/xhtml+xml;q=0.9, image/gif"},
    "kaios": {"User-Agent": "Mozilla/5.0 (Mobile; X_3G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.1.1"},
    "w3m": {"User-Agent": "w3m/0.5.3+git20230121", "Accept": "text/html, text/*;q=0.5"},
}  # fmt: skip
"""One phone of each kind that is served differently."""

WAP_DTD = Path(edition.__file__).with_name("dtd")
XHTML_DTD = Path("/usr/share/xml/w3c-sgml-lib/schema/dtd/REC-xhtml-basic-20101123/xhtml-basic11.dtd")


@dataclass(frozen=True)
class Shown:
    """One answer as the phone reads it; `text` is the markup, decoded where it came compiled."""

    target: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    text: str
    root: etree._Element

    def keys(self) -> dict[str, str]:
        """Access key -> address."""
        found = self.root.xpath("//*[local-name()='a'][@accesskey]")
        return {str(a.get("accesskey")): str(a.get("href")) for a in found}

    def links(self) -> list[str]:
        """Every address on the page that leads on in the edition."""
        found = self.root.xpath("//*[local-name()='a' or local-name()='go']/@href")
        return [str(href) for href in found if str(href).startswith("/") and "$" not in str(href)]

    @property
    def words(self) -> str:
        """All its text."""
        return "".join(str(part) for part in self.root.itertext())


async def ask(context: Context, phone: Mapping[str, str], target: str) -> Shown:
    """What the phone gets; it must be well-formed XML, whatever it is."""
    return shown(target, await Edition(context).answer(target, phone))


def shown(target: str, answer: edition.Answer) -> Shown:
    """An answer as the phone reads it."""
    headers = dict(answer.headers)
    kind = headers["Content-Type"]
    charset = kind.partition("charset=")[2] or "utf-8"
    text = decode(answer.body) if "wmlc" in kind else answer.body.decode(charset)
    declaration = text.index("?>") + 2 if text.startswith("<?xml") else 0
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    root = etree.fromstring(text[declaration:].strip(), parser)
    return Shown(target, answer.status, headers, answer.body, text, root)


async def crawl(
    context: Context, phone: Mapping[str, str], start: str = "/wap/", most: int = 400
) -> list[Shown]:
    """Every page that links lead to; letters, which another edition answers, have tests of their own."""
    seen, queue, found = {start}, [start], []
    while queue and len(found) < most:
        page = await ask(context, phone, queue.pop(0))
        found.append(page)
        for link in page.links():
            if (
                link not in seen
                and not link.startswith(("/wap/en", "/wap/zh-", "/wap/l/"))
                and link != "/wap/l"
            ):
                seen.add(link)
                queue.append(link)
    return found


def invalid(pages: Iterable[Shown], dtd: Path, folder: Path) -> str:
    """What xmllint finds wrong with these pages by that DTD, "" where nothing is."""
    files = []
    for at, page in enumerate(pages):
        file = folder / f"{at}.xml"
        file.write_text(page.text.replace('encoding="gbk"', 'encoding="utf-8"'), encoding="utf-8")
        files.append(str(file))
    assert files
    command = ["xmllint", "--noout", "--nonet", "--dtdvalid", str(dtd), *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else done.stderr


def context_over(redis: Redis, **changes: str) -> Context:
    """A context over whatever site the sample published; `changes` of the settings."""
    mirror = Mirror(redis, sample.SITE_ID)
    chosen = replace(settings.load({}), **changes)  # type: ignore[arg-type]
    finding = Finding(redis, mirror, chosen.data_dir / "no-index", "", NOW.date)
    return Context(mirror, chosen, lambda: NOW, finding)


@pytest_asyncio.fixture
async def context(redis_client: Redis) -> AsyncIterator[Context]:
    """The sample portal, published."""
    await sample.publish(redis_client)
    yield context_over(redis_client)
