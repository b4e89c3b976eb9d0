"""The short numbers for a household's wall: `python -m portal.dial leaflet [-o FILE.pdf]`.

A4, two sides: all columns by section, and the matters that people want most, by the names that they say.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from redis.exceptions import RedisError

from portal import settings as setting_table
from portal.dial import item_target
from portal.errors import NotFound, PortalError
from portal.fonts import NoFont
from portal.installed import mirror_of
from portal.model import Column, Head, Kind, Site, name_in
from portal.store import Mirror
from portal.text import LOCALES, Text, text

MATTERS = 60
"""Matters that fit on the second side."""

EXIT_FAILED = 1

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class NoLeaflet(PortalError):
    """The leaflet cannot be made; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a number, what it opens, and what people call it."""

    number: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that stand under one column; "" for those right below a section."""

    name: str
    number: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One section with its groups."""

    section: str
    name: str
    number: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """All that the leaflet says, in one language."""

    title: str
    how: str
    blocks: tuple[Block, ...]
    matters_title: str
    matters: tuple[Entry, ...]
    foot: str


def make(site: Site, numbers: Mapping[str, str], matters: Iterable[Head], t: Text) -> Leaflet:
    """A leaflet of a site.

    numbers  target -> dial number        matters  heads of matters, the most wanted first
    """
    return Leaflet(
        title=t.gettext("{name}号码表").format(name=name_in(site.names, t.tag, site.name)),
        how=t.gettext("电视上按 0，再按号码；手机上打开后在号码框里输入号码，都能直接打开。"),
        blocks=tuple(_block(site, top, t) for top in site.sections()),
        matters_title=t.gettext("大家常办的事"),
        matters=tuple(
            Entry(number, head.title, head.note)
            for head in matters
            if (number := numbers.get(item_target(head.id), ""))
        )[:MATTERS],
        foot=t.gettext("这些号码不会改作他用，可以一直贴着。不会用、找不到，请打 {hotline}。").format(
            hotline=site.hotline
        ),
    )


def to_html(leaflet: Leaflet, t: Text) -> str:
    """The leaflet as a page for a browser to print."""
    script = "TC" if t.tag == "zh-Hant" else "SC"
    return _environment.get_template("leaflet.html").render(leaflet=leaflet, lang=t.tag, script=script)


def _block(site: Site, top: Column, t: Text) -> Block:
    """A section: columns without children below it first, then each group with all of its leaves."""
    children = site.children(top.id)
    leaves = [child for child in children if not site.children(child.id)]
    groups = [Group("", "", tuple(_entry(leaf, t) for leaf in leaves))] if leaves else []
    groups += [
        Group(_name(child, t), child.number, tuple(_entry(leaf, t) for leaf in site.below(child.id)))
        for child in children
        if child not in leaves
    ]
    return Block(top.section.value, _name(top, t), top.number, tuple(groups))


def _entry(column: Column, t: Text) -> Entry:
    return Entry(column.number, _name(column, t))


def _name(column: Column, t: Text) -> str:
    return name_in(column.names, t.tag, column.name)


# --- the command ----------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """`python -m portal.dial`. Returns 0, 1 where it cannot be made, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="python -m portal.dial", description="The short numbers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    leaflet = commands.add_parser("leaflet", help="the short numbers, for printing and the wall")
    leaflet.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write a .pdf or .html file [HTML to stdout]"
    )
    leaflet.add_argument("--locale", choices=LOCALES, default=LOCALES[0], help=f"language [{LOCALES[0]}]")
    leaflet.add_argument("--font", type=Path, help="a TrueType or OpenType font with Chinese, for the PDF")
    options = parser.parse_args(arguments)
    t = text(options.locale)
    try:
        _write(asyncio.run(_read(t)), options.output, t, options.font)
    except (PortalError, RedisError, OSError) as error:
        print(f"portal.dial: {error}", file=sys.stderr)
        return EXIT_FAILED
    return 0


def _write(leaflet: Leaflet, output: Path | None, t: Text, font: Path | None) -> None:
    if output is None:
        sys.stdout.write(to_html(leaflet, t))
        return
    if output.suffix.lower() == ".pdf":
        # fpdf2 and its font tools take a second to load, which the HTML page does not need.
        from portal.dial_leaflet_pdf import to_pdf  # noqa: PLC0415 - see above

        try:
            output.write_bytes(to_pdf(leaflet, t.tag, font))
        except NoFont as error:
            raise NoLeaflet(f"{error}; or print the page of `-o {output.with_suffix('.html')}`") from error
    else:
        output.write_text(to_html(leaflet, t), encoding="utf-8")
    columns = sum(len(group.entries) for block in leaflet.blocks for group in block.groups)
    print(f"{output}: {columns} columns, {len(leaflet.matters)} matters", file=sys.stderr)


async def _read(t: Text) -> Leaflet:
    redis, mirror = mirror_of(setting_table.load())
    try:
        site = await mirror.site(t.variant)
        numbers = {target: number for number, target in (await mirror.numbers()).items()}
        return make(site, numbers, await _matters(mirror, site, t.variant), t)
    finally:
        await redis.aclose()


async def _matters(mirror: Mirror, site: Site, variant: str) -> list[Head]:
    """Heads of matters: those of the first columns in the site file, where the most wanted stand."""
    heads: dict[str, Head] = {}
    for column in site.columns:
        if column.kind is not Kind.MATTER or len(heads) >= MATTERS:
            continue
        try:
            listing = await mirror.listing(column.id, 0, MATTERS, variant)
        except NotFound:
            continue
        for head in listing.heads:
            heads.setdefault(head.id, head)
    return list(heads.values())[:MATTERS]
