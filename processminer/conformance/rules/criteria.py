"""Entry and exit criteria: fields that must be filled, or activities that must have happened, by a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.checkable import columns_needed
from processminer.conformance.queries import put
from processminer.conformance.rules.history import histories_of
from processminer.conformance.rules.rule import Rule, has_relation, own, rows, run
from processminer.log.names import fold
from processminer.words import say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.stages import Criterion
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a criterion looks at, as the log has it."""

    columns: tuple[str, ...]
    """Columns of the export."""
    history: tuple[str, ...]
    """What the log's history of changes calls it; nothing where it has none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Rule):
    """An exit criterion of a stage.

    It concerns the same deals as a task does, and comes due in the same moment. It is kept if enough of its fields
    were filled then, or an activity that shows it had happened; broken if even those of its elements that the log
    does not show could not have been enough. A field has the value that it had at that moment where the log has its
    history, else the one that the export shows. Optional criteria are no rules.
    """

    kind: ClassVar[ObligationKind] = "exit-criterion"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("criterion-missing",)
    reads: ClassVar[frozenset[str]] = frozenset({"stage_dues", "rule_stays"})
    at_entry: ClassVar[bool] = False

    criterion: Criterion
    fields: tuple[Field, ...]
    """Those that the log has."""
    labels: tuple[str, ...]
    """The names and subjects of the log's activities that show it."""

    @property
    def absent(self) -> int:
        """How many of its elements no field of the log shows."""
        return len(self.criterion.elements) - len(self.fields)

    @property
    def checkable(self) -> bool:
        """Whether the log can show it at all."""
        return bool(self.fields or self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCondition(Condition):
    """An entry criterion of a stage: the same, due at once when a deal first enters the stage, whatever came of it."""

    kind: ClassVar[ObligationKind] = "entry-criterion"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("entry-criterion-missing",)
    at_entry: ClassVar[bool] = True


def conditions_of(asked: Asked) -> Iterator[Condition]:
    """Yield the criteria of each stage that are not optional, those of entry first."""
    stages = asked.playbook.stages
    criteria = [criterion for stage in stages for criterion in (*stage.entry_criteria, *stage.exit_criteria)]
    told = histories_of(asked.log, [field for one in criteria if not one.optional for field in one.fields])
    for place, stage in enumerate(stages, start=1):
        for key, kind, those in (
            ("entry_criteria", EntryCondition, stage.entry_criteria),
            ("exit_criteria", Condition, stage.exit_criteria),
        ):
            for criterion in those:
                if not criterion.optional:
                    path = ("stages", stage.name, key, criterion.name)
                    yield _condition(kind, criterion, place, path, asked, told)


def _condition(
    kind: type[Condition],
    criterion: Criterion,
    place: int,
    path: tuple[str, ...],
    asked: Asked,
    told: Mapping[str, tuple[str, ...]],
) -> Condition:
    known = {
        field: Field(tuple(name for name in asked.log.attributes if fold(name) == fold(field)), told[field])
        for field in criterion.fields
    }
    fields = tuple(known[field] for field in criterion.fields if known[field].columns or known[field].history)
    missing = [field for field in criterion.fields if not known[field].columns and not known[field].history]
    return kind(
        subject=criterion.name,
        stage=path[1],
        place=place,
        path=path,
        needs=_needs(criterion, missing, asked),
        note=_note(fields),
        criterion=criterion,
        fields=fields,
        labels=asked.labels(criterion.seen_as),
    )


def _needs(criterion: Criterion, missing: Sequence[str], asked: Asked) -> str | None:
    if not criterion.fields and not criterion.seen_as:
        return "'field', 'of' or 'seen_as' in the playbook: the columns or activities that show that it is met"
    wanted: list[str] = []
    if missing:
        wanted.append(columns_needed(missing))
    unshown = [name for name, field in criterion.elements.items() if field is None]
    if unshown and criterion.fields:
        wanted.append(f"in the playbook, the columns that show {say_list(unshown, 10)}")
    activities = asked.activities_needed(criterion.seen_as) if criterion.seen_as else None
    if activities is not None:
        wanted.append(activities)
    return ", and ".join(wanted) or None


def _note(fields: Sequence[Field]) -> str | None:
    if not fields or all(field.history for field in fields):
        return None
    return "fields are read as the export shows them: it does not tell all their changes"


def hold_conditions(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` how deals stand to the criteria of their stages."""
    conditions = own(rules, Condition)
    if not conditions:
        return
    put(
        log.relations,
        "criterion_rules",
        {
            "rule": "INTEGER", "place": "SMALLINT", "at_entry": "BOOLEAN", "needed": "INTEGER", "absent": "INTEGER",
            "hidden": "BOOLEAN", "picky": "BOOLEAN", "checkable": "BOOLEAN",
        },
        [
            (
                at, one.place, one.at_entry, max(one.criterion.needed, 1), one.absent,
                bool(one.criterion.seen_as and not one.labels), bool(one.criterion.values), one.checkable,
            )
            for at, one in conditions
        ],
    )  # fmt: skip
    _put_fields(conditions, log)
    put(
        log.relations,
        "criterion_labels",
        {"rule": "INTEGER", "label": "VARCHAR"},
        [(at, label) for at, one in conditions for label in one.labels],
    )
    run(log.relations, "criterion_dues")
    run(log.relations, "criteria")


def _put_fields(conditions: Sequence[tuple[int, Condition]], log: EventLog) -> None:
    fields = [(at, number, field) for at, one in conditions for number, field in enumerate(one.fields)]
    put(
        log.relations,
        "criterion_columns",
        {"rule": "INTEGER", "field": "INTEGER", "attribute": "VARCHAR"},
        [(at, number, name) for at, number, field in fields for name in field.columns],
    )
    changed = [(at, number, name) for at, number, field in fields for name in field.history]
    types = {"rule": "INTEGER", "field": "INTEGER", "changed": "VARCHAR"}
    put(log.relations, "criterion_histories", types, changed)
    if changed:
        run(log.relations, "criterion_changes")
        if has_relation(log.relations, "field_changes"):
            run(log.relations, "later_changes")
    else:
        types = {"deal": "INTEGER", "changed": "VARCHAR", "occurred_at": "TIMESTAMP", "position": "BIGINT"}
        put(log.relations, "criterion_changes", {**types, "old": "VARCHAR", "new": "VARCHAR"}, [])
    _put_values(conditions, log)


def _put_values(conditions: Sequence[tuple[int, Condition]], log: EventLog) -> None:
    """Make `criterion_values`: as the log writes them, the values that count where the playbook says which do."""
    wanted = {at: {fold(value) for value in one.criterion.values} for at, one in conditions if one.criterion.values}
    plain = sorted({value for values in wanted.values() for value in values})
    put(log.relations, "wanted_values", {"wanted": "VARCHAR"}, [(value,) for value in plain])
    written = [str(value) for (value,) in rows(log.relations, "values_written")] if wanted else []
    put(
        log.relations,
        "criterion_values",
        {"rule": "INTEGER", "value": "VARCHAR"},
        [(at, value) for at, meant in wanted.items() for value in written if fold(value) in meant],
    )
