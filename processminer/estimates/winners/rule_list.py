"""A short list of rules that separates winners from losers by what was known at one moment. A description, no cause."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from processminer.discovery.segments import segments
from processminer.engines.relations import read_sql
from processminer.engines.trees import grow_groups
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.pseudo_values import pseudo_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from processminer.discovery.discovery import Discovery, StageFlow
    from processminer.engines.trees import Group, Question
    from processminer.statistics.survival import Floats

    Counts = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

PACKAGE = "processminer.estimates.winners"

DEPTH = 3
"""A rule of more than three parts is not read."""

LEAST = 30
"""Deals of a rule, and at least `LEAST_SHARE` of those it is grown on: fewer are stories."""

LEAST_SHARE = 0.05

OLDER = 0.7
"""The rules are found in the older deals; what they are worth is told from the newest."""

ENOUGH = 200
"""With fewer deals, a tree finds little but chance."""

CERTAIN = 0.9
"""A stage that nearly all won deals come through; of those, rules are told from the one where most is undecided."""

USED = 0.1
MOST_TASKS = 12

WINS = 0.9
"""Of the wins, so many lie within the horizon."""


@dataclass(frozen=True, slots=True)
class Part:
    """A condition of a rule."""

    about: Literal["attribute", "stage", "task", "days", "stages", "touches"]
    name: str
    """The attribute, stage or activity; empty for numbers."""
    holds: str
    """`is`, `is not`, `was`, `was not`, `above` or `at most`."""
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Deals that are alike in what was known of them, and how many of them are won."""

    parts: tuple[Part, ...]
    """All of them hold; empty where nothing tells deals apart."""
    deals: int
    """Newest deals that it holds for."""
    won: Interval
    """Share of them won within the horizon, open ones counted as far as they were followed; 95 % limits."""
    older_deals: int
    older_won: float
    """The same share among the older deals, which the rule was found in."""


@dataclass(frozen=True, slots=True)
class RuleList:
    """Rules of which exactly one holds for each deal, the likeliest to win first."""

    stage: str
    """They are told from the first entry of deals into it."""
    horizon_days: int
    rules: tuple[Rule, ...]
    deals: int
    """Deals that came to the stage, older and newest."""


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    values: Floats
    parts: tuple[tuple[str, str, str], ...]
    """What each column is about: kind, name and value; a value where it is a yes or no."""


def rule_list(discovery: Discovery) -> RuleList | None:
    """Return the rules, told from the stage where most is undecided of those that nearly all won deals come through.

    Known are what a deal is, the stages and activities behind it, how long it took and how often it was touched. The
    outcome is a win within the horizon, as pseudo-values, so that open deals count. None where too few deals came
    to such a stage. Needs `stays`.
    """
    log = discovery.log
    stage = _moment(discovery)
    if stage is None:
        return None
    code = next(number for number, one in enumerate(log.stages) if one.name == stage.stage)
    told = log.relations.numbers(
        read_sql(PACKAGE, "then_known.sql"), {"code": code, "as_of": log.as_of.replace(tzinfo=None)}
    )
    days, cause = told["days"].astype(np.int64), told["cause"].astype(np.int64)
    wins = days[cause == 1]
    if len(days) < ENOUGH or len(wins) < LEAST:
        return None
    horizon = max(1, math.ceil(float(np.quantile(wins, WINS))))
    outcome = pseudo_values(days, cause, horizon).values
    columns = _columns(discovery, code, told["deal"].astype(np.int64), told)
    moment = told["moment_us"]
    followed = told["watched"] > horizon
    if not followed.any():
        return None
    older: Flags = moment < np.quantile(moment[followed], OLDER)
    newest: Flags = ~older & followed
    least = max(LEAST, math.ceil(LEAST_SHARE * int(older.sum())))
    if older.sum() < 2 * least or newest.sum() < LEAST:
        return None
    groups = grow_groups(columns.values[older], outcome[older], depth=DEPTH, least=least)
    rules = [
        _rule(group, columns, outcome[older & held], outcome[newest & held])
        for group in groups
        if (held := group.holds(columns.values)).any() and (newest & held).sum() > 1
    ]
    return RuleList(stage.stage, horizon, tuple(sorted(rules, key=_likeliest)), len(days))


def _likeliest(rule: Rule) -> tuple[float, str]:
    return (-rule.older_won, str(rule.parts))


def _moment(discovery: Discovery) -> StageFlow | None:
    """Choose the stage from which about half of the deals are won, as nearly as any."""
    won = sum(lead.deals for lead in discovery.lead_times if lead.outcome == "won")
    usual = [one for one in discovery.stages if one.kind == "open" and one.deals and one.won >= CERTAIN * won]
    return min(usual, key=lambda one: (round(abs(one.won / one.deals - 0.5), 6), -one.deals), default=None)


def _columns(discovery: Discovery, code: int, deal: Counts, told: dict[str, Floats]) -> _Columns:
    log = discovery.log
    often = [task.name for task in discovery.tasks if task.deals >= USED * discovery.totals.deals][:MOST_TASKS]
    rows = log.relations.rows(
        read_sql(PACKAGE, "traits_then.sql"), {"code": code, "attributes": list(segments(log)), "tasks": often}
    )
    place = {int(number): row for row, number in enumerate(deal)}
    held: dict[tuple[str, str, str], list[int]] = {}
    for number, *trait in rows:
        if number in place:
            held.setdefault((trait[0], trait[1], trait[2]), []).append(place[number])
    numbers = {("days", "", ""): told["days_before"], ("stages", "", ""): told["stages_before"]}
    if often:
        numbers["touches", "", ""] = told["touches_before"]
    parts = (*held, *numbers)
    values = np.zeros((len(deal), len(parts)))
    for column, which in enumerate(held.values()):
        values[which, column] = 1.0
    for column, measured in enumerate(numbers.values(), start=len(held)):
        values[:, column] = measured
    return _Columns(values, parts)


def _rule(group: Group, columns: _Columns, older: Floats, newest: Floats) -> Rule:
    error = max(float(newest.std(ddof=1)) / math.sqrt(len(newest)), 1e-12)
    limits = Estimated(float(newest.mean()), error, len(newest) - 1).interval()
    return Rule(
        parts=_told(group.questions, columns),
        deals=len(newest),
        won=Interval(*(min(1.0, max(0.0, end)) for end in (limits.estimate, limits.low, limits.high))),
        older_deals=len(older),
        older_won=min(1.0, max(0.0, float(older.mean()))),
    )


def _told(questions: Sequence[Question], columns: _Columns) -> tuple[Part, ...]:
    """Return the conditions, of several bounds on one number only the tightest."""
    last = {(one.column, one.above): one for one in questions}
    return tuple(_part(one, columns.parts[one.column]) for one in last.values())


def _part(question: Question, about: tuple[str, str, str]) -> Part:
    kind, name, value = about
    match kind:
        case "attribute":
            return Part("attribute", name, "is" if question.above else "is not", value)
        case "stage" | "task":
            return Part(kind, name, "was" if question.above else "was not", "")
        case "days" | "stages":
            return Part(kind, "", "above" if question.above else "at most", f"{question.bound:g}")
        case _:
            return Part("touches", "", "above" if question.above else "at most", f"{question.bound:g}")
