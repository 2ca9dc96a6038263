"""What a replay of past deals found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from processminer.conformance.conformance import Obligation

Standing = Literal["newly breaking", "newly keeping", "still breaking", "still keeping"]


@dataclass(frozen=True, slots=True)
class Tally:
    """So many deals, how they ended, and the first five of them in alphabetical order."""

    deals: int = 0
    won: int = 0
    lost: int = 0
    open: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A way of leaving a playbook, by the names of the new one."""

    kind: str
    subject: str
    stage: str | None


@dataclass(frozen=True, slots=True)
class ChangedWay:
    """Deals that leave one of the playbooks by this way and not the other."""

    way: Way
    tally: Tally
    decisive: int
    """Those of them that keep to the other playbook altogether."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Past deals under both playbooks: what happened, held against each. It forecasts nothing.

    A deal counts as breaking a playbook if it has a deviation from it; open deals that have none so far keep to it.
    """

    source: str
    as_of: datetime
    standings: Mapping[Standing, Tally]
    """All four, in this order; deals that can be compared."""
    not_comparable: Mapping[str, Tally]
    """By the reason, in alphabetical order."""
    newly: tuple[ChangedWay, ...]
    """Ways by which deals leave the new playbook and did not leave the old one, the most frequent first."""
    no_longer: tuple[ChangedWay, ...]
    """Ways by which deals left the old playbook and do not leave the new one."""
    unseen: tuple[Obligation, ...]
    """What the new playbook asks that is new or changed, and that this log cannot show of some or all deals."""

    @property
    def compared(self) -> int:
        """How many deals could be compared: the denominator of every share."""
        return sum(tally.deals for tally in self.standings.values())
