"""Model -> page: what a page says and where it leads, before anybody knows how large the screen is.

Pure: it takes content, the words of the viewer's language and the place in the address, and returns
frozen pages. The layout gives them rectangles.
"""

from stb_app.pages.about import help_document, phone
from stb_app.pages.finding import column_hit, item_hit, number_box, typing
from stb_app.pages.found import DEEPEST, MOST_HITS, menu, results, way
from stb_app.pages.front import home
from stb_app.pages.items import blocks_of, document, unit_document
from stb_app.pages.languages import LANGUAGE_NAMES, languages
from stb_app.pages.lists import column_back, column_page, group
from stb_app.pages.messages import held_links, message
from stb_app.pages.page import Document, Field, Home, Link, Message, NumberBox, Phone, Rows, Scene, Show
from stb_app.pages.sheet import sheet
from stb_app.pages.wanted import MOST as MOST_WANTED
from stb_app.pages.wanted import grouped, headings, matters

__all__ = [
    "DEEPEST",
    "LANGUAGE_NAMES",
    "MOST_HITS",
    "MOST_WANTED",
    "Document",
    "Field",
    "Home",
    "Link",
    "Message",
    "NumberBox",
    "Phone",
    "Rows",
    "Scene",
    "Show",
    "blocks_of",
    "column_back",
    "column_hit",
    "column_page",
    "document",
    "group",
    "grouped",
    "headings",
    "held_links",
    "help_document",
    "home",
    "item_hit",
    "languages",
    "matters",
    "menu",
    "message",
    "number_box",
    "phone",
    "results",
    "sheet",
    "typing",
    "unit_document",
    "way",
]
