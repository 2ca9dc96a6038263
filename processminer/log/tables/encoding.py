"""How a text file's letters are written: told from all of its bytes, and repaired where some do not fit."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from processminer.errors import LogError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = 1 << 20

LONGEST_LINE = 64 << 20
"""Bytes. The reader sets lines beyond 4 million bytes aside; a file with such a line is no table of text at all."""

ENOUGH = 16
"""Blocks looked at to tell two older encodings apart."""

PLAIN = "utf-8-sig"
"""The encoding that the database reads by itself."""

_MAC = frozenset(range(0x80, 0xA0)) | {0xA7, 0xAE, 0xAF, 0xBE, 0xBF} - {0x85}
_MARKS = frozenset({0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA0})
"""What Windows-1252 writes beside letters without being one: dots, quotation marks, dashes, the hard space."""
_BOTH = frozenset({0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F})
"""What is a letter in either: it speaks for a Mac only where the lines end as they did there."""

_ASTRAY = re.compile("[\0\udc80-\udcff]")
_NEAR_LETTER = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])")


CONTROLS = bytes([*range(9), *range(14, 26), *range(28, 30)])
"""Bytes that no text is written with; where one in fifty is such a byte, the file is no text."""


@dataclass(frozen=True, slots=True)
class Letters:
    """What one pass over a text file told."""

    encoding: str
    quotes: int
    """Quotation marks in the file."""
    sound: bool
    """Whether every byte is a letter of that encoding, and none a NUL."""


@dataclass(frozen=True, slots=True)
class Astray:
    """Lines with bytes that are no letters of the file's encoding."""

    lines: int
    first: tuple[int, ...]
    lost: bool
    """Whether some of them are letters of no encoding that was tried."""


def letters_of(path: Path, file: str) -> Letters:
    """Return how a file's letters are written.

    A byte order mark decides, then UTF-8 if every byte (or nearly) fits, then Windows-1252 or Mac Roman, whichever
    makes letters of the bytes beside letters. Raises LogError for a file that is no text, or one line without end.
    """
    with path.open("rb") as raw:
        head = raw.read(BLOCK)
    wide = _wide(head)
    if wide is not None:
        quotes = sum(block.count('"') for block in _texts(path, wide, "replace"))
        return Letters(wide, quotes, sound=True)
    if (len(head) - len(head.translate(None, CONTROLS))) * 50 > len(head):
        message = "is not a text table: it holds binary bytes."
        raise LogError(message, Place(file), "Export the log as CSV, XLSX, JSON or Parquet.")
    return _narrow(path, file)


def _wide(head: bytes) -> str | None:
    """Return the encoding of a file that writes two or four bytes a letter, with or without a byte order mark."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _narrow(path: Path, file: str) -> Letters:
    decoder = codecs.getincrementaldecoder("utf-8")()
    quotes, run = 0, 0
    sound, nul = True, False
    for block in _blocks(path):
        quotes += block.count(b'"')
        nul = nul or b"\0" in block
        last = block.rfind(b"\n") if b"\n" in block else block.rfind(b"\r")
        run = run + len(block) if last < 0 else len(block) - last - 1
        if run > LONGEST_LINE:
            message = f"has a line of more than {LONGEST_LINE >> 20} MiB; it cannot be a table of text."
            raise LogError(message, Place(file), "Does the file lack line ends? Export it again.")
        if sound:
            sound = _fits(decoder, block)
    sound = sound and _fits(decoder, b"", final=True)
    if sound:
        return Letters(PLAIN, quotes, sound=not nul)
    return Letters(_best_fit(path), quotes, sound=False)


def _fits(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _best_fit(path: Path) -> str:
    """Return the encoding of a file that is not quite UTF-8: UTF-8 where most of its letters are, else an older one."""
    fitting = astray = windows = mac = 0
    for block in _texts(path, PLAIN, "surrogateescape"):
        beyond = len(_ASTRAY.findall(block))
        astray += beyond
        fitting += len(block) - len(block.encode("ascii", "ignore")) - beyond
    if fitting >= astray:
        return PLAIN
    for raw in islice(_blocks(path), ENOUGH):
        telling = _MAC - _MARKS if b"\n" not in raw else _MAC - _MARKS - _BOTH
        for (byte,) in _NEAR_LETTER.findall(raw):
            windows += byte >= 0xC0
            mac += byte in telling
    return "mac_roman" if mac > windows else "cp1252"


def open_text(path: Path, encoding: str) -> IO[str]:
    """Open a text file for counting and splitting; bytes astray become replacement characters."""
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, errors="replace", newline="")


def rewrite(path: Path, encoding: str, to: Path) -> Astray:
    """Write a text file again in UTF-8, and return which lines held bytes that are no letters of its encoding.

    Of UTF-8 such bytes are read as Windows-1252 (a cell that a program pasted in); what is a letter of neither becomes
    the replacement character. NUL characters are left out, and counted like them.
    """
    astray: list[int] = []
    lost = False
    line = 1
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    with to.open("w", encoding="utf-8", newline="") as out:
        for text in _texts(path, encoding, errors):
            block = text
            if _ASTRAY.search(block):
                for number, part in enumerate(block.split("\n"), line):
                    if _ASTRAY.search(part) and astray[-1:] != [number]:
                        astray.append(number)
                block = _ASTRAY.sub(_as_windows, block)
                lost = lost or "\ufffd" in block
            line += block.count("\n")
            out.write(block)
    return Astray(len(astray), tuple(astray[:5]), lost)


def _as_windows(letter: re.Match[str]) -> str:
    return "" if letter[0] == "\0" else bytes([ord(letter[0]) - 0xDC00]).decode("cp1252", errors="replace")


def _texts(path: Path, encoding: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors=errors)
    for block in _blocks(path):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        while block := raw.read(BLOCK):
            yield block
