"""The export of an organisation that uses Salesforce: the objects, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tests.organisations.exported import LOST, WON, Record, moments, owners_at
from tests.organisations.luck import Counts


def write_salesforce(folder: Path, record: Record, probability: Mapping[str, float], *, tracked: bool = False) -> None:
    """Write Opportunity, OpportunityHistory and Task; where fields are `tracked`, OpportunityFieldHistory instead.

    `probability` is in percent, by stage.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if tracked:
        _field_history(record).to_csv(folder / "OpportunityFieldHistory.csv", index=False, lineterminator="\n")
    else:
        _history(record, probability).to_csv(folder / "OpportunityHistory.csv", index=False, lineterminator="\n")
    _opportunities(record).to_csv(folder / "Opportunity.csv", index=False, lineterminator="\n")
    if len(record.tasks):
        _tasks(record).to_csv(folder / "Task.csv", index=False, lineterminator="\n")


def _history(record: Record, probability: Mapping[str, float]) -> pd.DataFrame:
    met = record.lives.met
    stages = record.stages
    deal = stages["deal"].to_numpy(dtype=np.int64)
    chances = {**probability, WON: 100, LOST: 0}
    return pd.DataFrame(
        {
            "OpportunityId": deal_ids(deal),
            "CreatedById": owner_ids(owners_at(record, deal, stages["at"].to_numpy())),
            "CreatedDate": _iso(stages["at"].to_numpy()),
            "StageName": stages["stage"],
            "Amount": met.amount[deal].astype(int),
            "CloseDate": moments(met.begun[deal] + 90).dt.strftime("%Y-%m-%d"),
            "Probability": stages["stage"].map(chances).ffill(),
        }
    )


def _tasks(record: Record) -> pd.DataFrame:
    tasks = record.tasks
    whose, at = tasks["deal"].to_numpy(dtype=np.int64), tasks["at"].to_numpy()
    return pd.DataFrame(
        {
            "WhatId": deal_ids(whose),
            "OwnerId": owner_ids(owners_at(record, whose, at)),
            "Type": tasks["type"],
            "Subject": tasks["subject"],
            "Status": "Completed",
            "ActivityDate": moments(at).dt.strftime("%Y-%m-%d"),
            "CompletedDateTime": _iso(at),
        }
    )


def deal_ids(deals: Counts) -> list[str]:
    """Return the ids under which deals are known."""
    return [f"006A{number:011d}" for number in deals]


def owner_ids(owners: Counts) -> list[str]:
    """Return the ids under which people are known."""
    return [f"005A{number:011d}" for number in owners]


def _opportunities(record: Record) -> pd.DataFrame:
    lives, met = record.lives, record.lives.met
    world, deals = met.world, record.created
    ended = lives.ended[deals] <= world.days
    won = ended & lives.won[deals]
    last = record.stages.groupby("deal")["stage"].last().reindex(deals)
    at = np.where(ended, lives.ended[deals], met.begun[deals] + 90)
    rows = pd.DataFrame(
        {
            "Id": deal_ids(deals),
            "Name": [f"Deal {number}" for number in deals],
            "StageName": last.to_numpy(),
            "Amount": met.amount[deals].astype(int),
            "Type": "New Business",
            "LeadSource": np.array(list(world.sources))[met.source[deals]],
            "OwnerId": owner_ids(owners_at(record, deals, np.full(len(deals), world.days))),
            "CreatedDate": _iso(met.begun[deals]),
            "CloseDate": moments(at).dt.strftime("%Y-%m-%d"),
            "IsClosed": np.where(ended, "true", "false"),
            "IsWon": np.where(won, "true", "false"),
            "Segment__c": np.array([one.name for one in world.segments])[met.segment[deals]],
        }
    )
    for column, values in _fields(record).items():
        rows[column] = values
    return rows


def _fields(record: Record) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in record.lives.met.world.fields:
        filled = set(record.fields.loc[record.fields["column"] == one.column, "deal"].astype(int))
        told[one.column] = [one.value if number in filled else "" for number in record.created]
    return told


def _field_history(record: Record) -> pd.DataFrame:
    """Return changes of the stage, of the organisation's own fields, and of the owner where deals pass."""
    met, born = record.lives.met, record.created
    stages = record.stages
    before = stages.groupby("deal")["stage"].shift()
    moves = before.notna()
    parts = [
        _changes(born, met.begun[born], "created", "", ""),
        _changes(stages["deal"][moves], stages["at"][moves], "StageName", before[moves], stages["stage"][moves]),
    ]
    if len(record.fields):
        filled = record.fields
        parts.append(_changes(filled["deal"], filled["at"], filled["column"], "", filled["value"]))
    if len(record.owners):
        passed = record.owners
        old, new = (owner_ids(passed[side].to_numpy(dtype=np.int64)) for side in ("before", "after"))
        parts.append(_changes(passed["deal"], passed["at"], "Owner", old, new))
    rows = pd.concat(parts, ignore_index=True).sort_values("at", kind="stable")
    deal, at = rows.pop("deal").to_numpy(dtype=np.int64), rows.pop("at").to_numpy()
    rows["CreatedById"] = owner_ids(owners_at(record, deal, at))
    return rows


def _changes(deals: object, at: object, name: object, old: object, new: object) -> pd.DataFrame:
    whose, when = np.asarray(deals, dtype=np.int64), np.asarray(at, dtype=float)
    told = {"Field": name, "OldValue": old, "NewValue": new}
    return pd.DataFrame(
        {
            "OpportunityId": deal_ids(whose),
            "CreatedDate": _iso(when).to_numpy(),
            **{key: np.asarray(value) if not isinstance(value, str) else value for key, value in told.items()},
            "deal": whose,
            "at": when,
        }
    )


def _iso(days: np.ndarray) -> pd.Series:
    return moments(days).dt.strftime("%Y-%m-%dT%H:%M:%S.000Z")
