"""Blocks on screens: nothing lost, nothing outside, nothing alone that should not be."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.model import Block, Heading, Image, List, Paragraph, Run, Table
from remote_nav.geometry import Rect
from stb_app.layout.flow import MAX_SCREENS, flow
from stb_app.layout.lines import plain, shorten
from stb_app.layout.look import HD, HD_LARGE, LOOKS, SD, SD_LARGE, Look
from stb_app.layout.metrics import width
from stb_app.layout.view import Part, Picture, Role, Words, font

TEXT = st.text("市图书馆新开放每周二老年人乘车，。（）9:0Aab ", min_size=1, max_size=160).filter(str.strip)
BLOCKS: st.SearchStrategy[list[Block]] = st.lists(
    st.one_of(
        TEXT.map(lambda text: Paragraph((Run(text),))),
        TEXT.map(lambda text: Heading(text[:30])),
        st.lists(TEXT, min_size=1, max_size=5).map(lambda items: List(tuple(items))),
        st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=6).map(lambda rows: Table(tuple(rows), 1)),
        st.lists(st.tuples(TEXT.map(lambda t: t[:6]), TEXT), min_size=1, max_size=4).map(
            lambda rows: Table(tuple(rows))
        ),
        st.builds(Image, st.just("x"), caption=TEXT, media=st.just("abcdef01"), width=st.integers(1, 2000), height=st.integers(1, 2000)),
    ),
    max_size=8,
)  # fmt: skip


def laid(blocks: list[Block], look: Look) -> tuple[Rect, list[tuple[Part, ...]]]:
    """Blocks on screens below a head of usual height."""
    area = look.area
    body = Rect(area.left, area.top + 120, area.width, area.height - 120 - look.button - 2 * look.gap)
    return body, flow(blocks, look, body, body)


def squeezed(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def said(screens: list[tuple[Part, ...]]) -> str:
    """All the text of the screens."""
    return squeezed(
        "".join(plain(line) for parts in screens for p in parts if isinstance(p, Words) for line in p.lines)
    )


@settings(max_examples=60, deadline=None)
@given(BLOCKS, st.sampled_from([HD, HD_LARGE, SD, SD_LARGE]))
@example([Image("x", caption="0", media="abcdef01", width=1, height=1), Table((("00", "0"),))], HD)
@example([Image("x", caption="0", media="abcdef01", width=1, height=1),
          Table(((":。", "0000000", "00000。。。。"),), 1)], SD_LARGE)  # fmt: skip
def test_everything_stands_inside(blocks: list[Block], look: Look) -> None:
    """Every part in the body, every line in its part, however the blocks are."""
    body, screens = laid(blocks, look)
    for parts in screens:
        for part in parts:
            assert body.contains(part.rect, 1.0), part
            if isinstance(part, Words):
                px, line, bold = font(look, part.role)
                for at, each in enumerate(part.lines):
                    indent = part.indent if at == 0 else 0
                    wide = sum(width(span.text, px, span.strong or bold) for span in each)
                    assert wide + indent <= part.rect.width + 1 or len(plain(each)) == 1
                assert (part.line_height or line) * len(part.lines) <= part.rect.height + 1


@settings(max_examples=60, deadline=None)
@given(BLOCKS)
def test_running_text_is_there_once_and_in_order(blocks: list[Block]) -> None:
    """What the paragraphs say can be read from the first screen to the last."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    _, screens = laid(list(paragraphs), HD)
    assert said(screens) == squeezed("".join(block.text for block in paragraphs))


@pytest.mark.parametrize("look", LOOKS.values(), ids=lambda look: f"{look.width}{'L' if look.large else ''}")
def test_no_heading_is_left_alone(look: Look) -> None:
    """A heading has at least a line of its text below it on the same screen."""
    line = "今天起试开放，每周二至周日迎接读者。"
    blocks: list[Block] = []
    for at in range(12):
        blocks += [Heading(f"第 {at} 部分"), Paragraph((Run(line * (1 + at % 4)),))]
    _, screens = laid(blocks, look)
    for parts in screens:
        texts = [part for part in parts if isinstance(part, Words)]
        assert texts[-1].role is not Role.HEADING


def test_the_head_of_a_table_comes_again() -> None:
    """Each screen of a long table begins with its head."""
    rows = (("小区", "完工", "台数"), *((f"江南里{n}", "十一月", "12") for n in range(30)))
    _, screens = laid([Table(rows, head=1)], SD)
    assert len(screens) > 2
    for parts in screens:
        first = next(part for part in parts if isinstance(part, Words))
        assert plain(first.lines[0]) == "小区"


def test_a_table_too_wide_becomes_lines_with_their_labels() -> None:
    """Nine columns do not fit any screen: each row is read out."""
    head = tuple(f"指标{n}" for n in range(9))
    _, screens = laid([Table((head, tuple("一二三四五六七八九")), head=1)], SD)
    assert "指标0：一" in said(screens) and "指标8：九" in said(screens)


def test_a_picture_stands_beside_the_text_it_belongs_to() -> None:
    """On wide screens on the right of its own text, with its shape kept; on small ones above it."""
    blocks: list[Block] = [
        Paragraph((Run("新馆今天开放。" * 3),)),
        Image("x", caption="阅览区", media="abcdef01", width=960, height=640),
        Paragraph((Run("欢迎前来。" * 30),)),
    ]
    for look in (HD, SD):
        _, screens = laid(blocks, look)
        pictures = [part for part in screens[0] if isinstance(part, Picture)]
        assert len(pictures) == 1
        assert pictures[0].rect.width / pictures[0].rect.height == pytest.approx(1.5, abs=0.02)
        texts = [part for part in screens[0] if isinstance(part, Words)]
        assert not any(part.rect.overlaps(pictures[0].rect) for part in texts)


def test_an_empty_body_is_one_empty_screen() -> None:
    """Nothing to say is still a page."""
    assert laid([], HD)[1] == [()]


def test_an_endless_paragraph_costs_no_more_a_screen() -> None:
    """300,000 letters without a blank, and a title as long, are cut in bounded time."""
    started = time.process_time()
    _, screens = laid([Paragraph((Run("A" * 300_000),)), Paragraph((Run("公告" * 60_000),))], SD)
    assert len(screens) == MAX_SCREENS
    lines, whole = shorten("B" * 500_000, 400, 30, 2)
    assert len(lines) == 2 and not whole
    assert time.process_time() - started < 20
