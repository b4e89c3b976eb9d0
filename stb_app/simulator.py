"""`/remote`: a picture of a television with a remote control, in the browser.

A press on a drawn key sends the code that a box of the chosen profile would send, so that every
edition can be tried with the very keys of its box. The computer's own keys do the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from tornado.web import RequestHandler

from portal.http.base import Context, PageHandler
from portal.text import LOCALES, N_, text
from remote_nav.keymap import KEY_MAPS, Action
from remote_nav.profile import PROFILES
from stb_app.address import Edition, Place, href
from stb_app.entry import preferred_language
from stb_app.pages import LANGUAGE_NAMES

PROFILE_NAMES = {
    "android-hd": N_("安卓机顶盒，高清"),
    "ipanel-sd": N_("iPanel 3 机顶盒，标清"),
    "ipanel-hd": N_("iPanel 3 机顶盒，高清"),
    "ipanel-webkit-hd": N_("iPanel WebKit 机顶盒，高清"),
    "enrich-sd": N_("EnRich 机顶盒，标清"),
    "inspur-hd": N_("浪潮机顶盒，高清"),
    "dvn-sd": N_("天柏机顶盒，标清"),
    "iptv-hd": N_("IPTV 机顶盒，高清"),
    "dth-sd": N_("直播卫星机顶盒，标清"),
    "hbbtv-hd": N_("HbbTV 电视机"),
    "tizen-fhd": N_("三星电视机，全高清"),
    "webos-fhd": N_("LG 电视机，全高清"),
    "web-hd": N_("电脑浏览器，高清"),
}

COMPUTER_KEYS = {
    38: Action.UP, 40: Action.DOWN, 37: Action.LEFT, 39: Action.RIGHT, 13: Action.OK, 8: Action.BACK,
    27: Action.BACK, 33: Action.PAGE_UP, 34: Action.PAGE_DOWN, 112: Action.RED, 113: Action.GREEN,
    114: Action.YELLOW, 115: Action.BLUE,
    **{48 + digit: Action(str(digit)) for digit in range(10)},
    **{96 + digit: Action(str(digit)) for digit in range(10)},
}  # fmt: skip
"""The computer's keys that press the drawn ones."""

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


class SimulatorHandler(PageHandler):
    """The page of the simulator."""

    def get(self) -> None:
        """Show the profile of `?profile=`, in the language of `?lang=`."""
        profile = self.get_query_argument("profile", "web-hd")
        if profile not in PROFILES:
            profile = "web-hd"
        lang = self.get_query_argument("lang", "")
        if lang not in LOCALES:
            lang = preferred_language(
                self.request.headers.get("Accept-Language", ""), self.ctx.settings.locale
            )
        words = text(lang)
        chosen = PROFILES[profile]
        codes = {
            action.value: code for action in Action if (code := KEY_MAPS[profile].code(action)) is not None
        }
        data = {"codes": codes, "keys": {code: action.value for code, action in COMPUTER_KEYS.items()}}
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.write(
            _environment.get_template("simulator.html").render(
                _=words.gettext,
                lang=lang,
                languages=[(tag, LANGUAGE_NAMES[tag]) for tag in LOCALES],
                profiles=[(name, words.gettext(label)) for name, label in PROFILE_NAMES.items()],
                profile=chosen,
                address=href(Edition(profile, lang), Place()),
                data=Markup(json.dumps(data)),  # noqa: S704 - numbers and our own names
                has=codes,
            )
        )


def routes(context: Context) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """The simulator's route."""
    return [(r"/remote", SimulatorHandler, {"context": context})]
