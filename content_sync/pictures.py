"""Fetching the pictures of an item. A picture that fails leaves its caption and the rest of the item."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from content_sync import check
from content_sync.fetch import Validators
from content_sync.identity import clean
from content_sync.media import BadPicture, Decoration, Picture, prepare
from content_sync.records import PictureRecord
from content_sync.report import Outcome
from content_sync.run import Run
from portal.errors import PortalError
from portal.model import AnyItem, Block, Image

MOST_PICTURES = 40
TRY_AGAIN = 3_600.0
"""Seconds before a picture that failed is asked for again."""
DECORATION = "decoration"


async def with_pictures(run: Run, item: AnyItem, column: str) -> tuple[AnyItem, bool]:
    """The item with its pictures in the mirror, and whether one failed that may come later.

    Decorations are left out; what is over MOST_PICTURES keeps its caption without a picture.
    """
    blocks: list[Block] = []
    failed, count = False, 0
    for block in item.blocks:
        if not isinstance(block, Image):
            blocks.append(block)
            continue
        count += 1
        record = await picture_of(run, block.src) if count <= MOST_PICTURES else PictureRecord()
        if record.reason == DECORATION:
            continue
        if record.reason:
            failed = True
            run.report.add(Outcome.PICTURE, column, block.src, record.reason)
        blocks.append(replace(block, media=record.media, width=record.width, height=record.height))
    return replace(item, blocks=tuple(blocks)), failed


async def picture_of(run: Run, src: str) -> PictureRecord:
    """What the mirror has of a picture; fetched now if need be. Never raises for what an origin does."""
    now = run.clock()
    known = await run.state.picture(src)
    if known is not None:
        fresh = (
            TRY_AGAIN
            if known.reason and known.reason != DECORATION
            else run.site.schedule.sweep_days * 86_400
        )
        if now - known.checked < fresh and not (
            run.full and known.media and not await run.writer.has_media(known.media)
        ):
            return known
    try:
        picture = await _fetched(run, src)
    except Decoration:
        record = PictureRecord(reason=DECORATION, checked=now)
    except PortalError as error:
        if known is not None and known.media:
            # The picture that stood stands.
            return known
        record = PictureRecord(reason=str(error), checked=now)
    else:
        await run.writer.put_media(picture.name, picture.media)
        await run.state.keep_media(picture.name)
        record = PictureRecord(
            media=picture.name, width=picture.media.width, height=picture.media.height, checked=now
        )
    await run.state.keep_picture(src, record)
    return record


async def _fetched(run: Run, src: str) -> Picture:
    got = await run.get(clean(src), Validators())
    verdict = check.judge_status(got.status)
    if not verdict.good:
        raise BadPicture(verdict.reason)
    return await asyncio.to_thread(prepare, got.body)
