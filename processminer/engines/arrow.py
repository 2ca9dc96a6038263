# pyright: basic
"""The door to Arrow: rows that Python had to read are packed into columns that the database takes over."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import pyarrow as pa

Cells = dict[str, str | None]


class TextRows:
    """Rows of named texts, each with a line and a number, packed batch by batch: columns may come as they like."""

    def __init__(self) -> None:
        self.columns: dict[str, None] = {}
        """Their names, in order of first sight."""
        self._pending: list[Cells] = []
        self._places: list[tuple[int, int]] = []
        self._batches: list[pa.Table] = []

    def add(self, cells: Cells, line: int, number: int) -> None:
        """Take a row in."""
        self.columns.update(dict.fromkeys(cells))
        self._pending.append(cells)
        self._places.append((line, number))

    def pack(self) -> None:
        """Pack the rows taken in so far; columns that come later are null in them."""
        import pyarrow as pa

        if not self._pending:
            return
        arrays = {f"c{at}": _texts([row.get(name) for row in self._pending]) for at, name in enumerate(self.columns)}
        arrays["line"], arrays["number"] = (pa.array(places, pa.int64()) for places in zip(*self._places, strict=True))
        self._batches.append(pa.table(arrays))
        self._pending, self._places = [], []

    def packed(self, names: Mapping[str, str], place: str, called: str) -> list[pa.Table]:
        """Return what was packed, its columns renamed, with `place` (line or number) under the name `called`."""
        ours = {f"c{at}": names[column] for at, column in enumerate(self.columns)} | {place: called}
        kept = [batch.drop_columns(["number" if place == "line" else "line"]) for batch in self._batches]
        return [batch.rename_columns([ours[column] for column in batch.column_names]) for batch in kept]


def joined(parts: Sequence[TextRows], names: Mapping[str, str], place: str, called: str) -> Any:
    """Return the rows of all parts as one Arrow table; `names` orders and renames the columns, `called` comes last."""
    import pyarrow as pa

    whole = pa.concat_tables(
        [batch for part in parts for batch in part.packed(names, place, called)], promote_options="default"
    )
    return whole.select([*names.values(), called])


def typed(columns: Mapping[str, Sequence[object]], text_of: Callable[[object], str | None]) -> Any:
    """Return columns of Python values as an Arrow table: dates and times as such where a column holds no other."""
    import pyarrow as pa

    return pa.table({name: _typed(cells, text_of) for name, cells in columns.items()})


def _typed(cells: Sequence[object], text_of: Callable[[object], str | None]) -> pa.Array:
    import pyarrow as pa

    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {int}:
        return pa.array(cells, pa.int64())
    if kinds == {date}:
        return pa.array(cells, pa.date32())
    if kinds and kinds <= {date, datetime}:
        return pa.array([datetime.combine(cell, time()) if type(cell) is date else cell for cell in cells])
    return _texts([text_of(cell) for cell in cells])


def _texts(cells: Sequence[str | None]) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:
        # Half of a pair of surrogates, which JSON can write and no text can hold.
        return pa.array([None if cell is None else cell.encode("utf-8", "replace").decode() for cell in cells])


@contextmanager
def zstd_stream(path: Path) -> Generator[BinaryIO]:
    """Open a file packed with Zstandard for reading; reading raises OSError where it is damaged or cut off."""
    import pyarrow as pa

    with pa.input_stream(str(path), compression="zstd") as stream:
        yield stream
