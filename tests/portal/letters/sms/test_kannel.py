"""Against Kannel itself: bearerbox, smsbox and fakesmsc of Debian, in both directions."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from tornado.testing import bind_unused_port

from portal.letters.carriers import ToCitizens
from portal.letters.courier import Courier
from portal.letters.model import Event, Role, Verb
from portal.letters.officefile import Office, SmsTable
from portal.letters.outbox import NOTICE
from portal.letters.sms.gateway import Account, Binary, Gateway, NotSent
from wap.push import Indication, datagram, document, messages

from ..conftest import TELEPHONE
from ..house import opened

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
CITY = "15907200123"
SECONDS = 20.0


def free_port() -> int:
    socket, port = bind_unused_port()
    socket.close()
    return int(port)


@dataclass
class Kannel:
    """A gateway that runs: its ports, its folder, and the telephone network behind it."""

    folder: Path
    smsc: int
    send: int
    ours: int

    def phone(self, *texts: str) -> subprocess.Popen[bytes]:
        """A telephone network that hands in these texts, and writes down what it is handed."""
        (self.folder / "phone.log").touch()
        with (self.folder / "phone.log").open("ab") as log:
            return subprocess.Popen(
                [FAKESMSC, "-r", str(self.smsc), "-i", "0.05", "-m", str(len(texts)), *texts],
                stdout=log,
                stderr=log,
            )

    async def heard(self, count: int) -> list[str]:
        """What the network was handed, once there is so much of it."""
        for _ in range(int(SECONDS / 0.05)):
            log = (self.folder / "phone.log").read_bytes().decode("latin1")
            found = re.findall(r"Got message \d+: <(.*?)>\n", log)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"the telephone network got {found}; {self.logs()}")

    def logs(self) -> str:
        return "\n".join(
            (self.folder / name).read_bytes().decode("latin1")[-1500:]
            for name in ("bearerbox.log", "smsbox.log")
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.send}/cgi-bin/sendsms"


CONFIG = """
group = core
admin-port = {admin}
admin-password = x
smsbox-port = {boxes}
log-level = 2

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
host = 127.0.0.1
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = "127.0.0.1"
log-level = 2

group = sendsms-user
username = city
password = secret
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
get-url = "http://127.0.0.1:{ours}/sms/in?from=%p&text=%b&charset=%C&id=%I&key=geheim"
accept-x-kannel-headers = true
concatenation = true
max-messages = 10
"""


@pytest.fixture(scope="module")
def kannel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    if shutil.which("bearerbox") is None or not Path(FAKESMSC).exists():
        pytest.fail("Debian's packages kannel and kannel-extras are missing: scripts/setup test")
    folder = tmp_path_factory.mktemp("kannel")
    ports = {name: free_port() for name in ("admin", "boxes", "smsc", "send", "ours")}
    config = folder / "kannel.conf"
    config.write_text(CONFIG.format(**ports))
    running = []
    for name, port in (("bearerbox", ports["smsc"]), ("smsbox", ports["send"])):
        with (folder / f"{name}.log").open("wb") as log:
            running.append(
                subprocess.Popen(
                    [shutil.which(name) or name, str(config)], stdout=log, stderr=log, cwd=folder
                )
            )
        _wait(port)
    yield Kannel(folder, ports["smsc"], ports["send"], ports["ours"])
    for process in reversed(running):
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int) -> None:
    import socket
    import time

    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers on port {port}")


def decoded(heard: str) -> str:
    """The text of a message as the telephone network writes it down."""
    _, _, kind, *rest = heard.split(" ")
    if kind == "udh":
        return unquote_to_bytes(rest[-1].replace("+", " ")).decode("utf-16-be")
    assert kind == "ucs-2", heard
    return unquote_to_bytes(rest[0].replace("+", " ")).decode("utf-16-be")


async def test_both_directions(kannel, client) -> None:
    """A text comes in and is answered; an answer of the city goes out; a push goes out octet by octet."""
    table = SmsTable(url=kannel.url, user="city", number=CITY)
    office = Office(sms=table, secrets={"sms.password_file": "secret", "sms.in_key_file": "geheim"})
    said = "路灯坏了三天了".encode("utf-16-be")
    text_in = f"{TELEPHONE} {CITY} ucs2 " + "".join(f"%{octet:02x}" for octet in said)
    async with opened(client, office, port=kannel.ours) as house:
        phone = kannel.phone(text_in)
        try:
            # 77 units are two messages, which the telephone puts together.
            first = await kannel.heard(2)
            letter = (await house.letters.of_telephone(TELEPHONE))[0]
            assert letter.text == "路灯坏了三天了"
            answer = "".join(decoded(each) for each in first)
            assert answer.startswith("【阳光政务】") and letter.number in answer
            assert answer.endswith("可查进展。")
            count = len(first)
            gateway = Gateway(Account(url=kannel.url, user="city", password="secret", sender=CITY))
            carrier = ToCitizens(house.letters, office, gateway)
            courier = Courier(house.letters, {NOTICE: carrier}, lambda: house.now)
            for verb, more in ((Verb.ACCEPT, {"unit": "roads"}), (Verb.ANSWER, {"note": "已换灯泡100%"})):
                event = Event(verb=verb, at=house.now, role=Role.ADMIN, **more)
                await house.letters.apply(letter.number, event)
            # Of one letter one thing at a time is told, in order.
            for _ in range(4):
                await courier.round()
                house.now += timedelta(seconds=30)
            after = await kannel.heard(count + 2)
            told = "".join(decoded(each) for each in after[count:])
            assert "已受理" in told and "已换灯泡100%" in told
            assert all(each.startswith(f"{CITY} {TELEPHONE} ") for each in after)
            indication = document(Indication("http://city.example/wap/l", "您的来信有新进展", "1"))
            octets = datagram(indication, 7)
            parts = messages(octets, 7)
            await gateway.push(TELEPHONE, [Binary(each.header, each.body) for each in parts])
            last = (await kannel.heard(len(after) + len(parts)))[len(after) :]
            got = [
                (
                    unquote_to_bytes(each.split(" ")[3].replace("+", " ")),
                    unquote_to_bytes(each.split(" ")[5].replace("+", " ")),
                )
                for each in last
            ]
            assert got == [(each.header, each.body) for each in parts]
            gateway.close()
        finally:
            phone.kill()
            phone.wait()


async def test_a_wrong_password_is_tried_again_and_a_wrong_number_is_not(kannel) -> None:
    wrong = Gateway(Account(url=kannel.url, user="city", password="wrong", sender=CITY))
    with pytest.raises(NotSent) as refused:
        await wrong.send(TELEPHONE, "【阳光】你好")
    assert refused.value.again
    assert "wrong" not in str(refused.value) and "你好" not in str(refused.value)
    wrong.close()
    gateway = Gateway(Account(url=kannel.url, user="city", password="secret", sender=CITY))
    with pytest.raises(NotSent) as refused:
        await gateway.send("", "【阳光】你好")
    assert not refused.value.again
    gateway.close()


async def test_a_gateway_that_is_away_is_tried_again(here) -> None:
    gateway = Gateway(Account(url=f"http://127.0.0.1:{free_port()}/cgi-bin/sendsms"))
    with pytest.raises(NotSent) as refused:
        await gateway.send(TELEPHONE, "【阳光】你好")
    assert refused.value.again
    gateway.close()


def test_an_account_does_not_print_its_password() -> None:
    assert "secret" not in repr(Account(url="http://x", user="city", password="secret"))
