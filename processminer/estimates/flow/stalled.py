"""Open deals that have stayed for so long that little is left of their chance, those with most at stake first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.flow.forecast import FOLLOWED, PACKAGE, worth_of_won
from processminer.estimates.flow.model import DAY, TICKS, WON
from processminer.statistics.semi_markov import ALIAS, reached, reached_from

if TYPE_CHECKING:
    from processminer.estimates.flow.model import FlowModel
    from processminer.log.eventlog import EventLog

MOST = 10
"""Deals named: more are not looked at in one sitting; all are counted."""


@dataclass(frozen=True, slots=True)
class StalledDeal:
    """An open deal whose chance has fallen to half of a fresh one's in its stage, or lower."""

    deal: str
    stage: str
    owner: str | None
    days: float
    """In the stage so far."""
    amount: float | None
    """In the currency of most deals; None where it has none in it."""
    chance: float | None
    """To be won within `Stalled.within_days`; None where too few others ever stayed as long."""
    fresh: float
    """The same for a deal that has just entered the stage."""
    stake: float
    """The amount times what the chance has lost."""


@dataclass(frozen=True, slots=True)
class Stalled:
    """Deals that have waited for too long."""

    deals: int
    stake: float
    currency: str | None
    within_days: float
    most: tuple[StalledDeal, ...]
    """Those with most at stake first."""


def stalled(log: EventLog, model: FlowModel) -> Stalled:
    """Return the open deals of which stage and age leave half of a fresh deal's chance or less (flow model).

    A deal is compared with what became of others that stayed as long in its stage, not with a mean of all.
    """
    chance = reached_from(model.observed, reached(model.observed, TICKS), TICKS)[..., WON]
    # What rounding leaves of nothing is nothing.
    chance[chance < ALIAS] = 0.0
    followed = np.concatenate((model.followed[:, 1:], model.followed[:, -1:]), axis=1)
    now = np.where((followed >= FOLLOWED) & np.isfinite(chance), chance, np.nan)
    codes = {stage.name: at for at, stage in enumerate(log.stages)}
    ages = int(now.shape[1])
    log.relations.put(
        "chances",
        {
            "stage": [codes[name] for name in model.stages for _ in range(ages)],
            "age": [*range(ages)] * len(model.stages),
            "now": [None if np.isnan(one) else one for one in now.ravel().tolist()],
            "fresh": np.repeat(chance[:, 0], ages).tolist(),
        },
        {"stage": "SMALLINT", "age": "INTEGER", "now": "DOUBLE", "fresh": "DOUBLE"},
    )
    worth = worth_of_won(log, log.as_of)
    currency = None if worth is None else worth.currency
    values = {
        "as_of": log.as_of.replace(tzinfo=None),
        "tick": model.tick_days * DAY,
        "ticks": TICKS,
        "currency": currency,
        "most": MOST,
    }
    rows = log.relations.rows(read_sql(PACKAGE, "open_stakes.sql"), values)
    stages = log.stages
    named = tuple(StalledDeal(deal, stages[int(code)].name, *told[:6]) for deal, code, *told in rows)
    deals, stake = (int(rows[0][8]), float(rows[0][9])) if rows else (0, 0.0)
    return Stalled(deals, stake, currency, model.horizon_days, named)
