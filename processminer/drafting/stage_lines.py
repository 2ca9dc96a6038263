"""The lines of a draft that say a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.drafting.role_lines import doer_lines, owner_lines
from processminer.drafting.saying import as_limit, as_share, between, counted, named
from processminer.drafting.shape import WON
from processminer.engines.yaml_text import dump, dump_text
from processminer.estimates.advance import ENOUGH_ADVANCED, SHARE
from processminer.statistics.proportions import wilson
from processminer.words import say_count, say_days, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.drafting.evidence import Evidence
    from processminer.drafting.shape import Neighbours, Step
    from processminer.estimates.advance import AdvanceTime


def stage_lines(evidence: Evidence, at: int) -> Iterator[str]:
    """Yield the lines of the stage at a place of the order, each with what it rests on."""
    step = evidence.shape.steps[at]
    before = evidence.shape.steps[at - 1] if at else None
    yield from _order_lines(step, before)
    yield f"  - name: {dump_text(step.name)}  # {_visits(step, before)}"
    if step.spellings:
        yield f"    aliases: {dump(list(step.spellings))}  # other spellings in the log"
    yield from owner_lines(evidence.owners, step.name)
    wins = evidence.wins.get(step.name)
    if evidence.shape.won_deals and wins is not None:
        yield (
            f"    probability: {as_share(wins.won.estimate)}  # {between(wins.won)}, n ="
            f" {say_count(wins.deals, 'deal')} that entered ({wins.open:,} still open), won within"
            f" {say_days(wins.within_days)}"
        )
    if step.optional:
        yield f"    optional: true{_how_optional(step)}"
    if step.name in evidence.times:
        yield from _limit_lines(evidence.times[step.name])
    yield from _move_lines(evidence, step)
    yield from _task_lines(evidence, step.name)


def _visits(step: Step, before: Step | None) -> str:
    """Say how many won deals were there, and how sure it is that they came from the stage above."""
    if not step.won_deals:
        return "no won deal was here"
    said = f"{say_share(step.came, step.due)} won deals"
    if step.due == step.won_deals:
        said = f"all {say_count(step.due, 'won deal')}"
    elif step.came < step.won_deals:
        said = f"{step.won_deals:,} won deals; {say_share(step.came, step.due)} of those that began no later"
    if before is None or step.behind is None or not _in_order(step.behind):
        return said
    return f"{said}; after {named(before.name)} in {say_share(step.behind.in_order, step.behind.both)} with both"


def _in_order(behind: Neighbours) -> bool:
    """Tell whether the data decide that deals come to the one stage before the other."""
    return wilson(behind.in_order, behind.both).low > 0.5


def _how_optional(step: Step) -> str:
    """Say how near a stage is to being required."""
    return f"  # {between(wilson(step.came, step.due))} of won deals pass through it" if step.due else ""


def _order_lines(step: Step, before: Step | None) -> Iterator[str]:
    """Say where the data do not decide which of two neighbours comes first."""
    behind = step.behind
    if before is None or behind is None or not step.won_deals or _in_order(behind):
        return
    first, second = named(before.name), named(step.name)
    if not behind.both:
        yield f"  # Whether {first} or {second} comes first is not decided: no won deal was in both."
        return
    came = f"{counted(behind.in_order, behind.both)} won deals with both came to {first} first"
    if wilson(behind.in_order, behind.both).high < 0.5:
        yield f"  # {first} stands before {second} since most moves lead that way, although only {came}."
    else:
        yield f"  # Whether {first} or {second} comes first is not decided: {came}."


def _limit_lines(time: AdvanceTime) -> Iterator[str]:
    counts = f"n = {time.advanced:,} that went on, {time.open:,} still there"
    if time.days is not None:
        yield f"    time_limit: {as_limit(time.days)}  # {say_days(time.days)}{_range(time)}, {counts}"
    elif time.stays == 0:
        yield "    # No time limit: no stay has a length, as deals are moved on at once or by clean-ups."
    elif time.advanced < ENOUGH_ADVANCED:
        yield f"    # No time limit: {counts}; {time.needed:,} more that go on would show one."
    else:
        yield (
            f"    # No time limit: {counts}, and {say_percent(time.staying)} of the stays last longer than"
            f" {say_days(time.followed_days)}, further than enough of them could be followed;"
            f" at least {time.needed:,} of these must end before it shows within what time {say_percent(SHARE)} go on."
        )


def _range(time: AdvanceTime) -> str:
    low, high = say_days(time.low), say_days(time.high)
    if time.high is None:
        return f" ({low} or longer)"
    return f" ({low} to {high})" if low != high else ""


def _move_lines(evidence: Evidence, step: Step) -> Iterator[str]:
    here = "won deals that were here"
    if step.may_start:
        yield f"    may_start: true  # {counted(step.begun, evidence.shape.won_deals)} won deals begin here"
    won = next(iter(evidence.ends.won), WON)
    for key, moves in (("may_skip_to", step.skips), ("may_return_to", step.returns)):
        told = {won if other == WON else other: deals for other, deals in moves.items()}
        if told:
            yield f"    {key}:"
        for other, deals in told.items():
            yield f"      - {dump_text(other)}  # {counted(deals, step.won_deals)} {here}"


def _task_lines(evidence: Evidence, stage: str) -> Iterator[str]:
    habits = evidence.habits.get(stage, ())
    if habits:
        yield "    tasks:"
    for habit in habits:
        task = habit.task
        yield f"      - do: {dump_text(task.name)}  # {counted(task.deals, habit.reached)} won deals that were here"
        yield from doer_lines(evidence.owners, task.name, stage)
        if habit.optional:
            yield "        optional: true"
        if habit.times > 1:
            whom = "of those that did it" if habit.optional else "of them"
            base = task.deals if habit.optional else habit.reached
            yield f"        times: {habit.times}  # {say_share(habit.so_often, base)} {whom} so often or more"
        moment = f"usually {say_days(task.median_days)} after entering"
        share = f"{say_percent(task.deals / task.anywhere)} of the won deals with one had it here"
        yield f"        seen_as: {dump([task.name])}  # {moment}; {share}"
