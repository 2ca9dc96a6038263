"""What the export's own deal records say: owner, amount, dates, how the deal stands, and whatever else they hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.columns import Conventions, amount_of, currency_of, text_of, time_of, yes_of
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageClass
    from processminer.log.sources.recognise import Part

MOST_ATTRIBUTE_ROWS = 20_000_000
"""Attributes are kept as rows; beyond this only those with few values (segments) are."""

FEW_VALUES = 50

AT_ONCE = 50
"""Columns that are made into attributes by one statement."""

NO_RECORDS = """CREATE OR REPLACE TABLE records (
    deal_id VARCHAR, name VARCHAR, pipeline VARCHAR, stage VARCHAR, amount DOUBLE, currency VARCHAR, owner VARCHAR,
    created_at TIMESTAMP, close_date TIMESTAMP, is_closed BOOLEAN, is_won BOOLEAN, position BIGINT, deleted BOOLEAN)"""


def write_records(relations: Relations, part: Part | None, conventions: Conventions) -> None:
    """Make `records`, one row a deal of the deals table (the last one where a deal stands twice), empty without one.

    `is_closed` and `is_won` are null where the export has no such columns. Deals that are marked as deleted go to
    `deleted_records`, unless all are.
    """
    relations.run(NO_RECORDS)
    relations.run("CREATE OR REPLACE TABLE deleted_records (deal_id VARCHAR)")
    if part is None:
        return
    columns = part.columns
    flags = [yes_of(columns[flag]) if flag in columns else "NULL::BOOLEAN" for flag in ("is_closed", "is_won")]
    fields = ", ".join(
        (
            text_of(columns["deal"]),
            text_of(columns.get("name")),
            text_of(columns.get("pipeline")),
            text_of(columns.get("stage")),
            amount_of(relations, part.table, columns.get("amount"), conventions),
            f"coalesce({text_of(columns.get('currency'))}, {currency_of(part.table, columns.get('amount'))})",
            text_of(columns.get("owner")),
            time_of(relations, part.table, columns.get("created") or columns.get("started"), conventions),
            time_of(relations, part.table, columns.get("closed"), conventions),
            *flags,
            part.table.row_number,
            yes_of(columns.get("deleted")),
        )
    )
    relations.run(
        f"INSERT INTO records SELECT {fields} FROM {quoted(part.table.name)} "
        f"QUALIFY row_number() OVER (PARTITION BY {text_of(columns['deal'])} ORDER BY {part.table.row_number} DESC) = 1"
    )
    relations.run("DELETE FROM records WHERE deal_id IS NULL")
    # A mark that every deal bears tells none from another, and would leave nothing to look at.
    if not relations.row("SELECT coalesce(bool_and(deleted), false) FROM records")[0]:
        relations.run("CREATE OR REPLACE TABLE deleted_records AS SELECT deal_id FROM records WHERE deleted")
        relations.run("DELETE FROM records WHERE deleted")


def stage_outcomes(relations: Relations, label_of: Mapping[str, str]) -> dict[str, StageClass]:
    """Return what the records say of stages, by folded label: won, lost or open, as most deals that stand in it do."""
    votes: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for stage, *counts in relations.rows(read_sql("processminer.log", "stage_outcomes.sql")):
        label = fold(label_of[str(stage)])
        votes[label] = [so_far + more for so_far, more in zip(votes[label], counts, strict=True)]
    return {
        label: "open" if 2 * closed <= deals else "won" if 2 * won > deals else "lost"
        for label, (deals, closed, won) in votes.items()
    }


def write_attributes(relations: Relations, part: Part | None, leave_out: Sequence[str]) -> tuple[str, ...]:
    """Make `attributes(deal, attribute, value)` from every column of the deals table that says more of a deal.

    Return their names. `leave_out` are columns that are events rather than attributes. Needs `deals`.
    """
    relations.run("CREATE OR REPLACE TABLE attributes (deal INTEGER, attribute VARCHAR, value VARCHAR)")
    if part is None:
        return ()
    table = part.table
    kept = _named(part, leave_out)
    if len(kept) * table.rows > MOST_ATTRIBUTE_ROWS:
        kept = {column: name for column, name in kept.items() if _values(relations, table.name, column) <= FEW_VALUES}
    # Many columns a statement: exports of three thousand columns exist, and each statement joins the deals again.
    told = [f"{{'attribute': {literal(name)}, 'value': {text_of(column)}}}" for column, name in kept.items()]
    for start in range(0, len(told), AT_ONCE):
        pairs = ", ".join(told[start : start + AT_ONCE])
        relations.run(
            "INSERT INTO attributes SELECT deal, told.pair.attribute, told.pair.value "
            f"FROM (SELECT {table.row_number} AS position, unnest([{pairs}]) AS pair FROM {quoted(table.name)}) told "
            "JOIN records USING (position) JOIN deals USING (deal_id) WHERE told.pair.value IS NOT NULL"
        )
    return tuple(sorted(kept.values()))


def _named(part: Part, leave_out: Sequence[str]) -> dict[str, str]:
    """Return the headers that are attributes and their names: the headers, less what all of them begin with."""
    if part.attribute is not None:
        told = {header: part.attribute.match(header) for header in part.table.columns}
        return {header: found["name"] for header, found in told.items() if found is not None}
    mapped = {part.columns.get(role) for role in ("deal", "name", "deleted", "stage", "is_closed", "is_won")}
    passed_over = {*mapped, *leave_out, part.table.line_column}
    kept = [
        column
        for column in part.table.columns
        if column not in passed_over and not (part.derived and part.derived.match(column))
    ]
    if part.prefix is None:
        return {column: column for column in kept}
    bare = {column: part.prefix.sub("", column, count=1) for column in kept}
    times = Counter(bare.values())
    return {column: name if name and times[name] == 1 else column for column, name in bare.items()}


def _values(relations: Relations, table: str, column: str) -> int:
    (values,) = relations.row(f"SELECT approx_count_distinct({quoted(column)}) FROM {quoted(table)}")
    return int(values)
