"""What the city has, and that it stays what it is from day to day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from demo.blocks import parts
from demo.city import City, build
from demo.columns import PER_PAGE, by_id, columns
from demo.content.reader import names, script
from demo.news import EPOCH, RATES, entries
from demo.pages import Portal, View

DIALLED = {"110", "114", "119", "120", "122"}


def kinds(city: City) -> Counter[str]:
    return Counter(entry.kind for entry in city.listed)


def test_numbers(city: City) -> None:
    count = kinds(city)
    assert sum(len(city.lists[column]) for column in RATES) >= 400
    assert count["disclosure"] >= 60
    assert count["matter"] >= 300
    assert count["unit"] == 60
    assert count["interview"] == 12
    assert count["fact"] >= 12
    assert count["notice"] >= 50


def test_categories() -> None:
    parents = Counter(column.parent for column in columns())
    assert parents["geren"] == 26
    assert parents["qiye"] == 24


@pytest.mark.parametrize(
    "today", [date(2026, 3, 1), date(2026, 11, 22), date(2027, 7, 1), date(2027, 12, 31)]
)
def test_every_column_lists_something(today: date) -> None:
    city = build(today)
    assert [column.id for column, listed in city.column_lists() if not listed] == []
    assert sum(len(city.lists[column]) for column in RATES) >= 400


def test_every_category_has_its_matters(city: City) -> None:
    few = [column.id for column, listed in city.column_lists() if column.kind == "matter" and len(listed) < 6]
    assert few == []


def test_news_lists_have_several_pages(portal: Portal) -> None:
    for column in (by_id()[name] for name in RATES):
        pages = -(-len(portal.city.lists[column.id]) // PER_PAGE[column.cms])
        assert pages >= 2
        assert {column.page_path(page, pages) for page in range(pages)} <= set(portal.list_paths)


def test_each_day_brings_three_to_six() -> None:
    days = Counter(entry.day for entry in entries(date(2027, 12, 31)))
    assert len(days) == (date(2027, 12, 31) - EPOCH).days + 1
    assert set(days.values()) <= {3, 4, 5, 6}


def test_titles_in_a_list_are_distinct(city: City) -> None:
    for column in RATES:
        titles = [entry.title for entry in city.lists[column]]
        assert len(titles) == len(set(titles)), column


def test_texts_that_stand_by_themselves_are_on_show(city: City) -> None:
    shown = {entry.title for column in RATES for entry in city.lists[column]}
    records = [record for name in names("news") for record in script(name) if "family" not in record.head]
    first = {record.text.partition("\n")[0].removeprefix("= ").strip() for record in records}
    assert len(first & shown) >= 60


def test_nothing_is_left_unfilled(city: City) -> None:
    for entry in city.entries:
        assert not set("{}<>~") & set(entry.title + entry.text + entry.source), entry.title


def test_tables_are_even(portal: Portal) -> None:
    for entry in portal.city.listed:
        for part in parts(entry.text):
            assert len({len(row) for row in part.rows}) <= 1, entry.title


def test_a_day_gives_the_same_bytes() -> None:
    pages = [
        {path: portal.page(path, View(), "http://city") for path in ("/", "/sitemap.xml", *portal.list_paths)}
        for portal in (Portal(build(date(2026, 11, 22))), Portal(City(date(2026, 11, 22))))
    ]
    assert pages[0] == pages[1]


def test_a_later_day_changes_no_item_and_no_address(city: City) -> None:
    later = build(city.today + timedelta(days=9))
    for entry in city.entries:
        if entry.kind != "interview":
            assert later.by_path[entry.path] == entry
    assert {entry.path for entry in city.entries if entry.kind == "interview"} <= set(later.by_path)
    fresh = [entry for entry in later.listed if entry.path not in city.by_path]
    assert len(fresh) >= 9 * 3


def test_interviews_are_announced_live_and_past(city: City) -> None:
    today = [entry.state for entry in city.lists["yugao"]]
    assert sorted(today) == sorted(["访谈预告", "访谈预告", "正在直播"])
    past = city.lists["wangqi"]
    assert len(past) == 9 and {entry.state for entry in past} == {"访谈结束"}
    assert len({entry.title for entry in (*past, *city.lists["yugao"])}) == 12


def test_an_interview_keeps_its_address_when_it_is_held(city: City) -> None:
    live = next(entry for entry in city.lists["yugao"] if entry.state == "正在直播")
    tomorrow = build(city.today + timedelta(days=1))
    assert tomorrow.by_path[live.path].state == "访谈结束"
    assert len(tomorrow.by_path[live.path].text) > len(live.text)


def test_serials_and_addresses_are_unique(city: City) -> None:
    assert len(city.by_serial) == len(city.by_path) == len(city.entries)


def test_numbers_of_columns() -> None:
    numbers = [column.number for column in columns()]
    assert len(set(numbers)) == len(numbers)
    first = {"news": "3", "services": "4", "disclosure": "5", "interviews": "6"}
    for column in columns():
        top = column
        while top.parent:
            top = by_id()[top.parent]
        own = column.page == "go"  # the number that every stranger in town is told
        assert len(column.number) == 3 and column.number[0] == ("8" if own else first[top.id])
        assert column.number not in DIALLED and len(column.name) <= 8


def test_matters_name_a_unit_and_everything_else(city: City) -> None:
    units = {entry.title for entry in city.lists["danwei"]}
    for entry in city.entries:
        if entry.kind == "matter":
            values = dict(entry.fields)
            assert len(values) - ("人群分类" in values) == 16 and all(values.values()), entry.title
            assert values["实施主体"] in units
            assert "（" in entry.title and entry.title.endswith("）")
