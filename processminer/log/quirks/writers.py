"""Moves whose moment is that of a clean-up, an import or a machine, and not that of the deal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.names import fold
from processminer.log.quirks.sighting import Sighting, told_by
from processminer.words import say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.quirks.catalogue import Treatments
    from processminer.log.shapes.source import Source

PACKAGE = "processminer.log.quirks"

Writer = Literal["person", "bulk", "import", "machine"]

MOST_AT_ONCE = 10
"""Changes of stage within ten minutes that one person may make before it looks like a clean-up."""

TIMES_USUAL = 5
"""And so many times what one usually changes in ten minutes: an integration is busy all day long."""

KINDS = {"bulk": "bulk-updates", "import": "imported", "machine": "machine-made"}
"""What it is called when a change was written so."""

_BULK = {"bulk", "batch", "mass", "true", "1", "yes", "t"}
_IMPORT = {"import", "imports", "importer", "imported", "migration", "migrated", "migrate", "dataloader", "loader"}
_MACHINE = {
    "api", "integration", "integrations", "workflow", "workflows", "automation", "automations", "automated", "sync",
    "bot", "zapier", "apex", "flow", "process", "trigger", "system", "calculated", "connector", "webhook", "robot",
    "salesforce", "platform", "script", "job", "queue", "ai", "assistant", "bizproc", "rest",
}  # fmt: skip


def read_writer(said: str) -> Writer:
    """Return who wrote a change, by the words in which the export says how it came about.

    >>> [read_writer(said) for said in ("CRM_UI", "CRM_UI_BULK_ACTION", "IMPORT", "AUTOMATION_PLATFORM", "app")]
    ['person', 'bulk', 'import', 'machine', 'person']
    """
    words = set(re.split(r"[^0-9a-z]+", fold(said)))
    if words & _BULK:
        return "bulk"
    if words & _IMPORT:
        return "import"
    return "machine" if words & _MACHINE else "person"


def mark_writers(
    relations: Relations, source: Source, treatments: Treatments, machines: Sequence[str]
) -> Iterator[Sighting]:
    """Yield the moves made in bulk, by an import or by a machine; those whose moment is not true go to `untimed_rows`.

    Makes `untimed_rows(deal_id, occurred_at, code, why)` and `written(deal_id, occurred_at, code, position, how)`;
    `machines` are actors that are programs.
    """
    row = "deal_id VARCHAR, occurred_at TIMESTAMP, code SMALLINT"
    relations.run(f"CREATE OR REPLACE TABLE untimed_rows ({row}, why VARCHAR)")
    relations.run(f"CREATE OR REPLACE TABLE written ({row}, position BIGINT, how VARCHAR)")
    _put_writers(relations, machines, said=source.writer is not None)
    if source.writer is not None or machines:
        relations.run(read_sql(PACKAGE, "written.sql"))
    if source.actor != "NULL::VARCHAR":
        relations.run(read_sql(PACKAGE, "bulk.sql"), {"most": MOST_AT_ONCE, "times": TIMES_USUAL})
    seen = {how for (how,) in relations.rows("SELECT DISTINCT how FROM written")}
    for how, kind in KINDS.items():
        if how not in seen:
            continue
        yield from told_by(
            relations, "written_counts.sql", {"how": how, "kind": kind, "most": EXAMPLES}, _share(relations, how)
        )
        if treatments.of(kind) == "leave-out-of-times":
            relations.run(read_sql(PACKAGE, "untimed_written.sql"), {"how": how, "kind": kind})


def _share(relations: Relations, how: str) -> str:
    rows, all_rows, said = relations.row(read_sql(PACKAGE, "written_share.sql"), {"how": how})
    called = f", written as {say_list([repr(str(one)) for one in said])}" if said else ""
    return f"{say_percent(rows / all_rows)} of the rows{called}." if rows else ""


def _put_writers(relations: Relations, machines: Sequence[str], *, said: bool) -> None:
    """Make `writers(writer, how)` and `machine_actors(actor)`; `said` tells whether the export names writers at all."""
    asked = "SELECT DISTINCT writer FROM stage_rows WHERE writer IS NOT NULL ORDER BY writer"
    writers = [str(writer) for (writer,) in relations.rows(asked)] if said else []
    columns: dict[str, list[str]] = {"writer": writers, "how": [str(read_writer(writer)) for writer in writers]}
    relations.put("writers", columns, {"writer": "VARCHAR", "how": "VARCHAR"})
    relations.put("machine_actors", {"actor": [fold(one) for one in machines]}, {"actor": "VARCHAR"})
