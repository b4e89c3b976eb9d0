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
        (
            "Mozilla/5.0 (Linux; Android 4.4.2; MiBOX2 Build/KOT49H) Chrome/62 Mobile Safari/537.36",
            "",
            "/tv/",
        ),
        (
            "Mozilla/5.0 (Linux; U; Android 6.0.1; zh-cn; MiTV4A Build/MHC19J) Mobile Safari/534.30",
            "",
            "/tv/",
        ),
        ("Mozilla/5.0 (Linux; U; Android 4.0.4; zh-cn; Skyworth 8K55 E680) Mobile Safari", "", "/tv/"),
        ("Mozilla/5.0 (Linux armv7l) Safari/601.5.17, VirginMedia_STB_05.452", "text/html", "/tv/"),
        ("Opera/9.80 (Linux mips; ) Presto/2.12.407 Version/12.51 MB95/3.3", "text/html", "/tv/"),
        ("Mozilla/5.0 (QtEmbedded; U; Linux; C) AppleWebKit/533.3 MAG200 stbapp", "text/html", "/tv/"),
        ("ZTE IPTV", "", "/tv/"),
        ("SomeMaker TVBox X-1", "", "/tv/"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/4.2; U; zh) Presto/2.5.25", "", "/wap/"),
        ("Opera/9.80 (Linux armv7l; Maemo; Opera Mobi/7; U; en) Presto/2.8", "", "/wap/"),
        ("Opera/9.80 (X11; Linux i686; U; en) Presto/2.12.388 Version/12.16", "", "/remote"),
        ("Mozilla/5.0 (Linux; U; Android 2.3; MI-ONE Plus) Mobile Safari/533.1", "", "/wap/"),
        ("Nokia7110/1.0 (04.84)", "text/vnd.wap.wml, image/vnd.wap.wbmp", "/wap/"),
        ("Lynx/2.8.9", "text/html", "/wap/"),
        ("", "", "/wap/"),
        ("x" * 100_000, "text/html", "/wap/"),
    ],
)
def test_each_goes_to_its_edition(agent: str, accept: str, path: str) -> None:
    """By the user agent and what it accepts; what is unknown gets the smallest pages."""
    assert edition_for(agent, accept) == path
