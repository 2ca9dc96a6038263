"""Whether a step may be left to people's judgement: what the comparison shows, and how many deals would show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.comparison import say_points
from processminer.findings.family import MARGIN, comparable
from processminer.revisions.revision import Undecided
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import needed_units, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from processminer.estimates.estimates import Practice
    from processminer.findings.finding import Finding
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind

_POWER = 0.8416
"""Standard errors for 80 % power."""


def undecided(
    kind: RevisionKind, finding: Finding, practice: Practice | None, ground: Ground, *, proof: float
) -> Undecided:
    """Return that the log cannot tell whether a step is dispensable, with the deals that would (at level `proof`)."""
    if practice is None or practice.adjusted is None:
        why = (
            "cannot be compared from one moment in this log"
            if practice is None
            else f"were not alike enough to be compared: {practice.strata}"
        )
        because = (
            f"Deals with and without '{finding.subject}' {why}; a trial of so many deals would tell ({finding.id})."
        )
        return Undecided(kind, finding.subject, _needed_blind(finding, ground), because)
    because = f"{_doubt(practice, practice.adjusted)} ({finding.id})."
    return Undecided(kind, finding.subject, _needed(practice, proof / max(1, len(ground.dispensable))), because)


@dataclass(frozen=True, slots=True)
class Proof:
    """A comparison that shows a step to be dispensable."""

    practice: Practice
    adjusted: Interval
    q: float


def proof_of(
    kind: RevisionKind, finding: Finding, ground: Ground, *, proof: float, enough: Callable[[Interval, float], bool]
) -> Proof | Undecided | None:
    """Return the comparison if it is proof `enough`, None where the step is shown to help, else that none can tell."""
    practice, q = ground.practice(finding), ground.dispensable.get(finding.id)
    if practice is None or practice.adjusted is None or q is None:
        return undecided(kind, finding, practice, ground, proof=proof)
    if practice.adjusted.low > 0:
        return None
    if not enough(practice.adjusted, q):
        return undecided(kind, finding, practice, ground, proof=proof)
    return Proof(practice, practice.adjusted, q)


def _doubt(practice: Practice, adjusted: Interval) -> str:
    """Say what keeps a comparison from being a proof."""
    found = (
        f"Doing it changes the share of deals won by {say_points(adjusted.low)} to {say_points(adjusted.high)} points"
        f" (95 % limits, {practice.done:,} deals that did against {practice.skipped:,} that did not)"
    )
    if not comparable(practice):
        return f"{found}, and {min(practice.done, practice.skipped)} deals on one side are too few to rely on that"
    if adjusted.high < MARGIN:
        return f"{found}, and beside the other steps that were tested this may be chance"
    return f"{found}: it may be worth {MARGIN * 100:.0f} points or more, or nothing"


def say_proof(practice: Practice, adjusted: Interval) -> str:
    """Say the comparison that shows a step to be dispensable, and what it means for all deals if it is left out."""
    effect = left_out_by_all(practice, adjusted)
    return (
        f"Compared from {practice.moment}: {practice.strata}. The share won of {practice.done:,} deals that did it"
        f" differs from that of {practice.skipped:,} that did not by {say_points(adjusted.estimate)} points (95 %"
        f" limits {say_points(adjusted.low)} to {say_points(adjusted.high)}): it adds less than"
        f" {MARGIN * 100:.0f} points. {say_effect('left it out', effect)} This is an observation, not an experiment."
    )


def everybody(practice: Practice, difference: Interval, changing: int) -> Interval:
    """Return the change in the share won of all compared deals if the `changing` ones among them changed sides."""
    part = changing / (practice.done + practice.skipped)
    return Interval(difference.estimate * part, difference.low * part, difference.high * part)


def left_out_by_all(practice: Practice, adjusted: Interval) -> Interval:
    """Return the change in the share won of all compared deals if those that do the step left it out."""
    turned = Interval(0.0 - adjusted.estimate, 0.0 - adjusted.high, 0.0 - adjusted.low)
    return everybody(practice, turned, practice.done)


def say_effect(changed: str, effect: Interval) -> str:
    """Say what it would mean at most if every deal `changed` its way."""
    return (
        f"If every deal {changed}, the share won of the deals that come to this decision would change by"
        f" {say_points(effect.estimate)} points ({say_points(effect.low)} to {say_points(effect.high)}); if nobody does"
        " anything new, by nothing."
    )


def _needed(practice: Practice, proof: float) -> int:
    """Return the deals that would settle it; where those are there already, more of them narrow the limits."""
    both = practice.done + practice.skipped
    if practice.needed_deals > both or practice.adjusted is None:
        return practice.needed_deals
    error = (practice.adjusted.high - practice.adjusted.low) / 2 / normal_quantile(0.95)
    gap = max(abs(practice.adjusted.estimate), MARGIN - practice.adjusted.estimate)
    return math.ceil(both * ((normal_quantile(1 - 2 * proof) + _POWER) * error / gap) ** 2)


def _needed_blind(finding: Finding, ground: Ground) -> int:
    """Return the deals that would settle it, from the general win rate and the share that leaves the step out."""
    base = ground.facts.estimates.win_rate.rate.estimate
    left_out = finding.evidence.n / finding.evidence.of
    return needed_units(base, MARGIN, min(max(left_out, 0.05), 0.95))
