"""What a weak eye can read: a screenshot as it looks from the sofa, read by tesseract.

The eye. A 32-inch set of 16:9 has a picture 0.398 m high. From 3 m one of its 720 lines is seen under
atan(0.398 / 720 / 3) = 0.634 minutes of arc. An eye of acuity 0.4 tells strokes apart that are
1 / 0.4 = 2.5 minutes apart (the minimum angle of resolution, by the definition of decimal acuity,
ISO 8596): 3.94 lines. Stripes of that width, a period of 7.89 lines, are the finest that it sees. Where
resolution is measured, 10 % of contrast is the usual limit, so the blur is the Gaussian that leaves 10 % of
those: exp(-2 (pi sigma / period)^2) = 0.1, sigma = period * sqrt(ln 10 / 2) / pi = 2.69 lines.
Light adds up in the eye as light, so the blur works on luminance and not on the values of pixels.

The reader. Each text of the page is cut out of the blurred picture, light on dark is inverted, and all are
put one below the other, since where a text stands is no riddle for somebody who looks at a screen. The
sheet is read at two sizes, what is not read whole once more on sheets of its own, and at last each text
alone; of each text the best reading counts: what a program reads once was there to be seen. What it gets wrong is held against the eye
only where it gets it right in the same picture unblurred. Letters and digits count; marks and blanks do
not. Left out are single characters (a digit in its square says nothing that a reader of words could go by)
and the button that names another script in that script.
"""

from __future__ import annotations

import io
import math
import os
import shutil
import subprocess
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

from PIL import Image, ImageChops, ImageMath

from stb_app.pages import LANGUAGE_NAMES
from tests.rendered import Looked

PICTURE_M, DISTANCE_M, ACUITY = 0.398, 3.0, 0.4
LINES = 720
LINES_OF = {530: 576, 720: 720, 1080: 1080}
"""Lines of the whole picture by the height of a page: a box with 640x530 draws into 576 lines."""

LEFT = 0.1
"""The contrast that is left of the finest stripes."""

MARGIN = 24
PAPER = 240
SIZES = (1.0, 0.75)
WORD_LEVEL = "5"
ENOUGH = 0.95


def sigma() -> float:
    """Standard deviation of the blur, in lines of 720."""
    line = math.degrees(math.atan(PICTURE_M / LINES / DISTANCE_M)) * 60
    period = 2 * (1 / ACUITY) / line
    return period * math.sqrt(-math.log(LEFT) / 2) / math.pi


def at_720_lines(screen: Image.Image) -> Image.Image:
    """A screenshot of any size at 720 lines."""
    by = LINES / LINES_OF[screen.height]
    size = (round(screen.width * by), round(screen.height * by))
    return screen.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def seen_from_the_sofa(screen: Image.Image) -> Image.Image:
    """A screenshot at 720 lines, in grey, as the eye has it."""
    red, green, blue = at_720_lines(screen).split()
    light = _worked(
        "0.2126 * ((r/255.0 + 0.055) / 1.055)**2.4 + 0.7152 * ((g/255.0 + 0.055) / 1.055)**2.4"
        " + 0.0722 * ((b/255.0 + 0.055) / 1.055)**2.4",
        r=red, g=green, b=blue,
    )  # fmt: skip
    blurred = _along(_along(light, 1, 0), 0, 1)
    return _worked("((x**(1/2.4)) * 1.055 - 0.055) * 255.0 + 0.5", x=blurred).convert("L")


def _worked(formula: str, **images: Image.Image) -> Image.Image:
    """A formula of pictures, in floating point."""
    made: Image.Image = ImageMath.unsafe_eval(
        formula, **{name: image.convert("F") for name, image in images.items()}
    )
    return made


def _along(light: Image.Image, x: int, y: int) -> Image.Image:
    """The Gaussian in one direction."""
    wide = sigma()
    reach = math.ceil(3 * wide)
    weights = {step: math.exp(-(step**2) / (2 * wide**2)) for step in range(-reach, reach + 1)}
    whole = sum(weights.values())
    blurred = _worked("x * 0.0", x=light)
    for step, weight in weights.items():
        moved = ImageChops.offset(light, step * x, step * y)
        blurred = _worked(f"b + m * {weight / whole:.8f}", b=blurred, m=moved)
    return blurred


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page.

    characters  how many there are                     count   how many of them the reader knows
    share       of those, how many are read right      missed  (text, reading) of what is not
    """

    characters: int
    count: int
    share: float
    missed: tuple[tuple[str, str], ...]


def texts(looked: Looked) -> list[tuple[list[float], str]]:
    """The texts of a page that count: rectangle, and what is to be read."""
    found = []
    for one in looked.seen:
        wanted = letters(one["says"])
        if len(wanted) > 1 and one["says"] not in LANGUAGE_NAMES.values():
            found.append((one["rect"], wanted))
    return found


def letters(text: str) -> str:
    """Letters and digits alone, in their usual width."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def read(png: bytes, looked: Looked, language: str = "chi_sim") -> Reading:
    """Read a page from the sofa."""
    with Image.open(io.BytesIO(png)) as screen:
        by = LINES / LINES_OF[screen.height]
        near, far = at_720_lines(screen).convert("L"), seen_from_the_sofa(screen)
    found = texts(looked)
    right = _right(far, found, by, language)
    doubtful = [at for at, (_, wanted) in enumerate(found) if right[at][0] < len(wanted)]
    # Only what was not read whole is looked at again, on sheets of its own, and then from nearby.
    some = [found[at] for at in doubtful]
    for even in (False, True):
        for at, again in zip(doubtful, _right(far, some, by, language, even), strict=True):
            right[at] = max(right[at], again)
    for at in doubtful:
        # A reader program loses whole lines of a sheet; alone on a sheet it sees what there is to see.
        if right[at][0] < len(found[at][1]):
            for even in (False, True):
                right[at] = max(right[at], *_right(far, [found[at]], by, language, even))
    nearby = _right(near, some, by, language)
    known = [len(wanted) for _, wanted in found]
    for at, (count, _) in zip(doubtful, nearby, strict=True):
        known[at] = max(count, right[at][0])
    missed = tuple((found[at][1], right[at][1]) for at in doubtful if right[at][0] < known[at])
    count = sum(known)
    return Reading(
        characters=sum(len(wanted) for _, wanted in found),
        count=count,
        share=sum(each for each, _ in right) / count if count else 1.0,
        missed=missed,
    )


def _right(
    view: Image.Image,
    found: Sequence[tuple[list[float], str]],
    by: float,
    language: str,
    even: bool = False,
) -> list[tuple[int, str]]:
    """Of each text, how many characters are read right, and what was read."""
    if not found:
        return []
    cuts = [_cut(view, [value * by for value in rect], even) for rect, _ in found]
    readings = [_read(cuts, size, language) for size in SIZES]
    best = [
        max((letters(each[at]) for each in readings), key=partial(same, wanted))
        for at, (_, wanted) in enumerate(found)
    ]
    return [(same(wanted, got), got) for (_, wanted), got in zip(found, best, strict=True)]


def same(wanted: str, got: str) -> int:
    """How many characters of a text are read, in their order."""
    blocks = SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _cut(view: Image.Image, rect: Sequence[float], even: bool) -> Image.Image:
    """A text, dark on light; `even` gives it the paper of the sheet as its ground, with the same contrast."""
    left, top, width, height = rect
    cut = view.crop((round(left) - 2, round(top), round(left + width) + 2, round(top + height)))
    counted = cut.histogram()
    if sum(counted[:128]) > cut.width * cut.height / 2:
        cut = ImageChops.invert(cut)
        counted.reverse()
    if not even:
        return cut
    ground = max(range(256), key=counted.__getitem__)
    return cut.point([max(0, min(255, value + PAPER - ground)) for value in range(256)])


def _read(cuts: Sequence[Image.Image], size: float, language: str) -> list[str]:
    """What tesseract reads in each of the texts, put one below the other."""
    width = max(cut.width for cut in cuts) + 2 * MARGIN
    sheet = Image.new("L", (width, sum(cut.height + MARGIN for cut in cuts) + MARGIN), PAPER)
    tops: list[int] = []
    top = MARGIN
    for cut in cuts:
        tops.append(top)
        sheet.paste(cut, (MARGIN, top))
        top += cut.height + MARGIN
    sheet = sheet.resize((round(width * size), round(sheet.height * size)), Image.Resampling.LANCZOS)
    got = [""] * len(cuts)
    for line in _tesseract(sheet, language).splitlines()[1:]:
        # Columns of tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, ...
        cells = line.split("\t")
        if cells[0] == WORD_LEVEL:
            middle = (int(cells[7]) + int(cells[9]) / 2) / size
            got[max(0, bisect_right(tops, middle) - 1)] += cells[11]
    return got


def _tesseract(sheet: Image.Image, language: str) -> str:
    program = shutil.which("tesseract")
    assert program, "tesseract-ocr is missing: scripts/setup test installs it"
    picture = io.BytesIO()
    sheet.save(picture, "PNG")
    done = subprocess.run(
        [program, "-", "-", "-l", language, "--psm", "6", "--dpi", "150", "tsv"],
        input=picture.getvalue(), capture_output=True, timeout=60, check=False,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, f"tesseract-ocr-{language}: {done.stderr.decode()}"
    return done.stdout.decode()
