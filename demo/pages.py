"""The pages of the city: which address shows what, drawn with the templates of the CMS that publishes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs
from xml.sax.saxutils import escape as xml

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo import body, cases, files, pictures
from demo.blocks import files as attachments
from demo.blocks import scene, summary
from demo.city import NAME, SITE_CODE, City
from demo.columns import PER_PAGE, Column, by_id, columns, section
from demo.entry import Entry

TYPES = {
    "news": "工作动态", "services": "办事服务", "disclosure": "政策文件", "interviews": "在线访谈",
    "danwei": "机构职能", "jiedu": "政策解读", "zhengji": "征集调查", "gonggao": "政府信息公开目录",
}  # fmt: skip
HOME_ROWS = 7
CASE_PATH = "/bjcx/query.jsp"
CASE_QUERY = CASE_PATH + "?bh={number}&cxm={code}"
"""Where the portal tells how one case stands."""

STATIC = Path(__file__).resolve().parent / "static"
STATIC_TYPES = {".css": "text/css", ".js": "application/javascript"}


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its bytes, its type, and the moment of its last change (YYYY-MM-DD HH:MM, "" if not told)."""

    body: bytes
    content_type: str = "text/html"
    modified: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class View:
    """How pages are drawn just now: normally, after a redesign, or with some items gone."""

    redesign: bool = False
    gone: Callable[[Entry], bool] = field(default=lambda entry: False)


def _environment() -> Environment:
    folder = Path(__file__).resolve().parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters["lines"] = body.lines
    environment.filters["paragraphs"] = body.paragraphs
    return environment


_TEMPLATES = _environment()


class Portal:
    """Draws the pages of one city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self._lists: dict[str, tuple[Column, int]] = {}
        for column, listed in city.column_lists():
            for page in range(_pages(column, len(listed))):
                self._lists[column.page_path(page, _pages(column, len(listed)))] = (column, page)

    @property
    def list_paths(self) -> tuple[str, ...]:
        """The addresses of all list pages."""
        return tuple(self._lists)

    def entry(self, path: str) -> Entry | None:
        """The item at an address."""
        return self.city.by_path.get(path)

    def page(self, path: str, view: View, home: str = "") -> Page | None:
        """What stands at an address (path and query), None for nothing.

        home  scheme and host under which the city is visited, for the site map
        """
        if entry := self.entry(path):
            return None if view.gone(entry) else draw_item(by_id()[entry.columns[0]], entry, view)
        if path in self._lists:
            return self._list(*self._lists[path], view)
        plain, _, query = path.partition("?")
        fixed: dict[str, Callable[[], Page]] = {
            "/": lambda: self._home(view),
            "/index.html": lambda: self._home(view),
            "/robots.txt": lambda: _robots(home),
            "/sitemap.xml": lambda: self._sitemap(home, view),
        }
        if plain in fixed:
            return fixed[plain]()
        if plain == CASE_PATH:
            return self._case({name: values[0] for name, values in parse_qs(query).items()}, view)
        if plain == "/module/web/jpage/dataproxy.jsp":
            return self._proxy({name: values[0] for name, values in parse_qs(query).items()}, view)
        if plain.startswith("/picture/0/"):
            drawn = pictures.named(plain.removeprefix("/picture/0/"))
            return Page(drawn, "image/jpeg", "2025-01-01 00:00") if drawn else None
        if plain.startswith("/static/"):
            return _static(plain.removeprefix("/static/"))
        if plain.startswith("/attach/0/"):
            return self._file(plain.removeprefix("/attach/0/"))
        return None

    def _list(self, column: Column, page: int, view: View) -> Page:
        listed = self._shown(column, view)
        return draw_list(column, listed, page, PER_PAGE[column.cms], view)

    def _home(self, view: View) -> Page:
        day = self.city.today
        parts = [
            {
                "id": top.id,
                "name": top.name,
                "columns": [
                    (column, self._shown(column, view)[:HOME_ROWS] if top.id != "services" else ())
                    for column in columns()
                    if column.cms and section(column) == top.id
                ],
            }
            for top in columns()
            if not top.parent
        ]
        text = _TEMPLATES.get_template("jcms/home.html").render(
            site=NAME, site_code=SITE_CODE, charset="UTF-8", navigation=_navigation(),
            spoken_today=f"{day.year}年{day.month}月{day.day}日", parts=parts,
        )  # fmt: skip
        return Page(text.encode(), "text/html; charset=utf-8", f"{day.isoformat()} 00:00")

    def _proxy(self, query: dict[str, str], view: View) -> Page | None:
        """JCMS's dataproxy.jsp: a stretch of a list as XML, by page or by startrecord and endrecord."""
        asked = query.get("columnid", "")
        column = next((one for one in columns() if one.cms.startswith("jcms") and one.where == asked), None)
        if column is None:
            return None
        listed = self._shown(column, view)
        size = max(1, min(_whole(query.get("perpage"), PER_PAGE[column.cms]), 100))
        start = (max(1, _whole(query.get("page"), 1)) - 1) * size
        end = start + size
        if "startrecord" in query:
            start = max(1, _whole(query["startrecord"], 1)) - 1
            end = max(start, min(_whole(query.get("endrecord"), start + size), start + 300))
        row = _TEMPLATES.get_template("jcms/row.html")
        records = "\n".join(
            f"<record><![CDATA[{row.render(entry=entry)}]]></record>" for entry in listed[start:end]
        )
        text = (
            "<?xml version='1.0' encoding='UTF-8'?><datastore>"
            f"<totalrecord>{len(listed)}</totalrecord><totalpage>{_pages(column, len(listed), size)}</totalpage>"
            f"<recordset>\n{records}\n</recordset></datastore>"
        )
        return Page(text.encode(), "text/xml; charset=UTF-8", _newest(listed))

    def _case(self, query: dict[str, str], view: View) -> Page:
        """Where one case stands, for who has its number and the code of the receipt."""
        found = cases.find(self.city.today, query.get("bh", ""), query.get("cxm", ""))
        text = _TEMPLATES.get_template("vsb/case.html").render(
            site=NAME, site_code=SITE_CODE, charset="UTF-8", navigation=_navigation(),
            column=by_id()["xuke"], rows=found.rows(self.city.today) if found else (),
        )  # fmt: skip
        return Page(text.encode(), "text/html; charset=utf-8", headers=(("Cache-Control", "no-store"),))

    def _file(self, name: str) -> Page | None:
        stem, _, ending = name.rpartition(".")
        serial, _, number = stem.partition("-")
        if not (serial.isascii() and serial.isdigit() and number.isascii() and number.isdigit()):
            return None
        entry = self.city.by_serial.get(int(serial))
        found = attachments(entry.text) if entry else ()
        if not entry or not 1 <= int(number) <= len(found) or found[int(number) - 1].format != ending:
            return None
        made = files.make(found[int(number) - 1].name, ending, entry.source, entry.day)
        return Page(made, files.TYPES[ending], entry.published)

    def _sitemap(self, home: str, view: View) -> Page:
        rows = [f"<url><loc>{xml(home + path)}</loc></url>" for path in ("/", *self.list_paths)]
        rows += [
            f"<url><loc>{xml(home + entry.path)}</loc><lastmod>{entry.modified[:10]}</lastmod></url>"
            for entry in self.city.listed
            if not view.gone(entry)
        ]
        text = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        return Page((text + "\n".join(rows) + "\n</urlset>\n").encode(), "application/xml")

    def _shown(self, column: Column, view: View) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.city.lists[column.id] if not view.gone(entry))


def draw_item(column: Column, entry: Entry, view: View) -> Page:
    """The page of an item that is filed under a column."""
    drawn = scene(entry.text)
    return _draw(
        column, "page", view, entry.modified,
        entry=entry,
        body=body.body(entry, column.cms),
        summary=summary(entry.text) or entry.title,
        picture=body.picture_path(entry, drawn) if drawn else "",
    )  # fmt: skip


def draw_list(column: Column, listed: Sequence[Entry], page: int, size: int, view: View) -> Page:
    """Page `page` (from 0) of a column's list, with `size` entries of all that it has."""
    return _draw(
        column, "list", view, _newest(listed),
        listed=listed[page * size : (page + 1) * size],
        page=page, pages=max(_pages(column, len(listed), size), page + 1), per_page=size, total=len(listed),
        script_list=column.cms == "jcms-proxy",
        up="../" if page else "",
    )  # fmt: skip


def _draw(column: Column, name: str, view: View, modified: str, **values: object) -> Page:
    cms = column.cms.partition("-")[0]
    charset = "gb2312" if cms == "old" else "UTF-8"
    text = _TEMPLATES.get_template(f"{'redesign' if view.redesign else cms}/{name}.html").render(
        site=NAME,
        site_code=SITE_CODE,
        charset=charset,
        column=column,
        column_type=TYPES.get(column.id) or TYPES[section(column)],
        section_name=by_id()[section(column)].name,
        navigation=_navigation(),
        **values,
    )
    if cms == "old":
        return Page(text.encode("gbk", "xmlcharrefreplace"), "text/html", modified)
    return Page(text.encode(), "text/html; charset=utf-8" if cms == "jcms" else "text/html", modified)


def _newest(listed: Sequence[Entry]) -> str:
    return max((entry.modified for entry in listed), default="")


def _pages(column: Column, count: int, size: int = 0) -> int:
    return max(1, -(-count // (size or PER_PAGE[column.cms])))


def _navigation() -> list[Column]:
    wanted = ("yaowen", "gonggao", "bumen", "xianqu", "changban", "danwei", "wenjian", "yugao")
    return [by_id()[column] for column in wanted]


def _robots(home: str) -> Page:
    text = f"User-agent: *\nDisallow: /_control/\nAllow: /\nSitemap: {home}/sitemap.xml\n"
    return Page(text.encode(), "text/plain; charset=utf-8", "2025-01-01 00:00")


def _static(name: str) -> Page | None:
    file = next((file for file in STATIC.iterdir() if file.name == name), None)
    return Page(file.read_bytes(), STATIC_TYPES[file.suffix], "2025-01-01 00:00") if file else None


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default
