"""What would make the rules checkable that a log leaves unchecked: each thing once, with the rules that wait for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.words import say_count, say_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from processminer.conformance.conformance import Obligation, ObligationKind

MOST_RULES = 3
"""Rules that are named of each thing that is lacking; more would hide the thing."""


@dataclass(frozen=True, slots=True)
class _Need:
    """A kind of thing that rules need: how one rule says it, and how several do together."""

    one: str
    several: str

    def named(self, needs: str) -> str | None:
        """Return what of this kind a need names; None for a need of another kind, or of several kinds at once."""
        before, after = self.one.split("{}")
        named = needs.removeprefix(before).removesuffix(after)
        alone = needs == f"{before}{named}{after}" and not any(also in named for also in (", and ", ", or "))
        return named if alone else None


ACTIVITIES = "the activities of the deals (calls, mails, meetings) in the export"

_COLUMN = _Need("the column {}", "columns that the export lacks: {}")
_COLUMNS = _Need("the columns {}", _COLUMN.several)
_NAMED = _Need("activities called {}", "activities that the log never names: {}")
_PEOPLE = _Need(
    "the 'people' of the role {} in the playbook, or a column of the owners' roles in the export",
    "to know who has the roles {}: their 'people' in the playbook, or a column of the owners' roles in the export",
)
_MOMENTS = _Need(
    "the moments at which deals entered and left {}", "the moments at which deals entered and left the stages {}"
)
_NEEDS = (_COLUMNS, _COLUMN, _NAMED, _PEOPLE, _MOMENTS)


def columns_needed(names: Sequence[str]) -> str:
    """Say that a rule needs columns of the export."""
    return (_COLUMNS if len(names) > 1 else _COLUMN).one.format(say_list(names, 10))


def named_activities_needed(names: Sequence[str]) -> str:
    """Say that a rule needs activities of these names."""
    return _NAMED.one.format(say_list((repr(name) for name in names), 10))


def people_needed(role: str) -> str:
    """Say that a rule needs to know who has a role."""
    return _PEOPLE.one.format(role)


def moments_needed(stage: str) -> str:
    """Say that a rule needs moments of a stage that are the deals' own."""
    return _MOMENTS.one.format(stage)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that would make rules checkable, and these rules."""

    needs: str
    rules: tuple[Obligation, ...]
    """In the order of the playbook."""
    deals: int
    """The most that one of the rules leaves unchecked."""
    wholly: bool
    """Whether these rules cannot be checked for any deal; the others can for some."""

    @property
    def sentence(self) -> str:
        """What is lacking, for how many rules, and the first of these."""
        named = say_list((_TOLD[rule.kind].format(rule.subject) for rule in self.rules), MOST_RULES)
        one = len(self.rules) == 1
        if self.wholly:
            return f"{say_count(len(self.rules), 'rule needs', 'rules need')} {self.needs} ({named})."
        cannot = f"{say_count(len(self.rules), 'rule')} cannot be checked for up to {say_count(self.deals, 'deal')}"
        return f"{cannot}: {'it needs' if one else 'they need'} {self.needs} ({named})."


_TOLD: Mapping[ObligationKind, str] = {
    "path": "the stage {}",
    "start": "the start in {}",
    "visits": "the visits to {}",
    "time-limit": "the time limit of {}",
    "task": "the task '{}'",
    "entry-criterion": "the entry criterion '{}'",
    "exit-criterion": "the exit criterion '{}'",
    "owner": "the owner of {}",
    "handover": "the hand-over {}",
    "silence": "the silence in {}",
    "contacts": "the contacts in {}",
    "service": "the beginning of {}",
    "loss-reason": "the reason of losses, {}",
}


def lacking(rules: Iterable[Obligation]) -> tuple[Lack, ...]:
    """Return what would make unchecked rules checkable, what most rules wait for first.

    Needs of one kind are one: columns, names of activities, roles. Rules that can be checked for some deals, but not
    for all, stand apart from those that cannot be checked at all.
    """
    groups: defaultdict[tuple[str, bool], list[tuple[str, Obligation]]] = defaultdict(list)
    for rule in rules:
        if rule.unchecked and rule.needs is not None:
            several, named = _kind(rule.needs)
            wholly = rule.kept + rule.broken + rule.pending == 0
            groups[several, wholly].append((named, rule))
    lacks = [_lack(several, wholly, those) for (several, wholly), those in groups.items()]
    return tuple(sorted(lacks, key=lambda one: (not one.wholly, -len(one.rules), one.needs)))


def _lack(several: str, wholly: bool, those: Sequence[tuple[str, Obligation]]) -> Lack:  # noqa: FBT001
    rules = tuple(rule for _, rule in those)
    names = tuple(dict.fromkeys(named for named, _ in those))
    alone = len(names) == 1 and those[0][1].needs
    return Lack(
        needs=alone or several.format("; ".join(names)),
        rules=rules,
        deals=max(rule.unchecked for rule in rules),
        wholly=wholly,
    )


def _kind(needs: str) -> tuple[str, str]:
    """Return how several rules say a need together, and what it names; a need of no such kind stands for itself."""
    for kind in _NEEDS:
        named = kind.named(needs)
        if named is not None:
            return kind.several, named
    return needs, needs
