"""The official words of portals in other languages than theirs: labels, states, units of time, hours.

Content stays as the origin has it. But a table's label, a number of working days or the hours of a
counter are the same few words on every portal, and these are translated like the interface's own: what
is made of known words only is told in the viewer's language, everything else stays as it is.
The Traditional Chinese mirror is converted at publish time, so both written forms of Chinese pass through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from portal.text import N_, Text

LABELS = frozenset(
    (
        # of a document (GB/T 33476 and the disclosure catalogues of portals)
        N_("索引号"), N_("主题分类"), N_("发文机关"), N_("发布机构"), N_("成文日期"), N_("标题"),
        N_("发文字号"),
        N_("文号"), N_("发布日期"), N_("发布时间"), N_("主题词"), N_("有效性"), N_("公开方式"),
        N_("公开范围"),
        N_("公开日期"), N_("生成日期"), N_("实施日期"), N_("失效日期"), N_("名称"), N_("关键词"),
        # of a matter
        N_("事项名称"), N_("事项类型"), N_("服务对象"), N_("实施主体"), N_("受理条件"), N_("申报材料"),
        N_("办理流程"),
        N_("法定时限"), N_("承诺时限"), N_("收费标准"), N_("设定依据"), N_("办理地点"), N_("工作时间"),
        N_("办理时间"),
        N_("联系电话"), N_("监督投诉电话"), N_("乘车路线"), N_("到现场次数"), N_("办件类型"),
        N_("办理形式"),
        N_("受理单位"), N_("咨询电话"),
        # of a unit
        N_("机构名称"), N_("机构级别"), N_("机构职能"), N_("办公地址"), N_("办公时间"), N_("主要职责"),
        N_("负责人"),
        N_("邮政编码"), N_("传真"), N_("电子邮箱"), N_("网址"), N_("地图坐标"),
        # of an interview
        N_("访谈主题"), N_("访谈嘉宾"), N_("访谈时间"), N_("主办单位"), N_("访谈状态"), N_("主持人"),
        # of a fact table
        N_("项目"), N_("标准"), N_("报警"), N_("火警"), N_("急救"), N_("交通事故"), N_("政务服务便民热线"),
    )
)  # fmt: skip
"""Names of fields as portals write them."""

PHRASES = (
    N_("即时办结"), N_("当场办结"), N_("当日办结"), N_("免费"), N_("不收费"), N_("无"), N_("有效"),
    N_("失效"), N_("废止"),
    N_("已失效"), N_("已废止"), N_("全程网办"), N_("主动公开"), N_("依申请公开"), N_("社会公开"),
    N_("全文发布"),
    N_("自然人"), N_("企业法人"), N_("其他组织"), N_("承诺件"), N_("即办件"), N_("正县级"), N_("副县级"),
    N_("正科级"),
    N_("副科级"), N_("正处级"), N_("副处级"), N_("市属企业"), N_("事业单位"), N_("访谈结束"),
    N_("访谈预告"),
    N_("正在直播"),
    N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"), N_("至"), N_("到"),
    N_("上午"),
    N_("下午"), N_("中午"), N_("每天"), N_("法定节假日除外"), N_("节假日除外"), N_("中午不休息"),
    N_("闭馆"), N_("休息"),
    N_("营业厅"), N_("门诊"), N_("急诊"), N_("产科"), N_("抢修"), N_("报修"), N_("客服热线"),
    N_("公交卡窗口"),
    N_("供热季客服"), N_("停止入馆"), N_("工本费"), N_("首次"),
)  # fmt: skip
"""Words of which values are made."""

EVERYDAY = frozenset(
    (
        N_("今天的事"), N_("通知"), N_("停水停电"), N_("市里大事"), N_("停水"), N_("停电"), N_("修路"),
        N_("天气"),
        N_("公示"), N_("招聘"), N_("身边的事"), N_("菜价"), N_("社区"), N_("新政策怎么说"),
        N_("报上怎么说"),
        N_("各局在做什么"), N_("我家那个区"), N_("县里的事"), N_("办得最多的事"), N_("办证"), N_("社保"),
        N_("看病"),
        N_("驾照"), N_("上学"), N_("住房"), N_("报销"), N_("医保卡"), N_("退休金"), N_("社保卡"),
        N_("身份证"),
        N_("户口本"), N_("上户口"), N_("上牌"), N_("年检"), N_("违章"), N_("老年证"), N_("高龄补贴"),
        N_("养老院"),
        N_("水费"), N_("电表"), N_("燃气"), N_("暖气"), N_("公交卡"), N_("停车"), N_("出租车"), N_("入学"),
        N_("转学"),
        N_("助学金"), N_("公租房"), N_("租房"), N_("买房"), N_("提取"), N_("贷款"), N_("过户"), N_("抵押"),
        N_("准生证"),
        N_("出生证"), N_("疫苗本"), N_("结婚证"), N_("离婚"), N_("收养"), N_("失业金"), N_("培训"),
        N_("创业"),
        N_("低保"), N_("临时救助"), N_("残疾证"), N_("优待证"), N_("护照"), N_("港澳通行证"), N_("居住证"),
        N_("讨薪"),
        N_("落户"), N_("档案"), N_("个税"), N_("契税"), N_("发票"), N_("公证"), N_("打官司"),
        N_("法律援助"),
        N_("借书证"), N_("健身"), N_("火化"), N_("墓地"), N_("抚恤金"), N_("开店"), N_("开公司"),
        N_("办执照"),
        N_("营业执照"), N_("个体户"), N_("报税"), N_("招人"), N_("工伤"), N_("土地"), N_("厂房"),
        N_("消防验收"),
        N_("商标"), N_("专利"), N_("出口"), N_("养殖"), N_("投标"), N_("政府采购"), N_("地址"), N_("电话"),
        N_("怎么去"),
        N_("公交时刻"), N_("图书馆"), N_("医院"), N_("水电"), N_("公交"), N_("文件"), N_("预算"),
        N_("规划"), N_("办法"),
        N_("市里的文件"), N_("钱花在哪"), N_("防汛"), N_("预案"), N_("安全"), N_("考公务员"), N_("招老师"),
        N_("城市怎么建"), N_("一年干了什么"), N_("局长答问"), N_("提问"), N_("正在直播"), N_("下一期"),
        N_("听他们怎么说"), N_("请您提意见"),
    )
)  # fmt: skip
"""Everyday words that site files put on tiles and beside columns."""

_MARKS: Mapping[str, str] = {
    "，": ", ", "、": ", ", "；": "; ", "：": ": ", "（": " (", "）": ")", "—": "–", "。": ".", " ": " ",
}  # fmt: skip
_LONGEST = 120
_HAN = re.compile(r"[\u3400-\u9fff]")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def label(name: str, t: Text) -> str:
    """The name of a field in the viewer's language, where it is one that portals share."""
    return t.gettext(name) if name in LABELS and not _chinese(t) else name


def everyday(words: str, t: Text) -> str:
    """Everyday words, parted by blanks, in the viewer's language; those that are not known are left out."""
    if _chinese(t):
        return words
    return ", ".join(t.gettext(word) for word in words.split() if word in EVERYDAY)


def value(text: str, t: Text) -> str:
    """A value in the viewer's language, where it is made of known words only; otherwise as it is."""
    if _chinese(t) or len(text) > _LONGEST:
        return text
    said: list[str] = []
    at = 0
    for found in _pattern().finditer(text):
        if found.start() != at:
            return text
        at = found.end()
        said.append(_said(found, t))
    if at != len(text):
        return text
    whole = re.sub(r"\s+", " ", "".join(said)).strip()
    return re.sub(r" ([,;:.)])", r"\1", re.sub(r"\( ", "(", whole))


def is_foreign(text: str, t: Text) -> bool:
    """Whether a text is Chinese on a page that is not, so that a reader program should change its voice."""
    return not _chinese(t) and bool(_HAN.search(text))


def _chinese(t: Text) -> bool:
    return t.tag.startswith("zh")


def _said(found: re.Match[str], t: Text) -> str:
    date, count, unit, phrase, other = (found[name] for name in ("date", "count", "unit", "phrase", "other"))
    if date:
        numbers = _DATE.fullmatch(date)
        return f" {t.full_day('-'.join(n.zfill(2) for n in numbers.groups()))} " if numbers else date
    if unit:
        return f" {_counted(int(count), unit, t)} "
    if phrase:
        return f" {t.gettext(phrase)} "
    return _MARKS.get(other, other)


def _counted(count: int, unit: str, t: Text) -> str:
    match unit:
        case "个工作日":
            said = t.ngettext("{count}个工作日", "{count}个工作日", count)
        case "日" | "天":
            said = t.ngettext("{count}天", "{count}天", count)
        case "个月":
            said = t.ngettext("{count}个月", "{count}个月", count)
        case "年":
            said = t.ngettext("{count}年", "{count}年", count)
        case "次":
            said = t.ngettext("{count}次", "{count}次", count)
        case "元":
            said = t.ngettext("{count}元", "{count}元", count)
        case _:
            said = t.ngettext("{count}小时", "{count}小时", count)
    return said.format(count=count)


@cache
def _pattern() -> re.Pattern[str]:
    phrases = "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True))
    return re.compile(
        rf"(?P<date>{_DATE.pattern})|(?P<count>\d{{1,6}})(?P<unit>个工作日|个月|个?小时|日|天|年|次|元)"
        rf"|(?P<phrase>{phrases})|(?P<other>[0-9.]+|[ ，、；：（）—。:\-–])"
    )
