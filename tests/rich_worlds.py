"""Logs that show every kind of rule: who owned a deal when, who did what, fields as they changed, and contacts."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log
from tests.worlds import FIRST_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.log.eventlog import EventLog

Dated = list[tuple[str, float]]


@dataclass
class Deal:
    """What a log tells of one deal; everything by the day on which it happened."""

    stops: Dated
    tasks: list[tuple[str, float, str]] = field(default_factory=list)
    """What was done, when, by whom."""
    owners: Dated = field(default_factory=lambda: [("Ann", 0.0)])
    """Who owned it, each from when on; the first from its beginning."""
    fields: dict[str, Dated] = field(default_factory=dict)
    """The values of a field, each from when on; the first from its beginning."""
    said: dict[str, str] = field(default_factory=dict)
    """What its record says of it beside that."""
    contacts: int = 0


def rich_log(
    deals: Mapping[str, Deal],
    *,
    as_of_day: float,
    order: Sequence[str] = (),
    won: Sequence[str] = ("Won",),
    lost: Sequence[str] = ("Lost",),
) -> EventLog:
    """Return the log of these deals as Salesforce would export it, with the history of its fields."""
    with tempfile.TemporaryDirectory() as folder:
        write_rich_export(Path(folder), deals, lost, won)
        options = Options(Names(tuple(order), {}, tuple(won), tuple(lost)), as_of=FIRST_DAY + timedelta(days=as_of_day))
        return read_log(folder, options)


def write_rich_export(
    folder: Path, deals: Mapping[str, Deal], lost: Sequence[str], won: Sequence[str] = ("Won",)
) -> None:
    """Write the deals, the history of their fields, what was done for them, and the people of the buyer."""
    columns = sorted({name for deal in deals.values() for name in (*deal.fields, *deal.said)})
    changes: list[Sequence[object]] = []
    records: list[Sequence[object]] = []
    for name, deal in deals.items():
        for kept, values in (("StageName", deal.stops), ("Owner", deal.owners), *deal.fields.items()):
            changes += [(name, kept, before, after, said(day), "Sys") for (before, _), (after, day) in pairwise(values)]
        last = deal.stops[-1][0]
        kind = [str(last in (*won, *lost)).lower(), str(last in won).lower()]
        shown = {kept: values[-1][0] for kept, values in deal.fields.items()} | deal.said
        record = [name, last, said(deal.stops[0][1]), deal.owners[-1][0], *kind]
        records.append([*record, *(shown.get(column, "") for column in columns)])
    _write(
        folder / "history.csv",
        ["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"],
        changes,
    )
    _write(
        folder / "Opportunity.csv",
        ["Id", "StageName", "CreatedDate", "OwnerId", "IsClosed", "IsWon", *columns],
        records,
    )
    tasks = [(name, what, "Completed", said(day), who) for name, deal in deals.items() for what, day, who in deal.tasks]
    if tasks:
        _write(folder / "Task.csv", ["WhatId", "Subject", "Status", "CompletedDateTime", "OwnerId"], tasks)
    people = [(name, f"{name}-{number}") for name, deal in deals.items() for number in range(deal.contacts)]
    if people:
        _write(folder / "OpportunityContactRole.csv", ["OpportunityId", "ContactId"], people)


def said(day: float) -> str:
    """Write a day as the CRM does."""
    return (FIRST_DAY + timedelta(days=day)).isoformat(timespec="milliseconds") + "Z"


def _write(path: Path, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
