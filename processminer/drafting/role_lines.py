"""The lines of a draft that say who: the roles, who holds a stage, who hands over to whom, and who does a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.drafting.habits import COMMON
from processminer.drafting.saying import as_limit, counted, named
from processminer.drafting.shape import REQUIRED
from processminer.engines.yaml_text import dump_text
from processminer.words import say_count, say_days, say_list, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.drafting.evidence import Evidence
    from processminer.drafting.owners import Change, Owners, Share

ENOUGH_TAKEN = 10
"""What four in five of fewer hand-overs take is no length to hold anybody to."""


def role_lines(evidence: Evidence) -> Iterator[str]:
    """Yield the section of roles: those that the draft speaks of."""
    owners = evidence.owners
    steps = [step.name for step in evidence.shape.steps]
    spoken = {share.role for stage in steps if (share := _owner_of(owners, stage)) is not None}
    spoken |= {role for _, change in _handovers(evidence) for role in (change.giver, change.taker)}
    for stage, habits in evidence.habits.items():
        spoken |= {share.role for one in habits if (share := _doer_of(owners, one.task.name, stage)) is not None}
    if spoken:
        yield f"roles:  # as {say_list(named(column) for column in owners.columns)} says"
    for role in owners.roles:
        if role in spoken:
            yield f"  - name: {dump_text(role)}"
    if spoken:
        yield ""


def owner_lines(owners: Owners, stage: str) -> Iterator[str]:
    """Yield the line of the role that owns a stage, or why none does."""
    share = owners.of_stage.get(stage)
    if share is None:
        return
    held = f"{counted(share.deals, share.known)} won deals"
    if _owner_of(owners, stage) is not None:
        yield f"    owner: {dump_text(share.role)}  # held {held} here"
    else:
        yield f"    # No owner: {named(share.role)} held {held} here, fewer than {say_percent(REQUIRED)}."


def doer_lines(owners: Owners, task: str, stage: str) -> Iterator[str]:
    """Yield the line of the role that does a task, or what kind of person does it."""
    doer = _doer_of(owners, task, stage)
    if doer is not None:
        yield f"        by: {dump_text(doer.role)}  # {say_share(doer.deals, doer.known)} won deals with a known doer"
        return
    own, known = owners.by_owner.get((task, stage), (0, 0))
    if known:
        yield f"        # Done by the owner of the deal in {say_share(own, known)} won deals with a known doer."


def handover_lines(evidence: Evidence) -> Iterator[str]:
    """Yield the section of hand-overs: the changes of role that most won deals go through at one stage."""
    found = list(_handovers(evidence))
    if found:
        yield ""
        yield "handovers:"
    for stage, change in found:
        yield f"  - entering: {dump_text(stage)}  # {counted(change.deals, change.known)} won deals that came here"
        yield f"    from: {dump_text(change.giver)}"
        yield f"    to: {dump_text(change.taker)}"
        if change.deals >= ENOUGH_TAKEN and change.p80_days > 0:
            yield (
                f"    within: {as_limit(change.p80_days)}  # 80 % were taken up within {say_days(change.p80_days)};"
                f" n = {say_count(change.deals, 'hand-over')}, {change.touched:,} shown by an activity"
            )


def _owner_of(owners: Owners, stage: str) -> Share | None:
    share = owners.of_stage.get(stage)
    return share if share is not None and share.deals >= REQUIRED * share.known else None


def _doer_of(owners: Owners, task: str, stage: str) -> Share | None:
    share = owners.of_task.get((task, stage))
    return share if share is not None and share.deals >= REQUIRED * share.known else None


def _handovers(evidence: Evidence) -> Iterator[tuple[str, Change]]:
    for step in evidence.shape.steps:
        change = evidence.owners.entering.get(step.name)
        if change is not None and change.deals >= COMMON * change.known:
            yield step.name, change
