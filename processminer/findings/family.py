"""Every test of one audit, corrected together: what one test would still prove beside all the others."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from processminer.statistics.multiplicity import adjusted_p_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from processminer.estimates.effects.trial import Effect, Trial
    from processminer.estimates.estimates import Estimates
    from processminer.estimates.flow.give_up import GiveUp

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


def ways_part(attribute: str) -> str:
    """Name the test whether deals of the segments of an attribute go different ways."""
    return f"ways {attribute}"


def _ways(estimates: Estimates) -> Tests:
    for one in estimates.ways:
        yield ways_part(one.attribute), one.test.p


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


SOURCES: tuple[Callable[[Estimates], Tests], ...] = (_effects, _give_ups, _ways, _queues)
"""Where tests come from. A new estimate that is tested adds its own line: all of them pay for being looked at."""
