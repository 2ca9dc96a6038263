"""The gate: whether deals keep to the playbook well enough to pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from processminer.conformance.conformance import DeviationKind
from processminer.errors import InputError
from processminer.words import say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Conformance


def gate(found: Conformance, min_fitness: float | None, fail_on: Sequence[str]) -> tuple[str, ...]:
    """Return why the gate is not met, a sentence a reason; nothing where it is.

    `fail_on` names kinds of deviation, or one of a kind as `skipped:Demo`. Raises InputError for an unknown kind.
    """
    missed: list[str] = []
    if min_fitness is not None and found.fitness < min_fitness:
        missed.append(f"Fitness is {found.fitness:.3f}, below the {min_fitness:g} asked for.")
    for said in fail_on:
        kind, _, subject = said.partition(":")
        if kind not in get_args(DeviationKind):
            message = f"{kind!r} is no kind of deviation."
            raise InputError(message, hint=f"The kinds are {say_list(get_args(DeviationKind), 10)}.")
        missed += [
            f"{one.kind} {one.subject}: {say_share(one.deals, one.reached)} deals."
            for one in found.deviations
            if one.kind == kind and subject in ("", one.subject)
        ]
    return tuple(missed)
