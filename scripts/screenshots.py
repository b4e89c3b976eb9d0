"""Draw the pictures of the README from the running program: `make screenshots`.

Starts the whole installation in a folder of its own, waits until the demo city is mirrored, and walks to
each page with the keys that a viewer would press.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "images"
READY = "Ctrl-C stops."

# name, size, edition, keys to press from its home page
PICTURES = (
    ("home", (1280, 720), "/tv/web-hd/", ""),
    ("list", (1280, 720), "/tv/web-hd/", "1 1"),
    ("article", (1280, 720), "/tv/web-hd/", "7"),
    ("matter", (1280, 720), "/tv/web-hd/", "2 1 1"),
    ("number", (1280, 720), "/tv/web-hd/", "0 5 9"),
    ("sd-home", (640, 530), "/tv/ipanel-sd/", ""),
    ("sd-list", (640, 530), "/tv/ipanel-sd/", "1 1"),
    ("remote", (1440, 860), "/remote?lang=zh-Hans", ""),
    ("wap", (240, 320), "/wap/", ""),
)


def main() -> None:
    """Start, wait, draw, stop."""
    OUT.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PORT": str(port), "DATA_DIR": folder, "WSP_PORTS": "", "REDIS_URL": ""}
        server = subprocess.Popen(
            [sys.executable, "server.py", "--all"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            _wait(server)
            _draw(f"http://127.0.0.1:{port}")
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)


def _wait(server: subprocess.Popen[str]) -> None:
    """Read along until everything is mirrored."""
    for line in server.stdout or ():
        print(line, end="")
        if READY in line:
            return
    sys.exit("the server did not start")


def _draw(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (width, height), path, keys in PICTURES:
            page: Page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
            page.goto(base + path, wait_until="networkidle")
            for key in keys.split():
                page.keyboard.press(key)
                page.wait_for_timeout(2500)
            page.screenshot(path=OUT / f"{name}.png")
            print(OUT / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
