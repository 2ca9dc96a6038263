"""The stages as queues, in words: which grow, which are out of balance, and how far their times can be trusted."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from processminer.report.listing import paragraph, table
from processminer.report.telling import say_range
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from processminer.estimates.queue.balance import StageBalance
    from processminer.estimates.queue.bursts import Bursts
    from processminer.estimates.queue.contention import Contention
    from processminer.estimates.queue.view import QueueView
    from processminer.estimates.queue.weeks import QueueGrowth
    from processminer.statistics.interval import Interval

MANY_IN_BURSTS = 0.1
"""Where one change in ten was entered with a heap of others, stays of days are partly those of the tidying."""

ON_ONE_DAY = 0.4
"""Twice the share of a working day: that day is when people fill in the CRM, not when deals move."""

MOST_TOLD = 3
"""Stages named in a sentence."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def say_limited(interval: Interval, say: Callable[[float], str]) -> str:
    """Say an estimate and its limits, their unit once where all have the same.

    >>> from processminer.statistics.interval import Interval
    >>> say_limited(Interval(13, 11, 15), say_days), say_limited(Interval(0.25, 0.24, 0.27), say_percent)
    ('13 days (11 to 15)', '25 % (24 to 27)')
    """
    told, limits = say(interval.estimate), say_range(interval, say)
    unit = told.rpartition(" ")[2]
    return told if limits == told else f"{told} ({limits.removesuffix(f' {unit}')})"


def render_queue(found: QueueView, width: int) -> Iterator[str]:
    """Yield what came, left and waits, stage by stage, and what that says of the figures."""
    if not found.weeks:
        return
    yield from table(
        ("Stage", "Came", "Left", "Lost", "Now", "Came for each that left", "95 % limits"),
        list(_rows(found)),
        width,
    )
    yield from paragraph(say_growth(found.growth), width, "Queues    ")
    yield from paragraph(say_balance(found.balances), width, "Balance   ")
    if found.contention is not None:
        yield from paragraph(say_contention(found.contention), width, "Owners    ")
    if found.bursts is not None:
        yield from paragraph(say_bursts(found.bursts), width, "Entered   ")


def _rows(found: QueueView) -> Iterator[tuple[object, ...]]:
    growth = {one.stage: one for one in found.growth}
    for stage, weeks in groupby(found.weeks, key=lambda one: one.stage):
        grown, all_weeks = growth[stage], list(weeks)
        last = [one for one in all_weeks if one.complete][-grown.weeks :] if grown.weeks else []
        told = (f"{grown.ratio.estimate:.2f}", say_range(grown.ratio, _times)) if grown.left else ("", "")
        lost = sum(one.losses for one in last)
        if not grown.arrivals and not grown.left and not all_weeks[-1].in_progress:
            continue
        yield stage, grown.arrivals, grown.left, lost, all_weeks[-1].in_progress, *told


def _times(ratio: float) -> str:
    return f"{ratio:.2f}"


def growing(growth: tuple[QueueGrowth, ...]) -> list[QueueGrowth]:
    """Return the queues that grow, the surest first."""
    return sorted((one for one in growth if one.grows), key=lambda one: one.p)


def say_growth(growth: tuple[QueueGrowth, ...]) -> str:
    """Say which queues grow, over the last complete weeks."""
    weeks = max((one.weeks for one in growth), default=0)
    over = f"of the last {weeks} complete weeks" if weeks != 1 else "of the last complete week"
    if not weeks:
        return "no week is complete yet, so that nothing can be said of their growth."
    grow = growing(growth)
    if not grow:
        return f"none grows beyond chance ({over}, arrivals against all that left, exact limits)."
    told = [
        f"{one.stage} grows: {one.arrivals:,} came and {one.left:,} left, {one.ratio.estimate:.2f} for each"
        f" (95 % limits {say_range(one.ratio, _times)})"
        for one in grow
    ]
    return f"{say_list(told, MOST_TOLD)} ({over})."


def say_balance(balances: tuple[StageBalance, ...]) -> str:
    """Say whether as many deals are under way as arrivals and stays imply, and how many lie beyond that."""
    if not balances:
        return "the log is too short to hold deals under way against arrivals and stays."
    apart = [one for one in balances if not one.in_balance]
    days = balances[0].days
    if not apart:
        said = (
            f"over the last {days:.0f} days every stage holds as many deals as come to it and stay (Little's law, both"
            " counted up to the same length of stay)."
        )
    else:
        told = [
            f"{one.stage} holds {one.in_progress:,.1f} deals where {one.expected.estimate:,.1f} are expected"
            f" ({say_range(one.expected, lambda deals: f'{deals:,.1f}')})"
            for one in apart
        ]
        said = (
            f"over the last {days:.0f} days {say_list(told, MOST_TOLD)} from arrivals and stays (Little's law): there"
            " the pace has changed, and answers that take it for steady hold less."
        )
    return f"{said}{_say_lying(balances)}"


def _say_lying(balances: tuple[StageBalance, ...]) -> str:
    lying = sorted((one for one in balances if one.stalled >= 1), key=lambda one: -one.stalled)
    if not lying:
        return ""
    told = [f"{one.stalled:,.0f} in {one.stage} for over {say_days(one.up_to_days)}" for one in lying]
    return f" Not counted there, since nothing moves them: on average {say_list(told, MOST_TOLD)}."


def say_contention(found: Contention) -> str:
    """Say whether deals wait for their owner."""
    doubled = found.doubled
    told = (
        f"with twice as much else to do an owner's deals leave a stage {doubled.estimate:.2f} times as fast (95 %"
        f" limits {say_range(doubled, _times)}; {say_count(found.owners, 'owner')}, each held against themselves,"
        f" {found.exits:,} stays ended)"
    )
    verdict = "deals wait for their owner" if found.waits else "no sign that deals wait for their owner"
    return f"{told}: {verdict}."


def say_bursts(found: Bursts) -> str:
    """Say how changes of stage were entered, and what that makes of short stays."""
    day = WEEKDAYS[found.weekday - 1]
    weekday = f"{say_percent(found.on_weekday.estimate)} on a {day}"
    if found.in_bursts is None:
        said = f"of {found.changes:,} changes of stage {weekday}; hours or names are not in the log"
        many = False
    else:
        share = say_percent(found.in_bursts.estimate)
        said = (
            f"of {found.of_somebody:,} changes of stage {share} in bursts (one person, six deals or more within ten"
            f" minutes), {weekday}"
        )
        many = found.in_bursts.estimate >= MANY_IN_BURSTS
    doubts = [
        *(["times of days are partly those of the tidying up"] if many else []),
        *([f"{day} is when the CRM is filled in"] if found.on_weekday.estimate >= ON_ONE_DAY else []),
    ]
    return f"{said}: {', and '.join(doubts)}." if doubts else f"{said}."
