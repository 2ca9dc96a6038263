"""Why deals wait, in tables: silences between touches, and the five causes where people's work has starts and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.listing import paragraph, table
from processminer.report.queue_text import say_limited
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.estimates.waiting.causes import ActivityWait
    from processminer.estimates.waiting.silences import StageSilence
    from processminer.statistics.survival import Quantile

MOST_ACTIVITIES = 12
"""The longest waits; what follows adds little."""


def render_silences(found: Sequence[StageSilence], width: int) -> Iterator[str]:
    """Yield how long deals go without a touch; nothing for a log without activities."""
    touched = [one for one in found if one.touches]
    if not touched:
        return
    soon = max(one.soon_days for one in touched)
    head = (
        f"logged activities in a stage, open stays counted as not yet ended: share of stays touched within"
        f" {say_days(soon)} of their entry, half of all by, half of the silences after a touch and nine in ten within,"
        " and from the last touch to leaving. What happens in a silence the log does not show"
    )
    yield from paragraph(head, width, "Touches   ")
    rows = [
        (
            one.stage,
            one.stays,
            say_limited(one.touched_soon, say_percent),
            _half(one.first_touch),
            say_days(one.silence.at) if one.silence.at is not None else "not reached",
            say_days(one.long_silence) if one.long_silence is not None else "not reached",
            say_days(one.after_last.at) if one.after_last.at is not None else "",
        )
        for one in touched
    ]
    yield from table(("Stage", "Stays", "Touched", "First by", "Silence", "9 in 10", "Then left"), rows, width)


def _half(first: Quantile) -> str:
    return "never half" if first.at is None else say_days(first.at)


def render_causes(found: Sequence[ActivityWait], width: int) -> Iterator[str]:
    """Yield what work waited for; nothing for a log without starts, ends and names."""
    if not found:
        return
    whole = found[0]
    head = (
        f"{say_count(whole.pieces, 'piece')} of work on {say_count(whole.deals, 'deal')} waited"
        f" {whole.waited_days:,.0f} days in all and took {whole.worked_days:,.0f}: for a batch to gather, for somebody"
        " who was at earlier work (busy) or did later work first (order), outside of their hours (away), or for"
        " something else. Each cause is asked of what the ones before it leave. Work is"
        f" {say_percent(whole.efficiency)} of the time until it is done; it would be, with a cause gone,"
        f" {', '.join(f'{say_percent(one.efficiency_without)} ({one.cause})' for one in whole.causes)}"
    )
    yield from paragraph(head, width, "Waited    ")
    rows = [
        (
            one.activity or "all",
            one.pieces,
            f"{one.waited_days:,.0f}",
            *(say_percent(cause.share.estimate) for cause in one.causes),
        )
        for one in found
    ]
    titles = ("Work", "Pieces", "Days", "Batch", "Busy", "Order", "Away", "Else")
    yield from table(titles, rows, width, most=MOST_ACTIVITIES)
    limits = ", ".join(f"{one.cause} {say_limited(one.share, say_percent)}" for one in whole.causes)
    yield from paragraph(f"of all, 95 % limits: {limits}", width, "Limits    ")
