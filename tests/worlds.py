"""Small logs for tests, said in a line, and read through the front door like any export."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from processminer.log.eventlog import EventLog
from processminer.log.names import Names
from processminer.log.options import Options
from processminer.log.read import read_log

FIRST_DAY = datetime(2026, 1, 1)  # in the log times are UTC without a zone

Stop = str | tuple[str, float]
Change = tuple[str, float, str] | tuple[str, float, str, str, str]


def log_of(
    deals: Mapping[str, Sequence[Stop]],
    *,
    as_of_day: float | None = None,
    tasks: Mapping[str, Sequence[tuple[str, float]]] | None = None,
    attributes: Mapping[str, Mapping[str, str]] | None = None,
    changes: Mapping[str, Sequence[Change]] | None = None,
    order: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    won: Sequence[str] = ("Won",),
    lost: Sequence[str] = ("Lost",),
) -> EventLog:
    """Return the log of these deals: a stage with the day it was entered, or a stage a day after the one before.

    `changes` are of fields: the column, the day and the value of one that was empty, or the values before and after
    and who changed it.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder), deals, tasks or {}, attributes or {}, won, lost)
        if changes:
            _write_changes(Path(folder), changes)
        names = Names(tuple(order), aliases or {}, tuple(won), tuple(lost))
        as_of = None if as_of_day is None else FIRST_DAY + timedelta(days=as_of_day)
        return read_log(folder, Options(names=names, as_of=as_of))


def write_export(
    folder: Path,
    deals: Mapping[str, Sequence[Stop]],
    tasks: Mapping[str, Sequence[tuple[str, float]]],
    attributes: Mapping[str, Mapping[str, str]],
    won: Sequence[str],
    lost: Sequence[str],
) -> None:
    """Write the deals as a Salesforce export."""
    history = [(deal, stage, _said(day)) for deal, stops in deals.items() for stage, day in _dated(stops)]
    _write(folder / "OpportunityHistory.csv", ["OpportunityId", "StageName", "CreatedDate"], history)
    columns = sorted({column for said in (attributes or {}).values() for column in said})
    records: list[list[object]] = []
    for deal, stops in deals.items():
        # The latest stop, however the stops are listed: a record never contradicts its history here.
        last = max(_dated(stops), key=lambda stop: (stop[1], stop[0] in (*won, *lost), stop[0] in lost, stop[0]))[0]
        flags = [str(last in (*won, *lost)).lower(), str(last in won).lower()]
        records.append([deal, last, *flags, *(attributes.get(deal, {}).get(column, "") for column in columns)])
    _write(folder / "Opportunity.csv", ["Id", "StageName", "IsClosed", "IsWon", *columns], records)
    if tasks:
        done = [(deal, name, name, "Completed", _said(day)) for deal, logged in tasks.items() for name, day in logged]
        _write(folder / "Task.csv", ["WhatId", "Type", "Subject", "Status", "CompletedDateTime"], done)


def _write_changes(folder: Path, changes: Mapping[str, Sequence[Change]]) -> None:
    headers = ["OpportunityId", "CreatedDate", "Field", "OldValue", "NewValue", "CreatedById"]
    told = [
        (deal, _said(day), column, *(("", *values, "") if len(values) == 1 else values))
        for deal, rows in changes.items()
        for column, day, *values in rows
    ]
    _write(folder / "OpportunityFieldHistory.csv", headers, told)


def _dated(stops: Sequence[Stop]) -> list[tuple[str, float]]:
    dated: list[tuple[str, float]] = []
    for stop in stops:
        after = dated[-1][1] + 1 if dated else 0.0
        dated.append((stop, after) if isinstance(stop, str) else stop)
    return dated


def _said(day: float) -> str:
    return (FIRST_DAY + timedelta(days=day)).isoformat(timespec="milliseconds") + "Z"


def _write(path: Path, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
