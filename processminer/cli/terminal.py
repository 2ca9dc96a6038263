"""What the terminal can show, and how something is said on it: data on stdout, progress on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

import click

if TYPE_CHECKING:
    from collections.abc import Generator


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


@contextmanager
def progress(what: str) -> Generator[None]:
    """Show on a terminal's stderr that something is under way."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield
