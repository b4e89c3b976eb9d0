"""The origin city at any size, for benches: `python -m demo.generate --pages 20000 --port 8095`.

A city of the size that the largest portals tell of: `--pages 200000 --matters 7000 --units 100`. The columns, templates and texts are the demo city's; every page has its own title, number and day.
A page is drawn once for each text that a column has, with marks in the place of what differs, so
that serving one is a replacement of bytes: the origin is never what a bench waits for. Columns
whose lists a script fills, and texts with pictures, are left out: a crawler that is compared
with the mirror fetches neither.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

from demo.blocks import scene
from demo.city import NAME, build
from demo.columns import Column, by_id
from demo.entry import Entry
from demo.pages import Page, View, draw_item, draw_list

COLUMNS = ("yaowen", "bianmin", "bumen", "jiedu", "xianqu", "wenjian", "yingji", "guihua")
"""Columns with static lists, of every CMS of the demo city."""
MATTER_COLUMNS = ("yibao", "shebao", "zhengjian", "jiazhao", "kaiban", "nashui", "canyin")
UNIT_COLUMNS = ("danwei",)
PER_PAGE = 50
TODAY = date(2026, 11, 20)
A_DAY = 5
"""Items that a column publishes on one day."""
LARGEST, MOST_MATTERS, MOST_UNITS = 200_000, 20_000, 2_000

_TITLE, _DAY, _SERIAL = "@TITLE@", "1901-02-03", 987654321
_HEAD = re.compile(rb"\A(GET|HEAD) (/[^ \r\n]{0,2000}) HTTP/1\.[01]\r\n")
_TAG = re.compile(rb"\r\nif-none-match: ?([^\r\n]{1,100})\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page drawn with marks; `encoding` is that of its bytes."""

    body: bytes
    content_type: str
    encoding: str

    def at(self, entry: Entry) -> Page:
        """The page of one entry."""
        body = self.body.replace(_TITLE.encode(), entry.title.encode(self.encoding))
        body = body.replace(_DAY.encode(), entry.day.encode()).replace(
            str(_SERIAL).encode(), str(entry.serial).encode()
        )
        return Page(body, self.content_type)


class Scaled:
    """A portal of `pages` news and files, `matters` and `units`, each spread over its columns.

    The lists come on top.
    """

    def __init__(self, pages: int, matters: int = 0, units: int = 0) -> None:
        city = build(TODAY)
        spread = [
            (by_id()[name], total // len(names) + (place < total % len(names)))
            for names, total in ((COLUMNS, pages), (MATTER_COLUMNS, matters), (UNIT_COLUMNS, units))
            for place, name in enumerate(names)
            if total
        ]
        self.columns = [column for column, _ in spread]
        self._templates: dict[tuple[str, int], _Drawn] = {}
        self._entries: dict[str, tuple[str, int, Entry]] = {}
        self._lists: dict[str, tuple[Column, int]] = {}
        self.listed: dict[str, list[Entry]] = {}
        for place, (column, count) in enumerate(spread):
            texts = [entry for entry in city.lists[column.id] if not scene(entry.text)]
            for number, entry in enumerate(texts):
                self._templates[column.id, number] = _drawn(column, entry)
            listed = [_numbered(column, texts, place, at, count) for at in range(count)]
            for at, entry in enumerate(listed):
                self._entries[entry.path] = (column.id, at % len(texts), entry)
            self.listed[column.id] = listed
            of = max(1, -(-count // PER_PAGE))
            for page in range(of):
                self._lists[column.page_path(page, of)] = (column, page)

    @property
    def list_paths(self) -> Collection[str]:
        """The addresses of all list pages."""
        return self._lists.keys()

    def page(self, path: str) -> Page | None:
        """What stands at an address, None for nothing."""
        if found := self._entries.get(path):
            column, text, entry = found
            return self._templates[column, text].at(entry)
        if path in self._lists:
            of, page = self._lists[path]
            return draw_list(of, self.listed[of.id], page, PER_PAGE, View())
        if path == "/robots.txt":
            return Page(b"User-agent: *\nAllow: /\n", "text/plain")
        return None

    def site_file(self, home: str, concurrency: int = 8) -> str:
        """The site file that mirrors it: no pause, `concurrency` requests at a time."""
        head = (
            f'[site]\nid = "scaled"\nname = "{NAME}"\nhome = "{home}"\n'
            f"[fetch]\nallow_private = true\ndelay = 0.0\nconcurrency = {concurrency}\n"
            '[[column]]\nid = "news"\nname = "新闻"\nsection = "news"\nnumber = "300"\n'
        )
        if any(_parent(column) == "services" for column in self.columns):
            head += '[[column]]\nid = "services"\nname = "服务"\nsection = "services"\nnumber = "400"\n'
        rows = [
            f'[[column]]\nid = "{column.id}"\nparent = "{_parent(column)}"\nname = "{column.name}"\n'
            f'section = "{_parent(column)}"\n'
            f'number = "{column.number}"\nkind = "{column.kind}"\nlist = "{column.list_path}"\n'
            f"limit = {max(1, len(self.listed[column.id]))}\n"
            for column in self.columns
        ]
        return head + "".join(rows)


def _parent(column: Column) -> str:
    return "services" if column.id in (*MATTER_COLUMNS, *UNIT_COLUMNS) else "news"


def _drawn(column: Column, entry: Entry) -> _Drawn:
    marked = replace(
        entry, title=_TITLE, published=f"{_DAY} 10:00", changed="", serial=_SERIAL,
        fields=tuple((name, _TITLE if value == entry.title else value) for name, value in entry.fields),
    )  # fmt: skip
    page = draw_item(column, marked, View())
    return _Drawn(page.body, page.content_type, "gbk" if column.cms == "old" else "utf-8")


def _numbered(column: Column, texts: list[Entry], place: int, at: int, count: int) -> Entry:
    """Entry `at` of a column, the newest first; serials are unique in the city and last for ever."""
    serial = 100_000 + place * LARGEST + (count - at)
    day = (TODAY - timedelta(days=at // A_DAY)).isoformat()
    text = texts[at % len(texts)]
    return replace(
        text,
        serial=serial,
        title=f"{text.title}（第{count - at}号）",
        published=f"{day} 10:00",
        path=column.item_path(serial, day),
    )


class Server(asyncio.Protocol):
    """HTTP/1.1 as far as a crawler needs it: GET and HEAD, kept connections, ETag."""

    def __init__(self, portal: Scaled, drawn: dict[str, Page]) -> None:
        self._portal = portal
        self._drawn = drawn
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request; one that is no GET ends the connection."""
        assert self._transport is not None
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            request, self._waiting = self._waiting[: end + 4], self._waiting[end + 4 :]
            found = _HEAD.match(request)
            if found is None:
                self._transport.write(
                    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
                self._transport.close()
                return
            self._transport.write(self._answer(found[1], found[2].decode("latin-1"), request))
        if len(self._waiting) > 65_536:
            self._transport.close()

    def _answer(self, method: bytes, path: str, request: bytes) -> bytes:
        page = self._drawn.get(path) or self._portal.page(path)
        if page is None:
            body = b"<html><head><title>404</title></head><body><h1>404</h1></body></html>"
            return _head("404 Not Found", {"Content-Type": "text/html"}, len(body)) + body
        if path in self._portal.list_paths:
            self._drawn[path] = page
        tag = f'"{crc32(page.body):08x}"'
        asked = _TAG.search(request)
        if asked is not None and asked[1].decode("latin-1") == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        head = _head("200 OK", {"Content-Type": page.content_type, "ETag": tag}, len(page.body))
        return head if method == b"HEAD" else head + page.body


def _head(status: str, headers: Mapping[str, str], length: int) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Server: Apache", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status, 1 where the port cannot be had."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.generate", description="Serve the origin city at any size on loopback."
    )
    parser.add_argument("--pages", type=int, default=20_000, help=f"items, 1 to {LARGEST:,} (20,000)")
    parser.add_argument(
        "--matters", type=int, default=0, help=f"matters besides, up to {MOST_MATTERS:,} (none)"
    )
    parser.add_argument("--units", type=int, default=0, help=f"units besides, up to {MOST_UNITS:,} (none)")
    parser.add_argument(
        "--port", type=int, default=8095, help="port on 127.0.0.1; 0 takes any free one (8095)"
    )
    parser.add_argument("--site-file", type=Path, help="write the site file that mirrors it")
    asked = parser.parse_args(arguments)
    if not 1 <= asked.pages <= LARGEST:
        parser.error(f"--pages must be from 1 to {LARGEST}, not {asked.pages}")
    for name, value, most in (("matters", asked.matters, MOST_MATTERS), ("units", asked.units, MOST_UNITS)):
        if not 0 <= value <= most:
            parser.error(f"--{name} must be from 0 to {most}, not {value}")
    return asyncio.run(_serve(Scaled(asked.pages, asked.matters, asked.units), asked.port, asked.site_file))


async def _serve(portal: Scaled, port: int, site_file: Path | None) -> int:
    drawn: dict[str, Page] = {}
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: Server(portal, drawn), "127.0.0.1", port, backlog=1024)
    except (OSError, OverflowError) as error:
        print(f"demo.generate: port {port} cannot be had: {error}", file=sys.stderr)
        return 1
    home = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    if site_file is not None:
        await asyncio.to_thread(site_file.write_text, portal.site_file(home), "utf-8")
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    print(home, flush=True)
    await stop.wait()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
