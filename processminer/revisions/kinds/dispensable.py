"""Whether a step may be left to people's judgement: what the comparison shows, and how many deals would show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.comparison import grade_of, say_held, say_parts, say_points, say_who
from processminer.findings.family import MARGIN
from processminer.revisions.revision import Undecided
from processminer.statistics.proportions import needed_units, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from processminer.estimates.effects.trial import Adjusted, Effect
    from processminer.findings.finding import Finding, Grade
    from processminer.revisions.ground import Ground
    from processminer.revisions.revision import RevisionKind
    from processminer.statistics.interval import Interval

_POWER = 0.8416
"""Standard errors for 80 % power."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A comparison that shows a step to be dispensable."""

    effect: Effect
    adjusted: Adjusted
    """What it rests on."""
    q: float
    grade: Grade


def proof_of(
    kind: RevisionKind, finding: Finding, ground: Ground, *, proof: float, enough: Callable[[Interval, float], bool]
) -> Proof | Undecided | None:
    """Return the comparison if it is proof `enough`, None where the step is shown to help, else that none can tell."""
    effect = ground.effect(finding)
    q = None if effect is None else ground.dispensable(effect)
    if effect is None or effect.found is None or q is None:
        return _undecided(kind, finding, effect, ground, proof)
    limits = effect.found.interval
    if limits.low > 0:
        return None
    # That nothing is lost without the step may be the merit of the deals, or of the owners, that go without.
    if not enough(limits, q) or effect.screams or effect.by_owner:
        return _undecided(kind, finding, effect, ground, proof)
    # That a step adds less than the margin is proved by its own test; only a difference can be graded higher.
    grade: Grade = "A" if grade_of(effect, ground.facts.family) == "A" else "B"
    return Proof(effect, effect.found, q, grade)


def _undecided(kind: RevisionKind, finding: Finding, effect: Effect | None, ground: Ground, proof: float) -> Undecided:
    """Return that the log cannot tell whether a step is dispensable, with the deals that would (at level `proof`)."""
    if effect is None or effect.found is None:
        why = (
            "cannot be compared from one moment in this log"
            if effect is None
            else f"could not be compared: {effect.refused}"
        )
        because = (
            f"Deals with and without '{finding.subject}' {why}; a trial of so many deals would tell ({finding.id})."
        )
        return Undecided(kind, finding.subject, _needed_blind(finding, ground), because)
    because = f"{_doubt(effect, effect.found.interval)} ({finding.id})."
    return Undecided(kind, finding.subject, _needed(effect, effect.found, proof / max(1, ground.tests)), because)


def _doubt(effect: Effect, limits: Interval) -> str:
    """Say what keeps a comparison from being a proof."""
    found = (
        f"Doing it changes the share of deals won by {say_points(limits.low)} to {say_points(limits.high)} points"
        f" (95 % limits, {effect.acted.deals:,} deals that did against {effect.did_not.deals:,} that did not)"
    )
    if effect.screams:
        return f"{found}, but the deals differed already before the moment, in how long they were in their first stage"
    if effect.by_owner:
        return f"{found}, but owners decide on it, and those who leave it out may just be the better sellers"
    if limits.high < MARGIN:
        return f"{found}, and beside the other steps that were tested this may be chance"
    return f"{found}: it may be worth {MARGIN * 100:.0f} points or more, or nothing"


def say_proof(proved: Proof) -> str:
    """Say the comparison that shows a step to be dispensable."""
    effect, limits = proved.effect, proved.adjusted.interval
    return (
        f"Compared from {effect.trial.moment}, {say_held(effect)}: the share won of {effect.acted.deals:,} deals that"
        f" did it differs from that of {effect.did_not.deals:,} that did not by {say_points(limits.estimate)} points"
        f" (95 % limits {say_points(limits.low)} to {say_points(limits.high)}). What is tested is"
        f" whether it adds {MARGIN * 100:.0f} points or more, as a step has to that people must take: it adds less."
        f"{_whole_log(effect)} This is an observation, not an experiment."
    )


def _whole_log(effect: Effect) -> str:
    if effect.split:
        return " The older deals found it; what is predicted rests on the newest."
    return " The deals were too few to find it among the older and tell it by the newest: all of them do both."


def say_losers(effect: Effect) -> str:
    """Say for which deals the step does most, and in what those that leave it out differ, as far as it is known."""
    return " ".join(one for one in (say_parts(effect, helps=True), say_who(effect)) if one)


def _needed(effect: Effect, found: Adjusted, proof: float) -> int:
    """Return the deals that would settle it; where those are there already, more of them narrow the limits."""
    needed = effect.needed_deals(MARGIN)
    if needed is not None and needed > effect.deals:
        return needed
    gap = max(abs(found.difference.value), MARGIN - found.difference.value)
    error = found.difference.error
    return max(
        effect.deals + 1, math.ceil(effect.deals * ((normal_quantile(1 - 2 * proof) + _POWER) * error / gap) ** 2)
    )


def _needed_blind(finding: Finding, ground: Ground) -> int:
    """Return the deals that would settle it, from the general win rate and the share that leaves the step out."""
    base = ground.facts.estimates.win_rate.rate.estimate
    left_out = finding.evidence.n / finding.evidence.of
    return needed_units(base, MARGIN, min(max(left_out, 0.05), 0.95))
