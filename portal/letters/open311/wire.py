"""The nouns of Open311 GeoReport v2 as frozen data, and where each field stands in its two written forms.

Moments are aware datetimes, None where a system gives none. Texts are "" where there is none.
source   GeoReport v2 (wiki.open311.org/GeoReport_v2); servicerequestupdates as FixMyStreet extends it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from portal.errors import PortalError

OPEN, CLOSED = "open", "closed"

NO_EXTRAS: Mapping[str, str] = MappingProxyType({})


class Nonsense(PortalError):
    """What a system answered is no GeoReport; the text says in what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of request that can be filed. `group` and `keywords` help to find it."""

    service_code: str
    service_name: str
    description: str = ""
    metadata: bool = False
    type: str = "realtime"
    keywords: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The answer to filing: an id, or a token that becomes one later."""

    service_request_id: str = ""
    token: str = ""
    service_notice: str = ""
    account_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as a system shows it. `extended_attributes` hold what GeoReport has no word for."""

    service_request_id: str
    status: str = OPEN
    status_notes: str = ""
    service_name: str = ""
    service_code: str = ""
    description: str = ""
    agency_responsible: str = ""
    service_notice: str = ""
    requested_datetime: datetime | None = None
    updated_datetime: datetime | None = None
    expected_datetime: datetime | None = None
    address: str = ""
    extended_attributes: Mapping[str, str] = field(default_factory=lambda: NO_EXTRAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """News of a request. `update_id` is the system's own name for it: the same one is taken once."""

    update_id: str
    service_request_id: str
    status: str = OPEN
    updated_datetime: datetime | None = None
    description: str = ""
    agency_responsible: str = ""
    extended_attributes: Mapping[str, str] = field(default_factory=lambda: NO_EXTRAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error as GeoReport tells it: a number and a sentence."""

    code: str
    description: str


Noun = Service | Filed | Request | Update | Fault


@dataclass(frozen=True, slots=True)
class Names:
    """What a noun's list and its entries are called in XML."""

    many: str
    one: str


NAMES: Mapping[type, Names] = MappingProxyType(
    {
        Service: Names("services", "service"),
        Filed: Names("service_requests", "request"),
        Request: Names("service_requests", "request"),
        Update: Names("service_request_updates", "request_update"),
        Fault: Names("errors", "error"),
    }
)
