"""What strangers read: no number that leads to a person, no name that a text introduces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.letters import masks

_around = st.text(alphabet="路灯坏了请来修一下，。 ", max_size=12)


@given(_around, st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), _around)
def test_mobile_numbers_never_pass(before: str, number: str, after: str) -> None:
    """However they stand in a text; its length stays."""
    masked = masks.text(before + number + after)
    assert number not in masked and number[3:] not in masked and len(masked) == len(before + number + after)


@given(_around, st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), _around)
def test_identity_cards_never_pass(before: str, number: str, after: str) -> None:
    """Eighteen digits, or seventeen and an X."""
    assert not any(digits in masks.text(before + number + after) for digits in (number, number[6:14]))


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from((" ", "-", "　", " - ", "—", ".")))
def test_grouped_numbers_never_pass(number: str, gap: str) -> None:
    """As people group them."""
    shown = masks.text(f"电话{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}。")
    assert not any(part in shown for part in (number[3:7], number[7:]))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我叫张伟，住在3号楼2单元501室", "我叫张*，住在**********"),
        ("联系人:欧阳明，电话0999-5550001", "联系人:欧阳*，电话************"),
        ("车牌青A12345乱停", "车牌*******乱停"),
        ("邮箱a.b@c.example请回", "邮箱*************请回"),
        ("微信号lamp_2026", "************"),
        ("路灯坏了3天，12345也打过", "路灯坏了3天，12345也打过"),
        ("2026年11月22日反映", "2026年11月22日反映"),
        ("2026-11-22停水，2026-11-2213912345678", "2026-11-22停水，*********************"),
        ("", ""),
    ],
)
def test_examples(said: str, shown: str) -> None:
    """What goes and what stays."""
    assert masks.text(said) == shown


@given(st.text(max_size=60), st.text(alphabet="张伟欧阳明丽", min_size=2, max_size=4))
def test_the_writers_own_name_never_passes(said: str, writer: str) -> None:
    """Wherever it stands."""
    assert writer not in masks.text(f"{said}{writer}{said}", writer)


@given(st.text(max_size=300))
def test_any_text_can_be_masked_twice(said: str) -> None:
    """Nothing breaks, and a mask is not masked into something else."""
    once = masks.text(said)
    assert masks.text(once) == masks.text(once)


def test_telephone_and_name() -> None:
    """As their owners know them again."""
    assert masks.telephone("13912345678") == "139****5678"
    assert masks.telephone("09995550001") == "099****0001"
    assert (masks.telephone(""), masks.telephone("123")) == ("", "***")
    assert (masks.name("张伟"), masks.name("欧阳明丽"), masks.name(""), masks.name("张")) == (
        "张*",
        "欧阳**",
        "",
        "张*",
    )
