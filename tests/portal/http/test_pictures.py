"""Pictures in the sizes that editions ask for."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.errors import NotFound
from portal.http.pictures import fitted, resized
from tests import sample

BODY = sample.picture().body


def opened(body: bytes) -> Image.Image:
    """The picture in the bytes."""
    return Image.open(io.BytesIO(body))


@pytest.mark.parametrize(("ending", "form"), [("jpg", "JPEG"), ("png", "PNG"), ("gif", "GIF")])
def test_shrunk_with_its_shape(ending: str, form: str) -> None:
    """960 x 640 into 300 x 300 is 300 x 200."""
    made = opened(resized(BODY, 300, 300, ending))
    assert (made.format, made.size) == (form, (300, 200))


def test_covering_a_place() -> None:
    """Exactly the size asked for, whatever the shape."""
    assert opened(resized(BODY, 300, 300, "jpg", cover=True)).size == (300, 300)


def test_wbmp_has_its_header() -> None:
    """Type 0, and the size after it (WAP-237 4.4)."""
    body = resized(BODY, 96, 64, "wbmp")
    assert body[:4] == bytes((0, 0, 96, 64)) and len(body) == 4 + 12 * 64


def test_baseline_jpeg() -> None:
    """Old boxes do not read progressive pictures."""
    assert not opened(resized(BODY, 380, 253, "jpg")).info.get("progressive")


@pytest.mark.parametrize(("width", "height", "ending"), [(0, 10, "jpg"), (10, 5000, "jpg"), (10, 10, "exe")])
def test_what_nobody_asks_for(width: int, height: int, ending: str) -> None:
    """Is not found."""
    with pytest.raises(NotFound):
        resized(BODY, width, height, ending)


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 2000), st.integers(1, 2000))
def test_fitted_never_leaves_its_box(width: int, height: int, box_width: int, box_height: int) -> None:
    """Nor grows, nor vanishes."""
    wide, high = fitted(width, height, box_width, box_height)
    assert 1 <= wide <= max(1, min(width, box_width)) and 1 <= high <= max(1, min(height, box_height))
