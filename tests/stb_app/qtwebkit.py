"""An older engine: pages in Debian's QtWebKit, driven by key events. Run by the system's own Python.

Reads one JSON object from standard input: `width`, `height`, `pages` (addresses), `probe` (a script whose
value is reported), `presses` (most presses a page), `back` (Qt's name of the Back key) and `folder` (for
the pictures). Writes a JSON list, one
entry a page: the probe's value as `looked`, what went wrong with the keys as `wrong`, how many were
pressed, and the file name of the `picture`.
"""

import json
import sys
import time

from PyQt5.QtCore import QEvent, QEventLoop, QSize, Qt, QTimer, QUrl
from PyQt5.QtGui import QImage, QKeyEvent, QPainter
from PyQt5.QtWebKitWidgets import QWebView
from PyQt5.QtWidgets import QApplication

KEYS = {
    "up": Qt.Key_Up, "down": Qt.Key_Down, "left": Qt.Key_Left, "right": Qt.Key_Right, "ok": Qt.Key_Return,
}  # fmt: skip
LOAD_MS = 10_000


class Box:
    """A set-top box: one page at a time, and a remote control."""

    def __init__(self, width: int, height: int) -> None:
        self.size = QSize(width, height)
        self.view = QWebView()
        self.view.resize(self.size)
        self.view.page().setViewportSize(self.size)
        self.view.show()
        self.view.setFocus()
        self.last = ""

    def wait(self, milliseconds: int) -> None:
        """Let the engine work."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec_()

    def open(self, address: str) -> bool:
        """Load an address; whether it came."""
        loop = QEventLoop()
        self.view.loadFinished.connect(loop.quit)
        QTimer.singleShot(LOAD_MS, loop.quit)
        started = time.monotonic()
        self.view.load(QUrl(address))
        loop.exec_()
        self.last = ""
        return (time.monotonic() - started) * 1000 < LOAD_MS

    def script(self, source: str) -> object:
        """The value of a script in the page."""
        return self.view.page().mainFrame().evaluateJavaScript(source)

    def json(self, source: str) -> object:
        """The same for values with a structure."""
        return json.loads(self.script(f"JSON.stringify({source})"))

    def press(self, name: str) -> None:
        """Press and release a key; the same one twice not faster than a thumb does."""
        if name == self.last:
            self.wait(360)
        self.last = name
        for kind in (QEvent.KeyPress, QEvent.KeyRelease):
            QApplication.sendEvent(self.view, QKeyEvent(kind, KEYS[name], Qt.NoModifier))
        self.wait(1)

    def focus(self) -> str:
        """The id of what is highlighted."""
        return str(self.script("(document.querySelector('.on') || {id: ''}).id"))

    def picture(self, name: str) -> None:
        """What is on the screen, as a PNG."""
        image = QImage(self.size, QImage.Format_RGB32)
        painter = QPainter(image)
        self.view.page().mainFrame().render(painter)
        painter.end()
        image.save(name)


def next_key(stays: dict, here: str, tried: set, last: str) -> str:
    """The first arrow of the shortest way to a move that has not been tried, "" where all have been."""
    ways = {here: ""}
    queue = [here]
    for box in queue:
        fresh = sorted((key == last, key) for key in stays[box] if (box, key) not in tried)
        if fresh:
            return ways[box] or fresh[0][1]
        for key, to in stays[box].items():
            if to not in ways:
                ways[to] = ways[box] or key
                queue.append(to)
    return ""


def walk(box: Box, most: int) -> tuple[int, list[str]]:
    """Press arrows that stay on the page, new ones first; how many, and where one led elsewhere than the table."""
    stays = {
        name: {key: to for key, to in row.items() if key in KEYS and not to.startswith("/")}
        for name, row in box.json("P.m").items()
    }
    wrong: list = []
    tried: set = set()
    for pressed in range(most):
        here = box.focus()
        key = next_key(stays, here, tried, box.last)
        if not key:
            return pressed, wrong
        tried.add((here, key))
        box.press(key)
        if box.focus() != stays[here][key]:
            wrong.append(f"{key} on {here} leads to {box.focus()!r}, not to {stays[here][key]!r}")
            return pressed, wrong
    return most, wrong


def follow(box: Box) -> list[str]:
    """OK opens what is highlighted, Back leads here again."""
    here, focus = box.view.url().path(), box.focus()
    leads = str(box.script(f"document.getElementById('{focus}').getAttribute('href')")).partition("?")[0]
    box.press("ok")
    box.wait(600)
    came = box.view.url().path()
    box.press("back")
    box.wait(600)
    wrong = [] if came == leads else [f"OK leads to {came}, not to {leads}"]
    if (box.view.url().path(), box.focus()) != (here, focus):
        wrong.append(f"Back leads to {box.view.url().path()} {box.focus()}, not to {here} {focus}")
    return wrong


def main() -> None:
    """Show every page asked for."""
    asked = json.load(sys.stdin)
    KEYS["back"] = getattr(Qt, asked["back"])
    application = QApplication(sys.argv[:1])
    box = Box(asked["width"], asked["height"])
    told = []
    for at, address in enumerate(asked["pages"]):
        if not box.open(address):
            told.append({"address": address, "wrong": ["the page does not come"]})
            continue
        looked = box.json(asked["probe"])
        name = f"{asked['folder']}/{at}.png"
        box.picture(name)
        pressed, wrong = walk(box, asked["presses"])
        if at == 0:
            wrong += follow(box)
        told.append(
            {"address": address, "looked": looked, "pressed": pressed, "wrong": wrong, "picture": name}
        )
    print(json.dumps(told))
    application.quit()


if __name__ == "__main__":
    main()
