"""How the log names the ends of deals, and the column that says why deals were lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.log.words_known import loss_kind

if TYPE_CHECKING:
    from processminer.log.eventlog import EventLog


@dataclass(frozen=True, slots=True)
class Ends:
    """The names of won and lost, and where the reason of a loss stands."""

    won: tuple[str, ...]
    lost: tuple[str, ...]
    """All of them, those of the two kinds below included."""
    no_decision: tuple[str, ...] = ()
    disqualified: tuple[str, ...] = ()
    reason: str | None = None
    """The column that says why a deal was lost."""
    reasons_filled: int = 0
    """Lost deals that have it filled."""


def ends_of(log: EventLog) -> Ends:
    """Return the ends that the log knows; of names that differ by capitals alone, the one of a win stays."""
    won = tuple(stage.name for stage in log.stages if stage.kind == "won" and stage.name.strip())
    taken = {name.casefold() for name in won}
    lost = tuple(
        stage.name
        for stage in log.stages
        if stage.kind == "lost" and stage.name.strip() and stage.name.casefold() not in taken
    )
    reason = _reason(log)
    return Ends(
        won=won,
        lost=lost,
        no_decision=tuple(name for name in lost if loss_kind(name) == "no decision"),
        disqualified=tuple(name for name in lost if loss_kind(name) == "disqualified"),
        reason=reason,
        reasons_filled=0 if reason is None else _filled(log, reason),
    )


def _reason(log: EventLog) -> str | None:
    """Return the attribute that was read as the reason of a loss."""
    headers = [table.columns["lost_reason"] for table in log.tables if "lost_reason" in table.columns]
    known = (name for header in headers for name in log.attributes if header == name or header.endswith(name))
    return next(known, None)


def _filled(log: EventLog, reason: str) -> int:
    (filled,) = log.relations.row(
        "SELECT count(DISTINCT deal) FROM attributes JOIN deals USING (deal) "
        "WHERE outcome = 'lost' AND attribute = $reason AND trim(value) <> ''",
        {"reason": reason},
    )
    return int(filled)
