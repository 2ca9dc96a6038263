"""What a playbook says beside its moves, told as sentences: in the documentation of a model, in the title of a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.diagrams.reach import moves_in_reach
from processminer.words import say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.playbook.model import Playbook
    from processminer.playbook.parts.roles import Handover
    from processminer.playbook.parts.stages import Criterion, ServiceStage, Stage, Task


def playbook_facts(playbook: Playbook) -> Iterator[str]:
    """Say what the playbook says as a whole, and what of it no drawing of the way to the sale can show."""
    yield f"Version {playbook.version}"
    if playbook.valid_from is not None:
        yield f"Valid from {playbook.valid_from.isoformat()}"
    if playbook.owner:
        yield f"Owner: {playbook.owner}"
    _, names = moves_in_reach(playbook)
    missed = [name for name in playbook.names if name not in names]
    if missed:
        yield f"Not drawn, since no deal can come there: {say_list(missed, most=len(missed))}"
    yield from (f"Service: {service_text(service)}" for service in playbook.service)
    yield from (
        handover_text(handover) for handover in playbook.handovers if handover.entering in playbook.outcomes.won
    )


def stage_facts(stage: Stage, handovers: Sequence[Handover]) -> Iterator[str]:
    """Say everything that the playbook says of a stage, one fact a line."""
    yield from stage_rules(stage)
    yield from (handover_text(handover) for handover in handovers if handover.entering == stage.name)
    yield from (_criterion_text("Entry", criterion) for criterion in stage.entry_criteria)
    yield from (_task_text(task) for task in stage.tasks)
    yield from (_criterion_text("Exit", criterion) for criterion in stage.exit_criteria)


def stage_rules(stage: Stage) -> Iterator[str]:
    """Say what a stage is for, whose it is, and its limits."""
    facts = {
        "Goal": stage.goal,
        "Owner": stage.owner,
        "Optional": "deals may leave it out" if stage.optional else None,
        "Time limit": None if stage.time_limit is None else say_days(stage.time_limit),
        "Given up after": None if stage.close_after is None else say_days(stage.close_after),
        "Longest silence": None if stage.max_silence is None else say_days(stage.max_silence),
        "Contacts of the buyer": None if stage.min_contacts is None else f"at least {stage.min_contacts}",
        "Visits": None if stage.max_visits is None else f"at most {stage.max_visits}",
        "Win probability": None if stage.probability is None else say_percent(stage.probability),
    }
    yield from (f"{fact}: {text}" for fact, text in facts.items() if text)


def service_text(service: ServiceStage) -> str:
    """Say a service stage: where it keeps step with the sale, who has it, and where it closes the cycle."""
    parts = [
        f"begins at {service.begins_at}" if service.begins_at else "",
        f"within {say_days(service.within)} of it" if service.begins_at and service.within is not None else "",
        f"owner: {service.owner}" if service.owner else "",
        f"time limit: {say_days(service.time_limit)}" if service.time_limit is not None else "",
        f"opens a deal in {service.opens}" if service.opens else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"{service.name}: {told}" if told else service.name


def handover_text(handover: Handover) -> str:
    """Say who hands over what to whom, and by when."""
    within = "" if handover.within is None else f" within {say_days(handover.within)}"
    passes = f": {say_list(handover.passes, most=len(handover.passes))}" if handover.passes else ""
    return f"Hand-over from {handover.giver} to {handover.taker}{within}{passes}"


def _task_text(task: Task) -> str:
    parts = {"by": task.by, "how": task.how, "material": task.material, "output": task.output}
    told = "; ".join(f"{part}: {text}" for part, text in parts.items() if text)
    return f"{'Optional task' if task.optional else 'Task'}: {task.do}{f' ({told})' if told else ''}"


def _criterion_text(place: str, criterion: Criterion) -> str:
    parts = criterion.elements
    if criterion.field is not None or not parts:
        return f"{place} criterion: {criterion.name}"
    needed = f"at least {criterion.needed} of" if criterion.needed < len(parts) else "all of"
    return f"{place} criterion: {criterion.name} ({needed} {say_list(parts, most=len(parts))})"
