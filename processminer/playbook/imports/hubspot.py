"""A deal pipeline of HubSpot, as its pipelines API answers, with the rules of its stages where they stand beside it.

HubSpot, CRM API, "Pipelines".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.playbook.imports.cells import Cells
from processminer.playbook.imports.choose import choose
from processminer.playbook.imports.document import Row, keyed, listed
from processminer.playbook.imports.hubspot_rules import required_in, rules_in
from processminer.playbook.imports.outcomes import Outcome, outcome_of_end
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
    from collections.abc import Iterator, Sequence

    from processminer.engines.yaml_text import Plain
    from processminer.playbook.imports.document import Document
    from processminer.playbook.imports.hubspot_rules import Rules

SOURCE = "a HubSpot pipeline"


@dataclass(frozen=True, slots=True)
class _Stage:
    row: Row
    key: str
    label: str
    outcome: Outcome | None
    probability: float | None


def fits(document: Document) -> bool:
    """Tell whether a file holds pipelines of HubSpot."""
    return bool(_pipelines(document.json))


def read(document: Document, pipeline: str | None) -> Said:
    """Return what one pipeline says. Raises PlaybookError with every value that is not what it must be."""
    cells = Cells(document.file)
    rows = _pipelines(document.json)
    archived = [row for row in rows if _is_gone(cells, row)]
    live = [row for row in rows if row not in archived]
    titled = [(cells.text(row, "id", "pipelineid"), cells.text(row, "label"), row) for row in live]
    cells.done()
    chosen, others = choose(titled, pipeline, document.file, "pipeline", "pipelines")
    stages, gone = _stages(cells, chosen)
    cells.done()
    for stage in stages:
        if not stage.label:
            raise refuse(document.file, f"{stage.row.place}: the stage has no label.", "Export it again.")
    rules = rules_in(document.json, keyed(document.json).get("rules"), {**chosen.cells})
    left_out = (
        LeftOut("other pipeline", tuple(others)),
        LeftOut("archived pipeline", tuple(cells.text(row, "label") for row in archived)),
        LeftOut("archived stage", tuple(cells.text(row, "label", "stagename") for row in gone)),
    )
    return _said(document.file, cells.text(chosen, "label"), stages, rules, left_out)


def _said(file: str, name: str, stages: Sequence[_Stage], rules: Rules, left_out: tuple[LeftOut, ...]) -> Said:
    going_on = [stage for stage in stages if stage.outcome is None]
    ends = [stage for stage in stages if stage.outcome is not None]
    check_count(file, going_on, SOURCE)
    names = unique_names([stage.label for stage in going_on], [stage.label for stage in ends])
    ids = spare_names([[stage.key] for stage in stages], [*names, *(stage.label for stage in ends)])
    own = dict(zip((id(stage) for stage in stages), ids, strict=True))
    called = {
        kind: tuple(
            dict.fromkeys(one for stage in ends if stage.outcome == kind for one in (stage.label, *own[id(stage)]))
        )
        for kind in ("won", "lost")
    }
    return Said(
        source=SOURCE,
        name=name or "Sales pipeline",
        stages=tuple(
            _draft(stage, name, own[id(stage)], rules, first=stage is going_on[0])
            for stage, name in zip(going_on, names, strict=True)
        ),
        won=called["won"],
        lost=called["lost"],
        told=tuple(rules.told()),
        left_out=(*left_out, *_unsaid(stages, ends)),
    )


def _draft(stage: _Stage, name: str, ids: list[str], rules: Rules, *, first: bool) -> SaidStage:
    keys: dict[str, Plain] = {"aliases": [*ids]} if ids else {}
    remarks = {"aliases": "its id", "probability": "as declared in HubSpot"}
    if name != stage.label:
        remarks["name"] = "stands twice in the pipeline"
    if stage.probability is not None:
        keys["probability"] = share_text(stage.probability)
    if stage.key in rules.created and not first:
        keys["may_start"], remarks["may_start"] = True, "HubSpot lets deals be created here"
    required = required_in(stage.row.cells)
    labels = unique_names([one.replace("_", " ") for one in required])
    criteria: list[Plain] = [{"name": label, "field": field} for label, field in zip(labels, required, strict=True)]
    if stage.key in rules.approved:
        (approval,) = unique_names(["Approval in HubSpot"], labels)
        criteria.append({"name": approval, "approved_by": rules.approved[stage.key]})
    if criteria:
        keys["entry_criteria"], remarks["entry_criteria"] = criteria, "what HubSpot asks for when a deal comes here"
    return SaidStage(name, keys, remarks)


def _stages(cells: Cells, pipeline: Row) -> tuple[list[_Stage], list[Row]]:
    """Return the stages as HubSpot shows them, by their number and those that share one by label; and archived ones."""
    rows = _rows(pipeline.cells["stages"], f"{pipeline.place}.stages".removeprefix("."))
    order = {id(row): (cells.number(row, "displayorder"), cells.text(row, "label", "stagename")) for row in rows}
    rows = sorted(rows, key=lambda row: (order[id(row)][0] is None, order[id(row)][0] or 0.0, order[id(row)][1]))
    gone = [row for row in rows if _is_gone(cells, row)]
    return [_stage(cells, row) for row in rows if row not in gone], gone


def _stage(cells: Cells, row: Row) -> _Stage:
    about = keyed(row.cells.get("metadata"))
    facts = Row({**row.cells, **about}, row.place, None)
    share, closed = cells.share(facts, 1, "probability"), cells.flag(facts, "isclosed")
    label = cells.text(row, "label", "stagename")
    outcome: Outcome | None = None
    if closed or (closed is None and share in (0, 1)):
        outcome = "won" if share == 1 else outcome_of_end(label) if share is None else "lost"
        outcome = outcome or "lost"
    return _Stage(row, cells.text(row, "id", "stageid"), label, outcome, None if outcome else share)


def _unsaid(stages: Sequence[_Stage], ends: Sequence[_Stage]) -> Iterator[LeftOut]:
    locked = [stage.label for stage in stages if stage.row.cells.get("writepermissions") in _LOCKED]
    yield LeftOut("stage that HubSpot locks", tuple(locked), "stages that HubSpot locks")
    asked = [f"{stage.label}: {one}" for stage in ends for one in required_in(stage.row.cells)]
    yield LeftOut("required property of a closed stage", tuple(asked), "required properties of closed stages")


_LOCKED = ("READ_ONLY", "INTERNAL_ONLY")
"""What the API says of stages whose settings nobody may change."""


def _pipelines(data: Plain) -> list[Row]:
    said = keyed(data)
    if isinstance(said.get("stages"), list):
        rows = [Row(said, "", None)]
    else:
        holder = next((one for one in ("results", "pipelines", "data") if isinstance(said.get(one), list)), "")
        rows = _rows(said[holder] if holder else data, holder)
    return [row for row in rows if isinstance(row.cells.get("stages"), list)]


def _rows(value: Plain, place: str) -> list[Row]:
    return [Row(keyed(one), f"{place}[{at}]", None) for at, one in enumerate(listed(value)) if isinstance(one, dict)]


def _is_gone(cells: Cells, row: Row) -> bool:
    return bool(cells.flag(row, "archived")) or cells.flag(row, "active") is False
