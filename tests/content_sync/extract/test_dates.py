"""Dates as pages write them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_sync.extract.dates import first_moment, from_address, moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("发布时间：2024年3月5日 09:30", "2024-03-05 09:30"),
        ("2024-03-05 09∶30∶11", "2024-03-05 09:30"),
        ("2024/3/5", "2024-03-05"),
        ("2024.03.05", "2024-03-05"),
        ("2024-03-05T09:30:00+08:00", "2024-03-05 09:30"),
        ("2024年 3月 5日（星期二） 9时30分", "2024-03-05 09:30"),
        ("二〇二四年三月十五日", "2024-03-15"),
        ("一九九八年十二月三十一日", "1998-12-31"),
        ("2024-02-30", ""),
        ("电话 0999-20240-11", ""),
        ("12024-03-05", ""),
        ("", ""),
    ],
)
def test_first_moment(text: str, moment: str) -> None:
    assert first_moment(text) == moment


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.cn/art/2024/10/14/art_60085_11394426.html", "2024-10-14"),
        ("http://a.cn/zwgk/gzdt/202107/t20210713_9468077.html", "2021-07-13"),
        ("http://a.cn/2022/08-11/2559082.html", "2022-08-11"),
        ("http://a.cn/032001/20201209/0f3c-11.html", "2020-12-09"),
        ("t20210713_9468077.html", "2021-07-13"),
        ("http://a.cn/info/1114/2652.htm", ""),
        ("http://a.cn/list.asp?day=/2024/10/14/", ""),
        ("http://2024/10/14", ""),
    ],
)
def test_from_address(url: str, day: str) -> None:
    assert from_address(url) == day


def test_every_date_has_its_place() -> None:
    text = "成文 2024-01-02 发布 2024-01-05 10:00"
    assert [(text[begin:end].strip(), moment) for begin, end, moment in moments(text)] == [
        ("2024-01-02", "2024-01-02"),
        ("2024-01-05 10:00", "2024-01-05 10:00"),
    ]


@given(st.text(alphabet="0123456789-/.年月日 :：一二三〇十九T", max_size=60))
def test_what_is_found_is_a_date_of_the_calendar(text: str) -> None:
    for _, _, moment in moments(text):
        assert datetime.fromisoformat(moment)
    assert not (found := first_moment(text)) or datetime.fromisoformat(found)


@given(st.datetimes())
def test_a_written_date_is_read_back(moment: datetime) -> None:
    if 1900 <= moment.year <= 2099:
        said = f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour:02}:{moment.minute:02}"
        assert first_moment(said) == f"{moment:%Y-%m-%d %H:%M}"
