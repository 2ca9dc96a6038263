"""XES logs: traces become deals, events become stage rows in the file's own order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import quoted
from processminer.errors import EngineError, LogError
from processminer.log.columns import text_of
from processminer.log.shapes.source import Source
from processminer.log.shapes.written_xes import MARK, written_recognition
from processminer.log.sources.profile import profiles
from processminer.log.sources.recognise import Part, Recognition
from processminer.log.tables.table import Piece, Table

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.profile import Role
    from processminer.log.tables.table import EventFile


def xes_recognition(relations: Relations, log: EventFile) -> Recognition:
    """Read the XES file and return its tables: the events, and the traces with their attributes as deals.

    A log that we wrote ourselves becomes the tables of a clean log.

    Raises LogError for a file that is no XES log.
    """
    from processminer.engines.xes import read_xes

    try:
        read = read_xes(log.path)
    except EngineError as error:
        raise LogError(error.message, error.place, error.hint) from error
    relations.adopt("xes_rows", read.events)
    if MARK in read.about:
        relations.adopt("xes_entries", read.entries)
        return written_recognition(relations, log, read.about)
    columns = relations.columns("xes_rows")
    (rows,) = relations.row("SELECT count(*) FROM xes_rows")
    events = _table("xes_rows", log, columns, int(rows))
    (profile,) = (profile for profile in profiles() if profile.shape == "xes")
    shape = profile.tables["deals"]
    attributes = [column for column in columns if column.startswith("case:")]
    kept = ", ".join(quoted(column) for column in ("case_id", "line", *attributes))
    relations.run(
        f"CREATE OR REPLACE TABLE xes_traces AS SELECT {kept} FROM xes_rows "
        "QUALIFY row_number() OVER (PARTITION BY trace ORDER BY rowid) = 1"
    )
    (traces,) = relations.row("SELECT count(*) FROM xes_traces")
    columns = relations.columns("xes_traces")
    deals = _table("xes_traces", log, columns, int(traces))
    parts: dict[Role, Part] = {
        "history": Part(events, {"deal": "case_id", "stage": "activity", "entered": "timestamp", "actor": "resource"}),
        "deals": Part(deals, shape.match(column for column in columns if column != "line"), prefix=shape.prefix),
    }
    return Recognition(profile, parts, (), (profile.rank, len(columns)))


def _table(name: str, log: EventFile, columns: dict[str, str], rows: int) -> Table:
    piece = Piece(log.file, log.path, 0, rows)
    return Table(name, log.path, log.file, columns, rows, "rowid", pieces=(piece,), line_column="line")


def xes_source(relations: Relations, found: Recognition, lifecycle: Literal["complete", "all"]) -> Source:
    """Return the events that count: all of them, or the complete ones of a log that has lifecycles."""
    table = found.parts["history"].table
    (complete,) = relations.row("SELECT count(*) FROM xes_rows WHERE lower(lifecycle) = 'complete'")
    keep = lifecycle == "all" or complete == 0
    only = "" if keep else " WHERE coalesce(lower(lifecycle), 'complete') = 'complete' OR activity IS NULL"
    relations.run(f"CREATE OR REPLACE VIEW xes_events AS SELECT *, rowid AS place FROM xes_rows{only}")
    return Source(
        relation="xes_events",
        deal=text_of("case_id"),
        stage=text_of("activity"),
        entered="timezone('UTC', timestamp)" if table.columns["timestamp"].endswith("ZONE") else "timestamp",
        untimed="timestamp_text IS NULL",
        position="place",
        actor="resource",
        table=table,
        rows=table.rows,
        collapses=False,
        file_order=True,
    )
