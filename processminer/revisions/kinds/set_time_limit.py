"""A time limit that deals break every day, or that is missing, is set to what nine in ten deals keep."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from processminer.estimates.flow.model import MOST_DAYS
from processminer.findings.facts import names_of
from processminer.findings.pattern import say_part
from processminer.findings.rules.kept_too_long import kept_too_long
from processminer.playbook.edits import Edit
from processminer.playbook.values import read_days
from processminer.revisions.kinds.hurried import enough, hurried
from processminer.revisions.kinds.lengths import kept_by_most
from processminer.revisions.revision import Revision
from processminer.words import say_days

if TYPE_CHECKING:
    from processminer.estimates.figures import StageTime
    from processminer.findings.facts import Facts
    from processminer.findings.finding import Finding
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.ground import Ground


def set_time_limit(finding: Finding, ground: Ground) -> Revision | None:
    """Propose the 90 % quantile of all stays, open ones counted as censored, rounded up to a length people say.

    Where deals come to the stage more than once, more than a tenth of them would break that: then the next longer one.
    None where nine in ten stays keep the present limit: it says what is usual already.
    Where speed in this stage would gain most and old deals slow down, it is what four in five of those that go on keep,
    with what that may change; a limit that is as long already is to be kept, and none is proposed.
    """
    stage = ground.facts.playbook.stage(str(finding.evidence.numbers.get("stage") or finding.subject))
    time = None if stage is None else ground.facts.time(stage)
    if stage is None or time is None or time.p90_days is None or _kept_dead(stage, ground.facts):
        return None
    fast = hurried(stage, ground.facts)
    if fast is None or stage.time_limit is not None:
        if time.p90_days <= (stage.time_limit or 0.0):
            return None  # Nine in ten stays keep it: deals break it by coming back, or broke an older version's.
        # Who is given up before the limit needs no longer one: the rule is to be kept, not stretched.
        written = kept_by_most(names_of(stage), time.p90_days, ground.facts, above=stage.time_limit or 0.0)
        kept = fast is not None and enough(stage, fast)
        longer = written is not None and read_days(written) > (stage.close_after or math.inf)
        return None if written is None or kept or longer else _revision(finding, stage, time, written)
    return replace(
        _revision(finding, stage, time, fast.written),
        grade="B",
        q=fast.q,
        effect=fast.effect,
        beliefs=fast.beliefs,
        population=f"deals that begin, followed for {MOST_DAYS:.0f} days",
        why=f"{finding.message}{fast.said}",
    )


def _revision(finding: Finding, stage: Stage, time: StageTime, written: str) -> Revision:
    """Return the limit as a change that moves no deal by itself."""
    return Revision(
        id="",
        kind="set-time-limit",
        subject=stage.name,
        grade="C",
        because=(finding.id,),
        n=time.deals,
        q=None,
        effect={},
        why=_why(finding, stage, time.p90_days or 0.0, written),
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
        # Who may take longer takes it: a limit that is stretched is paid for in days.
        pays=() if stage.time_limit is None else ("time",),
    )


def _kept_dead(stage: Stage, facts: Facts) -> bool:
    """Tell whether many deals only stay since nobody gives them up: nine in ten stays say nothing of the work then."""
    return any(one.subject == stage.name for one in kept_too_long(facts))


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
