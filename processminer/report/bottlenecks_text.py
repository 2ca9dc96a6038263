"""Where deals wait, for a terminal: lengths of stays, what faster stages would gain, and groups beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.group_times import SURE
from processminer.report.gains import NOT_KNOWN, longest_stage, say_longest
from processminer.report.listing import paragraph, table
from processminer.report.over_time_text import render_whole
from processminer.report.process_text import say_late
from processminer.report.queue_text import render_queue, say_limited
from processminer.report.telling import exists, say_date, say_range, say_signed
from processminer.report.waiting_text import render_causes, render_silences
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.estimates.bottlenecks import Bottlenecks
    from processminer.estimates.figures import StageGain, StageTime
    from processminer.estimates.flow.backtest import Change
    from processminer.estimates.group_times import GroupTimes, StageGroups


LEAST_Q = 0.0001
"""Smaller rates say no more."""

CHANGES_TOLD = 3
"""The surest; more are not read."""

NOTHING = 0.0005
"""A gain of the share won that is told as 0.0 points."""


def render_bottlenecks(found: Bottlenecks, *, over_time: bool = False, width: int = 100) -> str:
    """Return where deals wait as text, the stages in order, then by gain, then as queues; the rest if it is wanted."""
    totals, times = found.discovery.totals, found.estimates.stages
    standing = f"{totals.won:,} won, {totals.lost:,} lost, {totals.open:,} open"
    as_of = say_date(found.discovery.log.as_of)
    lines = [f"{say_count(totals.deals, 'deal')}: {standing}, as of {as_of}", ""]
    titles = ("Stage", "Deals", "Now", "Mean (95 % limits)", "Up to", "Median", "9 in 10")
    lines += table(titles, [_lengths(time) for time in times], width)
    if late := say_late(times):
        lines += paragraph(late, width, "Late      ")
    parts = (
        _gained(found, width),
        render_queue(found.queue, width),
        _changed(found.changes, width),
        render_silences(found.silences, width),
        render_causes(found.waits, width) if found.waits else paragraph(NOT_KNOWN, width, "Not known "),
        () if found.groups is None else _by_group(found.groups, width),
        render_whole(found.whole, width) if over_time else (),
    )
    lines += [line for part in map(list, parts) if part for line in ("", *part)]
    return "\n".join(lines) + "\n"


def _changed(changes: Sequence[Change], width: int) -> Iterator[str]:
    for change in changes[:CHANGES_TOLD]:
        yield from paragraph(say_change_lately(change), width, "Changed   ")
    if len(changes) > CHANGES_TOLD:
        yield f"... and {len(changes) - CHANGES_TOLD} more of such changes"


def _lengths(time: StageTime) -> tuple[object, ...]:
    mean = time.mean_days
    return (
        time.stage,
        time.deals,
        time.open,
        say_limited(mean, say_days) if exists(mean.estimate) else "not known",
        say_days(time.tau_days),
        say_days(time.median_days),
        say_days(time.p90_days),
    )


def _gained(found: Bottlenecks, width: int) -> list[str]:
    """Return the stages by what they would gain, and the longest one by itself."""
    gains, times = found.estimates.gains, {time.stage: time for time in found.estimates.stages}
    longest = longest_stage(found.estimates.stages)
    told = [] if longest is None else paragraph(say_longest(longest, gains[0] if gains else None), width, "Longest   ")
    if not gains:
        return ["No gain can be told: no deal was seen in a stage for any time.", *told]
    first = gains[0]
    head = (
        f"if deals went on from one stage at {first.times_faster:g} times the rate of now: points of the share of new"
        f" deals won within {say_days(first.within_days)} (now {say_percent(first.base)}), from"
        f" {say_count(first.deals, 'deal')}; how often a stage comes first among resampled deals; wins"
        f"{_currency(first)} that this adds a week; share of all deal days and of all losses. This is the"
        " most to expect: it takes deals to be lost there because they wait (what-if tells the least)"
    )
    rows = [
        (
            one.stage,
            say_signed(100 * one.gain.estimate),
            say_range(one.gain, lambda share: say_signed(100 * share)),
            say_percent(one.rank_1),
            "" if one.wins_a_week is None else say_signed(one.wins_a_week.estimate),
            "" if one.value is None else f"{one.value.a_week.estimate:,.0f}",
            say_percent(times[one.stage].share_of_deal_days) if one.stage in times else "",
            say_percent(times[one.stage].share_of_losses) if one.stage in times else "",
        )
        for one in gains
        if abs(one.gain.estimate) >= NOTHING
    ]
    nothing = len(gains) - len(rows)
    told = [*([f"... and {say_count(nothing, 'stage')} with less than 0.05 points"] if nothing else []), *told]
    titles = ("Stage", "Points", "95 % limits", "First", "Wins", "Value", "Days", "Losses")
    return [*paragraph(head, width, "Gain      "), *table(titles, rows, width), *told]


def _currency(gain: StageGain) -> str:
    if gain.value is None:
        return ""
    return f" and value ({gain.value.currency})" if gain.value.currency else " and value"


def say_change_lately(change: Change) -> str:
    """Say how deals have lately left a stage otherwise than before."""
    where = "" if change.stage is None else f" from {change.stage}"
    what = "are lost" if change.way == "lost" else "go on"
    return (
        f"in the last {change.days:g} days deals {what}{where} {change.ratio:.2g} times as often as before"
        f" ({change.observed:,} times, {change.expected:,.0f} expected; {_rate(change.q)}): figures of the whole log"
        " mix both times."
    )


def _rate(q: float) -> str:
    return f"q = {q:.2g}" if q >= LEAST_Q else f"q < {LEAST_Q:g}"


def _by_group(found: GroupTimes, width: int) -> Iterator[str]:
    closed = " (deals that went on and were closed since)" if found.by == "outcome" else ""
    within = f", compared within each {found.within}" if found.within else ""
    yield f"By {found.by}{closed}{within}"
    for stage in found.stages:
        yield ""
        yield from paragraph(_verdict(stage), width, "")
        rows = [
            (
                one.group,
                one.stays,
                one.open,
                one.went_on,
                say_days(one.mean_days.estimate),
                say_range(one.mean_days, say_days),
                say_days(one.median_days),
            )
            for one in stage.groups
        ]
        titles = (found.by.capitalize(), "Stays", "There now", "Went on", "Mean stay", "95 % limits", "Median")
        yield from table(titles, rows, width)


def _verdict(stage: StageGroups) -> str:
    head = f"{stage.stage}, means up to {say_days(stage.tau_days)}"
    if stage.test is None or stage.q is None:
        return f"{head}: nothing to compare."
    told = "go on at different rates" if stage.q <= SURE else "no difference in how fast they go on can be told"
    test = f"log-rank {stage.test.statistic:.1f}, {stage.test.freedom} d.f., p = {stage.test.p:.2g}"
    return f"{head}: {told} ({test}, q = {stage.q:.2g} over all stages)."
