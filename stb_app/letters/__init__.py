"""Letters on the television: written with a remote control, looked up by digits, answered with one.

Everything is a link, so a box without script can do all of it. What was typed stays on the server under a
token of the address; that names places and keys, never what they stand for (`stb_app.pages.letters`).

    handler      the addresses, the menu, and what is shown where one went wrong
    base         what every page needs of a request
    writing      the kind, the steps of a draft, the receipt
    looking_up   number, code and telephone as digits; the state alone
    letter       a letter that was opened, and what its writer does with it
    public       what everybody may read
"""

from stb_app.letters.base import BOX_COOKIE
from stb_app.letters.handler import LettersHandler, routes

__all__ = ["BOX_COOKIE", "LettersHandler", "routes"]
