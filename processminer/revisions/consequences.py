"""What a change of the share won means for days and for money: the other measures that a proposal promises."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.estimates.flow.what_if import stage_removed, what_if
from processminer.findings.facts import names_of
from processminer.log.names import fold
from processminer.revisions.revision import Belief
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from processminer.estimates.flow.model import FlowModel
    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.revision import Revision, RevisionKind

SPARED: frozenset[RevisionKind] = frozenset({"make-stage-optional", "remove-stage"})
"""Kinds by which deals may leave a stage out, and are spared the days in it."""

ENOUGH_WON = 10
"""With fewer won deals of known amount, their mean says nothing."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a won deal is worth on average, in the currency of most deals, with its limits."""

    mean: Interval
    currency: str | None


def with_consequences(revisions: Iterable[Revision], facts: Facts) -> tuple[Revision, ...]:
    """Return the revisions with the change of days and of value that follows from what each promises of wins.

    Measures that a revision brings itself stay; one that promises nothing gets nothing.
    """
    drafts = tuple(revisions)
    promising = [one for one in drafts if one.effect]
    if not promising:
        return drafts
    worth = worth_of_a_win(facts) if any("win_rate" in one.effect for one in promising) else None
    spared = any(one.kind in SPARED and "won_cycle_days" not in one.effect for one in promising)
    model = flow_model(facts.discovery.log, MOST_DAYS) if spared else None
    return tuple(_extended(one, facts, worth, model) if one.effect else one for one in drafts)


def _extended(one: Revision, facts: Facts, worth: Worth | None, model: FlowModel | None) -> Revision:
    effect, beliefs = dict(one.effect), dict(one.beliefs)
    for measure, told in _told(one, facts, worth, model):
        if measure not in effect:
            effect[measure], beliefs[measure] = told
    return replace(one, effect=effect, beliefs=beliefs)


def _told(
    one: Revision, facts: Facts, worth: Worth | None, model: FlowModel | None
) -> Iterator[tuple[str, tuple[Interval, Belief]]]:
    stage = facts.playbook.stage(one.subject)
    if one.kind in SPARED and model is not None and stage is not None:
        days = won_days_without(stage, facts, model)
        if days is not None:
            yield "won_cycle_days", days
    if worth is not None and "win_rate_overall" in one.effect:
        yield "value", value_of(one.effect["win_rate_overall"], 1, worth, 1)
    elif worth is not None and "win_rate" in one.effect:
        yield "value", value_of(one.effect["win_rate"], one.n, worth, facts.discovery.totals.deals)


def won_days_without(stage: Stage, facts: Facts, model: FlowModel) -> tuple[Interval, Belief] | None:
    """Return the change of the mean days from begin to win if deals leave a stage out, from none of them to all.

    Who is lost in the stage may be lost without it as well, or be won like the others: both ends are in the range, with
    the limits of resampled deals. None where no deal was timed in the stage.
    """
    names = [name for name in model.stages if fold(name) in names_of(stage)]
    if not names:
        return None
    order = [one.name for one in facts.discovery.log.stages]
    found = what_if(model, [stage_removed(model, order, name) for name in names])
    ends = [end.won_days for end in found.ends]
    middle = sum(end.estimate for end in ends) / len(ends)
    return _with_none(Interval(middle, min(end.low for end in ends), max(end.high for end in ends))), Belief(
        low=f"every deal leaves {stage.name} out, and no other stage takes longer for it",
        high="nobody does anything new",
    )


def value_of(wins: Interval, deals: int, worth: Worth, of: int) -> tuple[Interval, Belief]:
    """Return the change of the value that a new deal brings on average, in the currency of `worth`.

    `wins` is the change of the share won of `deals`, of `of` in all: as many of the new ones come to the change. Won
    deals are taken to be worth as much as before; each limit is told with the limit of their worth that widens it.
    """
    part = min(1.0, deals / of) if of else 0.0
    mean = worth.mean
    low = wins.low * (mean.high if wins.low < 0 else mean.low)
    high = wins.high * (mean.high if wins.high > 0 else mean.low)
    currency = f" {worth.currency}" if worth.currency else ""
    told = f"won deals are worth {mean.low:,.0f} to {mean.high:,.0f}{currency} on average, as before, and the share won"
    return _with_none(Interval(wins.estimate * mean.estimate * part, low * part, high * part)), Belief(
        low=f"{told} changes as at its lower end", high=f"{told} changes as at its upper end"
    )


def worth_of_a_win(facts: Facts) -> Worth | None:
    """Return the mean amount of won deals (normal limits); None where too few have one above nothing."""
    log = facts.discovery.log
    query = read_sql("processminer.revisions", "won_amounts.sql")
    rows: Sequence[tuple[str | None, int, float, float]] = log.relations.rows(query)
    for currency, won, mean, error in rows:
        if won >= ENOUGH_WON and mean > 0:
            half = normal_quantile(0.95) * error
            return Worth(Interval(mean, max(0.0, mean - half), mean + half), currency)
    return None


def _with_none(change: Interval) -> Interval:
    """Return a range that holds no change as well: what happens if nobody does anything new."""
    return Interval(change.estimate, min(change.low, 0.0), max(change.high, 0.0))
