"""Origin pages -> typed fields and Blocks. Pure: bytes in, values out; no network, no clock.

extract(body, url, content_type, hint)   one page of any kind, a list included
body_hash(page)                          what a change of the page is judged by
"""

from content_sync.extract.page import Extracted, Link, NotAPage
from content_sync.extract.reading import body_hash, extract

__all__ = ["Extracted", "Link", "NotAPage", "body_hash", "extract"]
