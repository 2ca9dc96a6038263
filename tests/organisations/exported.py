"""What a CRM has on record of the deals on the day of the export: everything that had happened by then, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from tests.organisations.live import Lives
from tests.organisations.luck import Counts, Floats

START = datetime(2023, 1, 2, 9)  # a Monday, without a zone as the CRM writes it
WON, LOST = "Closed Won", "Closed Lost"


@dataclass(frozen=True, slots=True)
class Record:
    """The CRM's memory."""

    lives: Lives
    stages: pd.DataFrame
    """deal, at, stage, owner: each entry into a stage or an end, in order."""
    tasks: pd.DataFrame
    """deal, at, type, subject, owner."""
    fields: pd.DataFrame
    """deal, at, column, value."""
    owners: pd.DataFrame
    """deal, at, before, after."""
    created: Counts
    """Deals that were there on that day."""


def record(lives: Lives, called: Mapping[str, str] | None = None, since: float = 0.0) -> Record:
    """Return what is on record of these lives; `called` are new names of stages, in force from a day on."""
    world, met = lives.met.world, lives.met
    names = [phase.name for phase in world.phases]
    parts = [pd.DataFrame({"deal": one.deals, "at": one.entered, "stage": names[one.phase]}) for one in lives.stays]
    ends = pd.DataFrame({"deal": np.arange(len(lives.won)), "at": lives.ended, "stage": np.where(lives.won, WON, LOST)})
    stages = _by_then(pd.concat([*parts, ends], ignore_index=True), world.days)
    renamed = stages["stage"].map(lambda name: (called or {}).get(name, name))
    stages["stage"] = stages["stage"].where(stages["at"] < since, renamed)
    tasks = pd.concat(
        [
            pd.DataFrame({"deal": deals, "at": at, "type": act.name, "subject": act.subject or act.name})
            for act in world.acts
            for deals, at in lives.done.get(act.name, [])
        ]
        or [pd.DataFrame({"deal": [], "at": [], "type": [], "subject": []})],
        ignore_index=True,
    )
    fields = pd.concat(
        [
            pd.DataFrame({"deal": deals, "at": at, "column": one.column, "value": one.value})
            for one in world.fields
            for deals, at in [lives.filled.get(one.column, (np.zeros(0, dtype=np.int64), np.zeros(0)))]
        ]
        or [pd.DataFrame({"deal": [], "at": [], "column": [], "value": []})],
        ignore_index=True,
    )
    # Nobody works on a deal that has ended.
    late = tasks["at"].to_numpy() > lives.ended[tasks["deal"].to_numpy(dtype=np.int64)]
    return Record(
        lives=lives,
        stages=stages,
        tasks=_by_then(tasks[~late], world.days),
        fields=_by_then(fields, world.days),
        owners=_by_then(_changes_of_owner(lives), world.days),
        created=np.flatnonzero(met.begun <= world.days),
    )


def moments(days: Floats) -> pd.Series:
    """Return days as moments, to the second."""
    return pd.Series(pd.Timestamp(START) + pd.to_timedelta(np.round(np.asarray(days, dtype=float) * 86_400), unit="s"))


def owners_at(record: Record, deals: Counts, at: np.ndarray) -> Counts:
    """Return whose the deals were at some moments."""
    owner = record.lives.met.owner[deals].copy()
    taken = pd.Series(np.inf, index=np.arange(len(record.lives.won)))
    after = pd.Series(0, index=np.arange(len(record.lives.won)))
    if len(record.owners):
        whose = record.owners["deal"].to_numpy(dtype=np.int64)
        taken.iloc[whose] = record.owners["at"].to_numpy()
        after.iloc[whose] = record.owners["after"].to_numpy(dtype=np.int64)
    changed = taken.to_numpy()[deals] <= at
    owner[changed] = after.to_numpy()[deals[changed]]
    return owner


def _by_then(rows: pd.DataFrame, days: float) -> pd.DataFrame:
    return rows[rows["at"] <= days].sort_values(["at", "deal"], kind="stable", ignore_index=True)


def _changes_of_owner(lives: Lives) -> pd.DataFrame:
    if not lives.passed:
        return pd.DataFrame({"deal": [], "at": [], "before": [], "after": []})
    parts = [
        pd.DataFrame({"deal": deals, "at": at, "before": lives.met.owner[deals], "after": after})
        for deals, at, after in lives.passed
    ]
    rows = pd.concat(parts, ignore_index=True)
    alive = rows["at"].to_numpy() <= lives.ended[rows["deal"].to_numpy(dtype=np.int64)]
    return rows[alive]
