"""A change judged some time later, in words: whether it was lived, then what it did, never by before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from processminer.report.proposals import say_change
from processminer.report.telling import DEVIATIONS, say_date, say_points, say_range
from processminer.words import say_count, say_days, say_list, say_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from processminer.estimates.did_it_work.adoption import Adoption
    from processminer.estimates.did_it_work.did_it_work import DidItWork
    from processminer.estimates.did_it_work.judgement import Judgement
    from processminer.statistics.differences import Differences

INTENDED = (
    "It was not lived: no new rule is followed more than before. What follows is about having asked for it, not about"
    " doing it."
)
"""Told before any effect where adoption did not rise."""

WEAK = (
    "So the evidence is weak: whatever else changed at the same time is in these figures. Let some teams change later"
    " ('applies_to'), and it can be told."
)
"""Told once where a series alone speaks."""

MOVED = 0.005
"""Half a point: less return to the ordinary is not worth a sentence."""


class Line(NamedTuple):
    """One line of what is told."""

    label: str
    said: str


def lines_of(found: DidItWork) -> tuple[Line, ...]:
    """Return what is told of a change, in the order in which it is read."""
    return (*_question(found), *_lived(found), *_worked(found))


def _question(found: DidItWork) -> Iterator[Line]:
    version = "" if found.version is None else f"version {found.version}"
    since = "between the two logs" if found.since is None else f"since {say_date(found.since)}"
    yield Line("Change", f"{version} {since}".strip())
    for at, what in enumerate(found.what):
        yield Line("" if at else "What", what)
    where = "; ".join(f"{name} {say_list(values, 9)}" for name, values in sorted(found.where.items()))
    yield Line("For", f"deals with {where}" if where else "all deals")


def _lived(found: DidItWork) -> Iterator[Line]:
    if found.not_adopted:
        yield Line("Lived", found.not_adopted)
    for at, one in enumerate(found.adoption):
        yield Line("" if at else "Lived", say_adoption(one))
    if found.lived is False:
        yield Line("", INTENDED)


def say_adoption(one: Adoption) -> str:
    """Say how many deals follow a rule since it holds, and how many did before."""
    named = f"'{one.subject}' ({DEVIATIONS.get(one.kind, one.kind)})"  # type: ignore[call-overload]
    rule = f"{named}: what is newly {'asked is kept' if one.how == 'asked' else 'allowed is used'}"
    if not one.deals_after:
        return f"{rule} cannot be told yet: no deal has come to it since."
    now, then = _share(one.after.estimate, one.deals_after), _share(one.before.estimate, one.deals_before)
    limits = say_range(one.after, say_percent)
    months = (
        f"; above what chance allows in {one.months_above} of {say_count(one.months, 'month')}" if one.months else ""
    )
    verdict = "it rose" if one.rose else "it did not rise"
    return f"{rule} by {now} since (95 % limits {limits}), by {then} before: {verdict}{months}."


def _share(share: float, deals: int) -> str:
    return f"{say_percent(share)} of {say_count(deals, 'deal')}" if deals else "none of no deals"


def _worked(found: DidItWork) -> Iterator[Line]:
    for one in found.judgements:
        yield Line(_measure(one), _effect(one, found.grouped_by))
        if one.design == "series" and one is found.judgements[0]:
            yield Line("", f"{one.because} {WEAK}")
        if one.compared is not None:
            yield Line("", _four(one, one.compared, _plural(found.grouped_by)))
            if said := _apart(one):
                yield Line("", said)
            if said := _ordinary(one, one.compared):
                yield Line("", said)
        if one.needed_deals is not None and one.p is not None and one.p > SURE:
            yield Line("", f"5 points more or less would be seen with {say_count(one.needed_deals, 'deal')} in all.")


SURE = 0.05


def _measure(one: Judgement) -> str:
    return "Share won" if one.measure == "won" else f"Days in {one.stage}"


def _effect(one: Judgement, grouped_by: str) -> str:
    if one.effect is None:
        return f"Cannot tell what it did. {one.because}"
    change = say_change("win_rate" if one.measure == "won" else "won_cycle_days", one.effect)
    within = (
        f"within {one.within_days} days of their begin" if one.measure == "won" else f"up to {one.within_days} days"
    )
    verdict = "" if one.p is None or one.p <= SURE else " This may be chance."
    if one.design == "series":
        return f"Weak: {change} {within}, as a jump in the series of months.{verdict}"
    return f"{change} {within}, beyond what the others changed in the same time; by {_plural(grouped_by)}.{verdict}"


def _plural(grouped_by: str) -> str:
    return "owners" if grouped_by == "owner" else f"values of '{grouped_by}'"


def _four(one: Judgement, compared: Differences, groups: str) -> str:
    say = say_percent if one.measure == "won" else say_days
    sides = (("Changed", compared.changed, one.deals[:2]), ("others", compared.others, one.deals[2:]))
    told = (
        f"{name} ({side.groups} {groups}, {before:,} and {after:,} deals) {say(side.before)} to {say(side.after)}"
        for name, side, (before, after) in sides
    )
    left = (
        f"; {say_count(compared.left_out, 'deal')} of groups on one side of the day only left out"
        if compared.left_out
        else ""
    )
    return f"{'; '.join(told)}{left}."


def _apart(one: Judgement) -> str:
    """Say whether the groups went apart before anything was changed."""
    before = one.apart_before
    if before is None:
        return ""
    change = say_change("win_rate" if one.measure == "won" else "won_cycle_days", before)
    if before.low <= 0 <= before.high:
        return f"Before the change they went apart by {change}: no sign that they would have done so anyway."
    return f"Take care: they went apart before the change as well, by {change}. Part of the figure may be that."


def _ordinary(one: Judgement, compared: Differences) -> str:
    """Name the regression to the mean: who was changed because it went badly improves by chance alone."""
    expected = compared.changed.to_the_mean - compared.others.to_the_mean
    if one.measure != "won" or abs(expected) < MOVED:
        return ""
    return (
        f"Of this, {say_points(expected)} are to be expected with nothing changed: groups that stood low or high by"
        " chance return to the ordinary (regression to the mean). With the baselines drawn towards each other the"
        f" effect is {say_points(compared.change.value - expected)}."
    )
