"""The gate: whether deals keep to the playbook well enough to pass."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from processminer.conformance.conformance import ObligationKind
from processminer.errors import InputError
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.words import say_count, say_list, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.playbook.model import Playbook

ANY, OVER_LIMIT = "broken", "over-limit"
"""What `--fail-on` calls any breach at all, and the open deals that are over a time limit right now."""


DEMANDED: Mapping[str, DeviationKind] = {
    "forbid-skip": "skipped",
    "require-stage": "skipped",
    "add-stage": "undeclared",
    "limit-returns": "returned",
    "set-time-limit": "over-time",
    "require-task": "task-missing",
    "add-exit-criterion": "criterion-missing",
    "set-handover-limit": "late-handover",
}
"""What a revision would demand, and the deviation of who does not do it: `--fail-on` takes either name."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A reason why the gate is not met."""

    message: str
    kind: str
    """The kind of deviation or of rule; `fitness`, `over-limit`, or `deals` where no deal could be judged."""
    subject: str = ""
    stage: str | None = None
    line: int | None = None
    version: str | None = None
    """The older version of the playbook that `line` is in."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `--fail-on` names: a kind of deviation or rule (none for any deviation), and a subject (none for all)."""

    kind: str | None
    subject: str | None


def gate(
    found: Conformance, playbook: Playbook, min_fitness: float | None, fail_on: Sequence[str]
) -> tuple[Missed, ...]:
    """Return why the gate is not met, each reason once; nothing where it is, or nothing is asked.

    `fail_on` names kinds of deviation (`skipped`), kinds of rules (`time-limit`), one of a kind (`skipped:Demo`),
    `broken` for any deviation, `broken:KIND` for one of these kinds (`broken:forbid-skip` too, by the name of the
    revision that forbids it), and `over-limit` or `over-limit:Demo` for open
    deals over a limit right now. Accepted deviations neither fail it nor lower the fitness it asks for. Raises
    InputError for an unknown kind, for a subject that no deal could ever deviate in, and for a fitness that is not
    between 0 and 1.
    """
    if min_fitness is not None and not 0 <= min_fitness <= 1:
        message = f"A fitness of {min_fitness:g} cannot be asked for."
        raise InputError(message, hint="It lies between 0 and 1, 1 where every deal keeps to the playbook.")
    asked = [_asked(said, found, playbook) for said in fail_on]
    if min_fitness is None and not asked:
        return ()
    if not found.deals_conforming + found.deals_violating + found.deals_pending:
        return (Missed("No deal could be judged.", "deals"),)
    missed: list[Missed] = []
    if min_fitness is not None and found.asked_fitness < min_fitness:
        but = ", what is accepted set aside" if found.accepted else ""
        said = f"Fitness is {found.asked_fitness:.3f}{but}, below the {min_fitness:g} asked for."
        missed.append(Missed(said, "fitness"))
    missed += [one for each in asked for one in _missed(each, found)]
    return tuple(dict.fromkeys(missed))


def _missed(asked: _Asked, found: Conformance) -> Iterator[Missed]:
    if asked.kind == OVER_LIMIT:
        yield from _over_limit(asked, found)
        return
    for one in found.deviations:
        if asked.kind in (None, one.kind) and asked.subject in (None, one.subject):
            message = f"{one.kind} {one.subject}: {say_share(one.deals, one.reached)} deals."
            yield Missed(message, one.kind, one.subject, one.stage, one.line, one.version)
    for rule in found.obligations:
        if asked.kind == rule.kind and asked.subject in (None, rule.subject) and rule.broken:
            message = f"{rule.kind} {rule.subject}: broken by {say_share(rule.broken, rule.reached)} deals."
            yield Missed(message, rule.kind, rule.subject, rule.stage, rule.line, rule.version)


def _over_limit(asked: _Asked, found: Conformance) -> Iterator[Missed]:
    limits = [rule for rule in found.obligations if rule.kind == "time-limit" and rule.now]
    for rule in limits:
        if asked.subject in (None, rule.subject):
            message = f"{OVER_LIMIT} {rule.subject}: {say_count(rule.now, 'open deal')} right now."
            yield Missed(message, OVER_LIMIT, rule.subject, rule.stage, rule.line, rule.version)


def _asked(said: str, found: Conformance, playbook: Playbook) -> _Asked:
    """Return what `--fail-on` names."""
    kind, colon, subject = said.partition(":")
    if kind == ANY:
        if not colon:
            return _Asked(None, None)
        return _asked(subject, found, playbook)
    kind = DEMANDED.get(kind, kind)
    kinds = _kinds()
    if kind not in kinds:
        message = f"{kind!r} is no kind of deviation or rule."
        close = get_close_matches(kind, kinds, 1)
        hint = f"Did you mean {close[0]!r}?" if close else f"The kinds are {say_list(kinds, len(kinds))}."
        raise InputError(message, hint=hint)
    if not subject:
        return _Asked(kind, None)
    known = _known(kind, found, playbook)
    if subject not in known:
        close = get_close_matches(subject, sorted(known), 1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {say_list(sorted(known), 10) or 'none'}."
        message = f"No deal can be found {kind} in {subject!r}: neither the playbook nor the log knows it."
        raise InputError(message, hint=hint)
    return _Asked(kind, subject)


def _kinds() -> list[str]:
    """Return all that `--fail-on` can name, without subjects."""
    return [*get_args(DeviationKind), *get_args(ObligationKind), OVER_LIMIT, ANY]


def _known(kind: str, found: Conformance, playbook: Playbook) -> set[str]:
    """Return what a deviation of a kind, or a rule of a kind, can be about."""
    if kind in get_args(DeviationKind):
        accepted = {one.subject for one in found.accepted if one.kind == kind}
        return _subjects(kind, playbook) | accepted | {one.subject for one in found.deviations if one.kind == kind}
    rules = "time-limit" if kind == OVER_LIMIT else kind
    return {one.subject for one in found.obligations if one.kind == rules}


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
