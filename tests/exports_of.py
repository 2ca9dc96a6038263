"""The deals of a Salesforce export told again as other systems would: the same deals, through another door."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.postgres import Server

Row = dict[str, str]

OWN_FIELDS = ("Type", "LeadSource", "Segment__c", "Budget_Confirmed__c", "Decision_Maker__c", "Pain__c", "Timeline__c")
"""What the organisation's deals say beyond what every CRM's do."""

STAGES = {
    "Prospecting": ("appointmentscheduled", 0.2),
    "Qualification": ("qualifiedtobuy", 0.3),
    "Discovery": ("1049659384", 0.4),
    "Demo": ("presentationscheduled", 0.5),
    "Proposal": ("contractsent", 0.6),
    "Security Review": ("1049659390", 0.7),
    "Negotiation": ("1049659391", 0.8),
    "Closed Won": ("closedwon", 1.0),
    "Closed Lost": ("closedlost", 0.0),
}
"""The stages in the order of the flow: the id and the probability that HubSpot has for each."""


@dataclass(frozen=True)
class Export:
    """The three tables of a Salesforce export, each row by its headers."""

    history: list[Row]
    deals: list[Row]
    tasks: list[Row]

    def changes(self) -> dict[str, list[Row]]:
        """Return the rows in which a deal came into another stage, by deal, in order of time.

        Of rows of one second those that follow from the one before come first: exports mix them up.
        """
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.history:
            rows[row["OpportunityId"]].append(row)
        flow = list(STAGES)
        moves: dict[str, list[Row]] = {}
        for deal, told in rows.items():
            ordered = sorted(told, key=lambda row: (row["CreatedDate"], flow.index(row["StageName"])))
            moves[deal] = [
                row for at, row in enumerate(ordered) if at == 0 or row["StageName"] != ordered[at - 1]["StageName"]
            ]
        return moves


def read_export(folder: Path) -> Export:
    """Read what samples/generate.py writes for Salesforce."""
    return Export(*(_rows(folder / f"{name}.csv") for name in ("OpportunityHistory", "Opportunity", "Task")))


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Sequence[Mapping[str, object]], foot: Iterable[str] = ()) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.writelines(f'"{line}"\n' for line in foot)


def write_salesforce(folder: Path, export: Export) -> None:
    """Write Salesforce's own tables; a table without rows is not exported."""
    tables = {"OpportunityHistory": export.history, "Opportunity": export.deals, "Task": export.tasks}
    for name, rows in tables.items():
        if rows:
            _write(folder / f"{name}.csv", rows)


_TYPES = {
    "CreatedDate": "timestamptz", "CompletedDateTime": "timestamptz", "CloseDate": "date", "ActivityDate": "date",
    "Amount": "numeric(18, 2)", "Probability": "numeric(3, 0)", "IsClosed": "boolean", "IsWon": "boolean",
    "StageName": "stage",
}  # fmt: skip


def write_postgres(server: Server, database: str, export: Export) -> None:
    """Make the three tables in the schema `salesforce`, each column of its own type."""
    server.run("CREATE SCHEMA salesforce", _enum(), database=database)
    tables = {"opportunity_history": export.history, "opportunity": export.deals, "task": export.tasks}
    for table, rows in tables.items():
        columns = {header: _TYPES.get(header, "text") for header in rows[0]}
        made = ", ".join(f'"{header}" {kind}' for header, kind in columns.items())
        server.run(f'CREATE TABLE salesforce."{table}" ({made})', database=database)
        for start in range(0, len(rows), 500):
            cells = ", ".join(f"({', '.join(map(_literal, row.values()))})" for row in rows[start : start + 500])
            server.run(f'INSERT INTO salesforce."{table}" VALUES {cells}', database=database)


def _enum() -> str:
    return f"CREATE TYPE stage AS ENUM ({', '.join(map(_literal, STAGES))})"


def _literal(cell: str) -> str:
    return "NULL" if cell == "" else "'" + cell.replace("'", "''") + "'"


def write_report(folder: Path, export: Export) -> None:
    """Write Salesforce's report "Opportunity History": each change with its day and both stages, and a foot."""
    deals = {deal["Id"]: deal for deal in export.deals}
    rows: list[dict[str, object]] = []
    for deal, moves in export.changes().items():
        record = deals[deal]
        for before, row in zip([None, *moves], moves, strict=False):
            day = datetime.fromisoformat(row["CreatedDate"])
            rows.append(
                {
                    "Opportunity Name": record["Name"],
                    "Opportunity ID": deal,
                    "From Stage": "" if before is None else before["StageName"],
                    "To Stage": row["StageName"],
                    "Last Modified": f"{day.month}/{day.day}/{day.year}",
                    "Last Modified By": row["CreatedById"],
                    "Amount": record["Amount"],
                    "Stage": record["StageName"],
                    "Opportunity Owner": record["OwnerId"],
                    "Created Date": _us_day(record["CreatedDate"]),
                    "Close Date": _us_day(record["CloseDate"]),
                    **{name: record[name] for name in OWN_FIELDS},
                }
            )
    foot = ("", "Opportunity History", "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.")
    _write(folder / "report1782900000000.csv", rows, foot)


def _us_day(moment: str) -> str:
    day = datetime.fromisoformat(moment)
    return f"{day.month}/{day.day}/{day.year}"


def write_hubspot(folder: Path, export: Export) -> None:
    """Write what Fivetran lands of HubSpot: every change of a property, with the dictionaries and the engagements."""
    ids = {stage: told[0] for stage, told in STAGES.items()}
    _write(
        folder / "deal.csv",
        [
            {
                "deal_id": deal["Id"], "is_deleted": "FALSE", "deal_pipeline_id": "default",
                "deal_pipeline_stage_id": ids[deal["StageName"]], "owner_id": deal["OwnerId"],
                "property_dealname": deal["Name"], "property_amount": deal["Amount"],
                "property_createdate": _iso(deal["CreatedDate"]), "property_closedate": _iso(deal["CloseDate"]),
                **{f"property_{name}": deal[name] for name in OWN_FIELDS},
            }
            for deal in export.deals
        ],
    )  # fmt: skip
    rows = [
        {
            "deal_id": deal, "name": name, "timestamp": _iso(row["CreatedDate"]), "value": value,
            "source": "CRM_UI", "source_id": f"userId:{row['CreatedById']}",
        }
        for deal, moves in export.changes().items()
        for row in moves
        for name, value in (("dealstage", ids[row["StageName"]]), ("amount", row["Amount"]))
    ]  # fmt: skip
    _write(folder / "deal_property_history.csv", rows)
    _write(folder / "deal_pipeline.csv", [{"pipeline_id": "default", "label": "Sales Pipeline", "display_order": 0}])
    _write(
        folder / "deal_pipeline_stage.csv",
        [
            {
                "stage_id": told, "pipeline_id": "default", "label": stage, "display_order": order,
                "probability": probability, "is_closed": str(stage.startswith("Closed")).upper(),
                "closed_won": str(stage == "Closed Won").upper(), "active": "TRUE",
            }
            for order, (stage, (told, probability)) in enumerate(STAGES.items())
        ],
    )  # fmt: skip
    done = [task for task in export.tasks if task["CompletedDateTime"]]
    _write(
        folder / "engagement.csv",
        [
            {
                "id": str(number), "type": task["Type"], "timestamp": _iso(task["CompletedDateTime"]),
                "title": task["Subject"], "active": "TRUE",
            }
            for number, task in enumerate(done)
        ],
    )  # fmt: skip
    links = [{"engagement_id": str(number), "deal_id": task["WhatId"]} for number, task in enumerate(done)]
    _write(folder / "engagement_deal.csv", links)


def _iso(moment: str) -> str:
    """Return a moment as Fivetran lands it: in UTC and without a zone."""
    return datetime.fromisoformat(moment).replace(tzinfo=None).isoformat(" ", "seconds") if moment else ""


def write_xes(path: Path, export: Export) -> None:
    """Write an XES log: a trace a deal, an event a change of stage, what the record says as the trace's attributes."""
    deals = {deal["Id"]: deal for deal in export.deals}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
        for deal, moves in export.changes().items():
            record = deals[deal]
            named = {"concept:name": deal, "amount": record["Amount"], "owner": record["OwnerId"]}
            named |= {name: record[name] for name in OWN_FIELDS}
            file.write("<trace>\n")
            file.writelines(_attribute("string", key, value) for key, value in named.items() if value)
            for row in moves:
                file.write("<event>\n")
                file.write(_attribute("string", "concept:name", row["StageName"]))
                file.write(_attribute("string", "org:resource", row["CreatedById"]))
                file.write(_attribute("date", "time:timestamp", row["CreatedDate"]))
                file.write("</event>\n")
            file.write("</trace>\n")
        file.write("</log>\n")


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(value)}/>\n"
