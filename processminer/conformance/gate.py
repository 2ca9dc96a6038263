"""The gate: whether deals keep to the playbook well enough to pass."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from processminer.errors import InputError
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.words import say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.playbook.model import Playbook


def gate(found: Conformance, playbook: Playbook, min_fitness: float | None, fail_on: Sequence[str]) -> tuple[str, ...]:
    """Return why the gate is not met, a sentence a reason; nothing where it is.

    `fail_on` names kinds of deviation, or one of a kind as `skipped:Demo`. Raises InputError for an unknown kind, for
    a subject that no deal could ever deviate in, and for a fitness that is not between 0 and 1.
    """
    if min_fitness is not None and not 0 <= min_fitness <= 1:
        message = f"A fitness of {min_fitness:g} cannot be asked for."
        raise InputError(message, hint="It lies between 0 and 1, 1 where every deal keeps to the playbook.")
    asked = [_asked(said, found, playbook) for said in fail_on]
    if min_fitness is None and not asked:
        return ()
    if not found.deals_conforming + found.deals_violating + found.deals_pending:
        return ("No deal could be judged.",)
    missed: list[str] = []
    if min_fitness is not None and found.fitness < min_fitness:
        missed.append(f"Fitness is {found.fitness:.3f}, below the {min_fitness:g} asked for.")
    missed += [
        f"{one.kind} {one.subject}: {say_share(one.deals, one.reached)} deals."
        for kind, subject in asked
        for one in found.deviations
        if one.kind == kind and subject in ("", one.subject)
    ]
    return tuple(missed)


def _asked(said: str, found: Conformance, playbook: Playbook) -> tuple[str, str]:
    """Return the kind and the subject (empty for all of the kind) that `--fail-on` names."""
    kind, _, subject = said.partition(":")
    if kind not in get_args(DeviationKind):
        message = f"{kind!r} is no kind of deviation."
        raise InputError(message, hint=f"The kinds are {say_list(get_args(DeviationKind), 10)}.")
    known = _subjects(kind, playbook) | {one.subject for one in found.deviations if one.kind == kind}
    if subject and subject not in known:
        close = get_close_matches(subject, sorted(known), 1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {say_list(sorted(known), 10) or 'none'}."
        message = f"No deal can be found {kind} in {subject!r}: neither the playbook nor the log knows it."
        raise InputError(message, hint=hint)
    return kind, subject


def _subjects(kind: str, playbook: Playbook) -> set[str]:
    """Return what a deviation of this kind can be about by the playbook alone."""
    stages, services = playbook.stages, playbook.service
    known = {
        "undeclared": (),
        "returned": (f"{one} -> {other}" for one in playbook.names for other in playbook.names),
        "task-missing": _tasks(playbook),
        "task-late": _tasks(playbook),
        "criterion-missing": (one.name for stage in stages for one in stage.exit_criteria),
        "entry-criterion-missing": (one.name for stage in stages for one in stage.entry_criteria),
        "over-time": (*playbook.names, *(service.name for service in services)),
        "wrong-owner": (*playbook.names, *(service.name for service in services)),
        "late-handover": (f"{one.giver} -> {one.taker}" for one in playbook.handovers),
        "service-late": (service.name for service in services),
        "no-loss-reason": (one for one in (playbook.outcomes.loss_reason,) if one is not None),
    }
    return set(known.get(kind, playbook.names))


def _tasks(playbook: Playbook) -> set[str]:
    tasks = [task for stage in playbook.stages for task in stage.tasks]
    return {task.do for task in [*tasks, *(task for service in playbook.service for task in service.tasks)]}
