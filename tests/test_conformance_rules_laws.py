"""Laws of all rules together: who keeps to everything breaks nothing, and one slip is one deviation."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.conformance.conform import conform
from processminer.discovery.discover import discover
from processminer.playbook.parts.upkeep import DeviationKind
from processminer.playbook.read import parse_playbook
from tests.rich_playout import LOOKED_AT, play, played_out_richly
from tests.rich_worlds import Deal, rich_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from processminer.conformance.conformance import Conformance

TEXT = """\
name: Everything
roles:
  - {name: SDR, people: [Ann]}
  - {name: AE, people: [Bob]}
  - {name: CSM, people: [Cid]}
stages:
  - name: Lead
    owner: SDR
    time_limit: 6 days
    warn_after: 4 days
    max_silence: 3 days
    tasks: [{do: Call twice, seen_as: [Call], times: 2, within: 4 days}]
    exit_criteria:
      - {name: BANT, uses: BANT, of: {Budget: Budget, Authority: Authority, Need: Need, Timeline: Timeline}}
  - name: Demo
    owner: AE
    time_limit: 8 days
    min_contacts: 2
    may_return_to: [Lead]
    entry_criteria: [{name: Sponsor, field: Sponsor, values: [Eve]}]
    tasks: [{do: Show it, seen_as: [Show]}]
    exit_criteria: [{name: They agree, seen_as: [Agreed]}]
  - name: Talks
    owner: AE
    time_limit: 6 days
    max_visits: 2
    may_return_to: [Demo]
  - {name: Contract, owner: AE}
outcomes: {won: [Won], lost: [Lost], loss_reason: Reason}
handovers:
  - {entering: Demo, from: SDR, to: AE, within: 1 day}
  - {entering: Won, from: AE, to: CSM, within: 2 days}
service:
  - {name: Delivery, begins_at: Won, within: 3 days}
  - {name: Survey, begins_at: Delivery, within: 5 days, seen_as: [Survey call]}
  - {name: Win-back, begins_at: Lost, within: 20 days, seen_as: [Back call]}
"""

PLAYBOOK = parse_playbook(TEXT, "playbook.yaml")

KINDS = {
    "path", "start", "visits", "time-limit", "task", "entry-criterion", "exit-criterion", "owner", "handover",
    "silence", "contacts", "service", "loss-reason",
}  # fmt: skip


def held(deals: dict[str, Deal]) -> Conformance:
    return conform(discover(rich_log(deals, as_of_day=LOOKED_AT, order=PLAYBOOK.names)), PLAYBOOK, TEXT)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_deals_that_keep_to_everything_break_nothing_whatever_became_of_them(seed: int) -> None:
    found = held(played_out_richly(PLAYBOOK, 120, seed))
    assert [(one.kind, one.subject, one.examples) for one in found.deviations] == []
    assert (found.fitness, found.deals_violating, found.over_limit.deals) == (1.0, 0, 0)
    assert min(found.deals_conforming, found.deals_pending) > 5
    assert {one.kind for one in found.obligations} == KINDS
    assert all((one.broken, one.unchecked) == (0, 0) for one in found.obligations)
    assert {one.kind for one in found.obligations if one.kept} == KINDS


def straight() -> Deal:
    """A deal that was won in a straight line and long ago, and kept to everything."""
    filled = {name: [("", 5.3), ("yes", 5.8)] for name in ("Budget", "Authority", "Need", "Timeline")}
    done = [("Call", 6.3), ("Call", 6.8), ("Look", 8.8), ("Show", 12.3), ("Agreed", 13.3), ("Survey call", 24.3)]
    return Deal(
        stops=[("Lead", 5.3), ("Demo", 10.3), ("Talks", 14.3), ("Contract", 18.3), ("Won", 20.3), ("Delivery", 22.3)],
        tasks=[(what, day, "Ann") for what, day in done],
        owners=[("Ann", 5.3), ("Bob", 10.5), ("Cid", 20.8)],
        fields={**filled, "Sponsor": [("", 5.3), ("Eve", 10.2)]},
        contacts=2,
    )


def good() -> dict[str, Deal]:
    """Deals that keep to everything, among them the ones that will slip."""
    deals = played_out_richly(PLAYBOOK, 30, seed=5)
    lost = play(PLAYBOOK, random.Random(2), 5.3, loss=1.0)
    return {**deals, "slips": straight(), "lost": lost}


def without(deal: Deal, what: str, most: int = 99) -> None:
    gone = [task for task in deal.tasks if task[0] == what][:most]
    deal.tasks = [task for task in deal.tasks if task not in gone]


def later(deal: Deal, what: str, days: float) -> None:
    deal.tasks = [(name, day + days if name == what else day, who) for name, day, who in deal.tasks]


def unfill(deal: Deal, *fields: str) -> None:
    for field in fields:
        deal.fields[field] = deal.fields[field][:1]


def owners(deal: Deal, *held_by: tuple[str, float]) -> None:
    deal.owners = list(held_by)


def taken_late(deal: Deal) -> None:
    """Let the seller take the deal a day and a half after it came to Demo."""
    owners(deal, deal.owners[0], ("Bob", deal.stops[1][1] + 1.5), deal.owners[2])


def seller_first(deal: Deal) -> None:
    """Let the seller have the deal from the beginning."""
    owners(deal, ("Bob", deal.stops[0][1]), deal.owners[2])


def unserved(deal: Deal) -> None:
    """Let nobody of service take what was won."""
    owners(deal, *deal.owners[:2])


def stage_delayed(deal: Deal) -> None:
    """Deliver a fortnight later, and what follows as much later."""
    deal.stops = [(stage, day + 14 * (stage == "Delivery")) for stage, day in deal.stops]
    later(deal, "Survey call", 14)


def goes(deal: Deal, way: str) -> None:
    """Let it go another way from coming to Talks to the win, within the same days."""
    early, after = deal.stops[:2], deal.stops[4:]
    stages = way.split()
    step = 6.0 / (len(stages) + 1)
    deal.stops = [*early, *((stage, 14.3 + step * place) for place, stage in enumerate(stages)), *after]


def begins_in_demo(deal: Deal) -> None:
    """Let it begin where nobody may, with the seller, who had no lead to work on."""
    deal.stops = deal.stops[1:]
    deal.owners = [("Bob", 10.3), *deal.owners[2:]]
    deal.fields = {name: [("Eve" if name == "Sponsor" else "yes", 10.3)] for name in deal.fields}
    deal.tasks = [task for task in deal.tasks if task[1] > 10.3]


def lingers(deal: Deal) -> None:
    """Let it be in Talks for seven days instead of four, and all that follows come as much later."""
    deal.stops = [(stage, day + 3 * (day > 14.3)) for stage, day in deal.stops]
    deal.owners = [(who, day + 3 * (day > 14.3)) for who, day in deal.owners]
    later(deal, "Survey call", 3)


SLIPS: dict[str, tuple[str, Callable[[Deal], None]]] = {
    "a call is left out": ("task-missing Call twice", lambda deal: without(deal, "Call", 1)),
    "the show is logged a month later": ("task-late Show it", lambda deal: later(deal, "Show", 30)),
    "two of four are empty": ("criterion-missing BANT", lambda deal: unfill(deal, "Budget", "Need")),
    "nobody agreed": ("criterion-missing They agree", lambda deal: without(deal, "Agreed")),
    "no sponsor": ("entry-criterion-missing Sponsor", lambda deal: unfill(deal, "Sponsor")),
    "one contact": ("too-few-contacts Demo", lambda deal: setattr(deal, "contacts", 1)),
    "the survey comes late": ("service-late Survey", lambda deal: later(deal, "Survey call", 20)),
    "delivery begins late": ("service-late Delivery", stage_delayed),
    "nobody of service takes it": ("late-handover AE -> CSM", unserved),
    "the seller takes it late": ("late-handover SDR -> AE", taken_late),
    "the seller has it from the beginning": ("wrong-owner Lead", seller_first),
    "a stage is left out": ("skipped Talks", lambda deal: goes(deal, "Contract")),
    "the lawyers have a stage": ("undeclared Legal", lambda deal: goes(deal, "Talks Legal Contract")),
    "it goes back": ("returned Contract -> Demo", lambda deal: goes(deal, "Talks Contract Demo Talks Contract")),
    "it goes back and then past": ("not-repeated Talks", lambda deal: goes(deal, "Talks Demo Contract")),
    "it comes a third time": ("too-many-visits Talks", lambda deal: goes(deal, "Talks Demo Talks Demo Talks Contract")),
    "it begins in the middle": ("started-late Demo", begins_in_demo),
    "it lingers": ("over-time Talks", lingers),
    "nobody looks after it": ("too-long-silent Lead", lambda deal: without(deal, "Look")),
}  # fmt: skip


def test_before_any_slip_nothing_is_found() -> None:
    assert held(good()).deviations == ()


@pytest.mark.parametrize("slip", list(SLIPS))
def test_one_slip_is_one_deviation(slip: str) -> None:
    said, change = SLIPS[slip]
    deals = good()
    change(deals["slips"])
    found = held(deals)
    assert [(f"{one.kind} {one.subject}", one.examples) for one in found.deviations] == [(said, ("slips",))]
    assert found.deals_violating == 1
    # Fitness speaks of the way alone.
    of_the_way = said.split()[0] in OF_THE_WAY
    assert (found.fitness < 1.0) == of_the_way


OF_THE_WAY = {"skipped", "undeclared", "returned", "not-repeated", "too-many-visits", "started-late"}


def test_a_loss_without_a_reason_is_one_deviation() -> None:
    deals = good()
    deals["lost"].said = {}
    (deviation,) = held(deals).deviations
    assert (deviation.kind, deviation.subject, deviation.examples) == ("no-loss-reason", "Reason", ("lost",))


def test_every_kind_of_deviation_is_tried_alone() -> None:
    tried = {said.split()[0] for said, _ in SLIPS.values()} | {"no-loss-reason"}
    assert tried == set(get_args(DeviationKind))


def later_by(deal: Deal, days: float) -> Deal:
    """The same deal, all of it so many days later."""
    return Deal(
        [(stage, day + days) for stage, day in deal.stops],
        [(what, day + days, who) for what, day, who in deal.tasks],
        [(who, day + days) for who, day in deal.owners],
        {name: [(value, day + days) for value, day in said] for name, said in deal.fields.items()},
        deal.said,
        deal.contacts,
    )


def test_an_open_deal_that_lingers_breaks_its_limit_at_once() -> None:
    deals, deal = good(), straight()
    deal.stops, deal.owners, deal.tasks = deal.stops[:3], deal.owners[:2], deal.tasks[:5]
    deals["slips"] = later_by(deal, LOOKED_AT - 7 - 14.3)
    (deviation,) = held(deals).deviations
    assert (deviation.kind, deviation.subject, deviation.open) == ("over-time", "Talks", 1)
    assert "1 open deal is over it right now" in deviation.sentence


def test_an_open_deal_that_nobody_looks_after_breaks_that_at_once() -> None:
    deals = good()
    since = LOOKED_AT - 5
    unfilled = {name: [("", since)] for name in deals["slips"].fields}
    calls = [("Call", since + 0.5, "Ann"), ("Call", since + 1.0, "Ann")]
    deals["slips"] = Deal([("Lead", since)], calls, [("Ann", since)], unfilled)
    (deviation,) = held(deals).deviations
    assert (deviation.kind, deviation.subject, deviation.open) == ("too-long-silent", "Lead", 1)
    assert "1 open deal is silent for longer than that right now" in deviation.sentence


def test_a_loss_without_a_reason_and_without_an_attempt_to_win_it_back_is_two_deviations() -> None:
    deals = good()
    deals["lost"].said = {}
    without(deals["lost"], "Back call")
    told = {f"{one.kind} {one.subject}": one.examples for one in held(deals).deviations}
    assert told == {"no-loss-reason Reason": ("lost",), "service-late Win-back": ("lost",)}


def test_another_deal_that_keeps_to_everything_raises_no_count() -> None:
    deals = good()
    for _, change in list(SLIPS.values())[:5]:
        change(deals["slips"])
    before = held(deals)
    more = {f"more-{number}": play(PLAYBOOK, random.Random(number), 3.0 * number) for number in range(15)}
    after = held({**deals, **more})
    counted = [{(one.kind, one.subject): one.deals for one in found.deviations} for found in (before, after)]
    assert counted[0] == counted[1]
    assert len(counted[0]) == 5
    assert all(one.share.estimate <= other.share.estimate for one in after.deviations for other in before.deviations
               if (one.kind, one.subject) == (other.kind, other.subject))  # fmt: skip
