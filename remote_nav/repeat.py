"""Which key events to heed: remotes send each press more than once, and a held key floods a slow box.

The script on the box applies the same table; it stands here so that it can be tested and written into
pages from one place. Times are seconds on any steady clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from remote_nav.keymap import ARROWS, Action

HELD = 0.16
"""The same key again within this time of its last event is the same press: infrared frames come twice, some
40 ms apart, and the repeats of a held key 100 to 120 ms apart. Fingers need longer to press again."""

PACE: Mapping[Action, float] = MappingProxyType(
    dict.fromkeys(ARROWS, 0.18) | {Action.PAGE_UP: 0.6, Action.PAGE_DOWN: 0.6}
)
"""How often a held key counts: arrows run at a pace that the eye can follow, page keys wait for the page.
Every other key counts once, however long it is held: a held OK must not open what comes next."""


@dataclass(frozen=True, slots=True)
class Presses:
    """What was heard last: the action, when its last event came, and when it last counted."""

    action: Action | None = None
    heard: float = float("-inf")
    counted: float = float("-inf")

    def hear(self, action: Action, now: float) -> tuple[Presses, bool]:
        """The next state, and whether this event counts as a press."""
        if action is not self.action:
            return Presses(action, now, now), True
        pace = PACE.get(action)
        again = now - self.heard >= HELD
        counts = again or (pace is not None and now - self.counted >= pace)
        return Presses(action, now, now if counts else self.counted), counts
