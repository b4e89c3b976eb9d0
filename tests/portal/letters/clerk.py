"""A server process for the trial: files what is posted, and delivers it; it may be killed at any moment.

python -m tests.portal.letters.clerk REDIS_URL PORT CASE_SYSTEM
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.web import Application, RequestHandler

from portal.errors import PortalError
from portal.letters.errors import NotStored, TooMany
from portal.letters.service import Letters
from portal.letters.store import LetterBox
from tests.portal.letters.conftest import RULES, SECRET, ZONE, draft

LEASE_SECONDS = 1.0


def now() -> datetime:
    """The time in the city."""
    return datetime.now(ZONE)


class FileHandler(RequestHandler):
    """POST a letter; 200 with its number is an acknowledgement, 503 promises nothing."""

    def initialize(self, letters: Letters) -> None:
        """Called by Tornado with the arguments of the route."""
        self.letters = letters

    async def post(self) -> None:
        """File it."""
        asked = json.loads(self.request.body)
        try:
            receipt = await self.letters.file(
                draft(asked["token"], telephone=asked["telephone"], phrase="", text=asked["text"]), now()
            )
        except (NotStored, TooMany, PortalError) as error:
            self.set_status(503)
            self.write({"error": str(error)})
            return
        self.write({"number": receipt.number, "code": receipt.code})


async def deliver(letters: Letters, case_system: str) -> None:
    """Empty the outbox for ever."""
    client = AsyncHTTPClient()
    while True:
        try:
            parcels = await letters.claim("case", now(), count=5, lease=LEASE_SECONDS)
            for parcel in parcels:
                body = json.dumps(
                    {"key": parcel.key, "text": parcel.letter.text, "number": parcel.letter.number}
                )
                try:
                    await client.fetch(HTTPRequest(case_system, method="POST", body=body, request_timeout=2))
                except OSError as error:
                    await letters.failed(parcel, str(error), now())
                except Exception as error:
                    await letters.failed(parcel, repr(error), now())
                else:
                    await letters.delivered(parcel, now())
        except PortalError:
            parcels = ()
        if not parcels:
            await asyncio.sleep(0.05)


async def main(redis_url: str, port: int, case_system: str) -> None:
    """Serve until killed."""
    redis = Redis.from_url(redis_url, socket_timeout=2, retry=Retry(NoBackoff(), 0))
    letters = Letters(LetterBox(redis, "trial"), RULES, SECRET, lanes=("case",))
    Application([(r"/file", FileHandler, {"letters": letters})]).listen(port, "127.0.0.1")
    await deliver(letters, case_system)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
