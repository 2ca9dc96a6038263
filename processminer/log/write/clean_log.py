"""The clean log: an EventLog as five plain relations and a page about itself, which every format is written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.arrange import pack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import EventLog

VERSION = "1"
"""Of the clean log; a later reader can tell by it what an older writer left out."""

ATTRIBUTE = "attribute."
"""What the column of an attribute begins with, so that an export's own `Amount` is not taken for ours."""

MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
"""How moments are written: in UTC, to the microsecond, with their zone."""

DEAL_COLUMNS = (
    "deal_id", "name", "pipeline", "outcome", "is_closed", "is_won", "created_at", "closed_at", "amount", "currency",
    "owner", "first_at", "last_at", "close_step", "reopened",
    "left_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CleanLog:
    """The relations of a clean log, each a query that gives its rows in order."""

    relations: Relations
    about: Mapping[str, str]
    """What the log says of itself, by key: `as_of`, `ties`, `repeats`, ..."""
    queries: Mapping[str, str]
    """Query by name: deals, stage_events, task_events, field_events, stages, log."""

    def rows(self, name: str) -> int:
        """Return how many rows a relation has."""
        (rows,) = self.relations.row(f"SELECT count(*) FROM ({self.queries[name]})")
        return int(rows)

    def columns(self, name: str) -> dict[str, str]:
        """Return the columns of a relation and their types, in order."""
        return {str(row[0]): str(row[1]) for row in self.relations.rows(f"DESCRIBE {self.queries[name]}")}


def clean_log(log: EventLog) -> CleanLog:
    """Return the relations of a clean log, without those that would be empty.

    One log is written at a time: the relations are made anew in its database.
    """
    relations = log.relations
    _put_places(log)
    for name in ("actors", "stage_events", "task_events", "field_events", "deals", "stages"):
        relations.run(read_sql("processminer.log.write", f"clean_{name}.sql"))
    about = about_of(log)
    relations.put(
        "clean_log", {"key": list(about), "value": list(about.values())}, {"key": "VARCHAR", "value": "VARCHAR"}
    )
    (timed,) = relations.row("SELECT count(started_at) FROM clean_task_events")
    ends = ", started_at, ended_at" if timed else ""
    queries = {
        "deals": _deals(log.attributes),
        "stage_events": (
            "SELECT deal_id, step, stage, entered_at, actor, untimed FROM clean_stage_events ORDER BY deal, step"
        ),
        "task_events": (
            f"SELECT deal_id, step, occurred_at, name, subject, actor{ends} FROM clean_task_events ORDER BY deal, step"
        ),
        "field_events": (
            "SELECT deal_id, step, occurred_at, field, old, new, actor FROM clean_field_events ORDER BY deal, step"
        ),
        "stages": "SELECT stage, class, is_closed, is_won, position, usual_place FROM clean_stages ORDER BY position",
        "log": "SELECT key, value FROM clean_log ORDER BY key",
    }
    for name in ("task_events", "field_events"):
        if relations.row(f"SELECT count(*) FROM clean_{name}") == (0,):
            del queries[name]
    return CleanLog(relations, about, queries)


def _deals(attributes: tuple[str, ...]) -> str:
    """Return the query of the deals with a column for every attribute."""
    own = ", ".join(f"clean_deals.{column}" for column in DEAL_COLUMNS)
    if not attributes:
        return f"SELECT {own} FROM clean_deals ORDER BY deal"
    names = [quoted(ATTRIBUTE + name) for name in attributes]
    values = ", ".join(
        f"min(value) FILTER (WHERE attribute = {literal(name)}) AS {column}"
        for name, column in zip(attributes, names, strict=True)
    )
    kept = ", ".join(f"told.{column}" for column in names)
    return (
        f"SELECT {own}, {kept} FROM clean_deals LEFT JOIN "
        f"(SELECT deal, {values} FROM attributes GROUP BY deal) AS told USING (deal) ORDER BY clean_deals.deal"
    )


def _put_places(log: EventLog) -> None:
    """Make `clean_places(stage, usual_place)`: the mean position in the paths as they were before they were cleaned."""
    relations = log.relations
    pack(relations, log.as_of, file_order=log.repeats)
    rows = relations.rows(read_sql("processminer.log", "stage_positions.sql"))
    relations.run("DROP TABLE packed")
    names = {int(code): str(stage) for code, stage in relations.rows("SELECT code, stage FROM read_codes")}
    relations.put(
        "clean_places",
        {"stage": [names[code] for code, _ in rows], "usual_place": [float(place) for _, place in rows]},
        {"stage": "VARCHAR", "usual_place": "DOUBLE"},
    )


def about_of(log: EventLog) -> dict[str, str]:
    """Return what the log says of itself, by key, in alphabetical order."""
    relations = log.relations
    in_order, repeating = relations.row(read_sql("processminer.log.write", "clean_order.sql"))
    report = log.ingest
    told = {
        "click_limit_us": str(relations.row("SELECT max(us) FROM click_limit")[0]),
        "as_of": log.as_of.isoformat(timespec="microseconds") + "Z",
        "deals_read": str(report.deals_read),
        "deals_used": str(report.deals_used),
        "event_log": _yes(log.repeats),
        "processminer_log": VERSION,
        "repeats": _yes(log.repeats or repeating),
        "rows_read": str(report.rows_read),
        "rows_used": str(report.rows_used),
        "source_profile": report.profile,
        "source_title": report.title,
        "stages": "declared" if relations.rows("SELECT 1 FROM stage_dictionary LIMIT 1") else "learnt",
        "ties": "stages" if in_order and not log.repeats else "file",
        **{f"answer_{answer.question}": f"{answer.verdict}: {answer.because}" for answer in report.answers},
        **{f"deals_aside_{reason}": str(deals) for reason, deals in report.deals_set_aside.items()},
        **{f"set_aside_{reason}": str(rows) for reason, rows in report.set_aside.items()},
    }
    return dict(sorted(told.items()))


def _yes(said: bool) -> str:  # noqa: FBT001 - a yes or no is what it writes
    return "true" if said else "false"
