"""Whether a task that nearly every deal gets does more when it is done soon after a deal comes to its stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.effects.asked import DAY_US, PACKAGE, put_labels
from processminer.estimates.effects.effects import effects
from processminer.estimates.effects.trial import Trial
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.discovery.discovery import Discovery
    from processminer.estimates.effects.trial import Effect
    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

LENGTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0)
"""Days: within a few of these people promise to get in touch."""

SOON = 0.5
"""The shortest length is compared by which so many of the deals that are still there have it: both sides hold many."""

USUAL = 0.85
"""So many deals must have the task by the time they leave: where many never do, whether it is done is the question."""

FIRST_CONTACT = "First contact"
"""What the first activity of any kind is called where the playbook has no task in its first stage."""


def prompt_effects(discovery: Discovery, conformance: Conformance, playbook: Playbook) -> tuple[Effect, ...]:
    """Return what it changes that tasks which nearly all deals get are done soon, in the playbook's order.

    Deals are compared that were still in the stage after some days: those that had it by then with those that had not,
    never those that ever had it. Where the playbook has no task in its first stage, any activity there counts as first
    contact. Needs `stays`.
    """
    log = discovery.log
    trials = list(_trials(discovery, conformance, playbook)) if log.has_tasks else []
    if not trials:
        return ()
    shares = _shares(log, trials)
    timed = [replace(trial, within_days=days) for trial, days in zip(trials, shares, strict=True) if days is not None]
    return effects(log, timed) if timed else ()


def _trials(discovery: Discovery, conformance: Conformance, playbook: Playbook) -> Iterator[Trial]:
    known = {fold(stage.name): stage.name for stage in discovery.log.stages if stage.kind == "open"}
    usual = {
        (rule.stage, rule.subject)
        for rule in conformance.obligations
        if rule.kind == "task" and rule.kept >= USUAL * max(1, rule.reached)
    }
    for place, stage in enumerate(playbook.stages):
        name = next((known[fold(one)] for one in (stage.name, *stage.aliases) if fold(one) in known), None)
        if name is None:
            continue
        for task in stage.tasks:
            if task.seen_as and (stage.name, task.do) in usual:
                yield Trial("early-task", task.do, name, task.seen_as)
        if place == 0 and not stage.tasks:
            seen = tuple(sorted({task.name for task in discovery.tasks if task.stage == name}))
            if seen:
                yield Trial("early-task", FIRST_CONTACT, name, seen)


def _shares(log: EventLog, trials: Sequence[Trial]) -> list[float | None]:
    """Return for each trial the length to compare by; None where too few deals have the task within any."""
    code: Mapping[str, int] = {stage.name: number for number, stage in enumerate(log.stages)}
    numbered = dict(enumerate(trials))
    put_labels(log, numbered, code)
    log.relations.put(
        "early_asked",
        {"practice": list(numbered), "code": [code[trial.stage] for trial in trials]},
        {"practice": "INTEGER", "code": "SMALLINT"},
    )
    log.relations.put(
        "early_tried",
        {"days": list(LENGTHS), "us": [round(days * DAY_US) for days in LENGTHS]},
        {"days": "DOUBLE", "us": "BIGINT"},
    )
    rows = log.relations.rows(read_sql(PACKAGE, "early_shares.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    first: dict[int, float] = {}
    for number, days, done, there in rows:
        if done >= SOON * there:
            first.setdefault(int(number), float(days))
    return [first.get(number) for number in numbered]
