"""Changes of any field in CRMs where a win is a status and no stage: the status gives each path its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import quoted, read_sql
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.changes import EXAMPLES, read_changes
from processminer.log.shapes.flows import with_flows
from processminer.log.shapes.source import Note, Source
from processminer.log.words_known import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageClass
    from processminer.log.sources.recognise import Part, Recognition

TREATMENT = {
    "end-from-status": "Made: a won or lost deal ends at the time that its own record gives, its status not being among "
    "the changes.",
    "end-undated": "Made: a won or lost deal whose record says no time of it ends at the last thing known of it.",
    "reopened-status": "Used: a status set back to open brings the deal back to the stage it stood in.",
    "status-repeated": "Used once: the status said again how the deal already stood.",
}


def read_status_changes(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of the changes of stage, with an end where the status, changed or recorded, says won or lost.

    Makes what `read_changes` makes, and the tables `status_words`, `status_moves` and `status_ends`.
    """
    table = found.parts["history"].table
    found = with_flows(relations, found)
    source = replace(read_changes(relations, found, conventions), table=table)
    standing = _view_standing(relations, found.parts.get("deals"), conventions)
    _name_statuses(relations, standing, found.profile.statuses)
    for made in ("status_moves", "status_ends"):
        relations.run(read_sql("processminer.log.shapes", f"{made}.sql"))
    relations.run(
        "INSERT INTO change_rows BY NAME SELECT deal_id, stage, occurred_at, false AS untimed, false AS deleted, actor, "
        "writer, position FROM status_moves WHERE NOT repeated UNION ALL BY NAME "
        "SELECT deal_id, label AS stage, ended AS occurred_at, false AS untimed, false AS deleted FROM status_ends"
    )
    (moves,) = relations.row("SELECT count(*) FROM status_moves")
    return replace(source, rows=source.rows + int(moves), notes=(*source.notes, *_notes(relations)))


def _view_standing(relations: Relations, part: Part | None, conventions: Conventions) -> str:
    """Make the view of how each deal's own record says that it stands, and when it came to stand so; return its name."""
    columns = {} if part is None else part.columns
    if part is None or not {"status", "won_at", "lost_at"} & set(columns):
        relations.run(
            "CREATE OR REPLACE VIEW standing AS SELECT NULL::VARCHAR AS deal_id, NULL::VARCHAR AS same_id, "
            "NULL::VARCHAR AS status, NULL::TIMESTAMP AS won_at, NULL::TIMESTAMP AS lost_at, "
            "NULL::TIMESTAMP AS closed_at WHERE false"
        )
        return "standing"
    times = ", ".join(
        f"{time_of(relations, part.table, columns.get(role), conventions)} AS {name}"
        for role, name in (("won_at", "won_at"), ("lost_at", "lost_at"), ("closed", "closed_at"))
    )
    relations.run(
        f"CREATE OR REPLACE VIEW standing AS SELECT known.deal_id, known.same_id, told.* EXCLUDE (deal_id) "
        f"FROM (SELECT {text_of(columns['deal'])} AS deal_id, {text_of(columns.get('status'))} AS status, {times}, "
        f"{part.table.row_number} AS place FROM {quoted(part.table.name)}) told "
        "JOIN known_deal_stages AS known USING (deal_id) "
        "QUALIFY row_number() OVER (PARTITION BY deal_id ORDER BY place DESC) = 1"
    )
    return "standing"


def _name_statuses(relations: Relations, standing: str, statuses: Mapping[StageClass, tuple[str, ...]]) -> None:
    """Make `status_words(raw, kind, label)`: what each status means, and what the stage is called that it ends in."""
    told = relations.rows(
        f"SELECT status FROM {standing} WHERE status IS NOT NULL UNION SELECT unnest([old, new]) FROM all_changes "
        "WHERE field = 'status' ORDER BY 1"
    )
    own = {word.casefold(): kind for kind, words in statuses.items() for word in words}
    raw = [str(word) for (word,) in told if word is not None]
    kinds = [own.get(word.casefold()) or outcome_of(word) for word in raw]
    relations.put(
        "status_words",
        {
            "raw": raw,
            "kind": kinds,
            "label": [_label(word, kind, own) for word, kind in zip(raw, kinds, strict=True)],
        },
        {"raw": "VARCHAR", "kind": "VARCHAR", "label": "VARCHAR"},
    )


def _label(word: str, kind: StageClass | None, own: Mapping[str, StageClass]) -> str:
    """Return the name of the stage that a status ends in: its own word, save where that is a code."""
    if word.casefold() in own or kind is None:
        return (kind or word).capitalize()
    return word[:1].upper() + word[1:]


def _notes(relations: Relations) -> Iterator[Note]:
    for kind, relation, which in (
        ("end-from-status", "status_ends", "dated"),
        ("end-undated", "status_ends", "NOT dated"),
        ("reopened-status", "status_moves", "reopens"),
        ("status-repeated", "status_moves", "repeated"),
    ):
        rows, examples = relations.row(
            f"SELECT count(*), coalesce(min(DISTINCT deal_id, {EXAMPLES}), []) FROM {relation} WHERE {which}"
        )
        yield Note(kind, int(rows), TREATMENT[kind], tuple(examples))
