"""A Scrapy spider of the kind that people write for such portals, for `bench/sync_mirror.py`.

`python bench/_spider.py HOME COLUMNS.json OUT.jsonl CONCURRENCY [--trafilatura]` reads every list of the
columns, follows their pagers and every entry, and writes title, date and body of each page. One set of
CSS selectors for each content management system, or trafilatura, which needs none.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse

ENTRIES = {
    "jcms": "ul.list_ul li a", "trs": ".gl_list li a", "vsb": ".list li a", "old": "td a[target=_blank]",
}  # fmt: skip
TITLES = {"jcms": "h1.title", "trs": ".xl_title h2", "vsb": ".content-title h3", "old": "font[size='5'] b"}
LINES = {"jcms": ".sub_tit", "trs": ".xl_info", "vsb": ".content-info", "old": "td[align=center]"}
BODIES = {"jcms": "#zoom", "trs": ".TRS_Editor", "vsb": "#vsb_content", "old": "td"}
NEXT = {"jcms": "a.default_pgNext", "vsb": ".p_next a", "old": "td[align=center] a:contains(下一页)"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
_TRS = re.compile(r"createPageHTML\((\d+),(\d+)")


class PortalSpider(scrapy.Spider):
    """Lists, pagers, pages."""

    name = "portal"
    home = ""
    columns: tuple[tuple[str, str], ...] = ()
    whole = False

    async def start(self) -> Any:
        """The first list page of each column."""
        for cms, path in self.columns:
            yield scrapy.Request(self.home + path.lstrip("/"), self.read_list, cb_kwargs={"cms": cms})

    def read_list(self, response: Response, cms: str) -> Iterator[scrapy.Request]:
        """The entries, and the next page."""
        assert isinstance(response, TextResponse)
        for link in response.css(ENTRIES[cms]):
            yield response.follow(link, self.read_page, cb_kwargs={"cms": cms})
        if cms == "trs":
            pages, page = map(int, _TRS.findall(response.text)[0])
            if page + 1 < pages:
                yield response.follow(f"index_{page + 1}.html", self.read_list, cb_kwargs={"cms": cms})
        elif following := response.css(NEXT[cms]):
            yield response.follow(following[0], self.read_list, cb_kwargs={"cms": cms})

    def read_page(self, response: Response, cms: str) -> Iterator[dict[str, Any]]:
        """Title, date and body."""
        assert isinstance(response, TextResponse)
        if self.whole:
            found = trafilatura.extract(
                response.text, url=response.url, with_metadata=True, output_format="json"
            )
            yield {"url": response.url, **json.loads(found or "{}")}
            return
        line = " ".join(response.css(LINES[cms] + " ::text").getall())
        yield {
            "url": response.url,
            "title": response.css(TITLES[cms] + "::text").get(""),
            "date": next(iter(_DAY.findall(line)), ""),
            "body": "\n".join(response.css(BODIES[cms])[-1].css("p ::text").getall()),
        }


def main() -> None:
    """Crawl, then print what it took as one line of JSON."""
    home, columns, out, concurrency = sys.argv[1:5]
    started = time.perf_counter()
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": int(concurrency),
            "CONCURRENT_REQUESTS_PER_DOMAIN": int(concurrency),
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": True,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "FEEDS": {out: {"format": "jsonlines", "encoding": "utf8"}},
        }
    )
    named = tuple(tuple(pair) for pair in json.loads(Path(columns).read_text(encoding="utf-8")))
    process.crawl(PortalSpider, home=home, columns=named, whole="--trafilatura" in sys.argv)
    process.start()
    used = resource.getrusage(resource.RUSAGE_SELF)
    pages = Path(out).read_bytes().count(b"\n")
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - started,
                "cpu": used.ru_utime + used.ru_stime,
                "peak": used.ru_maxrss / 1024,
                "pages": pages,
            }
        )
    )


if __name__ == "__main__":
    main()
