"""What a writer is told when something went wrong, in every edition: a status and a sentence. Pure."""

from __future__ import annotations

from datetime import datetime

from portal.errors import PortalError
from portal.letters.errors import (
    Changed,
    LettersAway,
    Locked,
    NoDraft,
    NotAllowed,
    NotStored,
    TooMany,
    WeakStorage,
    WrongCode,
    WrongPairing,
)
from portal.letters.telling import moment
from portal.text import Text


def refusal(error: PortalError, t: Text, now: datetime) -> tuple[int, str] | None:
    """The status of HTTP and what to say.

    now       with the time zone of the city
    returns   None where it is no error of letters: then an edition says it in its own way
    """
    match error:
        case TooMany():
            return 429, t.gettext("写得太多了，请在{}以后再来。").format(moment(error.again, t, now))
        case NotStored():
            return 503, t.gettext("没有存下，还不算收到。请再试一次，不会重复。")
        case LettersAway() | WeakStorage():
            return 503, t.gettext("写信暂时不能用。")
        case NoDraft():
            return 410, t.gettext("这封信放得太久，或者已经交了。")
        case NotAllowed():
            return 409, t.gettext("现在不能这样做：可能已经做过，或者过了时间。")
        case Changed():
            return 409, t.gettext("正有人在改，请再试一次。")
        case Locked():
            return 403, t.gettext("错得太多，先锁上了，请明天再来。")
        case WrongCode():
            return 403, t.gettext("对不上，请看看有没有按错。")
        case WrongPairing():
            return 403, t.gettext("这六位数字用过了、过期了，或者按错了。")
        case _:
            return None
