"""The organisation's deals as two CRMs would export them, with what such exports lose on the way."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from organisation import AS_OF_SECOND, LOST, REVIEW, STAGES, START, WON

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from organisation import Change, Deal, Touch

HUBSPOT_LABELS = {"Qualification": "Qualified To Buy"}
"""Stages that the second organisation calls by another name; the playbook knows it as an alias."""

PROBABILITY = {
    "Prospecting": 25, "Qualification": 34, "Discovery": 45, "Demo": 56, "Proposal": 61, REVIEW: 61,
    "Negotiation": 79, WON: 100, LOST: 0,
}  # fmt: skip
"""What the CRM writes when a deal enters a stage: the shares that the playbook declares."""
_HISTORY = (
    "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount", "CloseDate", "Probability",
)  # fmt: skip
_OPPORTUNITY = (
    "Id", "Name", "StageName", "Amount", "Type", "LeadSource", "OwnerId", "CreatedDate", "CloseDate", "IsClosed",
    "IsWon", "Segment__c", "Budget_Confirmed__c", "Decision_Maker__c", "Pain__c", "Timeline__c",
)  # fmt: skip
_TASK = ("WhatId", "Type", "Subject", "Status", "ActivityDate", "CompletedDateTime")
_HUBSPOT = (
    "Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Deal owner", "Deal Type", "Segment", "Create Date",
    "Close Date",
)  # fmt: skip
_OWNERS = (
    "Ada Lindqvist", "Bruno Costa", "Chiara Rossi", "David Okafor", "Elif Kaya", "Florian Huber", "Greta Nowak",
    "Hugo Martin", "Ines Duarte", "Jonas Weber", "Klára Novák", "Liam O'Brien",
)  # fmt: skip
_FIRST = (
    "Alder", "Brightwater", "Castell", "Delta", "Eastgate", "Fjord", "Granit", "Hafen", "Iris", "Juniper", "Kestrel",
    "Lumen", "Meridian", "Nordlicht", "Orchard", "Pinnacle", "Quarry", "Rivet", "Solano", "Tundra", "Umbra", "Vela",
    "Weaver", "Zephyr", "Müller",
)  # fmt: skip
_SECOND = (
    "Foods", "Logistics", "Health", "Energy", "Software", "Textiles", "Labs", "Retail", "Mobility", "Media", "Optics",
    "Paper", "Travel", "& Sons", "Bank", "Robotics", "Schools", "Steel", "Brewing", "R&D, Inc.",
)  # fmt: skip
_PAINS = ("Manual work", "Churn", "No overview", "Compliance", "Cost")
_TIMELINES = ("This quarter", "Next quarter", "6 months", "This year")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PLANNED_AHEAD = 21 * 86_400
"""Nothing is in the calendar further ahead than this, in seconds."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A deal's fields as they stand after one change."""

    at: int
    stage: str
    amount: int | None
    close: datetime
    probability: int


def write_salesforce(folder: Path, deals: Sequence[Deal]) -> None:
    """Write OpportunityHistory.csv, Opportunity.csv and Task.csv as the weekly export of the API's objects."""
    lives = [(deal, _rows(deal)) for deal in deals]
    _write(folder / "OpportunityHistory.csv", _HISTORY, _history_rows(lives))
    _write(folder / "Opportunity.csv", _OPPORTUNITY, (_opportunity(deal, rows) for deal, rows in lives))
    _write(folder / "Task.csv", _TASK, _task_rows(deals))


def write_hubspot(folder: Path, deals: Sequence[Deal]) -> None:
    """Write the deals export of the user interface: a row a deal, a date a stage, the latest where there were two."""
    columns = [*STAGES[:5], REVIEW, STAGES[5], WON, LOST]
    if not any(REVIEW in deal.path for deal in deals):
        columns.remove(REVIEW)
    header = [*_HUBSPOT, *(f'Date entered "{HUBSPOT_LABELS.get(name, name)} (Sales Pipeline)"' for name in columns)]
    _write(folder / "hubspot-crm-exports-all-deals.csv", header, (_hubspot_row(deal, columns) for deal in deals))


def deal_id(crm: str, deal: Deal) -> str:
    """Return the id under which a CRM knows a deal."""
    return _salesforce_id("006", deal.number) if crm == "salesforce" else str(18_204_000_000 + 37 * deal.number)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _rows(deal: Deal) -> list[_Row]:
    """Return the deal's fields after each of its changes until `AS_OF`, stage changes and others, in order."""
    amount = deal.amount if deal.priced_at_creation else None
    row = _Row(0, "", amount, _moment(deal.visits[0].entered) + timedelta(days=100), 0)
    changes = [change for change in deal.changes if change.at <= AS_OF_SECOND]
    happenings: list[tuple[int, str | Change]] = [*deal.history, *((change.at, change) for change in changes)]
    rows: list[_Row] = []
    for at, what in sorted(happenings, key=lambda happening: happening[0]):
        row = _enter(row, at, what, deal) if isinstance(what, str) else _edit(row, what, deal)
        rows.append(row)
    return rows


def _enter(row: _Row, at: int, stage: str, deal: Deal) -> _Row:
    """Return the row of a change of stage; who goes on has a price, and who ends has a date."""
    amount = deal.amount if row.amount is None and stage in {*STAGES[1:], WON} else row.amount
    close = _moment(at) if stage in {WON, LOST} else row.close
    return _Row(at, stage, amount, close, PROBABILITY[stage])


def _edit(row: _Row, change: Change, deal: Deal) -> _Row:
    amount, close, probability = row.amount, row.close, row.probability
    if change.field == "Amount":
        amount = deal.amount if amount is None else round(amount * change.by / 100) * 100
    elif change.field == "CloseDate":
        close += timedelta(days=change.by)
    else:
        probability += int(change.by)
    return _Row(change.at, row.stage, amount, close, probability)


def _history_rows(lives: Sequence[tuple[Deal, list[_Row]]]) -> Iterable[Sequence[object]]:
    """Return the rows in the order of their time; about half of the chains within a second come the wrong way round."""
    every = sorted(((row.at, deal.number, place) for deal, rows in lives for place, row in enumerate(rows)))
    ordered: list[tuple[int, int, int]] = []
    for ties, (_, group) in enumerate(groupby(every, key=lambda entry: entry[:2])):
        chain = list(group)
        ordered += reversed(chain) if ties % 2 else chain
    for _, number, place in ordered:
        deal, rows = lives[number]
        row = rows[place]
        yield (
            deal_id("salesforce", deal), _salesforce_id("005", deal.owner), _iso(row.at), row.stage, row.amount,
            f"{row.close:%Y-%m-%d}", row.probability,
        )  # fmt: skip


def _opportunity(deal: Deal, rows: list[_Row]) -> Sequence[object]:
    last = rows[-1]
    budget, authority, need, timeline = deal.bant
    return (
        deal_id("salesforce", deal), _name(deal), last.stage, last.amount, "New Business", deal.source,
        _salesforce_id("005", deal.owner), _iso(deal.visits[0].entered), f"{last.close:%Y-%m-%d}",
        _truth(deal.outcome != "open"), _truth(deal.outcome == "won"), deal.segment, _truth(budget),
        _truth(authority), _PAINS[deal.number % 5] if need else "", _TIMELINES[deal.number % 4] if timeline else "",
    )  # fmt: skip


def _task_rows(deals: Sequence[Deal]) -> Iterable[Sequence[object]]:
    """Return the activities done until `AS_OF`, those never done, and those still to come for deals under way."""
    every = [(touch.at, deal.number, place) for deal in deals for place, touch in enumerate(_recorded(deal))]
    for _, number, place in sorted(every):
        deal = deals[number]
        touch = _recorded(deal)[place]
        done = touch.done and touch.at <= AS_OF_SECOND
        yield (
            deal_id("salesforce", deal), touch.kind, touch.subject, "Completed" if done else "Not Started",
            f"{_moment(touch.at):%Y-%m-%d}", _iso(touch.at) if done else "",
        )  # fmt: skip


def _recorded(deal: Deal) -> list[Touch]:
    """Return the activities that the CRM knows at `AS_OF`: what lies ahead is planned for the present stay alone."""
    present = max(visit.left for visit in deal.visits if visit.entered <= AS_OF_SECOND)
    horizon = max(AS_OF_SECOND, min(present, AS_OF_SECOND + _PLANNED_AHEAD))
    return [touch for touch in deal.touches if touch.at <= horizon]


def _hubspot_row(deal: Deal, columns: Sequence[str]) -> Sequence[object]:
    entered = {stage: at for at, stage in deal.history}
    last = _rows(deal)[-1]
    return (
        deal_id("hubspot", deal), _name(deal), "Sales Pipeline", HUBSPOT_LABELS.get(last.stage, last.stage),
        last.amount, _OWNERS[deal.owner], "New Business", deal.segment, _minute(deal.visits[0].entered),
        f"{last.close:%Y-%m-%d %H:%M}", *(_minute(entered[name]) if name in entered else "" for name in columns),
    )  # fmt: skip


def _name(deal: Deal) -> str:
    first, second = _FIRST[deal.number * 7 % len(_FIRST)], _SECOND[deal.number * 13 // len(_FIRST) % len(_SECOND)]
    return f"{first} {second} {deal.number % 89 + 5}"


def _salesforce_id(prefix: str, count: int) -> str:
    """Return an id of fifteen characters, in which upper and lower case differ."""
    number, digits = 2_700_000 + count * 3, ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return f"{prefix}Hp{digits:0>10}"


def _truth(value: bool) -> str:  # noqa: FBT001 - a cell, as Salesforce writes it
    return "true" if value else "false"


def _moment(second: int) -> datetime:
    return START + timedelta(seconds=second)


def _iso(second: int) -> str:
    return f"{_moment(second):%Y-%m-%dT%H:%M:%S}.000Z"


def _minute(second: int) -> str:
    return f"{_moment(second):%Y-%m-%d %H:%M}"
