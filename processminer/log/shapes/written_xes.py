"""XES that we wrote ourselves becomes the tables of a clean log again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted
from processminer.log.shapes.written_tables import put_about, put_stages, written_tables
from processminer.log.write.xml_names import OURS, plain_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition
    from processminer.log.tables.table import EventFile

MARK = f"{OURS}processminer_log"
"""The key by which a log that we wrote is known."""

_DEALS = (
    "name", "pipeline", "outcome", "created_at", "closed_at", "amount", "currency", "owner", "first_at", "last_at",
    "close_step", "reopened", "left_out",
)  # fmt: skip


def written_recognition(relations: Relations, log: EventFile, about: Mapping[str, str]) -> Recognition:
    """Return the tables of a clean log that `xes_rows` and `xes_entries` hold.

    `about` is what the log says of itself, by key.
    """
    columns = relations.columns("xes_rows")
    _put_about(relations, about)
    kind = _column(columns, f"event:{OURS}kind")
    made = {
        "history": _events(columns, f"activity IS NOT NULL AND coalesce({kind} NOT LIKE '%task', true)"),
        "tasks": _tasks(columns, f"activity IS NOT NULL AND {kind} LIKE '%task'"),
        "field_events": _fields(relations.columns("xes_entries")),
        "deals": _deals(columns, of_cases=about.get(f"{OURS}attributes") == "of cases"),
    }
    for role, sql in made.items():
        relations.run(f"CREATE OR REPLACE TABLE stored_{role}_rows AS {sql}")
    return written_tables(relations, log)


def _column(columns: Mapping[str, str], name: str) -> str:
    return quoted(name) if name in columns else "NULL::VARCHAR"


def _events(columns: Mapping[str, str], where: str) -> str:
    untimed = _column(columns, f"event:{OURS}untimed")
    return (
        f"SELECT case_id AS deal_id, row_number() OVER (PARTITION BY trace ORDER BY rowid) AS step, activity AS stage, "
        f"timestamp AS entered_at, resource AS actor, {untimed} AS untimed, line "
        f"FROM xes_rows WHERE {where} ORDER BY rowid"
    )


def _tasks(columns: Mapping[str, str], where: str) -> str:
    unnamed = f"{_column(columns, f'event:{OURS}kind')} = 'unnamed task'"
    subject = _column(columns, f"event:{OURS}subject")
    ends = ", ".join(f"{_column(columns, f'event:{OURS}{one}')} AS {one}" for one in ("started_at", "ended_at"))
    return (
        f"SELECT case_id AS deal_id, 0 AS step, timestamp AS occurred_at, "
        f"CASE WHEN {unnamed} THEN NULL ELSE activity END AS name, {subject} AS subject, resource AS actor, "
        f"{ends}, line FROM xes_rows WHERE {where} ORDER BY rowid"
    )


def _fields(columns: Mapping[str, str]) -> str:
    told = ", ".join(
        f"{_column(columns, f'entry:{OURS}{one}')} AS {one}" for one in ("occurred_at", "old", "new", "actor")
    )
    return (
        "SELECT case_id AS deal_id, row_number() OVER (PARTITION BY trace ORDER BY rowid) AS step, value AS field, "
        f"{told}, line FROM xes_entries WHERE list = '{OURS}field_events' ORDER BY rowid"
    )


def _deals(columns: Mapping[str, str], *, of_cases: bool) -> str:
    own = ", ".join(f"{_column(columns, f'case:{OURS}{name}')} AS {name}" for name in _DEALS)
    prefix = "attribute.case:" if of_cases else "attribute."
    attributes = [name for name in columns if name.startswith("case:") and not name.startswith(f"case:{OURS}")]
    told = "".join(
        f", {quoted(name)} AS {quoted(prefix + plain_name(name.removeprefix('case:')))}" for name in attributes
    )
    return (
        f"SELECT case_id AS deal_id, {own}, line{told} FROM "
        "(SELECT *, row_number() OVER (PARTITION BY trace ORDER BY rowid) AS nth FROM xes_rows) "
        "WHERE nth = 1 ORDER BY trace"
    )


def _put_about(relations: Relations, about: Mapping[str, str]) -> None:
    own = {key.removeprefix(OURS): value for key, value in about.items() if key.startswith(OURS)}
    put_about(relations, {plain_name(key): value for key, value in own.items()})
    numbers = sorted(key.removeprefix("stage_") for key in own if key.startswith("stage_"))
    put_stages(
        relations,
        [(own.get(f"stage_{one}"), own.get(f"class_{one}"), own.get(f"usual_place_{one}")) for one in numbers],
    )
