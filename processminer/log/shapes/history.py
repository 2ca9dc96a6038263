"""One row a change: the deal, the stage after it, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, read_sql
from processminer.log.shapes.changes import view_changes
from processminer.log.shapes.source import Source, row_source

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.columns import Conventions
    from processminer.log.sources.recognise import Recognition

PACKAGE = "processminer.log.shapes"


def read_history(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source of an export that keeps a row for every change of stage, or for the last entry into each.

    Where changes of other fields stand in a table beside it, they become the view `all_changes`.
    """
    source = row_source(relations, found.parts["history"], conventions)
    if "changes" in found.parts:
        view_changes(relations, found.parts["changes"], found, conventions)
        source = replace(source, seen_until=relations.row(read_sql(PACKAGE, "changes_extent.sql"))[1])
    stage = source.stage
    for word in found.profile.no_stage:
        stage = f"nullif({stage}, {literal(word)})"
    profile = found.profile
    return replace(source, stage=stage, loses_returns=profile.loses_returns, keeps_changes=profile.keeps_changes)
