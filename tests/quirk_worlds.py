"""Exports with one quirk planted in each, and what reading makes of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from processminer.discovery.discover import discover
from processminer.log.eventlog import EventLog, Problem
from processminer.log.options import Options
from processminer.log.read import read_log

BEGIN = datetime(2026, 1, 5, 9)
Row = tuple[object, ...]
Record = Mapping[str, object]


def day(number: float) -> str:
    """Return the moment so many days after the beginning, as Salesforce writes it."""
    return (BEGIN + timedelta(days=number)).isoformat(timespec="milliseconds") + "Z"


def write(folder: Path, name: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(headers), *map(list, rows)])


def healthy(number: int, *, spread: float = 1.0) -> list[tuple[str, str, float]]:
    """Return the rows of so many ordinary deals: deal, stage, day; every second one won, half a day apart."""
    rows: list[tuple[str, str, float]] = []
    for at in range(number):
        begin = at * spread / 2
        end = "Closed Won" if at % 2 else "Closed Lost"
        stops = (("Qualify", 0.0), ("Propose", 4.0 + at % 3), ("Negotiate", 9.0 + at % 4), (end, 15.0 + at % 5))
        rows += [(f"d{at:03}", stage, begin + after) for stage, after in stops]
    return rows


def salesforce(
    folder: Path,
    rows: Iterable[tuple[str, str, float]],
    *,
    records: Iterable[Record] | None = None,
    more: Mapping[str, Sequence[object]] | None = None,
) -> Path:
    """Write a history of deal, stage, day; `more` are further columns of it, `records` the deals beside it."""
    folder.mkdir(exist_ok=True)
    rows, more = list(rows), more or {}
    columns = ["OpportunityId", "StageName", "CreatedDate", *more]
    told = [(deal, stage, day(at)) for deal, stage, at in rows]
    write(folder, "history.csv", columns, [(*row, *cells) for row, *cells in zip(told, *more.values(), strict=True)])
    if records is not None:
        records = list(records)
        headers = list(dict.fromkeys(name for record in records for name in record))
        write(folder, "deals.csv", headers, [[record.get(name, "") for name in headers] for record in records])
    return folder


def records_of(rows: Iterable[tuple[str, str, float]], **more: object) -> list[dict[str, object]]:
    """Return records that agree with the rows: the last stage, closed on its day."""
    last: dict[str, tuple[str, float]] = {}
    first: dict[str, float] = {}
    for deal, stage, at in rows:
        first.setdefault(deal, at)
        last[deal] = (stage, at)
    return [
        {
            "Id": deal,
            "Name": f"Deal {deal}",
            "StageName": stage,
            "Amount": 1000,
            "CreatedDate": day(first[deal]),
            "CloseDate": day(at)[:10],
            "IsClosed": str(stage.startswith("Closed")).lower(),
            "IsWon": str(stage == "Closed Won").lower(),
            **more,
        }
        for deal, (stage, at) in last.items()
    ]


def read(folder: Path, **treat: str) -> EventLog:
    """Read an export with treatments, underscores standing for dashes."""
    return read_log(folder, Options(treat={kind.replace("_", "-"): name for kind, name in treat.items()}))


def met(log: EventLog) -> dict[str, Problem]:
    """Return what was met, by kind."""
    return {problem.kind: problem for problem in log.ingest.problems}


def paths(log: EventLog) -> dict[str, list[str]]:
    """Return the path of each deal that has one."""
    names = [stage.name for stage in log.stages]
    rows = log.relations.rows(
        "SELECT deal_id, list_transform(steps, lambda step: step & 1023) FROM paths JOIN deals USING (deal) ORDER BY 1"
    )
    return {deal: [names[code] for code in codes] for deal, codes in rows}


def timed(log: EventLog) -> int:
    """Return how many ended stays are measured."""
    discover(log)
    (stays,) = log.relations.row("SELECT count(*) FROM stays WHERE timed AND NOT clicked AND next_stage IS NOT NULL")
    return int(stays)


def outcomes(log: EventLog) -> dict[str, str]:
    return dict(log.relations.rows("SELECT deal_id, outcome FROM deals ORDER BY deal_id"))
