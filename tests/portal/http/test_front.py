"""The front door: which edition suits a browser."""

from __future__ import annotations

import pytest

from portal.http.front import edition_for


@pytest.mark.parametrize(
    ("agent", "accept", "path"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120", "text/html", "/remote"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605", "text/html", "/remote"),
        ("Mozilla/5.0 (Linux; Android 13; Pixel 7) Mobile Safari", "text/html", "/wap/"),
        ("Mozilla/5.0 (Linux; Android 9; SMART-TV) Chrome/90", "text/html", "/tv/"),
        ("Mozilla/5.0 (Web0S; Linux/SmartTV)", "text/html", "/tv/"),
        ("HbbTV/1.1.1 (;;;;;) CE-HTML/1.0", "text/html", "/tv/"),
        ("iPanel/2.0", "", "/tv/"),
        ("Nokia7110/1.0 (04.84)", "text/vnd.wap.wml, image/vnd.wap.wbmp", "/wap/"),
        ("Lynx/2.8.9", "text/html", "/wap/"),
        ("", "", "/wap/"),
        ("x" * 100_000, "text/html", "/wap/"),
    ],
)
def test_each_goes_to_its_edition(agent: str, accept: str, path: str) -> None:
    """By the user agent and what it accepts; what is unknown gets the smallest pages."""
    assert edition_for(agent, accept) == path
