"""Lists of 大汉 JCMS that stand in scripts, in its three generations.

1. JavaScript arrays: `urls[i]="…";headers[i]="…";year[i]="…";month[i]="…";day[i]="…"`
2. `<script type="text/xml"><datastore><recordset><record><![CDATA[<li>…</li>]]></record>…`
3. Ajax: `/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=67&path=/&columnid=…&unitid=…`, which
   answers the XML of the second; older: `startrecord=&endrecord=&perpage=`
"""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from content_sync.extract.anchors import absolute, links_of_markup
from content_sync.extract.dates import first_moment
from content_sync.extract.dom import squeeze
from content_sync.extract.page import Link

MAX_PAGES = 2000
_ARRAY = re.compile(
    r"""\b(urls?|headers?|titles?|year|month|day|dates?|times?)\s*\[\s*(?:i|\d+)"""
    r"""\s*\]\s*=\s*(?:"((?:[^"\\]|\\.){0,2000})"|'((?:[^'\\]|\\.){0,2000})')""",
    re.IGNORECASE,
)
_RECORD = re.compile(r"<record\b[^<>]*>", re.IGNORECASE)
_RECORD_END = re.compile(r"</record\s*>", re.IGNORECASE)
MAX_RECORDS = 3000
_NEXT = re.compile(r"""(?:href=["']?|["'(=])([^"'\s<>()]*dataproxy\.jsp\?[^"'\s<>()]*)""", re.IGNORECASE)
_NUMBER = re.compile(r"<(totalrecord|totalpage|total)>\s*(?:<!\[CDATA\[)?\s*(\d{1,7})", re.IGNORECASE)
_VARIABLE = re.compile(r"""\b(totalrecord|totalpage|perpage)\s*[=:]\s*['"]?(\d{1,7})\b""", re.IGNORECASE)
_PARAMETERS = re.compile(r"\{[^{}]{0,1500}?[\"']?(?:columnid|unitid)[\"']?\s*:[^{}]{0,1500}\}", re.IGNORECASE)
_PARAMETER = re.compile(r"""["']?(\w{2,20})["']?\s*:\s*["']?([^"',{}]{0,200})["']?""")
_NAMES = {
    "url": "url",
    "header": "title",
    "title": "title",
    "date": "date",
    "time": "date",
    "year": "year",
    "month": "month",
    "day": "day",
}


def arrays(markup: str, base: str) -> list[Link]:
    """Entries of the first generation, in the order of the arrays."""
    if "[" not in markup or not re.search(r"\b(?:headers?|titles?)\s*\[\s*(?:i|\d+)\s*\]\s*=", markup):
        return []
    columns: dict[str, list[str]] = {}
    for name, double, single in _ARRAY.findall(markup):
        columns.setdefault(_NAMES[name.lower().rstrip("s")], []).append(_unescape(double or single))
    titles, urls = columns.get("title", []), columns.get("url", [])
    if not titles or len(urls) != len(titles):
        return []
    found = []
    for at, (title, url) in enumerate(zip(titles, urls, strict=True)):
        parts = [columns[name][at] for name in ("year", "month", "day") if at < len(columns.get(name, []))]
        date = (
            "-".join(parts)
            if len(parts) == 3
            else columns["date"][at]
            if at < len(columns.get("date", []))
            else "-".join(parts)
        )
        found.append(Link(title=squeeze(title), url=absolute(base, url), date=first_moment(date)))
    return found


def _unescape(value: str) -> str:
    try:
        value = json.loads(f'"{value}"') if "\\" in value and '"' not in value else value
    except ValueError:
        value = value.replace("\\", "")
    return html.unescape(value)


def datastores(markup: str, base: str) -> list[Link]:
    """Entries of the second generation, and of what the third answers."""
    if "<record" not in markup.lower():
        return []
    found: list[Link] = []
    at = 0
    while (
        len(found) < MAX_RECORDS
        and (begin := _RECORD.search(markup, at))
        and (end := _RECORD_END.search(markup, begin.end()))
    ):
        found.extend(links_of_markup(_unwrapped(markup[begin.end() : end.start()]), base))
        at = end.end()
    return found


def _unwrapped(record: str) -> str:
    record = record.replace("<![CDATA[", "").replace("]]>", "")
    return html.unescape(record) if "&lt;" in record and "<" not in record else record


def dataproxies(markup: str, base: str, shown: int) -> tuple[tuple[str, ...], int]:
    """(addresses of the list's further parts, entries in all), by the dataproxy that the page names.

    shown  how many entries this part holds; 0 asks for the first part as well
    """
    numbers = {name.lower(): int(value) for name, value in _VARIABLE.findall(markup)}
    numbers |= {name.lower(): int(value) for name, value in _NUMBER.findall(markup)}
    total = numbers.get("totalrecord", numbers.get("total", 0))
    address = next(
        (html.unescape(found) for found in _NEXT.findall(markup) if "columnid" in found or "unitid" in found),
        "",
    )
    if not address:
        address = _from_parameters(markup)
    if not address:
        return (), total
    parts = urlsplit(absolute(base, address) or address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    pages: list[str] = []
    if "startrecord" in query:
        size = (
            shown or max(1, int(query.get("perpage") or 15) * 3)
            if str(query.get("perpage") or 15).isdigit()
            else 45
        )
        for start in range(shown + 1, (total or shown + 1) + 1, size):
            query |= {
                "startrecord": str(start),
                "endrecord": str(min(start + size - 1, total or start + size - 1)),
            }
            pages.append(urlunsplit(parts._replace(query=urlencode(query))))
    else:
        size = max(shown, numbers.get("perpage", 0))
        groups = -(-total // size) if shown and total else numbers.get("totalpage", 0) if shown else 0
        first = 1 if not shown else _page_number(query, 2)
        for page in range(first, max(groups, first) + 1):
            query["page"] = str(page)
            pages.append(urlunsplit(parts._replace(query=urlencode(query))))
            if len(pages) >= MAX_PAGES:
                break
    return tuple(pages[:MAX_PAGES]), total


def _page_number(query: dict[str, str], default: int) -> int:
    value = query.get("page", "")
    return int(value) if value.isdigit() else default


def _from_parameters(markup: str) -> str:
    """The dataproxy address that a page's script would build from its parameters."""
    if "jpage" not in markup and "dataproxy" not in markup:
        return ""
    found = _PARAMETERS.search(markup)
    if not found:
        return ""
    wanted = (
        "appid",
        "webid",
        "path",
        "columnid",
        "sourceContentType",
        "unitid",
        "webname",
        "permissiontype",
        "col",
    )
    values = {name: value.strip() for name, value in _PARAMETER.findall(found.group())}
    query = {name: values[name] for name in wanted if values.get(name)}
    return (
        f"/module/web/jpage/dataproxy.jsp?{urlencode({'page': '1', **query})}" if "columnid" in query else ""
    )
