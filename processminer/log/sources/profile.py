"""Profiles: what the exports of each CRM look like, one declarative file each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from processminer.log.eventlog import StageClass

Shape = Literal[
    "history", "changes", "status-changes", "wide", "two-dates", "snapshots", "durations", "xes", "ocel", "clean"
]
"""How an export tells of stages: a row a change of stage; a row a change of any field; the same where a win is a status
and no stage; a column a stage; two dates; one list of deals after another; the time spent in each stage; events; events
of several objects; a log that was written by ourselves."""

Role = Literal[
    "history",
    "deals",
    "tasks",
    "task_deals",
    "contacts",
    "stages",
    "pipelines",
    "owners",
    "merges",
    "flows",
    "field_events",
    "changes",
    "about",
]
ROLES: tuple[Role, ...] = get_args(Role)
"""The parts that a table can play, in the order in which they are given out."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """How the columns of one table of an export are spelled."""

    required: tuple[str, ...]
    telltale: tuple[str, ...]
    """Columns of which at least one must be there, so that a like table is not taken for this one."""
    spellings: Mapping[str, tuple[str, ...]]
    """What we call a column to what exports call it, the likeliest first."""
    prefix: re.Pattern[str] | None
    """What every header begins with in some exports, passed over in matching ("Deal - ")."""
    within: Role | None
    """The part whose rows tell this too where it has no table of its own, as a history that names each deal's owner."""
    loosely_within: bool = False
    """Whether any column that the part itself does not use is enough to be told there, be it as an attribute."""
    attribute_within: re.Pattern[str] | None = None
    """The headers that are attributes where a deal is told so, with a group `name`; if not said, all that are free."""
    attribute: re.Pattern[str] | None = None
    """The headers that are attributes of a deal, with a group `name`; if not said, all that have no other meaning."""
    never: frozenset[str] = frozenset()
    """Headers that such a table never has, folded: with one of them it is another table of the same words."""
    derived: re.Pattern[str] | None = None
    """Headers that hold what the CRM computed of the path, with groups `told` and `stage`: no attributes of a deal."""

    def match(self, headers: Iterable[str]) -> dict[str, str]:
        """Return the headers that were recognised, by what we call them; a header serves once."""
        by_key = {header_key(self._bare(header)): header for header in reversed(list(headers))}
        found: dict[str, str] = {}
        for ours, theirs in self.spellings.items():
            for spelling in theirs:
                header = by_key.get(header_key(spelling))
                if header is not None and header not in found.values():
                    found[ours] = header
                    break
        return found

    def rules_out(self, headers: Iterable[str]) -> bool:
        """Tell whether a header says that this is another table."""
        return any(header_key(header) in self.never for header in headers)

    def far_fetched(self, found: Mapping[str, str]) -> int:
        """Return how far down their lists the required columns were found, 0 where each has its likeliest name."""
        places = 0
        for ours in self.required:
            keys = [header_key(spelling) for spelling in self.spellings[ours]]
            key = header_key(self._bare(found[ours]))
            places += keys.index(key) if key in keys else 0
        return places

    def _bare(self, header: str) -> str:
        return header if self.prefix is None else self.prefix.sub("", header, count=1)

    def accepts(self, found: Mapping[str, str]) -> bool:
        """Tell whether enough was recognised for this to be the table."""
        return all(ours in found for ours in self.required) and (
            not self.telltale or any(ours in found for ours in self.telltale)
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of export."""

    name: str
    title: str
    shape: Shape
    rank: int
    """The more particular profile wins where two fit."""
    tables: Mapping[Role, TableShape]
    stage_column: re.Pattern[str] | None
    """For wide exports: the headers that hold the date a stage was entered, with a group `stage`."""
    fields: Mapping[str, tuple[str, ...]]
    """For exports of changes: what we call a field (stage, owner, amount, close_date, created) to its names there."""
    statuses: Mapping[StageClass, tuple[str, ...]]
    """Where a win is a status: what is written for won, lost and open, where that is no usual word (1, false)."""
    no_stage: tuple[str, ...]
    """What stands in the place of a stage's name in rows that name none."""
    remembers: bool
    """Whether every change is kept from a deal's creation on, so that its first stage is the one it was created in."""
    ended_by_stage: bool
    """Whether a list's stage says that a deal was won or lost: until then, its close date is only expected."""
    sifted: bool
    """For wide exports: whether headers of any make count, so that those of other dates must be sifted out."""
    loses_returns: bool
    """Whether an export of rows keeps one row a deal and stage, so that a return cannot be seen."""
    keeps_changes: int | None
    """How many changes of a field of a deal the CRM keeps, the latest; None where it keeps all."""

    @property
    def main(self) -> Role:
        """The table without which there is no log."""
        return "history" if "history" in self.tables else "deals"


@lru_cache(maxsize=65_536)
def header_key(header: str) -> str:
    """Return a header, or another name that exports vary in, without case and all but letters and digits."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())


@cache
def profiles() -> tuple[Profile, ...]:
    """Return every profile that ships, by name."""
    folder = resources.files("processminer.log").joinpath("sources")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    said = {file.name[: -len(".toml")]: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    return tuple(_profile(name, _beside(said[name], said)) for name in said)


def _beside(one: dict[str, Any], said: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what a file says, with the tables beside its history that it leaves to the file it is `like`."""
    shared = _beside(said[one["like"]], said) if "like" in one else {}
    beside = {role: _of_its_own(shared[role]) for role in ROLES if role in shared and role != "history"}
    # A table that names no columns of its own has those of the shared one, and says what else is different.
    own = {role: beside[role] | one[role] for role in beside if role in one and "columns" not in one[role]}
    return beside | one | own


def _of_its_own(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a shared table is like; that any column tells of a deal is a matter of each history."""
    loose = {"within", "loosely_within", "attribute_within"} if table.get("loosely_within") else set[str]()
    return {key: said for key, said in table.items() if key not in loose}


def _profile(name: str, said: dict[str, Any]) -> Profile:
    return Profile(
        name=name.replace("_", "-"),
        title=said["title"],
        shape=said["shape"],
        rank=said["rank"],
        tables={role: _table(said[role]) for role in ROLES if role in said},
        stage_column=_pattern(said, "stage_column"),
        fields={ours: tuple(theirs) for ours, theirs in said.get("fields", {}).items()},
        statuses={kind: tuple(words) for kind, words in said.get("statuses", {}).items()},
        no_stage=tuple(said.get("no_stage", ())),
        remembers=said.get("remembers", False),
        ended_by_stage=said.get("ended_by_stage", False),
        sifted=said.get("sifted", False),
        loses_returns=said.get("loses_returns", False),
        keeps_changes=said.get("keeps_changes"),
    )


def _pattern(said: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(said[key]) if key in said else None


def _table(said: dict[str, Any]) -> TableShape:
    return TableShape(
        required=tuple(said["required"]),
        telltale=tuple(said.get("telltale", ())),
        spellings={ours: tuple(theirs) for ours, theirs in said["columns"].items()},
        prefix=_pattern(said, "prefix"),
        within=said.get("within"),
        loosely_within=said.get("loosely_within", False),
        attribute_within=_pattern(said, "attribute_within"),
        never=frozenset(map(header_key, said.get("never", ()))),
        attribute=_pattern(said, "attribute"),
        derived=_pattern(said, "derived"),
    )
