"""Label tables -> fields under their official names: index tables, service elements, letters, units.

Labels are recognised by the names that the regulations use, however a page lays them out: two cells,
`<dt>`/`<dd>`, "label：value" in a line, several in a line, a row of labels over a row of values, or a
heading with its paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from content_sync.extract.dom import Survey, compact
from content_sync.extract.names import NAMES, STRONG
from portal.model import Field

_ALL = sorted({name for group in NAMES.values() for name in group}, key=lambda name: (-len(name), name))


def _any_of(names: Iterable[str]) -> str:
    """A pattern for any of the names, blanks between characters allowed, the longest that fits first: as a
    tree by characters, so that a text is not held against each name in turn."""
    ways: dict[str, list[str]] = {}
    for name in names:
        ways.setdefault(name[0], []).append(name[1:])
    branches = []
    for first, rests in sorted(ways.items()):
        more = [rest for rest in rests if rest]
        branch = rf"\s?{_any_of(more)}" if more else ""
        branches.append(first + (f"(?:{branch})?" if branch and len(more) < len(rests) else branch))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


_SPACED = _any_of(_ALL)
_NUMBER = r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）]?\s?[、.．:：]?\s?)?"
_PAIR = re.compile(rf"(?:^|(?<=[\s|｜；;】\]]))[【\[▪■●◆]?({_SPACED})[】\]]?\s?[:：]")
_ALONE = re.compile(rf"^{_NUMBER}[【\[▪■●◆]?\s?({_SPACED})\s?[】\]]?\s?[:：]?$")
_LEADING = re.compile(rf"^{_NUMBER}[【\[▪■●◆]?({_SPACED})[】\]]?\s?[:：]\s?")
_SPACED_PAIR = re.compile(rf"^({_SPACED})\s(?=\S)")
_FIRSTS = frozenset(name[0] for name in _ALL) | frozenset("（(【[▪■●◆ 一二三四五六七八九十")
"""Characters with which a line can begin that begins with a label; digits do as well."""
_MAX_VALUE_LINES = 80
MAX_CELL = 200
"""Characters of a value that is still a cell of a table and no body."""
_FORM = re.compile(r"(?:请输入|请填写|请选择|验证码|提交|重置|保存)")
_STOPS = re.compile("[，。；]")
_CELLS = frozenset(("td", "th"))


@dataclass(frozen=True, slots=True)
class Label:
    """A field found: `line` is the number of the line that holds its label, `last` where its value ends."""

    name: str
    value: str
    line: int
    last: int


def find_labels(seen: Survey) -> list[Label]:
    """Every label of the page with its value, in order; hidden lines count, tabs are hidden."""
    alone, paired = _recognise(seen)
    marked = alone.keys() | paired.keys()
    found: list[Label] = []
    done: set[int] = set()
    for number in sorted(marked):
        if number in done:
            continue
        if number in paired:
            found.extend(_pairs(seen, number, paired[number], marked))
        elif columns := _head_row(seen, number, alone):
            found.extend(columns)
            done.update(label.line for label in columns)
        else:
            value, last = _following(seen, number, marked)
            found.append(Label(alone[number], _stated(value), number, last))
    return found


def _recognise(seen: Survey) -> tuple[dict[int, str], dict[int, list[re.Match[str]]]]:
    """(lines that are a label and nothing else, lines that hold labels with their values)."""
    alone: dict[int, str] = {}
    paired: dict[int, list[re.Match[str]]] = {}
    spaced: dict[int, list[re.Match[str]]] = {}
    for number, line in enumerate(seen.lines):
        text = line.text
        begins = text[0] in _FIRSTS or text[0].isdigit()
        if begins and len(text) <= 24 and (only := _ALONE.match(text)):
            alone[number] = compact(only.group(1))
        elif begins and len(text) <= 80 and not line.linked and (side := _SPACED_PAIR.match(text)):
            # Label and value side by side without a colon, as phone layouts have them.
            if not _STOPS.search(text):
                spaced[number] = [side]
        elif (":" in text or "：" in text) and line.linked < len(text):
            lead = _LEADING.match(text) if begins else None
            if hits := list(_PAIR.finditer(text[:400])) or ([lead] if lead else []):
                paired[number] = hits
    return alone, paired | spaced if len(spaced) >= 2 else paired


def _pairs(seen: Survey, number: int, hits: list[re.Match[str]], marked: set[int]) -> list[Label]:
    """The labels of a line that holds their values as well; the last one's may follow below."""
    text = seen.lines[number].text
    found: list[Label] = []
    for at, hit in enumerate(hits):
        stop = hits[at + 1].start() if at + 1 < len(hits) else len(text)
        value, last = text[hit.end() : stop].strip(" |｜;；【["), number
        if not value and at + 1 == len(hits):
            value, last = _following(seen, number, marked)
        found.append(Label(compact(hit.group(1)), _stated(value), number, last))
    return found


def _stated(value: str) -> str:
    """A value, "" where it is what a form to fill in says beside its label."""
    return "" if _FORM.match(value) else value


def _following(seen: Survey, number: int, marked: set[int]) -> tuple[str, int]:
    """The value of a label that stands alone: its neighbour cell, or the lines up to the next label."""
    lines = seen.lines
    line = lines[number]
    cell = line.block
    while cell >= 0 and seen.tags[cell] not in _CELLS | {"dt", "li", "tr", "table", "div", "body"}:
        cell = seen.parent[cell]
    tag = seen.tags[cell] if cell >= 0 else ""
    if tag in _CELLS or tag == "dt":
        sibling = next(
            (
                seen.place[node]
                for node in seen.nodes[cell].itersiblings()
                if node in seen.place and isinstance(node.tag, str)
            ),
            -1,
        )
        if sibling < 0 or (tag == "dt" and seen.tags[sibling] == "dt"):
            return "", number
        scope, first = sibling, sibling
    else:
        scope, climbed = seen.parent[line.block], 0
        while scope > 0 and seen.end[scope] <= _end_of(seen, number) and climbed < 3:
            scope, climbed = seen.parent[scope], climbed + 1
        first = line.at
    if scope < 0:
        return "", number
    parts: list[str] = []
    last = number
    for at in range(number + 1, min(number + 1 + _MAX_VALUE_LINES, len(lines))):
        here = lines[at]
        if here.at < first and tag in _CELLS | {"dt"}:
            continue
        if here.at > seen.end[scope] or at in marked:
            break
        parts.append(here.text)
        last = at
    return "\n".join(parts), last


def _end_of(seen: Survey, number: int) -> int:
    """Where the last element of a line's block ends."""
    return seen.end[seen.lines[number].block]


def _head_row(seen: Survey, number: int, alone: dict[int, str]) -> list[Label]:
    """The labels of a table row that holds nothing else, with their values from the row below."""
    row = seen.lines[number].block
    while row >= 0 and seen.tags[row] not in ("tr", "table", "body"):
        row = seen.parent[row]
    if row < 0 or seen.tags[row] != "tr":
        return []
    heads: list[int] = []
    at = number
    while at < len(seen.lines) and seen.lines[at].at <= seen.end[row]:
        if at not in alone:
            return []
        heads.append(at)
        at += 1
    cells = [node for node in seen.nodes[row] if node.tag in _CELLS]
    below = next(iter(seen.nodes[row].itersiblings("tr")), None)
    if len(heads) < 3 or len(cells) != len(heads) or below is None:
        return []
    values = [node for node in below if node.tag in _CELLS]
    if len(values) != len(heads):
        return []
    found: list[Label] = []
    for line, node in zip(heads, values, strict=True):
        inner = seen.lines_in(seen.place[node])
        found.append(Label(alone[line], "\n".join(part.text for part in inner), line, line))
    return found


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a page, by group: `group` is the kind that they speak for, "" for none.

    lines  the lines of its labels and values, where they are apart from the body
    """

    group: str
    fields: tuple[Field, ...]
    strength: int = 0
    lines: tuple[int, ...] = ()


def read_table(labels: list[Label]) -> Table:
    """Which of the tables these labels make, if any: the group with most of its strong names."""
    best = Table("", ())
    for group, names in NAMES.items():
        strong = {label.name for label in labels if label.name in STRONG[group]}
        if (
            group == "letter"
            and len({label.value for label in labels if label.name in strong and label.value}) < 2
        ):
            continue  # a form to write one, not a letter
        if len(strong) < (2 if group in ("disclosure", "letter") else 3 if group != "interview" else 2):
            continue
        members = [label for label in labels if label.name in names]
        strength = 10 * len(strong) + len({label.name for label in members})
        if strength > best.strength:
            values: dict[str, str] = {}
            for label in members:
                if label.value and not values.get(label.name):
                    values[label.name] = label.value
            fields = tuple(Field(name, value) for name, value in values.items())
            best = Table(group, fields, strength, _lines(group, members))
    return best


def _lines(group: str, members: list[Label]) -> tuple[int, ...]:
    """The lines of an index table: from its first strong name to its last, short values only."""
    if group not in ("disclosure", "letter", "interview"):
        return ()  # what a service or a unit says of itself is its body
    strong = [label.line for label in members if label.name in STRONG[group]]
    inside = [label for label in members if min(strong) <= label.line <= max(strong) + 2]
    return tuple(
        number
        for label in inside
        if len(label.value) <= MAX_CELL
        for number in range(label.line, label.last + 1)
    )


def set_apart(seen: Survey, table: Table) -> None:
    """Mark the lines of an index table: neither title, imprint nor body is looked for in them."""
    for number in table.lines:
        line = seen.lines[number]
        line.table = True
        for index in seen.path(line.block):
            seen.weight[index] -= line.weight
        line.weight = 0
