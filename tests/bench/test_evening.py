"""The evening that the bench tells: as many as come in a city, along links that there are, the same each time."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from bench._evening import (
    CURVE,
    City,
    Device,
    Mix,
    arrivals,
    edition_of,
    kind_of,
    length,
    level,
    mix_of,
    seconds_of,
    think,
    visits,
    walk,
)

CITY = City(households=100_000)
TV, PHONE = Device("web-hd", "/tv/web-hd/", 0.8), Device("wap", "/wap/", 0.2)
GRAPHS = {
    "web-hd": {
        "/tv/web-hd/": ("/tv/web-hd/c/310", "/tv/web-hd/c/320", "/tv/web-hd/n"),
        "/tv/web-hd/c/310": ("/tv/web-hd/c/310/1/a", "/tv/web-hd/c/310/1/b", "/tv/web-hd/c/310/2"),
        "/tv/web-hd/c/310/1/a": (),
    },
    "wap": {"/wap/": ("/wap/c/310", "/wap/h"), "/wap/c/310": ("/wap/i/a",)},
}


def rng(seed: int = 1) -> Random:
    return Random(seed)


def test_the_curve_rises_and_falls() -> None:
    """Straight lines between the hours; nobody outside of the evening."""
    assert level(20.0) == 1.0 and level(18.5) == pytest.approx((0.35 + 0.60) / 2)
    assert level(17.9) == level(23.1) == 0.0 and max(high for _, high in CURVE) == 1.0


def test_as_many_come_as_the_city_has() -> None:
    """At the peak by the arithmetic of docs/scaling.md, before it fewer; a share of them with speed."""
    assert City(2_000_000).pages_a_second == pytest.approx(5_000)
    speed = 20.0
    came = list(arrivals(CITY, speed, rng()))
    assert came == sorted(came) and came[0] >= 0 and came[-1] < length()
    at_peak = sum(seconds_of(19.9) <= at < seconds_of(20.1) for at in came) / 720
    early = sum(at < 720 for at in came) / 720
    expected = CITY.viewers_a_second / speed
    assert at_peak == pytest.approx(expected, rel=0.15) and early < 0.55 * at_peak


def test_told_faster_seconds_are_as_full() -> None:
    """Ten times as fast: a tenth of the viewers and of their times, so as many pages in a second."""
    slow, fast = (list(visits(CITY, (TV, PHONE), GRAPHS, speed, rng())) for speed in (40.0, 400.0))
    assert len(slow) == pytest.approx(10 * len(fast), rel=0.1)
    assert max(visit.at for visit in fast) < length() / 400

    def rate(told: list[object], speed: float) -> float:
        return sum(len(visit.steps) for visit in told) / (length() / speed)  # type: ignore[attr-defined]

    assert rate(list(fast), 400.0) == pytest.approx(rate(list(slow), 40.0), rel=0.15)
    assert rate(list(slow), 40.0) == pytest.approx(CITY.pages_a_second * 0.63, rel=0.1)


def test_it_is_the_same_evening_each_time() -> None:
    """Chance is an argument."""
    one, again, other = (list(visits(CITY, (TV, PHONE), GRAPHS, 500.0, rng(seed))) for seed in (1, 1, 2))
    assert one == again and one != other


def test_devices_and_pages_are_shared_out_as_said() -> None:
    """Boxes and phones by their share, pages by their mean; each visit begins at home without a wait."""
    told = list(visits(CITY, (TV, PHONE), GRAPHS, 100.0, rng()))
    devices = Counter(visit.device.name for visit in told)
    assert devices["wap"] / len(told) == pytest.approx(0.2, abs=0.03)
    assert sum(len(visit.steps) for visit in told) / len(told) == pytest.approx(CITY.pages, rel=0.1)
    assert all(visit.steps[0].after == 0.0 and visit.steps[0].target == visit.device.home for visit in told)
    assert all(step.after > 0 for visit in told for step in visit.steps[1:])


def test_thinking_has_its_mean() -> None:
    """And never a time below nothing."""
    random = rng()
    times = [think(20.0, random) for _ in range(20_000)]
    assert sum(times) / len(times) == pytest.approx(20.0, rel=0.05) and min(times) > 0


def test_a_walk_follows_links_or_goes_back() -> None:
    """Upper links more often; where there is nothing on, back; a page without a way back is left for home."""
    graph, home = GRAPHS["web-hd"], "/tv/web-hd/"
    walked = walk(graph, home, 4_000, rng())
    assert len(walked) == 4_000 and walked[0] == home
    trail = [home]
    for target in walked[1:]:
        if target in graph.get(trail[-1], ()):
            trail.append(target)
        else:
            trail.pop()
            trail = trail or [home]
            assert target == trail[-1]
    seen = Counter(walked)
    assert seen["/tv/web-hd/c/310"] > seen["/tv/web-hd/c/320"] > seen["/tv/web-hd/n"] > 0
    assert set(walk({}, home, 5, rng())) == {home}


@pytest.mark.parametrize(
    ("target", "edition", "kind"),
    [
        ("/tv/web-hd/", "web-hd", "home"),
        ("/tv/ipanel-sd.en.large/", "ipanel-sd", "home"),
        ("/tv/ipanel-sd/c/310/2", "ipanel-sd", "list"),
        ("/tv/ipanel-sd/c/310/2/a17/3", "ipanel-sd", "item"),
        ("/tv/ipanel-sd/h/a17", "ipanel-sd", "item"),
        ("/tv/ipanel-sd/n/05", "ipanel-sd", "made"),
        ("/wap/", "wap", "home"),
        ("/wap/en/c/310/1.2", "wap", "list"),
        ("/wap/i/a17", "wap", "item"),
        ("/wap/l/q", "wap", "made"),
    ],
)
def test_addresses_have_a_kind(target: str, edition: str, kind: str) -> None:
    """As in stb_app.cacheable and wap.cacheable."""
    assert (edition_of(target), kind_of(target)) == (edition, kind)


def test_an_access_log_decides_what_is_opened() -> None:
    """Editions and kinds as often as it names them; lines of other things are passed over."""
    log = [
        *["2026-11-27 20:00:00,123 sunshine INFO 200 GET /wap/c/310 0.1ms"] * 3,
        "2026-11-27 20:00:00,123 sunshine INFO 200 GET /wap/i/a 0.1ms",
        "2026-11-27 20:00:00,123 sunshine INFO 404 GET /tv/web-hd/x 0.1ms",
        "2026-11-27 20:00:00,123 sunshine.http WARNING something else",
    ]
    mix = mix_of(log)
    assert mix == Mix({"wap": 4}, {"list": 3, "item": 1})
    told = list(visits(CITY, (TV, PHONE), GRAPHS, 500.0, rng(), mix))
    opened = Counter(step.target for visit in told for step in visit.steps)
    assert {visit.device for visit in told} == {PHONE}
    assert opened["/wap/c/310"] > 100 * opened["/wap/h"]
    with pytest.raises(ValueError, match="names none of the editions web-hd"):
        list(visits(CITY, (TV,), GRAPHS, 500.0, rng(), mix))
