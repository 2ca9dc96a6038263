"""Whether stages, moves and probabilities agree about the way of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.playbook.graph import must_pass, required_between, stages_before, unreachable
from processminer.playbook.lint.page import Found, Page, Rule, criteria_of
from processminer.words import fold, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator


def _unreachable_stage(page: Page) -> Iterator[Found]:
    """Find stages that no allowed way leads to."""
    names = page.playbook.names
    for name in unreachable(page.playbook):
        at = names.index(name)
        message = f"no way leads to {name!r}: no stage before it goes on to it."
        mend = f"Let a stage before it name it in `next`, write `may_start: true` under {name!r}, or take it out."
        yield Found(("stages", at), message, mend)


def _bypassed_stage(page: Page) -> Iterator[Found]:
    """Find required stages that deals may pass by.

    A jump to a stage past several of them is not told: written as optional stages, it would let each be left out alone.
    """
    playbook = page.playbook
    lost = unreachable(playbook)
    for at, stage in enumerate(playbook.stages):
        for key, says, targets in (
            ("may_skip_to", "may skip to", stage.may_skip_to),
            ("next", "may go on to", stage.next),
        ):
            for place, target in enumerate(targets):
                passed = [one.name for one in required_between(playbook, stage.name, target)]
                # One that nothing leads to is not passed by: it is out of the way altogether, and told as such.
                passed = [name for name in passed if key == "may_skip_to" or name not in lost]
                jump = key == "may_skip_to" and target in playbook.names and len(passed) > 1
                if passed and not jump:
                    message = f"{stage.name!r} {says} {target!r}, past what is required: {say_list(passed)}."
                    mend = f"Write `optional: true` under {say_list(passed)}, or take {target!r} out of `{key}`."
                    yield Found(("stages", at, key, place), message, mend)


def _idle_skip(page: Page) -> Iterator[Found]:
    """Find allowed skips that are allowed anyway."""
    playbook = page.playbook
    for at, stage in enumerate(playbook.stages):
        for place, target in enumerate(stage.may_skip_to):
            path = ("stages", at, "may_skip_to", place)
            mend = f"Take {target!r} out of `may_skip_to`."
            if target in stage.next:
                yield Found(path, f"{stage.name!r} may go to {target!r} anyway: its `next` says so.", mend)
            elif not stage.next and not required_between(playbook, stage.name, target):
                message = f"{stage.name!r} may go to {target!r} anyway: nothing between them is required."
                yield Found(path, message, mend)


def _never_optional(page: Page) -> Iterator[Found]:
    """Find optional stages that no deal can leave out."""
    passed = must_pass(page.playbook)
    for at, stage in enumerate(page.playbook.stages):
        if stage.optional and stage.name in passed:
            message = f"{stage.name!r} is optional, yet every way to won goes through it."
            mend = f"Take `optional` away, or let a stage before {stage.name!r} name a later one in `next` as well."
            yield Found(("stages", at, "optional"), message, mend)


def _resting_on_optional(page: Page) -> Iterator[Found]:
    """Find criteria that only the tasks of stages can fulfil which deals may leave out."""
    playbook = page.playbook
    needed = must_pass(playbook)
    shown_in: dict[str, set[str]] = {}
    for stage in playbook.stages:
        for task in stage.tasks:
            for label in task.seen_as:
                shown_in.setdefault(fold(label), set()).add(stage.name)
    for path, stage, criterion in criteria_of(playbook):
        homes = set[str]().union(*(shown_in.get(fold(label), set()) for label in criterion.seen_as))
        told = all(fold(label) in shown_in for label in criterion.seen_as)
        rests = told and homes and not homes & needed and not criterion.fields
        if rests and not criterion.optional and stage.name in needed:
            where = say_list([name for name in playbook.names if name in homes])
            message = f"the criterion {criterion.name!r} is shown by tasks of {where} alone, which deals may leave out."
            mend = f"Write `optional: true` under {criterion.name!r}, or a task under {stage.name!r} that shows it."
            yield Found(path, message, mend)


def _impossible_return(page: Page) -> Iterator[Found]:
    """Find ways back to stages where no deal may be twice."""
    visits = {stage.name: stage.max_visits for stage in page.playbook.stages}
    for at, stage in enumerate(page.playbook.stages):
        for place, target in enumerate(stage.may_return_to):
            if visits[target] == 1:
                message = f"{stage.name!r} may return to {target!r}, where a deal may be only once."
                mend = f"Write `max_visits: 2` under {target!r}, or take {target!r} out of `may_return_to`."
                yield Found(("stages", at, "may_return_to", place), message, mend)


def _falling_probability(page: Page) -> Iterator[Found]:
    """Find stages whose declared win probability is below that of one on the way to them."""
    playbook = page.playbook
    before = stages_before(playbook)
    said = {stage.name: stage.probability for stage in playbook.stages if stage.probability is not None}
    for at, stage in enumerate(playbook.stages):
        highest = max((said[name] for name in before[stage.name] if name in said), default=0.0)
        if stage.probability is not None and stage.probability < highest:
            above = next(name for name in before[stage.name] if said.get(name) == highest)
            message = (
                f"{stage.name!r} is declared at {say_percent(stage.probability)},"
                f" after {above!r} at {say_percent(highest)}."
            )
            mend = f"Write at least {say_percent(highest)} here, or less under {above!r}."
            yield Found(("stages", at, "probability"), message, mend)


RULES = (
    Rule(
        "unreachable-stage",
        _unreachable_stage,
        "A stage that deals cannot come to by the playbook makes each one that is there a deviation.",
    ),
    Rule(
        "bypassed-stage",
        _bypassed_stage,
        "What some deals may pass by is not required; say so on purpose, or make it optional.",
    ),
    Rule(
        "idle-skip",
        _idle_skip,
        "A permission that permits nothing new will be taken for one that does.",
    ),
    Rule(
        "never-optional",
        _never_optional,
        "What is called optional and cannot be left out is required, and readers will think otherwise.",
    ),
    Rule(
        "impossible-return",
        _impossible_return,
        "One line allows what another forbids, and each deal that returns breaks a rule by keeping one.",
    ),
    Rule(
        "criterion-rests-on-optional-stage",
        _resting_on_optional,
        "A deal that rightly leaves the optional stage out comes to a criterion that none of its tasks can meet.",
    ),
    Rule(
        "falling-probability",
        _falling_probability,
        "A deal that moves on should be likelier to be won; if not, the stages or the shares are in the wrong order.",
    ),
)
"""Rules on the way of a deal."""
