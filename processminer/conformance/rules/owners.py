"""Owner roles: a stage belongs to a role, and while a deal is there, somebody of that role should hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.checkable import people_needed
from processminer.conformance.queries import put
from processminer.conformance.rules.history import stages_name_owners
from processminer.conformance.rules.rule import Rule, has_relation, own, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.conformance.rules.roles import Roles
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody(Rule):
    """The role that owns a stage.

    It concerns deals that entered the stage. A stay is kept if at some time of it an owner of that role held the
    deal; broken if it has ended and all its owners are known to have other roles. A deal breaks the rule by one
    broken stay, keeps it if all are kept, and is pending while it is in the stage and may still be handed over. An
    owner of whom no role is known leaves a stay unchecked. Where the log has no history of owners, the one it
    names is taken for the last stay alone: who held the deal before that, nobody can tell.
    """

    kind: ClassVar[ObligationKind] = "owner"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("wrong-owner",)
    reads: ClassVar[frozenset[str]] = frozenset({"rule_stays"})

    role: str
    people: frozenset[str]
    """Those who have the role, as the log writes them."""


def custodies_of(asked: Asked) -> Iterator[Custody]:
    """Yield the owner role of each stage that names one."""
    for place, stage, path in asked.stages():
        if stage.owner is not None:
            people = asked.roles.of(stage.owner)
            yield Custody(
                subject=stage.name,
                stage=stage.name,
                place=place,
                path=(*path, "owner"),
                needs=who_is_needed(stage.owner, people, asked),
                note=_note(people, asked),
                role=stage.owner,
                people=people,
            )


def who_is_needed(role: str, people: frozenset[str], asked: Asked) -> str:
    """Return what would tell who of the log's people has a role, and had it when."""
    if not people:
        return people_needed(role)
    if not asked.roles.known_history:
        return "the history of owners (the changes of the owner field) in the export"
    return "the roles of all owners: their names under 'people' in the playbook's roles"


def _note(people: frozenset[str], asked: Asked) -> str | None:
    if not people or asked.roles.known_history:
        return None
    return "the log does not tell the changes of owners: the one it names is taken for the last stay"


def hold_custodies(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` how deals stand to the roles that own their stages."""
    custodies = own(rules, Custody)
    if custodies:
        put(
            log.relations,
            "custody_rules",
            {"rule": "INTEGER", "place": "SMALLINT", "checkable": "BOOLEAN"},
            [(at, one.place, bool(one.people)) for at, one in custodies],
        )
        put_holders(log, [(at, person) for at, one in custodies for person in sorted(one.people)], "custody_people")
        run(log.relations, "custody", {"as_of": log.as_of})


def put_holders(log: EventLog, holders: Sequence[tuple[int, str]], name: str) -> None:
    """Make the table `name` of who has the role that a rule asks for."""
    put(log.relations, name, {"rule": "INTEGER", "owner": "VARCHAR"}, holders)


def put_owners(log: EventLog, roles: Roles) -> None:
    """Make `known_owners(owner)`, of whom a role is known, and `owner_spans(deal, owner, since, until)`.

    Where nobody's role is known, nobody's spans are looked for.
    """
    put(log.relations, "known_owners", {"owner": "VARCHAR"}, [(one,) for one in sorted(roles.known)])
    if roles.known:
        run(log.relations, "owner_changes")
        if has_relation(log.relations, "field_changes"):
            run(log.relations, "later_owners")
        if stages_name_owners(log):
            run(log.relations, "stage_owners")
        run(log.relations, "owner_spans", {"tracked": roles.known_history})
    else:
        types = {"deal": "INTEGER", "owner": "VARCHAR", "since": "TIMESTAMP", "until": "TIMESTAMP"}
        put(log.relations, "owner_spans", types, [])
