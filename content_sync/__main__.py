"""`python -m content_sync`: mirror a portal, and see how the mirror stands."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

EXIT_WRONG_USE = 2
EXIT_STOPPED = 130
"""128 and SIGINT, as a shell counts it."""

EXIT_PIPE = 141
"""128 and SIGPIPE, as a shell counts it."""

COMMANDS: dict[str, tuple[str, str, str]] = {
    "run": ("content_sync.commands_run", "run_run", "mirror on schedule, or one pass with --once"),
    "status": ("content_sync.commands_run", "run_status", "how each column stands"),
    "review": (
        "content_sync.commands_gate",
        "run_review",
        "what waits for release: list, show, release, refuse",
    ),
    "withdraw": ("content_sync.commands_gate", "run_withdraw", "take an item off every screen"),
    "verify-log": ("content_sync.commands_gate", "run_verify_log", "check the log of what was published"),
    "probe": ("content_sync.commands_probe", "run_probe", "look at a portal and propose a site file"),
    "extract": (
        "content_sync.commands_extract",
        "run_extract",
        "one JSON line a page: what the extractor sees",
    ),
    "decode": ("content_sync.commands_extract", "run_decode", "one JSON line a file: what the decoder sees"),
}
"""Command -> (module, function, what it does). Modules are imported when they are asked for."""


def main(argv: Sequence[str]) -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m content_sync",
        description="Mirrors a government portal into Redis, for the television and WAP editions.",
        epilog="commands:\n" + "\n".join(f"  {name:12}{row[2]}" for name, row in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of the commands below")
    if not argv:
        parser.print_help(sys.stderr)
        return EXIT_WRONG_USE
    options = parser.parse_args(argv[:1])
    module, function, _ = COMMANDS[options.command]
    try:
        command: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
        return command(list(argv[1:]))
    except KeyboardInterrupt:
        # Stopped before the command listens for it, or one that need not.
        return EXIT_STOPPED
    except BrokenPipeError:
        # Whoever read along (`| head`) has seen enough. Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_PIPE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
