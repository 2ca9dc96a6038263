"""A stage that deals are only clicked through becomes a part of the stage next to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.findings.passing import only_passed
from processminer.playbook.graph import required_between
from processminer.revisions.joined import joined
from processminer.revisions.revision import Revision

if TYPE_CHECKING:
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground


def merge_stages(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to join it with its neighbour; nothing where the playbook says otherwise what follows the two.

    Nor where a jump passes just the two: what may pass all that is left of them is required no more.
    """
    stage = ground.facts.playbook.stage(finding.subject)
    into = None if stage is None else _neighbour(stage, ground.facts)
    if stage is None or into is None or _asked_already(stage, into, ground.facts) or _jumped(stage, into, ground.facts):
        return None
    return Revision(
        id="",
        kind="merge-stages",
        subject=stage.name,
        grade="C",
        because=(finding.id,),
        n=finding.evidence.n,
        q=None,
        effect={},
        why=(
            f"{finding.message} Joined with {into.name}, its tasks and criteria stay, and its name is still understood."
            " That is bookkeeping: it changes no deal, and no effect is predicted."
        ),
        losers=(
            f"Reports that count deals in {stage.name}, and whoever needs to see the moment at which deals pass it."
        ),
        refutation=(
            f"Somebody decides something in {stage.name}, or waits there for someone: then deals would stay in it if"
            " they were moved when it happens."
        ),
        trial=(
            f"Ask those who move the deals what they do in {stage.name}. Then hide it in the CRM for one team for a"
            " month and see whether anybody misses it."
        ),
        edits=joined(stage, into, ground.facts.playbook),
        diff="",
        population=f"deals that were in {stage.name}",
        pays=("quality",),
    )


def _neighbour(stage: Stage, facts: Facts) -> Stage | None:
    """Return the stage before it or behind it in the playbook, whichever shares its deals; of equal ones the former."""
    stages = facts.playbook.stages
    place = facts.playbook.names.index(stage.name)
    beside = [stages[at] for at in (place - 1, place + 1) if 0 <= at < len(stages)]
    fits = [one for one in beside if _fits(stage, one)]
    return max(fits, key=lambda one: (_held_alike(stage, one), _moves_between(stage, one, facts)), default=None)


def _asked_already(stage: Stage, into: Stage, facts: Facts) -> bool:
    """Tell whether the other one, which comes first, is joined with this one for the same reason."""
    names = facts.playbook.names
    first = names.index(into.name) < names.index(stage.name)
    return first and only_passed(into, facts) is not None and _neighbour(into, facts) is stage


def _jumped(stage: Stage, into: Stage, facts: Facts) -> bool:
    """Tell whether a jump passes the two and no other required stage."""
    playbook = facts.playbook
    return any(
        {one.name for one in required_between(playbook, source.name, target)} == {stage.name, into.name}
        for source in playbook.stages
        for target in source.may_skip_to
        if target in playbook.names
    )


def _fits(stage: Stage, into: Stage) -> bool:
    """Tell whether the joined stage could be passed by no more often, and lead nowhere else, than the two."""
    return not stage.next and not into.next and (stage.optional or not into.optional)


def _held_alike(stage: Stage, into: Stage) -> bool:
    return stage.owner is None or into.owner is None or stage.owner == into.owner


def _moves_between(stage: Stage, into: Stage, facts: Facts) -> int:
    """Return how many moves lead from one to the other."""
    both = {stage.name, into.name}
    return sum(
        move.count
        for move in facts.discovery.moves
        if {one.name for name in (move.source, move.target) if (one := facts.declared(name)) is not None} == both
    )
