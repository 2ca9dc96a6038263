"""Silence: how long a deal may be in a stage without anybody doing anything for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from processminer.conformance.checkable import ACTIVITIES, moments_needed
from processminer.conformance.queries import put
from processminer.conformance.rules.rule import Rule, micros, own, rows, run
from processminer.log.quirks.writers import read_writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import ObligationKind
    from processminer.conformance.rules.asked import Asked
    from processminer.log.eventlog import EventLog
    from processminer.playbook.parts.upkeep import DeviationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(Rule):
    """The longest time that a deal may be in a stage without an activity.

    It concerns deals that entered the stage: broken if in any stay more time than that passed from coming in to the
    first activity, between two, or from the last one to leaving (for open deals in the stage: to now); pending while
    a deal is there and was not silent for so long; kept otherwise. An activity is a call, mail or meeting, a change
    of a field or an owner, and a change of stage; not what a machine did, nor a step whose moment is that of an
    import or a clean-up. A log without calls, mails and meetings leaves all unchecked. The remark marks open deals
    that are silent for too long right now.
    """

    kind: ClassVar[ObligationKind] = "silence"
    breaches: ClassVar[tuple[DeviationKind, ...]] = ("too-long-silent",)
    reads: ClassVar[frozenset[str]] = frozenset({"rule_stays"})
    right_now: ClassVar[bool] = True

    days: float
    checkable: bool


def silences_of(asked: Asked) -> Iterator[Silence]:
    """Yield the longest silence of each stage that declares one."""
    for place, stage in enumerate(asked.playbook.stages, start=1):
        if stage.max_silence is not None:
            yield Silence(
                subject=stage.name,
                stage=stage.name,
                place=place,
                path=("stages", stage.name, "max_silence"),
                needs=moments_needed(stage.name) if asked.log.has_tasks else ACTIVITIES,
                days=stage.max_silence,
                checkable=asked.log.has_tasks,
            )


def hold_silences(rules: Sequence[Rule], log: EventLog) -> None:
    """Add to `rule_verdicts` how deals stand to the silence that their stages allow."""
    silences = own(rules, Silence)
    if silences:
        put(
            log.relations,
            "silence_rules",
            {"rule": "INTEGER", "place": "SMALLINT", "most": "BIGINT", "checkable": "BOOLEAN"},
            [(at, one.place, micros(one.days), one.checkable) for at, one in silences],
        )
        actors = [str(actor) for (actor,) in rows(log.relations, "actors")] if log.has_tasks else []
        machines = [actor for actor in actors if read_writer(actor) != "person"]
        run(log.relations, "silent_stays", {"as_of": log.as_of, "machines": machines})
