"""Which role holds won deals in which stage, hands them over, and does what; people are never named."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from processminer.conformance.rules.history import tells_owners
from processminer.conformance.rules.owners import put_owners
from processminer.conformance.rules.roles import Roles, says_role
from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.engines.relations import Row
    from processminer.log.eventlog import EventLog

PACKAGE = "processminer.drafting"


@dataclass(frozen=True, slots=True)
class Share:
    """A role, and in how many of the won deals of which it is known it was that one."""

    role: str
    deals: int
    known: int


@dataclass(frozen=True, slots=True)
class Change:
    """A hand-over as won deals first come to a stage."""

    giver: str
    taker: str
    deals: int
    known: int
    """Won deals of which both roles are known, as they came there."""
    touched: int
    """Hand-overs after which an activity of the new owner is known."""
    p80_days: float
    """In four of five hand-overs the new owner did something, or took over if no activity is known, so soon."""


@dataclass(frozen=True, slots=True)
class Owners:
    """What the log knows of roles; empty where it knows none."""

    roles: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """Where the log says them."""
    of_stage: Mapping[str, Share] = field(default_factory=dict[str, Share])
    """Stage to the usual role."""
    entering: Mapping[str, Change] = field(default_factory=dict[str, Change])
    """Stage to the most usual hand-over at its entry."""
    of_task: Mapping[tuple[str, str], Share] = field(default_factory=dict[tuple[str, str], Share])
    """Activity and stage to the usual role."""
    by_owner: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict[tuple[str, str], tuple[int, int]])
    """Activity and stage to the won deals in which the deal's own owner did it, and those with a known doer."""


def owners_of(log: EventLog) -> Owners:
    """Return which roles hold won deals, hand them over and do what, as far as the log knows."""
    columns = tuple(name for name in log.attributes if says_role(name))
    log.relations.run(read_sql(PACKAGE, "person_roles.sql"), {"columns": list(columns)})
    known: dict[str, str] = dict(log.relations.rows("SELECT owner, role FROM person_roles ORDER BY owner"))
    of_task, by_owner = _task_actors(log) if log.has_tasks else ({}, {})
    if not known:
        return Owners(by_owner=by_owner)
    holders = {role: frozenset(person for person in known if known[person] == role) for role in known.values()}
    put_owners(log, Roles(holders, {}, known_history=tells_owners(log)))
    log.relations.run(read_sql(PACKAGE, "won_custody.sql"))
    return Owners(
        roles=tuple(sorted(set(known.values()))),
        columns=columns,
        of_stage=_usual(_rows(log, "stage_roles")),
        entering=_changes(_rows(log, "role_changes")),
        of_task=of_task,
        by_owner=by_owner,
    )


def _rows(log: EventLog, name: str) -> list[Row]:
    return log.relations.rows(read_sql(PACKAGE, f"{name}.sql"))


def _usual(rows: list[Row]) -> dict[str, Share]:
    known: defaultdict[str, int] = defaultdict(int)
    for stage, _, deals in rows:
        known[stage] += deals
    first = {stage: (role, deals) for stage, role, deals in reversed(rows)}
    return {stage: Share(role, deals, known[stage]) for stage, (role, deals) in first.items()}


def _changes(rows: list[Row]) -> dict[str, Change]:
    known: defaultdict[str, int] = defaultdict(int)
    for stage, _, _, deals, _, _ in rows:
        known[stage] += deals
    return {
        stage: Change(giver, taker, deals, known[stage], touched, days)
        for stage, giver, taker, deals, touched, days in reversed(rows)
        if giver != taker
    }


def _task_actors(log: EventLog) -> tuple[dict[tuple[str, str], Share], dict[tuple[str, str], tuple[int, int]]]:
    known: defaultdict[tuple[str, str], int] = defaultdict(int)
    done: defaultdict[tuple[str, str], int] = defaultdict(int)
    own: defaultdict[tuple[str, str], int] = defaultdict(int)
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for name, stage, role, deals, by_owner in _rows(log, "task_actors"):
        done[name, stage] += deals
        own[name, stage] += by_owner
        if role is not None:
            known[name, stage] += deals
            first.setdefault((name, stage), (role, deals))
    shares = {key: Share(role, deals, known[key]) for key, (role, deals) in first.items()}
    return shares, {key: (own[key], done[key]) for key in done}
