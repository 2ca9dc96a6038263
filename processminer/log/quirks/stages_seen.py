"""What the stages' names show of quirks: ids, retired and renamed stages, and outcomes told by their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.eventlog import EXAMPLES
from processminer.log.quirks.sighting import Sighting
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.eventlog import StageName
    from processminer.log.names import Names
    from processminer.log.stage_labels import Labels

PACKAGE = "processminer.log.quirks"

ENOUGH_ROWS = 10
"""A stage used less often has no place of its own in the paths, and may well have come and gone."""

STANDING = "SELECT stage, count(*) FROM records WHERE stage IS NOT NULL GROUP BY stage ORDER BY stage"
"""How many records stand in a stage, as the export writes it: a stage may be met there alone."""

SAME_PLACE = 0.5
"""Two stages stand at the same place of the path when their mean places differ by less than half a step."""


def see_labels(relations: Relations, labels: Labels, names: Names) -> Iterator[Sighting]:
    """Yield what the labels show. Needs `stage_dictionary`, `read_codes` and `records`."""
    standing = {str(stage): int(deals) for stage, deals in relations.rows(STANDING)}
    unknown = {stage: rows or standing.get(stage, 0) for stage, rows in sorted(labels.unknown.items())}
    unknown = {stage: rows for stage, rows in unknown.items() if rows}
    if unknown:
        told = tuple(f"{stage} ({say_count(rows, 'row')})" for stage, rows in unknown.items())
        yield Sighting("unknown-stage", sum(unknown.values()), told=told[:EXAMPLES])
    if labels.activities:
        told = tuple(f"{name} ({say_count(rows, 'row')})" for name, rows in labels.activities.items())
        yield Sighting("activities-among-stages", sum(labels.activities.values()), told=told[:EXAMPLES])
    retired = relations.rows(read_sql(PACKAGE, "retired.sql"))
    if retired:
        told = tuple(f"{stage} ({say_count(rows, 'row')})" for stage, rows in retired)
        yield Sighting("retired-stage", sum(int(rows) for _, rows in retired), told=told[:EXAMPLES])
    ids = [stage.name for stage in labels.stages if is_id(stage.name)]
    if 2 * len(ids) > len(labels.stages):
        yield Sighting("stage-ids", len(ids), told=tuple(ids[:EXAMPLES]))
    ends = [stage.name for stage in labels.stages if stage.kind != "open"]
    (flagged,) = relations.row(
        "SELECT (SELECT count(is_won) FROM records) + (SELECT count(class) FROM stage_dictionary)"
    )
    if ends and not flagged and not (names.won or names.lost):
        told = tuple(f"{stage.name} ({stage.kind})" for stage in labels.stages if stage.kind != "open")
        yield Sighting("outcome-by-name", len(ends), told=told[:EXAMPLES])


def is_id(label: str) -> bool:
    """Tell whether a stage's label is no name but an id.

    >>> is_id("1089234"), is_id("01JHp000001abcDMAQ"), is_id("Qualification"), is_id("Technical Review")
    (True, True, False, False)
    """
    if label.isascii() and label.isdigit():
        return True
    salesforce = len(label) in {15, 18} and label.isascii() and label.isalnum() and label[:2].isdigit()
    return salesforce or re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", label) is not None


def renamed_stages(relations: Relations, stages: Sequence[StageName]) -> tuple[tuple[str, str, str], ...]:
    """Return older name, newer name and day, of open stages that follow one another in time at one place of the path.

    Needs `stage_rows` and `packed`.
    """
    found = relations.rows(
        read_sql(PACKAGE, "renamed.sql"),
        {"opened": [code for code, stage in enumerate(stages) if stage.kind == "open"], "least": ENOUGH_ROWS},
    )
    if not found:
        return ()
    places = {
        int(code): float(mean) for code, mean in relations.rows(read_sql("processminer.log", "stage_positions.sql"))
    }
    renamed: list[tuple[str, str, str]] = []
    taken: set[int] = set()
    for old, new, day in ((int(older), int(newer), day) for older, newer, day in found):
        near = old in places and new in places and abs(places[old] - places[new]) < SAME_PLACE
        if near and old not in taken and new not in taken:
            renamed.append((stages[old].name, stages[new].name, str(day)))
            taken |= {old, new}
    return tuple(renamed)


def see_renamed(renamed: Sequence[tuple[str, str, str]]) -> Iterator[Sighting]:
    """Yield the stages that were renamed, with the days."""
    if renamed:
        told = tuple(f"{old!r} became {new!r} about {day}" for old, new, day in renamed)
        detail = f"An alias in the playbook joins {say_list([repr(old) for old, _, _ in renamed])} to its newer name."
        yield Sighting("renamed-stage", len(renamed), told=told[:EXAMPLES], detail=detail)
