"""Masks for what strangers read: numbers that lead to a person, and names where a text introduces one.

No program finds every name; an administrator reads a letter before it is published unless the rules say
otherwise. What is masked here is what can be known for certain by its form.
"""

from __future__ import annotations

import re

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安"
    "齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
    "欧阳上官司马诸葛东方皇甫尉迟公孙慕容"
)
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒")
_BEFORE = (
    "姓名|本人名叫|我的名字叫|名字叫|我叫|名叫|叫做|本人是|我是|本人|联系人|举报人|被举报人|投诉人|被投诉人|"
    "反映人|来信人|患者|业主|户主|房东|经办人|负责人|老板|店主|邻居|村民|居民|"
    "书记|主任|村长|镇长|乡长|局长|科长|处长|所长|站长|队长|校长|院长|老师|医生|律师|民警|警察|司机|经理"
)
_SURNAME = f"(?:{'|'.join(_DOUBLE)}|[{''.join(sorted(set(_SURNAMES)))}])"
_END = (
    r"(?=$|[\s,，.。;；:：、!！?？()（）\"“”'‘’0-9A-Za-z]"
    r"|在|于|是|的|说|电话|手机|身份|住|家|今年|现|年|男|女|和|与|被|把|将|对|向|从|因|去|来|有|没|不|等|及)"
)
_NAME = re.compile(
    rf"(?P<before>(?:{_BEFORE})(?:为|是|叫)?[:：\s]*)(?P<surname>{_SURNAME})(?P<given>[\u4e00-\u9fff]{{1,2}}?){_END}"
)

_DATE = r"20[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}"
_NUMBERS = (
    re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,20}"),
    re.compile(r"(?i:微信号?|QQ|wechat)\s*(?:号|号码)?\s*[:：是为]?\s*[A-Za-z0-9_-]{5,30}"),
    re.compile(r"[\u4e00-\u9fff][A-Z]\s?[·•-]?\s?(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,6}(?![A-Za-z0-9])"),
    re.compile(
        rf"(?<![0-9０-９])(?!{_DATE}(?![0-9０-９]))(?:[0-9０-９][\s\-\u2010-\u2015.·()（）]{{0,3}}){{6,}}[0-9０-９][xXＸ]?"
    ),
)
"""E-mail and chat names, number plates, and what has seven digits or more: telephones, cards, accounts."""

_HOME = re.compile(
    r"[0-9０-９一二三四五六七八九十百零]{1,4}(?:号楼|栋|幢|单元|室|户)"
    r"(?:[0-9０-９一二三四五六七八九十百零\-]{1,5}(?:号楼|栋|幢|单元|层|楼|室|户|号)?)*"
)
"""From the building on: which home."""

STAR = "*"


def telephone(number: str) -> str:
    """A telephone number whose owner knows it again: 139****5678."""
    if len(number) <= 4:
        return STAR * len(number)
    keep = 3 if len(number) >= 8 else 1
    return (
        number[:keep]
        + STAR * (len(number) - keep - min(4, len(number) - keep - 1))
        + number[-min(4, len(number) - keep - 1) :]
    )


def name(full: str) -> str:
    """A person's name: 张**, 欧阳*; "" for ""."""
    keep = 2 if full[:2] in _DOUBLE and len(full) > 2 else 1
    return full[:keep] + STAR * max(1, len(full) - keep) if full else ""


def text(said: str, writer: str = "") -> str:
    """A text without what leads to a person: `writer` is the writer's own name, masked wherever it stands.

    Numbers keep their length, so that a reader sees that something stood there.
    """
    if len(writer) > 1:
        said = said.replace(writer, name(writer))
    for pattern in _NUMBERS:
        said = pattern.sub(lambda found: re.sub(r"[^\s]", STAR, found[0]), said)
    said = _HOME.sub(lambda found: STAR * len(found[0]), said)
    return _NAME.sub(
        lambda found: found["before"] + found["surname"] + STAR * len(found["given"]),
        said,
    )
