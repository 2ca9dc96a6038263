"""What revisions do if they are all carried out: predicted together, since their effects do not add up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.estimates.flow.what_if import stage_removed, what_if
from processminer.findings.facts import names_of
from processminer.revisions.acted_on import stage_of
from processminer.revisions.consequences import SPARED, value_of, worth_of_a_win
from processminer.revisions.revise import compatible, conflicts
from processminer.statistics.interval import Interval
from processminer.words import fold, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from processminer.findings.facts import Facts
    from processminer.playbook.parts.stages import Stage
    from processminer.revisions.revision import Revision


MOST_TOGETHER = 2.0
"""Times the odds of a win. Of ideas that were tried, most changed nothing and a part did harm (Kohavi et al., 2009), so
that several of them together are not said to bring more than this, or than the largest of them alone."""

SMALLEST = 1e-6
"""A share, or a factor, above nothing."""


@dataclass(frozen=True, slots=True)
class Together:
    """The revisions that can be applied together, and what they do to all new deals."""

    revisions: tuple[str, ...]
    """Ids; of two that exclude each other, the first."""
    effect: Mapping[str, Interval]
    """As of a revision, but of all new deals; empty where none of them promises anything."""
    conflicts: tuple[tuple[str, str], ...]
    """Pairs of ids of which only one can be applied."""
    why: str
    """Why it is not the sum of the single effects; empty where there is nothing to add."""


def together(revisions: Sequence[Revision], facts: Facts) -> Together:
    """Return the effect of the compatible revisions on all new deals, from nobody's following any to all following all.

    A share won is multiplied by what each revision does to it where they act at different moments: who is won by one
    cannot be won again by the next. Of those that act at the same stage nobody knows whether they win the same deals:
    the range goes from the larger of them alone to both. The lower end holds all lower ends at once; upwards, what is
    uncertain of each is so independently of the others, and what all promise is cut at `MOST_TOGETHER`.
    """
    chosen = compatible(revisions)
    promising = [one for one in chosen if one.effect]
    effect: dict[str, Interval] = {}
    wins = _wins(promising, facts)
    if wins is not None:
        effect["win_rate"] = wins
    days = _days(promising, facts)
    if days is not None:
        effect["won_cycle_days"] = days
    worth = None if wins is None else worth_of_a_win(facts)
    if wins is not None and worth is not None:
        effect["value"], _ = value_of(wins, 1, worth, 1)
    bold = wins is not None and wins.estimate >= _most(promising, facts) > 0
    return Together(tuple(one.id for one in chosen), effect, conflicts(revisions), _why(promising, facts, bold=bold))


def _wins(promising: Sequence[Revision], facts: Facts) -> Interval | None:
    """Return the change of the share of all new deals that is won; None where nobody promises any."""
    told = [one for one in promising if _promises_wins(one)]
    base = _share_won(facts)
    if not told or base is None:
        return None
    groups = [[_times(one, base, facts) for one in those] for those in _by_stage(told, facts)]
    joint = _joint([Interval(*(_end(group, end) for end in ("estimate", "low", "high"))) for group in groups])
    change = Interval(*(base * (each - 1) for each in (joint.estimate, joint.low, joint.high)))
    most = _most(told, facts)
    return _capped(Interval(min(change.estimate, most), change.low, min(change.high, most)), base)


def _joint(factors: Sequence[Interval]) -> Interval:
    """Return the product of independent factors: upwards, their errors add up as squares do on a scale of logarithms.

    Downwards all lower ends come at once: whichever of them people follow, it gets no worse than that.
    """
    positive = [(max(one.estimate, SMALLEST), max(one.high, SMALLEST)) for one in factors]
    middle = math.prod(estimate for estimate, _ in positive)
    above = math.hypot(*(math.log(high / estimate) for estimate, high in positive))
    return Interval(middle, math.prod(one.low for one in factors), middle * math.exp(above))


def _most(promising: Sequence[Revision], facts: Facts) -> float:
    """Return the largest change of the share won that revisions may be said to bring together."""
    base = _share_won(facts)
    told = [one for one in promising if _promises_wins(one)]
    if base is None or not told:
        return 0.0
    odds = MOST_TOGETHER * base / max(1 - base, SMALLEST)
    return max(odds / (1 + odds) - base, *(base * (_times(one, base, facts).high - 1) for one in told))


def _promises_wins(one: Revision) -> bool:
    return "win_rate" in one.effect or "win_rate_overall" in one.effect


def _times(one: Revision, base: float, facts: Facts) -> Interval:
    """Return what a revision multiplies the share won of all deals by: only some of them come to its decision."""
    deals = facts.discovery.totals.deals
    overall = one.effect.get("win_rate_overall")
    part = 1.0 if overall is not None else min(1.0, one.n / deals) if deals else 0.0
    change = one.effect["win_rate"] if overall is None else overall
    return Interval(*(1 + part * each / base for each in (change.estimate, change.low, change.high)))


def _end(group: Sequence[Interval], end: str) -> float:
    """Return one end of what the revisions of one stage do: the most cautious of alone and all, or the boldest."""
    each = [float(getattr(one, end)) for one in group]
    both = math.prod(each)
    if end == "low":
        return min(*each, both) if min(each) < 1 else max(each)
    if end == "high":
        return max(*each, both)
    return max(each, key=lambda one: abs(one - 1))


def _capped(change: Interval, base: float) -> Interval:
    """Return a change of a share that leaves it between 0 and 1, and the range with no change in it."""
    low, middle, high = (max(-base, min(1 - base, one)) for one in (change.low, change.estimate, change.high))
    return Interval(middle, min(low, 0.0), max(high, 0.0))


def _days(promising: Sequence[Revision], facts: Facts) -> Interval | None:
    """Return the change of the mean days to a win: stages left out are left out of one model, the other changes add up.

    Of changes at one stage only the largest counts: what a deal no longer waits for it cannot wait less for.
    """
    told = [one for one in promising if "won_cycle_days" in one.effect]
    if not told:
        return None
    spared = [stage for one in told if one.kind in SPARED and (stage := facts.playbook.stage(one.subject)) is not None]
    joint = _days_without(spared, facts) if len(spared) > 1 else None
    others = told if joint is None else [one for one in told if one.subject not in {stage.name for stage in spared}]
    parts = [_largest([one.effect["won_cycle_days"] for one in those]) for those in _by_stage(others, facts)]
    parts += [] if joint is None else [joint]
    return Interval(
        math.fsum(one.estimate for one in parts),
        min(0.0, math.fsum(one.low for one in parts)),
        max(0.0, math.fsum(one.high for one in parts)),
    )


def _days_without(stages: Sequence[Stage], facts: Facts) -> Interval | None:
    log = facts.discovery.log
    model = flow_model(log, MOST_DAYS)
    if model is None:
        return None
    names = [name for stage in stages for name in model.stages if fold(name) in names_of(stage)]
    if len(names) < len(stages):
        return None
    order = [one.name for one in log.stages]
    ends = [end.won_days for end in what_if(model, [stage_removed(model, order, name) for name in names]).ends]
    return Interval(
        math.fsum(end.estimate for end in ends) / len(ends), min(end.low for end in ends), max(end.high for end in ends)
    )


def _largest(changes: Sequence[Interval]) -> Interval:
    most = max(changes, key=lambda one: abs(one.estimate))
    return Interval(most.estimate, min(one.low for one in changes), max(one.high for one in changes))


def _by_stage(revisions: Sequence[Revision], facts: Facts) -> Iterator[list[Revision]]:
    """Yield the revisions that act at the same stage together."""
    ranked = sorted(revisions, key=lambda one: stage_of(one, facts) or "")
    for _, those in groupby(ranked, key=lambda one: stage_of(one, facts) or ""):
        yield list(those)


def _share_won(facts: Facts) -> float | None:
    win = facts.estimates.win_rate
    shares = (None if win.within is None else win.within.estimate, win.rate.estimate)
    return next((one for one in shares if one is not None and math.isfinite(one) and one > 0), None)


def _why(promising: Sequence[Revision], facts: Facts, *, bold: bool) -> str:
    if len(promising) < 2:
        return ""
    cut = (
        " Multiplied, they promise still more; most changes that are tried bring less than was hoped for, so the range"
        " stops here. Carry them out one by one, and judge each."
        if bold
        else ""
    )
    same = [those for those in _by_stage(promising, facts) if len(those) > 1]
    overlapping = "; ".join(say_list((one.id for one in those), len(those)) for those in same)
    overlap = (
        f" {overlapping} act at the same stage and may win the same deals: the range goes from the larger alone to all."
        if same
        else ""
    )
    return (
        "It is not the sum: a deal that one change wins cannot be won again by another, and days that one change spares"
        f" cannot be spared twice.{overlap} It is told for all new deals, of which only some come to each decision."
        f"{cut}"
    )
