"""How the log names the ends of deals, and the column that says why deals were lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.sources.profile import header_key, profiles
from processminer.log.words_known import loss_kind
from processminer.words import fold

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
    """Return the ends that the log knows; of names that a playbook cannot tell apart, the one of a win stays."""
    won = tuple(stage.name for stage in log.stages if stage.kind == "won" and stage.name.strip())
    taken = {fold(name) for name in won}
    lost = tuple(
        stage.name
        for stage in log.stages
        if stage.kind == "lost" and stage.name.strip() and fold(stage.name) not in taken
    )
    reason, filled = _reason(log)
    return Ends(
        won=won,
        lost=lost,
        no_decision=tuple(name for name in lost if loss_kind(name) == "no decision"),
        disqualified=tuple(name for name in lost if loss_kind(name) == "disqualified"),
        reason=reason,
        reasons_filled=filled,
    )


def _reason(log: EventLog) -> tuple[str | None, int]:
    """Return the column of reasons, by any name that exports have for it, and how many lost deals have it filled."""
    known = {
        header_key(header)
        for profile in profiles()
        for table in profile.tables.values()
        for header in table.spellings.get("lost_reason", ())
    }
    called = [name for name in log.attributes if known & {header_key(name), header_key(name.removesuffix("__c"))}]
    found = log.relations.rows(read_sql("processminer.drafting", "loss_reasons.sql"), {"called": called})
    return (str(found[0][0]), int(found[0][1])) if found else (None, 0)
