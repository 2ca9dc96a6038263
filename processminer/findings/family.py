"""Every test of one audit, corrected together: what one test would still prove beside all the others."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from processminer.statistics.multiplicity import adjusted_p_values, chance_above, chance_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from processminer.estimates.estimates import Estimates, Practice

    Tests: TypeAlias = Iterator[tuple[str, float]]

ARM = 30
"""With fewer deals on one side, the normal approximation behind the limits is not to be trusted."""

MARGIN = 0.05
"""A step is called dispensable only if it is shown to add less than five points to the share of deals won: below
that, what the step costs may well outweigh what it brings; to show less takes more deals than most teams have."""


@dataclass(frozen=True, slots=True)
class Family:
    """The tests of one audit by name, each with the false discovery rate at which it would be believed."""

    rates: Mapping[str, float]

    def rate(self, test: str) -> float | None:
        """Return the false discovery rate of a test beside all others; None where it was not made."""
        return self.rates.get(test)


def family_of(estimates: Estimates) -> Family:
    """Return all tests of an audit as one family (Benjamini & Hochberg, 1995).

    Raises ValueError for a name that is told twice.
    """
    named = [test for source in SOURCES for test in source(estimates)]
    names = [name for name, _ in named]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        message = f"Tests told twice: {twice}"
        raise ValueError(message)
    return Family(MappingProxyType(dict(zip(names, adjusted_p_values([p for _, p in named]), strict=True))))


def comparable(practice: Practice) -> bool:
    """Tell whether an adjusted difference is there and rests on enough deals on both sides."""
    return practice.adjusted is not None and min(practice.done, practice.skipped) >= ARM


def changes(practice: Practice) -> str:
    """Name the test whether a step changes anything."""
    return f"changes {practice.kind} {practice.stage} {practice.subject}"


def dispensable(practice: Practice) -> str:
    """Name the test whether a step adds less than `MARGIN`."""
    return f"dispensable {practice.kind} {practice.stage} {practice.subject}"


def _practices(estimates: Estimates) -> Tests:
    for one in estimates.practices:
        if one.adjusted is not None and comparable(one):
            yield changes(one), 2 * min(0.5, chance_below(one.adjusted, 0.0), chance_above(one.adjusted, 0.0))
            yield dispensable(one), chance_above(one.adjusted, MARGIN)


SOURCES: tuple[Callable[[Estimates], Tests], ...] = (_practices,)
"""Where tests come from. A new estimate that is tested adds its own line: all of them pay for being looked at."""
