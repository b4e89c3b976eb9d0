"""Application signalling for HbbTV receivers: the XML form of the AIT (ETSI TS 102 809, 5.4).

A broadcaster points to it, or carries the same in its stream; receivers learn where the application is,
what it is called and whether it starts by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MIME = "application/vnd.dvb.ait+xml"
LANGUAGES = (("zh-Hans", "zho"), ("zh-Hant", "chi"), ("en", "eng"))
"""Ours and ISO 639-2's. It knows no scripts, but has two codes for Chinese: the terminology code names
the Simplified form, the bibliographic one the Traditional."""

APPLICATION = "tv/hbbtv-hd/"
PROFILE = 0
VERSION = (1, 1, 1)
"""The least that a receiver must be: profile 0 (no extras) of HbbTV 1.1.1 (TS 102 796, 7.2.3.1)."""

AIT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Signalling:
    """What is signalled.

    control  AUTOSTART: the application starts with the programme; PRESENT: the viewer starts it
    names    (ISO 639-2 code, name of the application)
    base     address of this server, with a slash at its end
    domain   host name that the table is for
    """

    control: str
    organisation: int
    application: int
    names: Sequence[tuple[str, str]]
    base: str
    domain: str


def ait(signalling: Signalling) -> str:
    """The table as an XML document. Elements stand in the order of the standard's schema."""
    names = "".join(
        f"        <mhp:appName Language={quoteattr(code)}>{escape(name)}</mhp:appName>\n"
        for code, name in signalling.names
    )
    major, minor, micro = VERSION
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mhp:ServiceDiscovery xmlns:mhp="urn:dvb:mhp:2009" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <mhp:ApplicationDiscovery DomainName={quoteattr(signalling.domain)}>
    <mhp:ApplicationList>
      <mhp:Application>
{names}        <mhp:applicationIdentifier>
          <mhp:orgId>{signalling.organisation}</mhp:orgId>
          <mhp:appId>{signalling.application}</mhp:appId>
        </mhp:applicationIdentifier>
        <mhp:applicationDescriptor>
          <mhp:type>
            <mhp:OtherApp>application/vnd.hbbtv.xhtml+xml</mhp:OtherApp>
          </mhp:type>
          <mhp:controlCode>{escape(signalling.control)}</mhp:controlCode>
          <mhp:visibility>VISIBLE_ALL</mhp:visibility>
          <mhp:serviceBound>true</mhp:serviceBound>
          <mhp:priority>01</mhp:priority>
          <mhp:version>{AIT_VERSION:02X}</mhp:version>
          <mhp:mhpVersion>
            <mhp:profile>{PROFILE}</mhp:profile>
            <mhp:versionMajor>{major}</mhp:versionMajor>
            <mhp:versionMinor>{minor}</mhp:versionMinor>
            <mhp:versionMicro>{micro}</mhp:versionMicro>
          </mhp:mhpVersion>
        </mhp:applicationDescriptor>
        <mhp:applicationTransport xsi:type="mhp:HTTPTransportType">
          <mhp:URLBase>{escape(signalling.base)}</mhp:URLBase>
        </mhp:applicationTransport>
        <mhp:applicationLocation>{APPLICATION}</mhp:applicationLocation>
      </mhp:Application>
    </mhp:ApplicationList>
  </mhp:ApplicationDiscovery>
</mhp:ServiceDiscovery>
"""
