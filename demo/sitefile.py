"""The site file of the origin city: `python -m demo.sitefile > demo/site.toml` writes it anew from columns.txt."""

from __future__ import annotations

import sys

from demo.columns import Column, columns, section

HEAD = """\
# The site file: which portal is mirrored and which of its columns, in the order of the screen.
# This one describes the demo city and is the example to start from: copy it, change [site] and [fetch],
# and write one [[column]] for each list of your portal that is to be shown.
# After a change in columns.txt of the demo city it is written anew by: python -m demo.sitefile > demo/site.toml

[site]
id = "qinglan"                      # prefix of every key in Redis; small letters, digits and hyphens
name = "青澜市人民政府"
home = "http://127.0.0.1:8090/"     # lists below are relative to it; the setting SITE_HOME overrides it
time_zone = "Asia/Shanghai"         # in which the portal states its dates
hotline = "12345"                   # shown wherever a person may need help
names = { en = "Qinglan City Government" }

[fetch]
contact = "mailto:webmaster@qinglan.example"    # stands in the User-Agent, so that the portal can reach you
allow_private = true                # the demo city is served on loopback; leave out for a portal on the internet
delay = 0.0                         # seconds between two requests to one host; 1.0 is polite on the internet
concurrency = 4                     # requests to one host at the same time
timeout = 10.0                      # seconds for one answer
max_bytes = 5000000                 # larger pages and pictures are refused

# A column:
#   id       short, for ever: addresses and Redis keys are made of it
#   parent   id of the column that it stands under; the four sections have none
#   section  news | services | disclosure | interviews
#   number   three digits that open it on the remote control; never a telephone number such as 110 or 120
#   kind     article | disclosure | matter | unit | fact | interview | notice
#   list     address of its first list page; a column without one is a group of other columns
#   limit    how many of the newest items are mirrored
#   words    everyday words that stand on its tile
"""


def write() -> str:
    """The text of the site file."""
    return HEAD + "".join(_column(column) for column in columns())


def _column(column: Column) -> str:
    rows = ["", "[[column]]", f'id = "{column.id}"']
    if column.parent:
        rows.append(f'parent = "{column.parent}"')
    rows += [f'name = "{column.name}"', f'section = "{section(column)}"', f'number = "{column.number}"']
    if column.cms:
        rows += [f'kind = "{column.kind}"', f'list = "{column.list_path}"', f"limit = {column.limit}"]
    rows += [f'words = "{column.words}"', f'names = {{ en = "{column.english}" }}']
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write())
