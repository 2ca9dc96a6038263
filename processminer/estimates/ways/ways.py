"""What a jump over stages, or a return to an earlier one, changes of the share of deals won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.engines.relations import read_sql
from processminer.estimates.effects.known import known_then, prepare
from processminer.estimates.effects.measure import measure
from processminer.estimates.effects.trial import Trial
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import normal_quantile
from processminer.statistics.renewal import WON, won_if_anew

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.estimates.effects.known import Knowable
    from processminer.estimates.effects.trial import Effect, TrialKind
    from processminer.log.eventlog import EventLog
    from processminer.statistics.pseudo_values import Counts

PACKAGE = "processminer.estimates.ways"

WayKind = Literal["skip", "return"]

_KINDS = ("return", "return-live")
"""The comparisons of a return, as `way_decisions.sql` calls them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A way between two stages, as the log calls them."""

    kind: WayKind
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Way:
    """A jump or a return, how many deals took it, and what it changes."""

    kind: WayKind
    source: str
    target: str
    deals: int
    """Deals that ever took it."""
    won: int
    owners: int
    """Different owners of these deals; 0 where the log names none."""
    loop_days: Interval | None
    """Mean days until a deal was back where it returned from, of those that came back; None for a jump, or too few."""
    examples: tuple[str, ...]
    effect: Effect | None
    """Jump: among deals that moved on as far as it leads. Return: among all that left the stage, closing included.
    None where all deals or none took it at the moment."""
    among_live: Effect | None = None
    """Return: among those that left the stage for another open one; the other end of what it may do."""
    at_target: float | None = None
    """Return: the share that would be won within the horizon of `effect` of deals that stand at its target as deals
    that first come there do, each time they return: they run the risks ahead of that stage, and no others."""

    @property
    def worst(self) -> Effect | None:
        """Of the comparisons, the one in which it looks worst: among live deals for a return."""
        return self.effect if self.kind == "skip" else self.among_live

    @property
    def beyond_risk(self) -> Interval | None:
        """What a return changes beyond the risks and days of the stages that are passed once more; None if not told.

        It is how much less, or more, often deals are won that came back than if they stood as deals that first came.
        The limits are those of the whole change: nearly all of their width stems from the deals that returned.
        """
        told = None if self.effect is None else self.effect.adjusted
        if told is None or self.at_target is None:
            return None
        shift = told.without - self.at_target
        return Interval(*(points + shift for points in (told.interval.estimate, told.interval.low, told.interval.high)))

    @property
    def subject(self) -> str:
        """The move, as `Proposal -> Discovery`."""
        return f"{self.source} -> {self.target}"


def ways(log: EventLog, asked: Sequence[Asked], knowable: Knowable | None = None) -> tuple[Way, ...]:
    """Return what each way changes, in the order asked; ways that no deal took are left out.

    Of a return both comparisons are told: with all else that ended the stay, where a deal that was closed might have
    gone back as well, and with live deals only, where it might not; which of them is right the log does not say. Needs
    `stays`. Raises KeyError for a stage that the log does not know.
    """
    if not asked:
        return ()
    _put(log, asked)
    log.relations.run(read_sql(PACKAGE, "way_decisions.sql"))
    taken = {int(row[0]): row[1:] for row in log.relations.rows(read_sql(PACKAGE, "ways_taken.sql"))}
    sql, as_of = read_sql(PACKAGE, "first_at_target.sql"), {"as_of": log.as_of.replace(tzinfo=None)}
    first_came = {name: column.astype(np.int64) for name, column in log.relations.numbers(sql, as_of).items()}
    known = prepare(log) if knowable is None else knowable
    told: list[Way] = []
    for place, one in enumerate(asked):
        first = len(_KINDS) * place
        if first in taken:
            deals, won, owners, back, mean, spread, examples = taken[first]
            # Nobody who goes back is won on the next day: what it changes shows when a deal has had time to pass again.
            least = _usual_days(first_came, first)
            effect = _effect(log, one, first, known, least)
            told.append(
                Way(
                    kind=one.kind,
                    source=one.source,
                    target=one.target,
                    deals=deals,
                    won=won,
                    owners=owners,
                    loop_days=_mean(back, mean, spread) if one.kind == "return" else None,
                    examples=tuple(examples),
                    effect=effect,
                    among_live=_effect(log, one, first + 1, known, least) if one.kind == "return" else None,
                    at_target=None if effect is None else _won_from(first_came, first, effect.horizon_days),
                )
            )
    return tuple(told)


def _put(log: EventLog, asked: Sequence[Asked]) -> None:
    code = {stage.name: number for number, stage in enumerate(log.stages)}
    rows = [
        (len(_KINDS) * place + number, kind, code[one.source], code[one.target])
        for place, one in enumerate(asked)
        for number, kind in enumerate(("skip",) if one.kind == "skip" else _KINDS)
    ]
    columns = ("practice", "kind", "code", "target")
    log.relations.put(
        "way_asked",
        {column: [row[place] for row in rows] for place, column in enumerate(columns)},
        {"practice": "INTEGER", "kind": "VARCHAR", "code": "SMALLINT", "target": "SMALLINT"},
    )


def _effect(log: EventLog, one: Asked, number: int, knowable: Knowable, least_days: int) -> Effect | None:
    kind: TrialKind = "skip" if one.kind == "skip" else "return-to"
    known = known_then(log, number, knowable)
    trial = Trial(kind, f"{one.source} -> {one.target}", one.source, to=one.target)
    return None if known is None else measure(trial, known, knowable.left_out, least_days=least_days)


def _usual_days(first_came: Mapping[str, Counts], number: int) -> int:
    """Return within how many days nine in ten of the wins come, from when deals first came to the target."""
    won = first_came["days"][(first_came["practice"] == number) & (first_came["cause"] == WON)]
    return int(np.ceil(np.quantile(won, 0.9))) if len(won) else 1


def _won_from(first_came: Mapping[str, Counts], number: int, horizon: int) -> float | None:
    own = first_came["practice"] == number
    return won_if_anew(first_came["days"][own], first_came["cause"][own], horizon) if own.any() else None


def _mean(many: int, mean: float, spread: float) -> Interval | None:
    """Return a mean with its normal limits; None of fewer than two."""
    if many < 2:
        return None
    half = normal_quantile(0.95) * spread / many**0.5
    return Interval(mean, max(0.0, mean - half), mean + half)
