"""Generated Chinese for the benches of the search: names of service matters, and articles.

The words of the names and the head of the articles' vocabulary are our own tables; its long tail is
the list of words that pypinyin knows the sound of. Everything follows from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from pypinyin.phrases_dict import phrases_dict


def _table(words: str) -> tuple[str, ...]:
    """Words, written with blanks between."""
    return tuple(words.split())


VERBS = _table(
    "申领 换领 补领 办理 登记 备案 变更 注销 延续 核发 审批 审核 查询 打印 缴纳 提取 申请 认定 评审 "
    "年检 迁移 转移 补办 公示 报名 预约 报销 补贴发放 资格确认 验收 复核 撤销 开具 续期 停业报告 许可 "
    "转让登记 抵押登记 首次登记"
)
OBJECTS = _table(
    "身份证 户口 驾驶证 机动车 行驶证 社会保障卡 养老保险 医疗保险 失业保险 工伤保险 生育津贴 "
    "住房公积金 公租房 不动产 结婚证 出生证 残疾证 老年证 退役军人优待证 护照 港澳通行证 居住证 "
    "营业执照 个体户 食品经营许可证 药品经营许可证 卫生许可证 消防验收 施工许可证 排水许可 取水许可 "
    "采矿权 林木采伐 渔业捕捞 种子生产 兽药经营 动物防疫 农机驾驶 教师资格 职称 法律援助 公证 社会团体 "
    "民办学校 幼儿园 养老机构 托育机构 医疗机构 医师执业 护士执业 放射诊疗 出版物零售 网吧 娱乐场所 "
    "旅行社 导游证 文物拍卖 体育场馆 广播电视 电影放映 道路运输 出租汽车 网约车 公交线路 危险化学品 "
    "特种设备 计量器具 商标 专利 发票 契税 个人所得税 增值税 车船税 出口退税 高新技术企业 人才补贴 "
    "创业担保贷款 低保 临时救助 特困供养 高龄津贴 孤儿 收养 殡葬 墓地 宅基地 土地承包 农村危房 "
    "耕地地力 粮食收购 城市绿化 户外广告 临时占道 夜间施工 建筑垃圾 燃气经营 供热 供水 污水排放 "
    "环境影响评价 辐射安全 噪声 节能审查 招标投标 政府采购 档案 地名 民族成份 宗教场所 台胞 侨眷 "
    "外国人工作 留学人员 见义勇为 烈士 慢性病 特殊病种 疫苗 献血 义诊 助学金 学籍 中考 高考 自学考试 "
    "普通话 成人教育 校车 校外培训 图书馆 博物馆 公园年票 健身场地"
)
QUALIFIERS = _table(
    "个人 单位 企业 城乡居民 灵活就业人员 外地 本市 跨省 异地 农村 城镇 大学生 高校毕业生 退休人员 "
    "未成年人 外商投资 小微企业 合伙企业 分公司 临时 首次 期满 遗失 损毁 信息 地址 名称 法定代表人 "
    "经营范围 网上 一次性 年度 季度 新建 改建 扩建 老旧小区 乡镇 社区 市级 县级 省内 境外 重点 普通 "
    "特殊 长期 短期 公共 家庭 集体"
)
ENDINGS = ("", "", "", "", "（个人）", "（单位）", "（网上办理）", "（首次）", "（非本市户籍）")

GRAMMAR = _table("的 了 在 和 是 对 为 与 将 等 从 到 由 也 把 被 就 都 并 以 年 月 日 个 这 那 及 中 上 下")
CIVIC = _table(
    "工作 服务 群众 社区 发展 建设 政府 全市 企业 管理 部门 项目 单位 居民 安全 活动 记者 通知 开展 "
    "推进 办理 提供 进行 实施 加强 组织 完成 启动 介绍 表示 改造 小区 电梯 停水 停电 供暖 供水 燃气 "
    "公交 地铁 道路 施工 交通 绕行 图书馆 博物馆 公园 医院 学校 幼儿园 养老 医保 社保 公积金 补贴 就业 "
    "招聘 培训 创业 农业 粮食 蔬菜 菜价 市场 食品 环境 空气 污水 河道 绿化 垃圾 分类 志愿者 老人 儿童 "
    "残疾人 退役 军人 低保 救助 住房 租房 购房 房产 登记 户口 身份证 驾照 护照 居住证 营业执照 税收 "
    "发票 贷款 投资 招商 开工 竣工 验收 会议 常务 市长 书记 调研 检查 整改 防汛 台风 暴雨 高温 森林 "
    "防火 地震 演练 消防 应急 疫苗 接种 体检 门诊 药品 报销 异地 结算 旅游 景区 文化 演出 体育 比赛 "
    "马拉松 非遗 传统 节日 春节 国庆 放假 值班 咨询 电话 窗口 网上 预约 证明 材料 公告 公示 征求 意见 "
    "规划"
)


@dataclass(frozen=True, slots=True)
class GeneratedArticle:
    """One article: `day` is its date, YYYY-MM-DD."""

    id: str
    title: str
    body: str
    day: str


def matter_names(count: int, seed: int = 7) -> list[tuple[str, ...]]:
    """Names of that many matters, all different: the official one, then an everyday one for every third."""
    rnd = random.Random(seed)  # noqa: S311 - a bench, not a secret
    found: dict[str, tuple[str, ...]] = {}
    while len(found) < count:
        thing, act = rnd.choice(OBJECTS), rnd.choice(VERBS)
        qualifiers = "".join(rnd.sample(QUALIFIERS, rnd.choice((0, 1, 1, 2))))
        name = f"{qualifiers}{thing}{act}{rnd.choice(ENDINGS)}"
        if name not in found:
            found[name] = (name, f"{act[:2]}{thing}") if rnd.random() < 1 / 3 else (name,)
    return list(found.values())


class Prose:
    """Articles whose words are as frequent as in real text: few everywhere, most seldom (Zipf-Mandelbrot)."""

    def __init__(self, words: int = 30_000, seed: int = 11) -> None:
        rnd = random.Random(seed)  # noqa: S311 - a bench, not a secret
        tail = [word for word in phrases_dict if 2 <= len(word) <= 3]
        rnd.shuffle(tail)
        content = list(dict.fromkeys((*CIVIC, *OBJECTS, *VERBS, *QUALIFIERS, *tail)))[:words]
        self.words = content
        self._weights = list(accumulate(1 / (rank + 40) for rank in range(len(content))))
        self._rnd = rnd

    def some(self, count: int) -> list[str]:
        """Content words, the frequent ones more often."""
        return self._rnd.choices(self.words, cum_weights=self._weights, k=count)

    def articles(self, count: int, characters: int = 360) -> Iterator[GeneratedArticle]:
        """Articles of about so many characters, the oldest first, over twenty years."""
        rnd = self._rnd
        for at in range(count):
            day = f"{2006 + at * 20 // count}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}"
            title = "".join(self.some(rnd.randint(4, 8)))
            parts: list[str] = []
            length = 0
            while length < characters:
                sentence = ""
                for word in self.some(rnd.randint(5, 12)):
                    sentence += word + (rnd.choice(GRAMMAR) if rnd.random() < 0.4 else "")
                parts.append(sentence)
                length += len(sentence) + 1
            yield GeneratedArticle(f"g{at:06}", title, "，".join(parts) + "。", day)
