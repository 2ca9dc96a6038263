"""The trial of a revision: by teams, one after the other, with the number of deals and the day told beforehand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from processminer.estimates.flow.model import usual_horizon
from processminer.findings.family import MARGIN
from processminer.revisions.acted_on import Pace, paces, stage_of
from processminer.revisions.revision import DISPENSABLE, Revision, TrialPlan
from processminer.statistics.proportions import needed_units, normal_quantile
from processminer.words import say_count, say_percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from processminer.findings.facts import Facts
    from processminer.revisions.revision import RevisionKind, Undecided

TEAMS = ("team", "salesteam", "ownerteam", "ownerrole", "region", "territory", "businessunit", "office", "country")
"""Attributes that say which people work a deal; a change is tried by these sooner than by single owners."""

HARMLESS: frozenset[RevisionKind] = frozenset({*DISPENSABLE, "remove-stage"})
"""Kinds that are tried for harm: the trial has to see a loss of `MARGIN`, not the gain that is hoped for."""

OR_PAST: frozenset[RevisionKind] = frozenset(
    {"make-stage-optional", "remove-stage", "require-stage", "allow-skip", "forbid-skip"}
)
"""Kinds that concern the deals that pass a stage by as well as those that come to it."""

SLOWER: frozenset[RevisionKind] = frozenset(
    {"set-time-limit", "set-handover-limit", "limit-returns", "allow-return", "check-earlier", "merge-stages"}
)
"""Kinds that promise time, if anything, where they predict no effect on wins."""

SEEN = 0.01
"""A predicted change of the share won below a point is beyond any trial: then `MARGIN` is what is looked for."""

FASTER = 0.10
"""Of the mean stay: a shorter gain in time is not worth a rule."""

TRIED_ANYWAY: frozenset[RevisionKind] = frozenset(
    {"set-time-limit", "set-handover-limit", "give-up-rule", "check-earlier", "add-exit-criterion", "split-by-segment"}
)
"""Kinds that ask people to work otherwise even where no effect can be predicted. The others then only write down what
is done already: there is nothing to compare."""

TOO_LONG = 3650.0
"""Days: in ten years nobody will remember what was asked."""

A_YEAR = 365.0
"""Days: who plans a trial for longer has to be told what a year would show."""

_DAYS_IN = "The days in"
"""How the measure of a trial begins that looks at time, and not at wins."""

_POWER = 0.8416
"""Standard errors for 80 % power."""


@dataclass(frozen=True, slots=True)
class Planner:
    """What every plan of one audit needs, asked of the log once."""

    facts: Facts
    pace: Mapping[tuple[str | None, bool], Pace]
    horizon_days: float
    teams: str | None
    """The attribute by which people are grouped, if the log has one."""

    def plan(self, revision: Revision) -> TrialPlan | None:
        """Return how a revision is tried; None where there is nothing to try."""
        if not revision.effect and revision.kind not in TRIED_ANYWAY:
            return None
        needed, measure = self._looked_for(revision)
        return TrialPlan(self._design(), measure, needed, self.there_on(revision, needed, self.horizon_days))

    def within_a_year(self, revision: Revision, plan: TrialPlan) -> str:
        """Return what a year of deals would show where the trial takes longer than that, as a sentence; else empty."""
        pace, needed = self._pace(revision), plan.needed_deals
        if needed is None or pace is None or pace.a_day <= 0 or needed <= pace.a_day * A_YEAR:
            return ""
        come = math.floor(pace.a_day * A_YEAR)
        _, looked_for = self._looked_for(revision)
        in_days = looked_for.startswith(_DAYS_IN)
        sought = FASTER if in_days else self._points(revision)
        # Limits narrow with the root of the deals.
        seen = sought * math.sqrt(needed / come) if come else math.inf
        if seen >= 1:
            return "Too few deals come to it for any trial: decide by judgement, and look at each deal."
        told = f"{say_percent(seen)} of the mean" if in_days else f"{100 * seen:.1f} points"
        return (
            f"At the present pace a year brings {say_count(come, 'deal')}, which show a difference of {told} or more:"
            " where that is not to be hoped for, decide by judgement rather than wait."
        )

    def there_on(
        self, one: Revision | Undecided, needed: int | None, follow_days: float, so_far: int = 0
    ) -> date | None:
        """Return the day on which so many deals will have come to where a change acts, and been followed."""
        log = self.facts.discovery.log
        pace = self._eligible(one)
        if needed is None or pace is None or pace.a_day <= 0:
            return None
        days = max(0, needed - so_far) / pace.a_day + follow_days
        return (log.as_of + timedelta(days=math.ceil(days))).date() if days <= TOO_LONG else None

    def so_far(self, one: Undecided) -> int:
        """Return how many deals have come to where a change would act, or were compared, where some were."""
        pace = self._eligible(one)
        return 0 if pace is None else pace.so_far

    def _eligible(self, one: Revision | Undecided) -> Pace | None:
        """Return how fast deals come that can be compared: of those that come to the stage, not all go on from it."""
        pace = self._pace(one)
        own = [effect.deals for effect in self.facts.estimates.effects if effect.trial.subject == one.subject]
        if pace is None or isinstance(one, Revision) or not own or not 0 < own[0] < pace.so_far:
            return pace
        return Pace(pace.a_day * own[0] / pace.so_far, own[0])

    def _pace(self, one: Revision | Undecided) -> Pace | None:
        name = stage_of(one, self.facts)
        stage = None if name is None else self.facts.playbook.stage(name)
        flow = None if stage is None else self.facts.flow(stage)
        return self.pace.get((None, False) if flow is None else (flow.stage, one.kind in OR_PAST))

    def _design(self) -> str:
        groups = f"teams (by '{self.teams}')" if self.teams else "owners"
        return (
            f"Put the {groups} in an order drawn by lot; every few weeks the next begin to work by it, and those"
            " that have not yet are what they are compared with. Who begins first is not chosen by how well they do:"
            " the worst would improve by chance alone."
        )

    def _looked_for(self, revision: Revision) -> tuple[int | None, str]:
        name = stage_of(revision, self.facts)
        where = "their beginning" if name is None else f"coming to {name}"
        where += " or past it" if name is not None and revision.kind in OR_PAST else ""
        days = f"{self.horizon_days:.0f} days"
        effect = revision.effect.get("win_rate")
        if effect is None and revision.kind in SLOWER and name is not None:
            return self._for_days(name), (
                f"{_DAYS_IN} {name} of the deals that come to it from then on, open ones counted as far as they"
                f" are followed; a change of {say_percent(FASTER)} of the mean counts. Beside it: the share won"
                f" within {days}."
            )
        points = self._points(revision)
        told = (
            f"The share of deals won within {days} of {where}, open ones counted as far as they are followed; a"
            f" difference of {100 * points:.1f} points would be seen four times in five. First of all: whether the new"
            " rule is kept at all."
        )
        return self._for_wins(name, points), told

    @staticmethod
    def _points(revision: Revision) -> float:
        effect = revision.effect.get("win_rate")
        if effect is None or revision.kind in HARMLESS or abs(effect.estimate) < SEEN:
            return MARGIN
        return abs(effect.estimate)

    def _for_wins(self, name: str | None, points: float) -> int | None:
        stage = None if name is None else self.facts.playbook.stage(name)
        flow = None if stage is None else self.facts.flow(stage)
        won, ended = (flow.won, flow.won + flow.lost) if flow is not None else (0, 0)
        base = won / ended if ended else self.facts.estimates.win_rate.rate.estimate
        if not math.isfinite(base) or not 0 < points < max(base, 1 - base):
            return None
        return needed_units(min(max(base, 0.01), 0.99), points)

    def _for_days(self, name: str) -> int | None:
        stage = self.facts.playbook.stage(name)
        time = None if stage is None else self.facts.time(stage)
        mean = None if time is None else time.mean_days
        if time is None or mean is None or not math.isfinite(mean.high - mean.low) or mean.estimate <= 0:
            return None
        error = (mean.high - mean.low) / 2 / normal_quantile(0.95)
        spread = error**2 * max(1, time.visits - time.open)
        both = normal_quantile(0.95) + _POWER
        return max(2, math.ceil(4 * spread * (both / (FASTER * mean.estimate)) ** 2))


def planner_of(facts: Facts) -> Planner:
    """Return what plans of this audit are made with."""
    log = facts.discovery.log
    known = {_plain(name): name for name in log.attributes}
    return Planner(
        facts, paces(facts), usual_horizon(log), next((known[name] for name in TEAMS if name in known), None)
    )


def _plain(name: str) -> str:
    """Return an attribute's name in small letters alone, as CRMs write it in many ways.

    >>> _plain("Sales_Team__c")
    'salesteam'
    """
    return "".join(letter for letter in name.casefold().removesuffix("__c") if letter.isalnum())
