"""The site file: what is right is read, and everything wrong is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_sync import site as sites
from content_sync.site import WrongSiteFile
from portal.model import Field, Kind, Section

GOOD = """
[site]
id = "qinglan"
name = "青澜市"
home = "http://www.qinglan.example/"
names = { en = "Qinglan" }
aliases = ["https://qinglan.example/"]
[fetch]
contact = "mailto:web@qinglan.example"
delay = 1
[[column]]
id = "news"
name = "新闻"
section = "news"
number = "300"
[[column]]
id = "events"
name = "要闻"
section = "news"
parent = "news"
number = "310"
list = "col/col1/index.html"
limit = 50
policy = "hold"
"""


def test_a_good_file_is_read_whole() -> None:
    site = sites.parse(GOOD)
    assert (site.id, site.home, site.time_zone) == ("qinglan", "http://www.qinglan.example/", "Asia/Shanghai")
    assert site.names == (Field("en", "Qinglan"),)
    assert site.fetch.delay == 1.0 and site.fetch.tries == 3
    events = site.source("events")
    assert events is not None
    assert events.list == "http://www.qinglan.example/col/col1/index.html"
    assert (events.limit, events.policy, events.column.kind) == (50, "hold", Kind.ARTICLE)
    assert events.column.section is Section.NEWS and events.column.order == 1


def test_the_setting_moves_the_home_but_not_the_owner() -> None:
    site = sites.parse(GOOD, home="http://127.0.0.1:9/")
    events = site.source("events")
    assert events is not None and events.list == "http://127.0.0.1:9/col/col1/index.html"
    assert site.owner == "www.qinglan.example"
    same = site.identities.canonical
    assert same("http://127.0.0.1:9/a.html") == same("https://www.qinglan.example/a.html")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "qinglan"', 'id = "Qing Lan"', "[site] id = 'Qing Lan': expected a short name"),
        ('id = "qinglan"\n', "", "[site] id is missing"),
        ("delay = 1", "delay = -1", "[fetch] delay = -1.0: expected seconds"),
        ("delay = 1", "delay = true", "[fetch] delay = True"),
        ("delay = 1", 'dealy = 1', "[fetch] has no key 'dealy'; did you mean 'delay'?"),
        ("[fetch]", "[fetsh]", "[fetsh] is no table of a site file; did you mean 'fetch'?"),
        ('policy = "hold"', 'policy = "maybe"', "expected auto or hold"),
        ('parent = "news"', 'parent = "newz"', "parent 'newz' is no column; did you mean 'news'?"),
        ('number = "310"', 'number = "120"', "number '120' is known as a telephone"),
        ('number = "310"', 'number = "300"', "number '300' is given 2 times"),
        ('number = "310"', "number = 310", "number = 310: expected three digits in quotes"),
        ('id = "events"', 'id = "news"', "id 'news' is given 2 times"),
        ('list = "col/col1/index.html"', "", "has no list and no column below it"),
        ('list = "col', 'list = "ftp://x/col', "is not http or https"),
        ('parent = "news"\n', "", "section 'news' has 2 columns without parent"),
        ('section = "news"\nparent', 'section = "services"\nparent', "its parent 'news' is not"),
        ('home = "http://www.qinglan.example/"', 'home = "www.qinglan.example"', "[site] home"),
        ('aliases = ["https', 'aliases = ["gopher', "[site] aliases"),
        ('names = { en = "Qinglan" }', 'names = "Qinglan"', "[site] names"),
        ('[fetch]', 'time_zone = "Asia/Shangai"\n[fetch]', "time_zone = 'Asia/Shangai' is not known"),
        ('[fetch]', '[schedule]\nshortest = 600\nlongest = 60\n[fetch]', "longest is below shortest"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(WrongSiteFile) as caught:
        sites.parse(GOOD.replace(old, new, 1))
    assert said in str(caught.value)


def test_a_mistake_that_columns_have_in_common_is_one_message() -> None:
    with pytest.raises(WrongSiteFile) as caught:
        sites.parse(GOOD.replace('section = "news"', 'section = "news"\npolcy = "hold"'))
    (told,) = [problem for problem in caught.value.problems if "polcy" in problem]
    assert told.startswith("[[column]] 1 'news', 2 'events'") and "did you mean 'policy'" in told


def test_every_problem_is_told_at_once() -> None:
    text = (
        GOOD.replace("delay = 1", "delay = 99")
        .replace('number = "310"', 'number = "31"')
        .replace("home", "hom")
    )
    with pytest.raises(WrongSiteFile) as caught:
        sites.parse(text)
    said = "\n".join(caught.value.problems)
    assert len(caught.value.problems) >= 4
    for part in (
        "delay",
        "[[column]] 2 'events' number",
        "[site] home is missing",
        "'hom'; did you mean 'home'",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[site", "it is not TOML"),
        (b"\xff\xfe", "it is not UTF-8 text"),
        (b"", "[site] is missing"),
        (b"site = 3\ncolumn = 4", "[site] must be a table"),
        (b"column = [3]", "[[column]] 1 must be a table"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(raw)
    with pytest.raises(WrongSiteFile, match="cannot be used") as caught:
        sites.load(path)
    assert said in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongSiteFile, match="cannot be read"):
        sites.load(tmp_path / "none.toml")


def test_circles_of_parents_are_seen() -> None:
    text = GOOD.replace(
        'section = "news"\nnumber = "300"', 'section = "news"\nparent = "events"\nnumber = "300"'
    )
    with pytest.raises(WrongSiteFile, match="in a circle"):
        sites.parse(text)


def test_the_reference_names_every_key_and_default() -> None:
    text = (Path(__file__).parents[2] / "docs" / "site-file.md").read_text(encoding="utf-8")
    for table, keys in sites.TABLES.items():
        assert f"[{table}]" in text
        for key in keys:
            row = next((line for line in text.splitlines() if line.startswith(f"| `{key.name}` |")), "")
            assert row, f"{key.name} of [{table}] is not described"
            if isinstance(key.default, int | float) and not isinstance(key.default, bool):
                assert str(int(key.default) if key.default == int(key.default) else key.default) in row
            for choice in filter(None, key.choices):
                assert f"`{choice}`" in text
