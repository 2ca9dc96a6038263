"""One line per effect, as the terminal prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.findings.comparison import grade_of
from processminer.findings.family import changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.estimates.effects.trial import Effect
    from processminer.findings.family import Family
    from processminer.statistics.interval import Interval


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What a step changes of the share of deals won, and what that proves."""

    kind: str
    subject: str
    stage: str
    grade: str
    q: float | None
    acted: int
    did_not: int
    crude: Interval
    """Nothing held equal."""
    adjusted: Interval | None
    """All deals."""
    older: Interval | None
    newest: Interval | None
    overlap: float | None
    benchmark: float | None
    """What a hidden cause as strong as the strongest known one could move."""
    needed_deals: int | None
    horizon_days: int
    refused: str


def effect_rows(effects: Sequence[Effect], family: Family) -> list[EffectRow]:
    """Return a line for each effect, in the order given."""
    return list(_rows(effects, family))


def _rows(effects: Sequence[Effect], family: Family) -> Iterator[EffectRow]:
    for one in effects:
        yield EffectRow(
            kind=one.trial.kind,
            subject=one.trial.subject,
            stage=one.trial.stage,
            grade=grade_of(one, family),
            q=family.rate(changes(one)),
            acted=one.acted.deals,
            did_not=one.did_not.deals,
            crude=one.crude,
            adjusted=None if one.adjusted is None else one.adjusted.interval,
            older=one.older,
            newest=None if one.confirmation is None else one.confirmation.interval,
            overlap=one.overlap,
            benchmark=None if one.benchmark is None else one.benchmark.moves,
            needed_deals=one.needed_deals(),
            horizon_days=one.horizon_days,
            refused=one.refused,
        )
