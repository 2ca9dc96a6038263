"""The stage dictionary of Salesforce: records of OpportunityStage, or its standard value set.

Salesforce, Object Reference, "OpportunityStage"; Metadata API Developer Guide, "StandardValueSet".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.imports.cells import Cells
from processminer.playbook.imports.document import Row, folded
from processminer.playbook.imports.said import (
    LeftOut,
    Said,
    SaidStage,
    check_count,
    share_text,
    spare_names,
    unique_names,
)

if TYPE_CHECKING:
    from processminer.engines.yaml_text import Plain
    from processminer.playbook.imports.document import Document

SOURCE = "a stage dictionary of Salesforce"

_LABEL = ("masterlabel", "label", "apiname", "fullname")
_KEY = ("apiname", "fullname")
_TELLTALE = {"isclosed", "closed", "iswon", "won", "sortorder", "defaultprobability", "forecastcategoryname"}


def fits(document: Document) -> bool:
    """Tell whether a file holds records of OpportunityStage, or is their standard value set."""
    if document.xml is not None:
        return document.xml.tag == "StandardValueSet"
    columns = set(document.rows[0].cells) if document.rows else set[str]()
    return bool(columns & {"masterlabel", "apiname"}) and len(columns & _TELLTALE) >= 2


def read(document: Document, _pipeline: str | None) -> Said:
    """Return what a dictionary says. Raises PlaybookError with every cell that is not what it must be."""
    cells = Cells(document.file)
    rows = _standard_values(document) if document.xml is not None else document.rows
    order = {id(row): cells.number(row, "sortorder") for row in rows}
    rows = tuple(sorted(rows, key=lambda row: (order[id(row)] is None, order[id(row)] or 0.0)))
    active = [row for row in rows if cells.flag(row, "isactive") is not False]
    closed = [row for row in active if cells.flag(row, "isclosed", "closed")]
    won = [row for row in closed if cells.flag(row, "iswon", "won")]
    stages = [row for row in active if row not in closed]
    check_count(document.file, stages, SOURCE)
    shares = [cells.share(row, 100, "defaultprobability", "probability") for row in stages]
    goals = [cells.text(row, "description") for row in stages]
    labels = {id(row): cells.text(row, *_LABEL) for row in rows}
    own = [labels[id(row)] for row in closed]
    names = unique_names([labels[id(row)] for row in stages], own)
    spare = spare_names([[cells.text(row, *_KEY)] for row in (*stages, *closed)], [*names, *own])
    keys = dict(zip((id(row) for row in (*stages, *closed)), spare, strict=True))
    ends = {
        kind: tuple(dict.fromkeys(name for row in group for name in (labels[id(row)], *keys[id(row)]) if name))
        for kind, group in (("won", won), ("lost", [row for row in closed if row not in won]))
    }
    cells.done()
    forecast = [f"{labels[id(row)]}: {said}" for row in rows if (said := cells.text(row, *_FORECAST))]
    return Said(
        source=SOURCE,
        name="Sales process",
        stages=tuple(
            SaidStage(name, _said(share, goal, keys[id(row)]), _remarks(name, labels[id(row)]))
            for name, row, share, goal in zip(names, stages, shares, goals, strict=True)
        ),
        won=ends["won"],
        lost=ends["lost"],
        told=("Every process of the organisation draws on these stages: strike those that this one does not use.",),
        left_out=(
            LeftOut("inactive stage", tuple(labels[id(row)] for row in rows if row not in active)),
            LeftOut("forecast category", tuple(forecast), "forecast categories"),
        ),
    )


_FORECAST = ("forecastcategoryname", "forecastcategory")


def _said(share: float | None, goal: str, aliases: list[str]) -> dict[str, Plain]:
    keys: dict[str, Plain] = {}
    if aliases:
        keys["aliases"] = [*aliases]
    if goal:
        keys["goal"] = goal
    if share is not None:
        keys["probability"] = share_text(share)
    return keys


def _remarks(name: str, label: str) -> dict[str, str]:
    same = name == label
    return {"probability": "as declared in Salesforce"} | ({} if same else {"name": "stands twice in the dictionary"})


def _standard_values(document: Document) -> tuple[Row, ...]:
    """Return the values of a standard value set as the rows that a query would give; their order is the set's own."""
    assert document.xml is not None
    found: list[Row] = []
    for place, value in enumerate(document.xml.named("standardValue")):
        cells = {folded(child.tag): child.text for child in value.children}
        found.append(Row({**cells, "sortorder": str(place)}, "", value.line))
    return tuple(found)
