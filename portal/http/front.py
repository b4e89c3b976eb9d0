"""`/`: a television goes to its edition, a phone to the WAP pages, a computer to the simulator."""

from __future__ import annotations

import re

from portal.http.base import PageHandler

TELEVISION = re.compile(
    r"hbbtv|ce-html|ipanel|enrich|wobox|inspur|ztebw|ranger/|\bdvn\b|smart-?tv|web0?os|tizen.*tv|tv.*tizen|"
    r"maple|kreatv|(?:\b|_)stb(?:\b|_|app)|\bdtv\b|googletv|aft[a-z]\b|\bbravia\b|sonycebrowser|youview|"
    # What says no more than that it is a television or its box; Android boxes by their makers' names.
    r"\btv\b|set-?top|tv[ -]?box|\biptv\b|\bmi(?:box|tv)|\bandr0id\b|skyworth|qtembedded|"
    # Opera in a set names its processor, and neither a window system nor a phone.
    r"^opera/[\d.]+ \(linux (?:arm|mips|sh4)(?!.*(?:maemo|opera mob))",
    re.IGNORECASE,
)
COMPUTER = re.compile(r"windows nt|macintosh|x11; (?:[a-z]+; )?linux|cros ", re.IGNORECASE)
PHONE = re.compile(r"mobile|phone|iphone|symbian|j2me|midp|up\.browser|wap|kaios|opera mini", re.IGNORECASE)


def edition_for(user_agent: str, accept: str) -> str:
    """The path of the edition that suits a browser; text browsers and everything small get WAP."""
    agent = user_agent[:1000]
    if "vnd.wap.wml" in accept and not COMPUTER.search(agent):
        return "/wap/"
    if TELEVISION.search(agent):
        return "/tv/"
    if PHONE.search(agent) or not COMPUTER.search(agent):
        return "/wap/"
    return "/remote"


def is_phone(user_agent: str, accept: str) -> bool:
    """Whether a browser says that it is one of a phone; what says nothing of itself is none."""
    agent = user_agent[:1000]
    says = "vnd.wap." in accept or PHONE.search(agent) is not None
    return says and edition_for(agent, accept) == "/wap/"


class FrontHandler(PageHandler):
    """The front door."""

    def get(self) -> None:
        """Redirect by what the browser says of itself."""
        headers = self.request.headers
        self.set_header("Vary", "User-Agent, Accept")
        self.redirect(edition_for(headers.get("User-Agent", ""), headers.get("Accept", "")))
