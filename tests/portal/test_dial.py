"""Short numbers: stable, unique, never reused for columns, matters and units."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal import dial
from portal.model import Column, Kind, Section

NEWS = Column(id="news", name="要闻", section=Section.NEWS, number="310")
ODD = Column(id="odd", name="邮编", section=Section.NEWS, number="123")


def apply(known: dict[str, str], numbering: dial.Numbering) -> dict[str, str]:
    """The table after a publish."""
    return known | dict(numbering.given)


def test_each_kind_has_its_range() -> None:
    """Columns as written, matters from 2001, units from 7001, articles below their column."""
    items = [("a", Kind.ARTICLE, "news"), ("m", Kind.MATTER, "news"), ("u", Kind.UNIT, "news")]
    given = dict(dial.number({}, [NEWS], items).given)
    assert given == {"310": "c:news", "31001": "i:a", "2001": "i:m", "7001": "i:u"}


def test_a_number_once_given_is_kept() -> None:
    """A second publish gives only what is new, and nothing that was ever given to another matter."""
    known = apply({}, dial.number({}, [NEWS], [("m1", Kind.MATTER, "news"), ("m2", Kind.MATTER, "news")]))
    again = dial.number(known, [NEWS], [("m2", Kind.MATTER, "news"), ("m3", Kind.MATTER, "news")])
    assert again.given == (("2003", "i:m3"),) and again.freed == ()


def test_articles_take_the_places_of_the_oldest() -> None:
    """As on teletext: 99 places a column, the newest article gets the place of one that has gone."""
    items = [(f"a{at}", Kind.ARTICLE, "news") for at in range(99)]
    known = apply({}, dial.number({}, [NEWS], items))
    more = dial.number(known, [NEWS], [*items, ("new", Kind.ARTICLE, "news")])
    assert more.given == (("31001", "i:new"),) and more.freed == ("i:a0",)


def test_telephones_are_never_given() -> None:
    """Below column 123 the number 12345 would come up: it is left out."""
    items = [(f"a{at}", Kind.ARTICLE, "odd") for at in range(60)]
    given = dict(dial.number({}, [ODD], items).given)
    assert "12345" not in given
    assert all(dial.is_telephone(number) for number in ("110", "12345", "95588", "12367"))


@given(st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=120, unique=True), min_size=1, max_size=5))
def test_whatever_is_published_numbers_stay_unique(publishes: list[list[int]]) -> None:
    """After any run of publishes every shown article of the newest 99 has one number of its own."""
    known: dict[str, str] = {}
    for ids in publishes:
        items = [(f"a{at}", Kind.ARTICLE, "news") for at in ids]
        known = apply(known, dial.number(known, [NEWS], items))
        targets = [target for number, target in known.items() if len(number) == 5]
        assert len(targets) == len(set(targets))
        for at in ids[-dial.PLACES :]:
            assert f"i:a{at}" in targets
