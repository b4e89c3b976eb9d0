"""Pictures that nobody uses any more."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from content_sync import review
from content_sync.service import make_run
from content_sync.site import SiteFile
from portal.errors import NotFound
from portal.writer import GRACE_SECONDS
from tests.content_sync.conftest import Canned, Sync, article_page
from tests.content_sync.test_job import ENTRIES, build

Town = Callable[..., SiteFile]
SyncOf = Callable[[SiteFile], Sync]


def illustrate(canned: Canned, **pictures: str) -> None:
    """Give entries pictures of a colour: `a0="red"` is entry 0."""
    shown: dict[int, list[str]] = {}
    for name, colour in pictures.items():
        out = io.BytesIO()
        Image.new("RGB", (300, 200), colour).save(out, "PNG")
        canned.put(f"/{colour}.png", out.getvalue(), headers={"Content-Type": "image/png"})
        shown.setdefault(int(name[1:]), []).append(
            f'<p><img src="/{colour}.png" width="300" height="200"></p>'
        )
    for place, images in shown.items():
        url, title, day = ENTRIES[place]
        body = article_page(title, f"{day} 10:00").replace(
            '<div id="zoom">', f'<div id="zoom">{"".join(images)}'
        )
        canned.put(url, body)


async def picture(sync: Sync, place: int) -> tuple[str, str]:
    """(item id, name of its picture) of what stands at a place of the list."""
    head = (await sync.mirror.listing("events", place, 1)).heads[0]
    return head.id, head.picture


async def test_what_nobody_uses_goes_after_the_grace(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    illustrate(canned, a0="red", a1="green")
    sync = sync_of(town())
    await sync.run()
    (_, red), (_, green) = await picture(sync, 0), await picture(sync, 1)
    assert red and green and red != green
    canned.article(ENTRIES[0][0], ENTRIES[0][1], f"{ENTRIES[0][2]} 10:00")
    sync.clock.forward(8 * 86_400)
    await sync.run()
    assert await picture(sync, 0) == ((await picture(sync, 0))[0], "")
    left = await sync.redis.ttl(f"sg:{{town}}:media:{red}")
    assert 0 < left <= GRACE_SECONDS
    assert await sync.redis.ttl(f"sg:{{town}}:media:{green}") == -1
    # A picture that comes back within the grace stays.
    illustrate(canned, a0="red")
    sync.clock.forward(8 * 86_400)
    await sync.run()
    assert (await picture(sync, 0))[1] == red
    assert await sync.redis.ttl(f"sg:{{town}}:media:{red}") == -1


async def test_a_withdrawn_items_pictures_go_at_once(canned: Canned, town: Town, sync_of: SyncOf) -> None:
    build(canned)
    illustrate(canned, a0="red", a1="red", a2="green")
    sync = sync_of(town())
    await sync.run()
    (first, red), (second, same), (third, green) = [await picture(sync, place) for place in range(3)]
    assert red == same != green

    async def withdraw(item: str) -> None:
        run = make_run(sync.site, sync.redis, clock=sync.clock)
        await review.withdraw(run, item, "王芳", "")
        run.close()

    await withdraw(first)
    assert (await sync.mirror.media(red)).width == 300  # the second item has it, too
    await withdraw(third)
    with pytest.raises(NotFound):
        await sync.mirror.media(green)
    await withdraw(second)
    with pytest.raises(NotFound):
        await sync.mirror.media(red)
    # Put back, it comes with its picture.
    run = make_run(sync.site, sync.redis, clock=sync.clock)
    await review.put_back(run, third, "王芳")
    run.close()
    await sync.run()
    assert (await sync.mirror.media(green)).width == 300
