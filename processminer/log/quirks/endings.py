"""Endings that the export tells late, twice, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.errors import InputError
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Example, Sighting, told_by
from processminer.words import say_count, say_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageName
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.sources.recognise import Part

PACKAGE = "processminer.log.quirks"

LATE_DAYS = 3
"""A closing entered within a long weekend of the close date is no late one."""

STALE_DAYS = 90
"""A quarter without any sign of life is long in every sales process."""


def catch_up(
    relations: Relations, part: Part | None, conventions: Conventions, treatments: Treatments, *, whole_history: bool
) -> Iterator[Sighting]:
    """Add one step to deals whose record stands elsewhere than their history ends, and yield how many they are.

    The closing is added at the close date. Another open stage is added when the record says it was entered, else at
    the log's end, untimed; only where the rows are a `whole_history`. Makes `lagging(deal_id, occurred_at, code, ...)`.
    """
    relations.run(read_sql("processminer.log", "lagging_history.sql"))
    if part is not None and whole_history:
        _put_entered(relations, part, conventions)
        relations.run(read_sql(PACKAGE, "behind_open.sql"))
    rows = relations.rows("SELECT deal_id, told FROM lagging ORDER BY deal_id")
    if not rows:
        return
    if treatments.of("history-behind-record") == "catch-up":
        relations.run(read_sql(PACKAGE, "caught_up.sql"))
    closed = relations.row("SELECT count(*) FROM lagging JOIN read_codes USING (code) WHERE class <> 'open'")[0]
    detail = f"{say_count(int(closed), 'closing')}; {say_count(len(rows) - int(closed), 'move')} to another open stage."
    yield Sighting(
        "history-behind-record",
        len(rows),
        len(rows),
        tuple(Example(str(deal)) for deal, _ in rows[:EXAMPLES]),
        detail=detail,
    )


def _put_entered(relations: Relations, part: Part, conventions: Conventions) -> None:
    """Make `stage_entered(deal_id, entered_at)`: when a record says that its stage was entered."""
    relations.run("CREATE OR REPLACE TABLE stage_entered (deal_id VARCHAR, entered_at TIMESTAMP)")
    if "entered" in part.columns:
        entered = time_of(relations, part.table, part.columns["entered"], conventions)
        deal = text_of(part.columns["deal"])
        relations.run(
            f"INSERT INTO stage_entered SELECT {deal} AS deal_id, max({entered}) FROM {quoted(part.table.name)} "
            "WHERE deal_id IS NOT NULL GROUP BY deal_id"
        )


def date_closings(relations: Relations, treatments: Treatments) -> Iterator[Sighting]:
    """Yield the closed deals whose close date is another than their closing, and date them as asked for."""
    yield from told_by(relations, "late_close.sql", {"days": LATE_DAYS, "most": EXAMPLES})
    if treatments.of("late-close") == "close-date":
        relations.run(read_sql(PACKAGE, "dated_back.sql"), {"days": LATE_DAYS})


def find_stale(
    relations: Relations, treatments: Treatments, stages: Sequence[StageName], as_of: datetime
) -> Iterator[Sighting]:
    """Yield the open deals that are probably dead, with their value, and close them as lost if asked for.

    Raises InputError where they are to be lost and the log has no lost stage.
    """
    (usual,) = relations.row(read_sql(PACKAGE, "usual_to_win.sql"))
    days = max(float(STALE_DAYS), float(usual or 0))
    relations.run(read_sql(PACKAGE, "stale_open.sql"), {"as_of": as_of, "days": days})
    count, examples, value, valued = relations.row(
        "SELECT count(*), coalesce(min(deal_id, $most), []), sum(amount), count(amount) FROM stale_open",
        {"most": EXAMPLES},
    )
    if not count:
        return
    worth = f" They are worth {value:,.0f} in all ({say_count(valued, 'amount')} known)." if valued else ""
    if treatments.of("stale-open") == "lost":
        lost = [code for code, stage in enumerate(stages) if stage.kind == "lost"]
        if not lost:
            message = "stale-open=lost needs a stage that means lost, and the log has none."
            raise InputError(message, hint="Name it with --lost, or leave the deals open.")
        relations.run(read_sql(PACKAGE, "stale_lost.sql"), {"code": lost[0], "days": days})
        relations.run("INSERT INTO untimed_closings SELECT deal_id, 'stale-open' FROM stale_open")
    yield Sighting(
        "stale-open",
        int(count),
        int(count),
        tuple(Example(str(deal)) for deal in examples),
        detail=f"Nothing has happened to them for more than {say_days(days)}.{worth}",
    )
