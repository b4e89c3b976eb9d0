"""WBXML: the binary form of WML, SI and SL (WAP-192, WAP-191 section 14, WAP-167, WAP-168)."""

from wap.wbxml.compile import compile_xml
from wap.wbxml.decode import decode
from wap.wbxml.tokens import BadDeck, BadWbxml

__all__ = ["BadDeck", "BadWbxml", "compile_xml", "decode"]
