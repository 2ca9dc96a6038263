"""What a clean log holds beside its path: deals, activities, changes of fields, and moments that are no true ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted, read_sql
from processminer.log.records import NO_RECORDS
from processminer.log.restore.cells import moment_in, number_in, text_in, yes_in

if TYPE_CHECKING:
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part

PACKAGE = "processminer.log.restore"


def write_records(relations: Relations, part: Part | None) -> None:
    """Make `stored_deals`, as the clean log has them, and `records` for the deals without a path."""
    relations.run(NO_RECORDS)
    if part is None:
        relations.run(read_sql(PACKAGE, "no_stored_deals.sql"))
        return
    texts = ", ".join(
        f"{text_in(part, one)} AS {one}" for one in ("name", "pipeline", "outcome", "currency", "owner", "left_out")
    )
    times = ", ".join(f"{moment_in(part, one)} AS {one}_at" for one in ("created", "closed", "first", "last"))
    relations.run(
        f"CREATE OR REPLACE TABLE stored_deals AS SELECT {text_in(part, 'deal')} AS deal_id, {texts}, {times}, "
        f"{number_in(part, 'amount')} AS amount, try_cast({number_in(part, 'close_step')} AS INTEGER) AS close_step, "
        f"{yes_in(part, 'reopened')} AS reopened, {part.table.row_number} AS position FROM {quoted(part.table.name)}"
    )
    relations.run(read_sql(PACKAGE, "stored_records.sql"))


def write_untimed(relations: Relations, part: Part, click_limit: str) -> None:
    """Make `untimed_steps(deal, place, why)`, whose moment was found to be no true one, and `click_limit(us)`.

    `click_limit` is the length below which a stay was found to have none of its own, in microseconds.
    """
    limit = int(click_limit) if click_limit.isdecimal() and len(click_limit) < 19 else 0
    relations.put("click_limit", {"us": [limit]}, {"us": "BIGINT"})
    relations.run("CREATE OR REPLACE TABLE untimed_steps (deal INTEGER, place INTEGER, why VARCHAR)")
    if "untimed" in part.columns:
        relations.run(
            f"CREATE OR REPLACE TEMP VIEW stored_untimed AS SELECT {text_in(part, 'deal')} AS deal_id, "
            f"{moment_in(part, 'entered')} AS entered_at, try_cast({number_in(part, 'step')} AS INTEGER) AS place, "
            f"{text_in(part, 'untimed')} AS why FROM {quoted(part.table.name)}"
        )
        relations.run(read_sql(PACKAGE, "stored_untimed.sql"))


def write_tasks(relations: Relations, part: Part | None, as_of: datetime) -> None:
    """Make `task_events`, and `stored_tasks` with the fault of each row."""
    if part is None:
        relations.run(read_sql(PACKAGE, "no_stored_tasks.sql"))
    else:
        relations.run(
            f"CREATE OR REPLACE TABLE stored_tasks AS SELECT {text_in(part, 'deal')} AS deal_id, "
            f"{moment_in(part, 'done_at')} AS occurred_at, {text_in(part, 'name')} AS name, "
            f"{text_in(part, 'subject')} AS subject, {text_in(part, 'actor')} AS actor, "
            f"{moment_in(part, 'started_at')} AS started_at, {moment_in(part, 'ended_at')} AS ended_at, "
            f"{part.table.row_number} AS position FROM {quoted(part.table.name)}"
        )
    relations.run(read_sql(PACKAGE, "stored_task_faults.sql").replace("$as_of", _said(as_of)))
    relations.run(read_sql(PACKAGE, "stored_task_events.sql"))


def write_fields(relations: Relations, part: Part | None, as_of: datetime) -> None:
    """Make `field_rows`, and `stored_fields` with the fault of each row."""
    if part is None:
        relations.run(read_sql(PACKAGE, "no_stored_fields.sql"))
    else:
        texts = ", ".join(f"{text_in(part, one)} AS {one}" for one in ("field", "old", "new", "actor"))
        relations.run(
            f"CREATE OR REPLACE TABLE stored_fields AS SELECT {text_in(part, 'deal')} AS deal_id, "
            f"{moment_in(part, 'changed')} AS occurred_at, {texts}, {part.table.row_number} AS position "
            f"FROM {quoted(part.table.name)}"
        )
    relations.run(read_sql(PACKAGE, "stored_field_rows.sql").replace("$as_of", _said(as_of)))


def _said(moment: datetime) -> str:
    return f"TIMESTAMP {literal(moment.isoformat(' '))}"
