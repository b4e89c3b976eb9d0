"""What a search finds, and the lists of what it can be narrowed by; the same for both editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.model import Effect, Kind, Section, name_in
from portal.search.articles import Answer, Filters
from portal.search.asked import MENUS, Asked
from portal.search.lists import Listed, Reader, Row
from portal.search.snippet import WIDTH
from portal.text import N_

MENU_NAMES: Mapping[str, str] = {
    "section": N_("按部分"),
    "column": N_("按栏目"),
    "unit": N_("按单位"),
    "year": N_("按年份"),
    "effect": N_("按效力"),
    "kind": N_("按类型"),
}
KIND_NAMES: Mapping[str, str] = {
    Kind.ARTICLE.value: N_("新闻和文章"),
    Kind.DISCLOSURE.value: N_("政府文件"),
    Kind.MATTER.value: N_("办事事项"),
    Kind.UNIT.value: N_("单位"),
    Kind.FACT.value: N_("便民信息"),
    Kind.INTERVIEW.value: N_("访谈"),
    Kind.NOTICE.value: N_("通知提醒"),
    Kind.CASE.value: N_("许可结果"),
}
EFFECT_NAMES: Mapping[str, str] = {
    Effect.VALID.value: N_("有效"),
    Effect.INVALID.value: N_("已失效"),
    Effect.REPEALED.value: N_("已废止"),
}
SHOWN_UNITS = 80
"""Units that are offered, those with most hits."""


def filters_of(asked: Asked) -> Filters:
    """The filters of a search."""
    return Filters(asked.section, asked.column, asked.unit, asked.year, asked.effect, asked.kind)


async def answer(reader: Reader, asked: Asked, start: int, count: int, width: int = WIDTH) -> Answer:
    """What is found: by its words, or the newest where there are filters alone."""
    articles, variant = reader.finding.articles, reader.text.variant
    if asked.text:
        return await articles.find(asked.text, filters_of(asked), start, count, variant, width)
    return await articles.newest(filters_of(asked), start, count, variant, width)


async def menu(reader: Reader, asked: Asked, start: int, count: int) -> Listed:
    """The list of a menu: the values of one filter with their hits, or the filters that would narrow."""
    t = reader.text
    if asked.menu != "all":
        rows = await _values(reader, asked, asked.menu)
        title = t.gettext(MENU_NAMES[asked.menu])
        return Listed(title, tuple(rows[start : start + count]), len(rows), replace(asked, menu="all").token)
    counts = await reader.finding.articles.counts(asked.text, filters_of(asked))
    rows = []
    for name in MENUS:
        values, now = _offered(name, counts.get(name, ()), asked), getattr(asked, name)
        if name == "section" and now and not asked.text:
            # The tree of one section: what stands elsewhere is none of it.
            continue
        if now:
            said = value_name(reader, name, now)
            rows.append(
                Row(name, t.gettext(MENU_NAMES[name]), "asked", replace(asked, menu=name).token, said)
            )
        elif len(values) > 1:
            token = replace(asked, menu=name).token
            rows.append(Row(name, t.gettext(MENU_NAMES[name]), "asked", token, number=len(values)))
    everything = replace(asked, menu="").token
    total = max((sum(n for _, n in counts.get("kind", ())), 0))
    rows.append(Row("whole", t.gettext("看结果"), "asked", everything, number=total))
    if asked.text and asked.narrowed:
        rows.append(Row("wide", t.gettext("不筛选"), "asked", Asked(asked.text).token))
    return Listed(title_of(reader, asked), tuple(rows[start : start + count]), len(rows), everything)


async def _values(reader: Reader, asked: Asked, name: str) -> list[Row]:
    """The values of one filter, as if it were not set."""
    wide = asked.with_(name, "")
    counts = await reader.finding.articles.counts(wide.text, filters_of(wide))
    rows: list[Row] = []
    if getattr(asked, name):
        rows.append(Row("any", reader.text.gettext("不限"), "asked", wide.token))
    for value, number in _offered(name, counts.get(name, ()), wide):
        chosen = wide.with_(name, value)
        said = value_name(reader, name, value)
        if said:
            # Named by what is chosen: Back finds it again.
            rows.append(Row(f"v{len(rows)}", said, "asked", chosen.token, number=number))
    return rows


def _offered(name: str, values: Sequence[tuple[str, int]], asked: Asked) -> Sequence[tuple[str, int]]:
    return values[:SHOWN_UNITS] if name == "unit" else values


def value_name(reader: Reader, name: str, value: str) -> str:
    """What a viewer calls a value of a filter, "" where it stands for nothing any more."""
    t, site = reader.text, reader.site
    match name:
        case "section":
            column = next((each for each in site.sections() if each.section == Section(value)), None)
            return "" if column is None else name_in(column.names, t.tag, column.name)
        case "column":
            column = site.column(value)
            return "" if column is None else name_in(column.names, t.tag, column.name)
        case "effect":
            return t.gettext(EFFECT_NAMES.get(value, value))
        case "kind":
            return t.gettext(KIND_NAMES.get(value, value))
        case "year":
            return t.gettext("{year} 年").format(year=value)
        case _:
            return reader.said(value)


def title_of(reader: Reader, asked: Asked) -> str:
    """What is looked at, in one line: the words, and what they are narrowed by."""
    t = reader.text
    words = t.gettext("“{words}”").format(words=asked.text) if asked.text else ""
    narrowed = [value_name(reader, name, value) for name, value in asked.narrowed]
    return " · ".join(filter(None, (words, *narrowed))) or t.gettext("全部内容")


def ways_to_narrow(reader: Reader, asked: Asked, total: int, some: int) -> str:
    """How many hits there are, and how to make them fewer where they are more than `some`."""
    t = reader.text
    count = t.ngettext("共 {count} 条", "共 {count} 条", total).format(count=total)
    if total <= some:
        return count
    hint = t.gettext("多打一个词，或选“筛选”，就会少一些") if asked.text else t.gettext("选“筛选”可以少一些")
    return t.gettext("{count}，{hint}").format(count=count, hint=hint)
