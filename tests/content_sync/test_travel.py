"""The file of facts for people on the go: what is right is read, everything wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from content_sync import guide, travel
from content_sync import site as sites
from content_sync.service import make_run
from portal.model import Column, Section
from portal.store import Mirror
from portal.travel.model import PlaceKind, Travel
from portal.writer import GRACE_SECONDS
from tests import sample
from tests.guide_sample import facts, publish

DOCS = Path(__file__).parents[2] / "docs" / "on-the-go.md"
FACT = """
[travel]
source = { zh = "市文旅局", en = "Tourism Bureau" }
checked = 2026-11-20
until = "2027-11-20"
"""
LINE = '[[line]]\nid = "police"\nnumber = "110"\nname = { zh = "报警", en = "Police" }\npurpose = { zh = "遇险", en = "Danger" }\n'


def read(text: str) -> tuple[Travel, list[str]]:
    problems: list[str] = []
    return travel.parse(text.encode(), problems), problems


def test_the_demo_file() -> None:
    """All kinds, with what stands once for all."""
    found = facts()
    assert len(found.lines) == 7 and found.lines[0].source.en == "Qinglan Culture and Tourism Bureau"
    hospital = found.place("hospital")
    assert hospital is not None and hospital.kind is PlaceKind.HOSPITAL and hospital.english
    assert found.place("hall") is not None and found.ways[0].minutes == 35
    assert found.advice[0].steps[0].either == ("流动人口居住登记",)


def test_nothing_outlives_its_last_day() -> None:
    """On its last day a fact stands, on the next it is gone."""
    found, problems = read(FACT + LINE)
    assert not problems
    assert found.on("2027-11-20").facts and not found.on("2027-11-21").facts
    shuttle = {way.id for way in facts().on("2026-10-08").ways}
    assert "holiday-shuttle" in shuttle and len(facts().on("2026-10-09").ways) == len(shuttle) - 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (LINE, "source: expected a sentence in both languages"),
        (FACT + LINE + LINE, "id 'police' is given twice"),
        (FACT + LINE + "colour = 1\n", "has no key 'colour'"),
        (FACT + LINE.replace('"110"', '"call me"'), "number: expected a telephone number"),
        (FACT + LINE.replace(', en = "Police"', ""), "name: expected a sentence in both languages"),
        (FACT + LINE + "checked = 2028-01-01\n", "before it was checked"),
        (FACT + LINE + 'until = "2027-13-01"\n', "until: expected a date"),
        (FACT + "[[lines]]\nid = 'x'\n", "[lines] is no table of it"),
        ("[travel\n", "it is not TOML"),
        ("[travel]\nsauce = 1\n", "nothing but source, checked, until"),
        (FACT + '[[place]]\nid = "a"\nkind = "shop"\nname = {zh="a",en="b"}\naddress = {zh="a",en="b"}\n', "kind: expected pharmacy"),
        (FACT + '[[place]]\nid = "a"\nkind = "hall"\nname = {zh="a",en="b"}\naddress = {zh="a",en="b"}\nhours = { mon = "9-5" }\n', "expected 08:30-17:00"),
        (FACT + '[[place]]\nid = "a"\nkind = "hall"\nname = {zh="a",en="b"}\naddress = {zh="a",en="b"}\nexcept = { "2027-01-01" = "closed" }\n', "from which these dates differ"),
        (FACT + LINE.replace("遇险", "险" * 161), "at most 160 characters"),
        ("a = " + "[" * 100_000, "it is not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(written: str, said: str) -> None:
    _, problems = read(written)
    assert any(said in problem for problem in problems), problems


def test_any_octets() -> None:
    """Not text, too much: one sentence."""
    for raw in (b"\xff\xfe\x00", b"x" * 300_000):
        problems: list[str] = []
        assert travel.parse(raw, problems) == Travel() and len(problems) == 1


def test_every_key_is_described() -> None:
    """docs/on-the-go.md names each."""
    text = DOCS.read_text(encoding="utf-8")
    for table, keys in (("line", travel.LINE), ("way", travel.WAY), ("place", travel.PLACE), ("advice", travel.ADVICE)):  # fmt: skip
        section = text.partition(f"## [[{table}]]")[2].partition("\n## ")[0]
        for key in keys:
            assert f"`{key}`" in section, f"{key} of [[{table}]]"
    for key in travel.COMMON:
        assert f"`{key}`" in text


def test_the_site_file_names_it(tmp_path: Path) -> None:
    """Beside it; its problems are the site file's."""
    text = '[site]\nid = "a"\nname = "市"\nhome = "http://o/"\ntravel = "go.toml"\n[[column]]\nid = "n"\nname = "n"\nsection = "news"\nnumber = "300"\nlist = "l"\n'
    file = tmp_path / "site.toml"
    file.write_text(text)
    with pytest.raises(sites.WrongSiteFile, match=r"travel: go\.toml cannot be read"):
        sites.load(file)
    (tmp_path / "go.toml").write_text(FACT + LINE + "colour = 1\n")
    with pytest.raises(sites.WrongSiteFile, match=r"go\.toml: \[\[line\]\] 1 'police' has no key 'colour'"):
        sites.load(file)
    (tmp_path / "go.toml").write_text(FACT + LINE)
    found = sites.load(file)
    assert found.travel.lines[0].number == "110" and found.model().travel == found.travel_version != ""
    for wrong, said in (
        ('travel = "../go.toml"', "expected the name of a file"),
        ('[case]\nquery = "/q?c={code}"', "has no {number}"),
        ('[case]\nquery = "/q?n={number}"', "do not agree"),
        ("[case]\ncode = 40", "digits of the code"),
    ):
        changed = text.replace('travel = "go.toml"', wrong) if wrong.startswith("travel") else text + wrong
        with pytest.raises(sites.WrongSiteFile, match=said.replace("{", r"\{")):
            sites.parse(changed)


def test_pages_of_our_own() -> None:
    """A column has a list or a page; a page has one column."""
    text = '[site]\nid = "a"\nname = "市"\nhome = "http://o/"\n[[column]]\nid = "s"\nname = "s"\nsection = "services"\nnumber = "400"\n[[column]]\nid = "go"\nparent = "s"\nname = "g"\nsection = "services"\nnumber = "888"\npage = "go"\n'
    column = sites.parse(text).model().own(sites.Own.GO)
    assert isinstance(column, Column) and column.number == "888" and column.section is Section.SERVICES
    with pytest.raises(sites.WrongSiteFile, match="a list and a page"):
        sites.parse(text + 'list = "x"\n')
    again = text + text.partition('[[column]]\nid = "go"')[2]
    with pytest.raises(sites.WrongSiteFile, match="is given 2 times"):
        sites.parse(
            again.replace('page = "go"\n\nparent', 'page = "go"\n[[column]]\nid = "go2"\nparent')
            if 'id = "go2"' in again
            else text
            + '[[column]]\nid = "go2"\nparent = "s"\nname = "h"\nsection = "services"\nnumber = "887"\npage = "go"\n'
        )


async def test_facts_change_with_the_publish(redis_client: Redis) -> None:
    """Readers see the version that the site record names, in both scripts; former ones go after their grace."""
    first = await publish(redis_client)
    mirror = Mirror(redis_client, sample.SITE_ID)
    assert (await mirror.travel()).lines[0].name.zh == "报警"
    assert (await mirror.travel("hant")).lines[0].name.zh == "報警"
    again = facts().on("2026-12-01")
    second = await publish(redis_client, again)
    assert first.travel != second.travel and (await mirror.travel()) == again
    site = sites.parse(
        f'[site]\nid = "{sample.SITE_ID}"\nname = "市"\nhome = "http://o/"\n[[column]]\nid = "n"\nname = "n"\nsection = "news"\nnumber = "300"\nlist = "l"\n'
    )
    run = make_run(site, redis_client)
    await guide.settle(run)
    assert await redis_client.ttl(f"sg:{{{sample.SITE_ID}}}:travel:{first.travel}") == -1
    await run.writer.drop_travel(second.travel)
    assert 0 < await redis_client.ttl(f"sg:{{{sample.SITE_ID}}}:travel:{first.travel}") <= GRACE_SECONDS
    assert await redis_client.ttl(f"sg:{{{sample.SITE_ID}}}:travel:{second.travel}:hant") == -1
    run.close()
