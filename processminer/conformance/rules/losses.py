"""Loss reasons: every lost deal says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.checkable import columns_needed
from processminer.conformance.queries import put
from processminer.conformance.rules.rule import Rule, own, run
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReason(Rule):
    """The column that says why a deal was lost.

    It concerns lost deals that have a path: kept if the column is filled, broken if it is empty.
    """

    kind: ClassVar[ObligationKind] = "loss-reason"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("no-loss-reason",)

    columns: tuple[str, ...]
    """What the log calls it."""


def loss_reasons_of(asked: Asked) -> Iterator[LossReason]:
    """Yield the column that the playbook names, if it does."""
    field = asked.playbook.outcomes.loss_reason
    if field is not None:
        columns = tuple(name for name in asked.log.attributes if fold(name) == fold(field))
        yield LossReason(
            subject=field,
            stage=None,
            place=asked.beyond,
            path=("outcomes", "loss_reason"),
            needs=None if columns else columns_needed([field]),
            columns=columns,
        )


def hold_loss_reasons(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` whether lost deals say why."""
    for at, one in own(rules, LossReason):
        put(log.relations, "reason_columns", {"attribute": "VARCHAR"}, [(name,) for name in one.columns])
        run(log.relations, "loss_reasons", {"rule": at})
