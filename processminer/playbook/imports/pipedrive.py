"""The stages of Pipedrive, as its API answers. Pipedrive, API Reference, "Stages"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.imports.cells import Cells
from processminer.playbook.imports.choose import choose
from processminer.playbook.imports.said import (
    LeftOut,
    Said,
    SaidStage,
    check_count,
    refuse,
    share_text,
    spare_names,
    unique_names,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.engines.yaml_text import Plain
    from processminer.playbook.imports.document import Document, Row

SOURCE = "the stages of a Pipedrive pipeline"
WON, LOST = "Won", "Lost"
"""In Pipedrive a deal's status, not stages."""

_TELLTALE = {"ordernr", "dealprobability", "rottenflag", "rottendays", "daystorotten", "isdealrotenabled"}


def fits(document: Document) -> bool:
    """Tell whether a file holds stages of Pipedrive."""
    columns = set(document.rows[0].cells) if document.xml is None and document.rows else set[str]()
    return {"name", "pipelineid"} <= columns and bool(columns & _TELLTALE)


def read(document: Document, pipeline: str | None) -> Said:
    """Return what the stages of one pipeline say. Raises PlaybookError with every cell that is not what it must be."""
    cells = Cells(document.file)
    lines: dict[str, list[Row]] = {}
    for row in document.rows:
        lines.setdefault(cells.text(row, "pipelineid"), []).append(row)
    titles = {
        key: next(filter(None, (cells.text(row, "pipelinename") for row in rows)), "") for key, rows in lines.items()
    }
    cells.done()
    chosen, others = choose(
        [(key, titles[key], (key, rows)) for key, rows in lines.items()],
        pipeline,
        document.file,
        "pipeline",
        "pipelines",
    )
    key, rows = chosen
    order = {id(row): cells.number(row, "ordernr") for row in rows}
    rows = sorted(rows, key=lambda row: (order[id(row)] is None, order[id(row)] or 0.0))
    gone = [row for row in rows if cells.flag(row, "isdeleted") or cells.flag(row, "activeflag") is False]
    kept = [row for row in rows if row not in gone]
    check_count(document.file, kept, SOURCE)
    stages = _stages(cells, kept)
    cells.done()
    nameless = [row for row in kept if not cells.text(row, "name")]
    if nameless:
        raise refuse(
            document.file, f"{nameless[0].place}: the stage has no name.", "Export it again.", nameless[0].line
        )
    return Said(
        source=SOURCE,
        name=titles[key] or "Sales pipeline",
        stages=stages,
        won=(WON,),
        lost=(LOST,),
        told=("Won and lost are what Pipedrive calls the status of a deal; they are no stages there.",),
        left_out=(
            LeftOut("other pipeline", tuple(others)),
            LeftOut("deleted stage", tuple(cells.text(row, "name") for row in gone)),
        ),
    )


def _stages(cells: Cells, rows: Sequence[Row]) -> tuple[SaidStage, ...]:
    labels = [cells.text(row, "name") for row in rows]
    names = unique_names(labels, [WON, LOST])
    ids = spare_names([[cells.text(row, "id")] for row in rows], [*names, WON, LOST])
    found: list[SaidStage] = []
    for row, label, name, own in zip(rows, labels, names, ids, strict=True):
        keys: dict[str, Plain] = {"aliases": [*own]} if own else {}
        share = cells.share(row, 100, "dealprobability")
        if share is not None:
            keys["probability"] = share_text(share)
        rots = cells.flag(row, "isdealrotenabled", "rottenflag")
        idle = cells.number(row, "daystorotten", "rottendays")
        if idle is not None and idle > 0 and rots is not False:
            keys["max_silence"] = f"{idle:g} day{'' if idle == 1 else 's'}"
        remarks = {
            "aliases": "its id",
            "probability": "as declared in Pipedrive",
            "max_silence": "a deal that nobody touches for longer is rotten in Pipedrive",
        }
        found.append(
            SaidStage(name, keys, remarks if name == label else {**remarks, "name": f"called {label!r} there"})
        )
    return tuple(found)
