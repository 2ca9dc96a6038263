"""From findings to proposals, each with its diff."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from processminer.findings.entry import entry_of
from processminer.playbook.patch import apply, difference
from processminer.revisions.complete import completed
from processminer.revisions.consequences import with_consequences
from processminer.revisions.ground import Ground
from processminer.revisions.kinds.add_criterion import add_criterion
from processminer.revisions.kinds.add_stage import add_stage
from processminer.revisions.kinds.allow_return import allow_return
from processminer.revisions.kinds.allow_skip import allow_skip
from processminer.revisions.kinds.allow_start import allow_start
from processminer.revisions.kinds.ask_some import ask_some
from processminer.revisions.kinds.check_earlier import check_earlier, swap_tasks
from processminer.revisions.kinds.drop_task import drop_task
from processminer.revisions.kinds.forbid_move import forbid_move
from processminer.revisions.kinds.give_up_rule import give_up_rule
from processminer.revisions.kinds.hurry_task import hurry_task
from processminer.revisions.kinds.make_stage_optional import make_stage_optional
from processminer.revisions.kinds.merge_stages import merge_stages
from processminer.revisions.kinds.move_stage import move_stage
from processminer.revisions.kinds.remove_stage import remove_stage
from processminer.revisions.kinds.require_step import require_step
from processminer.revisions.kinds.set_handover_limit import loosen_handover_limit, set_handover_limit
from processminer.revisions.kinds.set_number import set_number
from processminer.revisions.kinds.set_probability import set_probability
from processminer.revisions.kinds.set_time_limit import set_time_limit
from processminer.revisions.kinds.split_by_segment import split_by_segment
from processminer.revisions.kinds.withdraw import withdraw
from processminer.revisions.open_questions import open_questions
from processminer.revisions.revision import Revision, Undecided
from processminer.revisions.superseded import without_superseded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding

    Answer: TypeAlias = Callable[[Finding, Ground], Revision | Undecided | None]

ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        "required-stage-skipped": make_stage_optional,
        "undeclared-stage": add_stage,
        "started-late": allow_start,
        "return-loop": allow_return,
        "stages-jumped": allow_skip,
        "move-harms": forbid_move,
        "missing-at-exit": add_criterion,
        "criterion-number": set_number,
        "checked-late": check_earlier,
        "rejects-late": move_stage,
        "order-of-tasks": swap_tasks,
        "stage-over-limit": set_time_limit,
        "stage-waits": set_time_limit,
        "kept-too-long": give_up_rule,
        "task-helps-early": hurry_task,
        "handover-waits": set_handover_limit,
        "handed-over-late": loosen_handover_limit,
        "probability-is-off": set_probability,
        "helps-one-harms-another": ask_some,
        "segment-goes-its-own-way": split_by_segment,
        "stage-clicked-through": merge_stages,
        "required-task-not-done": drop_task,
        "unrequired-step-helps": require_step,
        "optional-stage-harms": remove_stage,
        "unused-declared-move": withdraw,
    }
)
"""Which kind of edit answers a rule. The others are answered by people, not by an edit of the playbook."""


def propose(
    findings: Sequence[Finding], facts: Facts, text: str, file: str
) -> tuple[tuple[Revision, ...], tuple[Undecided, ...]]:
    """Return what to change in the playbook, in the order of the findings, and what this log cannot decide.

    Each revision's diff is against `text`, the playbook as it was read from `file`.
    """
    ground = Ground(facts)
    given = (_answer(finding, ground) for finding in findings)
    answers = without_superseded(answer for answer in given if answer is not None)
    drafts = _absorb(_settle_aliases([one for one in answers if isinstance(one, Revision)], findings))
    # Of new stages behind one another, the last is put in first: each goes right after the same declared stage.
    drafts.sort(key=lambda one: -_hops(one, facts))
    revisions = tuple(
        replace(one, id=f"R{number}", diff=difference(text, apply(text, one.edits), file))
        for number, one in enumerate(drafts, start=1)
    )
    renamed = {one.subject for one in revisions if one.kind == "add-alias"}
    unsure = [one for one in answers if isinstance(one, Undecided) and one.subject not in renamed]
    unsure += _still_open(revisions, unsure, facts)
    return completed(with_consequences(revisions, facts), unsure, findings, facts)


def _still_open(revisions: Sequence[Revision], unsure: Sequence[Undecided], facts: Facts) -> list[Undecided]:
    """Return the open questions of steps that no answer speaks of, and of criteria of stages that no answer gives."""
    asked = {*((one.kind, one.subject) for one in revisions), *((one.kind, one.subject) for one in unsure)}
    steps = {subject for _, subject in asked}
    criteria = {subject for kind, subject in asked if kind == "add-exit-criterion"}
    return [
        one
        for one in open_questions(facts)
        if one.subject not in (criteria if one.kind == "add-exit-criterion" else steps)
    ]


def _hops(draft: Revision, facts: Facts) -> int:
    entry = entry_of(draft.subject, facts) if draft.kind == "add-stage" else None
    return 0 if entry is None else entry.hops


def _answer(finding: Finding, ground: Ground) -> Revision | Undecided | None:
    answer = ANSWERS.get(finding.rule)
    if answer is None:
        return None
    answered = answer(finding, ground)
    return None if finding.grade == "D" and isinstance(answered, Revision) else answered


def _settle_aliases(drafts: list[Revision], findings: Sequence[Finding]) -> list[Revision]:
    """Return the drafts less those that a recovered name makes needless; it answers their findings as well."""
    settled: list[Revision] = []
    renamed = {draft.subject for draft in drafts if draft.kind == "add-alias"}
    for draft in drafts:
        if draft.kind == "add-alias":
            also = (one.id for one in findings if draft.subject in one.subject.split(" -> "))
            settled.append(replace(draft, because=tuple(dict.fromkeys((*draft.because, *also)))))
        elif not renamed.intersection(draft.subject.split(" -> ")):
            settled.append(draft)
    return settled


def _absorb(drafts: list[Revision]) -> list[Revision]:
    """Return the drafts less those whose edits another one makes along with others; it answers their findings too."""
    kept = [one for one in drafts if not any(_within(one, other) for other in drafts)]
    return [
        replace(one, because=(*one.because, *(id_ for other in drafts if _within(other, one) for id_ in other.because)))
        for one in kept
    ]


def _within(one: Revision, other: Revision) -> bool:
    # A probability that another one takes along is a finding of its own.
    if one.kind == other.kind == "set-probability":
        return False
    return len(one.edits) < len(other.edits) and all(edit in other.edits for edit in one.edits)
