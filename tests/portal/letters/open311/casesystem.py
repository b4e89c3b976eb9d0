"""A small case system over HTTP that can misbehave in the ways in which real ones do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler


@dataclass
class CaseSystem:
    """What it holds, and how it behaves.

    moods     what each next POST does: ok, slow, lost (taken, but the answer is cut off), nonsense, 500, 403,
              html200; ok when there are none left
    forgetful it does not look at Idempotency-Key
    """

    moods: list[str] = field(default_factory=list)
    forgetful: bool = False
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    updates: list[dict[str, str]] = field(default_factory=list)
    told: list[dict[str, str]] = field(default_factory=list)
    posts: int = 0
    url: str = ""

    def take(self, form: dict[str, str], key: str) -> str:
        if key in self.keys and not self.forgetful:
            return self.keys[key]
        name = f"R{len(self.requests) + 1}"
        self.requests[name] = {
            **form,
            "service_request_id": name,
            "status": "open",
            "requested_datetime": datetime.now().astimezone().isoformat(),
        }
        self.keys[key] = name
        return name


class _Requests(RequestHandler):
    def initialize(self, system: CaseSystem) -> None:
        self.system = system

    def get(self) -> None:
        wanted = set(filter(None, self.get_query_argument("service_request_id", "").split(",")))
        rows = [row for name, row in self.system.requests.items() if not wanted or name in wanted]
        public = [{k: v for k, v in row.items() if k not in ("phone", "api_key")} for row in rows]
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(public))

    async def post(self) -> None:
        system = self.system
        system.posts += 1
        mood = system.moods.pop(0) if system.moods else "ok"
        form = {name: self.get_body_argument(name) for name in self.request.body_arguments}
        if mood == "500":
            self.set_status(500)
            return
        if mood == "403":
            self.set_status(403)
            self.write(json.dumps([{"code": "403", "description": "api_key is wrong"}]))
            return
        if mood == "html200":
            self.write("<html>please sign in</html>")
            return
        name = system.take(form, self.request.headers.get("Idempotency-Key", ""))
        if mood == "slow":
            await asyncio.sleep(0.5)
        if mood == "lost":
            self.request.connection.stream.close()  # type: ignore[union-attr]
            return
        if mood == "nonsense":
            self.write(b"\x00\xff{{")
            return
        self.set_header("Content-Type", "application/json")
        answer = {"token": f"T{name}"} if mood == "token" else {"service_request_id": name}
        self.write(json.dumps([answer]))


class _Updates(RequestHandler):
    def initialize(self, system: CaseSystem) -> None:
        self.system = system

    def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(self.system.updates))

    def post(self) -> None:
        form = {name: self.get_body_argument(name) for name in self.request.body_arguments}
        if form["update_id"] not in {each["update_id"] for each in self.system.told}:
            self.system.told.append(form)
        self.write(json.dumps([{"update_id": form["update_id"], "service_request_id": "x"}]))


class _Tokens(RequestHandler):
    def get(self, token: str) -> None:
        self.write(json.dumps([{"token": token, "service_request_id": token.removeprefix("T")}]))


@asynccontextmanager
async def serving(system: CaseSystem, port: int = 0) -> AsyncIterator[CaseSystem]:
    """The system on a port of its own; it is gone afterwards."""
    arguments = {"system": system}
    app = Application(
        [
            (r"/v2/requests\.json", _Requests, arguments),
            (r"/v2/servicerequestupdates\.json", _Updates, arguments),
            (r"/v2/tokens/(\w+)\.json", _Tokens),
        ],
        log_function=lambda _: None,
    )
    if port:
        server = HTTPServer(app)
        server.listen(port, "127.0.0.1")
    else:
        socket, port = bind_unused_port()
        server = HTTPServer(app)
        server.add_sockets([socket])
    system.url = f"http://127.0.0.1:{port}/v2"
    try:
        yield system
    finally:
        server.stop()
        await server.close_all_connections()
