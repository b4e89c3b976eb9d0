"""Which hosts the gateway is for."""

import pytest

from portal.errors import WrongSetting
from wap.origins import Origins, Place, read_origins

LIST = read_origins(
    "News.example, shop.example:8080, 10.0.0.5:81+private, intranet+private, [::1]:82+private", ""
)


@pytest.mark.parametrize(
    ("url", "place", "private"),
    [
        ("http://news.example/a", Place.ORIGIN, False),
        ("https://NEWS.example:443/a", Place.ORIGIN, False),
        ("http://news.example:8080/a", Place.REFUSED, False),
        ("http://news.example/wap/", Place.ORIGIN, False),
        ("http://shop.example:8080/", Place.ORIGIN, False),
        ("http://shop.example/page", Place.REFUSED, False),
        ("http://10.0.0.5:81/", Place.ORIGIN, True),
        ("http://10.0.0.5/x", Place.REFUSED, False),
        ("https://intranet/", Place.ORIGIN, True),
        ("http://[::1]:82/", Place.ORIGIN, True),
        ("http://sub.news.example/x", Place.REFUSED, False),
        ("http://news.example.evil.example/x", Place.REFUSED, False),
        ("http://news.example@evil.example/x", Place.BROKEN, False),
        ("http://evil.example/wap/", Place.PORTAL, False),
        ("http://evil.example/wapx", Place.REFUSED, False),
        ("http://evil.example/", Place.PORTAL, False),
        ("/wap/", Place.PORTAL, False),
        ("wap/", Place.BROKEN, False),
        ("gopher://news.example/", Place.BROKEN, False),
        ("http:///x", Place.BROKEN, False),
    ],
)
def test_places(url: str, place: Place, private: bool) -> None:
    assert LIST.place(url) is place
    assert LIST.private(url) is private
    assert LIST.allows(url) == (place is Place.ORIGIN)


def test_nothing_is_listed_by_default() -> None:
    assert read_origins("", "") == Origins()
    assert Origins().place("http://news.example/a") is Place.REFUSED


def test_named_portals_are_ours_alone() -> None:
    named = read_origins("news.example", " WAP.city.example ,city.example")
    assert named.place("http://wap.city.example/anything") is Place.PORTAL
    assert named.place("http://other.example/wap/") is Place.REFUSED
    assert named.home == "http://city.example"
    assert Origins().place(f"{Origins().home}/wap/") is Place.PORTAL


@pytest.mark.parametrize(
    ("origins", "names"),
    [("http://news.example", ""), ("news.example/path", ""), ("a:0", ""), ("a:99999", ""), ("a+privat", ""),
     ("*", ""), ("a b", ""), ("a+private+private", ""), ("", "http://x/"), ("", "x:80")],
)  # fmt: skip
def test_wrong_settings_are_named(origins: str, names: str) -> None:
    with pytest.raises(WrongSetting, match="WAP_HOSTS" if names else "WAP_ORIGINS"):
        read_origins(origins, names)
