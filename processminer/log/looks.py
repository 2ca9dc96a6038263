"""Files of the same deals, dated by their names or their loading, become one table that says when it was looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.sources.profile import header_key, profiles
from processminer.log.tables.dated_names import moments_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.tables.table import Table

LOOKED_AT = "Snapshot Date"
"""The column that is added; the profile of snapshots knows it."""

ROW = "row of the list"
"""The column that keeps a row's position."""

OFTEN_ALIKE = 1 / 3
"""Of the times a deal is seen again, a list shows it where it was more often than this; a history hardly ever does."""

LOADED_AT = ("_extracted_at", "extracted_at", "_airbyte_extracted_at", "_airbyte_emitted_at", "_sdc_batched_at")
"""Columns in which loaders say when they fetched a row."""


def with_looks(relations: Relations, tables: Sequence[Table]) -> tuple[Table, ...]:
    """Return the tables, with the moment of the look beside each row of those that show the same deals at several.

    Such are files of the same columns that are dated by their names, and rows that a loader dated when it fetched them,
    where every deal stands once in a look and some stand in more than one.
    """
    return tuple(_looked_at(relations, table) for table in tables)


def _looked_at(relations: Relations, table: Table) -> Table:
    (shape,) = (profile.tables["history"] for profile in profiles() if profile.shape == "snapshots")
    found = shape.match(table.columns)
    if not {"deal", "stage"} <= found.keys() or "entered" in found:
        return table
    rows = _by_file(relations, table) or _by_loading(relations, table)
    if rows is None:
        return table
    seen = f"{table.name} looked at"
    relations.run(f"CREATE OR REPLACE TABLE {quoted(seen)} AS {rows}")
    if not _shows_deals_again(relations, seen, found):
        return table
    columns = {**table.columns, LOOKED_AT: "TIMESTAMP"}
    return replace(table, name=seen, columns=columns, row_number=quoted(ROW))


def _by_file(relations: Relations, table: Table) -> str | None:
    """Return the query of a stacked table's rows with the moment that the name of their file says."""
    moments = moments_of([piece.file for piece in table.pieces]) if len(table.pieces) > 1 else None
    if moments is None:
        return None
    looks = f"{table.name} looks"
    firsts = [piece.first_row for piece in table.pieces]
    types = {"first_row": "BIGINT", "looked_at": "TIMESTAMP"}
    relations.put(looks, {"first_row": firsts, "looked_at": moments}, types)
    return (
        f"SELECT told.*, looks.looked_at AS {quoted(LOOKED_AT)} "
        f"FROM (SELECT *, {table.row_number} AS {quoted(ROW)} FROM {quoted(table.name)}) AS told "
        f"ASOF JOIN {quoted(looks)} AS looks ON told.{quoted(ROW)} >= looks.first_row"
    )


def _by_loading(relations: Relations, table: Table) -> str | None:
    """Return the query of a table's rows with the moment at which a loader fetched them."""
    loaded = next((name for name in table.columns if header_key(name) in map(header_key, LOADED_AT)), None)
    if loaded is None:
        return None
    time = time_of(relations, table, loaded, Conventions())
    moment = f"{time} AS {quoted(LOOKED_AT)}, {table.row_number} AS {quoted(ROW)}"
    return f"SELECT *, {moment} FROM {quoted(table.name)}"


def _shows_deals_again(relations: Relations, table: str, columns: Mapping[str, str]) -> bool:
    """Tell whether every deal stands once in a look, some in several, and often enough in the stage of the look before.

    That sets a list that is looked at again apart from a history that is split into files.
    """
    told = f"{text_of(columns['deal'])} AS deal, {text_of(columns['stage'])} AS stage, {quoted(LOOKED_AT)} AS look"
    rows, in_looks, again, alike = relations.row(
        "SELECT count(*), count(DISTINCT (deal, look)), count(before), count(*) FILTER (stage = before) "
        "FROM (SELECT *, lag(stage) OVER (PARTITION BY deal ORDER BY look) AS before "
        f"FROM (SELECT {told} FROM {quoted(table)}) WHERE deal IS NOT NULL)"
    )
    return bool(rows == in_looks and again and alike >= OFTEN_ALIKE * again)
