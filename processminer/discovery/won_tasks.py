"""The activities of won deals: in which stage, in how many deals, how often and how soon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.discovery.discovery import Discovery


@dataclass(frozen=True, slots=True)
class WonTask:
    """An activity that won deals show while they stand in a stage."""

    name: str
    stage: str
    deals: int
    """Won deals that did it while in the stage."""
    anywhere: int
    """Won deals that did it in any stage."""
    median_days: float
    """From entering the stage to doing it there for the first time."""
    times: Mapping[int, int]
    """How often a deal did it there, to the deals that did it so often."""


def won_tasks(discovery: Discovery) -> tuple[WonTask, ...]:
    """Return what was done in won deals, stage by stage, the most common first; what falls into no stay is left out."""
    rows = discovery.log.relations.rows(read_sql("processminer.discovery", "won_tasks.sql"))
    return tuple(WonTask(*row) for row in rows)
