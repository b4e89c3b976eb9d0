"""Short ways to make pages for the tests of extraction."""

from __future__ import annotations

from pathlib import Path

from content_sync.extract import Extracted, extract
from content_sync.extract.dom import Survey, parse, survey

PAGES = Path(__file__).resolve().parent.parent / "pages"
URL = "http://www.qinglan.example/zwgk/show.html"


def saved(name: str, url: str = URL, hint: str = "") -> Extracted:
    """One of the pages beside the tests, extracted."""
    return extract((PAGES / name).read_bytes(), url, "text/html", hint)


def read(body: str, url: str = URL, hint: str = "") -> Extracted:
    """A page of this markup, extracted."""
    return extract(
        f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode(), url, "", hint
    )


def look(body: str) -> Survey:
    """A page of this markup, surveyed."""
    return survey(parse(f"<html><body>{body}</body></html>")[0])
