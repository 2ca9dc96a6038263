"""What the terminal can show, and how something is said on it: data on stdout, progress on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

import click

from processminer.errors import InputError, Place

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path


class Screen(TypedDict):
    """How wide the terminal is, and whether it shows colours and more than ASCII."""

    width: int
    colour: bool
    ascii: bool


def screen() -> Screen:
    """Return what stdout can show; NO_COLOR, dumb terminals and pipes are respected."""
    terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if sys.stdout.isatty() else 100
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Screen(
        width=max(width, 60),
        colour=terminal and not os.environ.get("NO_COLOR"),
        ascii=not encoding.startswith("utf"),
    )


def say(text: str) -> None:
    """Print to stdout; letters that it cannot encode are replaced, never fatal."""
    encoding = sys.stdout.encoding or "ascii"
    if screen()["ascii"]:
        text = text.translate({ord("…"): "~", ord("\N{MINUS SIGN}"): "-"})
    click.echo(text.encode(encoding, "replace").decode(encoding), color=True)


def harmless(text: str) -> str:
    """Return text whose lines cannot act on a terminal: controls and signs of direction become visible marks."""
    from processminer.report.escape import plain

    return "\n".join(plain(line) for line in text.split("\n"))


def write(content: str | bytes, out: Path | None) -> None:
    """Write to a file, or to stdout as it is. Raises InputError where the file cannot be written."""
    raw = content.encode() if isinstance(content, str) else content
    if out is None:
        sys.stdout.buffer.write(raw)
        return
    try:
        out.write_bytes(raw)
    except OSError as error:
        message = f"cannot be written: {error.strerror}."
        raise InputError(
            message, Place(str(out)), "Choose another file, in a folder that is there and open to you."
        ) from error


def told_by(out: Path | None, kinds: Sequence[str], usual: str) -> str:
    """Return the kind of file that a name's ending tells; the usual one where there is no ending.

    Raises InputError for an ending that no kind has, rather than write one thing under another's name.
    """
    ending = "" if out is None else out.suffix.lstrip(".").lower()
    kind = {"mmd": "mermaid", "gv": "dot", "txt": "text", "md": "markdown"}.get(ending, ending)
    if ending and kind not in kinds:
        message = f"has an ending that cannot be made here ({ending})."
        raise InputError(
            message, Place(str(out)), f"These can: {', '.join(kinds)}; --format says it apart from the name."
        )
    return kind if ending else usual


@contextmanager
def progress(what: str) -> Generator[None]:
    """Show on a terminal's stderr that something is under way."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield
