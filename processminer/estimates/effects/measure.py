"""One trial's answer: deals that were alike when they decided, those that acted beside those that did not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from processminer.estimates.effects.parts import parts_of
from processminer.estimates.effects.trial import ARM, ENOUGH_OVERLAP, WINS, Adjusted, Arm, Effect
from processminer.statistics.cluster_means import cluster_difference
from processminer.statistics.clusters import Cells, between_share
from processminer.statistics.doubly_robust import Difference, Units, difference
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.pseudo_values import pseudo_values
from processminer.statistics.sensitivity import LEVEL, benchmark, e_value, unaffected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from processminer.estimates.effects.known import Known
    from processminer.estimates.effects.trial import Trial
    from processminer.statistics.doubly_robust import Flags
    from processminer.statistics.survival import Floats

MOSTLY_BETWEEN = 0.5
"""Where more of the choice than this is the owner's, owners are compared, not deals."""

FOLLOWED = 20
"""So many deals must have been followed to the horizon: fewer cannot tell what becomes of the others."""

USUAL_DAYS = 180
"""The horizon where too few were won to choose one."""

SLOWER = 0.975
"""Of the wins of each side, so many shall lie within the horizon: what takes time must not look useless for it."""

OLDER = 0.7
"""Of the deals that were followed for the horizon, so many are for finding an effect, and the others to confirm it."""

SEED = 20030317
"""Deals are dealt out to folds by it. Any number would do; one that never changes makes runs agree."""


def measure(
    trial: Trial, known: Known, left_out: Mapping[str, str], horizon_days: int | None = None, *, least_days: int = 1
) -> Effect | None:
    """Return the effect of one action; None where all deals, or none, took it.

    The outcome is a win within the horizon of the moment, as jackknife pseudo-values, so that deals that are still
    open count as far as they were followed. Without a horizon given, it holds nine in ten of the wins and nearly all
    of each side, as far as deals have been followed that long. Where owners mostly decide, owners are compared.
    """
    if known.done.all() or not known.done.any():
        return None
    horizon = _horizon(known, least_days) if horizon_days is None else horizon_days
    units = _units(known, horizon)
    told = _told(units, _refusal(known, horizon))
    adjusted, found = told.adjusted, told.among_deals
    older, newest = _split(known, horizon)
    parts, alike = ((), None) if adjusted is None or found is None else parts_of(known, units, found)
    by_owner = adjusted is not None and adjusted.counted == "owners"
    held = tuple(known.groups) if by_owner else (*([LEVEL] if units.level.any() else []), *known.groups)
    return Effect(
        trial=trial,
        horizon_days=horizon,
        acted=_arm(known, horizon, known.done),
        did_not=_arm(known, horizon, ~known.done),
        crude=_crude(units),
        adjusted=adjusted,
        refused=told.refused,
        held_equal=held,
        left_out={**left_out, **({LEVEL: "owners decide, so that owners are compared"} if by_owner else {})},
        benchmark=None if adjusted is None else benchmark(units),
        e_value=None if adjusted is None else e_value(adjusted.without, adjusted.interval),
        negative_control=None if adjusted is None else _control(known, units),
        discovery=None if adjusted is None else _part(known.only(older), horizon),
        confirmation=None if adjusted is None else _part(known.only(newest), horizon),
        overlap=told.overlap,
        segment=known.segmented_by,
        parts=parts,
        parts_alike=alike,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What a comparison told, or why it told nothing."""

    adjusted: Adjusted | None
    refused: str
    among_deals: Difference | None = None
    """The comparison of deals; None where owners were compared, or nothing was."""
    overlap: float | None = None
    """The share of deals that have counterparts, where that was asked."""


def _told(units: Units, refused: str) -> _Told:
    """Compare deals, or owners where they mostly decide, unless that is `refused`."""
    if refused:
        return _Told(None, refused)
    if _owners_decide(units):
        adjusted = _among_owners(units)
        return _Told(adjusted, "" if adjusted else "owners decide, and too few of them do otherwise")
    found = difference(units, SEED)
    if found is None or found.overlap < ENOUGH_OVERLAP:
        alike = "none" if found is None else f"only {found.overlap:.0%}"
        why = f"{alike} of the deals have others like them that decided otherwise"
        return _Told(None, why, found, 0.0 if found is None else found.overlap)
    return _Told(_among_deals(found), "", found, found.overlap)


def _horizon(known: Known, least: int) -> int:
    """Choose within how many days a deal must be won to count; no longer than enough deals have been followed."""
    won = known.cause == 1
    longest = max(1, int(np.sort(known.watched)[-min(FOLLOWED, len(known.watched))]))
    if won.sum() < WINS:
        return min(max(USUAL_DAYS, least), longest)
    slower = max(
        float(np.quantile(known.days[won & arm], SLOWER)) for arm in (known.done, ~known.done) if (won & arm).any()
    )
    usual = float(np.quantile(known.days[won], 0.9))
    chosen = max(usual, min(slower, float(np.median(known.watched))))
    return max(1, min(max(int(np.ceil(chosen)), least), longest))


def _units(known: Known, horizon: int) -> Units:
    _, owner = np.unique(known.owner, return_inverse=True)
    owner = owner.astype(np.int64)
    return Units(
        action=known.done,
        outcome=pseudo_values(known.days, known.cause, horizon).values,
        known=known.columns,
        groups=known.groups,
        level=owner,
        cluster=owner if owner.any() else np.arange(len(owner)),
    )


def _refusal(known: Known, horizon: int) -> str:
    fewest = min(int(known.done.sum()), int((~known.done).sum()))
    if fewest < ARM:
        return f"{fewest} deals on one side are too few"
    wins = int(((known.cause == 1) & (known.days <= horizon)).sum())
    return f"{wins} wins are too few" if wins < WINS else ""


def _among_owners(units: Units) -> Adjusted | None:
    """Compare owners; None where too few of them do otherwise."""
    between = cluster_difference(units)
    if between is None:
        return None
    return Adjusted(
        difference=between.difference,
        with_action=between.with_action,
        without=between.without,
        if_all=_part_of(between.difference, 1 - float(units.action.mean())),
        if_none=_part_of(between.difference, -float(units.action.mean())),
        counted="owners",
        clusters=between.clusters,
        overlap=None,
        effective=None,
        balance={},
    )


def _part_of(whole: Estimated, share: float) -> Estimated:
    return Estimated(whole.value * share, whole.error * abs(share), whole.freedom)


def _among_deals(found: Difference) -> Adjusted:
    return Adjusted(
        difference=found.difference,
        with_action=found.with_action,
        without=found.without,
        if_all=found.if_all,
        if_none=found.if_none,
        counted="deals",
        clusters=found.clusters,
        overlap=found.overlap,
        effective=found.effective,
        balance=found.apart,
    )


def _owners_decide(units: Units) -> bool:
    if not units.level.any():
        return False
    one = np.ones(len(units.level), dtype=np.int64)
    cells = Cells(np.zeros_like(one), units.level, units.action.astype(np.int64), one, np.zeros_like(one))
    return between_share(cells) > MOSTLY_BETWEEN


def _crude(units: Units) -> Interval:
    acted, did_not = units.outcome[units.action], units.outcome[~units.action]
    error = np.sqrt(sum(float(arm.var(ddof=1)) / len(arm) if len(arm) > 1 else 1.0 for arm in (acted, did_not)))
    found = Estimated(float(acted.mean() - did_not.mean()), max(float(error), 1e-12), float("inf")).interval()
    return Interval(found.estimate, max(-1.0, found.low), min(1.0, found.high))


def _arm(known: Known, horizon: int, which: Flags) -> Arm:
    won = which & (known.cause == 1) & (known.days <= horizon)
    return Arm(
        deals=int(which.sum()),
        won=int(won.sum()),
        open=int((which & (known.cause == 0) & (known.days <= horizon)).sum()),
        closed=int((which & (known.cause != 0)).sum()),
        days_to_win=float(np.median(known.days[won])) - 1 if won.any() else None,
    )


def _split(known: Known, horizon: int) -> tuple[Flags, Flags]:
    """Tell which deals came to the moment early, and which of the later ones were followed for the whole horizon."""
    matured = known.watched > horizon
    if not matured.any():
        return matured, matured
    cut = np.quantile(known.moment_us[matured], OLDER)
    older: Flags = known.moment_us < cut
    return older, matured & ~older


def _part(part: Known, horizon: int) -> Adjusted | None:
    return _told(_units(part, horizon), _refusal(part, horizon)).adjusted if len(part.done) else None


def _control(known: Known, units: Units) -> Estimated | None:
    """Compare the days in the first stage, which were over before the moment's own stage began."""
    before: Flags = ~np.isnan(known.first_stay_days)
    if min(int((before & units.action).sum()), int((before & ~units.action).sum())) < ARM:
        return None
    lengths: Floats = np.log1p(np.maximum(known.first_stay_days[before], 0.0))
    some = replace(
        units,
        action=units.action[before],
        outcome=units.outcome[before],
        known=units.known[before],
        level=units.level[before],
        cluster=units.cluster[before],
    )
    return unaffected(some, lengths)
