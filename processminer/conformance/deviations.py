"""Breaches and standings, counted into deviations and obligations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.conformance.breaches import Breach
from processminer.conformance.conformance import Deviation, Obligation
from processminer.conformance.rules import Condition, Duty, Limit, subject_of
from processminer.conformance.sentences import say_breach, say_rule
from processminer.playbook.lines import line_of
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.automaton import Automaton
    from processminer.conformance.conformance import Alignment
    from processminer.conformance.rules import Rule, Standing
    from processminer.playbook.model import DeviationKind


@dataclass(frozen=True, slots=True)
class Told:
    """A distinct path, explained, with what it breaks and how many deals took it."""

    alignment: Alignment
    breaches: frozenset[Breach]
    deals: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many deals broke one thing, and the first five of them in alphabetical order."""

    deals: int
    won: int
    lost: int
    open: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A rule beside the path, and how the deals stand to it."""

    rule: Rule
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reach:
    """How far deals with a path came: the denominators of what they broke on their way."""

    deals: int
    visited: Counter[str]
    """Deals that were in a stage."""
    jumped: Counter[str]
    """Deals that skipped a stage and never were in it."""

    def of(self, breach: Breach) -> int:
        """Return how many deals could have left the playbook in this way.

        An undeclared stage and started-late: all of them. Returned, and an undeclared move: those that came to the
        stage it leads from. Skipped: those that came to the stage or past it. Not-repeated and too-many-visits: those
        that came to the stage.
        """
        if breach.stage is None or breach.kind == "started-late":
            return self.deals
        past = self.jumped[breach.stage] if breach.kind == "skipped" else 0
        return self.visited[breach.stage] + past


def reach_of(told: Sequence[Told]) -> Reach:
    """Return how far the deals came, counted in one pass over their paths."""
    visited: Counter[str] = Counter()
    jumped: Counter[str] = Counter()
    for each in told:
        stages = set(each.alignment.path)
        skipped = {breach.subject for breach in each.breaches if breach.kind == "skipped"}
        visited.update(dict.fromkeys(stages, each.deals))
        jumped.update(dict.fromkeys(skipped - stages, each.deals))
    return Reach(sum(each.deals for each in told), visited, jumped)


def stage_obligations(told: Sequence[Told], automaton: Automaton, text: str) -> tuple[Obligation, ...]:
    """Return for each required stage how the deals with a path stand to it, in the playbook's order.

    Kept: been there, and not past it before. Broken: skipped it. Pending: open, and not yet as far. Deals that ended
    before it, began behind it, or went round it by an allowed way owe it nothing and are not counted.
    """
    return tuple(_stage_obligation(stage, told, automaton, text) for stage in automaton.required)


def _stage_obligation(stage: str, told: Sequence[Told], automaton: Automaton, text: str) -> Obligation:
    skipped = Breach("skipped", stage, stage)
    counted: Counter[str] = Counter()
    for each in told:
        path = each.alignment.path
        last = next((automaton.state[name] for name in reversed(path) if name in automaton.state), 0)
        if skipped in each.breaches:
            counted["broken"] += each.deals
        elif stage in path:
            counted["kept"] += each.deals
        elif each.alignment.ending == "open" and last < automaton.state[stage]:
            counted["pending"] += each.deals
    return Obligation(
        kind="path",
        subject=stage,
        stage=stage,
        kept=counted["kept"],
        broken=counted["broken"],
        pending=counted["pending"],
        unchecked=0,
        needs=None,
        line=line_of(text, ("stages", stage)),
    )


def rule_obligation(held: Held, text: str) -> Obligation:
    """Return how the deals that a limit, task or criterion concerns stand to it."""
    rule, standing = held.rule, held.standing
    kinds: dict[type, Literal["time-limit", "task", "exit-criterion"]] = {
        Limit: "time-limit",
        Duty: "task",
        Condition: "exit-criterion",
    }
    return Obligation(
        kind=kinds[type(rule)],
        subject=subject_of(rule),
        stage=rule.stage.name,
        kept=standing.kept,
        broken=standing.broken,
        pending=standing.pending,
        unchecked=standing.unchecked,
        needs=rule.needs if standing.unchecked else None,
        line=_line_of_rule(rule, text),
    )


def breach_of(rule: Rule) -> Breach:
    """Return what breaking a rule is called."""
    kinds: dict[type, DeviationKind] = {Limit: "over-time", Duty: "task-missing", Condition: "criterion-missing"}
    return Breach(kinds[type(rule)], subject_of(rule), rule.stage.name)


def rule_deviation(held: Held, count: Count, text: str) -> Deviation:
    """Return how often a limit, task or criterion was broken, of the deals that had come to keep or break it."""
    reached = held.standing.kept + held.standing.broken
    sentence = say_rule(held.rule, held.standing)
    return _deviation(breach_of(held.rule), count, reached, sentence, _line_of_rule(held.rule, text))


def path_deviation(breach: Breach, count: Count, reach: Reach, text: str) -> Deviation:
    """Return how often deals left the order of the stages in one way, of those that could have."""
    reached = reach.of(breach)
    key = ("max_visits",) if breach.kind == "too-many-visits" else ()
    line = None if breach.stage is None else line_of(text, ("stages", breach.stage, *key))
    return _deviation(breach, count, reached, say_breach(breach, count.deals, reached), line)


def _deviation(breach: Breach, count: Count, reached: int, sentence: str, line: int | None) -> Deviation:
    return Deviation(
        kind=breach.kind,
        subject=breach.subject,
        deals=count.deals,
        reached=reached,
        share=wilson(count.deals, reached),
        won=count.won,
        lost=count.lost,
        open=count.open,
        examples=count.examples,
        sentence=sentence,
        line=line,
        stage=breach.stage,
    )


def _line_of_rule(rule: Rule, text: str) -> int | None:
    stage = ("stages", rule.stage.name)
    match rule:
        case Limit():
            return line_of(text, (*stage, "time_limit"))
        case Duty():
            return line_of(text, (*stage, "tasks", rule.task.do))
        case Condition():
            return line_of(text, (*stage, "exit_criteria", rule.criterion.name))
