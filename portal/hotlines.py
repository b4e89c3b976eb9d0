"""Numbers that people know as telephones, and what they are for: no dial number is ever one of them.

Sources: Telecommunications numbering of the People's Republic of China (MIIT, 2017 edition: 11X emergency
and enquiry numbers, 123XX government services, 95XXX and 96XXX customer services), and the ministries'
own announcements of their lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from portal.text import N_, Text

HOTLINES: Mapping[str, str] = MappingProxyType(
    {
        "110": N_("报警"),
        "114": N_("查电话号码"),
        "119": N_("火警"),
        "120": N_("急救"),
        "122": N_("交通事故报警"),
        "12121": N_("天气预报"),
        "12306": N_("火车票和铁路客服"),
        "12309": N_("检察服务"),
        "12315": N_("消费者投诉"),
        "12320": N_("卫生健康咨询"),
        "12328": N_("交通运输服务"),
        "12329": N_("住房公积金"),
        "12333": N_("社保和劳动"),
        "12338": N_("妇女维权"),
        "12345": N_("政务服务便民热线"),
        "12348": N_("法律咨询"),
        "12351": N_("工会和职工维权"),
        "12355": N_("青少年服务"),
        "12356": N_("心理援助"),
        "12366": N_("税务"),
        "12367": N_("出入境和移民服务"),
        "12378": N_("银行保险投诉"),
        "12381": N_("工业和信息化服务"),
        "12385": N_("残疾人服务"),
        "12388": N_("纪检举报"),
        "12389": N_("举报民警违纪"),
        "12393": N_("医疗保障"),
        "12395": N_("水上遇险求救"),
    }
)
"""Number -> what one rings it for."""

FAMILIES: Mapping[str, str] = MappingProxyType(
    {"123": N_("全国统一的政府服务热线"), "95": N_("银行、保险、快递等的客服电话")}
)
"""What all numbers with a beginning are; `FAMILY_DIGITS` long."""

FAMILY_DIGITS = 5


def purpose(number: str, t: Text) -> str:
    """What a telephone number is for, in the viewer's language; "" where it is no number of these."""
    if number in HOTLINES:
        return t.gettext(HOTLINES[number])
    if len(number) != FAMILY_DIGITS or not (number.isascii() and number.isdigit()):
        return ""
    family = next((word for start, word in FAMILIES.items() if number.startswith(start)), "")
    return t.gettext(family) if family else ""


def sentence(number: str, t: Text) -> str:
    """What to tell somebody who typed a telephone number into the number box; "" where it is none."""
    what = purpose(number, t)
    if not what:
        return ""
    return t.gettext("{number} 是电话号码：{what}。请用电话拨打。").format(number=number, what=what)
