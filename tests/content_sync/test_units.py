"""Which unit a matter means."""

from __future__ import annotations

import pytest

from content_sync.units import id_for

UNITS = {
    "青澜市公安局": "u1",
    "青澜市公安局澜东分局": "u2",
    "市教育局": "u3",
    "青澜市人力资源和社会保障局": "u4",
    "青澜市社会保障局": "u5",
}


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("青澜市公安局", "u1"), ("市公安局", "u1"), ("公安局", "u1"), ("青澜市教育局", "u3"), ("澜东分局", "u2"),
        ("社会保障局", ""), ("局", ""), ("", ""), ("水利局", ""), ("青澜市 公安局", "u1"),
    ],
)  # fmt: skip
def test_units_by_the_words_of_a_matter(name: str, item: str) -> None:
    assert id_for(name, UNITS) == item
