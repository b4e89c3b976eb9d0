"""Who is a person, and what is left of a name."""

from __future__ import annotations

import pytest

from portal.masked import applicants, hide, is_person, numbers


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("王小明", True), ("欧阳明", True), ("李海", True), ("阿依古丽·买买提", True), ("John Smith", True),
        ("李记面馆", False), ("云桥区李记面馆", False), ("青澜顺通物流有限公司", False), ("老街坊早点铺", False),
        ("市第一小学", False), ("四季水果店", False), ("青禾种植合作社", False), ("", False), ("王", False),
    ],
)  # fmt: skip
def test_who_is_a_person(name: str, person: bool) -> None:
    """Bodies and businesses are known by their words; a name of up to four characters is a person in doubt."""
    assert is_person(name) is person


def test_masks() -> None:
    """Persons keep the family name, firms all of theirs; numbers keep their ends."""
    shown, hidden = applicants("王小明、青澜顺通物流有限公司，李海")
    assert shown == "王**、青澜顺通物流有限公司，李*"
    assert hide("教师资格认定（王小明），电话13912345678", hidden) == "教师资格认定（王**），电话139****5678"
    assert (
        numbers("身份证 34012319900101123X，编号202611040410") == "身份证 340***********X，编号202611040410"
    )
    assert numbers("0999-5550166") == "0999-5550166"
