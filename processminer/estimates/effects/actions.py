"""Actions that may come at any time: how often deals go on, or are lost, after them, beside deals that were alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.effects.asked import DAY_US, PACKAGE, put_labels
from processminer.estimates.effects.known import levels, prepare
from processminer.estimates.effects.trial import Trial
from processminer.statistics.state_rates import StateCells, log_rate_ratios

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.log.eventlog import EventLog
    from processminer.statistics.estimated import Estimated
    from processminer.statistics.survival import Floats

LAG_DAYS = 14
"""Two weeks after an action, what was done because a win or loss was near already has come to it."""

STATES = 4
"""Not done; done within a day; done up to the lag ago; done longer ago."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that people do with a deal, at any time while it is open."""

    label: str
    seen_as: tuple[str, ...]
    """Names or subjects of activities that show that it was done."""
    stage: str | None = None
    """Only the time that deals spend in this stage, as the log calls it; None for all open stages."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many times as often something happens after the action, as logarithms of the ratio of rates."""

    soon: Estimated | None
    """From a day after the action until the lag has passed."""
    later: Estimated | None
    """When the lag has passed: the version to believe, as what is about to happen does not cause the action then."""


@dataclass(frozen=True, slots=True)
class ActionEffect:
    """What follows an action, by time at risk: never "deals that had it", as only deals that live long can have it."""

    action: Action
    deal_days: float
    """Days in the compared stages, all deals together."""
    days_after: float
    """Those of them that lie more than a day behind the action."""
    onward: Pace
    """Going on to a later stage or to a win."""
    lost: Pace
    lag_days: int
    held_equal: tuple[str, ...]


def action_effects(log: EventLog, actions: Sequence[Action], *, lag_days: int = LAG_DAYS) -> tuple[ActionEffect, ...]:
    """Return what follows each action, in the order asked; needs `stays`.

    Deals are compared with those that have been as long in the same stage; owners and the two weightiest attributes
    are held equal. The day of the action itself is left out: which came first on it is often not known. Raises KeyError
    for a stage that the log does not know.
    """
    anywhere = log.stages[0].name
    numbered = {
        number: Trial("task", one.label, one.stage or anywhere, one.seen_as) for number, one in enumerate(actions)
    }
    put_labels(log, numbered, {stage.name: number for number, stage in enumerate(log.stages)})
    log.relations.run(read_sql(PACKAGE, "task_moments.sql"))
    return followed(log, dict(enumerate(actions)), lag_days)


def followed(log: EventLog, actions: Mapping[int, Action], lag_days: int = LAG_DAYS) -> tuple[ActionEffect, ...]:
    """Return what follows each action; `action_moments(practice, deal, occurred_at)` says when, by its number."""
    code: dict[str | None, int | None] = {stage.name: number for number, stage in enumerate(log.stages)}
    code[None] = None
    knowable = prepare(log)
    log.relations.run(read_sql(PACKAGE, "work_pieces.sql"), {"as_of": log.as_of.replace(tzinfo=None)})
    sql = read_sql(PACKAGE, "action_cells.sql")
    held = ("stage", "days in it", "whether again", "owner", *knowable.attributes[:2])
    return tuple(
        _effect(one, log.relations.numbers(sql, _said(number, code[one.stage], lag_days)), lag_days, held)
        for number, one in actions.items()
    )


def _said(number: int, stage: int | None, lag_days: int) -> dict[str, int | None]:
    return {"practice": number, "code": stage, "lag_us": lag_days * DAY_US}


def _effect(action: Action, told: Mapping[str, Floats], lag_days: int, held: tuple[str, ...]) -> ActionEffect:
    state = told["state"].astype(np.int64)
    known = np.column_stack([levels(told[name]) for name in ("again", "owner", "first_attribute", "second_attribute")])
    span = np.unique(told["span"], return_inverse=True)[1].astype(np.int64)
    paces: list[Pace] = []
    for name in ("onward", "lost"):
        cells = StateCells(span, known, told["owner"].astype(np.int64), state, told["days"], told[name])
        _, soon, later = log_rate_ratios(cells, STATES)
        paces.append(Pace(soon, later))
    return ActionEffect(
        action=action,
        deal_days=float(told["days"].sum()),
        days_after=float(told["days"][state >= 2].sum()),
        onward=paces[0],
        lost=paces[1],
        lag_days=lag_days,
        held_equal=held,
    )
