"""`python -m wap compile DECK.wml [-o OUT]` and `python -m wap decode FILE.wmlc`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from wap.wbxml import BadDeck, BadWbxml, compile_xml, decode
from wap.wbxml.tokens import MIBENUM


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 the file is bad, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m wap", description="WBXML compiler and decoder")
    commands = parser.add_subparsers(dest="command", required=True)
    compiler = commands.add_parser("compile", help="WML, SI or SL as text -> WBXML")
    compiler.add_argument("deck", type=Path, metavar="DECK.wml")
    compiler.add_argument("-o", "--output", type=Path, metavar="OUT", help="default: standard output")
    compiler.add_argument("--charset", default="utf-8", choices=sorted(MIBENUM))
    compiler.add_argument("--wbxml", default=1, type=int, choices=(1, 2, 3), help="version 1.N of WBXML")
    decoder = commands.add_parser("decode", help="WBXML -> text")
    decoder.add_argument("file", type=Path, metavar="FILE.wmlc")
    given = parser.parse_args(arguments)
    try:
        if given.command == "decode":
            sys.stdout.write(decode(given.file.read_bytes()))
            return 0
        octets = compile_xml(given.deck.read_bytes(), charset=given.charset, version=given.wbxml)
        if given.output is None:
            sys.stdout.buffer.write(octets)
        else:
            given.output.write_bytes(octets)
    except (BadDeck, BadWbxml, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
