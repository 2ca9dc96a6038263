"""The same list of deals, looked at again and again: a stage is entered between two looks, the later showing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.eventlog import EXAMPLES
from processminer.log.shapes.notes import Note, note_of
from processminer.log.shapes.source import Source
from processminer.log.words_known import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition

TREATMENT = {
    "moved-between-looks": "Placed at the look that first shows the stage: it was entered after the look before.",
    "under-way-at-first-look": "Placed at the first look: how long the deal had been in its stage is not known.",
    "appeared-later": "Placed at the look that first shows the deal: nothing says that it was created just then.",
    "created-between-looks": "Placed at the deal's creation: a stage that it left before the next look cannot be seen.",
    "return-between-looks": "Not in the paths: the deal left its stage and came back between two looks.",
}
"""How a stage was dated, by the mark that its row bears."""

VANISHED = "Counted as open, as last seen: later looks no longer show the deal."


def read_snapshots(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of the looks: a stage is entered when the export says so, else at the look that shows it.

    In that case `not_before` is the look before. What a deal did and undid between two looks cannot be seen.
    """
    part = found.parts["history"]
    table, columns = part.table, part.columns
    roles = ("entered", "since", "created")
    times = {role: time_of(relations, table, columns.get(role), conventions) for role in roles}
    relations.run(
        f"CREATE OR REPLACE TABLE seen_deals AS SELECT {text_of(columns['deal'])} AS deal, "
        f"{text_of(columns['stage'])} AS stage, {times['entered']} AS looked_at, "
        f"{text_of(columns['entered'])} AS looked_text, {times['since']} AS since, {times['created']} AS created, "
        f"{table.row_number} AS position FROM {quoted(table.name)}"
    )
    relations.run(read_sql("processminer.log.shapes", "snapshot_rows.sql"))
    relations.run("DROP TABLE seen_deals")
    return Source(
        relation="snapshot_rows",
        deal="deal",
        stage="stage",
        entered="entered",
        untimed="looked_text IS NULL",
        position="position",
        table=table,
        rows=table.rows,
        not_before="not_before",
        notes=tuple(_notes(relations)),
    )


def _notes(relations: Relations) -> Iterator[Note]:
    for kind, treatment in TREATMENT.items():
        yield note_of(relations, kind, "snapshot_rows", f"told = '{kind}'", deal="deal", treatment=treatment)
    stages = relations.rows("SELECT DISTINCT stage FROM snapshot_rows WHERE stage IS NOT NULL ORDER BY stage")
    ended = [str(stage) for (stage,) in stages if outcome_of(str(stage)) in {"won", "lost"}]
    deals, examples = relations.row(
        read_sql("processminer.log.shapes", "vanished.sql"), {"most": EXAMPLES, "ended": ended}
    )
    yield Note("vanished", int(deals), VANISHED, tuple(examples))
