"""Where deals of some segments leave a rule aside that the others keep: who they are, and what it does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from processminer.findings.family import MARGIN, ways_part
from processminer.statistics.proportions import wilson
from processminer.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.conformance.conformance import Deviation
    from processminer.conformance.measured import Concentration
    from processminer.estimates.effects.trial import Effect, TrialKind
    from processminer.findings.facts import Facts
    from processminer.statistics.interval import Interval

NEARLY_ALL = 0.80
"""By the lower limit: where four in five leave a rule aside, it is not their rule."""

HARDLY_ANY = 0.20
"""By the upper limit: where four in five keep it, it is a rule for them."""

FEWEST = 30
"""Deals on either side: fewer are a handful of customers, and no segment."""

TOLD = 0.05
"""The usual bound for the test that segments go different ways, beside all other tests."""

Verdict = Literal["harmless", "harmful", "unknown"]


@dataclass(frozen=True, slots=True)
class OwnWay:
    """A rule that deals of some values of an attribute leave aside, and those of all others keep."""

    deviation: Deviation
    attribute: str
    values: tuple[str, ...]
    theirs: Interval
    """Share of those deals that leave it aside."""
    deals: int
    reached: int
    others: Interval
    others_deals: int
    others_reached: int


def own_ways(facts: Facts) -> Iterator[OwnWay]:
    """Yield the rules that segments part at: of stages left out and tasks not done, each by one attribute at most."""
    for deviation in facts.conformance.deviations:
        if deviation.kind in {"skipped", "task-missing"}:
            found = [way for way in _parted(deviation) if deviation.kind == "task-missing" or _apart(way, facts)]
            yield from sorted(found, key=lambda way: (way.others.estimate - way.theirs.estimate, way.attribute))[:1]


def _apart(way: OwnWay, facts: Facts) -> bool:
    rate = facts.family.rate(ways_part(way.attribute))
    return rate is not None and rate <= TOLD


def _parted(deviation: Deviation) -> Iterator[OwnWay]:
    places = [one for one in deviation.concentrations if one.attribute != "owner"]
    for attribute in sorted({one.attribute for one in places}):
        whole = [one for one in places if one.attribute == attribute]
        own = [one for one in whole if wilson(one.deals, one.reached).low > NEARLY_ALL]
        if own:
            way = _way(deviation, attribute, own)
            if way.others.high < HARDLY_ANY and min(way.reached, way.others_reached) >= FEWEST:
                yield way


def _way(deviation: Deviation, attribute: str, own: Sequence[Concentration]) -> OwnWay:
    deals, reached = sum(one.deals for one in own), sum(one.reached for one in own)
    others = own[0].deals + own[0].rest_deals - deals
    others_reached = own[0].reached + own[0].rest_reached - reached
    return OwnWay(
        deviation=deviation,
        attribute=attribute,
        values=tuple(sorted(one.value for one in own)),
        theirs=wilson(deals, reached),
        deals=deals,
        reached=reached,
        others=wilson(others, others_reached),
        others_deals=others,
        others_reached=others_reached,
    )


def effect_on(way: OwnWay, facts: Facts) -> Effect | None:
    """Return the comparison of deals that did what is left aside with deals that did not, of all segments."""
    kind: TrialKind = "stage" if way.deviation.kind == "skipped" else "task"
    return facts.effect(kind, way.deviation.subject, way.deviation.stage)


def verdict_on(way: OwnWay, facts: Facts) -> Verdict:
    """Tell whether leaving it aside harms those who do: by their own deals where enough of them kept the rule.

    Where they cannot tell, and the rule helps deals in general, it is not known to be harmless for them.
    """
    effect = effect_on(way, facts)
    if effect is None or effect.found is None:
        return "harmless"
    if effect.segment == way.attribute and effect.parts:
        own = [one.difference for one in effect.parts if fold(one.name) in {fold(value) for value in way.values}]
        if own:
            harmful = any(one.interval().low > 0 or one.value >= MARGIN for one in own)
            return "harmful" if harmful else "harmless"
    return "unknown" if effect.found.difference.interval().low > 0 else "harmless"
