"""What is asked of the log, a trial that nobody ran, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.statistics.proportions import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.statistics.estimated import Estimated
    from processminer.statistics.interval import Interval
    from processminer.statistics.sensitivity import Benchmark

TrialKind = Literal["stage", "task", "early-task", "return", "skip", "return-to", "criterion", "order"]

SETTLES = 0.05
"""The difference that `needed_deals` is told for where nobody asks for another."""

ARM = 30
"""With fewer deals on one side, the normal approximation behind the limits is not to be trusted."""

WINS = 10
"""With fewer wins in all, hardly anything can be told of what helps them."""

ENOUGH_OVERLAP = 0.6
"""Where fewer of the deals than this have counterparts, the answer would be about other deals than were asked for."""

_POWER = normal_quantile(0.95) + normal_quantile(0.6)
"""Standard errors between nothing and a difference that is found in four of five logs (5 % two-sided)."""

SCREAMS = 0.01
"""One chance in a hundred, counting how few owners tell it: what came before the moment differs, so the deals differed
already."""

DRIFTS = 1.96
"""Standard errors between the older and the newest deals, by chance in one log of twenty."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An action to be compared with doing without it, from the moment when a deal had to decide.

    - `stage`: at the first move from an earlier open stage into `stage` or past it: the deal moves into it.
    - `task`: at the first move on from `stage` to a later open one: the task had been done.
    - `early-task`: `within_days` after first entering `stage`, if still there: the task had been done since then.
    - `return`: at the first leaving of `stage`, closing included: the deal goes back to an earlier open one. It is
      told as if a deal that was closed might have gone back as well; where only live deals do, it looks too good.
    - `return-to`: the same of one stage that it goes back to, `to`; going back elsewhere is not doing it.
    - `skip`: at the first move on from `stage`, as far as `to` or to a stage before that: the deal goes straight `to`.
    - `criterion`: at the first move on from `stage` to a later open one: the field `subject` was filled by then.
    - `order`: when the first of the tasks `subject` and `to` was done in `stage`: it was `subject`.
    """

    kind: TrialKind
    subject: str
    """The stage, or the task as people call it."""
    stage: str
    """As the log calls it."""
    seen_as: tuple[str, ...] = ()
    """Names or subjects of activities that show that the task was done."""
    since_entry: bool = False
    """Whether, for `task`, only activities since the deal entered the stage count."""
    within_days: float = 0.0
    """For `early-task`."""
    to: str = ""
    """For `skip` and `return-to`, the stage that it leads to, as the log calls it; for `order`, the other task."""

    @property
    def moment(self) -> str:
        """The decision moment, as a phrase."""
        match self.kind:
            case "stage":
                return f"the first move into '{self.stage}' or past it"
            case "task" | "criterion" | "skip":
                return f"the first move on from '{self.stage}'"
            case "early-task":
                return f"{self.within_days:g} days after the first entry into '{self.stage}'"
            case "return" | "return-to":
                return f"the first leaving of '{self.stage}'"
            case "order":
                return f"the first of '{self.subject}' and '{self.to}' in '{self.stage}'"


@dataclass(frozen=True, slots=True)
class Arm:
    """The deals that decided alike."""

    deals: int
    won: int
    """Within the horizon."""
    open: int
    """Open deals that were not followed to the horizon."""
    closed: int
    """Won or lost by now, whenever that was."""
    days_to_win: float | None
    """Median whole days from the moment to the win, of those won within the horizon; None where none was."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What the action changes among deals that were alike."""

    difference: Estimated
    """Points of the share won within the horizon: with the action less without it."""
    with_action: float
    without: float
    if_all: Estimated
    """How the share won changes if all these deals take the action, and not only those that do."""
    if_none: Estimated
    """The same if none takes it."""
    counted: Literal["deals", "owners"]
    """What the estimate compares: where owners decide, each owner is one piece of evidence."""
    clusters: int
    """How many independent pieces of evidence the limits count."""
    overlap: float | None
    """The share of deals that have counterparts; None where owners are compared."""
    effective: tuple[float, float] | None
    """Effective number of deals with and without the action, after weighting; None where owners are compared."""
    balance: Mapping[str, tuple[float, float]]
    """By what was held equal, the largest standardised difference before and after weighting; empty for owners."""

    @property
    def interval(self) -> Interval:
        """95 % limits."""
        return self.difference.interval()


@dataclass(frozen=True, slots=True)
class Part:
    """What the action changes among the deals of one segment, drawn towards the others the more, the fewer they are."""

    name: str
    deals: int
    acted: int
    """Those of them that took the action."""
    difference: Estimated


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action changes of the share of deals won, with everything that is needed to doubt it.

    An observation, not an experiment: `benchmark` and `e_value` tell how strong an unknown cause would have to be.
    """

    trial: Trial
    horizon_days: int
    acted: Arm
    did_not: Arm
    crude: Interval
    """Nothing held equal, open deals counted as far as they were followed."""
    adjusted: Adjusted | None
    refused: str
    """Why nothing is told, as a clause; empty where something is."""
    held_equal: tuple[str, ...]
    """What was known at the moment and held equal."""
    left_out: Mapping[str, str]
    """What was not held equal, and why."""
    benchmark: Benchmark | None
    e_value: tuple[float, float] | None
    """For the estimate, and for its limit next to none."""
    negative_control: Estimated | None
    """The same comparison of days spent in the first stage, which was over by then: far from 0 is a warning."""
    discovery: Adjusted | None
    """The same among the older deals alone."""
    confirmation: Adjusted | None
    """The same among the newest deals that were followed for the whole horizon."""
    overlap: float | None = None
    """The share of deals that have counterparts, also where nothing is told; None where owners are compared."""
    segment: str = ""
    """By which attribute the `parts` are told apart."""
    parts: tuple[Part, ...] = ()
    """By segment, those with enough deals; empty where owners are compared or deals are not told apart."""
    parts_alike: float | None = None
    """The p-value against "it changes as much in all parts" (Cochran, 1954); None where there are no parts."""

    @property
    def split(self) -> bool:
        """Whether the older deals find and the newest tell how much: where the older ones alone could find `SETTLES`.

        Otherwise all deals do both: a find among seven in ten of too few deals would mostly be luck, and what is true
        would be missed. What is found by all deals may look larger than it is; whoever tells it as a range from
        "nobody changes" to "everybody does" holds the truth all the same.
        """
        older, newest = self.discovery, self.confirmation
        return older is not None and newest is not None and older.difference.error * _POWER <= SETTLES

    @property
    def found(self) -> Adjusted | None:
        """What tests rest on: the older deals where there are enough to split, otherwise all."""
        return self.discovery if self.split else self.adjusted

    @property
    def printed(self) -> Adjusted | None:
        """What is told: the newest deals where there are enough to split, otherwise all."""
        return self.confirmation if self.split else self.adjusted

    @property
    def older(self) -> Interval | None:
        """What the older deals tell, with 95 % limits."""
        return None if self.discovery is None else self.discovery.interval

    @property
    def deals(self) -> int:
        """How many deals came to the moment."""
        return self.acted.deals + self.did_not.deals

    @property
    def too_few(self) -> bool:
        """Whether more deals, or more owners, would tell what these do not."""
        return self.adjusted is None and (self.overlap is None or self.overlap >= ENOUGH_OVERLAP)

    @property
    def p_value(self) -> float | None:
        """Two-sided, against "it changes nothing"; None where nothing is told."""
        return None if self.found is None else self.found.difference.p_value

    @property
    def beats_benchmark(self) -> bool:
        """Whether a hidden cause as strong as the strongest known one would leave the limits off 0."""
        if self.adjusted is None:
            return False
        found, moves = self.adjusted.difference, 0.0 if self.benchmark is None else self.benchmark.moves
        return abs(found.value) - normal_quantile(0.95) * found.error > moves

    @property
    def screams(self) -> bool:
        """Whether the deals differed before the moment in what the action cannot have changed."""
        control = self.negative_control
        return control is not None and control.p_value <= SCREAMS

    @property
    def confirmed(self) -> bool:
        """Whether the newest deals point the same way as those that found it."""
        if self.found is None or self.confirmation is None:
            return False
        return self.found.difference.value * self.confirmation.difference.value > 0

    @property
    def contradicted(self) -> bool:
        """Whether the newest deals could be compared and point the other way."""
        return self.confirmation is not None and not self.confirmed

    @property
    def by_owner(self) -> bool:
        """Whether owners were compared, whose skill then cannot be held equal."""
        return self.adjusted is not None and self.adjusted.counted == "owners"

    @property
    def odds(self) -> float | None:
        """How many times as high the odds of a win are with the action; None where nothing is told."""
        return None if self.found is None else _odds(self.found.with_action, self.found.without)

    @property
    def least_odds(self) -> float | None:
        """The same by the 95 % limit next to none; 1 where the limits include none, None where nothing is told."""
        if self.found is None:
            return None
        limits = self.found.interval
        nearest = 0.0 if limits.low <= 0 <= limits.high else min(limits.low, limits.high, key=abs)
        return _odds(self.found.without + nearest, self.found.without)

    @property
    def steady(self) -> bool:
        """Whether older and newest deals differ by no more than chance; False where they cannot be compared."""
        if self.discovery is None or self.confirmation is None:
            return False
        older, newest = self.discovery.difference, self.confirmation.difference
        return abs(older.value - newest.value) <= DRIFTS * math.hypot(older.error, newest.error)

    def equivalence(self, margin: float) -> float | None:
        """Return the p-value against "it changes the share won by `margin` or more, up or down"."""
        return None if self.found is None else self.found.difference.equivalence(margin)

    def dispensable(self, margin: float) -> float | None:
        """Return the p-value against "it adds `margin` or more": small where doing without is shown to be harmless."""
        return None if self.found is None else self.found.difference.chance_above(margin)

    def needed_deals(self, points: float = SETTLES) -> int | None:
        """Return how many deals like these would show a difference of so much (80 % power, 5 % two-sided).

        From the error of this comparison, which shrinks with the root of the number of deals. None where nothing is
        told.
        """
        if self.adjusted is None:
            return None
        return math.ceil(self.deals * (_POWER * self.adjusted.difference.error / points) ** 2)


def _odds(share: float, other: float) -> float:
    one, two = (min(max(each, 0.001), 0.999) for each in (share, other))
    return one / (1 - one) / (two / (1 - two))
