"""Whether the playbook and its materials have been looked at lately enough, as of a day that was given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from processminer.report.book.book import Run
from processminer.report.book.wording import length

if TYPE_CHECKING:
    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.upkeep import Acceptance


def next_review(reviewed: date | None, every: float | None) -> date | None:
    """Return the day by which something is to be looked at again; None where that cannot be said."""
    if reviewed is None or every is None:
        return None
    # A review interval beyond the calendar's end never falls due.
    return reviewed + timedelta(days=every) if every < (date.max - reviewed).days else None


def freshness(looked: date | None, every: float | None, as_of: date | None) -> Run:
    """Say whether something is fresh, due or was never reviewed; without a day only when it is to be looked at."""
    if looked is None:
        return Run("never reviewed", "missing")
    again = next_review(looked, every)
    if again is None:
        return Run(f"looked at on {looked}")
    told = f"looked at on {looked}, to be looked at again by {again}"
    if as_of is None or as_of < looked:
        return Run(told)
    return Run(f"due: {told}", "due") if as_of > again else Run(f"fresh: {told}")


def review_rhythm(playbook: Playbook) -> Run:
    """Say how often the playbook is to be reviewed."""
    every = playbook.review_every
    return Run("not said yet", "missing") if every is None else Run(f"every {length(every)}")


def in_force(valid_from: date | None, as_of: date | None) -> Run:
    """Say from which day the playbook counts, and whether that day has come."""
    if valid_from is None:
        return Run("not said yet", "missing")
    if as_of is not None and as_of < valid_from:
        return Run(f"{valid_from} (not yet in force on {as_of})", "due")
    return Run(str(valid_from))


def accepted_until(acceptance: Acceptance, as_of: date | None) -> Run:
    """Say how long a deviation is accepted, and whether that time is over."""
    if acceptance.until is None:
        return Run("no end is set", "missing")
    if as_of is not None and as_of > acceptance.until:
        return Run(f"{acceptance.until} (over)", "due")
    return Run(str(acceptance.until))
