"""What an audit would propose next, if the log held enough deals to tell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.findings.comparison import say_points
from processminer.findings.conditions_judged import asked_at, leans
from processminer.findings.family import MARGIN
from processminer.findings.standing import standing_of
from processminer.revisions.revision import Undecided
from processminer.statistics.proportions import needed_units, wilson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.effects.trial import Effect
    from processminer.findings.facts import Facts
    from processminer.revisions.revision import RevisionKind

MOST = 3
"""What is nearest to be told; a longer list would read like advice."""

SHORT = 0.1
"""Of the deals that go on, so many must lack a field or task: what hardly any lacks needs no criterion."""

_KINDS: dict[tuple[str, str], RevisionKind] = {
    ("stage", "optional"): "require-stage",
    ("task", "optional"): "require-task",
    ("task", "not in the playbook"): "add-task",
}


def open_questions(facts: Facts) -> tuple[Undecided, ...]:
    """Return the steps that nobody has to take and of which a gain of `MARGIN` can neither be shown nor ruled out.

    So are activities that the playbook does not know, and fields and tasks that nobody asks for, where deals that
    lacked them seem to fare worse, unless that is shown.
    Those that the fewest further deals would settle come first. A step whose limits already leave less than that, or
    whose deals were never alike, is left out: more deals would change nothing.
    """
    found = sorted((*_open(facts), *_lacking(facts)), key=lambda one: (one.needed_deals, one.kind, one.subject))
    return tuple(found[:MOST])


def _open(facts: Facts) -> Iterator[Undecided]:
    for effect in facts.estimates.effects:
        standing = standing_of(effect.trial, facts.playbook)
        kind = None if standing is None else _KINDS.get((effect.trial.kind, standing))
        if kind == "add-task" and not _leans(effect):
            continue
        needed = None if kind is None or effect.screams else _needed(effect, facts)
        if kind is not None and needed is not None and needed > effect.deals:
            yield Undecided(kind, effect.trial.subject, needed, _because(effect))


def _leans(effect: Effect) -> bool:
    """Tell whether deals seem to fare better with it: what the playbook does not know is not asked about without."""
    return effect.found is not None and effect.found.interval.low > 0


def _lacking(facts: Facts) -> Iterator[Undecided]:
    """Yield the stages that a field or task may have to be asked for in; a trial that draws lots would tell."""
    for condition in facts.estimates.conduct.conditions:
        stage, effect = facts.declared(condition.stage), leans(condition, facts)
        if stage is None or effect is None or effect.found is None or asked_at(condition, facts) is not None:
            continue
        if wilson(condition.unmet, condition.met + condition.unmet).low <= SHORT:
            continue
        base, limits = min(max(effect.found.without, MARGIN), 1 - MARGIN), effect.found.interval
        what = "won" if limits.estimate > 0 else f"back in '{stage.name}'"
        yield Undecided(
            "add-exit-criterion",
            stage.name,
            max(effect.needed_deals(MARGIN) or 0, needed_units(base, MARGIN)),
            f"Compared from {effect.trial.moment}, the share of deals {what} differs by {say_points(limits.low)} to"
            f" {say_points(limits.high)} points with '{condition.name}' (95 % limits), which may be chance, or a"
            " feeling for deals.",
        )


def _needed(effect: Effect, facts: Facts) -> int | None:
    """Return the deals that would settle it; None where nothing is open, or more deals would not help."""
    if effect.found is not None:
        limits = effect.found.interval
        return effect.needed_deals(MARGIN) if limits.low < MARGIN < limits.high else None
    base = facts.estimates.win_rate.rate.estimate
    if not effect.too_few or not MARGIN < base < 1 - MARGIN:
        return None
    smaller = min(effect.acted.deals, effect.did_not.deals) / effect.deals
    return needed_units(base, MARGIN, smaller) if math.isfinite(base) and smaller > 0 else None


def _because(effect: Effect) -> str:
    both = f"{effect.acted.deals:,} deals that did it against {effect.did_not.deals:,} that did not"
    if effect.found is None:
        return f"Too few to compare, from {effect.trial.moment}: {both}."
    limits = effect.found.interval
    return (
        f"Compared from {effect.trial.moment}, it changes the share of deals won by {say_points(limits.low)} to"
        f" {say_points(limits.high)} points (95 % limits, {both}): {MARGIN * 100:.0f} points or more, or nothing."
    )
