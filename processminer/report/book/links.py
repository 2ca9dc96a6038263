"""Which places of materials become links: pages of the web and paths beside the book, and nothing that can act."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_HAS_SCHEME = re.compile(r"[^/?#]*:")
_A_FILE = re.compile(r"\.\w{1,8}(?:[?#].*)?$", re.ASCII)
_ACTS = re.compile('[\x00-\x1f\x7f-\x9f\\\\<>"`{}|^\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
_KEPT = "/?#=&%+,;:@!$~()*'[]-._"


def address_of(where: str) -> str | None:
    r"""Return the address that a place of a material is a link to, or None where it is none or might act.

    Links are made of http and https addresses and of relative paths; words that merely name a place stay words.

    >>> address_of("https://example.org/a b"), address_of("scripts/call.md"), address_of("call script.docx")
    ('https://example.org/a%20b', 'scripts/call.md', 'call%20script.docx')
    >>> address_of("javascript:alert(1)"), address_of("//example.org/x"), address_of("The blue folder")
    (None, None, None)
    """
    place = where.strip()
    if not place or _ACTS.search(place):
        return None
    try:
        parts = urlsplit(place)
        web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and "//" in place
    except ValueError:
        return None
    if web and not re.search(r"\s", parts.netloc):
        return quote(place, _KEPT)
    return quote(place, _KEPT) if _is_path(place) else None


def _is_path(place: str) -> bool:
    """Tell whether a text is a path that starts where the book lies, rather than words that name a place."""
    if _HAS_SCHEME.match(place) or place.startswith("/"):
        return False
    return bool(_A_FILE.search(place)) or ("/" in place and not re.search(r"\s", place))
