"""The win probability that a playbook or a CRM declares for a stage, beside what became of deals that entered it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.estimates.stage_wins import stage_wins
from processminer.statistics.interval import Interval
from processminer.statistics.multiplicity import chance_above, chance_below
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.discovery.discovery import Discovery
    from processminer.estimates.stage_wins import StageWins


ROUNDED = 0.005
"""A probability is declared in whole per cent: what rounds into the limits lies within them."""


@dataclass(frozen=True, slots=True)
class StageChance:
    """A stage's declared probability against the share that was won."""

    stage: str
    declared: float | None
    source: Literal["playbook", "CRM"] | None
    observed: StageWins

    @property
    def verdict(self) -> Literal["fits", "too high", "too low", "none"]:
        """Whether the declared probability lies within the limits of what was observed."""
        if self.declared is None:
            return "none"
        won = self.observed.won
        if self.declared > won.high + ROUNDED:
            return "too high"
        return "too low" if self.declared < won.low - ROUNDED else "fits"

    @property
    def p_value(self) -> float | None:
        """Two-sided, against "the declared probability is true"; None where none is declared.

        Who is not decided yet may still be won: only beyond that is a probability too high.
        """
        if self.declared is None:
            return None
        won, late = self.observed.won, self.observed.undecided
        at_most = Interval(won.estimate + late, won.low + late, won.high + late)
        too_high = chance_above(at_most, self.declared - ROUNDED)
        too_low = chance_below(won, self.declared + ROUNDED)
        return min(1.0, 2 * min(too_high, too_low))


def declared_chances(discovery: Discovery, playbook: Mapping[str, float]) -> tuple[StageChance, ...]:
    """Return every stage with its declared probability (the playbook's, else the CRM's own), in the log's order.

    `playbook` has the probabilities that a playbook declares, by the names that the log may know a stage by, folded.
    """
    return tuple(_chances(stage_wins(discovery), playbook, _of_the_crm(discovery)))


def _chances(
    wins: Mapping[str, StageWins], playbook: Mapping[str, float], crm: Mapping[str, float]
) -> Iterator[StageChance]:
    for stage, observed in wins.items():
        name = fold(stage)
        if name in playbook:
            yield StageChance(stage, playbook[name], "playbook", observed)
        elif name in crm:
            yield StageChance(stage, crm[name], "CRM", observed)
        else:
            yield StageChance(stage, None, None, observed)


def _of_the_crm(discovery: Discovery) -> dict[str, float]:
    """Return what the export's dictionary of stages declares; nothing for names on which pipelines differ."""
    rows = discovery.log.relations.rows(
        "SELECT label, min(probability) FROM stage_dictionary WHERE probability IS NOT NULL "
        "GROUP BY label HAVING min(probability) = max(probability) ORDER BY label"
    )
    return {fold(label): float(probability) for label, probability in rows}
