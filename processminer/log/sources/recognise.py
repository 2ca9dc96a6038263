"""Which CRM's export this is, told from the headers alone, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from processminer.errors import LogError, Place
from processminer.log.sources.profile import ROLES, Profile, Role, TableShape, profiles
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.log.tables.table import Table


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the export in its role, and its columns by what we call them."""

    table: Table
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recognition:
    """The profile that fits best, the tables in their roles, and why."""

    profile: Profile
    parts: Mapping[Role, Part]
    stage_columns: tuple[str, ...]
    """For wide exports: the headers that hold a stage's date."""
    score: tuple[int, int]
    runner_up: str | None = None
    unused: tuple[Table, ...] = ()
    """Tables that were given and play no part."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What in the headers told, a sentence a table."""
        told = [
            f"{part.table.file} has {say_list([repr(header) for header in part.columns.values()], 6)} ({role})"
            for role, part in self.parts.items()
        ]
        if self.stage_columns:
            told.append(f"{len(self.stage_columns)} columns such as {self.stage_columns[0]!r} hold a stage's date")
        if self.runner_up is not None:
            told.append(f"the next best reading would be: {self.runner_up}")
        return tuple(told)


def recognise(tables: Sequence[Table], columns: Mapping[str, str]) -> Recognition:
    """Return the best reading of the tables; `columns` overrides what a column of the main table is taken for.

    Raises LogError, naming the headers found and what is missing, where nothing fits.
    """
    fits = [fit for profile in profiles() if profile.tables for fit in _fit(profile, tables, columns)]
    fits.sort(key=lambda fit: (fit.score, fit.profile.name), reverse=True)
    if not fits:
        raise _nothing_fits(tables)
    best, *others = fits
    taken = [part.table.name for part in best.parts.values()]
    unused = tuple(table for table in tables if table.name not in taken)
    _no_twins(best, unused)
    return replace(best, runner_up=others[0].profile.title if others else None, unused=unused)


def _no_twins(best: Recognition, unused: Sequence[Table]) -> None:
    """Refuse a folder in which a second file has the very columns of a used one: half of the deals would be lost."""
    for part in best.parts.values():
        for table in unused:
            if list(table.columns) == list(part.table.columns):
                message = f"{part.table.file} and {table.file} have the same columns; one file of a kind is read."
                hint = "Put them together into one file, or give each its own folder."
                raise LogError(message, Place(str(table.path.parent)), hint)


def _fit(profile: Profile, tables: Sequence[Table], columns: Mapping[str, str]) -> list[Recognition]:
    parts: dict[Role, Part] = {}
    for role in ROLES:
        shape = profile.tables.get(role)
        part = None if shape is None else _best(shape, tables, columns if role == profile.main else {})
        if part is not None and part.table not in [taken.table for taken in parts.values()]:
            parts[role] = part
    main = parts.get(profile.main)
    if main is None:
        return []
    stage_columns: tuple[str, ...] = ()
    if profile.stage_column is not None:
        stage_columns = tuple(header for header in main.table.columns if profile.stage_column.match(header))
        if not stage_columns:
            return []
    found = sum(len(part.columns) for part in parts.values())
    return [Recognition(profile, parts, stage_columns, (profile.rank, found))]


def _best(shape: TableShape, tables: Sequence[Table], columns: Mapping[str, str]) -> Part | None:
    """Return the table that shows most of the shape's columns, the first by name among equals."""
    parts: list[Part] = []
    for table in tables:
        given = {ours: header for ours, header in columns.items() if header in table.columns}
        if len(given) < len(columns):
            continue
        found = shape.match(header for header in table.columns if header not in given.values()) | given
        if shape.accepts(found):
            parts.append(Part(table, found))
    return max(parts, key=lambda part: len(part.columns), default=None)


def _nothing_fits(tables: Sequence[Table]) -> LogError:
    headers = "; ".join(f"{table.file}: {say_list(list(table.columns), 12)}" for table in tables)
    message = f"is not an export that is recognised. Columns found: {headers}."
    hint = (
        "A log needs a deal, a stage and a time. Name them: "
        "--column deal=YOUR_ID --column stage=YOUR_STAGE --column entered=YOUR_DATE"
    )
    return LogError(message, Place(tables[0].file, 1), hint)
