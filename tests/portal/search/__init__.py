"""Tests of the search."""

from datetime import date


def today() -> date:
    """The day on which these tests take place."""
    return date(2026, 11, 22)
