"""The city at any size: every page its own, every list complete, served as a crawler asks for it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from content_sync import site as sites
from content_sync.extract import extract
from demo.generate import COLUMNS, MATTER_COLUMNS, UNIT_COLUMNS, Scaled

PROJECT = Path(__file__).parents[2]
HINTS = {"disclosure": "disclosure", "matter": "matter", "unit": "unit"}
ALL_COLUMNS = (*COLUMNS, *MATTER_COLUMNS, *UNIT_COLUMNS)


@pytest.fixture(scope="module")
def scaled() -> Scaled:
    return Scaled(901, matters=70, units=60)


def test_it_has_as_many_pages_as_asked_for(scaled: Scaled) -> None:
    listed = [entry for entries in scaled.listed.values() for entry in entries]
    assert len({entry.path for entry in listed}) == len({entry.serial for entry in listed}) == len(listed)
    assert len({entry.title for entry in listed}) == len(listed) == 901 + 70 + 60
    assert Counter(entry.kind for entry in listed)["matter"] == 70
    small = Scaled(8)
    assert set(small.listed) == set(COLUMNS)
    assert sites.parse(small.site_file("http://x.example/")).sources


@pytest.mark.parametrize("name", ALL_COLUMNS)
def test_its_pages_read_like_those_of_the_demo_city(scaled: Scaled, name: str) -> None:
    for entry in scaled.listed[name][::30]:
        page = scaled.page(entry.path)
        assert page is not None
        found = extract(
            page.body, f"http://x.example{entry.path}", page.content_type, HINTS.get(entry.kind, "article")
        )
        assert found.title == entry.title
        if entry.kind not in ("matter", "unit"):
            assert found.published[:10] == entry.day and found.blocks
        assert (
            "@TITLE@" not in str(found) and "1901-02-03" not in str(found) and "987654321" not in str(found)
        )


@pytest.mark.parametrize("name", ALL_COLUMNS)
def test_its_lists_lead_to_every_page(scaled: Scaled, name: str) -> None:
    source = next(
        one for one in sites.parse(scaled.site_file("http://x.example/")).sources if one.column.id == name
    )
    waiting, seen, found = [source.list], set[str](), []
    while waiting:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        page = scaled.page(url.removeprefix("http://x.example"))
        assert page is not None
        read = extract(page.body, url, page.content_type, "list")
        found += [link.title for link in read.items]
        waiting += read.pages
    assert found == [entry.title for entry in scaled.listed[name]]


def test_it_serves_and_stops(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    command = [
        sys.executable,
        "-m",
        "demo.generate",
        "--pages",
        "20",
        "--port",
        "0",
        "--site-file",
        str(file),
    ]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        home = process.stdout.readline().strip()
        assert sites.load(file).home == home
        with urllib.request.urlopen(home + "robots.txt", timeout=10) as answer:
            tag = answer.headers["ETag"]
        again = urllib.request.Request(home + "robots.txt", headers={"If-None-Match": tag})
        with pytest.raises(urllib.error.HTTPError, match="304"):
            urllib.request.urlopen(again, timeout=10)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(home + "nothing", timeout=10)
        with socket.create_connection(("127.0.0.1", int(home.rstrip("/").rpartition(":")[2]))) as raw:
            raw.sendall(b"BREW /coffee HTTP/1.1\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_wrong_sizes_and_taken_ports_are_named() -> None:
    command = [sys.executable, "-m", "demo.generate"]
    done = subprocess.run(
        [*command, "--pages", "0"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "--pages must be from 1" in done.stderr
    done = subprocess.run(
        [*command, "--matters", "-1"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "--matters must be from 0" in done.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*command, "--pages", "8", "--port", port],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1 and f"port {port} cannot be had" in done.stderr
