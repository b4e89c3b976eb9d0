"""`python -m content_sync extract` and `decode`: what the extractor and the decoder see, as JSON lines."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from content_sync.charset import decode
from content_sync.extract import Extracted, NotAPage, extract
from content_sync.extract.page import KINDS


def run_extract(argv: Sequence[str]) -> int:
    """Print one JSON line a page. Returns the exit status: 0, or 2 where a file cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="content_sync extract",
        description="Print what the extractor sees of saved pages, one JSON line a page.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--url", default="", help="the address that the page came from")
    parser.add_argument("--kind", default="", choices=("", *KINDS), help="what the page is expected to be")
    parser.add_argument(
        "--batch", metavar="JSONL", help='one {"file", "url", "content_type"} a line; - reads standard input'
    )
    options = parser.parse_args(argv)
    status = 0
    for file, url, content_type in _pages(options.files, options.url, options.batch):
        try:
            body = Path(file).read_bytes()
        except OSError as error:
            print(json.dumps({"file": file, "error": f"cannot be opened: {error.strerror}"}), flush=True)
            status = 2
            continue
        print(json.dumps({"file": file, **_seen(body, url, content_type, options.kind)}, ensure_ascii=False))
    return status


def _pages(files: Sequence[str], url: str, batch: str | None) -> Iterator[tuple[str, str, str]]:
    for file in files:
        yield file, url, ""
    if batch is None:
        return
    for line in sys.stdin if batch == "-" else Path(batch).read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            yield row["file"], row.get("url") or "", row.get("content_type") or ""


def _seen(body: bytes, url: str, content_type: str, hint: str) -> dict[str, object]:
    try:
        page = extract(body, url, content_type, hint)
    except NotAPage as error:
        return {"error": str(error)}
    return as_json(page)


def as_json(page: Extracted) -> dict[str, object]:
    """What was extracted, with plain keys; a date that the page does not state is null."""
    return {
        "kind": page.kind,
        "title": page.title,
        "published": page.published or None,
        "source": page.source,
        "text": page.text,
        "fields": {field.name: field.value for field in page.fields},
        "dates": {field.name: field.value for field in page.dates},
        "items": [{"title": item.title, "url": item.url, "date": item.date or None} for item in page.items],
        "pages": list(page.pages),
        "script_list": page.script_list,
        "charset": page.charset,
        "flags": list(page.flags),
        "error": None,
    }


def run_decode(argv: Sequence[str]) -> int:
    """Print one JSON line a file: file, charset, text. Returns 0, or 2 where a file cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="content_sync decode", description="Print what the decoder sees of files, one JSON line a file."
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args(argv)
    status = 0
    for file in options.files:
        try:
            decoded = decode(Path(file).read_bytes())
        except OSError as error:
            print(json.dumps({"file": file, "error": f"cannot be opened: {error.strerror}"}), flush=True)
            status = 2
            continue
        print(
            json.dumps(
                {
                    "file": file,
                    "charset": decoded.charset,
                    "flags": list(decoded.flags),
                    "text": decoded.text,
                },
                ensure_ascii=False,
            )
        )
    return status
