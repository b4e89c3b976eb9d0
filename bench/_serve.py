"""A server for the benches, in a process of its own: `python -m bench._serve KIND PORT REDIS_URL PAGES`.

hello    a Tornado hello-world handler, no log       plain    the whole server without its lane
gateway  the WAP gateway, without sessions
lane     the whole server, with PAGES pages kept: real ones, made once, under as many addresses
asked    the same, holding the site record of now and no rows: each page asks Redis for what it lists
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import tornado.web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

import server
import wap.edition
import wap.gateway
from bench._fill import SITE_ID
from portal import settings
from portal.http.answer import Answer
from portal.http.cacheable import family_of
from portal.http.kitchen import Order
from portal.http.lane import Lane
from portal.http.serving import resident
from portal.near import NearMirror

MADE = 120
"""Pages that are really made; the others are octet for octet copies of them under other addresses."""

HELD_READS = 32
"""Reads that are held where rows are not: the site record, and what those who ask at one time are given."""

LOG = Path(os.environ.get("BENCH_LOG", os.devnull))


class Hello(tornado.web.RequestHandler):
    """As Tornado's own documentation has it."""

    def get(self) -> None:
        """Say it."""
        self.write("Hello, world")


def address(number: int) -> str:
    """One of the addresses of a bench: articles in three editions."""
    profile = ("web-hd", "ipanel-sd", "iptv-hd")[number % 3]
    return f"/tv/{profile}/h/a{number // 3}"


def copied(answer: Answer) -> Answer:
    """The same octets in memory of their own, as any two pages have."""
    body = bytes(bytearray(answer.body))
    twin = Answer(answer.status, answer.top, bytes(bytearray(answer.rest)), body, answer.gzip, answer.tag)
    twin.label, twin.item = answer.label, answer.item
    return twin


async def kept(lane: Lane, pages: int) -> None:
    """Fill the page cache."""
    made: list[Answer] = []
    until = time.monotonic() + 3600
    for number in range(pages):
        target = address(number).encode()
        family = family_of(lane.families, target)
        assert family is not None
        row = family.row(target)
        assert row is not None
        order = Order(target, family, row, family.class_of({}), {})
        if number < MADE:
            made.append(await lane.kitchen.make(order))
        depends = (f"i:a{number // 3}", f"c:n{number // 3 % 20}")
        lane.cache.put(order.key, copied(made[number % len(made)]), depends, until, order)


async def main(kind: str, port: int, redis_url: str, pages: int) -> None:
    """Serve until killed; the memory before and after filling goes to standard output."""
    sockets = bind_sockets(port, "127.0.0.1") if kind != "gateway" else []
    if kind == "hello":
        logging.disable(logging.INFO)
        HTTPServer(tornado.web.Application([(r".*", Hello)])).add_sockets(sockets)
        await asyncio.Event().wait()
    logging.basicConfig(level=logging.INFO, filename=LOG)
    sys.stderr = LOG.open("a", encoding="utf-8")  # noqa: ASYNC230 - before anything is served
    chosen = replace(
        settings.load({}), fast_lane=kind != "plain", cache_mb=int(os.environ.get("BENCH_CACHE_MB", "1000"))
    )
    if not chosen.cache_mb:
        wap.edition.REMEMBERED_OCTETS = 0  # what phones get is kept a second time, for the gateway
    context = server.make_context(chosen, redis_url, SITE_ID, "Asia/Shanghai", indexing=False)
    if kind == "asked":
        context = replace(context, mirror=NearMirror(context.mirror.redis, SITE_ID, near=HELD_READS))
    serving, _ = server.make_serving(context, redis_url)
    if kind == "gateway":
        await serving.start([])
        await wap.gateway.make(context).start((port, 0), "127.0.0.1")
    elif serving.lane is None:
        await serving.start(sockets)
    else:
        await serving.start([])
        before = resident()
        await kept(serving.lane, pages)
        print(
            json.dumps({"before": before, "after": resident(), "octets": serving.lane.cache.octets}),
            flush=True,
        )
        serving.server.add_sockets(sockets)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
