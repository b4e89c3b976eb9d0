"""Serve the origin city: `python -m demo --port 8090`. The first line printed is its address."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from datetime import date

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from demo.city import build
from demo.origin import make_app


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; returns the exit status, 1 where the port cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Serve the origin city on loopback.")
    parser.add_argument(
        "--port", type=int, default=8090, help="port on 127.0.0.1; 0 takes any free one (8090)"
    )
    parser.add_argument("--today", type=date.fromisoformat, help="stand still on this day, YYYY-MM-DD")
    asked = parser.parse_args(arguments)
    return asyncio.run(_serve(asked.port, asked.today))


async def _serve(port: int, today: date | None) -> int:
    try:
        sockets = bind_sockets(port, "127.0.0.1")
    except (OSError, OverflowError) as error:
        print(f"demo: port {port} cannot be had: {error}", file=sys.stderr)
        return 1
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    server = HTTPServer(make_app(build(today) if today else None))
    server.add_sockets(sockets)
    print(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/", flush=True)
    await stop.wait()
    server.stop()
    await server.close_all_connections()
    return 0


if __name__ == "__main__":
    sys.exit(main())
