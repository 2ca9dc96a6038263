"""Proposed changes in words, the same in every telling: what changes, what it brings, and what speaks against it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from processminer.report.telling import GRADES, MINUS, exists, say_date, say_points, say_range, say_signed
from processminer.words import say_count, say_days, say_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from processminer.revisions.revision import Corner, Revision, RevisionKind, TrialPlan, Undecided
    from processminer.revisions.together import Together
    from processminer.statistics.interval import Interval

FIRST_REVISIONS = 5
"""As with findings: more is not read in one sitting, and each is read with its diff."""

REVISIONS: Mapping[RevisionKind, str] = {
    "make-stage-optional": "Make the stage optional",
    "remove-stage": "Remove the stage",
    "add-stage": "Add the stage",
    "require-stage": "Require the stage",
    "allow-skip": "Allow the skip",
    "forbid-skip": "Forbid the skip",
    "allow-return": "Allow the return",
    "limit-returns": "Limit the returns",
    "add-exit-criterion": "Add an exit criterion",
    "require-task": "Require the task",
    "drop-task": "Drop the task",
    "add-task": "Add the task",
    "set-time-limit": "Set the time limit",
    "give-up-rule": "Say when to give up",
    "check-earlier": "Check earlier",
    "set-probability": "Set the win probability",
    "set-handover-limit": "Set the hand-over limit",
    "add-alias": "Add an alias",
    "merge-stages": "Merge the stages",
    "split-by-segment": "Split by segment",
}

MEASURES: Mapping[str, str] = {
    "win_rate": "Win rate of the deals concerned",
    "win_rate_overall": "Win rate of all new deals",
    "won_cycle_days": "Days to win",
    "value": "Value of a new deal",
}
"""In the order in which they are read."""

CORNERS: Mapping[Corner, str] = {
    "time": "time (deals or people wait longer)",
    "cost": "cost (more work)",
    "quality": "quality (less is done for the buyer)",
    "flexibility": "flexibility (less is left to judgement)",
}

NOTHING = (
    "No change of the playbook is proposed: nothing in these deals is sure enough to ask people to work otherwise."
    " Going on as before is a decision too, and here the better one."
)
"""What is told where there is no proposal."""

LATE_DAYS = 730
"""A trial that takes longer is no plan: nobody waits two years for an answer."""

NO_ARGUMENT = "no argument: it mixes what is done with which deals it is done to"
"""What is said beside every difference in which nothing is held equal."""


class Row(NamedTuple):
    """One line of a proposal's card."""

    label: str
    said: str
    doubtful: bool = False
    """Whether it is told for completeness and proves nothing."""


def rows_of(revision: Revision, *, deals: bool = True, team: Sequence[str] = ()) -> tuple[Row, ...]:
    """Return everything but the diff that is told of a proposal, in the order in which it is read.

    Without `deals`, no deal is named; `team` is what people said who were asked about it.
    """
    told = (*_gains(revision), *_grounds(revision, deals=deals), *_asked(team))
    return (*told, *_doubts(revision), *_steps(revision))


def rows_beside(revision: Revision, team: Sequence[str] = ()) -> tuple[Row, ...]:
    """Return the rows of a card for a page that shows gains, n and grade of its own, and folds `rows_folded`."""
    trial = [row for row in _steps(revision) if row.label in {"How to try it", "To be judged"}]
    told = [*_grounds(revision, deals=True), *_asked(team), *_doubts(revision), *trial]
    rows = [row for row in told if row.label != "Rests on" and not row.label.startswith("Grade")]
    if revision.effect and revision.population:
        rows.insert(0, Row("Deals concerned", revision.population))
    return tuple(rows)


def rows_folded(revision: Revision) -> tuple[Row, ...]:
    """Return the rows that are read by whoever carries the change out: the trial's design and the steps on the day."""
    return tuple(row for row in _steps(revision) if row.label not in {"How to try it", "To be judged"})


def _asked(team: Sequence[str]) -> Iterator[Row]:
    yield from (Row("The team" if number == 0 else "", said) for number, said in enumerate(team))


def _gains(revision: Revision) -> Iterator[Row]:
    if not revision.effect:
        yield Row("Predicted effect", "not estimated")
    for measure in measures_of(revision.effect):
        yield Row("Predicted change", f"{measure_name(measure)}: {say_change(measure, revision.effect[measure])}")
        belief = revision.beliefs.get(measure)
        if belief is not None:
            yield Row("Low end", f"if {_clause(belief.low)}")
            yield Row("High end", f"if {_clause(belief.high)}")
    if revision.effect and revision.population:
        yield Row("Deals concerned", revision.population)


def _grounds(revision: Revision, *, deals: bool) -> Iterator[Row]:
    tested = (
        "" if revision.q is None else f"; q = {revision.q:.2g}{revision.against} beside all other tests of this audit"
    )
    yield Row("Rests on", f"{say_count(revision.n, 'deal')}{tested}")
    yield Row(f"Grade {revision.grade}", GRADES[revision.grade])
    if revision.older is not None:
        yield Row("Among older deals", f"{say_change('win_rate', revision.older)}; the newest confirm or refute that")
    if revision.crude is not None:
        yield Row("Nothing held equal", f"{say_change('win_rate', revision.crude)}: {NO_ARGUMENT}", doubtful=True)
    if deals and revision.examples:
        yield Row("Deals to look at", say_list(revision.examples))


def _doubts(revision: Revision) -> Iterator[Row]:
    yield Row("Who loses", revision.losers)
    if revision.pays:
        yield Row("Its price", say_list([CORNERS[one] for one in revision.pays]))
    yield Row("Refuted if", revision.refutation)
    if revision.conflicts:
        yield Row("Not together with", say_list(revision.conflicts))


def _steps(revision: Revision) -> Iterator[Row]:
    yield Row("How to try it", revision.trial)
    if revision.plan is not None:
        yield Row("Who begins", revision.plan.design)
        yield Row("What is compared", revision.plan.measure)
        yield Row("To be judged", say_judged_on(revision.plan))
    for number, step in enumerate(revision.migration, start=1):
        yield Row("On the day" if number == 1 else "", step)


def say_judged_on(plan: TrialPlan) -> str:
    """Say when a trial can be judged, and on how many deals.

    >>> from datetime import date
    >>> from processminer.revisions.revision import TrialPlan
    >>> say_judged_on(TrialPlan("", "", 2496, date(2027, 3, 9))), say_judged_on(TrialPlan("", "", 90, None))
    ('on 9 March 2027 at the present pace: it takes 2,496 deals', 'not within ten years: it takes 90 deals')
    """
    if plan.needed_deals is None:
        return "no number of deals decides it"
    deals = say_count(plan.needed_deals, "deal")
    if plan.judged_on is None:
        return f"not within ten years: it takes {deals}"
    return f"on {say_date(plan.judged_on)} at the present pace: it takes {deals}"


def say_tried(plan: TrialPlan, as_of: date) -> str:
    """Say as a sentence when a trial can be judged, and plainly where nobody will wait for that; empty if never.

    >>> from datetime import date
    >>> from processminer.revisions.revision import TrialPlan
    >>> say_tried(TrialPlan("", "", 90, date(2027, 3, 9)), date(2026, 6, 30))
    'To be judged on 9 March 2027 at the present pace: it takes 90 deals.'
    >>> say_tried(TrialPlan("", "", 3125, date(2032, 9, 11)), date(2026, 6, 30))
    'Too few deals come for a quick trial: it takes 3,125, until 2032 at the present pace.'
    """
    if plan.judged_on is None or plan.needed_deals is None:
        return ""
    if (plan.judged_on - as_of).days <= LATE_DAYS:
        return f"To be judged {say_judged_on(plan)}."
    return (
        f"Too few deals come for a quick trial: it takes {plan.needed_deals:,}, until {plan.judged_on.year} at the"
        " present pace."
    )


def measures_of(effect: Mapping[str, Interval]) -> tuple[str, ...]:
    """Return the measures of an effect in the order in which they are read; those without a name come last."""
    own = [measure for measure in MEASURES if measure in effect]
    return (*own, *sorted(set(effect) - set(MEASURES)))


def measure_name(measure: str) -> str:
    """Return what a measure is called."""
    return MEASURES.get(measure, measure.replace("_", " ").capitalize())


def say_change(measure: str, change: Interval | None) -> str:
    """Say a predicted change with its range; shares change in percentage points.

    >>> from processminer.statistics.interval import Interval
    >>> say_change("won_cycle_days", Interval(5.2, 2.6, 7.9)), say_change("win_rate", None)
    ('+5.2 days (+2.6 to +7.9 days)', 'not estimated')
    >>> say_change("value", Interval(1050.2, 0, 1958))
    '+1,050 (0 to +1,958)'
    """
    if change is None or not exists(change.estimate):
        return "not estimated"
    say = _CHANGES.get(measure, say_signed)
    return f"{say(change.estimate)} ({say_range(change, say)})"


def say_revision(revision: Revision) -> str:
    """Say in a few words what a revision changes."""
    return f"{REVISIONS[revision.kind]}: {revision.subject}"


def say_effect(revision: Revision) -> str:
    """Say the predicted effect of a revision on every measure that was estimated."""
    return _effect(revision.effect) or "Effect not estimated"


def say_together(found: Together) -> str:
    """Say what all compatible revisions do together, and why that is not the sum; nothing where it is one's effect."""
    if not found.why:
        return ""
    pairs = [f"{one} and {other}" for one, other in found.conflicts]
    apart = f" Of two that exclude each other only the first is in it: {'; '.join(pairs)}." if pairs else ""
    whole = _effect(found.effect, {"win_rate": MEASURES["win_rate_overall"]})
    return f"{say_list(found.revisions, len(found.revisions))} together: {whole}. {found.why}{apart}"


def say_undecided(item: Undecided) -> str:
    """Say what cannot be told, how many deals would settle it, and when they are there."""
    change = f"{REVISIONS[item.kind]}: {item.subject}"
    there = "" if item.there_on is None else f", there on {say_date(item.there_on)} at the present pace"
    return f"{change}? Cannot tell: {say_count(item.needed_deals, 'deal')} in all would settle it{there}."


def _effect(effect: Mapping[str, Interval], names: Mapping[str, str] = MappingProxyType({})) -> str:
    told = (f"{names.get(m) or measure_name(m)} {say_change(m, effect[m])}" for m in measures_of(effect))
    return "; ".join(told)


def _clause(text: str) -> str:
    return text.rstrip(".")


def _say_more_days(days: float) -> str:
    sign = "" if days == 0 else "+" if days > 0 else MINUS
    return f"{sign}{say_days(abs(days)) if days else '0 days'}"


def _say_amount(amount: float) -> str:
    rounded = round(amount)
    return f"{'' if rounded == 0 else '+' if rounded > 0 else MINUS}{abs(rounded):,}"


_CHANGES: Mapping[str, Callable[[float], str]] = {
    "win_rate": say_points,
    "win_rate_overall": say_points,
    "won_cycle_days": _say_more_days,
    "value": _say_amount,
}
