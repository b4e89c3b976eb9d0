"""Items of the mirror -> pages of the phone edition. Pure.

What one does comes first: a matter says what to take along, where to go and when, how to get there and
whom to ring, before its conditions and terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from portal.model import (
    AnyItem,
    Article,
    Attachment,
    Block,
    Case,
    Disclosure,
    Exchange,
    Fact,
    Heading,
    Image,
    Interview,
    InterviewState,
    List,
    Matter,
    Notice,
    Paragraph,
    Site,
    Table,
    Unit,
)
from portal.text import N_
from wap import cases
from wap.page import Call, Line, Link, Page, Part, Picture
from wap.view import View, call_of, page_of

_TELEPHONE = re.compile(
    r"(?<![\d-])(?P<number>(?:\+86[- ]?)?(?:[(（]?0\d{2,3}[)）]?[-— ]?)?"
    r"(?:[48]00[- ]?\d{3,4}[- ]?\d{3,4}|1[3-9]\d{9}|\d{3,4}[- ]\d{4}|\d{7,8}|[19]\d{4}|1\d{2}))"
    r"(?:[-—转]\d{1,5})?(?!\d)"
)
"""A telephone number as units write it: area code, number, extension; or a short one (110, 12345)."""

_BETWEEN = " \t,，、;；/()（）:：-—"


def item(view: View, site: Site, item: AnyItem, number: str, around: Sequence[Part] = ()) -> Page:
    """The page of any item. `number` is its dial number or "", `around` what says where a unit is."""
    column = next((found for each in item.columns if (found := site.column(each))), None)
    body: list[Part] = [Line(item.title, strong=True)]
    body += [*_BODIES[type(item)](view, item), *around]
    name = view.city(site) if column is None else view.name(column)
    return page_of(
        view,
        f"{name} {number}".strip(),
        name,
        view.item(item.id),
        body,
        up=None if column is None else Link(view.column(column), view.name(column)),
    )


def _labelled(view: View, label: str, value: str) -> list[Part]:
    """A line with its label, nothing where there is no value."""
    return [Line(f"{view.text.gettext(label)}: {value}")] if value else []


def _listed(view: View, label: str, values: Sequence[str], numbered: bool = True) -> list[Part]:
    """A small heading and its lines."""
    if not values:
        return []
    lines = [
        f"{at}. {value}" if numbered and len(values) > 1 else value for at, value in enumerate(values, 1)
    ]
    return [Line(view.text.gettext(label), strong=True), *map(Line, lines)]


def _calls(view: View, label: str, written: str) -> list[Part]:
    """Every number of a telephone field as a link of its own, the words beside it as they stand."""
    found = list(_TELEPHONE.finditer(written))
    if not found:
        return _labelled(view, label, written)
    parts: list[Part] = []
    said, at = f"{view.text.gettext(label)}:", 0
    for match in found:
        between = written[at : match.start()].strip(_BETWEEN)
        parts.append(call_of(match.group(), f"{said} {between}".strip(), match.group("number")))
        said, at = "", match.end()
    rest = written[at:].strip(_BETWEEN)
    return [*parts, Line(rest)] if rest else parts


def _published(view: View, item: AnyItem) -> list[Part]:
    said = " ".join(part for part in (view.text.moment(item.published, view.today), item.source) if part)
    return [Line(said)] if said else []


def _article(view: View, item: AnyItem) -> list[Part]:
    return _published(view, item) + _blocks(view, item.blocks)


_INDEX: tuple[tuple[str, Callable[[Disclosure], str]], ...] = (
    (N_("索引号"), lambda d: d.index_no),
    (N_("文号"), lambda d: d.doc_no),
    (N_("发布机构"), lambda d: d.issuer),
    (N_("成文日期"), lambda d: d.made_on),
    (N_("效力"), lambda d: str(d.effect)),
    (N_("主题"), lambda d: d.topic),
)
"""The index table of a disclosure, in the order in which it is read."""


def _disclosure(view: View, item: AnyItem) -> list[Part]:
    parts: list[Part] = []
    if isinstance(item, Disclosure):
        for label, value in _INDEX:
            parts += _labelled(view, label, value(item))
    return parts + _blocks(view, item.blocks)


_STEPS: tuple[tuple[str, Callable[[Matter], Sequence[str]]], ...] = (
    (N_("带什么"), lambda m: m.materials),
    (N_("条件"), lambda m: m.conditions),
    (N_("怎么办"), lambda m: m.steps),
)
_COUNTER: tuple[tuple[str, Callable[[Matter], str]], ...] = (
    (N_("去哪里"), lambda m: m.place),
    (N_("什么时间"), lambda m: m.hours),
    (N_("乘车"), lambda m: m.bus_route),
)
_TERMS: tuple[tuple[str, Callable[[Matter], str]], ...] = (
    (N_("承诺时限"), lambda m: m.promised_limit),
    (N_("法定时限"), lambda m: m.legal_limit),
    (N_("收费"), lambda m: m.fee),
    (N_("办理对象"), lambda m: m.audience),
    (N_("依据"), lambda m: m.basis),
)


def _matter(view: View, item: AnyItem) -> list[Part]:
    """In the order in which one does it: what to take along, where to go and when, how to get there,
    whom to ring, then conditions, steps and terms."""
    if not isinstance(item, Matter):
        return []
    parts = _labelled(view, N_("俗称"), "、".join(item.everyday_names))
    (bring, materials), *others = _STEPS
    parts += _listed(view, bring, materials(item))
    for label, value in _COUNTER:
        parts += _labelled(view, label, value(item))
    parts.append(Link(f"{view.base}/p/{item.id}", view.text.gettext("明白纸"), "2"))
    parts += _calls(view, N_("电话"), item.telephone)
    if item.unit and item.unit_id:
        parts.append(Link(view.item(item.unit_id), item.unit, "1"))
    else:
        parts += _labelled(view, N_("办理单位"), item.unit)
    for label, values in others:
        parts += _listed(view, label, values(item))
    for label, value in _TERMS:
        parts += _labelled(view, label, value(item))
    parts += _calls(view, N_("投诉电话"), item.complaint_telephone)
    return parts + _unsaid(view, item, parts)


def _unit(view: View, item: AnyItem) -> list[Part]:
    if not isinstance(item, Unit):
        return []
    parts = _labelled(view, N_("地址"), item.address)
    parts += _labelled(view, N_("时间"), item.hours)
    parts += _labelled(view, N_("乘车"), item.bus_route)
    parts += _calls(view, N_("电话"), item.telephone)
    parts += _labelled(view, N_("级别"), item.level)
    parts += _listed(view, N_("职责"), item.duties)
    return parts + _unsaid(view, item, parts)


def _fact(view: View, item: AnyItem) -> list[Part]:
    shown = {row for block in item.blocks if isinstance(block, Table) for row in block.rows}
    parts: list[Part] = [
        Line(f"{field.name}: {field.value}")
        for field in item.fields
        if (field.name, field.value) not in shown
    ]
    parts += _blocks(view, item.blocks)
    if isinstance(item, Fact):
        parts += _labelled(view, N_("来源"), item.source)
        parts += _labelled(view, N_("核对日期"), view.text.day(item.checked_on, view.today))
        parts += _labelled(view, N_("有效期至"), view.text.day(item.valid_until, view.today))
    return parts


STATES = {
    InterviewState.ANNOUNCED: N_("预告"),
    InterviewState.LIVE: N_("正在进行"),
    InterviewState.ARCHIVED: N_("已结束"),
}


def _interview(view: View, item: AnyItem) -> list[Part]:
    if not isinstance(item, Interview):
        return []
    parts = _labelled(view, N_("嘉宾"), "、".join(item.guests))
    parts += _labelled(view, N_("单位"), item.unit)
    held = view.text.moment(item.held, view.today)
    parts.append(Line(" ".join(part for part in (held, view.text.gettext(STATES[item.state])) if part)))
    return parts + _blocks(view, item.blocks)


def _notice(view: View, item: AnyItem) -> list[Part]:
    if not isinstance(item, Notice):
        return []
    parts = _labelled(view, N_("级别"), item.severity)
    parts += _labelled(view, N_("地区"), item.area)
    span = [view.text.moment(moment, view.today) for moment in (item.valid_from, item.valid_until)]
    if any(span):
        parts.append(Line(" - ".join(span).strip(" -")))
    return parts + _blocks(view, item.blocks)


def _case(view: View, item: AnyItem) -> list[Part]:
    return list(cases.of_case(view, item)) if isinstance(item, Case) else []


_BODIES: dict[type[AnyItem], Callable[[View, AnyItem], list[Part]]] = {
    Article: _article,
    Disclosure: _disclosure,
    Matter: _matter,
    Unit: _unit,
    Fact: _fact,
    Interview: _interview,
    Notice: _notice,
    Case: _case,
}


def parts_of(view: View, blocks: Sequence[Block]) -> list[Part]:
    """Blocks as the parts of a page."""
    return _blocks(view, blocks)


def _blocks(view: View, blocks: Sequence[Block]) -> list[Part]:
    parts: list[Part] = []
    for block in blocks:
        parts += _block(view, block)
    return parts


def _block(view: View, block: Block) -> list[Part]:
    t = view.text
    match block:
        case Heading(text):
            return [Line(text, strong=True)] if text else []
        case Paragraph():
            return [Line(block.text)] if block.text.strip() else []
        case List(items, ordered):
            return [Line(f"{at}. {each}" if ordered else f"- {each}") for at, each in enumerate(items, 1)]
        case Table():
            return _table(block)
        case Image(_, alt, caption, media, width, height):
            words = caption or alt or t.gettext("图片")
            picture = Picture(media, alt or words, width, height)
            shown: list[Part] = [picture] if media else [Line(f"[{words}]")]
            return [*shown, Line(caption)] if media and caption and caption != alt else shown
        case Attachment(_, name, format_, size):
            kind = f" ({format_})" if format_ and not name.lower().endswith(f".{format_}") else ""
            weight = f" {max(1, size // 1024)} KB" if size else ""
            return [Line(f"{t.gettext('附件')}: {name}{kind}{weight}")]
        case Exchange(question, answer, asker, speaker):
            asked = f"{t.gettext('问')}({asker}): " if asker else f"{t.gettext('问')}: "
            said = f"{speaker}: " if speaker else f"{t.gettext('答')}: "
            lines = [Line(asked + question, strong=True)] if question else []
            return [*lines, Line(said + answer)] if answer else list(lines)


def _table(table: Table) -> list[Part]:
    """A table as lines, since no WAP phone is wide enough: two columns as label and value, more with
    the head's words before each cell."""
    parts: list[Part] = [Line(table.caption, strong=True)] if table.caption else []
    head = table.rows[table.head - 1] if 0 < table.head <= len(table.rows) else ()
    for row in table.rows[table.head :]:
        if len(row) == 2:
            parts.append(Line(": ".join(cell for cell in row if cell)))
            continue
        named = [
            f"{head[at]} {cell}" if at and at < len(head) and head[at] else cell
            for at, cell in enumerate(row)
            if cell
        ]
        if named:
            parts.append(Line("; ".join(named)))
    return parts


def _unsaid(view: View, item: AnyItem, parts: Sequence[Part]) -> list[Part]:
    """What the origin's table and body say beyond the typed fields: nothing is lost, nothing is read
    twice, and the phone is sent each word once."""
    shown = (
        part.label + part.text if isinstance(part, Call) else getattr(part, "text", "") for part in parts
    )
    said = "".join(_pieces(item.title) + [piece for text in shown for piece in _pieces(text)])
    found: list[Part] = []
    for field in item.fields:
        if any(piece not in said for piece in _pieces(field.value)):
            found.append(Line(f"{field.name}: {field.value}"))
            said += "".join(_pieces(field.value))
    names = {field.name for field in item.fields}
    for part in _blocks(view, item.blocks):
        text = part.text if isinstance(part, Line) else None
        if text is None or (
            text.strip(_BETWEEN) not in names and any(piece not in said for piece in _pieces(text))
        ):
            found.append(part)
    return found


def _pieces(text: str) -> list[str]:
    """The words of a text without punctuation and the numbers of its lists."""
    return [piece for piece in re.split(r"(?m)^\s*\d+[.、．]|[\W_]+", text) if piece]
