"""A source: where the rows lie that say which stage a deal entered, and the expressions that read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import Conventions, text_of, time_of, untimed_of, yes_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageName
    from processminer.log.shapes.notes import Note
    from processminer.log.sources.recognise import Part
    from processminer.log.tables.table import Table


@dataclass(frozen=True, slots=True)
class DeclaredStages:
    """What a source says for good of its stages, so that nothing about them needs to be learnt from the rows."""

    stages: tuple[StageName, ...]
    """In the log's order, with those that no row tells of."""
    places: Mapping[str, float]
    """Where in their path deals usually meet a stage: the mean position, 1 being the start."""
    ordered: bool
    """Whether their order was declared; else it was learnt, and gives way to an order that the user declares."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the stage rows lie in the database, and the expressions that read them."""

    relation: str
    deal: str
    stage: str
    entered: str
    untimed: str
    """True where the row says no time at all, readable or not."""
    position: str
    """The row of `table`, counted from 0, that the stage row was read from."""
    table: Table
    rows: int
    deleted: str = "false"
    actor: str = "NULL::VARCHAR"
    collapses: bool = True
    """Whether a row that repeats the stage before it is no event (a CRM's history) or a repeat (an event log)."""
    made: bool = False
    """Whether the rows were made of dated cells of wider ones."""
    file_order: bool = False
    """Whether the file's own order decides between equal times; else the stage order does."""
    left: str | None = None
    """The stage that the row says was left: it orders rows of the same moment. None where the export does not say."""
    pipeline: str | None = None
    """The pipeline that the stage belongs to, where a stage's label is unique within its pipeline only."""
    writer: str | None = None
    """How the change came about, as the export says it (CRM_UI, IMPORT, API, a bulk-update flag)."""
    not_before: str | None = None
    """The last moment at which the stage was certainly not yet entered, for logs that look only now and then."""
    notes: tuple[Note, ...] = ()
    loses_returns: bool = False
    """Whether a stage has one date, so that a return to it cannot be seen."""
    keeps_changes: int | None = None
    """How many changes of a deal's stage the CRM keeps; a path of just as many has probably lost its beginning."""
    whole_paths: bool = True
    """Whether the stages between a deal's first and its present one are told."""
    ended: str | None = None
    """The relation of deal_id, stage and kind for deals that a status ends: their records name the stage before."""
    times_made: bool = False
    """Whether most times were worked out from lengths of stay."""
    seen_until: datetime | None = None
    """When the export was still written to, as far as it tells of more than stages: the log is looked at no earlier."""
    declared: DeclaredStages | None = None
    """What the source says for good of its stages, if it does."""


def made_source(relations: Relations, part: Part, sql: str, *, loses_returns: bool) -> Source:
    """Keep rows that were made from wider ones as the table `made_rows`, and return it as a source.

    `sql` selects deal, stage, entered_text, entered and position.
    """
    relations.run(f"CREATE OR REPLACE TABLE made_rows AS {sql}")
    (rows,) = relations.row("SELECT count(*) FROM made_rows")
    return Source(
        relation="made_rows",
        deal="deal",
        stage="stage",
        entered="entered",
        untimed="entered_text IS NULL",
        position="position",
        table=part.table,
        rows=int(rows),
        made=True,
        loses_returns=loses_returns,
    )


def row_source(relations: Relations, part: Part, conventions: Conventions) -> Source:
    """Return the source of a table that holds one row a change of stage, read through its recognised columns."""
    table, columns = part.table, part.columns
    return Source(
        relation=quoted(table.name),
        deal=text_of(columns["deal"]),
        stage=text_of(columns["stage"]),
        entered=time_of(relations, table, columns["entered"], conventions),
        untimed=untimed_of(table, columns["entered"]),
        deleted=yes_of(columns.get("deleted")),
        position=table.row_number,
        actor=text_of(columns.get("actor")),
        table=table,
        rows=table.rows,
        left=_said(part, "left"),
        pipeline=_said(part, "pipeline"),
        writer=_said(part, "writer"),
    )


def _said(part: Part, role: str) -> str | None:
    return text_of(part.columns[role]) if role in part.columns else None
