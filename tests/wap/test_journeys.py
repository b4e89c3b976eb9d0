"""Journeys of a viewer who presses nothing but access keys, and of one whose phone has none."""

from __future__ import annotations

import pytest

from portal.http.base import Context
from tests.wap.conftest import PHONES, Shown, ask

KEYED = ("nokia3510i", "nokia2730", "kaios", "w3m")


class Viewer:
    """Someone with a phone in hand. Pages opened stay in the phone's history."""

    def __init__(self, context: Context, phone: str) -> None:
        self._context = context
        self._phone = PHONES[phone]
        self._history: list[str] = []
        self.page: Shown

    async def open(self, target: str) -> Shown:
        """Type an address."""
        self._history.append(target)
        self.page = await ask(self._context, self._phone, target)
        assert self.page.status == 200, target
        return self.page

    async def press(self, keys: str) -> Shown:
        """Press access keys one after the other."""
        for key in keys:
            await self.open(self.page.keys()[key])
        return self.page

    async def follow(self, words: str) -> Shown:
        """Choose the link that says these words."""
        found = [a for a in self.page.root.xpath("//*[local-name()='a']") if words in "".join(a.itertext())]
        return await self.open(str(found[0].get("href")))

    async def back(self) -> Shown:
        """The phone's Back: what the history holds, which the card must allow."""
        if self.page.text.lstrip().startswith("<?xml") and "<wml" in self.page.text:
            assert self.page.root.xpath("//do[@type='prev']/prev")
        self._history.pop()
        return await self.open(self._history.pop())


@pytest.mark.parametrize("phone", KEYED)
@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("111", "市住房和城乡建设局"),
        ("1191", "城区第 9 个老旧小区"),
        ("311", "文号: 青政办发〔2026〕18 号"),
        ("2111", "1. 居民身份证原件"),
    ],
)
async def test_from_home_to_an_item_and_back_by_keys(
    phone: str, keys: str, words: str, context: Context
) -> None:
    viewer = Viewer(context, phone)
    await viewer.open("/wap/")
    passed = [viewer.page.target]
    for key in keys:
        passed.append((await viewer.press(key)).target)
    assert words in viewer.page.words
    assert viewer.page.target.startswith("/wap/i/")
    for target in reversed(passed[:-1]):
        assert (await viewer.back()).target == target


@pytest.mark.parametrize("phone", KEYED)
async def test_an_interview_and_its_foot(phone: str, context: Context) -> None:
    viewer = Viewer(context, phone)
    await viewer.open("/wap/")
    talk = await viewer.press("41")
    assert "问(网友): 外地看病回来怎样报销？" in talk.words
    assert "林致远: 先备案" in talk.words
    assert (await viewer.follow("在线访谈")).target == "/wap/c/600"
    assert (await viewer.follow("首页")).target == "/wap/"


@pytest.mark.parametrize("phone", KEYED)
async def test_the_number_box_is_one_key_away_everywhere(phone: str, context: Context) -> None:
    viewer = Viewer(context, phone)
    for target in ("/wap/", "/wap/c/310", "/wap/i/unit01", "/wap/h"):
        await viewer.open(target)
        assert "号码或名称" in (await viewer.press("0")).words


@pytest.mark.parametrize("phone", ["nokia7110", "unknown", "palm", "chinese"])
async def test_a_long_article_is_read_to_its_end_and_back(phone: str, context: Context) -> None:
    viewer = Viewer(context, phone)
    await viewer.open("/wap/i/news005")
    read = [viewer.page.words]
    targets = [viewer.page.target]
    while "下一页" in viewer.page.words:
        await viewer.follow("下一页")
        read.append(viewer.page.words)
        targets.append(viewer.page.target)
    whole = "".join(read)
    assert whole.count("试开放，每周二至周日 9:00 至 20:30") == 2
    assert whole.count("全部可以现场查阅。") == 1
    count = len(read)
    if count > 1:
        assert [f"{at}/{count}" in words for at, words in enumerate(read, 1)] == [True] * count
    while "上一页" in viewer.page.words:
        targets.pop()
        assert (await viewer.follow("上一页")).target == targets[-1]
    assert viewer.page.target == "/wap/i/news005"


@pytest.mark.parametrize("phone", ["nokia3510i", "unknown"])
async def test_a_column_is_paged_to_its_end(phone: str, context: Context) -> None:
    viewer = Viewer(context, phone)
    await viewer.open("/wap/c/310")
    found = [link for link in viewer.page.links() if "/i/" in link]
    while "下一页" in viewer.page.words:
        await viewer.follow("下一页")
        found += [link for link in viewer.page.links() if "/i/" in link]
    assert len(found) == len(set(found)) == 23
