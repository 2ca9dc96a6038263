"""JSON becomes tables: a row a record, nested objects as dotted columns, nested lists as tables of their own."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from processminer.engines.arrow import TextRows, joined
from processminer.engines.relations import quoted
from processminer.errors import LogError, Place
from processminer.log.eventlog import EXAMPLES, Problem
from processminer.log.tables.delimited import MOST_COLUMNS, unique
from processminer.log.tables.encoding import letters_of, open_text
from processminer.log.tables.json_values import ENDLESS, LONGEST, PROBED, TOO_LONG, Values
from processminer.log.tables.table import LINE, Piece, Table, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from processminer.engines.arrow import Cells
    from processminer.engines.relations import Relations
    from processminer.log.tables.gather import Given

PARENT = "parent id"
LIST = "list"

BATCH = 20_000
"""Rows held as Python objects at a time."""

DEEPEST_LIST = 3
"""Objects around the list of records: {"data": {"deals": {"nodes": [...]}}}."""

Json = dict[str, object]

NO_RECORDS = "A log in JSON is a list of records, an object that holds one, or a record a line."


@dataclass(slots=True)
class Lists:
    """All lists met in one file: those of records by their name, those within records by their path."""

    file: str
    records: defaultdict[str, TextRows] = field(default_factory=lambda: defaultdict(TextRows))
    within: defaultdict[str, TextRows] = field(default_factory=lambda: defaultdict(TextRows))
    no_records: list[int] = field(default_factory=list[int])
    """Lines of what stands among records without being one."""
    read: int = 0
    lines: int = 0
    """Lines on which records begin: fewer than records where the file is written without line breaks."""
    last_line: int = 0
    held: int = 0

    def add(self, name: str, line: int, value: object) -> None:
        """Take a record in, and the lists within it."""
        if not isinstance(value, dict):
            self.no_records.append(line)
            return
        self.read += 1
        self.lines += line != self.last_line
        self.last_line = line
        cells, children = flattened(cast("Json", value))
        self._keep(self.records[name], cells, line)
        parent = (own_id(cells) if children else None) or str(self.read)
        inner = deque((parent, path, child) for path, child in children)
        while inner:
            parent, path, child = inner.popleft()
            cells, children = flattened(child)
            self._keep(self.within[path], _of_parent(parent, path, cells), line)
            parent = (own_id(cells) if children else None) or parent
            inner.extend((parent, f"{path}.{deeper}", one) for deeper, one in children)

    def _keep(self, rows: TextRows, cells: Cells, line: int) -> None:
        rows.add(cells, line, self.read)
        if len(rows.columns) > MOST_COLUMNS or len(self.within) > MOST_COLUMNS:
            message = f"has more than {MOST_COLUMNS:,} different fields in one list."
            raise LogError(message, Place(self.file, line), "Are ids used as names of fields? Export it as CSV.")
        self.held += 1
        if self.held >= BATCH:
            self.pack()

    def pack(self) -> None:
        """Pack the rows of all lists."""
        for rows in (*self.records.values(), *self.within.values()):
            rows.pack()
        self.held = 0


def load_json(relations: Relations, given: Given, name: str) -> Iterator[tuple[str, Table]]:
    """Yield the tables of a JSON file with the path of their list: those of records, then those of lists within them.

    Raises LogError, with the line, where the file is no JSON or holds no records.
    """
    lists = lists_in(given.path, given.file)
    several = len(lists.records) > 1
    unit: Unit = "line" if lists.lines == lists.read else "record"
    found = [
        *(
            ([path], f"{given.file}, list {path}" if several else given.file, [rows])
            for path, rows in lists.records.items()
        ),
        *((paths, f"{given.file}, list {_common(paths)}", rows) for paths, rows in grouped(lists.within)),
    ]
    for number, (paths, file, rows) in enumerate(found):
        others = lists.no_records if number == 0 else []
        yield paths[0], _table(relations, given, f"{name}_{number}", file, rows, unit, others)


def lists_in(path: Path, file: str) -> Lists:
    """Return the lists of a JSON file, packed; raises LogError where it is none or holds no records."""
    letters = letters_of(path, file)
    lists = Lists(file)
    with open_text(path, letters.encoding) as text:
        _read(Values(text, file), lists)
    lists.pack()
    if not lists.records:
        message = "holds no list of records."
        raise LogError(message, Place(file), NO_RECORDS)
    return lists


def _read(values: Values, lists: Lists) -> None:
    while mark := values.peek():
        if mark == "[":
            for line, value in values.elements():
                lists.add("", line, value)
        elif mark == "{":
            _object(values, lists)
        else:
            why = f"{mark!r} begins neither a list nor an object"
            raise values.broken(why)


def _object(values: Values, lists: Lists) -> None:
    """Read an object at the top of a file: a record by itself (one a line), or what is around a list of records."""
    begin = values.mark()
    line = values.line
    value = values.value(PROBED)
    if value is TOO_LONG or _is_around_records(cast("Json", value)):
        values.back(begin)
        _around(values, lists, "", DEEPEST_LIST)
    elif _is_record(cast("Json", value)):
        lists.add("", line, value)


def _around(values: Values, lists: Lists, path: str, deepest: int) -> None:
    """Read an object for the lists of records in it."""
    values.take("{")
    if values.peek() == "}":
        values.take("}")
        return
    while True:
        key = str(values.whole())
        values.take(":")
        _inside(values, lists, f"{path}.{key}" if path else key, deepest)
        if values.peek() != ",":
            values.take("}")
            return
        values.take(",")


def _inside(values: Values, lists: Lists, path: str, deepest: int) -> None:
    mark = values.peek()
    if mark == "[":
        others: list[int] = []
        for line, value in values.elements():
            if isinstance(value, dict):
                lists.add(path, line, cast("Json", value))
            else:
                others.append(line)
        lists.no_records += others if path in lists.records else []
        return
    begin = values.mark()
    value = values.value(PROBED if mark == "{" and deepest else LONGEST)
    if value is TOO_LONG and not (mark == "{" and deepest):
        raise values.broken(ENDLESS)
    if value is TOO_LONG or (deepest and _holds_records(value, deepest - 1)):
        values.back(begin)
        _around(values, lists, path, deepest - 1)


def _is_around_records(value: Json) -> bool:
    return not _has_id(value) and _holds_records(value, DEEPEST_LIST)


def _holds_records(value: object, deepest: int) -> bool:
    if not isinstance(value, dict):
        return False
    inside = list(cast("Json", value).values())
    return any(
        isinstance(one, list) and any(isinstance(each, dict) for each in cast("list[object]", one)) for one in inside
    ) or (deepest > 0 and any(_holds_records(one, deepest - 1) for one in inside))


def _is_record(value: Json) -> bool:
    """Tell a record from settings and the like: it has an id, or nothing nested."""
    return _has_id(value) or not any(isinstance(one, dict | list) for one in value.values())


def _has_id(value: Json) -> bool:
    return any(_names_an_id(key) for key in value)


def _names_an_id(key: str) -> bool:
    return key.casefold() in {"id", "key", "guid", "uuid"} or key.endswith(("_id", "Id", "ID"))


def own_id(cells: Cells) -> str | None:
    """Return the id that a record calls its own: `id`, else the first that is called one."""
    named = {key.casefold(): value for key, value in reversed(cells.items())}
    for name in ("id", "hs_object_id", "dealid", "deal_id", "key", "guid", "uuid"):
        if named.get(name) is not None:
            return named[name]
    return next((value for key, value in cells.items() if value is not None and _names_an_id(key)), None)


def flattened(record: Json) -> tuple[Cells, list[tuple[str, Json]]]:
    """Return the cells of a record by dotted path, and the objects in lists within it with the path of their list."""
    cells: Cells = {}
    children: list[tuple[str, Json]] = []
    # Not by recursion: a record may be nested as deeply as the parser bears.
    waiting: list[tuple[str, object]] = [("", record)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            inside = cast("Json", value)
            waiting += [(f"{path}.{key}" if path else key, one) for key, one in reversed(inside.items())]
            continue
        if isinstance(value, list):
            items = cast("list[object]", value)
            children += [(path, cast("Json", one)) for one in items if isinstance(one, dict)]
            plain = [one for one in items if not isinstance(one, dict)]
            value = ";".join(_said(one) or "" for one in plain) or None
            if len(plain) < len(items) and value is None:
                continue
        while path in cells:
            path += "'"
        cells[path] = _said(value)
    return cells, children


def _said(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def _of_parent(parent: str, path: str, cells: Cells) -> Cells:
    own = {f"{name} (2)" if name in {PARENT, LIST} else name: cell for name, cell in cells.items()}
    return {PARENT: parent, LIST: path, **own}


def grouped(lists: Mapping[str, TextRows]) -> list[tuple[list[str], list[TextRows]]]:
    """Return the lists within records, those together that tell the same: the same columns, or nearly, side by side."""
    groups: list[tuple[list[str], list[TextRows], set[str]]] = []
    for path, rows in lists.items():
        columns = set(rows.columns)
        for paths, found, theirs in groups:
            if _alike(columns, theirs) or (_beside(path, paths[0]) and (columns <= theirs or theirs <= columns)):
                paths.append(path)
                found.append(rows)
                theirs.update(columns)
                break
        else:
            groups.append(([path], [rows], columns))
    return [(paths, found) for paths, found, _ in groups]


def _alike(ours: set[str], theirs: set[str]) -> bool:
    """Tell whether two lists share most of their own columns."""
    ours, theirs = ours - {PARENT, LIST}, theirs - {PARENT, LIST}
    return len(ours & theirs) * 2 > len(ours | theirs) or ours == theirs


def _beside(path: str, other: str) -> bool:
    parent, dot, _ = path.rpartition(".")
    return bool(dot) and parent == other.rpartition(".")[0]


def _common(paths: list[str]) -> str:
    """Return what to call lists that were put together: the path itself, or the one that all begin with."""
    if len(paths) == 1:
        return paths[0]
    parents = {path.rpartition(".")[0] for path in paths}
    (parent,) = parents if len(parents) == 1 else {""}
    return parent or f"{paths[0]} and others"


def _table(
    relations: Relations, given: Given, name: str, file: str, found: list[TextRows], unit: Unit, others: list[int]
) -> Table:
    columns = list(dict.fromkeys(column for rows in found for column in rows.columns))
    names = dict(zip(columns, unique(columns), strict=True))
    relations.adopt(name, joined(found, names, "line" if unit == "line" else "number", LINE))
    (rows,) = relations.row(f"SELECT count(*) FROM {quoted(name)}")
    piece = Piece(file, given.path, 0, int(rows), unit=unit)
    types = dict.fromkeys(names.values(), "VARCHAR")
    problems = _problems(given.file, others)
    return Table(name, given.path, file, types, int(rows) + len(others), "rowid", problems, (piece,), line_column=LINE)


def _problems(file: str, lines: list[int]) -> tuple[Problem, ...]:
    if not lines:
        return ()
    examples = tuple(f"{file}:{line}" for line in lines[:EXAMPLES])
    treatment = "Set aside: it stands among records and is none (no object with named fields)."
    return (Problem("broken-line", len(lines), treatment, examples, set_aside=True),)
