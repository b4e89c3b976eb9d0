"""Letters on the phone: one short form after another; what was typed stays on the server between decks.

    /wap/l                   the menu                        /wap/l/w[/KIND]      what kind; begins a draft
    /wap/l/d/TOKEN/STEP[/P]  a step of writing               /wap/l/r/TOKEN       the receipt
    /wap/l/j[/CODE]          go on with a television's draft /wap/l/q             number and code
    /wap/l/u                 unlock by telephone number      /wap/l/v/TOKEN[/ACT] a letter, for minutes
    /wap/l/o[/PAGE]          what everybody may read         /wap/l/o/i/ID        one of them

Whatever changes a letter is posted, and needs a token of 128 bits that stands in no page of anybody else;
numbers, codes and texts are posted too, so that no log and no proxy's address list holds them.

    edition      the addresses, the menu, and what is shown where one went wrong
    turn, form   a request, how a page is built for it; what was posted
    writing      the kind, the steps of a draft, the receipt
    looking_up   number and code; unlocking
    letter       a letter that was opened, and what its writer does with it
    public       what everybody may read
"""

from wap.letters.edition import LettersEdition, is_letters
from wap.letters.form import LONGEST_FORM, read_form

__all__ = ["LONGEST_FORM", "LettersEdition", "is_letters", "read_form"]
