"""Walking over a screen press by press, with the memory of its groups.

A group remembers the box that had the focus in it. Whoever comes back from outside lands there again,
not on the box that happens to stand nearest: leave a shelf of films at the seventh and come back to the
seventh. A group that nobody has been in is entered as its `Group.enters` says.

Nothing here changes: a press answers with the next state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from remote_nav.errors import BadLayout
from remote_nav.geometry import OPPOSITE, Key
from remote_nav.graph import Screen
from remote_nav.layout import Layout


@dataclass(frozen=True)
class State:
    """Where the focus is, and {group id: the box that last had it there}."""

    focus: str
    memory: Mapping[str, str] = field(default_factory=dict)


class Walker:
    """A screen to walk over. `scope` keeps every press inside one group, "" for the whole screen."""

    def __init__(self, layout: Layout, scope: str = "") -> None:
        self.layout = layout
        self._screen = Screen(layout.boxes, wrap=layout.wrap, groups=layout.groups)
        self._scope = frozenset(self._screen.members(scope) if scope else range(len(self._screen.boxes)))
        if scope and not self._scope:
            raise BadLayout(f"there is no box in a group {scope!r}")

    def press(self, state: State, key: Key) -> State:
        """The state after one press; the same state where the press goes nowhere."""
        screen = self._screen
        key = OPPOSITE[key] if self.layout.mirrored and key.sideways else key
        at = screen.at(state.focus)
        goes = self._nearest(at, key)
        if goes is None:
            return state
        to = screen.at(goes)
        left, entered = screen.chain(at), screen.chain(to)
        memory = dict(state.memory)
        if left:
            memory[left[0]] = state.focus
        if entered and entered[0] not in left and not (left and left[0] in entered):
            goes = self._entry(entered[0], goes, state.memory)
            entered = screen.chain(screen.at(goes))
        if entered:
            memory[entered[0]] = goes
        return State(goes, memory)

    def focus(self, state: State, box_id: str) -> State:
        """The state after the focus was put on a box by something else than a press."""
        self._screen.at(box_id)
        return replace(state, focus=box_id)

    def _nearest(self, at: int, key: Key) -> str | None:
        own = self._scope & self._screen.own(at)
        if at in own and (goes := self._screen.step(at, key, own)) is not None:
            return goes
        return self._screen.step(at, key, self._scope)

    def _entry(self, group: str, nearest: str, memory: Mapping[str, str]) -> str:
        """The box that a press from outside lands on in a group."""
        members = [self._screen.boxes[at].id for at in self._screen.members(group) if at in self._scope]
        if memory.get(group) in members:
            return memory[group]
        rules = self._screen.groups.get(group)
        return members[0] if rules is not None and rules.enters == "first" else nearest


def walk(layout: Layout, start: str, keys: list[Key]) -> list[str]:
    """Where each press goes, one box id a press."""
    walker, state, path = Walker(layout), State(start), []
    walker.focus(state, start)
    for key in keys:
        state = walker.press(state, key)
        path.append(state.focus)
    return path
