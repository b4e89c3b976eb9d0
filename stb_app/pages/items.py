"""Items to read: their typed fields come as tables and lists under the citizen's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from portal import vocabulary
from portal.cases import rows as case_rows
from portal.model import (
    AnyItem,
    Attachment,
    Block,
    Case,
    Disclosure,
    Effect,
    Exchange,
    Fact,
    Head,
    Heading,
    Image,
    Interview,
    InterviewState,
    List,
    Matter,
    Notice,
    Paragraph,
    Run,
    Section,
    Table,
    Unit,
)
from portal.text import N_, Text
from stb_app.pages.page import SCREEN_MARK, Document, Link, Scene

STATES = {
    InterviewState.ANNOUNCED: N_("预告"),
    InterviewState.LIVE: N_("正在直播"),
    InterviewState.ARCHIVED: N_("已结束"),
}

EFFECTS = {Effect.VALID: N_("有效"), Effect.INVALID: N_("已失效"), Effect.REPEALED: N_("已废止")}


def document(
    scene: Scene,
    item: AnyItem,
    number: str,
    following: Head | None,
    following_page: int,
    around: Sequence[Block] = (),
) -> Document:
    """The page of an item, in the list that the address names.

    number     its dial number or ""       following  the next item of the list, on `following_page`
    around     of a unit: where it is, see `stb_app.own.around_unit`
    """
    t = scene.text
    column = scene.site.column(item.columns[0]) if item.columns else None
    buttons: list[Link] = []
    if following is not None:
        place = replace(scene.place, item=following.id, screen=1, page=following_page)
        buttons.append(Link("following", t.gettext("下一条"), scene.link(place), "1"))
    if isinstance(item, Matter) and item.unit_id:
        place = replace(scene.place, below="u", unit=item.unit_id, unit_screen=1)
        buttons.append(Link("unit", t.gettext("办理单位"), scene.link(place), "2", short=t.gettext("单位")))
    buttons.append(
        Link(
            "phone",
            t.gettext("转到手机"),
            scene.link(replace(scene.place, below="q")),
            "3",
            short=t.gettext("手机"),
        )
    )
    if isinstance(item, Matter):
        place = replace(scene.place, below="p")
        buttons.append(Link("sheet", t.gettext("打印/带走"), scene.link(place), "4", short=t.gettext("打印")))
    back_place, back_focus = scene.place.parent
    back = scene.link(back_place, back_focus)
    buttons.append(Link("back", _back_label(scene), back, "8", short=t.gettext("返回")))
    marked = replace(scene.place, screen=int("9" + SCREEN_MARK))
    return Document(
        title=item.title,
        meta="　".join(part for part in _meta(scene, item, number) if part),
        section=column.section if column else None,
        blocks=tuple(_worded((*blocks_of(item, t, scene.today), *around), t)),
        buttons=tuple(buttons),
        screen=scene.place.screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


def unit_document(scene: Scene, unit: Unit, number: str, around: Sequence[Block] = ()) -> Document:
    """The page of a unit below a matter: Back leads to the matter."""
    t = scene.text
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    marked = replace(scene.place, unit_screen=int("9" + SCREEN_MARK))
    return Document(
        title=unit.title,
        meta="　".join(part for part in _meta(scene, unit, number) if part),
        section=Section.SERVICES,
        blocks=tuple(_worded((*blocks_of(unit, t, scene.today), *around), t)),
        buttons=(Link("back", t.gettext("返回事项"), back, "8"),),
        screen=scene.place.unit_screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


def _back_label(scene: Scene) -> str:
    t = scene.text
    return {
        "home": t.gettext("返回首页"),
        "number": t.gettext("返回查找"),
        "case": t.gettext("返回查找"),
    }.get(scene.place.kind, t.gettext("返回列表"))


def _meta(scene: Scene, item: AnyItem, number: str) -> Iterator[str]:
    """The quiet line below the title: when, from whom, which number."""
    t = scene.text
    match item:
        case Interview():
            yield t.gettext(STATES[item.state])
            yield t.moment(item.held or item.published, scene.today)
            yield item.unit or item.source
        case Matter():
            yield (
                t.gettext("又叫 {names}").format(names="、".join(item.everyday_names))
                if (item.everyday_names)
                else item.unit
            )
        case Unit():
            yield item.telephone
        case Disclosure():
            # Who issued it and when stands in the index table right below; whether it holds comes first.
            yield t.gettext(EFFECTS[item.effect]) if item.effect in EFFECTS else ""
            if not item.fields:
                yield t.moment(item.published, scene.today)
                yield item.issuer or item.source
        case _:
            yield t.moment(item.published, scene.today)
            yield item.source
    if number:
        yield t.gettext("号码 {number}").format(number=number)


def blocks_of(item: AnyItem, t: Text, today: str) -> tuple[Block, ...]:
    """The body of an item; typed fields come as tables and lists under the citizen's own words."""
    match item:
        case Matter():
            return tuple(_matter(item, t))
        case Disclosure():
            return (_table(_translated(_index(item), t)), *item.blocks)
        case Unit():
            return tuple(_unit(item, t))
        case Fact():
            rows = list(_translated(facts_beside(item), t))
            if item.checked_on:
                rows.append((t.gettext("核对日期"), t.moment(item.checked_on, today)))
            if item.valid_until:
                rows.append((t.gettext("有效期至"), t.moment(item.valid_until, today)))
            return (*item.blocks, _table(rows))
        case Case():
            return (_table(_translated(case_rows(item, t), t)),)
        case Interview():
            # When and by whom stands in the quiet line below the title.
            return (_table([(t.gettext("嘉宾"), "、".join(item.guests))]), *item.blocks)
        case Notice():
            rows = [
                (t.gettext("范围"), item.area),
                (t.gettext("开始"), t.moment(item.valid_from, today)),
                (t.gettext("结束"), t.moment(item.valid_until, today)),
            ]
            return (_table(rows), *item.blocks)
        case _:
            return item.blocks


def facts_beside(item: Fact) -> list[tuple[str, str]]:
    """The rows of a fact that none of its tables shows."""
    shown = {row for block in item.blocks if isinstance(block, Table) for row in block.rows}
    return [(field.name, field.value) for field in item.fields if (field.name, field.value) not in shown]


def _translated(rows: Iterable[tuple[str, str]], t: Text) -> Iterator[tuple[str, str]]:
    """Rows of the origin's own labels and values, in the viewer's language where they are common ones."""
    for name, value in rows:
        yield vocabulary.label(name, t), vocabulary.value(value, t)


def _matter(item: Matter, t: Text) -> Iterator[Block]:
    yield _table(
        [
            (t.gettext("到哪里办"), item.place),
            (t.gettext("什么时候"), vocabulary.value(item.hours, t)),
            (t.gettext("打电话"), item.telephone),
            (t.gettext("怎么去"), item.bus_route),
            (t.gettext("收费"), vocabulary.value(item.fee, t)),
            (t.gettext("多久办好"), vocabulary.value(item.promised_limit or item.legal_limit, t)),
            (t.gettext("谁来办"), item.unit),
        ]
    )
    for label, lines, ordered in (
        (t.gettext("要带什么"), item.materials, True),
        (t.gettext("怎么办"), item.steps, True),
        (t.gettext("什么人能办"), item.conditions, False),
    ):
        if lines:
            yield Heading(label)
            yield List(lines, ordered and len(lines) > 1)
    shown = (
        item.title, *item.everyday_names, item.place, item.hours, item.telephone, item.bus_route, item.fee,
        item.promised_limit, item.unit, *item.materials, *item.steps, *item.conditions, item.legal_limit,
        item.basis, item.complaint_telephone,
    )  # fmt: skip
    rows, blocks = _unsaid(item, shown)
    known = [
        (t.gettext("法定时限"), vocabulary.value(item.legal_limit, t)),
        (t.gettext("依据"), item.basis),
        (t.gettext("投诉电话"), item.complaint_telephone),
        *_translated(rows, t),
    ]
    if any(value for _, value in known):
        yield Heading(t.gettext("还要知道"))
        yield _table(known)
    yield from blocks


def _index(item: Disclosure) -> Iterator[tuple[str, str]]:
    """The index table without what the head of the page says: the title, and the page's own furniture."""
    for field in item.fields:
        if _pieces(field.value) != _pieces(item.title) and "字体" not in field.value:
            yield field.name, field.value


def _unsaid(item: AnyItem, shown: Iterable[str]) -> tuple[list[tuple[str, str]], list[Block]]:
    """What the origin's table and body say beyond what is shown: rows of labels and values, and blocks.

    Nothing is lost and nothing is read twice: many portals repeat a matter's table in its body.
    """
    said = "".join(piece for text in shown for piece in _pieces(text))
    rows: list[tuple[str, str]] = []
    for field in item.fields:
        if any(piece not in said for piece in _pieces(field.value)):
            rows.append((field.name, field.value))
            said += "".join(_pieces(field.value))
    said += "".join(piece for field in item.fields for piece in _pieces(field.name))
    blocks = [
        block
        for block in item.blocks
        if (text := _plain(block)) is None or any(piece not in said for piece in _pieces(text))
    ]
    return rows, blocks


def _plain(block: Block) -> str | None:
    """The text of a block; None for what is more than text."""
    match block:
        case Paragraph():
            return block.text
        case Heading(text):
            return text
        case List(items):
            return " ".join(items)
        case Table(rows):
            return " ".join(cell for row in rows for cell in row)
        case _:
            return None


def _pieces(text: str) -> list[str]:
    """The words of a text without punctuation and the numbers of its lists."""
    return [piece for piece in re.split(r"(?m)^\s*\d+[.、．]|[\W_]+", text) if piece]


def _unit(item: Unit, t: Text) -> Iterator[Block]:
    yield _table(
        [
            (t.gettext("地址"), item.address),
            (t.gettext("电话"), item.telephone),
            (t.gettext("时间"), vocabulary.value(item.hours, t)),
            (t.gettext("怎么去"), item.bus_route),
        ]
    )
    if item.duties:
        yield Heading(t.gettext("管什么事"))
        yield List(item.duties)
    # The rank of an office and its coordinates tell a citizen nothing; where it is has a picture.
    shown = (
        item.title, item.address, item.telephone, item.hours, item.bus_route, item.level, item.position,
        *item.duties,
    )  # fmt: skip
    rows, blocks = _unsaid(item, shown)
    if rows:
        yield _table(_translated(rows, t))
    yield from blocks


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    """A table of labels and values without the empty ones."""
    return Table(tuple((label, value) for label, value in rows if value))


def _worded(blocks: Sequence[Block], t: Text) -> Iterator[Block]:
    """Exchanges and attachments as paragraphs in the viewer's words; empty blocks go."""
    for block in blocks:
        match block:
            case Exchange():
                asker = block.asker or t.gettext("问")
                speaker = block.speaker or t.gettext("答")
                if block.question:
                    yield Heading(f"{asker}：{block.question}", 3)
                for at, part in enumerate(filter(str.strip, block.answer.split("\n"))):
                    lead = (Run(f"{speaker}：", strong=True),) if at == 0 else ()
                    yield Paragraph((*lead, Run(part.strip())))
            case Attachment():
                size = f"，{-(-block.size // 1024)} KB" if block.size else ""
                kind = block.format.upper()
                label = t.gettext("附件：{name}（{kind}，请在手机或电脑上打开）").format(
                    name=block.name, kind=kind + size
                )
                yield Paragraph((Run(label),))
            case Table(rows=()):
                continue
            case Image(media=""):
                words = block.caption or block.alt
                if words:
                    yield Paragraph((Run(t.gettext("（图：{words}）").format(words=words)),))
            case _:
                yield block
