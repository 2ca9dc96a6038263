"""How the numbers of one map become colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from processminer.diagrams.colours import (
    BLUE,
    DAYS_RAMP,
    FREQUENCY_RAMP,
    SLATE,
    UNUSED,
    VERMILION,
    WON,
    shade,
    thirds,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.diagrams.colours import Colouring
    from processminer.diagrams.flow import Flow, Line, Station

Kind = TypeVar("Kind")

RARE = 0.005
"""A line that carries less than one move in two hundred is left out of a map: it could not be told from its
neighbours. Nor does it have a say in what counts as long or often."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers become colours on one map."""

    counts: tuple[float, float]
    days: tuple[float, float]
    measured: bool
    """Whether deals were counted: what a playbook alone allows is not unused."""

    def line(self, line: Line, colouring: Colouring) -> str:
        """Return the colour of a line."""
        if line.service:
            return WON
        if colouring == "playbook":
            return self._declared(line.declared, taken=line.count > 0)
        if colouring == "days":
            return SLATE if line.median_days is None else shade(line.median_days, self.days, DAYS_RAMP)
        return shade(line.count, self.counts, FREQUENCY_RAMP) if line.count else UNUSED

    def station(self, station: Station, colouring: Colouring) -> str:
        """Return the colour of a card's border."""
        if station.kind == "service" and not self.measured:
            return WON
        if colouring == "playbook":
            return self._declared(station.declared, taken=station.deals > 0)
        if colouring == "days" and station.time is not None and station.time.median_days is not None:
            return shade(station.time.median_days, self.days, DAYS_RAMP)
        return SLATE

    def _declared(self, declared: bool | None, *, taken: bool) -> str:  # noqa: FBT001 - three answers, not a switch
        if declared is None:
            return SLATE
        if not declared:
            return VERMILION
        return BLUE if taken or not self.measured else UNUSED


def scale_of(flow: Flow) -> Scale:
    """Return the scale of a map: thirds by rank of its lines' counts, and of the days of its lines and stages.

    Ranks alone do not keep a rare outlier out: a line that one deal took is one more value, and shifts them. So those
    that carry less than `RARE` of the traffic, and stages that as few deals visited, are coloured but not asked.
    """
    used = _telling(flow.used, [line.count for line in flow.used])
    timed = [station for station in flow.stations if station.time is not None]
    asked = _telling(timed, [station.deals for station in timed])
    days = [line.median_days for line in used if line.median_days is not None]
    stays = [station.time.median_days for station in asked if station.time is not None]
    return Scale(
        counts=thirds(line.count for line in used),
        days=thirds([*days, *(stay for stay in stays if stay is not None)]),
        measured=flow.measured,
    )


def _telling(all_of: Sequence[Kind], counts: Sequence[int]) -> list[Kind]:
    """Return those that carry their share of the traffic."""
    least = RARE * sum(counts)
    return [one for one, count in zip(all_of, counts, strict=True) if count >= least]
