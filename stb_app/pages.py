"""Model -> page: what a page says and where it leads, before anybody knows how large the screen is.

Pure: it takes content, the words of the viewer's language and the place in the address, and returns
frozen pages. The layout gives them rectangles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from portal.model import (
    AnyItem,
    Attachment,
    Block,
    Column,
    Disclosure,
    Effect,
    Exchange,
    Fact,
    Head,
    Heading,
    Image,
    Interview,
    InterviewState,
    Kind,
    List,
    Matter,
    Notice,
    Paragraph,
    Run,
    Section,
    Site,
    Table,
    Unit,
    name_in,
)
from portal.text import N_, Text
from stb_app.address import Edition, Place, href

STATES = {
    InterviewState.ANNOUNCED: N_("预告"),
    InterviewState.LIVE: N_("正在直播"),
    InterviewState.ARCHIVED: N_("已结束"),
}
EFFECTS = {Effect.VALID: N_("有效"), Effect.INVALID: N_("已失效"), Effect.REPEALED: N_("已废止")}


@dataclass(frozen=True, slots=True)
class Link:
    """Something to select on a page: `id` is its name for the focus, `digit` opens it at once.

    note   what stands quietly beside or below its title
    short  its title where the screen is too narrow for the whole one
    """

    id: str
    title: str
    href: str
    digit: str = ""
    note: str = ""
    section: str = ""
    strong: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The home page: four tiles, the number box, the newest items and three buttons.

    rows      the newest items, newest first; the layout shows as many as fit and numbers them
    pictured  the newest item with a picture, and `picture`, the name of it
    """

    name: str
    clock: str
    fresh: str
    hotline: str
    tiles: tuple[Link, ...]
    number: Link
    rows: tuple[Link, ...]
    buttons: tuple[Link, ...]
    pictured: Link | None
    picture: str
    legend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list page. `back` leads to the parent, `before` and `after` are "" at the ends."""

    title: str
    section: Section | None
    number: str
    page: int
    pages: int
    rows: tuple[Link, ...]
    back: str
    before: str
    after: str
    legend: tuple[str, ...]
    empty: str = ""
    after_label: str = ""
    before_label: str = ""
    back_label: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An item to read: blocks and, below them, buttons. `screen` is the one asked for, from 1."""

    title: str
    meta: str
    section: Section | None
    blocks: tuple[Block, ...]
    buttons: tuple[Link, ...]
    screen: int
    screen_href: str
    back: str
    next_label: str
    previous_label: str

    def screen_at(self, screen: int) -> str:
        """The address of another screen of the same document."""
        return self.screen_href.replace(SCREEN_MARK, str(screen))


SCREEN_MARK = "0000000"
"""Stands in `screen_href` where the number of the screen goes."""


@dataclass(frozen=True, slots=True)
class Message:
    """A page that says one thing: an error, nothing found. Its buttons lead on."""

    title: str
    text: tuple[str, ...]
    buttons: tuple[Link, ...]
    back: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything around the content that a page needs: who looks, at what, when."""

    edition: Edition
    place: Place
    site: Site
    text: Text
    today: str
    now: str

    def link(self, place: Place, focus: str = "") -> str:
        """The address of a place in this edition."""
        return href(self.edition, place, focus)

    def column_name(self, column: Column) -> str:
        """The name of a column in the viewer's language."""
        return name_in(column.names, self.text.tag, column.name)


# --- Home ---------------------------------------------------------------------------------------


def home(scene: Scene, newest: dict[str, Head], recent: Sequence[Head]) -> Home:
    """The home page.

    newest   column id of a section -> its newest head         recent  heads for the rows beside
    """
    t = scene.text
    tiles = tuple(
        Link(
            column.id,
            scene.column_name(column),
            scene.link(Place("column", column.number)),
            str(digit),
            newest[column.id].title if column.id in newest and column.section in _TELLING else column.words,
            column.section,
        )
        for digit, column in enumerate(scene.site.sections(), 1)
    )
    rows = tuple(_home_link(scene, head) for head in recent)
    pictured = next((head for head in recent if head.picture), None)
    other = "zh-Hant" if t.tag == "zh-Hans" else "zh-Hans"
    size = t.gettext("标准字") if scene.edition.large else t.gettext("大字")
    buttons = (
        Link("large", size, href(replace(scene.edition, large=not scene.edition.large), Place(), "large")),
        Link(
            "lang",
            LANGUAGE_NAMES["en" if t.tag == "zh-Hant" else other],
            href(replace(scene.edition, lang="en" if t.tag == "zh-Hant" else other), Place(), "lang"),
        ),
        Link("help", t.gettext("怎么用"), scene.link(Place("help"))),
    )
    return Home(
        name=name_in(scene.site.names, t.tag, scene.site.name),
        clock=f"{t.day_of_year(scene.today)} {t.weekday(scene.today)}  {scene.now}",
        fresh=t.gettext("内容更新于 {when}").format(when=t.moment(_checked(scene), scene.today)),
        hotline=t.gettext("有急事打 {number}").format(number=scene.site.hotline),
        tiles=tiles,
        number=Link("number", t.gettext("找办事：输号码或拼音首字母"), scene.link(Place("number")), "0"),
        rows=rows,
        buttons=buttons,
        pictured=_home_link(scene, pictured) if pictured else None,
        picture=pictured.picture if pictured else "",
        legend=(t.gettext("▲▼◀▶ 选择"), t.gettext("确定 打开")),
    )


def _home_link(scene: Scene, head: Head) -> Link:
    return Link(head.id, head.title, scene.link(replace(Place(), item=head.id)))


_TELLING = (Section.NEWS, Section.INTERVIEWS, Section.DISCLOSURE)
"""Sections whose tile tells what is newest; the services tile says what one can do there."""

LANGUAGE_NAMES = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}
"""Each language names itself, whatever the viewer reads now."""


def _checked(scene: Scene) -> str:
    return scene.text.from_epoch(scene.site.checked or scene.site.published, scene.site.time_zone)


# --- Lists --------------------------------------------------------------------------------------


def column_back(scene: Scene, column: Column) -> str:
    """Where Back leads from a column: to the group above it, or home, with the focus on the column."""
    parent = scene.site.column(column.parent) if column.parent else None
    if parent is None:
        return scene.link(Place(), column.id)
    return scene.link(Place("column", parent.number), column.id)


def group(scene: Scene, column: Column, per_page: int, newest: dict[str, Head]) -> Rows:
    """The page of a group of columns: each with its everyday words or its newest title."""
    children = scene.site.children(column.id)
    links = [
        Link(
            child.id,
            scene.column_name(child),
            scene.link(Place("column", child.number)),
            note=child.words or (newest[child.id].title if child.id in newest else ""),
            strong=True,
        )
        for child in children
    ]
    return _rows(scene, column, links, len(links), per_page, paged=False)


def column_page(scene: Scene, column: Column, heads: Sequence[Head], total: int, per_page: int) -> Rows:
    """One page of a column: `heads` are the items of this page."""
    links = [
        Link(
            head.id,
            head.title,
            scene.link(replace(scene.place, item=head.id, screen=1)),
            note=_row_note(scene, head),
        )
        for head in heads
    ]
    return _rows(scene, column, links, total, per_page, paged=True)


def _row_note(scene: Scene, head: Head) -> str:
    """What stands at the right end of a row."""
    if head.kind in (Kind.MATTER, Kind.UNIT):
        return head.note
    return scene.text.day(head.published, scene.today) if head.published else ""


def _rows(
    scene: Scene, column: Column, links: Sequence[Link], total: int, per_page: int, *, paged: bool
) -> Rows:
    t = scene.text
    pages = max(1, -(-total // per_page))
    page = min(scene.place.page, pages)
    shown = links if paged else links[(page - 1) * per_page : page * per_page]
    parent = scene.site.column(column.parent) if column.parent else None
    name = scene.column_name(column)
    title = f"{scene.column_name(parent)} · {name}" if parent and not parent.parent else name

    def turned(to: int) -> str:
        return scene.link(Place("column", column.number, to)) if 1 <= to <= pages else ""

    return Rows(
        title=title,
        section=column.section,
        number=t.gettext("号码 {number}").format(number=column.number) if column.number else "",
        page=page,
        pages=pages,
        rows=tuple(replace(link, digit=str(digit)) for digit, link in enumerate(shown, 1)),
        back=column_back(scene, column),
        before=turned(page - 1) if page > 1 else "",
        after=turned(page + 1),
        legend=_list_legend(t, page < pages),
        empty="" if shown else t.gettext("这里暂时没有内容。"),
        after_label=t.gettext("下一页"),
        before_label=t.gettext("上一页"),
        back_label=t.gettext("返回"),
    )


def _list_legend(t: Text, more: bool) -> tuple[str, ...]:
    first = t.gettext("▲▼ 选择，到底再按翻页") if more else t.gettext("▲▼ 选择")
    return (first, t.gettext("确定 打开"), t.gettext("返回 上一级"))


# --- Items --------------------------------------------------------------------------------------


def document(
    scene: Scene, item: AnyItem, number: str, following: Head | None, following_page: int
) -> Document:
    """The page of an item, in the list that the address names.

    number     its dial number or ""       following  the next item of the list, on `following_page`
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
    back_place, back_focus = scene.place.parent
    back = scene.link(back_place, back_focus)
    buttons.append(Link("back", _back_label(scene), back, "8", short=t.gettext("返回")))
    marked = replace(scene.place, screen=int("9" + SCREEN_MARK))
    return Document(
        title=item.title,
        meta="　".join(part for part in _meta(scene, item, number) if part),
        section=column.section if column else None,
        blocks=tuple(_worded(blocks_of(item, t), t)),
        buttons=tuple(buttons),
        screen=scene.place.screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


def unit_document(scene: Scene, unit: Unit, number: str) -> Document:
    """The page of a unit below a matter: Back leads to the matter."""
    t = scene.text
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    marked = replace(scene.place, unit_screen=int("9" + SCREEN_MARK))
    return Document(
        title=unit.title,
        meta="　".join(part for part in _meta(scene, unit, number) if part),
        section=Section.SERVICES,
        blocks=tuple(_worded(blocks_of(unit, t), t)),
        buttons=(Link("back", t.gettext("返回事项"), back, "8"),),
        screen=scene.place.unit_screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


def _back_label(scene: Scene) -> str:
    t = scene.text
    return {"home": t.gettext("返回首页"), "number": t.gettext("返回查找")}.get(
        scene.place.kind, t.gettext("返回列表")
    )


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
            yield t.gettext(EFFECTS[item.effect]) if item.effect in EFFECTS else ""
            yield t.moment(item.published, scene.today)
            yield item.issuer or item.source
        case _:
            yield t.moment(item.published, scene.today)
            yield item.source
    if number:
        yield t.gettext("号码 {number}").format(number=number)


def blocks_of(item: AnyItem, t: Text) -> tuple[Block, ...]:
    """The body of an item; typed fields come as tables and lists under the citizen's own words."""
    match item:
        case Matter():
            return tuple(_matter(item, t))
        case Disclosure():
            return (_table((field.name, field.value) for field in item.fields), *item.blocks)
        case Unit():
            return tuple(_unit(item, t))
        case Fact():
            rows = [(field.name, field.value) for field in item.fields]
            if item.checked_on:
                rows.append((t.gettext("核对日期"), item.checked_on))
            if item.valid_until:
                rows.append((t.gettext("有效期至"), item.valid_until))
            return (*item.blocks, _table(rows))
        case Interview():
            guests = _table(
                [
                    (t.gettext("嘉宾"), "、".join(item.guests)),
                    (t.gettext("时间"), item.held),
                    (t.gettext("单位"), item.unit),
                ]
            )
            return (guests, *item.blocks)
        case Notice():
            rows = [
                (t.gettext("范围"), item.area),
                (t.gettext("开始"), item.valid_from),
                (t.gettext("结束"), item.valid_until),
            ]
            return (_table(rows), *item.blocks)
        case _:
            return item.blocks


def _matter(item: Matter, t: Text) -> Iterator[Block]:
    yield _table(
        [
            (t.gettext("到哪里办"), item.place),
            (t.gettext("什么时候"), item.hours),
            (t.gettext("打电话"), item.telephone),
            (t.gettext("怎么去"), item.bus_route),
            (t.gettext("收费"), item.fee),
            (t.gettext("多久办好"), item.promised_limit or item.legal_limit),
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
    if item.legal_limit or item.basis or item.complaint_telephone:
        yield Heading(t.gettext("还要知道"))
        yield _table(
            [
                (t.gettext("法定时限"), item.legal_limit),
                (t.gettext("依据"), item.basis),
                (t.gettext("投诉电话"), item.complaint_telephone),
            ]
        )
    yield from item.blocks


def _unit(item: Unit, t: Text) -> Iterator[Block]:
    yield _table(
        [
            (t.gettext("地址"), item.address),
            (t.gettext("电话"), item.telephone),
            (t.gettext("时间"), item.hours),
            (t.gettext("怎么去"), item.bus_route),
        ]
    )
    if item.duties:
        yield Heading(t.gettext("管什么事"))
        yield List(item.duties)
    yield from item.blocks


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


# --- Messages -----------------------------------------------------------------------------------


def message(scene: Scene, status: int, title: str = "", when: str = "", held: Sequence[Link] = ()) -> Message:
    """The page for an error of the mirror."""
    t = scene.text
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    home_link = Link("home", t.gettext("返回首页"), scene.link(Place()), "1")
    said: tuple[str, tuple[str, ...]]
    match status:
        case 404:
            said = (t.gettext("没有这一页"), (t.gettext("号码或地址可能输错了，也可能内容已经换了地方。"),))
        case 410:
            gone = t.gettext("《{title}》已由原发布单位撤下。").format(title=title)
            said = (
                t.gettext("这条信息已撤下"),
                (
                    gone,
                    t.gettext("撤下时间：{when}").format(when=t.moment(when, scene.today)) if when else "",
                ),
            )
        case 503:
            said = (
                t.gettext("内容暂时取不到"),
                (
                    t.gettext("我们正在恢复，请过几分钟再试。"),
                    t.gettext("下面是刚才还能看的内容。") if held else "",
                    t.gettext("有急事请打 {number}。").format(number=scene.site.hotline),
                ),
            )
        case _:
            said = (t.gettext("这一页出了问题"), (t.gettext("不是您的操作有误。请返回后再试。"),))
    buttons = (home_link, *held)
    if back != home_link.href and scene.place.path:
        buttons = (Link("back", t.gettext("返回上一级"), back, "8"), *buttons)
    return Message(said[0], tuple(filter(None, said[1])), buttons, back)


def held_links(scene: Scene, heads: Sequence[Head]) -> tuple[Link, ...]:
    """Links to items that can still be shown while the mirror is away."""
    shown = [head for head in heads if not head.withdrawn][:HELD_SHOWN]
    return tuple(
        Link(head.id, head.title, scene.link(replace(Place(), item=head.id)), str(digit))
        for digit, head in enumerate(shown, 2)
    )


HELD_SHOWN = 3


# --- The number box, the code for the phone, help -----------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberBox:
    """The number box: what is typed, what it may mean, and the keys to type with the arrows."""

    title: str
    digits: str
    hint: str
    keys: tuple[Link, ...]
    hits: tuple[Link, ...]
    back: str
    empty: str


LETTERS = ("", "", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ")
MOST_DIGITS = 8


def number_box(scene: Scene, hits: Sequence[Link]) -> NumberBox:
    """The page of the number box for the digits in the address."""
    t, digits = scene.text, scene.place.number

    def typed(text: str) -> str:
        return scene.link(Place("number", text[:MOST_DIGITS]))

    keys = [
        Link(f"k{digit}", str(digit), typed(digits + str(digit)), str(digit), LETTERS[digit])
        for digit in (*range(1, 10), 0)
    ]
    keys.insert(9, Link("del", t.gettext("删除"), typed(digits[:-1])))
    keys.append(Link("back", t.gettext("返回"), scene.link(Place(), "number")))
    return NumberBox(
        title=t.gettext("找办事"),
        digits=digits,
        hint=t.gettext("输号码，或拼音首字母：驾照按 5 9"),
        keys=tuple(keys),
        hits=tuple(hits),
        back=scene.link(Place(), "number"),
        empty=t.gettext("没有找到，请改一位再试。") if digits else "",
    )


def column_hit(scene: Scene, column: Column, number: str) -> Link:
    """A column that digits mean."""
    return Link(
        f"c-{column.id}", scene.column_name(column), scene.link(Place("column", column.number)), note=number,
        section=column.section,
    )  # fmt: skip


def item_hit(scene: Scene, head: Head, note: str) -> Link:
    """An item that digits mean."""
    place = replace(scene.place, item=head.id, screen=1)
    return Link(head.id, head.title, scene.link(place), note=note)


@dataclass(frozen=True, slots=True)
class Phone:
    """A page that is one QR code: the same item on a phone."""

    title: str
    text: tuple[str, ...]
    picture: str
    back: Link


def phone(scene: Scene, item: AnyItem, address: str) -> Phone:
    """The code that opens an item on a phone at `address`."""
    t = scene.text
    place, focus = scene.place.parent
    return Phone(
        title=t.gettext("用手机扫一扫"),
        text=(item.title, t.gettext("扫码后可在手机上看全文、存图、打电话。"), address),
        picture="/tv/qr.png?" + urlencode({"u": address}),
        back=Link("back", t.gettext("返回"), scene.link(place, focus), "8"),
    )


def help_document(scene: Scene) -> Document:
    """How to use it, in the viewer's words."""
    t = scene.text
    site = scene.site
    lines = (
        t.gettext("方向键移动亮块，确定键打开，返回键回到上一级，焦点还在原来的地方。"),
        t.gettext("每一条前面有数字：直接按数字就打开。9 翻到下一页，7 翻回上一页，8 返回。"),
        t.gettext("0 是号码框：输栏目号码，或名称的拼音首字母。比如驾照按 5 9。"),
        t.gettext("看到底再按 ▼，就翻到下一屏。"),
        t.gettext("字不够大，在首页选“大字”。"),
    )
    ways = (
        (t.gettext("电话"), site.hotline),
        (t.gettext("网站"), site.home),
        (t.gettext("手机"), t.gettext("在文章下面选“转到手机”，用手机扫码。")),
        (t.gettext("报警、火警、急救、交通事故"), "110、119、120、122"),
    )
    blocks: tuple[Block, ...] = (
        List(lines),
        Heading(t.gettext("还可以这样找政府")),
        Table(tuple((label, value) for label, value in ways if value)),
    )
    back_place, focus = scene.place.parent
    back = scene.link(back_place, focus)
    marked = replace(scene.place, screen=int("9" + SCREEN_MARK))
    return Document(
        title=t.gettext("怎么用遥控器"),
        meta="",
        section=None,
        blocks=blocks,
        buttons=(Link("back", t.gettext("返回首页"), back, "8"),),
        screen=scene.place.screen,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )
