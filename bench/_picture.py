"""The figures of a run as a picture for the README: one bar a ratio, with a line where it has to reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from bench import Row

WIDTH, NAME, BAR, STEP = 900, 420, 330, 26
GOOD, POOR, LINE, INK, QUIET = "#2f6f4f", "#a8442a", "#8a6d1d", "#1d2a35", "#5b6770"
LONGEST = 60
"""Letters of a name."""

REACH = 3.0
"""A bar ends at the goal times this, on a scale of logarithms that begins at the goal divided by it."""


def drawn(rows: Sequence[tuple[str, Row]], when: str) -> str:
    """An SVG of the rows that are ratios with a goal; `rows` as (name of the bench, row)."""
    shown = [(bench, row) for bench, row in rows if row.unit == "x" and row.holds is not None]
    height = 64 + STEP * len(shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="15" fill="{INK}">Ratios against yardsticks of the same run</text>',
        f'<text x="16" y="44" fill="{QUIET}">{escape(when)}; past the line the goal is reached; logarithmic</text>',  # noqa: E501
    ]
    for at, (bench, row) in enumerate(shown):
        y = 58 + STEP * at
        # What has to be small counts the other way round: past the line is good, whatever the goal.
        share = row.value / row.least if row.least else (row.most or 1.0) / max(row.value, 1e-9)
        length = BAR * _place(share)
        colour = GOOD if row.holds else POOR
        parts += [
            f'<text x="16" y="{y + 14}" fill="{INK}">{escape(_cut(f"{bench}: {row.name}"))}</text>',
            f'<rect x="{NAME}" y="{y + 2}" width="{length:.0f}" height="16" rx="2" fill="{colour}"/>',
            f'<line x1="{NAME + BAR / 2}" x2="{NAME + BAR / 2}" y1="{y - 1}" y2="{y + 21}" stroke="{LINE}" '
            f'stroke-width="2"/>',
            f'<text x="{NAME + BAR + 12}" y="{y + 14}" fill="{INK}">'
            f"{row.value:.2f} ({escape(row.goal)})</text>",
        ]
    return "\n".join((*parts, "</svg>", ""))


def _cut(name: str) -> str:
    """What fits before the bars."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _place(share: float) -> float:
    """Where a share of the goal stands, 0 to 1; the goal itself in the middle."""
    if share <= 0:
        return 0.01
    return min(1.0, max(0.01, 0.5 + math.log(share) / math.log(REACH**2)))
