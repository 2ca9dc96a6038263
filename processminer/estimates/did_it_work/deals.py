"""The deals by which a change is judged: when they began, how they ended, whose they are, and whether they changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from processminer.engines.relations import read_sql
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from processminer.log.eventlog import EventLog
    from processminer.statistics.doubly_robust import Counts, Flags
    from processminer.statistics.survival import Floats

PACKAGE = "processminer.estimates.did_it_work"

ENOUGH_PARTS = 3
"""Values of the attribute on each side: with fewer teams than that, owners are what is compared."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Deals, or stays of deals; all arrays have an entry for each."""

    begun: Floats
    """Days since 1970."""
    days: Counts
    """From the begin to the end, or to `as_of`; the day of the begin is day 1."""
    watched: Counts
    cause: Counts
    """Of a deal 1 won, 2 lost, 0 open; of a stay 1 ended, 0 not yet."""
    group: Counts
    """Whose it is: a team, or an owner."""
    changed: Flags
    """Whether the change was made for it."""
    after: Flags
    """Whether it began when the change was in force."""

    def only(self, which: Flags) -> Units:
        """Return some of them."""
        return Units(
            self.begun[which],
            self.days[which],
            self.watched[which],
            self.cause[which],
            self.group[which],
            self.changed[which],
            self.after[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The deals, and how their stays are found among them."""

    deals: Units
    ids: tuple[str, ...]
    """The id of each deal, in order."""
    grouped_by: str
    """What a group is: the attribute by which the change was made for some, or `owner`."""
    frames: tuple[pd.DataFrame, ...]
    logs: tuple[EventLog, ...]

    def stays(self, stage: str, since: date | None) -> Units | None:
        """Return the stays in a stage of these deals, each parted by its own begin; None where there are none."""
        import pandas as pd

        sql = read_sql(PACKAGE, "stays_judged.sql")
        read = [
            log.relations.frame(sql, {"as_of": log.as_of.replace(tzinfo=None), "stage": stage}).merge(
                deals[["deal_id", "changed", "owner", "part", "after"]], on="deal_id"
            )
            for log, deals in zip(self.logs, self.frames, strict=True)
        ]
        table: Any = pd.concat(read, ignore_index=True)
        if not len(table):
            return None
        after = table["after"] if since is None else table["begun"] >= _day(since)
        return _units(table.assign(cause=table["ended"].astype(int), after=after), self.grouped_by)


def judged_deals(logs: Sequence[EventLog], where: Mapping[str, Sequence[str]], since: date | None) -> Judged:
    """Return the deals of one log parted by a day, or of a log from before a change and one from after it.

    `where` says for which deals the change was made: attributes and values; for all of them where it is empty. A deal
    that both logs know began before, and is told as the later one knows it. Needs `stays` and `untimed_leads`.
    """
    import pandas as pd

    part = next(iter(where), "")
    frames = [_read(log, where, part) for log in logs]
    if since is not None:
        frames = [frame.assign(after=frame["begun"] >= _day(since)) for frame in frames]
    else:
        before, later = frames
        known = set(before["deal_id"])
        later = later.assign(after=~later["deal_id"].isin(known))
        frames = [before[~before["deal_id"].isin(set(later["deal_id"]))].assign(after=False), later]
    table: Any = pd.concat(frames, ignore_index=True)
    if not where:
        table = table.assign(changed=True)
        frames = [frame.assign(changed=True) for frame in frames]
    by = part if _enough(table) else "owner"
    return Judged(_units(table, by), tuple(map(str, table["deal_id"])), by, tuple(frames), tuple(logs))


def _read(log: EventLog, where: Mapping[str, Sequence[str]], part: str) -> pd.DataFrame:
    pairs = [(_plain(attribute), _plain(value)) for attribute, values in where.items() for value in values]
    log.relations.put(
        "changed_where",
        {"attribute": [one for one, _ in pairs], "value": [value for _, value in pairs]},
        {"attribute": "VARCHAR", "value": "VARCHAR"},
    )
    values = {"as_of": log.as_of.replace(tzinfo=None), "part": _plain(part)}
    return log.relations.frame(read_sql(PACKAGE, "deals_judged.sql"), values)


def _plain(name: str) -> str:
    return fold(name)


def _enough(table: Any) -> bool:
    """Tell whether the attribute has values enough on each side to be what is compared."""
    sides = table[table["part"] != ""].groupby("changed")["part"].nunique()
    return len(sides) == 2 and int(sides.min()) >= ENOUGH_PARTS


def _units(table: Any, by: str) -> Units:
    names = table["owner"] if by == "owner" else table["part"]
    _, group = np.unique(names.to_numpy(dtype=str), return_inverse=True)
    return Units(
        begun=table["begun"].to_numpy(dtype=np.float64),
        days=table["days"].to_numpy(dtype=np.int64),
        watched=table["watched"].to_numpy(dtype=np.int64),
        cause=table["cause"].to_numpy(dtype=np.int64),
        group=group.astype(np.int64),
        changed=table["changed"].to_numpy(dtype=bool),
        after=table["after"].to_numpy(dtype=bool),
    )


def _day(since: date) -> float:
    from datetime import date as day

    return float((since - day(1970, 1, 1)).days)
