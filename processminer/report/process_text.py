"""The process as a whole in a sentence each: what changed, what the next months bring, which queue grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.forecast_text import refused
from processminer.report.over_time_text import say_change, told_changes
from processminer.report.queue_text import growing, say_contention
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.figures import StageTime
    from processminer.estimates.flow.outlook import Outlook
    from processminer.estimates.over_time.process_time import Ending
    from processminer.estimates.over_time.whole import WholeProcess
    from processminer.estimates.queue.view import QueueView
    from processminer.statistics.interval import Interval

MOST_TOLD = 2
"""More is in the report."""


def say_life(found: WholeProcess | None) -> str:
    """Say how long deals take that are won or lost, open ones inside; empty where that is not known."""
    times = None if found is None else found.times
    if times is None:
        return ""
    ends = [(name, one) for name, one in (("wins", times.won), ("losses", times.lost)) if one.typical_days is not None]
    told = [f"half of the {one.deals:,} {name} whose times are known came by {_day(one)}" for name, one in ends]
    if not told:
        return ""
    still = say_count(times.open, "open deal")
    return f"{_sentence('; '.join(told))} of a deal's life; {still} counted as far as they were followed"


def _day(one: Ending) -> str:
    low, high = one.typical_limits
    limits = "" if low is None or high is None else f" (95 % limits {low:g} to {high:g})"
    return f"day {one.typical_days:g}{limits}"


def say_over_time(found: WholeProcess | None) -> str:
    """Say what changed for good since when; empty where too few periods are complete."""
    if found is None or not found.changes:
        return ""
    told = told_changes(found)
    if not told:
        return f"No change beyond chance in {len(found.changes)} series of complete {found.every}s."
    said = say_list([say_change(one, found.every) for one in told], MOST_TOLD)
    return f"{said[:1].upper()}{said[1:]}."


def say_ahead(found: Outlook | None) -> str:
    """Say what the next days bring as ranges, or why that is not told; empty where nothing can be foretold."""
    if found is None:
        return ""
    if refused(found):
        return f"No forecast of the next {found.days:g} days is given: {found.gate.because}."
    if found.forecast is None:
        return ""
    told = found.forecast
    revenue = (
        f" and revenue of {_whole(told.revenue)}{f' {told.currency}' if told.currency else ''}" if told.revenue else ""
    )
    trial = found.gate.because if found.gate.verdict == "open" else f"untested: {found.gate.because}"
    return (
        f"In the next {found.days:g} days {_whole(told.wins)} wins{revenue} are expected (in brackets what nine of ten"
        f" such periods bring); {trial}."
    )


def _whole(interval: Interval) -> str:
    return f"{interval.estimate:,.0f} ({interval.low:,.0f} to {interval.high:,.0f})"


def say_queues(found: QueueView | None) -> str:
    """Say which stages' queues grow, and whether deals wait for their owner; empty where neither is so."""
    if found is None:
        return ""
    grow = [
        f"{one.stage} grows ({one.arrivals:,} came, {one.left:,} left in the last {one.weeks} weeks)"
        for one in growing(found.growth)
    ]
    said = [
        *([f"{say_list(grow, MOST_TOLD)}."] if grow else []),
        *([_sentence(say_contention(found.contention))] if found.contention and found.contention.waits else []),
    ]
    return " ".join(said)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def say_late(times: Sequence[StageTime]) -> str:
    """Say how many stays had begun before the history did, and what was made of them; empty where none had."""
    late, unknown = sum(time.late for time in times), sum(time.begin_unknown for time in times)
    counted = f"{say_count(late, 'stay')} had begun before the history: counted from the age at which they were seen."
    left_out = f"{say_count(unknown, 'stay')} had begun before the history, nobody knows when: without a length."
    return " ".join(said for many, said in ((late, counted), (unknown, left_out)) if many)
