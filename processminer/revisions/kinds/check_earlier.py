"""A check that deals fail late is done early, and two tasks change places where that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.estimates.tasks_compared.tasks_compared import SOON_DAYS
from processminer.findings.comparison import grade_of
from processminer.playbook.edits import Edit
from processminer.revisions.kinds.predicted import predicted, say_effect
from processminer.revisions.revision import Belief, Revision
from processminer.statistics.interval import Interval
from processminer.statistics.proportions import wilson
from processminer.words import say_days

if TYPE_CHECKING:
    from processminer.estimates.tasks_compared.tasks_compared import Check
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage, Task
    from processminer.revisions.ground import Ground

_LENGTHS = ("within", "takes")
"""Keys of tasks that are lengths of time, in days as they were read."""


def check_earlier(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the first stage that costs more days for a deal lost there than the check for one turned down."""
    facts = ground.facts
    late = facts.playbook.stage(str(finding.evidence.numbers["stage"]))
    check = next((one for one in facts.estimates.conduct.checks if one.task == finding.subject), None)
    task = None if late is None else next((one for one in late.tasks if one.do == finding.subject), None)
    early = None if late is None or check is None else _place(check, late, facts)
    if late is None or check is None or task is None or early is None:
        return None
    change = _change(check)
    return Revision(
        id="",
        kind="check-earlier",
        subject=task.do,
        grade="B",
        because=(finding.id,),
        n=check.deals,
        q=float(str(finding.evidence.numbers["q"])),
        effect={"win_rate": change},
        why=(
            f"{finding.message} Done in {early.name}, it would turn down the same deals before"
            f" {say_days(check.days_before)} of work; which deals are won stays the same as long as the check sees then"
            " what it sees now. It comes"
            f" before {late.name} by effort for each deal turned down (van der Aalst, 2001)."
        ),
        losers=(
            f"Whoever does '{task.do}': it is done for more deals, also for those that would have been lost before"
            f" {late.name} anyway."
        ),
        refutation=f"'{task.do}' needs what comes between {early.name} and {late.name}, or turns down others then.",
        trial=f"Let one team do '{task.do}' in {early.name} for a quarter, and compare the days spent on lost deals.",
        edits=(
            Edit("remove", ("stages", late.name, "tasks", task.do)),
            Edit("add", ("stages", early.name, "tasks"), value=_written(task)),
        ),
        diff="",
        population=f"deals that come to '{task.do}'",
        beliefs={
            "win_rate": Belief(
                "done early, it turns down as many as the upper limit of what it turns down now",
                "done early, it turns down as few as the lower limit",
            )
        },
    )


def swap_tasks(finding: Finding, ground: Ground) -> Revision | None:
    """Propose to do the second of two tasks first, where that is shown to help."""
    facts, numbers = ground.facts, finding.evidence.numbers
    stage = facts.playbook.stage(str(numbers["stage"]))
    orders = facts.estimates.conduct.orders
    order = next((o for o in orders if (o.second, o.first) == (finding.subject, numbers["before"])), None)
    if stage is None or order is None:
        return None
    change = predicted(order.effect, facts, "done by all")
    names = [task.do for task in stage.tasks]
    place = names.index(order.first)
    return Revision(
        id="",
        kind="check-earlier",
        subject=order.second,
        grade=grade_of(order.effect, facts.family),
        because=(finding.id,),
        n=order.effect.deals,
        q=float(str(numbers["adjusted_q"])),
        effect=change.effect,
        why=f"{finding.message} {say_effect('did so', change.effect)} This is an observation, not an experiment.",
        losers=f"Deals for which '{order.first}' shows that '{order.second}' is not worth its time.",
        refutation=f"In the trial, deals that begin with '{order.second}' are won no more often.",
        trial=f"Let one team, chosen by lot, do '{order.second}' before '{order.first}', and the others as before.",
        edits=(Edit("move", ("stages", stage.name, "tasks", order.second), after=names[place - 1] if place else ""),),
        diff="",
        crude=order.effect.crude,
        older=order.effect.older,
        population=change.population,
        beliefs=change.beliefs,
    )


def _place(check: Check, late: Stage, facts: Facts) -> Stage | None:
    """Return the first stage that a check of so little effort for each deal turned down belongs into, if one does."""
    effort = SOON_DAYS / max(check.turned_down / check.deals, 1e-9)
    for stage in facts.playbook.stages[: facts.playbook.names.index(late.name)]:
        time, flow = facts.time(stage), facts.flow(stage)
        if time is not None and flow is not None and not stage.optional and flow.deals:
            lost = flow.lost_here / flow.deals
            if lost == 0 or time.mean_days.estimate / lost > effort:
                return stage
    return None


def _change(check: Check) -> Interval:
    """Return none, and how far the share that passes may be off if the check judges as its limits allow."""
    share = wilson(check.turned_down, check.deals)
    return Interval(0.0, share.estimate - share.high, share.estimate - share.low)


def _written(task: Task) -> dict[str, object]:
    written: dict[str, object] = task.model_dump(mode="json", exclude_unset=True)
    lengths = {key: f"{float(str(written[key])):g} days" for key in _LENGTHS if key in written}
    return {**written, **lengths}
