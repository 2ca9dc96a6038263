"""The export of an organisation that uses HubSpot: one row a change of a property, and the activities beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.organisations.exported import Record, moments, owners_at
from tests.organisations.luck import Counts, Floats

_KINDS = ("CALL", "MEETING", "EMAIL", "TASK")


def write_hubspot(folder: Path, record: Record) -> None:
    """Write the property history and the activities."""
    folder.mkdir(parents=True, exist_ok=True)
    met = record.lives.met
    born, stages = record.created, record.stages
    parts = [
        _rows(stages["deal"].to_numpy(dtype=np.int64), stages["at"].to_numpy(), "Deal Stage", stages["stage"]),
        _rows(born, met.begun[born], "Pipeline", "Sales Pipeline"),
        _rows(born, met.begun[born], "Deal Name", [f"Deal {number}" for number in born]),
        _rows(born, met.begun[born], "Amount", met.amount[born].astype(int).astype(str)),
        _rows(born, met.begun[born], "Deal owner", _people(met.owner[born])),
    ]
    if len(record.fields):
        filled = record.fields
        parts.append(
            _rows(filled["deal"].to_numpy(dtype=np.int64), filled["at"].to_numpy(), filled["column"], filled["value"])
        )
    if len(record.owners):
        passed = record.owners
        after = _people(passed["after"].to_numpy(dtype=np.int64))
        parts.append(_rows(passed["deal"].to_numpy(dtype=np.int64), passed["at"].to_numpy(), "Deal owner", after))
    rows = pd.concat(parts, ignore_index=True).sort_values(["Record ID", "at"], ascending=[True, False], kind="stable")
    whose = rows.pop("deal").to_numpy(dtype=np.int64)
    rows["Source"] = "CRM UI"
    rows["Updated by"] = _people(owners_at(record, whose, rows.pop("at").to_numpy()))
    _deals(record).to_csv(folder / "hubspot-crm-exports-all-deals.csv", index=False, lineterminator="\n")
    rows.to_csv(folder / "hubspot-property-history-export.csv", index=False, lineterminator="\n")
    if len(record.tasks):
        _activities(record).to_csv(folder / "engagements.csv", index=False, lineterminator="\n")


def _deals(record: Record) -> pd.DataFrame:
    """Return the deals as they stand."""
    lives, met, born = record.lives, record.lives.met, record.created
    ended = lives.ended[born] <= met.world.days
    last = record.stages.groupby("deal")["stage"].last().reindex(born)
    return pd.DataFrame(
        {
            "Record ID": 18_204_000_000 + 37 * born,
            "Deal Name": [f"Deal {number}" for number in born],
            "Pipeline": "Sales Pipeline",
            "Deal Stage": last.to_numpy(),
            "Amount": met.amount[born].astype(int),
            "Deal owner": _people(owners_at(record, born, np.full(len(born), met.world.days))),
            "Deal Type": "New Business",
            "Segment": np.array([one.name for one in met.world.segments])[met.segment[born]],
            "Original Source": np.array(list(met.world.sources))[met.source[born]],
            "Create Date": moments(met.begun[born]).dt.strftime("%Y-%m-%d %H:%M"),
            "Close Date": moments(np.where(ended, lives.ended[born], met.begun[born] + 90)).dt.strftime(
                "%Y-%m-%d %H:%M"
            ),
        }
    )


def _rows(deals: Counts, at: Floats, name: object, value: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Record ID": 18_204_000_000 + 37 * deals,
            "Property name": name,
            "Value": value,
            "Change date": moments(at).dt.strftime("%Y-%m-%d %H:%M:%S").to_numpy(),
            "deal": deals,
            "at": at,
        }
    )


def _people(owners: Counts) -> list[str]:
    return [f"Person {number}" for number in owners]


def _activities(record: Record) -> pd.DataFrame:
    tasks = record.tasks
    deals = tasks["deal"].to_numpy(dtype=np.int64)
    names = sorted(set(tasks["type"]))
    kinds = tasks["type"].map({name: _KINDS[place % len(_KINDS)] for place, name in enumerate(names)})
    return pd.DataFrame(
        {
            "id": np.arange(len(tasks)) + 70_000,
            "type": kinds,
            "subject": tasks["type"],
            "hs_timestamp": moments(tasks["at"].to_numpy()).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "hs_task_status": "COMPLETED",
            "deal_ids": 18_204_000_000 + 37 * deals,
            "hubspot_owner_id": _people(owners_at(record, deals, tasks["at"].to_numpy())),
        }
    )
