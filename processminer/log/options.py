"""What a user may say of an export, and how it is said on the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from processminer.log.columns import Conventions
from processminer.log.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime


MAPPING_FILE = "mapping.yaml"
"""A mapping file of this name in the folder of an export is read with it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may say about a log that the log does not say itself."""

    names: Names = field(default_factory=Names)
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    """Which header of the main table is the deal, stage, entered, ... column."""
    as_of: datetime | None = None
    """When to look at it, in UTC without zone; later events are set aside. The last event if not given."""
    conventions: Conventions = field(default_factory=Conventions)
    lifecycle: Literal["complete", "all"] = "complete"
    """Which events of an XES log that has lifecycles count."""
    object_type: str | None = None
    """Which type of object of an OCEL log is the deal, where its name does not tell."""
    mapping: str | None = None
    """A file that says all this once and for all; one called mapping.yaml in the export's folder is found."""
    profile: str | None = None
    """The profile to read by, where its columns alone do not tell."""
    tables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Which file, sheet or database table plays a part (history, deals, tasks, stages, ...)."""
    role_columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, "Mapping[str, str]"])
    """Which header is which column, for tables beside the main one."""
    pipeline: str | None = None
    """The only pipeline to look at."""
    only: Mapping[str, str] = field(default_factory=dict[str, str])
    """Attributes and the value that a deal must have to be looked at."""
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The deals that a playbook is for: attributes and the values that a deal may have; others are set aside."""
    treat: Mapping[str, str] = field(default_factory=dict[str, str])
    """What to do about a quirk of the export, where not the usual."""
    machines: tuple[str, ...] = ()
    """Users that are programs, not people."""
    sample: str | None = None
    """The shipped sample that is read, by the name that the command line knows it by."""


def words(source: str, options: Options) -> tuple[str, ...]:
    """Return the words that stand for this log on the command line: where it lies, and how it is to be read."""
    log = (source,) if options.sample is None else ("--sample", options.sample)
    return (*log, *(word for pair in _said(options) for word in pair))


def _said(options: Options) -> Iterator[tuple[str, str]]:
    if options.names.lenient:
        yield "--won", "none"
    if options.names.insist:
        yield from (("--won", stage) for stage in options.names.won)
        yield from (("--lost", stage) for stage in options.names.lost)
    single = {
        "--as-of": None if options.as_of is None else options.as_of.isoformat(timespec="seconds"),
        "--date-order": options.conventions.date_order,
        "--timezone": options.conventions.timezone,
        "--decimal": options.conventions.decimal,
        "--object-type": options.object_type,
        "--lifecycle": None if options.lifecycle == "complete" else options.lifecycle,
        "--mapping": options.mapping,
        "--profile": options.profile,
        "--pipeline": options.pipeline,
    }
    yield from ((option, said) for option, said in single.items() if said is not None)
    paired = {"--column": options.columns, "--table": options.tables, "--only": options.only, "--treat": options.treat}
    yield from ((option, f"{key}={one}") for option, said in paired.items() for key, one in said.items())
