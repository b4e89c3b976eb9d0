"""A matter -> what its sheet says, in the order in which one needs it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.model import Matter, Site, Unit, name_in
from portal.text import Text


class Mark(StrEnum):
    """What stands before the lines of a list."""

    BOX = "box"
    NUMBER = "number"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A heading and its lines."""

    title: str
    lines: tuple[str, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one sheet says.

    lists     what to bring comes first, as boxes to tick      rows  where, when, how to get there ...
    after     lists that stand below the rows
    address   of the portal's own page, for the code           number  how to open it by its dial number
    dates     when it was printed, and from when its content is
    """

    title: str
    names: str
    bring: Lines | None
    rows: tuple[Row, ...]
    after: tuple[Lines, ...]
    address: str
    scan: str
    number: str
    dates: str
    help: str


def make(
    site: Site, matter: Matter, t: Text, *, today: str, number: str = "", unit: Unit | None = None
) -> Sheet:
    """The sheet of a matter.

    today   YYYY-MM-DD in the city        number  its dial number or ""
    unit    the unit that handles it, for what the matter itself does not say
    """
    place = matter.place or (unit.address if unit else "")
    route = matter.bus_route or (unit.bus_route if unit else "")
    rows = (
        Row(t.gettext("到哪里办"), place),
        Row(t.gettext("什么时候"), matter.hours or (unit.hours if unit else "")),
        Row(t.gettext("怎么去"), route),
        Row(t.gettext("打电话"), matter.telephone or (unit.telephone if unit else "")),
        Row(t.gettext("收费"), matter.fee),
        Row(t.gettext("多久办好"), matter.promised_limit or matter.legal_limit),
        Row(t.gettext("谁来办"), matter.unit or (unit.title if unit else "")),
    )
    after = (
        Lines(t.gettext("什么人能办"), matter.conditions, Mark.NONE),
        Lines(t.gettext("怎么办"), matter.steps, Mark.NUMBER if len(matter.steps) > 1 else Mark.NONE),
    )
    city = name_in(site.names, t.tag, site.name)
    mirrored = t.from_epoch(site.checked or site.published, site.time_zone)
    said = t.gettext("打印于 {printed}，内容于 {mirrored} 取自{city}").format(
        printed=t.full_day(today), mirrored=t.full_day(mirrored), city=city
    )
    names = t.pgettext("between names", "、").join(matter.everyday_names)
    return Sheet(
        title=matter.title,
        names=t.gettext("又叫 {names}").format(names=names) if names else "",
        bring=Lines(t.gettext("要带什么（带了就打勾）"), matter.materials, Mark.BOX)
        if matter.materials
        else None,
        rows=tuple(row for row in rows if row.value),
        after=tuple(lines for lines in after if lines.lines),
        address=matter.url if matter.url.startswith(("http://", "https://")) else "",
        scan=t.gettext("扫码看网页"),
        number=t.gettext("电视、手机上按 0，再按 {number}").format(number=number) if number else "",
        dates=said,
        help=t.gettext("去之前有疑问，请打 {hotline}").format(hotline=site.hotline) if site.hotline else "",
    )
