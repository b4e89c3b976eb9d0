"""Real remote controls, from the key maps that Debian's package ir-keytable ships."""

from __future__ import annotations

import tomllib
from pathlib import Path

from remote_nav.remote import can_steer, pressable

KEYMAPS = Path("/lib/udev/rc_keymaps")
"""The key maps of remote controls that the Linux kernel knows."""


def keys_of(text: str) -> set[str]:
    """The key names of one rc_keymaps file: TOML, one or more protocols, {scan code: key name} in each."""
    return {
        name
        for protocol in tomllib.loads(text)["protocols"]
        for name in protocol.get("scancodes", {}).values()
        if name.startswith("KEY_")
    }


REMOTES = {
    file.stem: pressable(keys_of(file.read_text(encoding="utf-8")))
    for file in (sorted(KEYMAPS.glob("*.toml")) if KEYMAPS.is_dir() else [])
}
STEERING = {name: actions for name, actions in REMOTES.items() if can_steer(actions)}
"""Those with arrows and OK; empty where the package is missing, which a test reports."""
