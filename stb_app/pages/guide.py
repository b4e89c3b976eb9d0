"""On the go, on a television: the topics, what stands under each, and an address to show to a driver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from portal.model import Block, Heading, Notice, Own, Paragraph, Run, Section, Table
from portal.text import Text
from portal.travel import now
from portal.travel.model import Advice, Place, Travel
from portal.travel.now import Card, Moment
from portal.travel.pinyin import pinyin
from stb_app.address import Place as Address
from stb_app.pages.lists import list_legend, tile_legend
from stb_app.pages.page import SCREEN_MARK, Document, Link, Phone, Rows, Scene, Show

TOPICS = frozenset(key for key, _, _ in now.TOPICS)
LISTS = ("show", "today", "stay", "away", "lost", "closed")
"""Topics that are a list to choose from; the others are read."""

TAKE = "take"
OFFLINE = "/go.html"
SHORT = 18
"""Characters of a heading that may have both languages."""

ASKING = "师傅，请送我到"
"""What one asks the driver, who reads Chinese, whatever the passenger reads."""


def topics(scene: Scene, travel: Travel) -> Rows:
    """The topics that have something to say, each under its digit for good."""
    t = scene.text
    tiles = [
        Link(key, t.gettext(name), scene.link(replace(scene.place, number=key)), str(digit), t.gettext(words))
        for digit, (key, name, words) in enumerate(now.TOPICS, 1)
        if now.holds(travel, key)
    ]
    tiles.append(
        Link(
            TAKE,
            t.gettext("存到手机"),
            scene.link(replace(scene.place, number=TAKE)),
            "",
            t.gettext("没网也能看"),
        )
    )
    column = scene.site.own(Own.GO)
    name = scene.column_name(column) if column else t.gettext("出门在外")
    number = column.number if column else ""
    return Rows(
        title=name,
        section=Section.SERVICES,
        number=t.gettext("号码 {number}").format(number=number) if number else "",
        page=1,
        pages=1,
        rows=tuple(tiles),
        back=scene.link(*scene.place.parent),
        before="",
        after="",
        legend=tile_legend(t),
        back_label=t.gettext("返回"),
    )


def name_of(scene: Scene, topic: str) -> str:
    """What a topic is called."""
    return next((scene.text.gettext(name) for key, name, _ in now.TOPICS if key == topic), "")


def reading(scene: Scene, travel: Travel, topic: str, at: Moment) -> Document:
    """A topic that is read: its cards one below the other."""
    return _document(scene, name_of(scene, topic), blocks(now.cards(travel, topic, at), scene.text))


def advice(scene: Scene, given: Advice, at: Moment) -> Document:
    """One piece of advice."""
    card = now.advice_card(given, at)
    return _document(scene, card.title, blocks((replace(card, title=""),), scene.text), card.also)


def blocks(cards: Sequence[Card], t: Text) -> Iterator[Block]:
    """Cards as a document shows them: short ones of a number and a purpose as one table."""
    if cards and all(card.telephones and len(card.lines) == 1 for card in cards):
        rows: list[tuple[str, str]] = []
        saying = t.gettext("{name}：{line}")
        for card in cards:
            rows.append((card.telephones[0], saying.format(name=card.name, line=card.lines[0])))
            if card.foot:
                yield Table(tuple(rows))
                yield Paragraph((Run(card.foot),))
                rows = []
        if rows:
            yield Table(tuple(rows))
        return
    for card in cards:
        if card.title:
            yield Heading(card.name if len(card.name) <= SHORT else card.title)
        for line in card.lines:
            yield Paragraph((Run(line),))
        for telephone in card.telephones:
            yield Paragraph((Run(telephone, strong=True),))
        if card.foot:
            yield Paragraph((Run(card.foot),))


def _document(scene: Scene, title: str, body: Iterator[Block], meta: str = "") -> Document:
    t = scene.text
    place, focus = scene.place.parent
    back = scene.link(place, focus)
    marked = replace(scene.place, page=int("9" + SCREEN_MARK))
    return Document(
        title=title,
        meta=meta,
        section=Section.SERVICES,
        blocks=tuple(body),
        buttons=(Link("back", t.gettext("返回"), back, "8"),),
        screen=scene.place.page,
        screen_href=scene.link(marked).replace("9" + SCREEN_MARK, SCREEN_MARK),
        back=back,
        next_label=t.gettext("▼ 下一屏"),
        previous_label=t.gettext("▲ 上一屏"),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What the mirror adds to a topic: matters as (id, title, note), notices, ways to cases and letters."""

    matters: Sequence[tuple[str, str, str]] = ()
    notices: Sequence[Notice] = ()
    cases: bool = False
    letters: str = ""


def choices(scene: Scene, travel: Travel, topic: str, at: Moment, beside: Beside) -> list[Link]:
    """The rows of a topic that is a list, without digits."""
    t = scene.text

    def fact(name: str, title: str, note: str, under: str) -> Link:
        return Link(
            name, title, scene.link(replace(scene.place, number=f"{under}.{name}", page=1)), note=note
        )

    match topic:
        case "show":
            return [
                fact(place.id, place.name.within(t.tag), now.other(place.name, t.tag), "show")
                for place in travel.places
            ]
        case "today":
            return [
                fact(place.id, place.name.within(t.tag), now.brief(place, at), "today")
                for place in now.by_state(travel.places, at)
            ]
        case "closed":
            found = [_item(scene, each.id, each.title, _until(each, scene)) for each in beside.notices]
            shut = now.closed_today(travel, at)
            return found + [fact(p.id, p.name.within(t.tag), t.gettext("今天不开门"), "closed") for p in shut]
        case _:
            found = [
                fact(each.id, each.name.within(t.tag), now.other(each.name, t.tag), topic)
                for each in now.advice(travel, topic)
            ]
            column = scene.site.own(Own.CASES)
            if beside.cases and column is not None:
                href = scene.link(Address("case"))
                found.insert(0, Link("case", scene.column_name(column), href, note=t.gettext("输单号")))
            if beside.letters:
                found.insert(0, Link("letters", t.gettext("写信、查回信"), beside.letters))
            return found + [_item(scene, *each) for each in beside.matters]


def _item(scene: Scene, item_id: str, title: str, note: str) -> Link:
    return Link(item_id, title, scene.link(replace(scene.place, item=item_id, screen=1)), note=note)


def _until(notice: Notice, scene: Scene) -> str:
    t = scene.text
    if not notice.valid_until:
        return ""
    return t.gettext("到 {when}").format(when=t.moment(notice.valid_until, scene.today))


def choosing(scene: Scene, topic: str, links: Sequence[Link], per_page: int) -> Rows:
    """A topic that is a list, one page of it."""
    t = scene.text
    pages = max(1, -(-len(links) // per_page))
    page = min(scene.place.page, pages)
    shown = links[(page - 1) * per_page : page * per_page]
    place, focus = scene.place.parent

    def turned(to: int) -> str:
        return scene.link(replace(scene.place, page=to)) if 1 <= to <= pages else ""

    return Rows(
        title=name_of(scene, topic),
        section=Section.SERVICES,
        number="",
        page=page,
        pages=pages,
        rows=tuple(replace(link, digit=str(digit)) for digit, link in enumerate(shown, 1)),
        back=scene.link(place, focus),
        before=turned(page - 1),
        after=turned(page + 1),
        legend=list_legend(t, pages > 1),
        empty="" if shown else t.gettext("今天没有停水停电、封路和关门的通知。"),
        after_label=t.gettext("下一页"),
        before_label=t.gettext("上一页"),
        back_label=t.gettext("返回"),
        last=turned(pages) if pages > 1 else "",
    )


def show(scene: Scene, place: Place, at: Moment) -> Show:
    """One address for a driver: Chinese, pinyin and English, whatever language one reads."""
    back, focus = scene.place.parent
    return Show(
        asking=ASKING,
        name=place.name.zh,
        address=place.address.zh,
        sound=place.sound or pinyin(place.address.zh),
        english=f"{place.name.en}, {place.address.en}",
        telephone=place.telephone,
        opening=now.opening(place, at),
        foot=now.foot(place, scene.text),
        back=Link("back", scene.text.gettext("返回"), scene.link(back, focus), "8"),
    )


def take(scene: Scene, base: str) -> Phone:
    """The guide as one small file for a phone that may have no network."""
    t = scene.text
    place, focus = scene.place.parent
    address = f"{base}{OFFLINE}"
    return Phone(
        title=t.gettext("存到手机"),
        name=t.gettext("出门在外"),
        text=t.gettext("扫码打开后存下来，没有网络也能看。中文和英文，不到 30 KB。"),
        by_hand=t.gettext("不会扫码？在手机浏览器里输入网址："),
        typed=(address.partition("://")[2],),
        hint="",
        picture="/tv/qr.png?" + urlencode({"u": address}),
        back=Link("back", t.gettext("返回"), scene.link(place, focus), "8"),
    )
