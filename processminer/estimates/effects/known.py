"""What was known of each deal when it had to decide, as numbers that can be held equal."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
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

LAST_AMOUNT = "amount as it stands now"

CHANGES_NOT_KEPT = "its changes are not kept"

TELLS_THE_END = 2.6
"""Standard errors by which the share of deals with an amount differs between won and lost ones: if it does, amounts are
written because of how deals ended."""


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
    segment: Counts
    """The weightiest attribute's value, as a number; 0 where it is not known."""
    segmented_by: str = ""
    """That attribute; empty where there is none."""
    segment_names: Mapping[int, str] = field(default_factory=dict[int, str])

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
            segment=self.segment[which],
            segmented_by=self.segmented_by,
            segment_names=self.segment_names,
        )


@dataclass(frozen=True, slots=True)
class Knowable:
    """What a log can tell of deals at any moment."""

    attributes: tuple[str, ...]
    amount: str
    """How the amount is called that may be held equal: the one of the moment, or the last one; empty for none."""
    left_out: Mapping[str, str]
    """What cannot be held equal, and why."""
    segment_names: Mapping[int, str]
    """The values of the weightiest attribute, by number."""


def prepare(log: EventLog) -> Knowable:
    """Make the relations that tell how deals stood at any moment.

    Amounts of the moment are known where the log keeps changes. Otherwise the last amount stands for it: mostly it
    was there before, and a practice of the larger deals must not look useful for their sake. Not where amounts are
    written when deals are won.
    """
    chosen = segments(log)[: len(PLACES)]
    log.relations.put(
        "known_attributes",
        {"attribute": list(chosen), "place": list(range(len(chosen)))},
        {"attribute": "VARCHAR", "place": "INTEGER"},
    )
    log.relations.run(read_sql(PACKAGE, "known_before.sql"))
    ((edits,),) = log.relations.rows("SELECT count(*) FROM field_edits WHERE field = 'amount'")
    names: dict[int, str] = dict(
        log.relations.rows("SELECT DISTINCT number, value FROM trait_numbers WHERE place = 0 ORDER BY number")
    )
    if edits:
        return Knowable(tuple(chosen), "amount", {}, names)
    kept = not _told_by_the_end(log)
    why = CHANGES_NOT_KEPT + (
        ": the last amount is held equal instead" if kept else ", and won deals have one more often"
    )
    return Knowable(tuple(chosen), LAST_AMOUNT if kept else "", {"amount at the moment": why}, names)


def _told_by_the_end(log: EventLog) -> bool:
    """Tell whether won and lost deals have an amount more or less often than chance would have it."""
    counted = log.relations.rows(
        "SELECT count(*), count(*) FILTER (WHERE amount > 0) FROM deals WHERE outcome IN ('won', 'lost')"
        " GROUP BY outcome ORDER BY outcome"
    )
    if len(counted) < 2:
        return False
    (lost, lost_known), (won, won_known) = counted
    share = (lost_known + won_known) / (lost + won)
    error = math.sqrt(share * (1 - share) * (1 / lost + 1 / won))
    return abs(lost_known / lost - won_known / won) > TELLS_THE_END * error if error > 0 else False


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
    if knowable.amount:
        parts[knowable.amount] = _amount(told["amount"])
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
        segment=told["first_attribute"].astype(np.int64),
        segmented_by=next(iter(knowable.attributes), ""),
        segment_names=knowable.segment_names,
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
