"""One row a change of any field: those that speak of the stage are the path, with the stage a deal began in added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.errors import LogError, Place
from processminer.log.columns import Conventions, text_of, time_of, untimed_of, yes_of
from processminer.log.ids import same_id
from processminer.log.shapes.notes import note_of
from processminer.log.shapes.source import Source
from processminer.log.sources.profile import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition


def read_changes(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of an export that keeps a row for every change of a field.

    The stage that a deal began in is no change. It is taken to begin when the deal was created, where that is known
    and the changes reach back so far; such rows are made, and the notes count them. Makes the views `all_changes` and
    `known_deal_stages`, and the tables `first_stages` and `change_rows`. Raises LogError where the values are missing.
    """
    part = found.parts["history"]
    view_changes(relations, part, found, conventions)
    _view_known(relations, found.parts.get("deals"), conventions)
    relations.run(read_sql("processminer.log.shapes", "first_stages.sql"), {"remembers": found.profile.remembers})
    relations.run(read_sql("processminer.log.shapes", "change_rows.sql"))
    rows, last = relations.row(read_sql("processminer.log.shapes", "changes_extent.sql"))
    return Source(
        relation="change_rows",
        deal="deal_id",
        stage="stage",
        entered="occurred_at",
        untimed="untimed",
        deleted="deleted",
        position="position",
        actor="actor",
        table=part.table,
        rows=int(rows),
        left="left_stage",
        writer="writer" if {"writer", "bulk"} & set(part.columns) else None,
        notes=(
            note_of(relations, "first-stage-inferred", "first_stages", "entered IS NOT NULL"),
            note_of(relations, "first-stage-untimed", "first_stages", "entered IS NULL"),
        ),
        seen_until=last,
        keeps_changes=found.profile.keeps_changes,
    )


def view_changes(relations: Relations, part: Part, found: Recognition, conventions: Conventions) -> None:
    """Make the view `all_changes` of every change that a table tells, its fields by our names.

    Raises LogError where it has no new values.
    """
    _tells_values(part)
    _name_fields(relations, part, found.profile.fields)
    _view_changes(relations, part, conventions)


def _tells_values(part: Part) -> None:
    if not any(ours == "new" or ours.startswith("new_") for ours in part.columns):
        message = "tells which field was changed, but not to what: it has no column of new values."
        hint = (
            "Some loaders leave them out (Airbyte has, of Salesforce's OpportunityFieldHistory). Export the table from "
            "the CRM itself, or give a history of stages instead (Salesforce: OpportunityHistory)."
        )
        raise LogError(message, Place(part.table.file, 1), hint)


def _name_fields(relations: Relations, part: Part, fields: Mapping[str, tuple[str, ...]]) -> None:
    """Make `change_fields(raw, field)`: what the export calls a field to what we call it, its own name if nothing."""
    raw: list[str] = []
    if "field" in part.columns:
        field = text_of(part.columns["field"])
        told = relations.rows(f"SELECT DISTINCT {field} AS raw FROM {quoted(part.table.name)} ORDER BY raw")
        raw = [str(name) for (name,) in told if name is not None]
    ours = {header_key(name): field for field, names in fields.items() for name in names}
    relations.put(
        "change_fields",
        {"raw": raw, "field": [ours.get(header_key(name), name) for name in raw]},
        {"raw": "VARCHAR", "field": "VARCHAR"},
    )


def _view_changes(relations: Relations, part: Part, conventions: Conventions) -> None:
    """Make the view of every change, read through the recognised columns; without a field, all are of the stage."""
    table, columns = part.table, part.columns
    deal = text_of(columns["deal"])
    field = "field" if "field" in columns else "'stage'"
    relations.run(
        f"""CREATE OR REPLACE VIEW all_changes AS
        SELECT deal_id, same_id, {field} AS field, old, new, occurred_at, untimed, deleted, actor, writer, by_id,
               position
        FROM (SELECT {deal} AS deal_id, {same_id(deal)} AS same_id, {text_of(columns.get("field"))} AS raw_field,
                     {_value(columns, "old")} AS old, {_value(columns, "new")} AS new,
                     {time_of(relations, table, columns["changed"], conventions)} AS occurred_at,
                     {untimed_of(table, columns["changed"])} AS untimed, {yes_of(columns.get("deleted"))} AS deleted,
                     {text_of(columns.get("actor"))} AS actor, {_writer(columns)} AS writer,
                     coalesce(lower({text_of(columns.get("value_type"))}) = 'entityid', false) AS by_id,
                     {table.row_number} AS position
              FROM {quoted(table.name)}) LEFT JOIN change_fields ON change_fields.raw = raw_field"""
    )


def _writer(columns: Mapping[str, str]) -> str:
    """Return the expression of how a change came about; a flag of its own says of some that many deals were changed."""
    bulk = f"CASE WHEN {yes_of(columns.get('bulk'))} THEN 'bulk' END"
    return f"nullif(concat_ws(' ', {text_of(columns.get('writer'))}, {bulk}), '')"


def _value(columns: Mapping[str, str], which: str) -> str:
    """Return the expression of the old or new value; some loaders keep it in a column a type (new_text, new_number)."""
    kept = [header for ours, header in columns.items() if ours == which or ours.startswith(f"{which}_")]
    return f"coalesce({', '.join(text_of(header) for header in kept)})" if kept else text_of(None)


def _view_known(relations: Relations, part: Part | None, conventions: Conventions) -> None:
    """Make the view of the deals table: the stage each deal is in, and when it was created."""
    if part is None:
        relations.run(
            "CREATE OR REPLACE VIEW known_deal_stages AS SELECT NULL::VARCHAR AS deal_id, NULL::VARCHAR AS same_id, "
            "NULL::VARCHAR AS stage, NULL::TIMESTAMP AS created_at WHERE false"
        )
        return
    columns = part.columns
    deal = text_of(columns["deal"])
    created = time_of(relations, part.table, columns.get("created"), conventions)
    relations.run(
        f"CREATE OR REPLACE VIEW known_deal_stages AS SELECT deal_id, same_id, stage, created_at FROM "
        f"(SELECT {deal} AS deal_id, {same_id(deal)} AS same_id, {text_of(columns.get('stage'))} AS stage, "
        f"{created} AS created_at, {yes_of(columns.get('deleted'))} AS deleted, {part.table.row_number} AS place "
        f"FROM {quoted(part.table.name)}) WHERE deal_id IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY same_id ORDER BY place DESC) = 1 AND NOT deleted"
    )
