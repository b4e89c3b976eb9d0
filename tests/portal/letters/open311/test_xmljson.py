"""GeoReport's two written forms: one table in both directions, and whatever the octets nothing but Nonsense."""

from __future__ import annotations

import contextlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.letters.open311.wire import Fault, Filed, Nonsense, Request, Service, Update
from portal.letters.open311.xmljson import JSON, XML, form_of, moment, read, written

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 27, 9, 30, tzinfo=ZONE)
NOUNS = (
    (Service, (Service(service_code="complain.roads", service_name="投诉: 道路", keywords="pothole"),)),
    (Filed, (Filed(service_request_id="36722981", service_notice="编号36722981"), Filed(token="t1"))),
    (
        Request,
        (
            Request(
                service_request_id="36722981",
                status="closed",
                status_notes="<b>已修好</b> & 谢谢",
                requested_datetime=MOMENT,
                expected_datetime=MOMENT,
                extended_attributes={"state": "replied"},
            ),
            Request(service_request_id="2"),
        ),
    ),
    (Update, (Update(update_id="u1", service_request_id="9", description='"]]>', updated_datetime=MOMENT),)),
    (Fault, (Fault(code="404", description="none"),)),
)


@pytest.mark.parametrize("form", [XML, JSON])
@pytest.mark.parametrize(("cls", "nouns"), NOUNS)
def test_what_is_written_is_read(cls, nouns, form) -> None:
    assert read(cls, written(cls, nouns, form), form, ZONE) == nouns


@pytest.mark.parametrize("form", [XML, JSON])
def test_an_empty_list_is_no_nonsense(form) -> None:
    assert read(Request, written(Request, (), form), form, ZONE) == ()


def test_the_examples_of_the_specification_are_read() -> None:
    """From GeoReport v2: numbers for ids, nulls, a list of requests in XML."""
    filed = b'[{"service_request_id":293944,"service_notice":"The City will inspect","account_id":null}]'
    assert read(Filed, filed, JSON, ZONE)[0].service_request_id == "293944"
    requests = b"""<?xml version="1.0" encoding="utf-8"?>
<service_requests><request><service_request_id>638344</service_request_id><status>closed</status>
<status_notes>Duplicate request.</status_notes><service_name>Sidewalk and Curb Issues</service_name>
<requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime><expected_datetime></expected_datetime>
<zipcode>94122</zipcode><lat>37.76</lat></request></service_requests>"""
    found = read(Request, requests, XML, ZONE)
    assert found[0].status_notes == "Duplicate request."
    assert found[0].requested_datetime == datetime.fromisoformat("2010-04-14T06:37:38-08:00")
    assert found[0].expected_datetime is None


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", JSON),
        (b"<html><body>502 Bad Gateway</body></html>", XML),
        (b"<html>", XML),
        (b'"ok"', JSON),
        (b"[1, 2]", JSON),
        (b'[{"status": "open"}]', JSON),
        (b"[" * 100_000, JSON),
        (b"\xff\xfe\x00", JSON),
        (b"<service_requests><request><status>open</status></request></service_requests>", XML),
        (b'[{"service_request_id": "1"}' + b',{"service_request_id": "1"}' * 3_000 + b"]", JSON),
    ],
)
def test_nonsense_is_named_so(body, form) -> None:
    with pytest.raises(Nonsense):
        read(Request, body, form, ZONE)


def test_no_entity_of_a_foreign_document_is_resolved() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b"<service_requests><request><service_request_id>1</service_request_id>"
        b"<status_notes>&f;</status_notes></request></service_requests>"
    )
    try:
        found = read(Request, bomb, XML, ZONE)
    except Nonsense:
        return
    assert "root" not in found[0].status_notes


@given(st.binary(max_size=300), st.sampled_from([XML, JSON]))
def test_whatever_the_octets_reading_ends(body, form) -> None:
    with contextlib.suppress(Nonsense):
        read(Update, body, form, ZONE)


@given(st.text(max_size=80))
def test_any_text_survives_both_forms_but_for_controls(said) -> None:
    update = Update(update_id="1", service_request_id="2", description=said)
    for form in (XML, JSON):
        (back,) = read(Update, written(Update, [update], form), form, ZONE)
        assert back.description == "".join(said.replace("\r", "\n" if form == XML else "\r").strip()) or any(
            ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or ord(char) > 0x1FFF for char in said
        )


def test_no_markup_stands_in_json() -> None:
    body = written(Request, [Request(service_request_id="1", description="<script>alert(1)</script>")], JSON)
    assert b"<" not in body


@pytest.mark.parametrize(
    ("said", "asked", "form"),
    [("text/xml", JSON, XML), ("application/json; charset=utf-8", XML, JSON), ("", JSON, JSON)],
)
def test_the_form_of_an_answer(said, asked, form) -> None:
    assert form_of(said, asked) == form


def test_moments_without_a_zone_are_the_citys() -> None:
    assert moment("2026-11-27T09:30:00", ZONE) == MOMENT
    assert moment("2026-11-27T01:30:00Z", ZONE) == MOMENT
    assert moment("tomorrow", ZONE) is None
