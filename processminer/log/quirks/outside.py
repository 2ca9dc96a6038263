"""Deals that the playbook is not for, by what it says it applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.errors import InputError
from processminer.log.names import fold
from processminer.log.quirks.attribute_values import deals_by_value
from processminer.log.quirks.sighting import Sighting
from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.engines.relations import Relations
    from processminer.log.options import Options
    from processminer.log.sources.recognise import Part

PIPELINE = "pipeline"
"""The attribute of this name is the pipeline, in whatever column the export has it."""


def names_pipelines(asked: Options) -> bool:
    """Tell whether the playbook says which pipelines it is for, and the user asks for no other."""
    return asked.pipeline is None and any(fold(attribute) == PIPELINE for attribute in asked.applies_to)


def outside(relations: Relations, part: Part | None, asked: Options, fault: int) -> Iterator[Sighting]:
    """Leave aside every deal that the playbook is not for, and yield what was seen of them.

    An attribute that the user names by --pipeline or --only is the user's to choose. One of which the log says nothing
    leaves no deal aside, and is told. Raises InputError where no deal has any of the values, saying which there are.
    """
    unknown: list[str] = []
    held: list[str] = []
    chosen = {fold(attribute) for attribute in (*asked.only, *([] if asked.pipeline is None else [PIPELINE]))}
    for attribute, values in asked.applies_to.items():
        if fold(attribute) in chosen:
            continue
        known = _known(relations, part, attribute)
        if not known:
            unknown.append(attribute)
            continue
        wanted = {fold(value) for value in values}
        inside = [deal for value, deals in known.items() if fold(value) in wanted for deal in deals]
        if not inside:
            raise _nothing_inside(attribute, values, known)
        relations.put("selected", {"deal_id": inside}, {"deal_id": "VARCHAR"})
        relations.run(read_sql("processminer.log.quirks", "not_selected.sql"), {"fault": fault})
        held.append(f"{attribute} {say_list(values, 9)}")
    if held:
        (left,) = relations.row(f"SELECT count(DISTINCT deal_id) FROM deals_aside WHERE fault = {fault}")
        if left:
            yield Sighting("outside-the-playbook", left, left, detail=f"It applies to {say_list(held, 9)}.")
    if unknown:
        (deals,) = relations.row(
            "SELECT count(*) FROM (SELECT deal_id FROM stage_rows WHERE fault = 0 UNION SELECT deal_id FROM records)"
        )
        detail = f"The log does not say: {say_list(unknown, 9)}."
        yield Sighting("applies-to-unknown", deals, deals, told=tuple(unknown[:5]), detail=detail)


def _known(relations: Relations, part: Part | None, attribute: str) -> Mapping[str, Sequence[str]]:
    """Return the deals by the values of an attribute, the most frequent value first; nothing if the log has none."""
    if fold(attribute) == PIPELINE:
        rows = relations.rows(
            "SELECT pipeline, list(deal_id ORDER BY deal_id) AS deals FROM deal_pipelines WHERE pipeline IS NOT NULL "
            "GROUP BY pipeline ORDER BY len(deals) DESC, pipeline"
        )
        return {str(name): [str(deal) for deal in deals] for name, deals in rows}
    if part is None:
        return {}
    named = {fold(header): header for header in (*part.table.columns, *part.columns)}
    if fold(attribute) not in named:
        return {}
    column = part.columns.get(named[fold(attribute)], named[fold(attribute)])
    return deals_by_value(relations, part, column)


def _nothing_inside(attribute: str, values: Sequence[str], known: Mapping[str, Sequence[str]]) -> InputError:
    message = f"The playbook applies to {attribute} {say_list(values, 9)}, and no deal of this log is one of those."
    told = [f"{value} ({say_count(len(deals), 'deal')})" for value, deals in known.items()]
    return InputError(message, hint=f"The log's: {say_list(told, 12)}. Mend 'applies_to', or is it the right playbook?")
