"""From trials to the deals that took part in them: `decisions(practice, deal, moment, came_from, done)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.labels import labels_meant
from processminer.engines.relations import read_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from processminer.estimates.effects.trial import Trial, TrialKind
    from processminer.log.eventlog import EventLog

ESTIMATES = "processminer.estimates"
PACKAGE = "processminer.estimates.effects"

DAY_US = 86_400_000_000


def ask(log: EventLog, trials: Sequence[Trial]) -> tuple[int, ...]:
    """Make `decisions`, and return by which number each trial is found there.

    Stages have the numbers of their codes; needs `variants`, `deal_variants` and `stays`. Raises KeyError for a stage
    that the log does not know.
    """
    code = {stage.name: number for number, stage in enumerate(log.stages)}
    numbers = tuple(
        code[trial.stage] if trial.kind == "stage" else len(code) + place for place, trial in enumerate(trials)
    )
    log.relations.run(read_sql(ESTIMATES, "stage_decisions.sql"))
    numbered = dict(zip(numbers, trials, strict=True))
    for kind in ("task", "early-task", "return"):
        some = {number: trial for number, trial in numbered.items() if trial.kind == kind}
        if some:
            _insert(log, kind, some, code)
    return numbers


def _insert(log: EventLog, kind: TrialKind, trials: Mapping[int, Trial], code: Mapping[str, int]) -> None:
    if kind in ("task", "early-task"):
        put_labels(log, trials, code)
    if kind == "task":
        log.relations.run(read_sql(ESTIMATES, "task_decisions.sql"))
        return
    asked = {"practice": list(trials), "code": [code[trial.stage] for trial in trials.values()]}
    types = {"practice": "INTEGER", "code": "SMALLINT"}
    if kind == "return":
        log.relations.put("return_asked", asked, types)
        log.relations.run(read_sql(PACKAGE, "return_decisions.sql"))
        return
    within = {"within_us": [round(trial.within_days * DAY_US) for trial in trials.values()]}
    log.relations.put("early_asked", {**asked, **within}, {**types, "within_us": "BIGINT"})
    as_of = {"as_of": log.as_of.replace(tzinfo=None)}
    log.relations.run(read_sql(PACKAGE, "early_decisions.sql"), as_of)


def put_labels(log: EventLog, trials: Mapping[int, Trial], code: Mapping[str, int]) -> None:
    """Make `task_names(practice, code, label, since_entry)`: under which names the log may know each trial's task.

    Also makes the view `tasks_told(practice, code, since_entry, deal, occurred_at)`: when each of them was done.
    """
    meant = labels_meant(log, (name for trial in trials.values() for name in trial.seen_as))
    named = [
        (number, code[trial.stage], label, trial.since_entry)
        for number, trial in trials.items()
        for label in sorted({label for name in trial.seen_as for label in meant[name]})
    ]
    columns = ("practice", "code", "label", "since_entry")
    log.relations.put(
        "task_names",
        {column: [one[place] for one in named] for place, column in enumerate(columns)},
        {"practice": "INTEGER", "code": "SMALLINT", "label": "VARCHAR", "since_entry": "BOOLEAN"},
    )
    log.relations.run(read_sql(PACKAGE, "tasks_told.sql"))
