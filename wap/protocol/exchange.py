"""A phone's request as HTTP knows it, and the answer as the phone reads it."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_from_bytes

from wap.protocol.assigned import Version
from wap.protocol.headers import (
    REMEMBERED_OCTETS,
    Headers,
    decode_content_type,
    decode_headers,
    encode_content_type,
    encode_headers,
)
from wap.protocol.status import encode_status
from wap.protocol.wsp_pdu import METHODS, Method, Reply, encode


def _names(text: str) -> list[str]:
    return text.split()


# What names the subscriber or the way the request came is never believed from a phone: whoever can send
# a datagram can write it.
PRIVATE = frozenset(
    _names("""
    x-up-calling-line-id x-up-subno x-up-forwarded-for x-wap-msisdn x-msisdn msisdn
    x-nokia-msisdn x-nokia-alias x-nokia-ipaddress x-network-info x-wap-network-client-msisdn
    x-h3g-msisdn x-orange-id x-vodafone-3gpdpcontext x-imsi x-wap-imsi x-source-id x-acr
    x-hts-clid x-fh-msisdn x-huawei-userid x-huawei-imsi x-tm-user-id x-amobee-1 x-jphone-uid
    x-dcmguid x-em-uid x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip forwarded
    via x-online-host
""")
)
HOP_BY_HOP = frozenset(
    _names("""
    connection keep-alive proxy-connection proxy-authorization te trailer transfer-encoding
    upgrade content-length encoding-version host accept-encoding expect
""")
)
# A phone has no use for these, and every octet counts.
NOT_FOR_PHONES = frozenset(
    _names("""
    connection keep-alive proxy-connection te trailer transfer-encoding upgrade content-length
    content-type server date vary via accept-ranges alt-svc content-security-policy
    x-content-type-options x-frame-options referrer-policy strict-transport-security
    permissions-policy x-xss-protection cross-origin-opener-policy cross-origin-resource-policy
    etag
""")
)
SAFE_IN_URL = bytes(range(0x21, 0x7F)).decode()
LONGEST_URL = 2_048


@dataclass(frozen=True, slots=True)
class WspRequest:
    """What a phone asks for.

    url       as the phone wrote it, other octets than visible ASCII percent-encoded
    max_body  the most octets of body that can reach it; what is over is answered with an error deck
    host      the network address it comes from
    """

    method: str
    url: str
    headers: Headers
    body: bytes = b""
    max_body: int = 1_300
    host: str = ""

    def header(self, name: str) -> str:
        """The values of a header joined with ", "; "" for none."""
        wanted = name.lower()
        return ", ".join(value for known, value in self.headers if known.lower() == wanted)


@dataclass(frozen=True, slots=True)
class WspReply:
    """What it is told: an HTTP status, the content type with its charset, further headers, the body.

    fresh_s  for so many seconds the gateway may answer an equal request (same octets, no cookies) with
             this reply without asking again; 0 for never
    """

    status: int
    content_type: str
    headers: Headers = ()
    body: bytes = b""
    fresh_s: float = 0.0


def request_of(
    method: Method, static: bytes, pages: tuple[tuple[int, str], ...], extended: tuple[tuple[int, str], ...]
) -> WspRequest | int:
    """The request of a method PDU; `static` are the encoded headers of its session.

    returns  the HTTP status that refuses it: 501 for a method nobody named, 414 for a URL that is too long
    raises   Truncated or Malformed for headers that cannot be divided
    """
    name = METHODS.get(method.code) or dict(extended).get(method.code)
    if name is None:
        return 501
    if len(method.url) > LONGEST_URL:
        return 414
    small = len(method.headers) + len(method.content_type) <= REMEMBERED_OCTETS
    headers = (_remembered if small else _merged)(static, method.headers, method.content_type, pages)
    return WspRequest(name, quote_from_bytes(method.url, safe=SAFE_IN_URL), headers, method.body)


@lru_cache(maxsize=1_024)
def _remembered(
    static: bytes, own: bytes, content_type: bytes, pages: tuple[tuple[int, str], ...]
) -> Headers:
    """Phones of one model send the same headers with every request."""
    return _merged(static, own, content_type, pages)


def _merged(static: bytes, own: bytes, content_type: bytes, pages: tuple[tuple[int, str], ...]) -> Headers:
    """The session's headers under those of the request: a name the request says replaces the session's."""
    said = decode_headers(own, pages)
    names = {name.lower() for name, _ in said}
    kept = [pair for pair in decode_headers(static, pages) if pair[0].lower() not in names]
    unwanted = PRIVATE | HOP_BY_HOP
    found = [pair for pair in (*kept, *said) if pair[0].lower() not in unwanted]
    if content_type:
        found = [pair for pair in found if pair[0].lower() != "content-type"]
        found.append(("Content-Type", decode_content_type(content_type)))
    return tuple(found)


def reply_octets(reply: WspReply, method: str, version: Version) -> bytes:
    """The Reply PDU of an answer."""
    head = encode_content_type(reply.content_type, version) + _block(reply.headers, version)
    return encode(Reply(encode_status(reply.status), head, b"" if method == "HEAD" else reply.body))


@lru_cache(maxsize=1_024)
def _block(headers: Headers, version: Version) -> bytes:
    return encode_headers([pair for pair in headers if pair[0].lower() not in NOT_FOR_PHONES], version)


def room(most: int) -> int:
    """Octets of body that fit a Reply of `most` octets (0: no bound), with headers of usual size."""
    return max(0, most - 100) if most else 1_048_576
