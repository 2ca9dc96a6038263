"""The moment at which a log is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.errors import LogError, Place

if TYPE_CHECKING:
    from datetime import datetime


def refuse_too_early(given: datetime | None, first: datetime, last: datetime, file: str) -> None:
    """Raise LogError where the moment asked for lies before the log's first event."""
    if given is not None and given < first:
        message = f"begins on {first:%Y-%m-%d}, after the moment to look at."
        raise LogError(message, Place(file), f"Its events lie between {first:%Y-%m-%d} and {last:%Y-%m-%d}.")
