"""What there is to learn from won deals, in sentences."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from processminer.words import say_count, say_days, say_list, say_percent, say_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processminer.discovery.exemplars import Exemplar, ExemplarStay
    from processminer.estimates.winners.before_advance import BeforeAdvance
    from processminer.estimates.winners.rule_list import Part, Rule, RuleList
    from processminer.estimates.winners.winners import Winners

TOLD = 0.05
"""Of what is said to come before an advance, at most one in twenty does not."""

FIRST = 3
"""Activities of a stage that are told; all are in `audit.json`."""


def telling(found: Winners) -> tuple[BeforeAdvance, ...]:
    """Return what is told to come before an advance: the most telling of each stage."""
    sure = (one for one in found.before_advance if one.q <= TOLD and one.ratio.low > 1)
    return tuple(one for _, some in groupby(sure, key=lambda one: one.stage) for one in list(some)[:FIRST])


def say_what(one: BeforeAdvance) -> str:
    """Name what was done.

    An activity by its name; a field that was filled says so.
    """
    return one.name if one.kind == "task" else f"{one.name} filled"


def say_before(one: BeforeAdvance) -> str:
    """Say how much likelier an advance is after it, beside deals that had been there as long."""
    ratio = one.ratio
    return (
        f"{say_share(one.after, one.advances)} advances from {one.stage} came within {one.window_days} days after"
        f" '{say_what(one)}'; of deals that had been there as long, {say_percent(one.usual)} had it. An advance is"
        f" {ratio.estimate:.1f} times as likely after it (95 % limits {ratio.low:.1f} to {ratio.high:.1f})."
    )


def say_rules(found: RuleList) -> str:
    """Say from which deals, which moment and which outcome the rules are told."""
    return (
        f"From the day on which {say_count(found.deals, 'deal')} first came to {found.stage}, by what was known then:"
        f" the share won within {say_days(found.horizon_days)}. The rules were found in the older deals, and the shares"
        " are those of the newest that could be followed for so long."
    )


def say_rule(rule: Rule) -> str:
    """Say for which deals a rule holds.

    >>> from processminer.estimates.winners.rule_list import Part, Rule
    >>> from processminer.statistics.interval import Interval
    >>> some = (Part("attribute", "Segment", "is", "SMB"), Part("days", "", "above", "14.2"), Part("stage", "Demo", "was not", ""))
    >>> say_rule(Rule(some, 40, Interval(0.5, 0.4, 0.6), 90, 0.55))
    'Segment is SMB, after more than 14 days, and not through Demo'
    """  # noqa: E501
    return _joined([_say_part(part) for part in rule.parts]) if rule.parts else "all of them: nothing known tells apart"


def _joined(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])}{',' if len(parts) > 2 else ''} and {parts[-1]}"


def _say_part(part: Part) -> str:
    match part.about:
        case "attribute":
            return f"{part.name} {part.holds} {part.value}"
        case "stage":
            return f"{'' if part.holds == 'was' else 'not '}through {part.name}"
        case "task":
            return f"with{'' if part.holds == 'was' else 'out'} {part.name} before"
        case "days":
            bound = say_days(float(part.value))
            return f"after more than {bound}" if part.holds == "above" else f"within {bound}"
        case "stages":
            return f"{_bound(part)} stages before"
        case "touches":
            return f"{_bound(part)} activities before"


def _bound(part: Part) -> str:
    """Say a bound on a whole number: trees cut halfway between two of them."""
    last = int(float(part.value))
    return f"more than {last}" if part.holds == "above" else f"at most {last}"


def say_segment(examples: Sequence[Exemplar]) -> str:
    """Say how the won deals of a segment usually go, from any of its examples."""
    one = examples[0]
    way = " → ".join(stay.stage for stay in one.stays)
    of = "" if one.segment is None else f" {one.segment}"
    return (
        f"{say_share(one.went, one.of)}{of} deals that were won went this way: {way}. Half of all of them took"
        f" {say_days(one.usual_days)} or less."
    )


def say_stay(stay: ExemplarStay) -> str:
    """Say a stay with its length and its touch points."""
    touched = f" ({say_list(stay.touches, 4)})" if stay.touches else ""
    return f"{stay.stage} {say_days(stay.days)}{touched}"


def by_segment(found: Winners) -> Iterator[tuple[str, list[Exemplar]]]:
    """Yield the examples of each segment, with its name; deals that belong to none are called so."""
    attribute = found.exemplars.attribute
    for segment, some in groupby(found.exemplars.deals, key=lambda one: one.segment):
        name = "All deals" if attribute is None else f"{attribute}: {segment if segment is not None else 'not told'}"
        yield name, list(some)
