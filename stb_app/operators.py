"""The operators' table: how each operator's portal opens us, how we give its screen back, and its services.

`deploy/operators.toml` describes every key for people. A file is read whole before anything is said of it,
so that one look at the message mends all of it. Nothing that a portal sends is believed: a card number is
never read, an area is a key of the table, and a place to return to is one that the table names or allows.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from portal.errors import PortalError
from portal.text import LOCALES
from remote_nav.profile import PROFILES
from stb_app.exits import EXITS, RETURN, TOP

NOBODY: Mapping[str, Operator] = MappingProxyType({})
"""The table where there are no operators."""

LONGEST_ADDRESS = 400
"""Characters of an address in the table or in a portal's parameter."""

LONGEST_REST = 120
"""Characters of a portal's address after what the table allows: every link of a page carries them."""


class WrongOperators(PortalError):
    """The operators' table cannot be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = tuple(problems)
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{path} cannot be used as a table of operators:{lines}")


@dataclass(frozen=True, slots=True)
class Service:
    """Something of the operator's own that we link out to."""

    name: str
    address: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    profile        of all its boxes, or "" where each box is recognised by itself
    area, back     the parameters of its portal that hold the area code and the address to return to, or ""
    card           parameters that name the household: listed so that nobody looks for them; never read
    exit           how the screen is given back: a key of `stb_app.exits.EXITS`
    home           where `return` leads when the portal named no place, or one that is not allowed
    returns        places to return to that the portal may name by a short key
    allow          beginnings of addresses that the portal may name in full; each ends inside a path
    areas          area code -> the area's name as notices write it
    """

    name: str
    title: str
    names: Mapping[str, str]
    profile: str
    area: str
    back: str
    card: tuple[str, ...]
    exit: str
    home: str
    returns: Mapping[str, str]
    allow: tuple[str, ...]
    areas: Mapping[str, str]
    services: tuple[Service, ...]

    def way_back(self, asked: str) -> str:
        """What the address keeps of the place that a portal asks us to return to; "" where it may not."""
        if asked in self.returns:
            return asked
        for at, beginning in enumerate(self.allow):
            rest = asked.removeprefix(beginning)
            if asked.startswith(beginning) and _plain(asked) and len(rest) <= LONGEST_REST:
                rest = urlsafe_b64encode(rest.encode()).decode().rstrip("=")
                return f"{at}_{rest}"
        return ""

    def return_address(self, way_back: str) -> str:
        """The address behind what `way_back` wrote; the operator's own home for anything else."""
        if way_back in self.returns:
            return self.returns[way_back]
        at, mark, rest = way_back.partition("_")
        if mark and at.isdecimal() and at.isascii() and int(at[:4]) < len(self.allow):
            try:
                end = urlsafe_b64decode(rest + "=" * (-len(rest) % 4)).decode()
            except ValueError:
                return self.home
            address = self.allow[int(at[:4])] + end
            return address if _plain(address) else self.home
        return self.home


def _plain(address: str) -> bool:
    """Whether an address is one of a page and no browser could read it as that of another host or folder."""
    if len(address) > LONGEST_ADDRESS or not re.fullmatch(r"https?://[!-\[\]-~]+", address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    folders = re.split(r"/", re.sub(r"%2e", ".", parts.path, flags=re.IGNORECASE))
    return bool(parts.hostname) and "@" not in parts.netloc and not {".", ".."} & set(folders)


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of a table: its kind, what it must look like, and its default (None: must be given)."""

    name: str
    kind: type
    default: object
    expected: str
    fits: Callable[[str], bool] = bool


def _pattern(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_NAME = r"[a-z][a-z0-9-]{0,31}"
_PARAMETER = _pattern(r"[A-Za-z0-9_.-]{1,40}")
_TITLE = _pattern(r".{1,24}")
_ADDRESS = "an address that begins with http:// or https://, without user name, '..' or blanks"
OPERATOR_KEYS = (
    _Key("name", str, None, "a short name of small letters, digits and hyphens", _pattern(_NAME)),
    _Key("title", str, None, "the operator's name as the screen shows it, at most 24 characters", _TITLE),
    _Key("names", dict, {}, 'names in other languages, such as { en = "Cable" }', _TITLE),
    _Key("profile", str, "", "a box profile: " + ", ".join(PROFILES), lambda value: value in PROFILES),
    _Key("area", str, "", "the name of a parameter", _PARAMETER),
    _Key("back", str, "", "the name of a parameter", _PARAMETER),
    _Key("card", list, [], "names of parameters", _PARAMETER),
    _Key("exit", str, None, " or ".join(EXITS), lambda value: value in EXITS),
    _Key("home", str, "", _ADDRESS, _plain),
    _Key("returns", dict, {}, f"short keys of letters and digits; for each {_ADDRESS}", _plain),
    _Key("allow", list, [], f"{_ADDRESS}, with a / after the host", _plain),
    _Key("areas", dict, {}, "codes of at most 12 letters and digits; for each the area's name", _TITLE),
)
SERVICE_KEYS = (
    _Key("name", str, None, "what the service is called, at most 24 characters", _TITLE),
    _Key("names", dict, {}, 'names in other languages, such as { en = "Broadband" }', _TITLE),
    _Key("address", str, None, _ADDRESS, _plain),
)
_DICT_KEYS = {
    "names": ("|".join(LOCALES), " or ".join(LOCALES)),
    "returns": (r"[0-9A-Za-z]{1,20}", "letters and digits"),
    "areas": (r"[0-9A-Za-z]{1,12}", "at most 12 letters and digits"),
}
"""What the keys of a table inside a table look like."""


def load(path: Path) -> Mapping[str, Operator]:
    """Read a table of operators, by name.

    raises  WrongOperators with every problem
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise WrongOperators(str(path), [f"it cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise WrongOperators(str(path), ["it is not UTF-8 text"]) from None
    return parse(text, str(path))


def parse(text: str, path: str = "operators.toml") -> Mapping[str, Operator]:
    """The operators of a table from its text; the same errors as `load`."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongOperators(path, [f"it is not TOML: {error}"]) from None
    problems = [
        f"there is no table [{name}]; there is [[operator]]" for name in written if name != "operator"
    ]
    tables = written.get("operator", [])
    if not isinstance(tables, list):
        problems.append("[operator] must be written [[operator]]: there may be several")
        tables = []
    found = [_operator(table, at, problems) for at, table in enumerate(tables, 1)]
    names = Counter(operator.name for operator in found if operator)
    problems += [f"{count} operators are called '{name}'" for name, count in names.items() if count > 1]
    if problems:
        raise WrongOperators(path, problems)
    return MappingProxyType({operator.name: operator for operator in found if operator})


def _operator(table: object, at: int, problems: list[str]) -> Operator | None:
    """One operator of the table; what is wrong with it is added to `problems`."""
    given = table.get("name") if isinstance(table, Mapping) else None
    where = f"[[operator]] {at}" + (f" '{given}'" if isinstance(given, str) else "")
    before = len(problems)
    services = table.get("service", []) if isinstance(table, Mapping) else []
    values = _values(table, where, OPERATOR_KEYS, problems, extra=("service",))
    if not isinstance(services, list):
        problems.append(f"{where} service must be written [[operator.service]]: there may be several")
        services = []
    rows = [
        _values(row, f"{where} service {number}", SERVICE_KEYS, problems)
        for number, row in enumerate(services, 1)
    ]
    for beginning in values.lists["allow"]:
        if not urlsplit(beginning).path:
            problems.append(
                f"{where} allow '{beginning}': expected a / after the host, so that it names one host"
            )
    if values.texts["exit"] in (RETURN, TOP) and not values.texts["home"] and "home" not in values.wrong:
        problems.append(f"{where} home is missing: this exit needs a place to return to")
    if len(problems) > before:
        return None
    texts, tables = values.texts, values.tables
    return Operator(
        name=texts["name"],
        title=texts["title"],
        names=MappingProxyType(tables["names"]),
        profile=texts["profile"],
        area=texts["area"],
        back=texts["back"],
        exit=texts["exit"],
        home=texts["home"],
        returns=MappingProxyType(tables["returns"]),
        areas=MappingProxyType(tables["areas"]),
        card=tuple(values.lists["card"]),
        allow=tuple(values.lists["allow"]),
        services=tuple(
            Service(row.texts["name"], row.texts["address"], MappingProxyType(row.tables["names"]))
            for row in rows
        ),
    )


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of one table by kind, defaults filled in; `wrong` are the keys that were not right."""

    texts: dict[str, str]
    lists: dict[str, list[str]]
    tables: dict[str, dict[str, str]]
    wrong: set[str]


def _values(
    written: object, where: str, keys: Sequence[_Key], problems: list[str], extra: Sequence[str] = ()
) -> _Values:
    values = _Values({}, {}, {}, set())
    if not isinstance(written, Mapping):
        problems.append(f"{where} must be a table")
        written = {}
    known = [*(key.name for key in keys), *extra]
    for name in written:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}"
            problems.append(f"{where} has no key '{name}'; {hint}")
    for key in keys:
        value = written.get(key.name, key.default)
        missing = "is missing" if value is None else ""
        fault = _fault(key, value) if key.name in written else missing
        if fault:
            problems.append(f"{where} {key.name} {fault}: expected {key.expected}")
            values.wrong.add(key.name)
        _keep(values, key, "" if fault else value)
    return values


def _keep(values: _Values, key: _Key, value: object) -> None:
    """Put a value with those of its kind; nothing where it is not of its kind."""
    if key.kind is str:
        values.texts[key.name] = str(value)
    elif key.kind is list:
        values.lists[key.name] = [str(each) for each in value] if isinstance(value, list) else []
    else:
        entries = value.items() if isinstance(value, dict) else ()
        values.tables[key.name] = {str(name): str(each) for name, each in entries}


def _fault(key: _Key, value: object) -> str:
    """What is wrong with a value; "" where nothing is."""
    if not isinstance(value, key.kind):
        return f"= {_shown(value)}"
    entries: list[object] = [value]
    if isinstance(value, list):
        entries = value
    elif isinstance(value, dict):
        pattern, expected = _DICT_KEYS[key.name]
        for name in value:
            if not re.fullmatch(pattern, name):
                return f"has the key '{name[:40]}', which is not {expected}"
        entries = list(value.values())
    for entry in entries:
        if entry == "" and key.default == "":
            continue
        if not isinstance(entry, str) or not key.fits(entry):
            return f"= {_shown(entry)}"
    return ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
