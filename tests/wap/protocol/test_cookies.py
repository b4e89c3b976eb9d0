"""The jar that is kept for a phone."""

import pytest

from wap.protocol.cookies import Jar, kept, sent

URL = "http://city.example/wap/a/b?c"
NOW = 1_700_000_000.0


def jar_of(*lines: str, most: int = 1_000) -> Jar:
    jar: Jar = ()
    for line in lines:
        jar = kept(jar, line, URL, NOW, most)
    return jar


@pytest.mark.parametrize(
    ("line", "url", "cookie"),
    [
        ("s=1; Path=/", URL, "s=1"),
        ("s=1", "http://city.example/wap/a/x", "s=1"),
        ("s=1", "http://city.example/wap/other", ""),
        ("s=1; Path=/wap", "http://city.example/wapx", ""),
        ("s=1; Path=/", "http://other.example/", ""),
        ("s=1; Path=/; Secure", URL, ""),
        ("s=1; Path=/; Secure", "https://city.example/", "s=1"),
        ("s=1; Path=/; Domain=city.example", URL, "s=1"),
        ("s=1; Path=/; Domain=.example", URL, "s=1"),
        ("s=1; Path=/; Domain=evil.example", URL, ""),
        ("s=1; Path=/; Max-Age=60", URL, "s=1"),
        ("s=1; Path=/; Max-Age=0", URL, ""),
        ("s=1; Path=/; Max-Age=-5", URL, ""),
        ("s=1; Path=/; Expires=Sun, 06 Nov 1994 08:49:37 GMT", URL, ""),
        ("s=1; Path=/; Expires=Fri, 06 Nov 2099 08:49:37 GMT", URL, "s=1"),
        ("s=1; Path=/; Expires=never", URL, "s=1"),
        ("no cookie", URL, ""),
        ("=1", URL, ""),
    ],
)
def test_a_line_and_where_it_goes(line: str, url: str, cookie: str) -> None:
    assert sent(jar_of(line), url, NOW) == cookie


def test_a_cookie_replaces_and_ends_its_like() -> None:
    jar = jar_of("a=1; Path=/", "a=2; Path=/", "b=3; Path=/wap")
    assert sent(jar, URL, NOW) == "b=3; a=2"
    assert sent(jar_of("a=1; Path=/", "a=; Path=/; Max-Age=0"), URL, NOW) == ""


def test_time_passes() -> None:
    jar = jar_of("a=1; Path=/; Max-Age=60")
    assert sent(jar, URL, NOW + 59) == "a=1"
    assert sent(jar, URL, NOW + 61) == ""


def test_the_jar_stays_small() -> None:
    jar = jar_of(*(f"name{number}={'x' * 50}; Path=/" for number in range(100)), most=500)
    assert sum(cookie.octets for cookie in jar) <= 500
    assert jar[-1].name == "name99"
    assert jar_of(f"a={'x' * 600}; Path=/", most=500) == ()
