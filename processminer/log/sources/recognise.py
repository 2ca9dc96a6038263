"""Which CRM's export this is, told from its columns alone, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from processminer.errors import InputError, LogError, Place
from processminer.log.sources.profile import ROLES, Profile, Role, TableShape, profiles
from processminer.log.sources.stage_dates import stage_dates
from processminer.words import say_list

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence

    from processminer.log.tables.table import PassedOver, Table


_EVENT_LOGS = ("xes", "ocel")
"""Shapes that a file's format tells: whatever its columns are called, a table of deals is none of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the export in its role, and its columns by what we call them."""

    table: Table
    columns: Mapping[str, str]
    attribute: re.Pattern[str] | None = None
    """The headers that are attributes of a deal, with a group `name`; if not said, all that have no other meaning."""
    within: Role | None = None
    """The part whose rows tell this too, where there is no table of its own."""
    derived: re.Pattern[str] | None = None
    """Headers that hold what the CRM computed of the path, with groups `told` and `stage`: no attributes of a deal."""
    prefix: re.Pattern[str] | None = None
    """What headers begin with in some exports, and no attribute is called ("property_")."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of the tables; recognition tells the rest."""

    profile: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Role to the table's name as the user would say it."""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the main table: what we call a column to its header."""
    role_columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, "Mapping[str, str]"])
    """The same of the tables in other roles."""

    def of(self, role: Role, profile: Profile) -> Mapping[str, str]:
        """Return the columns that are said of a role."""
        beside = self.role_columns.get(role, {})
        return {**beside, **self.columns} if role == profile.main else beside


class UnrecognisedLog(LogError):  # noqa: N818 - an error by its base, named for what was met
    """No profile fits the tables; `headers` are their columns, by the table's name."""

    headers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Recognition:
    """The profile that fits best, the tables in their roles, and why."""

    profile: Profile
    parts: Mapping[Role, Part]
    stage_columns: tuple[str, ...]
    """For wide exports: the headers that hold a stage's date."""
    score: tuple[int, int]
    """The profile's rank and the columns that were recognised."""
    runner_up: str | None = None
    more_tasks: tuple[Part, ...] = ()
    """Further tables of activities: events beside tasks, mails beside calls; all of them once they are one."""
    unused: tuple[Table, ...] = ()
    """Tables that were given and play no part."""
    passed_over: tuple[PassedOver, ...] = ()
    """What was given and not read at all, with the reason."""

    @property
    def as_given(self) -> Mapping[Role, Part]:
        """The tables in their roles, as a person could name them."""
        return {**self.parts, "tasks": self.more_tasks[0]} if self.more_tasks else self.parts

    @property
    def reasons(self) -> tuple[str, ...]:
        """What in the columns told, a sentence a table."""
        told = [
            f"{part.table.file} has {say_list([repr(header) for header in part.columns.values()], 6)} ({role})"
            for role, part in self.parts.items()
        ]
        if self.stage_columns:
            told.append(f"{len(self.stage_columns)} columns such as {self.stage_columns[0]!r} hold a stage's date")
        if self.runner_up is not None:
            told.append(f"the next best reading would be: {self.runner_up}")
        told += [f"{passed.file} is passed over: it {passed.why}" for passed in self.passed_over]
        return tuple(told)


def recognise(tables: Sequence[Table], wanted: Wanted) -> Recognition:
    """Return the best reading of the tables.

    The more particular profile wins, then the one that explains more columns. Raises LogError, naming the headers found
    and the next move, where nothing fits or two readings fit equally well; InputError for a name that `wanted` has
    and the tables or profiles have not.
    """
    _all_known(tables, wanted)
    fits = [
        fit
        for profile in profiles()
        if profile.tables and profile.shape not in _EVENT_LOGS and wanted.profile in {None, profile.name}
        for fit in _fit(profile, tables, wanted)
    ]
    fits = [fit for fit in fits if not any(_tells_the_way(other, fit) for other in fits)]
    fits.sort(key=lambda fit: (fit.score, fit.profile.name), reverse=True)
    if not fits:
        raise _nothing_fits(tables, wanted)
    best, *others = fits
    if others and others[0].score == best.score and _differ(best, others[0]):
        raise _undecided(best, others[0])
    more_tasks = _more_tasks(best, tables, wanted)
    taken = {part.table.name for part in (*best.parts.values(), *more_tasks)}
    unused = tuple(table for table in tables if table.name not in taken)
    return replace(best, runner_up=_said(others[0]) if others else None, more_tasks=more_tasks, unused=unused)


def _tells_the_way(other: Recognition, fit: Recognition) -> bool:
    """Tell whether another reading finds, beside a list of how deals stand, the history of how they got there."""
    stands = fit.parts.get("deals") if fit.profile.shape in {"two-dates", "durations"} else None
    beside = other.parts.get("deals") if other.profile.main == "history" else None
    return stands is not None and beside is not None and stands.table is beside.table


def _more_tasks(best: Recognition, tables: Sequence[Table], wanted: Wanted) -> tuple[Part, ...]:
    """Return the free tables that hold activities too, in their order."""
    if "tasks" not in best.parts:
        return ()
    shape = best.profile.tables["tasks"]
    taken = {part.table.name for part in best.parts.values()}
    free = [table for table in tables if table.name not in taken and table.file not in wanted.tables.values()]
    told = [_part("tasks", shape, [table], best.profile, wanted) for table in free]
    return tuple(part for part in told if part is not None)


def _all_known(tables: Sequence[Table], wanted: Wanted) -> None:
    known: dict[str, tuple[list[str], list[str]]] = {
        "profile": ([wanted.profile] if wanted.profile else [], [profile.name for profile in profiles()]),
        "part": ([*wanted.tables, *wanted.role_columns], list(ROLES)),
        "table": (list(wanted.tables.values()), [table.file for table in tables]),
    }
    for what, (said, have) in known.items():
        for name in said:
            if name not in have:
                close = get_close_matches(name, have, 1)
                hint = f"Did you mean {close[0]!r}?" if close else f"Known: {say_list(have, 12)}."
                message = f"there is no {what} {name!r}."
                raise InputError(message, hint=hint)


def _fit(profile: Profile, tables: Sequence[Table], wanted: Wanted) -> list[Recognition]:
    parts: dict[Role, Part] = {}
    in_turn: list[Role] = sorted(ROLES, key=lambda role: role != profile.main)
    for role in in_turn:
        shape = profile.tables.get(role)
        if shape is None:
            continue
        part = _part(role, shape, _candidates(role, parts, tables, wanted), profile, wanted)
        if part is None and shape.within in parts:
            part = _part_within(role, shape, parts[shape.within], profile, wanted)
        if part is not None:
            parts[role] = part
    main = parts.get(profile.main)
    if main is None:
        return []
    stage_columns = _stage_columns(profile, main.table)
    if profile.stage_column is not None and not stage_columns:
        return []
    found = sum(len(part.columns) for part in parts.values())
    in_order: dict[Role, Part] = {role: parts[role] for role in ROLES if role in parts}
    return [Recognition(profile, in_order, stage_columns, (profile.rank, found))]


def _stage_columns(profile: Profile, table: Table) -> tuple[str, ...]:
    if profile.stage_column is None:
        return ()
    if profile.sifted:
        return stage_dates(table, profile.stage_column)
    return tuple(header for header in table.columns if profile.stage_column.match(header))


def _part_within(role: Role, shape: TableShape, host: Part, profile: Profile, wanted: Wanted) -> Part | None:
    """Return what the rows of another part tell in this role, None where they do not."""
    if not shape.loosely_within:
        part = _part(role, shape, [host.table], profile, wanted)
        return None if part is None else replace(part, within=shape.within)
    free = [header for header in host.table.columns if header not in host.columns.values()]
    told = shape.match(free) | {
        role: host.columns[role] for role in ("deal", "amount", "pipeline") if role in host.columns
    }
    attribute = shape.attribute_within or shape.attribute
    attributes = [header for header in free if attribute is None or attribute.match(header)]
    if not attributes and set(told) == {"deal"}:
        return None
    return Part(host.table, told, attribute, derived=shape.derived, prefix=shape.prefix, within=shape.within)


def _candidates(role: Role, parts: Mapping[Role, Part], tables: Sequence[Table], wanted: Wanted) -> list[Table]:
    """Return the tables that could play a role: the one the user names, else any free one."""
    if role in wanted.tables:
        return [table for table in tables if table.file == wanted.tables[role]]
    taken = {part.table.name for part in parts.values()}
    spoken_for = set(wanted.tables.values())
    return [table for table in tables if table.name not in taken and table.file not in spoken_for]


def _part(role: Role, shape: TableShape, tables: Iterable[Table], profile: Profile, wanted: Wanted) -> Part | None:
    """Return the table that shows most of the shape's columns, the first by name among equals.

    For a history the likelier names count first: a list of deals has a stage and a date too, and more columns.
    """
    said = wanted.of(role, profile)
    parts: list[Part] = []
    for table in tables:
        given = {ours: header for ours, header in said.items() if header in table.columns}
        if len(given) < len(said) or shape.rules_out(table.columns):
            continue
        found = shape.match(header for header in table.columns if header not in given.values()) | given
        if shape.accepts(found):
            parts.append(Part(table, found, shape.attribute, derived=shape.derived, prefix=shape.prefix))
    if role == "history":
        return min(parts, key=lambda part: (shape.far_fetched(part.columns), -len(part.columns)), default=None)
    return max(parts, key=lambda part: len(part.columns), default=None)


def _differ(one: Recognition, other: Recognition) -> bool:
    """Tell whether two readings would make another log of the tables."""
    return _main(one) != _main(other) or one.profile.shape != other.profile.shape


def _main(found: Recognition) -> tuple[str, dict[str, str]]:
    part = found.parts[found.profile.main]
    return part.table.name, dict(part.columns)


def _said(found: Recognition) -> str:
    return f"{found.profile.title} (--profile {found.profile.name})"


def _undecided(one: Recognition, other: Recognition) -> LogError:
    message = f"can be read in two ways: as {one.profile.title}, or as {other.profile.title}."
    hint = f"Say which: --profile {one.profile.name} or --profile {other.profile.name}."
    return LogError(message, Place(one.parts[one.profile.main].table.file, 1), hint)


def _nothing_fits(tables: Sequence[Table], wanted: Wanted) -> LogError:
    headers = "; ".join(f"{table.file}: {say_list(list(table.columns), 12)}" for table in tables)
    as_what = "an export that is recognised" if wanted.profile is None else f"an export of the profile {wanted.profile}"
    message = f"is not {as_what}. Columns found: {headers}."
    hint = (
        "A log needs a deal, a stage and a time. Name them: "
        "--column deal=YOUR_ID --column stage=YOUR_STAGE --column entered=YOUR_DATE, "
        "or fill in the file that 'processminer doctor LOG --write-mapping mapping.yaml' writes."
    )
    error = UnrecognisedLog(message, Place(tables[0].file, 1), hint)
    error.headers = {table.file: tuple(table.columns) for table in tables}
    return error
