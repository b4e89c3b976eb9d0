"""The week's page of figures as blocks, which both editions lay out for their own screens. Pure."""

from __future__ import annotations

from portal.letters.board import bars
from portal.letters.board.digest import CHARTED, Digest, Group, height_of, unit_pictures
from portal.model import Block, Heading, Image, List, Table
from portal.text import Text


def blocks(found: Digest, t: Text, *, large: bool) -> tuple[Block, ...]:
    """Bars and summary, each unit's figures, cards, topics, and how it is counted.

    large   a screen on which what stands in the pictures can be read, on a dark ground; else it is said again
    """
    measures = found.total.measures
    ground = bars.ground_of(t.tag, dark=large)
    picture = bars.name([measure.share for measure in measures], t.tag, dark=large)
    words = "，".join(f"{measure.name} {measure.said}" for measure in measures)
    summary = " ".join((*found.summary, found.made))
    made: list[Block] = [_image(picture, words, summary, bars.HEIGHT)]
    if not large:
        made.append(Table(tuple((measure.name, measure.said) for measure in measures)))
    for at in CHARTED:
        caption = f"{t.gettext('各单位')}: {measures[at].name}"
        made += [
            _image(name, caption, caption, height_of(found, part))
            for part, name in enumerate(unit_pictures(found, ground, at))
        ]
    made += [each for group in found.units for each in _unit(group, t)]
    if found.topics:
        made.append(Heading(t.gettext("本周热点")))
        made.append(Table(tuple((name, _letters(count, t)) for name, count in found.topics)))
    made.append(Heading(t.gettext("怎么统计")))
    made.append(List(found.explained))
    return tuple(made)


def _image(name: str, alt: str, caption: str, height: int) -> Image:
    return Image("", alt=alt, caption=caption, media=name, width=bars.WIDTH, height=height)


def _unit(group: Group, t: Text) -> tuple[Block, ...]:
    reminders, yellow, red = group.cards
    rows = [(t.gettext("收到"), _letters(group.received, t))]
    rows += [(measure.name, measure.said) for measure in group.measures if measure.share.whole]
    cards = [
        (t.gettext("提醒"), reminders),
        (t.gettext("黄牌"), yellow),
        (t.gettext("红牌"), red),
    ]
    said = " ".join(f"{name} {count}" for name, count in cards if count)
    if said:
        rows.append((t.gettext("督办"), said))
    return (Heading(group.name), Table(tuple(rows)))


def _letters(count: int, t: Text) -> str:
    return t.ngettext("%(count)d封", "%(count)d封", count) % {"count": count}
