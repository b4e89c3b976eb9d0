"""A portal that moves to another address keeps what is remembered of it."""

from __future__ import annotations

from redis.asyncio import Redis

from content_sync.records import ColumnRecord, Listed, ListPage
from content_sync.state import State


async def test_what_is_remembered_moves_with_the_portal(redis_client: Redis) -> None:
    """Entries and list pages stand at the new address, other hosts stay; a second time changes nothing."""
    state = State(redis_client, "town")
    assert await state.rebase("http://old.example/") == 0
    entries = (
        Listed(url="http://old.example/art/1.html", title="一"),
        Listed(url="http://other.example/2", title="二"),
    )
    page = ListPage(url="http://old.example/col/1/index.html", entries=entries)
    await state.keep_column(
        "news", ColumnRecord(listed=entries, pages=(page,), missing={"http://old.example/art/1.html": 1})
    )
    assert await state.rebase("http://127.0.0.1:5000/") == 1
    record = (await state.columns())["news"]
    assert [entry.url for entry in record.listed] == [
        "http://127.0.0.1:5000/art/1.html",
        "http://other.example/2",
    ]
    assert record.pages[0].url == "http://127.0.0.1:5000/col/1/index.html"
    assert record.missing == {"http://127.0.0.1:5000/art/1.html": 1}
    assert await state.rebase("http://127.0.0.1:5000/") == 0
