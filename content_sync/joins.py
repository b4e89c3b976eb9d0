"""Two addresses that turn out to be one page: an old one leads to a new one by a redirect.

The page keeps the identity under which it was known first, and the new address becomes another name of
it. Where the new address had already been taken for a page of its own, that one goes. A redirect
alone proves nothing: portals lead dead addresses to a home page or a notice, so the titles must agree.
"""

from __future__ import annotations

from content_sync.extract.title import norm
from content_sync.run import Run

SHORTEST = 6
"""Characters of a title that tells one page from another; shorter ones must be equal."""


def alike(one: str, other: str) -> bool:
    """Whether two titles are of one page; lists cut theirs short."""
    left, right = sorted((norm(one), norm(other)), key=len)
    return bool(left) and (left == right or (len(left) >= SHORTEST and right.startswith(left)))


async def join(run: Run, canonical: str, title: str, url: str, url_title: str) -> str:
    """Join the known page `canonical` with the one at `url`, to which it has led.

    title, url_title  what the known page is called, and the page at `url`
    returns           the canonical address that both go by now, "" where they are not one page
    """
    async with run.joining:
        other = run.same(url)
        if other == canonical or run.ids.is_root(url) or not alike(title, url_title):
            return ""
        # What other addresses have led to already stays what it is.
        kept, gone = (other, canonical) if other in run.aliases.values() else (canonical, other)
        columns = {*run.ledger.columns_of(other), *run.ledger.columns_of(canonical)}
        await run.state.alias(gone, kept)
        run.know_alias(gone, kept)
        await run.state.touch(columns)
        run.ledger.rename(gone, kept)
        return kept
