"""The body by readability-lxml, for pages on which no rule finds one.

It is slower and keeps less structure, so it runs only where there is text and nothing of ours took it.
"""

from __future__ import annotations

import logging

from content_sync.extract.blocks import build
from content_sync.extract.dom import parse, survey
from content_sync.extract.page import NotAPage
from portal.model import Block

MAX_MARKUP = 1_000_000
"""Characters of markup that are tried: its patterns are not made for more."""


def readable(markup: str, url: str) -> list[Block]:
    """The Blocks that readability would keep, [] where it keeps nothing or fails."""
    if len(markup) > MAX_MARKUP:
        return []
    from readability import Document  # noqa: PLC0415 - slow to import, seldom needed

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = Document(markup).summary(html_partial=True)
        seen = survey(parse(summary)[0])
    except NotAPage:
        return []
    except Exception:  # whatever its heuristics stumble over, a page without a body is the answer
        return []
    return build(seen, 0, url)[0]
