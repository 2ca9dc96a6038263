"""Whether a step may be left to people's judgement: what the comparison shows, and how many deals would show it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.revisions.ground import MARGIN
from processminer.revisions.revision import Undecided
from processminer.statistics.proportions import needed_units, normal_quantile

if TYPE_CHECKING:
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
        because = (
            f"No deals that did and did not go through '{finding.subject}' could be compared from one moment"
            f" ({finding.id})."
        )
        return Undecided(kind, finding.subject, _needed_blind(finding, ground), because)
    low, high = practice.adjusted.low * 100, practice.adjusted.high * 100
    because = (
        f"Doing it changes the share of deals won by {low:+.1f} to {high:+.1f} points (95 % limits, {practice.done:,}"
        f" deals that did against {practice.skipped:,} that did not): it may be worth {MARGIN * 100:.0f} points or"
        f" more, or nothing ({finding.id})."
    )
    return Undecided(kind, finding.subject, _needed(practice, proof / max(1, len(ground.dispensable))), because)


def say_proof(practice: Practice) -> str:
    """Say the comparison that shows a step to be dispensable; its adjusted difference must be there."""
    if practice.adjusted is None:
        return ""
    points = practice.adjusted
    return (
        f"Compared from {practice.moment} within {practice.strata}, {practice.done:,} deals that did it were won"
        f" {points.estimate * 100:+.1f} points more or less often than {practice.skipped:,} that did not (95 % limits"
        f" {points.low * 100:+.1f} to {points.high * 100:+.1f}): it adds less than {MARGIN * 100:.0f} points. This is"
        " an observation, not an experiment."
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
