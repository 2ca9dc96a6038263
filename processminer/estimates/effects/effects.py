"""What helps deals win, in one call: each action that was asked for, compared from its decision moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.effects.asked import ask
from processminer.estimates.effects.known import known_then, prepare
from processminer.estimates.effects.measure import measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.estimates.effects.trial import Effect, Trial
    from processminer.log.eventlog import EventLog


def effects(log: EventLog, trials: Sequence[Trial], *, horizon_days: int | None = None) -> tuple[Effect, ...]:
    """Return what each action changes of the share of deals won, in the order asked.

    An action that all deals or none took at the moment has no effect to be told and is left out. Needs `stays`,
    `variants` and `deal_variants`.
    """
    numbers = ask(log, trials)
    knowable = prepare(log)
    found: list[Effect] = []
    for number, trial in zip(numbers, trials, strict=True):
        known = known_then(log, number, knowable)
        effect = None if known is None else measure(trial, known, knowable.left_out, horizon_days)
        if effect is not None:
            found.append(effect)
    return tuple(found)
