"""`python -m portal.dies_with_parent PROGRAM ARGUMENTS...`: run a program that ends when its parent does.

A server that is killed cannot stop its children; without this they would work on beside the next one.
Linux tells a process of its parent's death (prctl PR_SET_PDEATHSIG, kept across exec); elsewhere the
program runs without that.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Ask for the signal, then become the program."""
    parent = os.getppid()
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (AttributeError, OSError):
        parent = os.getppid()
    if os.getppid() != parent:
        sys.exit(1)  # it died in between
    os.execv(arguments[0], arguments)  # noqa: S606 - the program of our own caller


if __name__ == "__main__":
    main(sys.argv[1:])
