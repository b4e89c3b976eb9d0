"""Cases at the counters: three a week since the calendar began, the same for ever.

Who applied, for what, when it was received and decided comes from the number of the case alone; how it
stands depends on the day on which one looks. Names are put together from the lists below: nobody bears them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zlib import crc32

from demo.columns import by_id
from demo.entry import Entry
from demo.news import EPOCH

A_WEEK = 3
BEGIN = EPOCH - timedelta(weeks=40)
PERMITS = (
    ("食品经营许可", "青澜市市场监督管理局", "热食类食品制售，冷食类食品制售", "云桥区{shop}", 8, "5年"),
    ("公共场所卫生许可", "青澜市卫生健康委员会", "理发、美容场所卫生许可", "{shop}", 7, "4年"),
    ("教师资格认定", "青澜市教育局", "认定初级中学数学教师资格", "{person}", 15, "长期"),
    ("道路货物运输经营许可", "青澜市交通运输局", "普通货运", "青澜市{firm}有限公司", 9, "4年"),
    ("林木采伐许可", "青澜市林业局", "采伐杨树42株，蓄积9.6立方米", "{person}", 10, "6个月"),
    ("建筑工程施工许可", "青澜市住房和城乡建设局", "2号厂房建筑面积6840平方米", "青澜市{firm}有限公司", 5, "工期内"),
    ("户外招牌设置备案", "青澜市城市管理局", "门头招牌长6米、高1.2米", "{shop}", 3, "3年"),
    ("护士执业注册", "青澜市卫生健康委员会", "首次注册，市第二人民医院", "{person}", 6, "5年"),
    ("取水许可", "青澜市水利局", "地下水年取水量1.8万立方米", "青澜市{firm}合作社", 12, "5年"),
    ("小型客车出租汽车驾驶员证", "青澜市交通运输局", "巡游出租汽车驾驶员从业资格", "{person}", 4, "长期"),
)  # fmt: skip
SURNAMES, GIVEN = "赵钱孙周吴郑冯陈卫蒋沈韩", ("立新", "晓岚", "国平", "雨桐", "海", "文静", "大有", "小满")
SHOPS = ("李记面馆", "老街坊早点铺", "云上理发店", "甜水井小吃店", "望湖茶社", "四季水果店")
FIRMS = ("顺通物流", "澜江建材", "青禾种植", "远山机械", "东岸食品")
REFUSED = 11
"""One case in so many is refused."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: `number` as it is printed on the receipt, `code` the six digits beside it."""

    number: str
    code: str
    permit: str
    unit: str
    content: str
    applicant: str
    received: date
    decided: date
    valid: str
    refused: bool

    def state(self, today: date) -> str:
        """How it stands on a day."""
        if today >= self.decided:
            return "办结"
        return "受理" if today == self.received else "审查"

    def rows(self, today: date) -> tuple[tuple[str, str], ...]:
        """What its page says on a day."""
        done = today >= self.decided
        result = "不予许可（材料与现场情况不符）" if self.refused else "准予许可"
        said = (
            ("办件编号", self.number),
            ("行政许可事项", self.permit),
            ("行政相对人名称", self.applicant),
            ("许可内容", self.content),
            ("许可机关", self.unit),
            ("受理日期", self.received.isoformat()),
            ("办件状态", self.state(today)),
            ("许可结果", result if done else ""),
            ("许可决定日期", self.decided.isoformat() if done else ""),
            ("有效期", self.valid if done and not self.refused else ""),
        )
        return tuple(row for row in said if row[1])


def _case(serial: int, day: date) -> Case:
    seed = crc32(f"case {serial}".encode())
    permit, unit, content, who, days, valid = PERMITS[seed % len(PERMITS)]
    person = SURNAMES[seed // 7 % len(SURNAMES)] + GIVEN[seed // 11 % len(GIVEN)]
    applicant = who.format(
        person=person, shop=SHOPS[seed // 13 % len(SHOPS)], firm=FIRMS[seed // 17 % len(FIRMS)]
    )
    return Case(
        number=f"QLXK{day:%Y%m%d}{serial % 10_000:04}",
        code=f"{crc32(f'code {serial}'.encode()) % 1_000_000:06}",
        permit=permit,
        unit=unit,
        content=content,
        applicant=applicant,
        received=day,
        decided=day + timedelta(days=days),
        valid=valid,
        refused=serial % REFUSED == 7,
    )


@cache
def received(today: date) -> tuple[Case, ...]:
    """Every case received up to a day, the oldest first."""
    return tuple(_all(today))


def _all(today: date) -> Iterator[Case]:
    serial, monday = 1, BEGIN - timedelta(days=BEGIN.weekday())
    while monday <= today:
        for at in range(A_WEEK):
            day = monday + timedelta(days=2 * at)
            if day <= today:
                yield _case(serial, day)
            serial += 1
        monday += timedelta(days=7)


def entries(today: date) -> list[Entry]:
    """The pages of the decided cases."""
    column = by_id()["xuke"]
    found = []
    for at, case in enumerate(received(today), 1):
        if case.decided > today:
            continue
        day, serial = case.decided.isoformat(), 80_000 + at
        table = "\n".join(f"| {name} | {value} |" for name, value in case.rows(today))
        found.append(
            Entry(
                serial=serial,
                kind="case",
                columns=("xuke",),
                title=f"{case.permit}（{case.applicant}）",
                published=f"{day} 16:30",
                path=column.item_path(serial, day),
                source=case.unit,
                text=table,
            )
        )
    return found


def find(today: date, number: str, code: str) -> Case | None:
    """The case of a receipt: its digits and its code."""
    digits = "".join(each for each in number if each.isdigit())
    return next(
        (
            case
            for case in received(today)
            if case.code == code and "".join(each for each in case.number if each.isdigit()) == digits
        ),
        None,
    )
