"""The commands `compile`, `decode` and `push` of `python -m wap`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from wap import push
from wap.wbxml import BadDeck, BadWbxml, compile_xml, decode
from wap.wbxml.tokens import MIBENUM


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 the file is bad, 2 wrong use."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "decode":
            sys.stdout.write(decode(given.file.read_bytes()))
        elif given.command == "push":
            sys.stdout.write(_pushed(given))
        else:
            _compile(given)
    except (BadDeck, BadWbxml, push.BadPush, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m wap", description="WBXML compiler and decoder, and pushes"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    compiler = commands.add_parser("compile", help="WML, SI or SL as text -> WBXML")
    compiler.add_argument("deck", type=Path, metavar="DECK.wml")
    compiler.add_argument("-o", "--output", type=Path, metavar="OUT", help="default: standard output")
    compiler.add_argument("--charset", default="utf-8", choices=sorted(MIBENUM))
    compiler.add_argument("--wbxml", default=1, type=int, choices=(1, 2, 3), help="version 1.N of WBXML")
    decoder = commands.add_parser("decode", help="WBXML -> text")
    decoder.add_argument("file", type=Path, metavar="FILE.wmlc")
    pusher = commands.add_parser(
        "push", help="print a service indication as a UDP datagram and as short messages, in hexadecimal"
    )
    pusher.add_argument("href", metavar="ADDRESS", help="where it leads")
    pusher.add_argument("words", metavar="WORDS", help="what the phone shows")
    pusher.add_argument("--id", default="", help="a later push of the same id replaces this one")
    pusher.add_argument(
        "--action", default=push.Action.MEDIUM.value, choices=[each.value for each in push.Action]
    )
    pusher.add_argument(
        "--reference", default=0, type=int, metavar="N", help="0 to 255, another for each push"
    )
    return parser


def _compile(given: argparse.Namespace) -> None:
    octets = compile_xml(given.deck.read_bytes(), charset=given.charset, version=given.wbxml)
    if given.output is None:
        sys.stdout.buffer.write(octets)
    else:
        given.output.write_bytes(octets)


def _pushed(given: argparse.Namespace) -> str:
    """One line for UDP, then one for each message: what it is, its user data header, its data."""
    indication = push.Indication(given.href, given.words, given.id, push.Action(given.action))
    octets = push.datagram(push.document(indication), given.reference)
    parts = push.messages(octets, given.reference)
    lines = [f"udp {push.PUSH_PORT} {octets.hex()}"]
    lines += [
        f"sms {number}/{len(parts)} udh {part.header.hex()} data {part.body.hex()}"
        for number, part in enumerate(parts, start=1)
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
