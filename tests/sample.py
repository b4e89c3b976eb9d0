"""A small portal of our own for tests: every kind of item, published into a real Redis."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageDraw
from redis.asyncio import Redis

from portal import codec, dial
from portal.hant import in_hant
from portal.model import (
    AnyItem,
    Article,
    Attachment,
    Column,
    Disclosure,
    Effect,
    Exchange,
    Field,
    Head,
    Heading,
    Image,
    Interview,
    Kind,
    List,
    Matter,
    Paragraph,
    Run,
    Section,
    Site,
    Table,
    Unit,
    kind_of,
)
from portal.store import Media
from portal.writer import MirrorWriter, Publication, Row

SITE_ID = "sample"
SITE_FILE = """[site]
id = "{site}"
name = "青澜市阳光政务"
home = "http://127.0.0.1:1/"
[[column]]
id = "news"
name = "新闻"
section = "news"
number = "300"
list = "/news/"
"""
TODAY = "2026-11-22"
PICTURE = "a1b2c3d4e5f60718"

COLUMNS = (
    Column(id="news", name="新闻中心", section=Section.NEWS, number="300", names=(Field("en", "News"),)),
    Column(
        id="services", name="市民服务", section=Section.SERVICES, number="400", words="办证 社保 看病 水电 公交",
        names=(Field("en", "Services"),),
    ),
    Column(id="open", name="信息公开", section=Section.DISCLOSURE, number="500", names=(Field("en", "Open government"),)),
    Column(id="talks", name="在线访谈", section=Section.INTERVIEWS, number="600", kind=Kind.INTERVIEW, names=(Field("en", "Interviews"),)),
    Column(id="yaowen", name="要闻", section=Section.NEWS, number="310", parent="news", names=(Field("en", "Headlines"),)),
    Column(id="notices", name="通知", section=Section.NEWS, number="320", parent="news", words="停水 停电 修路"),
    Column(id="personal", name="个人办事", section=Section.SERVICES, number="410", parent="services", words="办证 上学 看病"),
    Column(id="driving", name="驾照车辆", section=Section.SERVICES, number="411", parent="personal", kind=Kind.MATTER),
    Column(id="units", name="机构电话", section=Section.SERVICES, number="490", parent="services", kind=Kind.UNIT),
    Column(id="files", name="政府文件", section=Section.DISCLOSURE, number="510", parent="open", kind=Kind.DISCLOSURE),
)  # fmt: skip

_SENTENCES = (
    "市图书馆新馆今天起试开放，每周二至周日 9:00 至 20:30 迎接读者，周一闭馆。",
    "新馆在江南大道 88 号，有座席 1,600 个，盲文阅览室、老年阅览区在一楼，凭身份证或社保卡即可借阅，不收押金。",
    "公交 5 路、12 路、103 路到“图书馆新馆”站下车，步行约 200 米；地下停车场有车位 320 个，前两小时免费。",
    "馆方提醒：少年儿童阅览区周末人多，请提前一天在服务台或电话 0999-5550123 预约（每天 8:30—17:30）。",
    "据介绍，新馆共有藏书 86 万册，其中地方文献 2.3 万册，全部可以现场查阅。",
)


def write_site(folder: Path, site: str = SITE_ID) -> Path:
    """The site file of a server that is only to show what the mirror has; its origin is never asked."""
    file = folder / "site.toml"
    file.write_text(SITE_FILE.format(site=site), encoding="utf-8")
    return file


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def articles() -> list[Article]:
    """News of every shape: long, short, with picture, with table, with a title of three lines."""
    made = []
    for at in range(23):
        blocks = tuple(_paragraph(_SENTENCES[(at + n) % 5]) for n in range(2 + at % 6))
        if at % 4 == 0:
            blocks = (
                *blocks[:1],
                Image("x", "阅览区", "一楼老年阅览区，有放大镜和轮椅", PICTURE, 960, 640),
                *blocks[1:],
            )
        made.append(
            Article(
                id=f"news{at:03}", url=f"http://o/{at}", title=f"城区第 {at + 1} 个老旧小区加装电梯完工",
                columns=("yaowen",) if at % 5 else ("notices", "yaowen"),
                published=f"2026-11-{22 - at // 3:02} {9 + at % 8:02}:05", source="市住房和城乡建设局", blocks=blocks,
            )
        )  # fmt: skip
    made[1] = replace(
        made[1],
        title="关于印发《市区公共交通老年人免费乘车实施办法（试行）》和做好二〇二六年冬季供热、供水、供气保障工作有关事项的通知（全文）",
    )
    table = Table(
        (
            ("小区", "完工", "电梯", "联系电话"),
            *(tuple(f"{name}{n}" for name in ("江南里", "11月", "台数", "0999-555010")) for n in range(9)),
        ),
        head=1,
    )
    made[2] = replace(
        made[2],
        blocks=(
            *made[2].blocks,
            Heading("各小区进度"),
            table,
            Attachment("http://o/a.pdf", "进度表", "pdf", 81234),
        ),
    )
    return made


def items() -> list[AnyItem]:
    """All items of the sample."""
    matter = Matter(
        id="matter01", url="http://o/m1", title="机动车驾驶证期满换证", columns=("driving",), everyday_names=("驾照换证", "驾照"),
        unit="市公安局车辆管理所", unit_id="unit01", audience="个人", categories=("驾照车辆",),
        conditions=("有效期满前九十日内", "年龄在七十周岁以上的，需每年提交身体条件证明"),
        materials=("居民身份证原件", "原机动车驾驶证", "近期一寸白底彩色照片 3 张", "县级以上医院出具的身体条件证明"),
        steps=("到窗口取号", "交材料、照相", "缴费", "当场领证"), legal_limit="3 个工作日", promised_limit="当场办结",
        fee="10 元/本", place="滨河路 26 号车管所一楼 3 号窗口", hours="周一至周五 9:00—12:00，13:30—17:00",
        telephone="0999-5550166", complaint_telephone="0999-5550100", bus_route="公交 8 路、21 路“车管所”站",
        basis="《机动车驾驶证申领和使用规定》",
    )  # fmt: skip
    more = [
        replace(matter, id=f"matter{n:02}", url=f"http://o/m{n}", title=title, everyday_names=names)
        for n, title, names in (
            (2, "机动车注册登记", ("上牌",)),
            (3, "机动车检验合格标志核发", ("车检", "年检标志")),
        )
    ]
    unit = Unit(
        id="unit01", url="http://o/u1", title="市公安局车辆管理所", columns=("units",), level="市级",
        duties=("办理机动车登记、检验", "核发、换发机动车驾驶证"), address="滨河路 26 号", telephone="0999-5550166",
        hours="周一至周五 9:00—12:00，13:30—17:00", bus_route="公交 8 路、21 路“车管所”站", position="101.5,36.6",
    )  # fmt: skip
    disclosure = Disclosure(
        id="file0001", url="http://o/d1", title="关于做好 2026 年冬季清洁取暖工作的通知", columns=("files",),
        published="2026-11-18", source="市人民政府办公室", index_no="QL-2026-00118", doc_no="青政办发〔2026〕18 号",
        issuer="市人民政府办公室", made_on="2026-11-16", effect=Effect.VALID, topic="城乡建设",
        fields=tuple(Field(*pair) for pair in (
            ("索引号", "QL-2026-00118"), ("发文机关", "市人民政府办公室"), ("发文字号", "青政办发〔2026〕18 号"),
            ("成文日期", "2026年11月16日"), ("有效性", "有效"))),
        blocks=(*(_paragraph(each) for each in _SENTENCES), List(("供热 11 月 15 日起", "室温不低于 18℃"), True)),
    )  # fmt: skip
    talk = Interview(
        id="talk0001", url="http://o/t1", title="医保报销怎样更方便", columns=("talks",), published="2026-11-19",
        guests=("市医疗保障局副局长 林致远",), unit="市医疗保障局", held="2026-11-19 15:00",
        blocks=(
            _paragraph("本期谈医保。"),
            Exchange("外地看病回来怎样报销？", "先备案，再直接结算。\n没有备案的，带发票和病历到窗口办。", "网友", "林致远"),
            Exchange("药店能刷医保卡吗？", "定点药店都可以，门口有统一标志。", "主持人", "林致远"),
        ),
    )  # fmt: skip
    return [*articles(), matter, *more, unit, disclosure, talk]


def picture() -> Media:
    """A drawn picture."""
    canvas = Picture.new("RGB", (960, 640), "#7d96ad")
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 420, 960, 640), fill="#2d4257")
    draw.ellipse((640, 80, 800, 240), fill="#ffe9b0")
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=80)
    return Media("image/jpeg", 960, 640, out.getvalue())


def head_of(item: AnyItem) -> Head:
    """The head of an item as lists show it."""
    note = (
        "、".join(item.everyday_names)
        if isinstance(item, Matter)
        else item.telephone
        if isinstance(item, Unit)
        else ""
    )
    row = codec.dump_item(item)
    return Head(
        id=item.id, kind=kind_of(item), title=item.title, columns=item.columns, published=item.published, note=note,
        picture=item.images[0].media if item.images else "", version=codec.version_of(row),
    )  # fmt: skip


def rank(item: AnyItem, order: int) -> float:
    """Newest first; what has no date stands in the order given."""
    digits = "".join(char for char in item.published if char.isdigit())
    return float(digits.ljust(12, "0")) - order / 1000 if digits else -float(order)


async def publish(redis: Redis, site_id: str = SITE_ID, changed: tuple[AnyItem, ...] = ()) -> Site:
    """Publish the sample, or only `changed` items of it as the next generation."""
    writer = MirrorWriter(redis, site_id)
    fence = await writer.take_fence()
    known = await writer.site()
    everything = {item.id: item for item in items()} | {item.id: item for item in changed}
    lists: dict[str, dict[str, float]] = {column.id: {} for column in COLUMNS}
    for order, item in enumerate(everything.values()):
        for column in item.columns:
            lists[column][item.id] = rank(item, order)
    columns = tuple(replace(column, count=len(lists[column.id])) for column in COLUMNS)
    site = Site(
        id=site_id, name="青澜市阳光政务", columns=columns, home="http://o/", generation=(known.generation if known else 0) + 1,
        published=1_795_320_000.0, checked=1_795_320_000.0, names=(Field("en", "Qinglan City Online"),),
    )  # fmt: skip
    oldest_first = sorted(everything.values(), key=lambda item: item.published)
    numbering = dial.number(
        await writer.numbers(), columns, [(item.id, kind_of(item), item.columns[0]) for item in oldest_first]
    )
    rows = tuple(
        Row(item, head_of(item), 0.0, in_hant(item), in_hant(head_of(item)))
        for item in (changed or everything.values())
    )
    await writer.put_media(PICTURE, picture())
    await writer.publish(
        Publication(
            site=site, site_hant=in_hant(site), rows=rows, lists=tuple(lists.items()),
            numbers=numbering.given, freed=numbering.freed,
        ),
        fence,
    )  # fmt: skip
    return site
