"""Dates and sources, each under its label."""

from __future__ import annotations

import pytest

from content_sync.extract.imprint import cut_source, kind_of, label_of
from tests.content_sync.extract.helpers import read

BODY = "<div class=content><p>四公里的照明全部换成节能灯具，亮度均匀，不刺眼。</p></div>"


@pytest.mark.parametrize(
    ("line", "published", "source"),
    [
        ("来源：市城管局 发布时间：2025-03-02 09:30 浏览次数：12", "2025-03-02 09:30", "市城管局"),
        ("2025-03-02 09:30 来源：青澜日报 作者：何静", "2025-03-02 09:30", "青澜日报"),
        ("【信息时间：2025-03-02 阅读次数：3】【我要打印】", "2025-03-02", ""),
        ("日期：2025年3月2日 字号：【大 中 小】", "2025-03-02", ""),
        ("<span>发布日期：</span><span>2025-03-02</span> <span>来源：</span><span>市文旅局（原市文化局）</span>", "2025-03-02", "市文旅局（原市文化局）"),
        ("<b>时间</b> 2025/03/02 <b>稿源：</b>青澜发布 | 责任编辑：何静", "2025-03-02", "青澜发布"),
        ("2025-03-02 09:30 青澜日报", "2025-03-02 09:30", "青澜日报"),
        ("发布时间：2025-03-02 更新时间：2025-06-01", "2025-03-02", ""),
        ("更新时间：2025-03-02 来源：交通局", "2025-03-02", "交通局"),
        ("今天是2025年3月2日 星期日", "", ""),
        ("报名截止时间：2025-03-02", "", ""),
        ("来源： 发布时间：2025-03-02", "2025-03-02", ""),
    ],
)  # fmt: skip
def test_imprint_line(line: str, published: str, source: str) -> None:
    page = read(f"<h1>滨江步道夜间照明完成改造</h1><div class=xx>{line}</div>{BODY}")
    assert (page.published, page.source) == (published, source)


def test_every_date_is_kept_under_its_label() -> None:
    page = read(f"<h1>停车管理办法</h1><p>发布时间：2025-03-02 更新时间：2025-06-01 10:00</p>{BODY}")
    assert [(field.name, field.value) for field in page.dates] == [
        ("发布", "2025-03-02"),
        ("更新", "2025-06-01 10:00"),
    ]


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        (
            f"<h1>照明完成改造</h1><script>var pubdata='2025年03月02日';</script><p>发布时间：</p>{BODY}",
            "2025-03-02",
        ),
        (f"<h1>照明完成改造</h1>{BODY}<p><img src='W020250302368292160187.jpg'></p>", "2025-03-02"),
        (f"<h1>照明完成改造</h1>{BODY}", ""),
    ],
    ids=["script", "stored file", "none"],
)
def test_dates_that_no_line_shows(markup: str, published: str) -> None:
    assert read(markup).published == published


@pytest.mark.parametrize(
    ("before", "label", "kind"),
    [
        ("来源：市局 发布时间：", "发布时间", "发布"),
        ("成文日期", "成文日期", "成文"),
        ("最后更新 ", "最后更新", "更新"),
        ("回复时间：", "回复时间", ""),
        ("来源：中国报 ", "", ""),
        ("", "", ""),
    ],
)
def test_labels(before: str, label: str, kind: str) -> None:
    assert (label_of(before), kind_of(label)) == (label, kind)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("市教育局 下载 打印", "市教育局"),
        ("青澜日报 2025-03-02", "青澜日报"),
        ("文旅局（原文广新局） 浏览：3", "文旅局（原文广新局）"),
        ("- 作者：", ""),
        ("本网 [大 中 小]", "本网"),
    ],
)
def test_cut_source(text: str, source: str) -> None:
    assert cut_source(text) == source
