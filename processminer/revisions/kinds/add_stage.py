"""A stage that deals pass through and the playbook does not know is declared, or recognised under its new name."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.findings.comparison import TOLD
from processminer.findings.entry import entry_of
from processminer.findings.facts import names_of
from processminer.findings.family import MARGIN, changes
from processminer.findings.pattern import say_part
from processminer.log.names import fold
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.lengths import kept_by_most
from processminer.revisions.revision import Revision
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground

MUCH = 0.10
"""By its lower limit, of the deals that reached the stage before it; a rarer stop is no stage of its own yet."""

NEARLY_ALL = 0.95
"""By its lower limit. A stage is declared required only if at most one deal in twenty would then break the rule."""

ALIKE = 0.6
"""The likeness (Ratcliff and Obershelp, 1983) from which two names are taken for one thing: Demo and Demonstration."""

MUCH_ALIKE = 0.75
"""The same of a stage that deals have been in: that it is used no more may have other reasons, too."""

SELDOM = 0.2
"""A deal that has been in both went from one to the other: those are two stages, but for deals on the day itself."""

_NOT_ALL = "Not all do, so it is optional."


def add_stage(finding: Finding, ground: Ground) -> Revision | None:
    """Propose an alias where a declared stage of like name is used no more, else a stage where deals enter it.

    None where deals are shown to be won much less often after it: that is for people to stop, not to be written down.
    """
    renamed = _renamed(finding.subject, ground.facts)
    return _alias(finding, renamed, ground.facts) if renamed is not None else _insert(finding, ground.facts)


def _renamed(name: str, facts: Facts) -> Stage | None:
    """Return the declared stage whose name is most like this one, of those that no deal entered since this one is."""
    spans = _spans(facts)
    begun = spans[fold(name)][0] if fold(name) in spans else None
    gone = [
        stage
        for stage in facts.playbook.stages
        if not _entered_since(stage, begun, spans) and _in_both(name, stage, facts) <= SELDOM
    ]
    likeness = {stage.name: max(_alike(name, own) for own in names_of(stage)) for stage in gone}
    best = max(gone, key=lambda stage: likeness[stage.name], default=None)
    if best is None:
        return None
    flow = facts.flow(best)
    return best if likeness[best.name] >= (ALIKE if flow is None or flow.deals == 0 else MUCH_ALIKE) else None


def _in_both(name: str, stage: Stage, facts: Facts) -> float:
    """Return the share of the deals that came through the new name which had been in the declared stage as well."""
    old, new = set(names_of(stage)), fold(name)
    through = [(one.deals, {fold(step) for step in one.path}) for one in facts.discovery.variants]
    came = sum(deals for deals, path in through if new in path)
    return sum(deals for deals, path in through if new in path and path & old) / came if came else 0.0


def _spans(facts: Facts) -> dict[str, tuple[datetime, datetime]]:
    """Return when deals first and last came into each stage of the log, by folded name."""
    rows = facts.discovery.log.relations.rows(read_sql("processminer.revisions.kinds", "stage_spans.sql"))
    return {fold(stage): (first, last) for stage, first, last in rows}


def _entered_since(stage: Stage, begun: datetime | None, spans: Mapping[str, tuple[datetime, datetime]]) -> bool:
    return any(begun is None or spans[name][1] >= begun for name in names_of(stage) if name in spans)


def _alike(one: str, other: str) -> float:
    first, second = fold(one), fold(other)
    if min(len(first), len(second)) > 3 and (first in second or second in first):
        return 1.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _alias(finding: Finding, stage: Stage, facts: Facts) -> Revision:
    name, flow = finding.subject, facts.flow(stage)
    used = "No deal has ever been in" if flow is None or flow.deals == 0 else "Since then no deal has come into"
    return Revision(
        id="",
        kind="add-alias",
        subject=stage.name,
        grade="C",
        because=(finding.id,),
        n=finding.evidence.of,
        q=None,
        effect={},
        why=(
            f"{say_part(finding.evidence.n, finding.evidence.of)} pass through {name}, a name much like {stage.name}."
            f" {used} {stage.name}. If it is the same stage, the playbook has only lost its name."
        ),
        losers="Nobody, if it is the same stage; if it is not, two kinds of work are told as one.",
        refutation=f"Someone who works with the CRM says that {name} and {stage.name} are different work.",
        trial="Ask one of them. There is nothing to try.",
        edits=(Edit("add", ("stages", stage.name, "aliases"), value=name),),
        diff="",
    )


def _insert(finding: Finding, facts: Facts) -> Revision | None:
    name = finding.subject
    entry = entry_of(name, facts)
    if entry is None or _harms(name, facts):
        return None
    before = entry.before
    flow = None if before is None else facts.flow(before)
    reached = finding.evidence.of if flow is None else flow.deals
    owed = reached if flow is None else flow.deals - flow.open - flow.lost_here
    visits = min(finding.evidence.n, reached)
    if wilson(visits, reached).low < MUCH:
        return None
    required = wilson(min(visits, owed), owed).low >= NEARLY_ALL
    way = "" if entry.hops == 0 else " by way of other new stages"
    where = "begin there" if before is None else f"enter it from {before.name}{way}"
    return Revision(
        id="",
        kind="add-stage",
        subject=name,
        grade="C",
        because=(finding.id,),
        n=reached,
        q=None,
        effect={},
        why=(
            f"{say_part(visits, reached)}{'' if before is None else f' that reached {before.name}'} pass through"
            f" {name}; most {where}. {'Nearly all do, so it is required.' if required else _NOT_ALL} Declaring it"
            " changes no deal, and no effect is predicted: that deals which get there are won more often would only say"
            " that they got there."
        ),
        losers="Whoever has to learn one more stage, and reports that count the time in it as part of another.",
        refutation=f"{name} is a new name of a declared stage, or the people who use it do not need it.",
        trial=f"Ask those who use {name} what it is for; give it a goal and exit criteria before others are taught it.",
        edits=(
            Edit(
                "add",
                ("stages",),
                value=_described(name, before, facts, optional=not required),
                after="" if before is None else before.name,
            ),
        ),
        diff="",
    )


def _harms(name: str, facts: Facts) -> bool:
    """Tell whether deals are shown to be won much less often after it: nobody is to be taught that."""
    effect = facts.effect("stage", name)
    if effect is None or effect.found is None:
        return False
    limits, rate = effect.found.interval, facts.family.rate(changes(effect))
    return rate is not None and rate <= TOLD and limits.high <= -MARGIN


def _described(name: str, before: Stage | None, facts: Facts, *, optional: bool) -> dict[str, object]:
    """Return what is written of a new stage: all that the lint asks of one, as far as log and neighbours tell it."""
    stages = facts.playbook.stages
    place = 0 if before is None else stages.index(before) + 1
    after = stages[place] if place < len(stages) else None
    # Who had the deal before keeps it: a new stage is no new hand-over.
    owner = next((one.owner for one in (before, after) if one is not None and one.owner), facts.playbook.owner)
    told: dict[str, object | None] = {
        "name": name,
        "goal": f"{name} is done and the deal can {'be won' if after is None else f'go on to {after.name}'}.",
        "owner": owner,
        "optional": optional or None,
        "time_limit": _limit(name, facts),
    }
    return {key: value for key, value in told.items() if value is not None}


def _limit(name: str, facts: Facts) -> str | None:
    """Return a limit that nine in ten deals keep; None where stays are too seldom over to tell."""
    time = next((one for one in facts.estimates.stages if fold(one.stage) == fold(name)), None)
    return None if time is None or time.p90_days is None else kept_by_most((fold(name),), time.p90_days, facts)
