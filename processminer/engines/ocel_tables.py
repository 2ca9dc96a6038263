# pyright: basic
"""The six tables that an OCEL 2.0 file becomes, filled in pieces."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from processminer.engines.relations import Relations

Rows = tuple[str, tuple[str | None, ...]]
"""A table's name and one row of it, without its position."""

TABLES: dict[str, tuple[str, ...]] = {
    "ocel_objects": ("id", "type"),
    "ocel_object_values": ("id", "name", "value", "changed"),
    "ocel_object_objects": ("id", "object", "qualifier"),
    "ocel_events": ("id", "type", "occurred"),
    "ocel_event_values": ("id", "name", "value"),
    "ocel_event_objects": ("id", "object", "qualifier"),
}

EPOCH = "1970-01-01"
"""What OCEL dates the values by that an object has from the beginning."""

AT_ONCE = 50_000
"""Rows held as Python objects at a time."""


def begin(relations: Relations) -> None:
    """Make the tables, empty."""
    for name, columns in TABLES.items():
        typed = ", ".join(f"{column} VARCHAR" for column in columns)
        relations.run(f"CREATE OR REPLACE TABLE {name} ({typed}, position BIGINT)")


def fill(relations: Relations, rows: Iterable[Rows]) -> None:
    """Put rows into their tables, in the order in which they come."""
    import pyarrow as pa

    counts = dict.fromkeys(TABLES, 0)
    stream = iter(rows)
    while piece := list(islice(stream, AT_ONCE)):
        for name, columns in TABLES.items():
            own = [row for table, row in piece if table == name]
            if own:
                arrays = [pa.array(values, pa.string()) for values in zip(*own, strict=True)]
                position = pa.array(range(counts[name], counts[name] + len(own)), pa.int64())
                relations.append(name, pa.RecordBatch.from_arrays([*arrays, position], [*columns, "position"]))
                counts[name] += len(own)


def texts(values: Iterable[object]) -> Iterator[str | None]:
    """Yield values as text, null as null."""
    for value in values:
        if isinstance(value, bytes):
            yield value.decode(errors="replace")
        else:
            yield None if value is None else str(value)
