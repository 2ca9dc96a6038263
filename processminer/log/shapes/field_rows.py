"""What else was changed on deals: amounts, close dates, owners and other fields, before and after each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.columns import text_of
from processminer.log.ids import same_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition

FIELDS = ("amount", "close_date", "probability", "forecast", "owner")
"""What a row of a history may hold beside the stage: the value after the change that the row tells."""

FIELD_FAULTS = {
    1: "field-change-incomplete",
    2: "field-change-deleted",
    3: "field-change-after-as-of",
    4: "field-change-told-twice",
    5: "field-change-of-unknown-deal",
}
"""Why the change of a field is set aside, by the number it is marked with in `field_changes`."""


def view_field_rows(relations: Relations, found: Recognition, as_of: datetime, *, hidden: bool) -> None:
    """Make the view `field_rows(deal_id, occurred_at, field, old, new, actor, position)` of changes up to `as_of`.

    Nothing is computed until it is asked for. `field` is amount, close_date, owner, probability, forecast or the
    export's own name; values are text as the export writes them, people by name where their ids are known, or by the
    pseudonyms of `people_named` where they are `hidden`. Needs `stage_rows`, `people` and `deals`. A history without
    such columns gives an empty view.
    """
    sql = _NONE
    if found.profile.shape == "changes":
        sql = _changed_fields(relations, found.parts["history"], as_of)
    elif found.profile.shape == "history":
        sql = _beside(relations, found, as_of) or _NONE
    elif found.profile.shape == "ocel":
        sql = f"SELECT * FROM ocel_changes WHERE occurred_at <= TIMESTAMP {literal(as_of.isoformat(' '))}"
    person = _HIDDEN if hidden else _NAMED
    people = {name: person.format(name) for name in ("old", "new", "actor")}
    relations.run(
        f"""CREATE OR REPLACE VIEW field_rows AS
        SELECT deal_id, occurred_at, field, CASE WHEN field = 'owner' THEN {people["old"]} ELSE old END AS old,
               CASE WHEN field = 'owner' THEN {people["new"]} ELSE new END AS new, {people["actor"]} AS actor, position
        FROM ({sql}) AS told"""
    )


_NAMED = "coalesce((SELECT name FROM people WHERE people.id = told.{0}), told.{0})"
_HIDDEN = (
    f"coalesce((SELECT pseudonym FROM people_named AS known WHERE known.name = {_NAMED}), "
    "CASE WHEN told.{0} IS NOT NULL THEN 'Someone' END)"
)


_NONE = (
    "SELECT NULL::VARCHAR AS deal_id, NULL::TIMESTAMP AS occurred_at, NULL::VARCHAR AS field, NULL::VARCHAR AS old, "
    "NULL::VARCHAR AS new, NULL::VARCHAR AS actor, NULL::BIGINT AS position WHERE false"
)


def _changed_fields(relations: Relations, part: Part, as_of: datetime) -> str:
    """Return the query of the changes that are told as such; makes the view `field_changes` with the fault of each.

    A history that tells only what a field became, every time it was set, tells what it was by the change before.
    """
    relations.run(f"CREATE OR REPLACE VIEW deal_ids AS SELECT deal_id, {same_id('deal_id')} AS same_id FROM deals")
    sql = read_sql("processminer.log.shapes", "field_changes.sql")
    relations.run(sql.replace("$as_of", f"TIMESTAMP {literal(as_of.isoformat(' '))}"))
    usable = "FROM field_changes WHERE fault = 0 AND field <> 'created'"
    if any(role.startswith("old") for role in part.columns):
        return f"SELECT * EXCLUDE (fault) {usable}"
    return (
        "SELECT * FROM (SELECT deal_id, occurred_at, field, lag(new) OVER turns AS old, new, actor, position "
        f"{usable} WINDOW turns AS (PARTITION BY deal_id, field ORDER BY occurred_at, position * {_TURN})) "
        "WHERE old IS DISTINCT FROM new"
    )


def _beside(relations: Relations, found: Recognition, as_of: datetime) -> str | None:
    """Return the query of the changes that a history shows, and of those that a table beside it tells.

    Of a field that both know the table's rows are used: they tell every change, the history those with a row.
    """
    compared = _compared_rows(found.parts["history"])
    beside = found.parts.get("changes")
    if beside is None:
        return compared
    told = _changed_fields(relations, beside, as_of)
    if compared is None:
        return told
    both = "SELECT field FROM change_fields WHERE field IS NOT NULL"
    return f"{told} UNION ALL SELECT * FROM ({compared}) AS compared WHERE field NOT IN ({both})"


_REPEATED = 7
"""The fault of a row that tells the same stage at the same moment again: it may tell of another field all the same."""

_TURN = (
    "(SELECT CASE WHEN arg_min(occurred_at, position) > arg_max(occurred_at, position) THEN -1 ELSE 1 END "
    "FROM stage_rows WHERE fault = 0)"
)
"""Rows of one moment stand as in the file, which may begin with the newest."""


def _compared_rows(part: Part) -> str | None:
    """Return the query of the changes that a history shows only by each row's difference from the one before it."""
    kept = [field for field in FIELDS if field in part.columns]
    # Owners stand apart, and the others say that they are none: who asks for owners has nothing else compared.
    others = [field for field in kept if field != "owner"]
    queries = [f"{_compared(part, others)} AND field <> 'owner'"] if others else []
    if "owner" in kept:
        queries.append(f"{_compared(part, ['owner'])} AND field = 'owner'")
    return " UNION ALL ".join(queries) or None


def _compared(part: Part, fields: Sequence[str]) -> str:
    table = part.table
    values = ", ".join(f"{text_of(part.columns[field])} AS {field}" for field in fields)
    pairs = ", ".join(f"{{'field': '{field}', 'old': lag({field}) OVER turns, 'new': {field}}}" for field in fields)
    return (
        "SELECT deal_id, occurred_at, change.field AS field, change.old AS old, change.new AS new, actor, position "
        "FROM (SELECT deal_id, occurred_at, actor, position, unnest(changes) AS change "
        "FROM (SELECT deal_id, occurred_at, actor, stage_rows.position AS position, "
        f"[{pairs}] AS changes, row_number() OVER turns AS turn FROM stage_rows "
        f"JOIN (SELECT {table.row_number} AS place, {values} FROM {quoted(table.name)}) AS told "
        f"ON told.place = stage_rows.position WHERE fault IN (0, {_REPEATED}) "
        f"WINDOW turns AS (PARTITION BY deal_id ORDER BY occurred_at, stage_rows.position * {_TURN})) WHERE turn > 1) "
        "WHERE old IS DISTINCT FROM new"
    )
