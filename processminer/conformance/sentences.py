"""How a deviation is said to a sales manager, so that the sentence stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.conformance.rules import Condition, Duty, Limit
from processminer.words import say_count, say_days, say_percent

if TYPE_CHECKING:
    from processminer.conformance.breaches import Breach
    from processminer.conformance.rules import Rule, Standing
    from processminer.playbook.model import Criterion


def say_breach(breach: Breach, deals: int, reached: int) -> str:
    """Say what deals broke of the order of the stages."""
    subject = breach.subject
    later, _, earlier = subject.partition(" -> ")
    said = {
        "undeclared": f"passed through {subject}, a stage that the playbook does not know"
        if breach.stage is None
        else f"that had come to {later} went on to {earlier}, which the playbook does not let follow",
        "started-late": f"began in {subject}, where the playbook lets none begin",
        "returned": f"that had come to {later} went back to {earlier}, which the playbook does not allow",
        "skipped": f"that came to {subject} or past it skipped it, although the playbook requires it",
        "too-many-visits": f"that had been in {subject} were there more often than the playbook allows",
        "not-repeated": f"that had been in {subject} went back and then past it without doing it again, "
        "which the playbook does not allow",
    }
    return f"{_of_deals(deals, reached)} {said[breach.kind]}."


def say_rule(rule: Rule, standing: Standing) -> str:
    """Say how many deals broke a limit, a task or a criterion."""
    stage, broken = rule.stage.name, _of_deals(standing.broken, standing.kept + standing.broken)
    match rule:
        case Limit():
            now = say_count(standing.remarked, "open deal is", "open deals are")
            right_now = f"; {now} over it right now" if standing.remarked else ""
            return (
                f"{broken} stayed in {stage} longer than the {say_days(rule.days)} that the playbook allows{right_now}."
            )
        case Duty():
            afterwards = f"; {standing.remarked:,} of them logged it only afterwards" if standing.remarked else ""
            return f"{broken} went on from {stage} before '{rule.task.do}' was done{afterwards}."
        case Condition():
            return f"{broken} went on from {stage} without '{rule.criterion.name}': {_shortfall(rule.criterion)}."


def _shortfall(criterion: Criterion) -> str:
    if len(criterion.fields) == 1:
        return f"{criterion.fields[0]} is empty in the export"
    return f"the export shows fewer than {criterion.needed} of its {len(criterion.fields)} fields filled"


def _of_deals(part: int, whole: int) -> str:
    return f"{part:,} of {say_count(whole, 'deal')} ({say_percent(part / whole)})"
