"""The measures and inks of our printed pages."""

from __future__ import annotations

WIDTH, HEIGHT = 210.0, 297.0
"""Millimetres of the paper."""

MM_PER_POINT = 25.4 / 72

INK, PAPER, SAND, GREY = (20, 32, 46), (255, 255, 255), (241, 238, 230), (74, 88, 102)
