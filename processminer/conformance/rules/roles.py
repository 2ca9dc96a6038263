"""Who has which role: by the people that the playbook names, or by the log's own column of owners' roles or teams."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.rules.history import stages_name_owners, tells_owners
from processminer.conformance.rules.rule import has_relation, rows
from processminer.log.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.log.eventlog import EventLog
    from processminer.playbook.model import Playbook

_SAYING = {"role", "team"}
_BESIDE = {
    "owner", "user", "sales", "deal", "opportunity", "account", "rep", "hubspot", "current", "name", "id", "label",
}  # fmt: skip
"""Words that a header may hold beside those: a champion's role and the size of a team are others'."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of a playbook, and the people of the log who have them."""

    holders: Mapping[str, frozenset[str]]
    """Role, folded, to the people as the log writes them."""
    named: Mapping[str, str]
    """Each name of a role, folded, to the role, folded."""
    known_history: bool = False
    """Whether the log tells who owned deals when."""

    def of(self, role: str) -> frozenset[str]:
        """Return the people who have a role; none where nothing says who has it."""
        return self.holders.get(self.named.get(fold(role), fold(role)), frozenset())

    @property
    def known(self) -> frozenset[str]:
        """Everybody of whom a role is known."""
        return frozenset(person for people in self.holders.values() for person in people)


def roles_of(playbook: Playbook, log: EventLog) -> Roles:
    """Return who has which of the playbook's roles; nobody is looked up where it does not ask for any."""
    owners = [*(stage.owner for stage in playbook.stages), *(service.owner for service in playbook.service)]
    takers = [handover.taker for handover in playbook.handovers]
    spoken = [role for role in (*owners, *takers) if role is not None]
    if not spoken:
        return Roles({}, {})
    named = {fold(role): fold(role) for role in spoken}
    for role in playbook.roles:
        named |= {fold(name): fold(role.name) for name in (role.name, *role.aliases)}
    holders: defaultdict[str, set[str]] = defaultdict(set)
    columns = [name for name in log.attributes if says_role(name)]
    if columns:
        name = "stage_owner_roles" if stages_name_owners(log) else "owner_roles"
        for person, said in rows(log.relations, name, {"columns": columns}):
            if fold(str(said)) in named:
                holders[named[fold(str(said))]].add(str(person))
    if any(role.people for role in playbook.roles):
        _add_named(holders, playbook, log)
    held = {role: frozenset(people) for role, people in holders.items()}
    return Roles(held, named, known_history=any(held.values()) and tells_owners(log))


def says_role(header: str) -> bool:
    """Tell whether a column of deals says which role or team the owner has, by its header.

    >>> [says_role(header) for header in ("Owner Role", "Owner.UserRole.Name", "hubspot_team_id", "Team", "OwnerRole")]
    [True, True, True, True, True]
    >>> [says_role(header) for header in ("Champion Role", "Team Size", "Owner", "Contact role")]
    [False, False, False, False]
    """
    words = {word.casefold() for word in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])", header)}
    return bool(words & _SAYING) and words <= _SAYING | _BESIDE


def _add_named(holders: defaultdict[str, set[str]], playbook: Playbook, log: EventLog) -> None:
    """Add the people whom the playbook names, by what the log calls them."""
    written: defaultdict[str, set[str]] = defaultdict(set)
    for name in ("people_met", *(("stage_people",) if stages_name_owners(log) else ())):
        for (person,) in rows(log.relations, name):
            written[fold(str(person))].add(str(person))
    # A clean log holds names alone.
    if has_relation(log.relations, "people"):
        for one, name in log.relations.rows("SELECT id, name FROM people ORDER BY id"):
            written[fold(str(one))].add(str(name))
    for role in playbook.roles:
        for person in role.people:
            # Somebody who never owned a deal has the role all the same: then others held what is theirs.
            holders[fold(role.name)] |= written.get(fold(person), {person})
