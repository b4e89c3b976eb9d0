"""The site file: which portal is mirrored, how politely, and what its columns are.

`docs/site-file.md` describes every key for people. A file is read whole before anything is said of
it, so that one look at the message mends all of it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from zoneinfo import available_timezones

from content_sync import identity, scenes, travel
from portal import codec, dial
from portal.errors import PortalError
from portal.model import Column, Field, Kind, LifeScene, Own, Section, Site
from portal.travel.model import Travel

POLICIES = ("auto", "hold")
NAMED = 6
"""Columns with the same mistake that a message names."""


class WrongSiteFile(PortalError):
    """The site file cannot be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = tuple(problems)
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{path} cannot be used as a site file:{lines}")


@dataclass(frozen=True, slots=True)
class Fetching:
    """How the origin is asked. Times in seconds, sizes in octets."""

    contact: str = ""
    allow_private: bool = False
    delay: float = 0.5
    concurrency: int = 2
    timeout: float = 20.0
    max_bytes: int = 8_000_000
    max_redirects: int = 5
    tries: int = 3
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the origin is asked again. Seconds, but `sweep_days` in days.

    shortest, longest  bounds of the interval that each column learns
    sweep_days         within this time every published page and every list page is asked again
    misses             how often a list must lack an item before its page is asked for its end
    """

    shortest: float = 300.0
    longest: float = 86_400.0
    sweep_days: float = 7.0
    misses: int = 2


@dataclass(frozen=True, slots=True)
class Asking:
    """Where the origin tells how one case stands: `query` is absolute with {number} and {code}, or "".

    code  digits of the code that goes with a number, 0: the number alone is enough
    """

    query: str = ""
    code: int = 6


NOT_ASKED, NO_TRAVEL = Asking(), Travel()


@dataclass(frozen=True, slots=True)
class Source:
    """One column with where it is read from; `list` is absolute, "" for a group of columns."""

    column: Column
    list: str = ""
    limit: int = 500
    policy: str = "auto"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A site file that has been read and found right.

    home   where the origin is asked, the setting SITE_HOME before the file's own
    owner  host and port of the file's own home: whose mirror it is
    """

    path: str
    id: str
    name: str
    home: str
    owner: str
    time_zone: str
    hotline: str
    names: tuple[Field, ...]
    aliases: tuple[str, ...]
    fetch: Fetching
    schedule: Schedule
    sources: tuple[Source, ...]
    everyday: tuple[Field, ...] = ()
    scenes: tuple[LifeScene, ...] = ()
    asking: Asking = NOT_ASKED
    travel: Travel = NO_TRAVEL
    travel_version: str = ""

    @property
    def identities(self) -> identity.Identities:
        """The rules that tell this portal's articles apart."""
        return identity.for_site(self.home, (f"http://{self.owner}/", *self.aliases))

    def source(self, column_id: str) -> Source | None:
        """The source of a column."""
        return next((source for source in self.sources if source.column.id == column_id), None)

    def model(self) -> Site:
        """The site as the editions see it, before anything is counted."""
        return Site(
            id=self.id,
            name=self.name,
            columns=tuple(source.column for source in self.sources),
            home=self.home,
            time_zone=self.time_zone,
            hotline=self.hotline,
            names=self.names,
            everyday=self.everyday,
            scenes=self.scenes,
            travel=self.travel_version,
        )


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: its default (None: must be given), and what it looks like.

    kind   str, int, float, bool, list (of texts) or dict (language -> text)
    """

    name: str
    kind: type
    default: Any
    expected: str
    pattern: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    choices: tuple[str, ...] = ()


_ID = r"[a-z][a-z0-9-]{0,31}"
SITE_KEYS = (
    Key("id", str, None, "a short name of small letters, digits and hyphens", _ID),
    Key("name", str, None, "the city's name as the screens show it", r".{1,40}"),
    Key("home", str, None, "the portal's address, http://... or https://...", r"https?://[^/\s]+(/\S*)?"),
    Key("time_zone", str, "Asia/Shanghai", "a time zone such as Asia/Shanghai"),
    Key("hotline", str, "12345", "a telephone number", r"[0-9+ -]{3,20}"),
    Key("names", dict, {}, 'the name in other languages, such as { en = "Yunhe" }'),
    Key("aliases", list, [], "addresses of the same portal on other hosts"),
    Key("travel", str, "", "the name of a file beside this one, such as travel.toml", r"[\w.-]{1,100}"),
)
FETCH_KEYS = (
    Key(
        "contact",
        str,
        "",
        "a mail address or page where you can be reached",
        r"[\x20-\x7e]{0,200}",
    ),
    Key("allow_private", bool, False, "true where the origin stands in a private network"),
    Key("delay", float, 0.5, "seconds between two requests to a host, 0 to 60", low=0, high=60),
    Key("concurrency", int, 2, "requests to a host at the same time, 1 to 32", low=1, high=32),
    Key("timeout", float, 20.0, "seconds for one request, 1 to 300", low=0.1, high=300),
    Key("max_bytes", int, 8_000_000, "octets of one page or picture, 10000 to 100000000", low=1e4, high=1e8),
    Key("max_redirects", int, 5, "redirects that one address may take, 0 to 20", low=0, high=20),
    Key("tries", int, 3, "times that a request is tried, 1 to 10", low=1, high=10),
    Key("hosts", list, [], "other hosts that may be fetched from, such as img.example.gov.cn"),
)
SCHEDULE_KEYS = (
    Key("shortest", float, 300.0, "seconds, at least 10", low=10, high=1e7),
    Key("longest", float, 86_400.0, "seconds, at least `shortest`", low=10, high=1e7),
    Key("sweep_days", float, 7.0, "days, 0.01 to 365", low=0.01, high=365),
    Key("misses", int, 2, "a number from 1 to 20", low=1, high=20),
)
COLUMN_KEYS = (
    Key("id", str, None, "a short name of small letters, digits and hyphens", _ID),
    Key("name", str, None, "the column's name as the screens show it", r".{1,40}"),
    Key("section", str, None, "", choices=tuple(Section)),
    Key("number", str, None, "three digits in quotes", r"[0-9]{3}"),
    Key("parent", str, "", "the id of the column above"),
    Key("kind", str, "article", "", choices=tuple(Kind)),
    Key("page", str, "", "", choices=("", *Own)),
    Key("list", str, "", "the address of the column's list, relative to home", r"\S{0,2000}"),
    Key("limit", int, 500, "items to keep, 1 to 100000", low=1, high=100_000),
    Key("words", str, "", "everyday words for its tile", r".{0,60}"),
    Key("names", dict, {}, 'the name in other languages, such as { en = "News" }'),
    Key("policy", str, "auto", "", choices=POLICIES),
)
CASE_KEYS = (
    Key("query", str, "", "an address with {number}, and with {code} where there is one", r"\S{0,2000}"),
    Key("code", int, 6, "digits of the code, 0 to 12", low=0, high=12),
)
TABLES: dict[str, tuple[Key, ...]] = {
    "site": SITE_KEYS,
    "fetch": FETCH_KEYS,
    "schedule": SCHEDULE_KEYS,
    "case": CASE_KEYS,
    "column": COLUMN_KEYS,
}


def load(path: Path, home: str = "") -> SiteFile:
    """Read a site file.

    home    address of the origin in place of the file's own (the setting SITE_HOME), "" for the file's
    raises  WrongSiteFile with every problem
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise WrongSiteFile(str(path), [f"it cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise WrongSiteFile(str(path), ["it is not UTF-8 text"]) from None
    return parse(text, str(path), home, lambda name: (path.parent / name).read_bytes())


Beside = Callable[[str], bytes]
"""Reads a file that stands beside the site file; OSError where it cannot."""


def parse(text: str, path: str = "site.toml", home: str = "", beside: Beside | None = None) -> SiteFile:
    """A site file from its text; the same errors as `load`."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongSiteFile(path, [f"it is not TOML: {error}"]) from None
    problems: list[str] = []
    for name in written:
        if name not in (known := (*TABLES, *scenes.TABLES)):
            problems.append(f"[{name}] is no table of a site file{_near(name, known)}")
    site = _table(written.get("site"), "[site]", SITE_KEYS, problems)
    fetch = _table(written.get("fetch", {}), "[fetch]", FETCH_KEYS, problems)
    schedule = _table(written.get("schedule", {}), "[schedule]", SCHEDULE_KEYS, problems)
    asking = _asking(_table(written.get("case", {}), "[case]", CASE_KEYS, problems), problems)
    columns = _columns(written.get("column"), problems)
    written_home = site["home"]
    if home:
        site["home"] = home
    _check_site(site, problems)
    if schedule["longest"] < schedule["shortest"]:
        problems.append("[schedule] longest is below shortest: expected a longer time")
    _check_columns(columns, problems)
    sources = _sources(columns, str(site["home"] or ""), problems)
    everyday = scenes.everyday(written.get("everyday"), problems)
    life = scenes.scenes(written.get("scene"), problems)
    facts = _travel(str(site["travel"] or ""), beside, problems)
    if problems:
        raise WrongSiteFile(path, problems)
    return SiteFile(
        path=path,
        id=site["id"],
        name=site["name"],
        home=site["home"],
        owner=identity.netloc(written_home or site["home"]),
        time_zone=site["time_zone"],
        hotline=site["hotline"],
        names=_names(site["names"]),
        aliases=tuple(site["aliases"]),
        fetch=Fetching(**{**fetch, "hosts": tuple(fetch["hosts"])}),
        schedule=Schedule(**schedule),
        sources=sources,
        everyday=everyday,
        scenes=life,
        asking=replace(asking, query=urljoin(str(site["home"]), asking.query)) if asking.query else asking,
        travel=facts,
        travel_version=codec.version_of(codec.dump(facts)) if facts.facts else "",
    )


def _asking(case: Mapping[str, Any], problems: list[str]) -> Asking:
    """The query address of [case], still relative to home."""
    query, code = case["query"], case["code"]
    if query and "{number}" not in query:
        problems.append("[case] query has no {number}: expected an address such as /query.jsp?no={number}")
    if query and ("{code}" in query) != (code > 0):
        problems.append("[case] query and code do not agree: expected {code} in query, or code = 0")
    return Asking(query, code)


def _travel(name: str, beside: Beside | None, problems: list[str]) -> Travel:
    """The facts of the file that [site] travel names."""
    if not name or beside is None:
        return Travel()
    try:
        raw = beside(name)
    except OSError as error:
        problems.append(f"[site] travel: {name} cannot be read: {error.strerror}")
        return Travel()
    wrong: list[str] = []
    found = travel.parse(raw, wrong)
    problems += [f"{name}: {problem}" for problem in wrong]
    return found


def _table(written: object, where: str, keys: Sequence[Key], problems: list[str]) -> dict[str, Any]:
    """The values of one table, defaults filled in; what is wrong is added to `problems`."""
    if not isinstance(written, Mapping):
        problems.append(f"{where} is missing" if written is None else f"{where} must be a table")
        return {key.name: key.default for key in keys}
    for name in written:
        if name not in {key.name for key in keys}:
            problems.append(f"{where} has no key '{name}'{_near(str(name), [key.name for key in keys])}")
    values: dict[str, Any] = {}
    for key in keys:
        values[key.name] = key.default
        if key.name not in written:
            if key.default is None:
                problems.append(f"{where} {key.name} is missing: expected {_expected(key)}")
            continue
        value = written[key.name]
        if key.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not _fits(key, value):
            problems.append(f"{where} {key.name} = {_shown(value)}: expected {_expected(key)}")
            continue
        values[key.name] = value
    return values


def _fits(key: Key, value: object) -> bool:
    if not isinstance(value, key.kind) or (isinstance(value, bool) and key.kind is not bool):
        return False
    if isinstance(value, str):
        if key.choices:
            return value in key.choices
        if value == "" and key.default == "":
            return True
        return not key.pattern or re.fullmatch(key.pattern, value) is not None
    if isinstance(value, int | float):
        return isinstance(value, bool) or key.low <= value <= key.high
    if isinstance(value, list):
        return all(isinstance(each, str) and each for each in value)
    return isinstance(value, dict) and all(isinstance(each, str) and each for each in value.values())


def _expected(key: Key) -> str:
    return " or ".join(filter(None, key.choices)) if key.choices else key.expected


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _near(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(known)}"


def _columns(written: object, problems: list[str]) -> list[dict[str, Any]]:
    if not isinstance(written, list) or not written:
        problems.append("there is no [[column]]: a portal has at least one")
        return []
    found = []
    repeated: dict[str, list[str]] = {}
    for place, table in enumerate(written, 1):
        label = table.get("id") if isinstance(table, Mapping) else None
        where = f"[[column]] {place}" + (f" '{label}'" if isinstance(label, str) else "")
        own: list[str] = []
        found.append({**_table(table, where, COLUMN_KEYS, own), "where": where})
        for problem in own:
            repeated.setdefault(problem.removeprefix(where), []).append(where)
    problems.extend(_told(problem, places) for problem, places in repeated.items())
    return found


def _told(problem: str, places: Sequence[str]) -> str:
    """One sentence for a mistake that several columns have in common."""
    if len(places) == 1:
        return places[0] + problem
    others = [place.removeprefix("[[column]] ") for place in places[1:NAMED]]
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    return f"{', '.join([places[0], *others])}{more}:{problem}"


def _check_site(site: Mapping[str, Any], problems: list[str]) -> None:
    if site["time_zone"] not in available_timezones():
        close = _near(site["time_zone"], sorted(available_timezones()))
        problems.append(f"[site] time_zone = '{site['time_zone']}' is not known" + close[:80])
    for key, addresses in (("home", [site["home"]]), ("aliases", site["aliases"])):
        for address in addresses:
            try:
                if address is not None:
                    identity.clean(address)
            except identity.BadAddress as error:
                problems.append(f"[site] {key}: {error}")


def _check_columns(columns: Sequence[Mapping[str, Any]], problems: list[str]) -> None:
    """What no single column can know: duplicates, parents, telephone numbers, one top a section."""
    for key in ("id", "number", "page"):
        counted = Counter(column[key] for column in columns if column[key])
        for value, count in counted.items():
            if count > 1:
                holders = ", ".join(column["where"] for column in columns if column[key] == value)
                problems.append(f"{key} '{value}' is given {count} times: {holders}")
    by_id = {column["id"]: column for column in columns}
    for column in columns:
        where, parent = column["where"], column["parent"]
        if column["number"] and dial.is_telephone(column["number"]):
            problems.append(f"{where} number '{column['number']}' is known as a telephone: choose another")
        if parent and parent not in by_id:
            problems.append(f"{where} parent '{parent}' is no column{_near(parent, [str(i) for i in by_id])}")
        elif parent and by_id[parent]["section"] != column["section"]:
            problems.append(f"{where} is in section '{column['section']}', its parent '{parent}' is not")
        elif _circular(column["id"], by_id):
            problems.append(f"{where} is above itself: its parents go round in a circle")
    for section in Section:
        tops = [column for column in columns if column["section"] == section and not column["parent"]]
        inside = [column for column in columns if column["section"] == section]
        if len(tops) > 1:
            listed = ", ".join(column["where"] for column in tops)
            problems.append(
                f"section '{section}' has {len(tops)} columns without parent: {listed}; "
                "one is the section's own, the others need it as their parent"
            )
        if inside and not tops:
            problems.append(f"section '{section}' has no column without parent: its own column is missing")


def _circular(column_id: str, by_id: Mapping[str, Mapping[str, Any]]) -> bool:
    seen: set[str] = set()
    at: str = column_id
    while at in by_id and at not in seen:
        seen.add(at)
        at = by_id[at]["parent"]
    return at == column_id and bool(by_id[column_id]["parent"])


def _sources(columns: Sequence[Mapping[str, Any]], home: str, problems: list[str]) -> tuple[Source, ...]:
    found = []
    parents = {column["parent"] for column in columns}
    for order, column in enumerate(columns):
        address = ""
        if column["list"]:
            try:
                address = identity.clean(column["list"], home if home.endswith("/") else home + "/")
            except identity.BadAddress as error:
                problems.append(f"{column['where']} list: {error}")
            if column["page"]:
                problems.append(f"{column['where']} has a list and a page: expected one of them")
        elif column["id"] not in parents and not column["page"]:
            problems.append(f"{column['where']} has no list and no column below it: expected one of them")
        if any(column[key] is None for key in ("id", "name", "section", "number")):
            continue
        model = Column(
            id=column["id"],
            name=column["name"],
            section=Section(column["section"]),
            number=column["number"],
            parent=column["parent"],
            order=order,
            words=column["words"],
            kind=Kind(column["kind"]),
            names=_names(column["names"]),
            page=column["page"],
        )
        found.append(Source(model, address, column["limit"], column["policy"]))
    return tuple(found)


def _names(written: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(Field(language, name) for language, name in written.items())
