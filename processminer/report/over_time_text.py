"""The whole process over time, in words and tables: how deals end, when those began, and whether it repeats itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.listing import paragraph, table
from processminer.report.queue_text import say_limited
from processminer.report.telling import say_range
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from processminer.estimates.over_time.changes import SeriesChange
    from processminer.estimates.over_time.cohorts import Cohort, Every, Series
    from processminer.estimates.over_time.process_time import Ending, ProcessTime
    from processminer.estimates.over_time.repeatability import OwnerSpread, PathStability
    from processminer.estimates.over_time.velocity import Velocity
    from processminer.estimates.over_time.whole import WholeProcess

AGES = (14, 30, 60, 90, 180, 365)
"""Days at which the win curve is read."""

SHOWN = 12
"""A year of months."""

TOLD = 0.05
"""The false discovery rate at which a change is told."""

OWNERS_TOLD = 3
"""At either end."""


def render_whole(found: WholeProcess, width: int) -> Iterator[str]:
    """Yield how deals end and when, the deals of each period, changes, repeatability and velocity."""
    if found.times is not None:
        yield from _endings(found.times, width)
        yield ""
    won = found.series[0]
    if won.cohorts:
        yield from _cohorts(won, width)
    yield from paragraph(say_changes(found), width, "Changes   ")
    if found.repeatability.owners is not None:
        yield from paragraph(say_owners(found.repeatability.owners), width, "Owners    ")
    if found.repeatability.paths is not None:
        yield from paragraph(say_paths(found.repeatability.paths), width, "Paths     ")
    if found.velocity is not None:
        yield from paragraph(say_velocity(found.velocity), width, "Velocity  ")


def _endings(found: ProcessTime, width: int) -> Iterator[str]:
    late = f", {say_count(found.late, 'deal')} seen only from some age on" if found.late else ""
    head = (
        f"of {say_count(found.deals, 'deal')} from beginning to end, {found.open:,} of them open and counted as far as"
        f" they were followed{late}; up to {say_days(found.tau_days)}"
    )
    yield from paragraph(head, width, "Lead time ")
    either = found.either
    rows = [
        ("won", *_ending(found.won)),
        ("lost", *_ending(found.lost)),
        (
            "either",
            found.won.deals + found.lost.deals,
            "",
            _limited(either.at, either.low, either.high),
            say_limited(found.mean_days, say_days),
        ),
    ]
    yield from table(("Deals", "Seen", "Share (95 % limits)", "Half of these by", "Mean"), rows, width)
    points = [(age, one) for age in AGES if (one := found.by(age)) is not None]
    if points:
        told = [f"{say_percent(one.won)} by day {age}" for age, one in points]
        yield from paragraph(f"won {', '.join(told)} of a deal's life", width, "Win curve ")


def _ending(one: Ending) -> tuple[object, ...]:
    mean = one.mean_days
    return (
        one.deals,
        say_limited(one.share, say_percent),
        _limited(one.typical_days, *one.typical_limits),
        "" if mean is None else say_limited(mean, say_days),
    )


def _limited(at: float | None, low: float | None, high: float | None) -> str:
    if at is None:
        return "not reached"
    if low == at == high:
        return say_days(at)
    return f"{say_days(at)} ({'?' if low is None else f'{low:g}'} to {'?' if high is None else f'{high:g}'})"


def _cohorts(won: Series, width: int) -> Iterator[str]:
    horizon = say_days(won.within_days)
    yield from paragraph(f"won within {horizon}, by when deals began", width, "Began     ")
    rows = [_cohort(one, won.every) for one in won.cohorts[-SHOWN:]]
    yield from table((won.every.capitalize(), "Deals", "Won", "Share", "95 % limits", ""), rows, width)


def _cohort(one: Cohort, every: Every) -> tuple[object, ...]:
    share = one.estimate
    told = ("", "") if share is None else (say_percent(share.estimate), say_range(share, say_percent))
    return (say_period(one.begins, every), one.n, one.happened, *told, "" if one.mature else "still coming in")


def say_period(begins: date, every: Every) -> str:
    """Name a period by its first day."""
    if every == "quarter":
        return f"{begins.year} Q{(begins.month + 2) // 3}"
    return f"{begins:%Y-%m}" if every == "month" else begins.isoformat()


def told_changes(found: WholeProcess) -> list[SeriesChange]:
    """Return the changes that are more than chance, the surest first."""
    return sorted((one for one in found.changes if one.q <= TOLD), key=lambda one: one.q)


def say_changes(found: WholeProcess) -> str:
    """Say what changed for good, and since when."""
    if not found.changes:
        return "too few periods are complete to look for a change."
    told = told_changes(found)
    looked = f"{len(found.changes)} series of {found.every}s looked at, shuffled periods"
    if not told:
        least = min(found.changes, key=lambda one: one.p)
        return f"none beyond chance ({looked}; the surest has q = {least.q:.2g})."
    said = [say_change(one, found.every) for one in told]
    return f"{say_list(said, 3)} ({looked})."


def say_change(one: SeriesChange, every: Every) -> str:
    """Say one change."""
    say = say_days if one.measure == "days in stage" else say_percent
    what = {
        "won": f"the share won within {say_days(one.within_days)}",
        "went on": f"the share that goes on from {one.stage} within {say_days(one.within_days)}",
        "days in stage": f"the mean stay in {one.stage}",
    }[one.measure]
    since = say_period(one.since, every)
    return f"{what} went from {say(one.before)} to {say(one.after)} with the {every} of {since} (q = {one.q:.2g})"


def say_owners(found: OwnerSpread) -> str:
    """Say how owners differ beyond chance, and where the likely shares lie."""
    told = (
        f"of {say_count(found.owners, 'owner')} with {found.deals:,} deals,"
        f" {say_percent(found.not_chance)} of the spread of their shares won is more than chance (I squared; p ="
        f" {found.p:.2g}); true shares vary by {100 * found.deviation:.1f} points around {say_percent(found.share)}"
    )
    if found.deviation <= 0:
        return f"{told}: the process repeats itself across people."
    first, last = found.likely[:OWNERS_TOLD], found.likely[-OWNERS_TOLD:]
    named = first if len(found.likely) <= OWNERS_TOLD else (*first[:1], *last[-1:])
    ends = [
        f"{owner} {say_percent(share.estimate)} ({say_range(share, say_percent)}, {deals:,} deals)"
        for owner, deals, share in named
    ]
    return f"{told}. Likely, shrunk towards all: {'; '.join(ends)}."


def say_paths(found: PathStability) -> str:
    """Say whether deals still take the paths that most took."""
    return (
        f"the {found.top} most frequent paths of the older half held {say_percent(found.then.estimate)} of it and hold"
        f" {say_percent(found.now.estimate)} of the newer half (change"
        f" {100 * found.change.estimate:+.1f} points, 95 % limits {100 * found.change.low:+.1f} to"
        f" {100 * found.change.high:+.1f}; {found.deals:,} closed deals)."
    )


def say_velocity(found: Velocity) -> str:
    """Say what deals bring a day, and from which deals."""
    currency = f" {found.currency}" if found.currency else ""
    left_out = f"; {found.without_amount:,} without an amount left out" if found.without_amount else ""
    return (
        f"deals that began from {found.since} to {found.until} bring {found.begun_per_day:,.0f}{currency} for each day"
        f" of that time. Sales velocity, as if all were worked on at once, is {found.per_day:,.0f}{currency} a day:"
        f" {found.deals:,} deals x {found.mean_amount:,.0f} x"
        f" {say_percent(found.win_share.estimate)} won / {say_days(found.lead_days)}, each followed for"
        f" {say_days(found.within_days)}{left_out}."
    )
