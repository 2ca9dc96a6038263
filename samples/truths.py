"""What is true of a simulated organisation, counted before any export loses part of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, get_args

from exports import deal_id
from organisation import AS_OF, AS_OF_SECOND, DAY, REVIEW, STAGES, WON, Segment
from simulation import wins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from organisation import Deal, World

Truth = dict[str, object]
_LIMIT = 14.0
"""Days that the playbook gives to Negotiation."""


def measure(world: World, deals: Sequence[Deal], crm: str) -> Truth:
    """Return everything that an audit of the CRM's export should find, should not find, and could not see.

    Counts are of what had happened by `as_of`; keys with `true` in their name are of whole lives, also of what lay
    ahead, and so are what an estimate from the export should cover. An effect is that of doing it, not of skipping it.
    `kind` is the revision that answers the `finding`; only where `may_be_undecided` holds may an audit still ask for
    more deals. What is not `visible` has left no trace in this export.
    """
    zombies = [deal_id(crm, deal) for deal in deals if deal.abandoned]
    return {
        "seed": world.seed,
        "as_of": AS_OF.isoformat() + "Z",
        "deals": {"total": len(deals)} | {how: _count(deals, _ends(how)) for how in ("won", "lost", "open")},
        "stages": list(STAGES),
        "true_win_rate": _share(deals, lambda deal: deal.won),
        "planted": [planted for plant in _PLANTED for planted in plant(world, deals, crm)],
        "decoys": _dinner(world, deals, crm),
        "zombies": {"count": len(zombies), "share": _share(deals, _is_abandoned), "ids": zombies},
    }


def _demo(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    if not world.skips_demo:
        return []
    went_on = [deal for deal in deals if goes_on(deal, "Discovery")]
    skipped = [deal for deal in went_on if skips_demo(deal)]
    always, never = wins(replace(world, skips_demo=0.0)), wins(replace(world, skips_demo=1.0))
    by_segment = {
        segment: {
            "went_on": len(part), "share": _share(part, skips_demo), "true_win_rate": _share(part, _won),
            "true_effect_on_winning": _effect(part, always, never),
        }
        for segment, part in _by_segment(went_on).items()
    }  # fmt: skip
    return [{
        "truth": "Demo is declared required and many deals skip it; some die in it, and skipping it does no harm later",
        "kind": "make-stage-optional", "finding": "required-stage-skipped", "subject": "Demo", "visible": True,
        "may_be_undecided": False,
        "deals": len(skipped), "of": len(went_on), "share": _share(went_on, skips_demo),
        "naive_win_rate_skipped": _share([deal for deal in skipped if deal.outcome != "open"], _won),
        "naive_win_rate_done": _share([d for d in went_on if not skips_demo(d) and d.outcome != "open"], _won),
        "true_effect_on_winning": _effect(went_on, always, never), "by_segment": by_segment,
    }]  # fmt: skip


def _review(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    won = [deal for deal in deals if deal.outcome == "won"]
    reviewed = [deal for deal in deals if REVIEW in deal.path]
    stays = [visit.days for deal in deals for visit in deal.visits if visit.stage == REVIEW]
    if not stays:
        return []
    always, never = wins(replace(world, security_review=1.0)), wins(replace(world, security_review=0.0))
    return [{
        "truth": "deals go through a stage that the playbook does not know, between Proposal and Negotiation",
        "kind": "add-stage", "finding": "undeclared-stage", "subject": REVIEW, "visible": True,
        "may_be_undecided": False, "after": "Proposal", "before": "Negotiation", "deals": len(reviewed),
        "won_through_it": _count(won, lambda deal: REVIEW in deal.path), "won": len(won),
        "share_of_won": _share(won, lambda deal: REVIEW in deal.path),
        "true_mean_days": _round(mean(stays)), "true_median_days": _round(median(stays)),
        "true_effect_on_winning": _effect([deal for deal in deals if "Proposal" in deal.path], always, never),
    }]  # fmt: skip


def _loop(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    reached = [deal for deal in deals if "Proposal" in deal.path]
    if not world.returns_to_discovery:
        return []
    always, never = wins(replace(world, returns_to_discovery=1.0)), wins(replace(world, returns_to_discovery=0.0))
    return [{
        "truth": "deals go back from Proposal to Discovery, which the playbook does not allow, without harm",
        "kind": "allow-return", "finding": "return-loop", "subject": "Proposal -> Discovery",
        "visible": crm == "salesforce", "may_be_undecided": False, "deals": _count(reached, _goes_back),
        "of": len(reached), "share": _share(reached, _goes_back),
        "true_effect_on_winning": _effect(reached, always, never),
    }]  # fmt: skip


def _goes_back(deal: Deal) -> bool:
    return moves(deal, "Proposal", "Discovery")


def _negotiation(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    stays = [visit.days for deal in deals for visit in deal.visits if visit.stage == "Negotiation"]
    reached = [deal for deal in deals if "Negotiation" in deal.path]
    if not stays or median(stays) <= _LIMIT:
        return []
    return [{
        "truth": "deals wait in Negotiation for longer than its limit allows",
        "kind": "set-time-limit", "finding": "stage-over-limit", "subject": "Negotiation", "visible": True,
        "may_be_undecided": False, "declared_days": _LIMIT,
        "deals": _count(reached, _waits), "of": len(reached), "share": _share(reached, _waits),
        "true_mean_days": _round(mean(stays)), "true_median_days": _round(median(stays)),
        "true_p80_days": _round(sorted(stays)[int(0.8 * len(stays))]),
        "true_share_over": _round(sum(days > _LIMIT for days in stays) / len(stays)),
    }]  # fmt: skip


def _waits(deal: Deal) -> bool:
    return _longest(deal, "Negotiation") > _LIMIT


def _brochure(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    left = [deal for deal in deals if goes_on(deal, "Qualification")]
    if world.brochure == 1:
        return []
    always, never = wins(replace(world, brochure=1.0)), wins(replace(world, brochure=0.0))
    return [{
        "truth": "Send company brochure is declared required, fewer than half do it, and it changes nothing",
        "kind": "drop-task", "finding": "required-task-not-done", "subject": "Send company brochure",
        "visible": crm == "salesforce", "may_be_undecided": True, "stage": "Qualification",
        "deals": len(left) - _count(left, _sends_brochure), "of": len(left),
        "share_done": _share(left, _sends_brochure), "true_effect_on_winning": _effect(left, always, never),
    }]  # fmt: skip


def _sends_brochure(deal: Deal) -> bool:
    return has_done(deal, "Brochure")


def _unused_return(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    if world.returns_to_qualification:
        return []
    return [{
        "truth": "the playbook lets deals go back from Negotiation to Qualification, and none ever does",
        "kind": "limit-returns", "finding": "unused-declared-move", "subject": "Negotiation -> Qualification",
        "visible": crm == "salesforce", "may_be_undecided": False, "deals": 0,
        "of": _count(deals, _leaves_negotiation),
    }]  # fmt: skip


def _leaves_negotiation(deal: Deal) -> bool:
    return "Negotiation" in deal.path[:-1]


_PLANTED: tuple[Callable[[World, Sequence[Deal], str], list[Truth]], ...] = (
    _demo, _review, _loop, _negotiation, _brochure, _unused_return,
)  # fmt: skip


def _dinner(world: World, deals: Sequence[Deal], crm: str) -> list[Truth]:
    """Return the activity that only winners' segments get: it looks useful, and is not."""
    if not world.dinner or crm != "salesforce":
        return []
    always, never = wins(replace(world, dinner=1.0)), wins(replace(world, dinner=0.0))
    closed = [deal for deal in deals if "Proposal" in deal.path and deal.outcome != "open"]
    dined = [deal for deal in closed if has_done(deal, "Executive dinner")]
    plain = [deal for deal in closed if not has_done(deal, "Executive dinner")]
    return [{
        "truth": "executive dinners are given to the larger deals, which win more often anyway",
        "kind": "add-task", "subject": "Executive dinner", "stage": "Proposal",
        "deals": _count(deals, lambda deal: has_done(deal, "Executive dinner")),
        "share_enterprise": _share(dined, lambda deal: deal.segment == "Enterprise"),
        "naive_win_rate_with": _share(dined, _won), "naive_win_rate_without": _share(plain, _won),
        "true_effect_on_winning": _effect(closed, always, never),
    }]  # fmt: skip


def moves(deal: Deal, source: str, target: str) -> bool:
    """Return whether the deal went directly from one stage to the other by `AS_OF`."""
    return (source, target) in pairwise(deal.path)


def goes_on(deal: Deal, stage: str) -> bool:
    """Return whether the deal left the stage for a later one by `AS_OF`."""
    return any(moves(deal, stage, later) for later in (*STAGES[STAGES.index(stage) + 1 :], REVIEW, WON))


def skips_demo(deal: Deal) -> bool:
    """Return whether the deal went on from Discovery past Demo."""
    return moves(deal, "Discovery", "Proposal")


def has_done(deal: Deal, what: str) -> bool:
    """Return whether an activity of this type or subject was done by `AS_OF`."""
    return any(
        touch.done and touch.at <= AS_OF_SECOND and what in {touch.kind, touch.subject} for touch in deal.touches
    )


def _is_abandoned(deal: Deal) -> bool:
    return deal.abandoned


def _longest(deal: Deal, stage: str) -> float:
    """Return the days of the longest stay seen by `AS_OF`; an abandoned deal is seen to stay until then."""
    stays: list[float] = []
    for visit in deal.visits:
        if visit.stage == stage and visit.entered <= AS_OF_SECOND:
            gone = visit.left <= AS_OF_SECOND and not (deal.abandoned and visit is deal.visits[-1])
            stays.append(((visit.left if gone else AS_OF_SECOND) - visit.entered) / DAY)
    return max(stays)


def _ends(how: str) -> Callable[[Deal], bool]:
    return lambda deal: deal.outcome == how


def _won(deal: Deal) -> bool:
    return deal.won


def _effect(deals: Sequence[Deal], always: Sequence[bool], never: Sequence[bool]) -> float:
    """Return the difference between the shares of these deals won if all of them did it and if none did."""
    return _round(sum(always[deal.number] - never[deal.number] for deal in deals) / len(deals))


def _by_segment(deals: Sequence[Deal]) -> dict[str, list[Deal]]:
    return {name: [deal for deal in deals if deal.segment == name] for name in get_args(Segment)}


def _count(deals: Iterable[Deal], holds: Callable[[Deal], bool]) -> int:
    return sum(1 for deal in deals if holds(deal))


def _share(deals: Sequence[Deal], holds: Callable[[Deal], bool]) -> float | None:
    return _round(_count(deals, holds) / len(deals)) if deals else None


def _round(number: float) -> float:
    return round(number, 4)
