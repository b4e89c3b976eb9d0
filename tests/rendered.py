"""What a browser has made of a page, held against what the layout asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from playwright.async_api import Page

from remote_nav.geometry import Rect

# ECMAScript 3 and the old properties only: the same lines run in Chromium and in QtWebKit.
LOOK = """(function () {
  function rect(e) { var r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; }
  var all = document.querySelectorAll('.tv span,.tv a,.tv img,.tv object,.tv form,.tv input'),
    seen = [], i, e, up, range, text, s, high;
  for (i = 0; i < all.length; i += 1) {
    e = all[i];
    if (getComputedStyle(e).visibility === 'hidden') { continue; }
    up = e.parentNode;
    while (up && !/^(span|a|object|form)$/i.test(up.tagName)) { up = up.parentNode; }
    text = null;
    if (/^(span|a)$/i.test(e.tagName) && !e.querySelector('span,img,object') && /[^ \\s]/.test(e.textContent)) {
      range = document.createRange();
      range.selectNodeContents(e);
      text = range.getBoundingClientRect();
    }
    s = e.style;
    /* Words are as high as their lines. */
    high = s.height ? parseFloat(s.height)
      : (e.getElementsByTagName('br').length + 1) * parseFloat(getComputedStyle(e).lineHeight);
    seen.push({
      what: e.id || e.className + ' ' + e.textContent.slice(0, 12), rect: rect(e),
      asked: [parseFloat(s.left), parseFloat(s.top), parseFloat(s.width), high],
      origin: up ? rect(up).slice(0, 2) : [0, 0],
      text: text ? [text.left, text.top, text.right, text.bottom] : null,
      says: text ? e.textContent : '', kind: e.className
    });
  }
  return {
    seen: seen, focused: document.querySelectorAll('.on').length,
    scrolls: document.body.scrollWidth > innerWidth || document.body.scrollHeight > innerHeight
  };
}())"""


class Seen(TypedDict):
    """One element as `LOOK` reports it; rectangles are left, top, width, height in px, `text` is left,
    top, right, bottom of its words or None."""

    what: str
    rect: list[float]
    asked: list[float]
    origin: list[float]
    text: list[float] | None
    says: str
    kind: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A whole page as a browser shows it."""

    seen: list[Seen]
    focused: int
    scrolls: bool


async def look(page: Page) -> Looked:
    """What Chromium has made of the page it shows."""
    return Looked(**await page.evaluate(LOOK))


def faults(looked: Looked, area: Rect, slack: float = 1.0) -> Iterator[str]:
    """What is not as it should be: rectangles within `slack` px of the layout's, everything inside the
    content area, no line wider than its place, exactly one focus, nothing that scrolls."""
    for one in looked.seen:
        left, top, wide, high = one["rect"]
        wanted = [one["asked"][0] + one["origin"][0], one["asked"][1] + one["origin"][1], *one["asked"][2:]]
        if any(abs(a - b) > slack for a, b in zip(one["rect"], wanted, strict=True)):
            yield f"{one['what']} is at {one['rect']}, not at {wanted}"
        if (
            left < area.left - slack or top < area.top - slack
            or left + wide > area.right + slack or top + high > area.bottom + slack
        ):  # fmt: skip
            yield f"{one['what']} leaves the content area: {one['rect']}"
        text = one["text"]
        if text and (text[0] < left - slack or text[2] > left + wide + slack):
            yield f"{one['what']} is wider than its place: {text} in {one['rect']}"
    if looked.focused != 1:
        yield f"{looked.focused} targets have the focus"
    if looked.scrolls:
        yield "the page scrolls"
