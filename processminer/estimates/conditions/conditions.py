"""Whether deals that went on with a field filled, or a task done, come back less often, and are won more often."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.conditions.fields import put_fields
from processminer.estimates.effects.asked import ask
from processminer.estimates.effects.known import known_then, prepare
from processminer.estimates.effects.measure import measure
from processminer.estimates.effects.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.estimates.conditions.fields import Tracked
    from processminer.estimates.effects.known import Knowable, Known
    from processminer.estimates.effects.trial import Effect
    from processminer.log.eventlog import EventLog

PACKAGE = "processminer.estimates.conditions"

MOST_FIELDS = 8
"""Those whose changes are told of most deals: each is compared, and all pay for being looked at."""

FEWEST = 30
"""Deals on either side; with fewer nothing could be told."""


@dataclass(frozen=True, slots=True)
class TaskAsked:
    """An activity that might be asked for before deals go on from a stage."""

    name: str
    stage: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What was there, or was not, when deals first went on from a stage to a later open one."""

    kind: Literal["field", "task"]
    name: str
    """The column of the export, or the activity."""
    stage: str
    """As the log calls it."""
    met: int
    unmet: int
    wins: Effect | None
    """What it changes of the share of deals won; None where no deal could be followed."""
    returns: Effect | None
    """What it changes of the share of deals that come back to the stage; None likewise. Its wins are returns."""


def conditions(
    log: EventLog,
    returned_to: Sequence[str],
    tracked: Sequence[Tracked],
    tasks: Sequence[TaskAsked] = (),
    knowable: Knowable | None = None,
) -> tuple[Condition, ...]:
    """Return what the first `MOST_FIELDS` of `tracked` and `tasks` change, by stage in the log's order, then by name.

    Of the stages that deals are `returned_to`, what changes the returns; of each field at the stage where most deals
    differ by it, what it changes of winning. That stage is chosen without a look at how deals ended. Needs `stays`,
    `variants` and `deal_variants`.
    """
    known = prepare(log) if knowable is None else knowable
    open_stages = [stage.name for stage in log.stages if stage.kind == "open"]
    pairs = [(stage, one) for stage in open_stages for one in tracked[:MOST_FIELDS]]
    told = [*_fields(log, pairs, returned_to, known), *_tasks(log, returned_to, tasks, known)]
    place = {name: number for number, name in enumerate(open_stages)}
    return tuple(sorted(told, key=lambda one: (place[one.stage], one.kind, one.name)))


def _fields(
    log: EventLog, pairs: Sequence[tuple[str, Tracked]], returned_to: Sequence[str], knowable: Knowable
) -> Iterator[Condition]:
    if not pairs:
        return
    put_fields(log, pairs)
    counts = {
        int(number): (int(met), int(unmet))
        for number, met, unmet in log.relations.rows(read_sql(PACKAGE, "field_counts.sql"))
        if min(met, unmet) >= FEWEST
    }
    telling = _telling(pairs, counts)
    log.relations.run(read_sql(PACKAGE, "field_decisions.sql"))
    for number, (met, unmet) in counts.items():
        stage, one = pairs[number]
        asked_back = stage in returned_to
        if number in telling or asked_back:
            known = known_then(log, number, knowable)
            trial = Trial("criterion", one.attribute, stage)
            yield Condition(
                kind="field",
                name=one.attribute,
                stage=stage,
                met=met,
                unmet=unmet,
                wins=_wins(trial, known, knowable),
                returns=_returns(log, trial, known, knowable, number) if asked_back else None,
            )


def _telling(pairs: Sequence[tuple[str, Tracked]], counts: Mapping[int, tuple[int, int]]) -> set[int]:
    """Return for each field the number of the stage where most deals differ by it; of equals, the earliest."""
    best: dict[str, int] = {}
    for number in counts:
        name = pairs[number][1].attribute
        if name not in best or min(counts[number]) > min(counts[best[name]]):
            best[name] = number
    return set(best.values())


def _tasks(
    log: EventLog, returned_to: Sequence[str], tasks: Sequence[TaskAsked], knowable: Knowable
) -> Iterator[Condition]:
    trials = [Trial("task", one.name, one.stage, (one.name,)) for one in tasks if one.stage in returned_to]
    if not trials:
        return
    for number, trial in zip(ask(log, trials), trials, strict=True):
        known = known_then(log, number, knowable)
        met = 0 if known is None else int(known.done.sum())
        unmet = 0 if known is None else len(known.done) - met
        if min(met, unmet) >= FEWEST:
            yield Condition(
                kind="task",
                name=trial.subject,
                stage=trial.stage,
                met=met,
                unmet=unmet,
                wins=_wins(trial, known, knowable),
                returns=_returns(log, trial, known, knowable, number),
            )


def _wins(trial: Trial, known: Known | None, knowable: Knowable) -> Effect | None:
    return None if known is None else measure(trial, known, knowable.left_out)


def _returns(log: EventLog, trial: Trial, known: Known | None, knowable: Knowable, number: int) -> Effect | None:
    """Return the same comparison of coming back to the stage: a close before that is a competing end."""
    if known is None:
        return None
    code = next(number for number, stage in enumerate(log.stages) if stage.name == trial.stage)
    said = {"practice": number, "code": code, "as_of": log.as_of.replace(tzinfo=None)}
    told = log.relations.numbers(read_sql(PACKAGE, "returned_after.sql"), said)
    back = replace(known, days=told["days"].astype(np.int64), cause=told["cause"].astype(np.int64))
    return measure(trial, back, knowable.left_out)
