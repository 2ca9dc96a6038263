"""Tasks that deals fail, and tasks of one stage that are done in either order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.estimates.effects.asked import DAY_US, put_labels
from processminer.estimates.effects.known import known_then, prepare
from processminer.estimates.effects.measure import measure
from processminer.estimates.effects.trial import Trial
from processminer.statistics.proportions import wilson
from processminer.statistics.two_by_two import shares_differ

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.effects.known import Knowable
    from processminer.estimates.effects.trial import Effect
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval

PACKAGE = "processminer.estimates.tasks_compared"

SOON_DAYS = 3.0
"""What ends within so many days of a check was ended by it; a weekend may lie between."""

FEWEST = 30
"""Deals for each order of two tasks, or that ended soon after a check; with fewer nothing could be told."""

BOTH_DONE = 0.6
"""Of deals that begin with either task, so many must do both: else it is not their order that differs."""


@dataclass(frozen=True, slots=True)
class Check:
    """A task after which deals are turned down, if it is one."""

    task: str
    stage: str
    """As the log calls it."""
    deals: int
    """Deals with it whose stay has ended."""
    turned_down: int
    """Of them, lost from the stage within `SOON_DAYS` of it."""
    lost_soon: Interval
    """Of the stays that ended so soon after it: the share lost."""
    lost_else: Interval
    """Of all others that ended, before it, long after it or without it."""
    p_value: float
    """Two-sided, against "as many are lost soon after it as otherwise"."""
    days_before: float
    """Mean days from a deal's first stage to the check, of those turned down."""
    done_in: tuple[tuple[str, int], ...]
    """Stages in which it was done, in how many deals, in the log's order."""
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """Two tasks of one stage, and what it changes to begin with the one that the playbook names later."""

    stage: str
    first: str
    """By the playbook."""
    second: str
    as_declared: int
    """Deals that did `first` first."""
    turned: int
    effect: Effect
    """Of beginning with `second` instead of `first`."""


def checks(log: EventLog, tasks: Sequence[Trial]) -> tuple[Check, ...]:
    """Return for each task how deals end soon after it, in the order asked; those of a few deals are left out.

    Any work is followed by the end of a stay, so that it is not counted how often deals end but how: a check that deals
    fail ends them by a loss more often than other days do. Needs `stays`.
    """
    if not tasks:
        return ()
    code = {stage.name: number for number, stage in enumerate(log.stages)}
    put_labels(log, dict(enumerate(tasks)), code)
    said = {"within_us": round(SOON_DAYS * DAY_US)}
    rows = log.relations.rows(read_sql(PACKAGE, "checks.sql"), said)
    where: dict[int, list[tuple[str, int]]] = {}
    for number, stage, deals in log.relations.rows(read_sql(PACKAGE, "done_where.sql")):
        where.setdefault(int(number), []).append((log.stages[int(stage)].name, int(deals)))
    return tuple(
        Check(
            task=tasks[int(number)].subject,
            stage=tasks[int(number)].stage,
            deals=deals,
            turned_down=down,
            lost_soon=wilson(lost_soon, soon),
            lost_else=wilson(lost_else, other),
            p_value=shares_differ(lost_soon, soon, lost_else, other),
            days_before=days,
            done_in=tuple(where.get(int(number), ())),
            examples=tuple((examples or ())[:5]),
        )
        for number, deals, down, days, lost_soon, soon, lost_else, other, examples in rows
        if min(soon, other) >= FEWEST
    )


def task_orders(log: EventLog, tasks: Sequence[Trial], knowable: Knowable | None = None) -> tuple[TaskOrder, ...]:
    """Return what the order of each two tasks of a stage changes, in the order asked.

    `tasks` are in the playbook's order. Left out are pairs of which too few deals take each order, or that many deals
    do only one of. Deals are compared from the moment of the first task, whether or not the second follows. Needs
    `stays`.
    """
    pairs = [(a, b) for a, b in combinations(range(len(tasks)), 2) if tasks[a].stage == tasks[b].stage]
    if not pairs:
        return ()
    code = {stage.name: number for number, stage in enumerate(log.stages)}
    put_labels(log, dict(enumerate(tasks)), code)
    columns = {
        "practice": list(range(len(pairs))),
        "one": [second for _, second in pairs],
        "other": [first for first, _ in pairs],
        "code": [code[tasks[first].stage] for first, _ in pairs],
    }
    types = {"practice": "INTEGER", "one": "INTEGER", "other": "INTEGER", "code": "SMALLINT"}
    log.relations.put("pair_asked", columns, types)
    log.relations.run(read_sql(PACKAGE, "tasks_first_done.sql"))
    log.relations.run(read_sql(PACKAGE, "order_decisions.sql"))
    counted = log.relations.rows(read_sql(PACKAGE, "order_counts.sql"))
    known = prepare(log) if knowable is None else knowable
    told: list[TaskOrder] = []
    for number, turned, declared, either in counted:
        if min(turned, declared) >= FEWEST and turned + declared >= BOTH_DONE * either:
            first, second = (tasks[one] for one in pairs[int(number)])
            effect = _order_effect(log, Trial("order", second.subject, second.stage, to=first.subject), number, known)
            if effect is not None:
                told.append(TaskOrder(first.stage, first.subject, second.subject, declared, turned, effect))
    return tuple(told)


def _order_effect(log: EventLog, trial: Trial, number: int, knowable: Knowable) -> Effect | None:
    known = known_then(log, number, knowable)
    return None if known is None else measure(trial, known, knowable.left_out)
