"""What was known of each deal when it had to decide, as numbers that can be held equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.discovery.segments import segments
from processminer.engines.relations import read_sql
from processminer.estimates.effects.asked import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.log.eventlog import EventLog
    from processminer.statistics.doubly_robust import Counts, Flags
    from processminer.statistics.survival import Floats

PLACES = ("first_attribute", "second_attribute", "third_attribute", "fourth_attribute")

MOST_LEVELS = 12
"""Of a trait, the most frequent ones; the others count as one."""

RARE = 0.01
"""A level that fewer deals have is one of the others."""

UNKNOWN_THEN = "the log does not tell what it was at the moment"


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The deals of one trial. All arrays have an entry, or a row, per deal."""

    done: Flags
    moment_us: Counts
    days: Counts
    """From the moment to the close, or to `as_of`; the day of the moment is day 1."""
    watched: Counts
    """The same to `as_of`, whether or not the deal was closed before."""
    cause: Counts
    """1 won, 2 lost, 0 open."""
    owner: Counts
    """0 where it has none."""
    columns: Floats
    groups: Mapping[str, slice]
    """Which columns belong together, by what they say."""
    first_stay_days: Floats
    """Days in the first stage where that was over before the stay that led to the moment; else not a number."""

    def only(self, which: Flags) -> Known:
        """Return some of the deals."""
        return Known(
            done=self.done[which],
            moment_us=self.moment_us[which],
            days=self.days[which],
            watched=self.watched[which],
            cause=self.cause[which],
            owner=self.owner[which],
            columns=self.columns[which],
            groups=self.groups,
            first_stay_days=self.first_stay_days[which],
        )


@dataclass(frozen=True, slots=True)
class Knowable:
    """What a log can tell of deals at any moment."""

    attributes: tuple[str, ...]
    amounts: bool

    @property
    def left_out(self) -> dict[str, str]:
        """What cannot be held equal, and why."""
        return {} if self.amounts else {"amount": UNKNOWN_THEN}


def prepare(log: EventLog) -> Knowable:
    """Make the relations that tell how deals stood at any moment.

    Amounts count only where the log keeps their changes: a field that is edited as a deal goes on says, in the end,
    how it went.
    """
    chosen = segments(log)[: len(PLACES)]
    log.relations.put(
        "known_attributes",
        {"attribute": list(chosen), "place": list(range(len(chosen)))},
        {"attribute": "VARCHAR", "place": "INTEGER"},
    )
    log.relations.run(read_sql(PACKAGE, "known_before.sql"))
    ((edits,),) = log.relations.rows("SELECT count(*) FROM field_edits WHERE field = 'amount'")
    return Knowable(tuple(chosen), edits > 0)


def known_then(log: EventLog, practice: int, knowable: Knowable) -> Known | None:
    """Return the deals of one trial as they stood at its moment, in the order of deals; None where there are none."""
    said = {"practice": practice, "as_of": log.as_of.replace(tzinfo=None)}
    told = log.relations.numbers(read_sql(PACKAGE, "known_then.sql"), said)
    if not len(told["done"]):
        return None
    parts = {
        "stage before": levels(told["came_from"]),
        **{name: levels(told[place]) for name, place in zip(knowable.attributes, PLACES, strict=False)},
        "quarter": levels(told["quarter"]),
        "days in the stage before": _curve(told["stage_days"]),
        "returns so far": _curve(told["returns"])[:, :1],
        "owner's open deals": _curve(told["load"])[:, :1],
    }
    if knowable.amounts:
        parts["amount"] = _amount(told["amount"])
    parts = {name: columns for name, columns in parts.items() if columns.shape[1] and np.ptp(columns, axis=0).any()}
    ends = np.cumsum([columns.shape[1] for columns in parts.values()]).tolist()
    return Known(
        done=told["done"] > 0,
        moment_us=told["moment_us"].astype(np.int64),
        days=told["days"].astype(np.int64),
        watched=told["watched"].astype(np.int64),
        cause=told["cause"].astype(np.int64),
        owner=told["owner"].astype(np.int64),
        columns=np.concatenate([np.zeros((len(told["done"]), 0)), *parts.values()], axis=1),
        groups={
            name: slice(end - columns.shape[1], end) for (name, columns), end in zip(parts.items(), ends, strict=True)
        },
        first_stay_days=told["first_stay_days"],
    )


def levels(values: Floats) -> Floats:
    """Return a column of 0 and 1 for each level but the most frequent one, rare ones together."""
    names, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranked = np.argsort(-count, kind="stable")
    own = [one for one in ranked[:MOST_LEVELS].tolist() if count[one] >= RARE * len(values)]
    others = np.isin(place, own, invert=True)
    columns = [place == one for one in own[1:]] + ([others] if others.any() and len(names) > 1 else [])
    return np.column_stack(columns).astype(np.float64) if columns else np.zeros((len(values), 0))


def _curve(values: Floats) -> Floats:
    """Return the logarithm of a length or number, and its square about the mean."""
    log = np.log1p(np.maximum(values, 0.0))
    return np.column_stack([log, (log - log.mean()) ** 2])


def _amount(values: Floats) -> Floats:
    """Return the logarithm of the amount, its square, and whether none was known, for which the median stands."""
    unknown = np.isnan(values) | (values < 0)
    if unknown.all():
        return np.zeros((len(values), 0))
    filled = np.where(unknown, np.median(values[~unknown]), values)
    return np.column_stack([_curve(filled), unknown.astype(np.float64)])
