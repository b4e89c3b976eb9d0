"""What has a fixed date: units, service matters, disclosed papers and facts."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from zlib import crc32

from demo.columns import by_id
from demo.content.reader import WrongText, names, script, table
from demo.entry import Entry, Fields

HOURS = "周一至周五 9:00—12:00，13:30—17:00（法定节假日除外）"
# The steps of the usual procedures, so that a row of the matter tables need only name one.
STEPS = {
    "即办": "申请人到窗口提出申请，出示身份证件→工作人员当场核对材料→材料齐全的当场办结，发给证件或凭证",
    "审核": "申请人在窗口或网上提交材料→窗口当日受理，材料不全的一次告知→承办科室审核→作出决定→短信通知领取结果，也可邮寄送达",
    "踏勘": "申请人提交材料→窗口受理并出具受理单→两名以上工作人员到现场核查→对核查不合格的书面告知整改内容→作出决定并送达证件",
    "公示": "本人向村（社区）提出申请→乡镇（街道）入户调查、民主评议→在所在村（社区）公示7天→县（区）主管部门审批→从批准的次月起发放",
    "网办": "登录“青澜办事”网上大厅，人脸识别后选择事项→按提示填写信息并上传材料→后台自动比对，疑问由工作人员电话核实→在线下载电子结果",
    "预约": "通过网上大厅或电话预约时间→按约定时间到场，出示预约短信→现场采集信息、缴费→工作人员办理→领取或邮寄结果",
}  # fmt: skip


@cache
def units() -> tuple[Entry, ...]:
    """The public bodies, in the order of their table."""
    return tuple(_unit(number, row) for number, row in enumerate(table("units", 10)))


def _unit(number: int, row: tuple[str, ...]) -> Entry:
    _, name, level, address, telephone, hours, bus, position, _, duties = row
    day, column = _day(name), by_id()["danwei"]
    lines = [f"{at}. {duty.rstrip('。')}。" for at, duty in enumerate(duties.split("；"), 1)]
    return Entry(
        serial=101 + number,
        kind="unit",
        columns=("danwei",),
        title=name,
        published=f"{day} 09:00",
        path=column.item_path(101 + number, day),
        source="市委编办",
        fields=(
            ("机构名称", name),
            ("机构级别", level),
            ("办公地址", address),
            ("联系电话", telephone),
            ("办公时间", HOURS if hours == "-" else hours),
            ("乘车路线", bus),
            ("地图坐标", position),
            ("主要职责", "\n".join(lines)),
        ),
    )


@cache
def _bodies() -> dict[str, tuple[str, ...]]:
    return {row[0]: row for row in table("units", 10)}


@cache
def matters() -> tuple[Entry, ...]:
    """The service matters, in the order of their tables."""
    rows = [row for name in names("matters") for row in table(name, 10)]
    return tuple(_matter(number, row) for number, row in enumerate(rows))


def _matter(number: int, row: tuple[str, ...]) -> Entry:
    filed, name, unit, conditions, materials, steps, legal, promised, fee, basis = row
    columns = tuple(filed.split(","))
    column, day, serial = by_id()[columns[0]], _day(name), 20001 + number
    if unit not in _bodies():
        raise WrongText(f"matter {name}: no unit is called {unit}")
    _, body, _, address, telephone, hours, bus, _, window, _ = _bodies()[unit]
    fields: Fields = (
        ("事项名称", name),
        ("服务对象", _audience(columns)),
        *_identities(columns, name + conditions),
        ("实施主体", body),
        ("受理条件", _numbered(conditions)),
        ("申报材料", _numbered(materials)),
        ("办理流程", _numbered(STEPS.get(steps, steps).replace("→", "；"))),
        ("法定时限", _limit(legal)),
        ("承诺时限", _limit(promised)),
        ("收费标准", fee),
        ("设定依据", basis),
        ("办理地点", address if window == "-" else window),
        ("工作时间", HOURS if hours == "-" else hours),
        ("联系电话", telephone),
        ("监督投诉电话", "12345"),
        ("乘车路线", HALL_BUS if window.startswith("市政务服务中心") else bus),
        ("到现场次数", "0次（全程网办）" if steps == "网办" else "1次"),
    )
    return Entry(
        serial=serial,
        kind="matter",
        columns=columns,
        title=name,
        published=f"{day} 10:00",
        path=column.item_path(serial, day),
        source=body,
        fields=fields,
        keywords=column.words.replace(" ", ";"),
    )


HALL_BUS = "乘3路、11路、26路、快1线到“政务服务中心”站下车即到"


def _audience(columns: tuple[str, ...]) -> str:
    parents = {by_id()[column].parent for column in columns}
    if {"geren", "qiye"} <= parents:
        return "自然人，企业法人"
    return "企业法人，其他组织" if "qiye" in parents else "自然人"


IDENTITIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("学生", "shangxue", ("学生", "毕业生", "入学")),
    ("农民", "nongmin", ("农民", "农村", "村民")),
    ("退役军人", "junren", ("退役", "军人")),
    ("残疾人", "canji", ("残疾",)),
    ("低保和困难家庭", "dibao", ("低保", "特困")),
    ("进城务工人员", "juzhu", ("居住证", "农民工", "随迁")),
    ("老年人", "yanglao", ("老人", "老年", "60周岁", "65周岁", "80周岁")),
    ("孕产妇和婴幼儿", "shengyu", ("孕产", "新生儿", "婴儿")),
    ("求职和失业人员", "jiuye", ("失业", "求职", "就业困难")),
)
"""An identity, the column whose matters are all for it, and words by which others are."""


def _identities(columns: tuple[str, ...], told: str) -> Fields:
    """The row that says for whom a matter is above all; none where it is for everybody."""
    if "qiye" in {by_id()[column].parent for column in columns}:
        return ()
    found = [
        name for name, column, words in IDENTITIES if column in columns or any(word in told for word in words)
    ]
    return (("人群分类", "、".join(found)),) if found else ()


def _numbered(cell: str) -> str:
    parts = [part.strip() for part in cell.split("；") if part.strip()]
    if len(parts) == 1:
        return parts[0] + "。"
    return "\n".join(f"{at}. {part}{'。' if at == len(parts) else '；'}" for at, part in enumerate(parts, 1))


def _limit(cell: str) -> str:
    if cell == "0":
        return "即时办结"
    return f"{cell}个工作日" if cell.isdigit() else cell


@cache
def papers() -> tuple[Entry, ...]:
    """Disclosures, facts and solicitations."""
    found: list[Entry] = []
    for name in names("papers"):
        for record in script(name):
            serial = 50001 + len(found)
            title, _, text = record.text.partition("\n")
            title = title.removeprefix("= ")
            column, day = by_id()[record["col"]], record["date"]
            found.append(
                Entry(
                    serial=serial,
                    kind=column.kind,
                    columns=(column.id,),
                    title=title,
                    published=f"{day} {record.get('time', '09:30')}",
                    path=column.item_path(serial, day),
                    source=record.get("source", "市政府办公室"),
                    fields=_index(record.head, title, serial) if column.kind == "disclosure" else (),
                    text=text.strip(),
                    keywords=record.get("words").replace("、", ";"),
                )
            )
    return tuple(found)


def _index(head: dict[str, str], title: str, serial: int) -> Fields:
    issuer = head.get("source", "市政府办公室")
    made = head.get("made", head["date"])
    code = f"{crc32(issuer.encode()) % 900 + 100:03}"
    return (
        ("索引号", f"QL{code}/{made[:4]}-{serial - 50000:05}"),
        ("主题分类", head.get("topic", "综合政务")),
        ("发文机关", issuer),
        ("成文日期", _spoken(made)),
        ("标题", title),
        ("发文字号", head.get("no", "无")),
        ("发布日期", _spoken(head["date"])),
        ("主题词", head.get("words", "")),
        ("有效性", head.get("effect", "有效")),
    )


def _spoken(day: str) -> str:
    year, month, date_ = day.split("-")
    return f"{year}年{int(month)}月{int(date_)}日"


def _day(name: str) -> str:
    """A day between spring 2025 and autumn 2026 that belongs to this name."""
    return (date(2025, 3, 3) + timedelta(days=crc32(name.encode()) % 560)).isoformat()
