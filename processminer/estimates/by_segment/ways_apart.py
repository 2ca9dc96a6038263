"""Whether the moves of deals differ between the segments of an attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from processminer.discovery.segments import segments
from processminer.engines.relations import read_sql
from processminer.statistics.homogeneity import homogeneity

if TYPE_CHECKING:
    from processminer.engines.relations import Row
    from processminer.log.eventlog import EventLog
    from processminer.statistics.homogeneity import Homogeneity, Table

PACKAGE = "processminer.estimates.by_segment"


@dataclass(frozen=True, slots=True)
class WaysApart:
    """The test of whether deals of all segments go on from every stage with the same chances."""

    attribute: str
    segments: int
    moves: int
    test: Homogeneity


def ways_apart(log: EventLog) -> tuple[WaysApart, ...]:
    """Return the test for each attribute that says what a deal is, the weightiest first; needs `stays`.

    That deals of a segment are slower is no difference here: only where they go counts.
    """
    found: list[WaysApart] = []
    for attribute in segments(log):
        rows = log.relations.rows(read_sql(PACKAGE, "moves_by_segment.sql"), {"attribute": attribute})
        test = homogeneity(_tables(rows))
        if test is not None:
            values = len({row[0] for row in rows})
            found.append(WaysApart(attribute, values, sum(int(row[3]) for row in rows), test))
    return tuple(found)


def _tables(rows: list[Row]) -> list[Table]:
    """Return a table for each stage, segments by next stages."""
    values = sorted({row[0] for row in rows})
    tables: list[Table] = []
    for stage in sorted({row[1] for row in rows}):
        there = [row for row in rows if row[1] == stage]
        targets = sorted({row[2] for row in there})
        table = np.zeros((len(values), len(targets)))
        for value, _, target, moves in there:
            table[values.index(value), targets.index(target)] = moves
        tables.append(table)
    return tables
