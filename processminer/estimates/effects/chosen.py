"""Which steps of a log are worth a comparison: stages, the playbook's tasks, and what many deals do beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.effects.actions import Action
from processminer.estimates.effects.asked import PACKAGE
from processminer.estimates.effects.trial import Trial
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.effects.trial import Effect
    from processminer.playbook.model import Playbook

    Counted = tuple[str, int, str]

CHANNELS = ("call", "email", "meeting", "note", "task")
"""What a CRM calls activities that only differ by how people met: their subjects tell what was done."""

USED_OFTEN = 0.1
"""Of the deals that came to its stage, so many must have an undeclared activity: a rarer one is no practice yet."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The trials of a log, by where their steps are declared."""

    stages: tuple[Trial, ...]
    """The open stages of the log, in its order."""
    declared: tuple[Trial, ...]
    """Tasks of the playbook."""
    undeclared: tuple[Trial, ...]
    """Activities that it does not mention."""

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All of them."""
        return (*self.stages, *self.declared, *self.undeclared)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The undeclared activities once more, to be followed for as long as deals live."""
        return tuple(Action(one.subject, one.seen_as) for one in self.undeclared)

    def told(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return effects less those of undeclared activities that the same deals have as a declared task."""
        twins = {_shape(one) for one in effects if one.trial in self.declared}
        return tuple(one for one in effects if one.trial not in self.undeclared or _shape(one) not in twins)


def choose(discovery: Discovery, conformance: Conformance | None = None, playbook: Playbook | None = None) -> Chosen:
    """Return what to compare in a log; tasks that `conformance` could not check with it are left out."""
    stages = tuple(Trial("stage", one.name, one.name) for one in discovery.log.stages if one.kind == "open")
    if not discovery.log.has_tasks:
        return Chosen(stages, (), ())
    unseen = {
        (rule.stage, rule.subject)
        for rule in (conformance.obligations if conformance else ())
        if rule.kind == "task" and rule.needs is not None
    }
    declared = tuple(task for task in _declared(discovery, playbook) if (task.stage, task.subject) not in unseen)
    return Chosen(stages, declared, tuple(_undeclared(discovery, declared)))


def _shape(effect: Effect) -> tuple[str, int, int, int, int]:
    did, did_not = effect.acted, effect.did_not
    return effect.trial.stage, did.deals, did_not.deals, did.won, did_not.won


def _declared(discovery: Discovery, playbook: Playbook | None) -> Iterator[Trial]:
    if playbook is None:
        return
    known = {stage.name for stage in discovery.log.stages if stage.kind == "open"}
    claimed = Counter(fold(name) for stage in playbook.stages for task in stage.tasks for name in set(task.seen_as))
    for stage in playbook.stages:
        for name in [name for name in (stage.name, *stage.aliases) if name in known][:1]:
            for task in stage.tasks:
                shared = any(claimed[fold(label)] > 1 for label in task.seen_as)
                yield Trial("task", task.do, name, task.seen_as, since_entry=shared)


def _undeclared(discovery: Discovery, declared: Sequence[Trial]) -> Iterator[Trial]:
    known = {stage.name for stage in discovery.log.stages if stage.kind == "open"}
    claimed = {fold(name) for task in declared for name in task.seen_as}
    came = {flow.stage: flow.deals for flow in discovery.stages}
    usual = [(one.name, one.deals, one.stage or "") for one in discovery.tasks]
    for name, deals, stage in _by_subject(discovery, usual, claimed):
        if stage in known and deals >= USED_OFTEN * came[stage] and fold(name) not in claimed:
            yield Trial("task", name, stage, (name,), since_entry=True)


def _by_subject(discovery: Discovery, usual: Sequence[Counted], claimed: Collection[str]) -> list[Counted]:
    """Return activities with the subjects of `CHANNELS` in place of those, unless a declared task claims the channel.

    A channel whose subjects are all rare is told by its own name.
    """
    relations = discovery.log.relations
    relations.put("channels", {"name": list(CHANNELS)}, {"name": "VARCHAR"})
    rows = relations.rows(read_sql(PACKAGE, "channel_subjects.sql"))
    came = {flow.stage: flow.deals for flow in discovery.stages}
    about = [
        (str(name), (str(subject), int(deals), str(stage)))
        for name, subject, deals, stage in rows
        if fold(str(name)) not in claimed and stage in came and deals >= USED_OFTEN * came[stage]
    ]
    told = {name for name, _ in about}
    subjects = {fold(one[0]): one for _, one in reversed(about)}
    return [
        *(one for one in usual if one[0] not in told),
        *sorted(subjects.values(), key=lambda one: (-one[1], one[0])),
    ]
