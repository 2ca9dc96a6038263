"""What can go wrong for reasons that the user can mend: their file, their line, their words, the next move.

A finding is never an error, and a bug keeps its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass


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
