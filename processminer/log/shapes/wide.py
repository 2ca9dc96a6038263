"""One row a deal, one column a stage: every dated cell is an entry into its stage, the last one of that deal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.engines.relations import literal, quoted
from processminer.log.columns import Conventions, number_of, text_of, time_of
from processminer.log.shapes.notes import Note, note_of
from processminer.log.shapes.source import Source, made_source
from processminer.log.sources.stage_dates import stage_label
from processminer.log.words_known import outcome_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from processminer.engines.relations import Relations
    from processminer.log.sources.recognise import Part, Recognition

Key = tuple[str, str | None]
"""A stage and its pipeline, None where the header names none."""

CLOSED_BY_DATE = (
    "Closed on the close date, as that stage has no date of its own, or on the last stage's date where it is later."
)

RETURNS_SEEN = "return-seen-in-totals"
"""The kind of note that tells of returns which are certain, but not dated."""


def read_wide(relations: Relations, found: Recognition, conventions: Conventions) -> Source:
    """Return the source made of the dated cells; a stage is told with its pipeline where the headers name one."""
    part = found.parts["deals"]
    assert found.profile.stage_column is not None
    entered = _by_stage(found.stage_columns, found.profile.stage_column)
    if found.profile.sifted:
        entered = _as_labelled(relations, part, entered)
    pieces = [_cells(relations, part, header, key, conventions) for key, header in entered.items()]
    if found.profile.sifted:
        pieces += _closings(relations, part, entered, conventions)
    source = made_source(relations, part, " UNION ALL ".join(pieces), loses_returns=True)
    if any(pipeline is not None for _, pipeline in entered):
        source = replace(source, pipeline="pipeline")
    notes = (*_closed_by_date(relations, entered), *_unseen_returns(relations, found, entered, conventions))
    return replace(source, notes=(*source.notes, *notes))


def _by_stage(headers: Iterable[str], pattern: re.Pattern[str]) -> dict[Key, str]:
    """Return the header of each stage; a property that took the place of an older one counts where both are there."""
    chosen: dict[Key, str] = {}
    for match in filter(None, map(pattern.match, headers)):
        groups = match.groupdict()
        key = groups["stage"], groups.get("pipeline")
        if key not in chosen or groups.get("newer"):
            chosen[key] = match.string
    return chosen


def _as_labelled(relations: Relations, part: Part, entered: Mapping[Key, str]) -> dict[Key, str]:
    """Return the stages as the deals' own stage column spells them, the commonest spelling first."""
    labels: list[str] = []
    if "stage" in part.columns:
        rows = relations.rows(
            f"SELECT {text_of(part.columns['stage'])} AS stage FROM {quoted(part.table.name)} "
            "WHERE stage IS NOT NULL GROUP BY stage ORDER BY count(*) DESC, stage LIMIT 1000"
        )
        labels = [str(label) for (label,) in rows]
    return {(stage_label(stage, labels), pipeline): header for (stage, pipeline), header in entered.items()}


def _closings(relations: Relations, part: Part, entered: Mapping[Key, str], conventions: Conventions) -> Iterable[str]:
    """Yield the rows of closed deals whose stage has no date of its own: they closed on their close date.

    Where that lies before the last date of a stage, the deal closed then.
    """
    if not {"stage", "closed"} <= part.columns.keys():
        return
    stage, closed = (text_of(part.columns[role]) for role in ("stage", "closed"))
    rows = relations.rows(f"SELECT DISTINCT {stage} FROM {quoted(part.table.name)} ORDER BY 1")
    dated = {name for name, _ in entered}
    ended = [str(label) for (label,) in rows if label not in dated and outcome_of(str(label)) in {"won", "lost"}]
    headers = (part.columns["closed"], *entered.values())
    times = [time_of(relations, part.table, header, conventions) for header in headers]
    moment = f"CASE WHEN {times[0]} IS NOT NULL THEN greatest({', '.join(times)}) END"
    if ended:
        yield (
            f"SELECT {text_of(part.columns['deal'])} AS deal, {stage} AS stage, NULL::VARCHAR AS pipeline, "
            f"{closed} AS entered_text, {moment} AS entered, "
            f"{part.table.row_number} AS position FROM {quoted(part.table.name)} "
            f"WHERE {closed} IS NOT NULL AND {stage} IN ({', '.join(map(literal, ended))})"
        )


def _closed_by_date(relations: Relations, entered: Mapping[Key, str]) -> Iterable[Note]:
    """Yield how many deals were closed by their close date."""
    dated = ", ".join(literal(stage) for stage, _ in entered)
    undated = f"stage NOT IN ({dated})"
    yield note_of(relations, "closed-by-close-date", "made_rows", undated, deal="deal", treatment=CLOSED_BY_DATE)


def _cells(relations: Relations, part: Part, header: str, key: Key, conventions: Conventions) -> str:
    stage, pipeline = key
    return (
        f"SELECT {text_of(part.columns['deal'])} AS deal, {literal(stage)} AS stage, "
        f"{'NULL::VARCHAR' if pipeline is None else literal(pipeline)} AS pipeline, "
        f"{text_of(header)} AS entered_text, {time_of(relations, part.table, header, conventions)} AS entered, "
        f"{part.table.row_number} AS position FROM {quoted(part.table.name)} WHERE {text_of(header)} IS NOT NULL"
    )


def _unseen_returns(
    relations: Relations, found: Recognition, entered: Mapping[Key, str], conventions: Conventions
) -> Iterable[Note]:
    """Yield how many stages were certainly entered more than once.

    More time was spent there in all than at the last stay, or it was left before it was last entered.
    """
    part = found.parts["deals"]
    pieces: list[str] = []
    for key, told in _derived(part).items():
        proofs: list[str] = []
        if "cumulative time in" in told and "latest time in" in told:
            proofs.append(f"{_span(told['cumulative time in'])} > {_span(told['latest time in'])}")
        if "date exited" in told and key in entered:
            times = (
                time_of(relations, part.table, header, conventions) for header in (told["date exited"], entered[key])
            )
            proofs.append(" < ".join(times))
        if proofs:
            deal = text_of(part.columns["deal"])
            pieces.append(f"SELECT {deal} AS deal FROM {quoted(part.table.name)} WHERE {' OR '.join(proofs)}")
    if pieces:
        yield note_of(relations, RETURNS_SEEN, f"({' UNION ALL '.join(pieces)})", "true", deal="deal")


def _derived(part: Part) -> dict[Key, dict[str, str]]:
    """Return the headers that tell more of a stage, by what they tell."""
    told: defaultdict[Key, dict[str, str]] = defaultdict(dict)
    for match in filter(None, map(part.derived.match, part.table.columns) if part.derived else ()):
        groups = match.groupdict()
        kind = groups["told"].casefold().replace("_", " ")
        told[groups["stage"], groups.get("pipeline")][kind] = match.string
    return dict(told)


def _span(header: str) -> str:
    """Return the expression of a length, written as a number or as hours, minutes and seconds."""
    text = text_of(header)
    hours, minutes, seconds = (f"try_cast(split_part({text}, ':', {place}) AS DOUBLE)" for place in (1, 2, 3))
    clock = f"{hours} * 3600 + {minutes} * 60 + {seconds}"
    return f"CASE WHEN contains({text}, ':') THEN {clock} ELSE {number_of(header)} END"
