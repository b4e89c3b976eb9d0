"""Tables of a body: which hold data, and their cells as a rectangle."""

from __future__ import annotations

from content_sync.extract.dom import Element, text_in

MAX_COLUMNS = 60
MAX_ROWS = 2000
_BIG_CELL = 400


def is_data(table: Element) -> bool:
    """Whether a table holds data. One that only lays out a page has another table in it, one column,
    one cell that holds nearly all of its text, or pictures where data would be."""
    if next((inner for inner in table.iter("table") if inner is not table), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if not rows or max(map(len, rows)) < 2:
        return False
    lengths = [len(text_in(cell)) for row in rows for cell in row]
    total = sum(lengths)
    filled = sum(1 for length in lengths if length)
    if filled < 2 or (len(rows) == 1 and filled < 3):
        return False
    if len(rows) <= 3 and max(lengths) > _BIG_CELL and max(lengths) * 10 > total * 8:
        return False
    wide = sum(1 for row in rows if sum(1 for cell in row if text_in(cell)) >= 2)
    return wide * 2 >= len(rows) or (wide >= 2 and table.get("border") not in (None, "0"))


def read_rows(table: Element) -> tuple[tuple[tuple[str, ...], ...], int, str]:
    """(rows of the same length, how many of them are the head, caption).

    A cell over several columns or rows stands in its first place; the others are "".
    """
    grid: list[list[str]] = []
    open_below: dict[int, int] = {}  # column -> rows that a cell above still covers
    head = 0
    for element in table.iter("tr"):
        if len(grid) >= MAX_ROWS:
            break
        row: list[str] = []
        covered, open_below = open_below, {}
        for cell in element:
            if cell.tag not in ("td", "th"):
                continue
            while len(row) < MAX_COLUMNS and covered.get(len(row), 0):
                _cover(row, covered, open_below)
            if len(row) >= MAX_COLUMNS:
                break
            across = min(_span(cell.get("colspan")), MAX_COLUMNS - len(row))
            down = _span(cell.get("rowspan"))
            for step in range(across):
                if down > 1:
                    open_below[len(row)] = down - 1
                row.append(text_in(cell) if step == 0 else "")
        while covered.get(len(row), 0):
            _cover(row, covered, open_below)
        if any(row):
            is_head = element.getparent() is not None and element.getparent().tag == "thead"  # type: ignore[union-attr]
            is_head = is_head or all(cell.tag == "th" for cell in element if cell.tag in ("td", "th"))
            if is_head and head == len(grid):
                head += 1
            grid.append(row)
    width = max(map(len, grid), default=0)
    while width > 1 and not any(len(row) >= width and row[width - 1] for row in grid):
        width -= 1
    rows = tuple(tuple((row + [""] * width)[:width]) for row in grid)
    caption = next((text_in(node) for node in table.iter("caption")), "")
    return rows, min(head, len(rows) - 1) if rows else 0, caption


def _cover(row: list[str], covered: dict[int, int], open_below: dict[int, int]) -> None:
    left = covered[len(row)] - 1
    if left:
        open_below[len(row)] = left
    row.append("")


def _span(value: str | None) -> int:
    try:
        return max(1, min(int((value or "1").strip()), 200))
    except ValueError:
        return 1
