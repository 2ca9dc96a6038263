"""What the next period brings, whether that is to be believed, and what the open deals are worth by stage and age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.estimates.flow.backtest import gate
from processminer.estimates.flow.declared_chances import declared_chances
from processminer.estimates.flow.forecast import forecast
from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.estimates.flow.stalled import stalled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.discovery.discovery import Discovery
    from processminer.estimates.flow.backtest import Gate
    from processminer.estimates.flow.declared_chances import StageChance
    from processminer.estimates.flow.forecast import Forecast
    from processminer.estimates.flow.give_up import GiveUp
    from processminer.estimates.flow.stalled import Stalled


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast with all that it takes to judge it."""

    days: float
    gate: Gate
    forecast: Forecast | None
    """None where no stay of an open stage has a length, so that nothing can be foretold."""
    quota: float | None
    coverage: float | None
    """Amounts of the open deals, all in one currency, over the quota."""
    chances: tuple[StageChance, ...]
    stalled: Stalled | None
    give_ups: tuple[GiveUp, ...] = ()
    """Stages in which deals come to an age at which they are not worth their days; empty where not asked for."""


def outlook(
    discovery: Discovery, days: float, quota: float | None = None, declared: Mapping[str, float] | None = None
) -> Outlook:
    """Return what the next `days` bring; `declared` is what a playbook says of each stage's chance, by folded name."""
    log = discovery.log
    told = forecast(log, days, MOST_DAYS, quota=quota)
    model = flow_model(log, MOST_DAYS)
    amounts = [stage.amount for stage in told.stages if stage.amount is not None] if told else []
    return Outlook(
        days=days,
        gate=gate(log, days, MOST_DAYS),
        forecast=told,
        quota=quota,
        coverage=sum(amounts) / quota if quota and amounts else None,
        chances=declared_chances(discovery, declared or {}),
        stalled=None if model is None else stalled(log, model),
    )
