"""A stage in which deals are kept although their chance is gone says when they are given up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.estimates.flow.what_if import given_up_after, what_if
from processminer.findings.family import gives_up
from processminer.playbook.edits import Edit
from processminer.playbook.values import read_days
from processminer.revisions.kinds.lengths import write_days
from processminer.revisions.revision import Belief, Revision
from processminer.statistics.interval import Interval
from processminer.statistics.semi_markov import visits
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.estimates.flow.give_up import GiveUp
    from processminer.estimates.flow.model import FlowModel
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground

NOBODY = "nobody gives a deal up earlier than now"


def give_up_rule(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the age at which a deal promises less a day than a new one, rounded up.

    A time limit beyond that age comes down to it. None where the deals seen do not fix the age: more than one resample
    in forty comes to none.
    """
    facts = ground.facts
    stage = facts.playbook.stage(finding.subject)
    one = None if stage is None else facts.give_up(stage)
    if stage is None or one is None or not math.isfinite(one.days.high):
        return None
    model = flow_model(facts.discovery.log, MOST_DAYS)
    written = write_days(one.days.estimate)
    effect: Mapping[str, Interval] = {} if model is None else _effect(model, one, read_days(written))
    return Revision(
        id="",
        kind="give-up-rule",
        subject=stage.name,
        grade="B",
        because=(finding.id,),
        n=one.stays,
        q=facts.family.rate(gives_up(one)),
        effect=effect,
        beliefs=_beliefs(stage, written) if effect else {},
        population=f"the deals that come to {stage.name}, followed for {MOST_DAYS:.0f} days from their begin",
        why=_why(stage, one, written),
        losers=_losers(one, written),
        refutation=(
            f"Of the deals that would have been given up and are kept for the trial, more than"
            f" {say_percent(max(one.chance.high, 0.01))} are won within {say_days(one.within_days)}."
        ),
        trial=(
            f"Close deals in {stage.name} after {written} in every second team, drawn by lot. Count for two quarters"
            " how many of those that the others keep are won, and what the teams that close them begin instead."
        ),
        edits=tuple(_edits(stage, written)),
        diff="",
        examples=one.examples,
    )


def _edits(stage: Stage, written: str) -> Iterator[Edit]:
    path = ("stages", stage.name)
    if stage.time_limit is not None and stage.time_limit > read_days(written):
        yield Edit("set", (*path, "time_limit"), value=written)
    if stage.warn_after is not None and stage.warn_after >= read_days(written):
        yield Edit("remove", (*path, "warn_after"))
    yield Edit("set", (*path, "close_after"), value=written)


def _effect(model: FlowModel, one: GiveUp, days: float) -> Mapping[str, Interval]:
    """Return what changes if all deals of that age are given up; the ranges reach to nobody doing so."""
    (end, *_) = what_if(model, [given_up_after(model, one.stage, days)]).ends
    at = model.stages.index(one.stage)
    often = visits(model.observed)
    stays = float(model.starts @ often[:, at])
    come = min(1.0, stays / float(often[at, at]))
    # That none was won later is no proof that none ever is: the rule of three.
    unseen = stays * one.still_there * (1 - 0.05 ** (1 / max(1, one.stays)))
    lost = min(0.0, end.win_share.estimate)
    overall = Interval(lost, min(end.win_share.low, lost - unseen), 0.0)
    return {
        "win_rate": Interval(overall.estimate / come, overall.low / come, 0.0),
        "won_cycle_days": Interval(end.won_days.estimate, min(end.won_days.low, 0.0), max(end.won_days.high, 0.0)),
        "win_rate_overall": overall,
    }


def _beliefs(stage: Stage, written: str) -> Mapping[str, Belief]:
    all_given_up = f"every deal is closed after {written} in {stage.name}"
    wins = Belief(
        low=f"{all_given_up}, and the time that this frees wins no other deal",
        high=f"{NOBODY}, or what is freed wins as many deals as are given up",
    )
    return {
        "win_rate": wins,
        "win_rate_overall": wins,
        "won_cycle_days": Belief(
            low=f"{all_given_up}: the slowest wins are no longer among those that are counted", high=NOBODY
        ),
    }


def _why(stage: Stage, one: GiveUp, written: str) -> str:
    age = f"{one.days.estimate:.0f} days (95 % limits {one.days.low:.0f} to {one.days.high:.0f})"
    held = (
        "a day of it costs more than any span of days still promises"
        if one.basis == "cost"
        else "no span of further days promises as many wins a day as a new deal does from begin to end"
    )
    return (
        f"After {age} in {stage.name} a deal has {say_percent(one.chance.estimate)} left of a chance that was"
        f" {say_percent(one.fresh)}, and {held}. {say_percent(one.still_there)} of the stays get there, and"
        f" {say_percent(one.days_beyond)} of all days in the stage lie beyond: with `close_after: {written}` they are"
        " free for other deals."
    )


def _losers(one: GiveUp, written: str) -> str:
    if not one.won_later:
        return f"None of the deals that stayed longer was won so far; the first that would be after {written} is lost."
    worth = "" if one.value_later is None else f", worth {one.value_later:,.0f}"
    money = "" if one.value_later is None or one.currency is None else f" {one.currency}"
    return (
        f"{say_count(one.won_later, 'deal')} stayed longer than {say_days(one.days.estimate)} and"
        f" {'was' if one.won_later == 1 else 'were'} won all the same{worth}{money}: what they had in common is to be"
        " looked at before deals like them are given up."
    )
