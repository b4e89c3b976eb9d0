"""The site file agrees with the city."""

from __future__ import annotations

import tomllib
from pathlib import Path

from demo.columns import by_id, section
from demo.pages import Portal
from demo.sitefile import write

FILE = Path(__file__).parents[2] / "demo" / "site.toml"


def test_it_is_the_one_that_the_columns_make() -> None:
    assert FILE.read_text(encoding="utf-8") == write(), "run: python -m demo.sitefile > demo/site.toml"


def test_its_lists_stand(portal: Portal) -> None:
    site = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert site["site"]["id"] == "qinglan" and site["fetch"]["allow_private"] is True
    seen: list[str] = []
    for column in site["column"]:
        own = by_id()[column["id"]]
        assert column["section"] == section(own) and column["names"]["en"]
        assert column.get("parent", "") == "" or column["parent"] in seen
        assert ("list" in column) is bool(own.cms)
        if "list" in column:
            assert column["list"] in portal.list_paths and column["kind"] == own.kind
        seen.append(column["id"])
    assert len(seen) == len(by_id())
