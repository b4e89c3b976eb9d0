"""Codes and names that are made with the secret: nothing can be read out of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.letters import numbers
from portal.letters.keyed import Keyed
from tests.portal.letters.conftest import SECRET

KEYED = Keyed(SECRET)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_the_code_is_the_drafts_own(one: bytes, other: bytes) -> None:
    """The same for the same draft, six digits, and hashed with the number."""
    code = KEYED.code_of(one.hex())
    assert numbers.is_code(code) and code == KEYED.code_of(one.hex())
    hashed = KEYED.code_hash("36722981", code)
    assert code not in hashed or len(code) < 6 or hashed != code
    assert hashed != KEYED.code_hash("10000000", code)
    assert hashed != Keyed(SECRET + b"x").code_hash("36722981", code)
    if one != other:
        assert numbers.new_token() != numbers.new_token()


def test_codes_are_spread_evenly() -> None:
    """Of 20,000 codes each first digit has about its tenth."""
    first = [KEYED.code_of(f"{at:032x}")[0] for at in range(20_000)]
    assert all(1_800 < first.count(str(digit)) < 2_200 for digit in range(10))


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_subject_says_nothing(kind: str, value: str) -> None:
    """It is a keyed hash: equal for equal, and its value does not stand in it."""
    subject = KEYED.subject(kind, value)
    assert subject == KEYED.subject(kind, value)
    assert len(subject) == 24 and (len(value) < 6 or value not in subject)


def test_a_network_of_ipv6_is_one_subject() -> None:
    """As an address; as anything else the same words are what they are."""
    one, other = "2001:db8:1:2::1", "2001:db8:1:2:ffff::1"
    assert KEYED.subject("address", one) == KEYED.subject("address", other)
    assert KEYED.subject("box", one) != KEYED.subject("box", other)


def test_a_secret_that_can_be_guessed_is_refused_and_none_is_shown() -> None:
    """Neither in a log nor in a traceback."""
    with pytest.raises(ValueError, match="16 octets or more"):
        Keyed(b"short")
    assert SECRET.decode() not in repr(KEYED)
