"""JSON read value by value from a stream, so that a long list never lies in memory whole, each with its line."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

from processminer.errors import LogError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 20

LONGEST = 64 << 20
"""Letters of one value. A record is a few thousand; what is longer is no record."""

PROBED = 8 << 20
"""Letters after which a value is taken for a list of records rather than a record."""

DEEP = "it is nested too deeply"
ENDLESS = f"one value goes on for more than {LONGEST >> 20} million letters"

TOO_LONG = object()
"""What `value` returns where a value goes on beyond the letters it may have."""


class Values:
    """A reader of the JSON values in a text, one after another. Numbers are kept as they are written."""

    def __init__(self, text: IO[str], file: str) -> None:
        self._text = text
        self._file = file
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._line_at = 0
        """Where in the buffer that line was counted up to."""
        # Numbers as text: an amount keeps its digits, an id of twenty digits its last ones.
        self._decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)

    @property
    def line(self) -> int:
        """The line of the next letter."""
        if self._at < self._line_at:
            self._line -= self._buffer.count("\n", self._at, self._line_at)
        else:
            self._line += self._buffer.count("\n", self._line_at, self._at)
        self._line_at = self._at
        return self._line

    def peek(self) -> str:
        """Return the next letter that is no blank, an empty text at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in " \t\r\n\ufeff\x1e":
                self._at += 1
            if self._at < len(self._buffer) or not self._more():
                return self._buffer[self._at : self._at + 1]

    def take(self, mark: str) -> None:
        """Pass over a letter that must come next."""
        found = self.peek()
        if found != mark:
            raise self.broken(f"{mark!r} is missing" + (f" before {found!r}" if found else " at the end"))
        self._at += 1

    def value(self, most: int = LONGEST) -> object:
        """Return the next value, TOO_LONG (and stay before it) where it goes on beyond `most` letters.

        Raises LogError where there is none.
        """
        self.peek()
        self._forget()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                # What is cut off by the end of the buffer is an error to the decoder too: it only counts at the end.
                if len(self._buffer) - self._at > most:
                    return TOO_LONG
                if not self._more():
                    self._at = min(error.pos, len(self._buffer))
                    raise self.broken(error.msg) from error
            except RecursionError as error:
                raise self.broken(DEEP) from error
            else:
                if end < len(self._buffer) or not self._more():
                    self._at = end
                    return value

    def whole(self) -> object:
        """Return the next value; raises LogError where it is too long to be one."""
        value = self.value()
        if value is TOO_LONG:
            raise self.broken(ENDLESS)
        return value

    def elements(self) -> Iterator[tuple[int, object]]:
        """Yield the elements of the list that comes next, with their lines."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            line = self._next_line()
            yield line, self.whole()
            if self.peek() != ",":
                self.take("]")
                return
            self.take(",")

    def _next_line(self) -> int:
        self.peek()
        return self.line

    def mark(self) -> int:
        """Return where the next value begins, for `back` after it was read."""
        self.peek()
        self._forget()
        return self._at

    def back(self, mark: int) -> None:
        """Stand there again."""
        self._at = mark

    def broken(self, why: str) -> LogError:
        """Return the error that says what is wrong here."""
        message = f"is no JSON that can be read: {why}."
        return LogError(
            message, Place(self._file, self.line), "Export it again; if it was cut off, the end is missing."
        )

    def _forget(self) -> None:
        """Let go of what was read."""
        if self._at > _BLOCK:
            self._line = self.line
            self._buffer = self._buffer[self._at :]
            self._at = self._line_at = 0

    def _more(self) -> bool:
        """Read on, twice as much each time, so that a long value is not parsed again for every block."""
        if self._ended:
            return False
        block = self._text.read(max(_BLOCK, len(self._buffer) - self._at))
        self._ended = not block
        self._buffer += block
        return bool(block)
