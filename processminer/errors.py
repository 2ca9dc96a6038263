"""What can go wrong for reasons that the user can mend: their file, their line, their words, the next move.

A finding is never an error, and a bug keeps its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands: a file and, if known, the line in it (counted from 1)."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class ProcessminerError(Exception):
    """A fault told in the user's words, with its place and the next move."""

    exit_code = 3

    def __init__(self, message: str, place: Place | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        head = self.message if self.place is None else f"{self.place}: {self.message}"
        return head if self.hint is None else f"{head}\n  {self.hint}"


class InputError(ProcessminerError):
    """The input or the usage is at fault; the user can mend it."""

    exit_code = 2


class LogError(InputError):
    """A deal log cannot be read as one."""


class Question(LogError):  # noqa: N818 - an error by its base, named for what it is to the user
    """A log leaves open what only a person knows; where one sits at the terminal, it is asked.

    `asks` is "outcomes" (which of the `choices`, the log's stages, mean won and which lost) or "date_order".
    """

    def __init__(
        self, message: str, place: Place, hint: str, *, asks: Literal["outcomes", "date_order"], choices: Sequence[str]
    ) -> None:
        super().__init__(message, place, hint)
        self.asks = asks
        self.choices = tuple(choices)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a playbook, with its place and its mend."""

    message: str
    place: Place
    hint: str | None = None

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}"
        return head if self.hint is None else f"{head} {self.hint}"


class PlaybookError(InputError):
    """A playbook cannot be read; all its faults are told at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class EngineError(ProcessminerError):
    """A library or program that we lean on is missing or refused its work."""
