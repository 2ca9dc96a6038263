"""One row a deal, one column a stage: every dated cell is an entry into its stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import Conventions, text_of, time_of
from processminer.log.shapes.source import Source, made_source

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Recognition


def read_wide(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of the dated cells; a stage of one pipeline among several is told with its pipeline."""
    part = found.parts["deals"]
    pattern = found.profile.stage_column
    assert pattern is not None
    matches = [(header, pattern.match(header)) for header in found.stage_columns]
    named = [(header, match["stage"], match["pipeline"]) for header, match in matches if match is not None]
    pipelines = {pipeline for _, _, pipeline in named}
    pieces: list[str] = []
    for header, stage, pipeline in named:
        label = stage if len(pipelines) == 1 else f"{stage} ({pipeline})"
        pieces.append(
            f"SELECT {text_of(part.columns['deal'])} AS deal, {literal(label)} AS stage, "
            f"{text_of(header)} AS entered_text, "
            f"{time_of(relations, part.table, header, conventions)} AS entered, {part.table.row_number} AS position "
            f"FROM {quoted(part.table.name)} WHERE {text_of(header)} IS NOT NULL"
        )
    return made_source(relations, part, " UNION ALL ".join(pieces), loses_returns=True)
