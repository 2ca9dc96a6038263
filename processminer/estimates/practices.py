"""Deals that took a step beside those that did not, from the moment they had to decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.conformance.labels import labels_meant
from processminer.discovery.segments import segments
from processminer.engines.relations import read_sql
from processminer.estimates.adjustment import OWNER, Compared, adjust
from processminer.estimates.estimates import Practice
from processminer.statistics.proportions import needed_units, newcombe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.adjustment import Counts
    from processminer.log.eventlog import EventLog

PACKAGE = "processminer.estimates"

SETTLES = 0.05
"""The difference of win shares that `needed_deals` is told for."""

ENOUGH_WON = 10
"""With fewer deals won, their times say too little to choose a horizon by them."""

USUAL_DAYS = 180
"""The horizon where too few were won to choose one."""


@dataclass(frozen=True, slots=True)
class TaskAsked:
    """A task of a stage, by the names that the log and the playbook have for them."""

    label: str
    stage: str
    """As the log calls it."""
    seen_as: tuple[str, ...]
    """Names or subjects of activities that show that it was done."""
    since_entry: bool = False
    """Whether only activities since the deal entered the stage count; they always end with its leaving."""


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: Literal["stage", "task"]
    subject: str
    stage: str
    moment: str


def practices(log: EventLog, tasks: Sequence[TaskAsked] = ()) -> tuple[Practice, ...]:
    """Return the comparisons for every stage that is sometimes passed over, in the log's order, and for `tasks`.

    Stage: eligible are deals at their first move on from an earlier open stage into this one or to a later open
    stage; they did it if they moved into it. Task: eligible are deals at their first move on from its stage to a
    later open stage; they did it if they had done it by then. Deals that are won or lost straight away never had to
    decide, so they are in neither arm; the last stage before the close can therefore not be compared. Only deals whose
    moment lies at least the horizon before `as_of` count, however they stand: none is followed for less. A step that
    all or none of them took has no comparison. Needs `variants` and `deal_variants`.
    """
    asked = {number: _stage_asked(stage.name) for number, stage in enumerate(log.stages) if stage.kind == "open"}
    relations = log.relations
    relations.run(read_sql(PACKAGE, "stage_decisions.sql"))
    if tasks:
        asked.update(_ask_tasks(log, tasks))
        relations.run(read_sql(PACKAGE, "task_decisions.sql"))
    attributes = _known_attributes(log)
    seen = {"as_of": log.as_of.replace(tzinfo=None), "enough_won": ENOUGH_WON, "usual_days": USUAL_DAYS}
    rows = np.array(relations.rows(read_sql(PACKAGE, "compared.sql"), seen), dtype=np.int64).reshape(-1, 12)
    soon = {int(number): float(days) for number, days in relations.rows(read_sql(PACKAGE, "days_to_win.sql"))}
    split = ((number, one, rows[rows[:, 0] == number, 1:]) for number, one in asked.items())
    return tuple(
        replace(_practice(one, its, attributes), days_to_win=soon.get(number))
        for number, one, its in split
        if set(its[:, 8].tolist()) == {0, 1}
    )


def _practice(asked: _Asked, rows: Counts, attributes: Sequence[str]) -> Practice:
    days, owner, came_from, *others, half_year, done, deals, won = rows.T
    known = dict(zip(attributes, others, strict=False))
    compared = Compared({OWNER: owner, "stage before": came_from, **known, "half-year": half_year}, done, deals, won)
    did, did_not = (int(deals[done == arm].sum()) for arm in (1, 0))
    did_won, did_not_won = (int(won[done == arm].sum()) for arm in (1, 0))
    adjusted = adjust(compared)
    return Practice(
        kind=asked.kind,
        subject=asked.subject,
        done=did,
        skipped=did_not,
        done_won=did_won,
        skipped_won=did_not_won,
        crude=newcombe(did_won, did, did_not_won, did_not),
        adjusted=adjusted.difference,
        strata=adjusted.strata,
        moment=asked.moment,
        horizon_days=float(days[0]),
        needed_deals=needed_units((did_won + did_not_won) / (did + did_not), SETTLES, did / (did + did_not)),
        settles=SETTLES,
        stage=asked.stage,
    )


def _stage_asked(stage: str) -> _Asked:
    return _Asked("stage", stage, stage, f"the first move into '{stage}' or past it")


def _ask_tasks(log: EventLog, tasks: Sequence[TaskAsked]) -> dict[int, _Asked]:
    """Make `task_names`, and return what is asked by number; numbers of stages come first."""
    code = {stage.name: number for number, stage in enumerate(log.stages)}
    numbered = dict(zip(count(len(log.stages)), tasks, strict=False))
    meant = labels_meant(log, (name for task in tasks for name in task.seen_as))
    names = [
        (number, code[task.stage], label, task.since_entry)
        for number, task in numbered.items()
        for label in sorted({label for name in task.seen_as for label in meant[name]})
    ]
    log.relations.put(
        "task_names",
        {
            column: [name[place] for name in names]
            for place, column in enumerate(("practice", "code", "label", "since_entry"))
        },
        {"practice": "INTEGER", "code": "SMALLINT", "label": "VARCHAR", "since_entry": "BOOLEAN"},
    )
    return {
        number: _Asked("task", task.label, task.stage, f"the first move on from '{task.stage}'")
        for number, task in numbered.items()
    }


def _known_attributes(log: EventLog) -> list[str]:
    """Choose the attributes that strata may be made of (`compared.sql` has places for four), and put them there."""
    chosen = list(segments(log))
    log.relations.put(
        "known_attributes",
        {"attribute": chosen, "place": list(range(len(chosen)))},
        {"attribute": "VARCHAR", "place": "INTEGER"},
    )
    return chosen
