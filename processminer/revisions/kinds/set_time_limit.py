"""A time limit that deals break every day, or that is missing, is set to what nine in ten deals keep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from processminer.findings.pattern import say_part
from processminer.playbook.edits import Edit
from processminer.revisions.revision import Revision
from processminer.words import say_days

if TYPE_CHECKING:
    from processminer.findings.finding import Finding
    from processminer.playbook.model import Stage
    from processminer.revisions.ground import Ground


def set_time_limit(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the 90 % quantile of all stays, open ones counted as censored, rounded up to a length people say."""
    stage = ground.facts.playbook.stage(str(finding.evidence.numbers.get("stage") or finding.subject))
    time = None if stage is None else ground.facts.time(stage)
    if stage is None or time is None or time.p90_days is None or time.p90_days <= (stage.time_limit or 0.0):
        return None
    written = write_days(time.p90_days)
    return Revision(
        id="",
        kind="set-time-limit",
        subject=stage.name,
        grade="C",
        because=(finding.id,),
        n=time.deals,
        q=None,
        effect={},
        why=_why(finding, stage, time.p90_days, written),
        losers=(
            "Buyers and forecasts, where deals could move faster: a limit set to what is usual asks nobody to hurry."
            if stage.time_limit is not None
            else "Deals that rightly take long: their owners will have to say why."
        ),
        refutation=f"Deals that stay in {stage.name} beyond {written} are won as often as the others.",
        trial=(
            f"Let one team work with {written} and the others as before; after a quarter, compare how many open deals"
            f" are beyond the limit and how long stays in {stage.name} take, open ones counted as censored."
        ),
        edits=(Edit("set", ("stages", stage.name, "time_limit"), value=written),),
        diff="",
    )


def _why(finding: Finding, stage: Stage, p90: float, written: str) -> str:
    measured = f"Nine in ten stays end within {say_days(p90)}."
    unknown = "What a limit does to stays or wins cannot be read from this log, so no effect is predicted."
    if stage.time_limit is None:
        return f"{measured} A limit of {written} shows the others while something can be done. {unknown}"
    broken = say_part(finding.evidence.n, finding.evidence.of)
    return (
        f"{broken} break the limit of {say_days(stage.time_limit)}. {measured} A limit that is broken every day"
        f" warns of nothing; one of {written} singles out the slowest tenth. The alternative is to keep the limit and"
        f" enforce it. {unknown}"
    )


def write_days(days: float) -> str:
    """Return a length as a playbook says it, rounded up: hours, days, then fives and tens of days.

    >>> write_days(0.3), write_days(1.0), write_days(8.2), write_days(31), write_days(71)
    ('8 hours', '24 hours', '9 days', '35 days', '80 days')
    """
    if days <= 2:
        hours = max(1, math.ceil(round(days * 24, 6)))
        return f"{hours} {'hour' if hours == 1 else 'hours'}"
    step = 1 if days <= 14 else 5 if days <= 60 else 10
    return f"{math.ceil(round(days / step, 6)) * step} days"
