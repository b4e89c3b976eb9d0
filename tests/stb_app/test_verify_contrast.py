"""Contrast, computed from the styles in force: every colour of words on everything that words stand on."""

from __future__ import annotations

import re
from itertools import product

import pytest
from redis.asyncio import Redis

from portal.local_redis import LocalRedis
from portal.text import LOCALES
from stb_app import render
from stb_app.layout.look import LOOKS
from stb_app.layout.view import Role
from tests import sample
from tests.browser import chromium, serving
from tests.stb_app.test_rendered import PATHS

LEAST = 4.5
"""The contrast of normal text at level AA (WCAG 2.1, 1.4.3)."""

ROLES = frozenset(role.value for role in Role)

HARSH = {"#ffffff", "#fff", "white", "#ff0000", "#f00", "red", "#000000", "#000", "black"}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rules(style: str) -> list[tuple[str, dict[str, str]]]:
    """(selector, {property: value}) for each selector of each rule."""
    return [
        (selector.strip(), dict(each.split(":", 1) for each in body.split(";") if each.strip()))
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style)
        for selector in selectors.split(",")
    ]


def sheets() -> list[str]:
    """Every style sheet that a box may get."""
    return [
        render._style(look, lang, ROLES, True, True, True) for look, lang in product(LOOKS.values(), LOCALES)
    ]


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


PAIRS = """() => {
  const ground = e => {
    const colour = getComputedStyle(e).backgroundColor;
    return /rgba\\(.*, 0\\)|transparent/.test(colour) ? ground(e.parentElement) : colour;
  };
  const found = {}, targets = [...document.querySelectorAll('a[id]')];
  const note = state => document.querySelectorAll('.tv span,.tv a').forEach(e => {
    if (!e.querySelector('span') && e.textContent.trim() && getComputedStyle(e).visibility !== 'hidden') {
      const pair = [getComputedStyle(e).color, ground(e)].join(' on ');
      found[pair] = found[pair] || state + ': ' + e.className + ' ' + e.textContent.slice(0, 12);
    }
  });
  document.querySelectorAll('.on').forEach(e => e.classList.remove('on'));
  document.activeElement.blur();
  note('without focus');
  targets.forEach(e => { e.classList.add('on'); note('focus on ' + e.id); e.classList.remove('on'); });
  targets.forEach(e => { e.focus(); note('script off, focus on ' + e.id); });
  return found;
}"""


async def test_every_word_stands_out(redis_server: LocalRedis, redis_client: Redis) -> None:
    """Each colour of words on what it really stands on, on every page, with the focus nowhere and on each
    target in turn, by our script and by the browser's own focus."""
    await sample.publish(redis_client)
    poor: dict[str, str] = {}
    pairs: set[str] = set()
    async with serving(redis_server.url, sample.SITE_ID) as (portal, _), chromium() as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        for path in PATHS:
            await page.goto(f"{portal}/tv/web-hd/{path}")
            found: dict[str, str] = await page.evaluate(PAIRS)
            pairs |= set(found)
            for pair, where in found.items():
                words, ground = (hexadecimal(each) for each in pair.split(" on "))
                if contrast(words, ground) < LEAST:
                    poor[pair] = f"{path} {where}: {contrast(words, ground):.2f}"
    assert len(pairs) >= 8
    assert not poor


def hexadecimal(colour: str) -> str:
    """rgb(1, 2, 3) as #010203; a colour that lets another through is no colour of ours."""
    numbers = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert numbers, colour
    return "#" + "".join(f"{int(number):02x}" for number in numbers.groups())


def test_nothing_is_harsh() -> None:
    """No pure white, red or black, which bloom on a television."""
    style = "".join(sheets())
    colours = {
        value for _, body in rules(style) for name, value in body.items() if name in ("color", "background")
    }
    assert len(colours) > 10
    assert not {colour.lower() for colour in colours} & HARSH
