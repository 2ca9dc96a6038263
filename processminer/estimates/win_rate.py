"""How many deals are won: of those that closed, and, with the open ones counted too, of all that began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.figures import WinRate
from processminer.statistics.proportions import wilson
from processminer.statistics.survival import horizon, incidence, risk_table
from processminer.words import say_count

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery, Totals
    from processminer.log.eventlog import EventLog
    from processminer.statistics.interval import Interval


def win_rate(discovery: Discovery) -> WinRate:
    """Return the share of closed deals that were won, and of all deals those won within `within_days` of their start.

    The first is the one that people know; it is too high in a young log if losing is recorded late, and too low if
    winning takes longer than losing. The second counts open deals for as long as they have been followed
    (Aalen-Johansen).
    """
    totals = discovery.totals
    closed = totals.won + totals.lost
    within, days = _from_the_start(discovery.log)
    return WinRate(
        rate=wilson(totals.won, closed),
        won=totals.won,
        closed=closed,
        definition=_definition(discovery.log, totals),
        within=within,
        within_days=days,
    )


def _definition(log: EventLog, totals: Totals) -> str:
    said = (
        f"Won deals as a share of the {say_count(totals.won + totals.lost, 'deal')} won or lost by"
        f" {log.as_of:%Y-%m-%d}, whenever they began; the {say_count(totals.open, 'deal')} still open"
        f" {'is' if totals.open == 1 else 'are'} left out"
    )
    pathless = sum(totals.excluded.values())
    if not pathless:
        return f"{said}."
    return (
        f"{said}; {say_count(pathless, 'deal')} without a path {'is' if pathless == 1 else 'are'} counted as"
        f" {'its' if pathless == 1 else 'their'} {'record says' if pathless == 1 else 'records say'}."
    )


def _from_the_start(log: EventLog) -> tuple[Interval | None, float | None]:
    rows = log.relations.rows(
        read_sql("processminer.estimates", "won_in_time.sql"), {"as_of": log.as_of.replace(tzinfo=None)}
    )
    if not rows:
        return None, None
    days, won, lost, still_open = np.array(rows, dtype=np.float64).T
    table = risk_table(days, np.stack([won, lost], axis=1), still_open)
    tau = horizon(table)
    return incidence(table, tau)[0], tau
