"""Time limits: how long a deal may be in a stage, and from when somebody should look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.checkable import moments_needed
from processminer.conformance.conformance import OverLimit, OverNow
from processminer.conformance.queries import put
from processminer.conformance.rules.rule import Rule, micros, own, rows, run
from processminer.playbook.parts.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.upkeep import DeviationKind

MOST_OVER = 20
"""Open deals over their limit that are named: as many as one meeting can go through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Rule):
    """A stage's time limit, or when it gives deals up where it has none.

    It concerns deals that entered the stage: broken if any stay was longer (an open deal's stay lasts until now),
    pending while a deal is in it and within the limit, kept otherwise. A deal lost within the limit kept it. Where the
    stage says when to look, a pending deal beyond that is warned of; a warning alone is never broken. The remark
    marks open deals that are over the limit right now.
    """

    kind: ClassVar[ObligationKind] = "time-limit"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("over-time",)
    reads: ClassVar[frozenset[str]] = frozenset({"rule_stays"})
    right_now: ClassVar[bool] = True

    days: float | None
    warn: float | None


def limits_of(asked: Asked) -> Iterator[Limit]:
    """Yield the limit of each stage that has one, or a level of warning."""
    for place, stage, path in asked.stages():
        warn = stage.warn_after if isinstance(stage, Stage) else None
        # A stage that only says when a deal is given up allows no longer stay than that.
        close = stage.close_after if isinstance(stage, Stage) else None
        most = close if stage.time_limit is None else stage.time_limit
        if most is not None or warn is not None:
            said = {"time_limit": stage.time_limit, "close_after": close, "warn_after": warn}
            key = next(key for key, days in said.items() if days is not None)
            yield Limit(
                subject=stage.name,
                stage=stage.name,
                place=place,
                path=(*path, key),
                days=most,
                warn=warn,
                needs=moments_needed(stage.name),
            )


def hold_limits(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` how deals stand to their limits; makes `limit_rules`."""
    limits = own(rules, Limit)
    types = {"rule": "INTEGER", "place": "SMALLINT", "most": "BIGINT", "warn": "BIGINT"}
    put(
        log.relations, "limit_rules", types, [(at, one.place, micros(one.days), micros(one.warn)) for at, one in limits]
    )
    if limits:
        run(log.relations, "over_limit", {"as_of": log.as_of})


def over_now(rules: Sequence[Rule], log: EventLog) -> OverLimit:
    """Return the open deals that are over the limit of the stage they are in, the longest over it first.

    Needs `rule_verdicts` and what `hold_limits` made.
    """
    limits = dict(own(rules, Limit))
    if not limits:
        return OverLimit()
    values = {"as_of": log.as_of, "most": MOST_OVER}
    named = tuple(
        OverNow(str(deal), limits[rule].subject, owner, amount, currency, days, days_over)
        for deal, rule, owner, amount, currency, days, days_over in rows(log.relations, "over_now", values)
    )
    ((deals, amount, currency),) = rows(log.relations, "over_now_total")
    return OverLimit(int(deals), amount, currency, named)
