"""Every test of one audit, corrected together: what one test would still prove beside all the others."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from processminer.statistics.multiplicity import adjusted_p_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from processminer.estimates.conditions.conditions import Condition
    from processminer.estimates.conditions.thresholds import Threshold
    from processminer.estimates.effects.trial import Effect, Trial
    from processminer.estimates.estimates import Estimates
    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.estimates.flow.give_up import GiveUp
    from processminer.estimates.flow.slowing import Slowing
    from processminer.estimates.tasks_compared.tasks_compared import Check
    from processminer.estimates.triage.triage import Triage
    from processminer.estimates.ways.ways import Way

    Tests: TypeAlias = Iterator[tuple[str, float]]

MARGIN = 0.05
"""A step is called dispensable only if it is shown to add less than five points to the share of deals won: below
that, what the step costs may well outweigh what it brings; to show less takes more deals than most teams have."""


HALF = 0.5
"""Of a new deal's chance: a deal that has more than that left is slow, and not dead."""


@dataclass(frozen=True, slots=True)
class Family:
    """The tests of one audit by name, each with the false discovery rate at which it would be believed."""

    rates: Mapping[str, float]

    def rate(self, test: str) -> float | None:
        """Return the false discovery rate of a test beside all others; None where it was not made."""
        return self.rates.get(test)


def family_of(estimates: Estimates) -> Family:
    """Return all tests of an audit as one family (Benjamini & Hochberg, 1995).

    A test must hold beside all others, and beside those that claim the same, whose names begin with the same word:
    many steps that are shown to be dispensable must not make it easier to find one that helps, nor the reverse.
    Raises ValueError for a name that is told twice.
    """
    named = [test for source in SOURCES for test in source(estimates)]
    names = [name for name, _ in named]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        message = f"Tests told twice: {twice}"
        raise ValueError(message)
    rates = dict(zip(names, adjusted_p_values([p for _, p in named]), strict=True))
    for claim in {name.partition(" ")[0] for name in names}:
        same = [(name, p) for name, p in named if name.partition(" ")[0] == claim]
        for (name, _), rate in zip(same, adjusted_p_values([p for _, p in same]), strict=True):
            rates[name] = max(rates[name], rate)
    return Family(MappingProxyType(rates))


def changes(effect: Effect) -> str:
    """Name the test whether a step changes anything."""
    return f"changes {_named(effect.trial)}"


def dispensable(effect: Effect) -> str:
    """Name the test whether a step adds less than `MARGIN`."""
    return f"dispensable {_named(effect.trial)}"


def _named(trial: Trial) -> str:
    return " ".join((trial.kind, trial.stage, trial.subject, *([trial.to] if trial.to else [])))


def gives_up(one: GiveUp) -> str:
    """Name the test whether half of a new deal's chance is left at an age."""
    return f"gone {one.stage}"


def _effects(estimates: Estimates) -> Tests:
    for one in estimates.effects:
        if one.found is not None:
            yield changes(one), one.found.difference.p_value
            yield dispensable(one), one.found.difference.chance_above(MARGIN)


def _give_ups(estimates: Estimates) -> Tests:
    for one in estimates.give_ups:
        yield gives_up(one), one.left.chance_above(HALF)


def fits(one: StageChance) -> str:
    """Name the test whether a declared probability is true."""
    return f"chance {one.stage}"


def _chances(estimates: Estimates) -> Tests:
    for one in estimates.chances:
        p = one.p_value
        if p is not None and one.source == "playbook":
            yield fits(one), p


def ways_part(attribute: str) -> str:
    """Name the test whether deals of the segments of an attribute go different ways."""
    return f"ways {attribute}"


def _handovers(estimates: Estimates) -> Tests:
    for one in estimates.handovers:
        if one.effect is not None and one.effect.found is not None:
            yield changes(one.effect), one.effect.found.difference.p_value


def slows(one: Slowing) -> str:
    """Name the test whether old deals go on from a stage as fast as young ones."""
    return f"slows {one.stage}"


def _slowing(estimates: Estimates) -> Tests:
    for one in estimates.slowing:
        yield slows(one), one.ratio.chance_above(0.0)


def _prompt(estimates: Estimates) -> Tests:
    for one in estimates.prompt:
        if one.found is not None:
            yield changes(one), one.found.difference.p_value


def parts_differ(effect: Effect) -> str:
    """Name the test whether a step changes as much in all segments."""
    return f"parts {_named(effect.trial)}"


def _parts(estimates: Estimates) -> Tests:
    for one in estimates.effects:
        if one.parts_alike is not None:
            yield parts_differ(one), one.parts_alike


def after_edit(edit: str, follows: str) -> str:
    """Name the test whether deals go on ("onward"), or are "lost", at another rate after an edit."""
    return f"edited {edit} {follows}"


def _edits(estimates: Estimates) -> Tests:
    for one in estimates.edits:
        for name, pace in (("onward", one.followed.onward), ("lost", one.followed.lost)):
            if pace.later is not None:
                yield after_edit(one.edit, name), pace.later.p_value


def _ways(estimates: Estimates) -> Tests:
    for one in estimates.ways:
        yield ways_part(one.attribute), one.test.p


def adds_up(one: Triage) -> str:
    """Name the test whether two attributes promise together what each promises by itself."""
    return f"triage {one.attribute} {one.other_attribute}"


def _triage(estimates: Estimates) -> Tests:
    for one in estimates.triage:
        yield adds_up(one), one.p_value


CONTENTION = "contention"
"""The test whether deals wait for their owners."""


def grows(stage: str) -> str:
    """Name the test whether as many deals leave a stage, as the log calls it, as come to it."""
    return f"grows {stage}"


def _queues(estimates: Estimates) -> Tests:
    queue = estimates.queue
    if queue is not None:
        yield from ((grows(one.stage), one.p) for one in queue.growth)
        if queue.contention is not None:
            yield CONTENTION, queue.contention.p


def harmless(way: Way) -> str:
    """Name the test whether a jump or return costs less than `MARGIN`."""
    return f"harmless {way.kind} {way.subject}"


def keeps_from_return(condition: Condition) -> str:
    """Name the test whether a condition changes how many deals come back to its stage."""
    return f"returns {condition.kind} {condition.stage} {condition.name}"


def turns_down(check: Check) -> str:
    """Name the test whether deals are lost more often soon after a check than otherwise."""
    return f"fails {check.stage} {check.task}"


def better_number(threshold: Threshold) -> str:
    """Name the test whether another number of a criterion's elements brings more."""
    return f"better {threshold.stage} {threshold.criterion}"


def _moves(estimates: Estimates) -> Tests:
    for way in estimates.conduct.ways:
        if way.effect is not None and way.effect.found is not None:
            yield changes(way.effect), way.effect.found.difference.p_value
        if way.worst is not None and way.worst.found is not None:
            yield harmless(way), way.worst.found.difference.chance_below(-MARGIN)


def _conditions(estimates: Estimates) -> Tests:
    for one in estimates.conduct.conditions:
        if one.kind == "field" and one.wins is not None and one.wins.found is not None:
            yield changes(one.wins), one.wins.found.difference.p_value
        if one.returns is not None and one.returns.found is not None:
            yield keeps_from_return(one), one.returns.found.difference.p_value


def _tasks(estimates: Estimates) -> Tests:
    for check in estimates.conduct.checks:
        yield turns_down(check), check.p_value
    for order in estimates.conduct.orders:
        if order.effect.found is not None:
            yield changes(order.effect), order.effect.found.difference.p_value


def _thresholds(estimates: Estimates) -> Tests:
    for one in estimates.conduct.thresholds:
        if one.best != one.needed:
            yield better_number(one), one.better.p_value


SOURCES: tuple[Callable[[Estimates], Tests], ...] = (
    _effects,
    _moves,
    _conditions,
    _tasks,
    _thresholds,
    _give_ups,
    _chances,
    _handovers,
    _prompt,
    _slowing,
    _parts,
    _edits,
    _ways,
    _triage,
    _queues,
)
"""Where tests come from. A new estimate that is tested adds its own line: all of them pay for being looked at."""
