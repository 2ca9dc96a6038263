"""What a check found and what its gate asked for, whether of a playbook or of a process model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from processminer.words import say_count, say_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.conformance.conformance import Conformance
    from processminer.conformance.gate import Missed
    from processminer.conformance.reference import Compared
    from processminer.report.json_report import Json
    from processminer.study import Study


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with its gate."""

    file: str
    """What the deals were held against."""
    found: Conformance
    stages: tuple[str, ...]
    missed: tuple[Missed, ...]
    min_fitness: float | None
    fail_on: tuple[str, ...]
    older: Mapping[str, str] = field(default_factory=dict[str, str])
    """The files of older versions, by version."""
    undecided: int = 0
    """Deals that were not decided in their time, of a process model."""

    @property
    def asked(self) -> bool:
        """Whether a gate was set at all."""
        return self.min_fitness is not None or bool(self.fail_on)

    @property
    def judged(self) -> int:
        """Deals with a verdict."""
        found = self.found
        return found.deals_conforming + found.deals_violating + found.deals_pending

    def file_of(self, version: str | None) -> str:
        """Return the file in which a line of this version stands."""
        return self.file if version is None else self.older.get(version, self.file)


def checked_playbook(study: Study, missed: Sequence[Missed], fitness: float | None, fail_on: Sequence[str]) -> Checked:
    """Return the check of a playbook."""
    declared = study.declared
    older = {one.playbook.version: one.file for one in declared.older}
    names = declared.playbook.names
    return Checked(declared.file, study.conformance, names, tuple(missed), fitness, tuple(fail_on), older)


def checked_model(
    compared: Compared, missed: Sequence[Missed], fitness: float | None, fail_on: Sequence[str]
) -> Checked:
    """Return the check of a process model."""
    undecided = compared.undecided_deals
    return Checked(
        compared.file, compared.found, compared.steps, tuple(missed), fitness, tuple(fail_on), undecided=undecided
    )


def say_verdict(checked: Checked) -> str:
    """Say whether the gate is met, and how the deals stand."""
    found = checked.found
    if checked.asked:
        verdict = (
            f"The gate is not met ({say_count(len(checked.missed), 'reason')})" if checked.missed else "The gate is met"
        )
    else:
        verdict = "No gate was set"
    if not checked.judged:
        return f"{verdict}: no deal could be judged."
    kept = say_share(found.deals_conforming, checked.judged)
    left, way = f"{found.deals_violating:,} leave it", f"{found.deals_pending:,} are under way without a breach"
    accepted = (
        f", {found.asked_fitness:.3f} with what is accepted forgiven" if found.fitness_accepted is not None else ""
    )
    undecided = f"; {say_count(checked.undecided, 'deal')} not decided in time" if checked.undecided else ""
    return f"{verdict}: {kept} deals keep to it, {left}, {way}; mean fitness {found.fitness:.3f}{accepted}{undecided}."


def gate_part(checked: Checked) -> Json:
    """Return the gate as it stands in JSON."""
    return {
        "asked": {"min_fitness": checked.min_fitness, "fail_on": list(checked.fail_on)},
        "met": not checked.missed,
        "missed": list(checked.missed),
    }
