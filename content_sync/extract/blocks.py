"""A body's markup -> Blocks.

Running text becomes Paragraphs, data tables stay tables, layout tables are read through. The tree is
at most 256 levels deep (the parser sees to that), so walking it by recursion is safe.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from content_sync.extract.anchors import absolute
from content_sync.extract.dom import BLOCKS, Element, Survey, squeeze, text_in
from content_sync.extract.names import words
from content_sync.extract.tables import is_data, read_rows
from portal.model import Attachment, Block, Heading, Image, List, Paragraph, Run, Table

MAX_BLOCKS = 5000
FORMATS = frozenset(
    words("pdf doc docx xls xlsx ppt pptx zip rar 7z wps et dps ofd txt csv rtf ceb tif mp3 mp4 dwg xml")
)
_FORMAT = re.compile(r"\.([A-Za-z0-9]{2,4})(?=$|[?#&)）\s])")
_DOWNLOAD = re.compile(r"down(?:load|file)\w*\.(?:jsp|do|aspx?|php)|/download|filename=", re.IGNORECASE)
_SIZE = re.compile(r"[(（\[【]?\s?(\d+(?:\.\d+)?)\s?(B|字节|KB?|MB?|G?B)\s?[)）\]】]?", re.IGNORECASE)
_UNITS = {"b": 1, "字节": 1, "k": 1024, "kb": 1024, "m": 1024**2, "mb": 1024**2, "gb": 1024**3}
_SKIPPED = frozenset(
    words("script style form input select option button nav iframe canvas map head title meta link noscript")
)
_NOISE = re.compile(
    r"[ _-](?:bd-?share\w*|bdshare\w*|jiathis\w*|share\w*|fenxiang|print\w*|dayin|qr-?code\w*|"
    r"qr_\w+|ewm\w*|erweima|pagination|pager|bshare\w*|toolbar|tools?|"
    r"xgxw\w*|xgwz|related\w*|relat\w*|recommend\w*|comments?|pinglun|crumbs?|breadcrumb\w*|"
    r"prev-?next|pre_next|fontsize|font-size|editor-info|statement|copyright|foot|footer|vote|ad|"
    r"ads|advert\w*|gg)[ _-]"
)
_ICON = re.compile(
    r"icon|/ico|filetype|fileType|file_type|sysimage/|spacer|blank\.gif|loading|/share|qrcode|ewm|"
    r"print|\.cur$|clear\.gif|/dot",
    re.IGNORECASE,
)
_PLAIN = BLOCKS - frozenset(words("br h1 h2 h3 h4 h5 h6 ul ol table figure"))
"""Elements that are paragraphs and nothing else."""
_WIDTH = re.compile(r"^\s*(\d+)")
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
LONGEST_CAPTION = 60
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def build(seen: Survey, index: int, url: str) -> tuple[list[Block], int]:
    """(the Blocks of an element, in order, as the page has them; characters that it hides from readers).

    url  makes addresses absolute
    """
    builder = _Builder(seen, url)
    while seen.tags[index] in ("tbody", "thead", "tr") and seen.parent[index] >= 0:
        index = seen.parent[index]  # rows are read with their table
    if seen.tags[index] == "table":
        builder.table(seen.nodes[index])
    else:
        builder.walk(seen.nodes[index])
    builder.flush()
    return builder.blocks, builder.hidden


class _Builder:
    """Collects runs until a block element ends the paragraph."""

    def __init__(self, seen: Survey, url: str) -> None:
        self.seen = seen
        self.url = url
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.files: list[Attachment] = []
        self.images: list[Image] = []
        self.hidden = 0

    # --- inline ---

    def say(self, text: str, strong: bool, href: str) -> None:
        if text:
            self.runs.append(Run(text, strong, href))

    def flush(self, level: int = 0) -> None:
        """End the paragraph: pictures in it come first, its files last."""
        if not (self.runs or self.files or self.images):
            return
        runs, self.runs = _tidy(self.runs), []
        files, self.files = self.files, []
        images, self.images = self.images, []
        self.blocks.extend(images)
        if files:
            names = "".join(file.name for file in files)
            rest = "".join(run.text for run in runs)
            if len(rest) <= len(names) + 16:
                # Nothing but "附件：" around the names.
                for file in files:
                    rest = rest.replace(file.name, "", 1)
                label = _SIZE.sub("", rest).strip(" 、,，;；。.()（）\n") if any(map(_sized, files)) else rest
                label = label.strip(" 、,，;；。.\n")
                if label and not label.isdigit():
                    self.blocks.append(Paragraph((Run(label),)))
                runs = ()
        if runs:
            if level:
                text = "".join(run.text for run in runs)
                self.blocks.append(Heading(text, min(4, max(2, level))))
            else:
                self.blocks.append(Paragraph(runs))
        self.blocks.extend(files)

    # --- the walk ---

    def walk(self, element: Element, strong: bool = False, href: str = "") -> None:
        """Read an element's text and children into runs and blocks."""
        if element.text:
            self.say(element.text, strong, href)
        for child in element:
            if len(self.blocks) >= MAX_BLOCKS:
                return
            tag = child.tag
            if isinstance(tag, str) and not self.left_out(child):
                self.visit(child, tag, strong, href)
            if tail := child.tail:
                self.runs.append(Run(tail, strong, href))

    def left_out(self, child: Element) -> bool:
        """Whether a child is no part of the body: tools, hidden text, what comes after an article."""
        if child.tag in _SKIPPED:
            return True
        style = child.get("style")
        if style and _HIDDEN.search(style):
            self.hidden += len(text_in(child))
            return True
        of, named = child.get("class"), child.get("id")
        if (of or named) and _is_noise(f" {of or ''} {named or ''} ".lower()):
            place = self.seen.place.get(child)
            return place is None or self.seen.weight[place] < 200
        return False

    def visit(self, child: Element, tag: str, strong: bool, href: str) -> None:
        if tag in _PLAIN:
            self.flush()
            if not self.caption(child):
                self.walk(child, strong or _is_bold(child), href)
                self.flush()
            return
        match tag:
            case "br":
                self.flush()
            case "img":
                self.image(child)
            case "a":
                self.link(child, strong)
            case "b" | "strong":
                self.walk(child, True, href)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.flush()
                self.walk(child, strong, href)
                self.flush(int(tag[1]) if len(text_in(child)) <= 80 else 0)
            case "ul" | "ol":
                self.flush()
                self.list(child, tag == "ol")
            case "table":
                self.flush()
                self.table(child)
            case "video" | "audio" | "embed":
                self.media(child)
            case "figure":
                self.flush()
                self.figure(child)
            case _:
                self.walk(child, strong or _is_bold(child), href)

    def link(self, child: Element, strong: bool) -> None:
        href = self.absolute(child.get("href") or "")
        name = text_in(child)
        if href and (file := attachment(href, name, child)):
            self.files.append(file)
            self.say(file.name, strong, href)
            for picture in child.iter("img"):
                self.image(picture)
            return
        self.walk(child, strong, href)

    def absolute(self, address: str) -> str:
        """An http(s) address, "" for everything else."""
        address = address.strip()
        if (
            not address
            or address.startswith("#")
            or address.lower().startswith(("javascript:", "mailto:", "tel:", "data:"))
        ):
            return ""
        return absolute(self.url, address)

    def image(self, child: Element) -> None:
        image = read_image(child, self.url)
        if image is not None and not any(known.src == image.src for known in self.images):
            self.images.append(image)

    def figure(self, child: Element) -> None:
        caption = next((text_in(node) for node in child.iter("figcaption")), "")
        images = [image for node in child.iter("img") if (image := read_image(node, self.url))]
        if not images:
            self.walk(child)
            self.flush()
            return
        for image in images[:-1]:
            self.blocks.append(image)
        last = images[-1]
        self.blocks.append(Image(last.src, last.alt, caption or last.caption, "", last.width, last.height))

    def caption(self, child: Element) -> bool:
        """Whether a block is the words below the picture before it: short, centred, not a sentence."""
        last = self.blocks[-1] if self.blocks else None
        if not isinstance(last, Image) or last.caption or not _is_centred(child):
            return False
        text = text_in(child)
        if not 0 < len(text) <= LONGEST_CAPTION or text[-1] in "。！？：:；":
            return False
        if child.find(".//img") is not None:
            return False
        self.blocks[-1] = Image(last.src, last.alt, text, "", last.width, last.height)
        return True

    def media(self, child: Element) -> None:
        source = child.get("src") or next((node.get("src") or "" for node in child.iter("source")), "")
        href = self.absolute(source)
        if href and (file := attachment(href, child.get("title") or "", child)):
            self.files.append(file)

    def list(self, child: Element, ordered: bool) -> None:
        """A list of plain items, or, where the items hold more, their contents one after the other."""
        items = [node for node in child if node.tag == "li"]
        if items and all(_is_plain(node) for node in items):
            texts = tuple(text for node in items if (text := text_in(node)))
            if texts:
                self.blocks.append(List(texts, ordered))
            return
        for node in child:
            if isinstance(node.tag, str) and not self.left_out(node):
                self.walk(node)
                self.flush()

    def table(self, child: Element) -> None:
        if not is_data(child):
            for row in child.iter("td", "th", "caption"):
                if next(row.iterancestors("table"), None) is child:
                    self.walk(row)
                    self.flush()
            return
        rows, head, caption = read_rows(child)
        if rows:
            self.blocks.append(Table(rows, head, caption))
        for node in child.iter("a", "img"):
            # Pictures and files that stand in cells come after the table.
            if node.tag == "img":
                self.image(node)
            elif (href := self.absolute(node.get("href") or "")) and (
                file := attachment(href, text_in(node), node)
            ):
                self.files.append(file)
        images, self.images = self.images, []
        files, self.files = self.files, []
        self.blocks.extend(images)
        self.blocks.extend(files)


def _sized(file: Attachment) -> bool:
    return file.size > 0


def _is_plain(node: Element) -> bool:
    return next(
        node.iter("p", "div", "table", "img", "ul", "ol", "h1", "h2", "h3", "h4"), None
    ) is None and not any(
        _FORMAT.search(link.get("href") or "") and _format_of(link.get("href") or "")
        for link in node.iter("a")
    )


@lru_cache(maxsize=20_000)
def _is_noise(names: str) -> bool:
    return _NOISE.search(names) is not None


def _is_bold(element: Element) -> bool:
    style = element.get("style")
    return style is not None and _BOLD.search(style) is not None


def _tidy(runs: list[Run]) -> tuple[Run, ...]:
    """Runs with their white space squeezed across borders, alike neighbours joined, ends trimmed."""
    if len(runs) == 1:
        (run,) = runs
        text = squeeze(run.text)
        return (run if text == run.text else Run(text, run.strong, run.href),) if text else ()
    joined: list[Run] = []
    space = True
    for run in runs:
        text = squeeze(run.text)
        if not text:
            space_here = bool(run.text) and not space
            if space_here and joined:
                joined[-1] = Run(joined[-1].text + " ", joined[-1].strong, joined[-1].href)
                space = True
            continue
        lead = "" if space or not run.text[0].isspace() else " "
        trail = " " if run.text[-1].isspace() else ""
        text = lead + text + trail
        space = bool(trail)
        if joined and (joined[-1].strong, joined[-1].href) == (run.strong, run.href):
            joined[-1] = Run(joined[-1].text + text, run.strong, run.href)
        else:
            joined.append(Run(text, run.strong, run.href))
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].strong, joined[-1].href)
        joined[0] = Run(joined[0].text.lstrip(), joined[0].strong, joined[0].href)
    return tuple(run for run in joined if run.text)


def read_image(element: Element, url: str) -> Image | None:
    """A picture of the body; None for icons, spacers and addresses that are no address."""
    source = (element.get("data-original") or element.get("data-src") or element.get("src") or "").strip()
    if not source or source.startswith("data:") or _ICON.search(source):
        return None
    width, height = _pixels(element.get("width")), _pixels(element.get("height"))
    if 0 < width < 40 or 0 < height < 30:
        return None
    src = absolute(url, source)
    if not src:
        return None
    alt = squeeze(element.get("alt") or "")
    if _FORMAT.search(alt) or alt.isascii():
        alt = ""
    return Image(src, alt, "", "", width, height)


def _pixels(value: str | None) -> int:
    found = _WIDTH.match(value or "")
    return int(found.group(1)) if found and len(found.group(1)) < 6 and "%" not in (value or "") else 0


def attachment(href: str, name: str, element: Element) -> Attachment | None:
    """The file that a link leads to, None where it leads to a page."""
    named = _format_of(name)
    ending = _format_of(urlsplit(href).path) or (_format_of(href) if _DOWNLOAD.search(href) else "")
    if not (
        ending
        or (named and (_DOWNLOAD.search(href) or not href.lower().endswith((".html", ".htm", ".shtml"))))
    ):
        return None
    title = squeeze(element.get("title") or element.get("download") or "")
    name = name or title or unquote(urlsplit(href).path.rpartition("/")[2])
    return Attachment(href, name, ending or named, _size(f"{name} {(element.tail or '')[:20]}"))


def _format_of(text: str) -> str:
    found = _FORMAT.findall(text)
    return next((ending.lower() for ending in reversed(found) if ending.lower() in FORMATS), "")


def _size(text: str) -> int:
    found = _SIZE.search(text)
    if not found:
        return 0
    return int(float(found.group(1)) * _UNITS.get(found.group(2).lower(), 0))


def _is_centred(element: Element) -> bool:
    return element.get("align", "").lower() == "center" or bool(_CENTRED.search(element.get("style") or ""))
