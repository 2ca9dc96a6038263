"""Breaches and standings, counted into deviations and obligations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from processminer.conformance.breaches import Breach
from processminer.conformance.conformance import Deviation, Obligation
from processminer.conformance.sentences import say_absent, say_breach, say_rule
from processminer.playbook.lines import line_of
from processminer.statistics.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processminer.conformance.conformance import Alignment
    from processminer.conformance.rules.rule import Rule, Standing


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
    unknown: tuple[str, ...] = ()
    """Stages of the log that the playbook does not know, those with the most deals first."""

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
    unknown = {one.subject for each in told for one in each.breaches if one.kind == "undeclared" and one.stage is None}
    for each in told:
        stages = set(each.alignment.path)
        skipped = {breach.subject for breach in each.breaches if breach.kind == "skipped"}
        visited.update(dict.fromkeys(stages, each.deals))
        jumped.update(dict.fromkeys(skipped - stages, each.deals))
    strangers = tuple(sorted(unknown, key=lambda stage: (-visited[stage], stage)))
    return Reach(sum(each.deals for each in told), visited, jumped, strangers)


def breaches_of_rule(rule: Rule) -> tuple[Breach, ...]:
    """Return what breaking a rule is called; of two, the second is for deals with a remark."""
    return tuple(Breach(kind, rule.subject, rule.stage) for kind in rule.breaches)


def rule_obligation(held: Held, text: str) -> Obligation:
    """Return how the deals that a rule beside the path concerns stand to it."""
    rule, standing = held.rule, held.standing
    return Obligation(
        kind=rule.kind,
        subject=rule.subject,
        stage=rule.stage,
        kept=standing.kept,
        broken=standing.broken,
        pending=standing.pending,
        unchecked=standing.unchecked,
        needs=rule.needs if standing.unchecked else None,
        line=line_of(text, rule.path),
        warned=standing.warned,
        now=standing.remarked if rule.right_now else 0,
        note=rule.note,
    )


def rule_deviation(held: Held, breach: Breach, count: Count, text: str) -> Deviation:
    """Return how often a rule beside the path was broken in one way, of the deals that had come to keep or break it."""
    reached = held.standing.kept + held.standing.broken
    sentence = say_rule(held.rule, held.standing, breach.kind, count.deals)
    return deviation_of(breach, count, reached, sentence, line_of(text, held.rule.path))


def path_deviation(breach: Breach, count: Count, reach: Reach, text: str) -> Deviation:
    """Return how often deals left the order of the stages in one way, of those that could have."""
    reached = reach.of(breach)
    key = ("max_visits",) if breach.kind == "too-many-visits" else ()
    line = None if breach.stage is None else line_of(text, ("stages", breach.stage, *key))
    sentence = say_breach(breach, count.deals, reached)
    if breach.kind == "skipped" and not reach.visited[breach.subject]:
        sentence = say_absent(breach.subject, count.deals, reached, reach.unknown)
    return deviation_of(breach, count, reached, sentence, line)


def deviation_of(breach: Breach, count: Count, reached: int, sentence: str, line: int | None) -> Deviation:
    """Return a deviation of so many of the deals that came to it, with the share that they are."""
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
