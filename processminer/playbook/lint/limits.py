"""Whether limits are there, and leave room for what has to happen within them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.lint.page import Found, Page, Path, Rule
from processminer.words import say_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.playbook.parts.stages import ServiceStage, Stage


def _no_time_limit(page: Page) -> Iterator[Found]:
    """Find stages without a time limit."""
    for at, stage in enumerate(page.playbook.stages):
        if stage.time_limit is None:
            mend = f"Write for example `time_limit: 14 days` under {stage.name!r}."
            yield Found(("stages", at), f"{stage.name!r} has no time limit.", mend)


def _warning_without_limit(page: Page) -> Iterator[Found]:
    """Find warnings of a limit that is not there."""
    for at, stage in enumerate(page.playbook.stages):
        if stage.warn_after is not None and stage.time_limit is None:
            message = f"{stage.name!r} warns after {say_days(stage.warn_after)} of a time limit that it does not have."
            mend = f"Write a `time_limit` of more than {say_days(stage.warn_after)} as well."
            yield Found(("stages", at, "warn_after"), message, mend)


def _closed_too_early(page: Page) -> Iterator[Found]:
    """Find stages that give deals up before their time limit."""
    for at, stage in enumerate(page.playbook.stages):
        if stage.close_after is not None and stage.time_limit is not None and stage.close_after < stage.time_limit:
            limit = say_days(stage.time_limit)
            message = f"{stage.name!r} gives deals up after {say_days(stage.close_after)}, before its limit of {limit}."
            yield Found(("stages", at, "close_after"), message, f"Write {limit} or more, or a shorter `time_limit`.")


def _tight_limit(page: Page) -> Iterator[Found]:
    """Find time limits that end before what has to happen within them."""
    playbook = page.playbook
    for at, stage in enumerate(playbook.stages):
        yield from _tight_for_tasks(("stages", at), stage)
        yield from _tight_for_silence(("stages", at), stage)
    for at, service in enumerate(playbook.service):
        yield from _tight_for_tasks(("service", at), service)
    limits = {stage.name: stage.time_limit for stage in playbook.stages}
    for at, handover in enumerate(playbook.handovers):
        limit = limits.get(handover.entering)
        if handover.within is not None and limit is not None and handover.within > limit:
            message = (
                f"the handover to {handover.taker!r} may take {say_days(handover.within)},"
                f" longer than a deal may be in {handover.entering!r} ({say_days(limit)})."
            )
            mend = f"Write less than {say_days(limit)} here, or a longer `time_limit` under {handover.entering!r}."
            yield Found(("handovers", at, "within"), message, mend)


def _tight_for_tasks(path: Path, stage: Stage | ServiceStage) -> Iterator[Found]:
    limit = stage.time_limit
    if limit is None:
        return
    for place, task in enumerate(stage.tasks):
        if task.within is not None and task.within > limit:
            message = (
                f"the task {task.do!r} has {say_days(task.within)},"
                f" longer than a deal may be in {stage.name!r} ({say_days(limit)})."
            )
            mend = f"Write at most {say_days(limit)} here, or a longer `time_limit` under {stage.name!r}."
            yield Found((*path, "tasks", place, "within"), message, mend)
    needed = sum(task.takes * task.times for task in stage.tasks if task.takes is not None and not task.optional)
    if needed > limit:
        message = (
            f"the required tasks of {stage.name!r} take {say_days(needed)}, and its time limit is {say_days(limit)}."
        )
        mend = f"Write at least {say_days(needed)}, or make a task optional or shorter."
        yield Found((*path, "time_limit"), message, mend)


def _tight_for_silence(path: Path, stage: Stage) -> Iterator[Found]:
    limit, silence = stage.time_limit, stage.max_silence
    if limit is not None and silence is not None and silence > limit:
        longest = say_days(limit)
        message = f"{stage.name!r} may be silent for {say_days(silence)}, longer than a deal may be in it ({longest})."
        mend = f"Write less than {longest} here, or a longer `time_limit` under {stage.name!r}."
        yield Found((*path, "max_silence"), message, mend)


def _slow_handover(page: Page) -> Iterator[Found]:
    """Find handovers without a time limit."""
    for at, handover in enumerate(page.playbook.handovers):
        if handover.within is None:
            message = f"the handover from {handover.giver!r} to {handover.taker!r} has no time limit."
            yield Found(("handovers", at), message, "Write for example `within: 2 days`.")


RULES = (
    Rule(
        "no-time-limit",
        _no_time_limit,
        "Without a limit nobody can say when a deal has stayed too long, and no audit can.",
    ),
    Rule(
        "warning-without-limit",
        _warning_without_limit,
        "A warning leads to a limit; without one nobody knows what it warns of.",
    ),
    Rule(
        "closed-too-early",
        _closed_too_early,
        "Until the limit a deal has all the time that it was promised; only after it can it be given up.",
    ),
    Rule(
        "tight-limit",
        _tight_limit,
        "A limit that ends before the work can be done is broken by everybody, and soon ignored.",
    ),
    Rule(
        "slow-handover",
        _slow_handover,
        "A deal between two owners waits for both.",
    ),
)
"""Rules on limits of time."""
