"""Measures of deals against the playbook, where deviations concentrate, what is accepted, and metrics, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.report.over_limit import say_amount
from processminer.report.telling import exists, say_points, say_range, say_signed
from processminer.statistics.proportions import wilson
from processminer.words import say_count, say_days, say_list, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from processminer.conformance.conformance import Conformance, Deviation
    from processminer.conformance.measured import Acceptance, Concentration, Group
    from processminer.estimates.held import HeldMetric, Verdict

FIRST_GROUPS = 10
"""Groups of one attribute that are listed; all are in `audit.json`."""

FIRST_EXAMPLES = 20
"""Deals whose moves the page tells."""

FIRST_PLACES = 3
"""Groups that a sentence names; all are in `audit.json`."""


def say_measures(found: Conformance) -> Iterator[tuple[str, str]]:
    """Yield what was measured of the whole, each with its heading."""
    measures = found.measures
    if measures is None or measures.fitness is None:
        return
    if measures.value_fitness is not None:
        money = f" in {measures.currency}" if measures.currency else ""
        deals = say_count(measures.value_deals, "deal")
        yield (
            "By worth",
            f"Weighted by amount, fitness is {measures.value_fitness:.3f} ({deals} with an amount{money}).",
        )
    if measures.precision is not None:
        used = say_share(measures.moves_used, measures.moves_allowed)
        share = say_percent(measures.precision)
        yield (
            "Used",
            f"{used} allowed moves are ever taken; where deals have the choice, {share} of what may follow ever does"
            f" (precision, {say_count(measures.visits, 'visit')}).",
        )
    newest = measures.generalisation
    if newest is not None:
        limits = f"{_fit(newest.difference.low)} to {_fit(newest.difference.high)}"
        yield (
            "Newest",
            f"The fitness of the newest {say_count(newest.newest, 'deal')} is {_fit(newest.difference.estimate)}"
            f" ({limits}) against the {newest.rest:,} before them; {newest.newest_open:,} of them"
            f" {'is' if newest.newest_open == 1 else 'are'} still open, and had less time to leave the playbook.",
        )
    trend = measures.trend
    if trend is not None:
        change, limits = say_points(trend.change.estimate), say_range(trend.change, say_points)
        yield (
            "Trend",
            f"The share of closed deals that left the playbook changed by {change} a quarter ({limits}; p ="
            f" {_p(trend.p_value)}) over {trend.quarters} quarters of their close, {say_count(trend.deals, 'deal')}.",
        )


def say_weighed(found: Conformance) -> Iterator[tuple[str, str]]:
    """Yield what is said of the whole beside the verdicts, each with its heading: measures, then what is accepted."""
    yield from say_measures(found)
    accepted = (say_fitness_accepted(found), *map(say_accepted, found.accepted))
    yield from (("Accepted", said) for said in accepted if said)


def _fit(difference: float) -> str:
    """Say a difference of fitness with its sign, to the third digit."""
    shown = f"{abs(difference):.3f}"
    return shown if float(shown) == 0 else f"{'+' if difference > 0 else say_signed(-1)[0]}{shown}"


def _p(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def groups_of(found: Conformance) -> Iterator[Group]:
    """Yield the groups to list: of each attribute the largest ones, quarters in their order, small ones at the end."""
    measures = found.measures
    if measures is None:
        return
    yield from measures.quarters
    for attribute in dict.fromkeys(one.attribute for one in (*measures.owners, *measures.segments)):
        own = [one for one in (*measures.owners, *measures.segments) if one.attribute == attribute]
        named = [one for one in own if one.value is not None]
        yield from named[:FIRST_GROUPS]
        yield from (one for one in own if one.value is None)


def say_unlisted(found: Conformance) -> str:
    """Say how many owners and values of attributes are not listed; empty where all are."""
    measures = found.measures
    whole = 0 if measures is None else len(measures.quarters) + len(measures.owners) + len(measures.segments)
    left = whole - len(list(groups_of(found)))
    return f"... and {say_count(left, 'group')} with fewer deals; --format json tells all." if left else ""


def group_row(group: Group) -> tuple[str, str, int, str, str, str]:
    """Return the cells of a group: attribute, value, deals, fitness, those that left the playbook, limits."""
    value = group.value if group.value is not None else f"{say_count(group.groups, 'small group')} together"
    left = say_share(group.violating, group.deals)
    return group.attribute, value, group.deals, f"{group.fitness:.3f}", left, say_range(group.share, say_percent)


def say_places(deviation: Deviation) -> str:
    """Say in which groups a deviation is more frequent than elsewhere; empty where in none beyond chance."""
    if not deviation.concentrations:
        return ""
    named = "; ".join(_place(one) for one in deviation.concentrations[:FIRST_PLACES])
    more = len(deviation.concentrations) - FIRST_PLACES
    return f"More frequent for {named}{f'; and {more} more' if more > 0 else ''}."


def _place(one: Concentration) -> str:
    here, there = say_share(one.deals, one.reached), say_percent(one.rest_deals / one.rest_reached)
    return f"{one.attribute} {one.value}: {here} against {there} of the others (q {_q(one.q_value)})"


def _q(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"= {value:.3f}"


def say_worth(deviation: Deviation) -> str:
    """Say what the deals of a deviation are worth, and when it was seen first and last."""
    told: list[str] = []
    if deviation.amount is not None:
        some = "" if deviation.valued == deviation.deals else f" ({say_count(deviation.valued, 'deal')} with an amount)"
        told.append(f"Worth {say_amount(deviation.amount, deviation.currency)}{some}.")
    if deviation.first_seen is not None:
        seen = (deviation.first_seen, deviation.last_seen)
        told.append(f"Seen on {seen[0]}." if seen[0] == seen[1] else f"Seen from {seen[0]} to {seen[1]}.")
    return " ".join(told)


def say_wins(deviation: Deviation) -> str:
    """Say how many of the deals were won beside the others that came to it; empty where none of one side closed."""
    closed, others = deviation.won + deviation.lost, deviation.others_won + deviation.others_lost
    if not closed or not others:
        return ""
    limits = say_range(wilson(deviation.won, closed), say_percent)
    return (
        f"Of these, {say_share(deviation.won, closed)} closed ones were won ({limits}); of the others"
        f" {say_share(deviation.others_won, others)}: that is a description, no cause."
    )


def say_accepted(one: Acceptance) -> str:
    """Say what is accepted, why, until when, and of how many deals."""
    where = f" for {one.where}" if one.where else ""
    what = f"{one.kind} {one.subject}{where}: {one.because.rstrip('.')}."
    if one.unknown:
        return f"{what} The log does not know {say_list(one.unknown, 5)}, so nothing is excused by it."
    if not one.matches:
        return f"{what} No deal deviates in this way, so the acceptance excuses nothing."
    if one.expired:
        again = say_count(one.matches, "deal counts", "deals count")
        return f"{what} It expired on {one.until}: {again} again."
    until = f"until {one.until}" if one.until is not None else "without an end"
    return f"{what} {say_count(one.deals, 'deal is', 'deals are')} excused, {until}."


def say_fitness_accepted(found: Conformance) -> str:
    """Say how well deals fit with what is accepted forgiven; empty where nothing is accepted."""
    if found.fitness_accepted is None:
        return ""
    deals = say_count(found.deals_accepted, "deal keeps", "deals keep")
    return (
        f"With what is accepted forgiven, mean fitness is {found.fitness_accepted:.3f}; {deals} to the playbook by it."
    )


def metric_row(one: HeldMetric) -> tuple[str, str, str, str, str]:
    """Return the cells of a metric: its name, its target, what was measured, what that rests on, the verdict."""
    rests = f"{one.of} (n = {one.n:,})" if one.n else one.of
    return one.name, one.target or "", say_measured(one), rests, one.verdict


def say_measured(one: HeldMetric) -> str:
    """Say the estimate of a metric with its limits; empty where there is none."""
    if not one.n:
        return ""
    say: Callable[[float], str] = say_days if one.unit == "days" else say_percent
    estimate = say(one.estimate) if one.estimate is not None and exists(one.estimate) else "not reached"
    low, high = (say(limit) if limit is not None and exists(limit) else None for limit in (one.low, one.high))
    if low is None and high is None:
        return f"{estimate} (limits not known)"
    return f"{estimate} ({low or 'unknown'} to {high or 'unknown'})"


_STANDING: dict[Verdict, str] = {
    "met": "met",
    "missed": "missed",
    "cannot tell": "too close to its target to tell",
    "no target": "without a target",
    "not measured": "not measured",
    "people count it": "counted by people",
}
"""What is said of so many metrics, by their verdict."""


def say_metrics(metrics: Sequence[HeldMetric]) -> str:
    """Say in a sentence how many metrics are met; empty where the playbook has none."""
    if not metrics:
        return ""
    counted = {said: sum(one.verdict == verdict for one in metrics) for verdict, said in _STANDING.items()}
    told = [f"{number} {said}" for said, number in counted.items() if number]
    return f"Of {say_count(len(metrics), 'metric')}: {say_list(told, len(told))}."
