"""Days and money behind a change of the share won, held against the truth of played deals."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from processminer.estimates.flow.model import MOST_DAYS, flow_model
from processminer.findings.facts import Facts, facts_of
from processminer.revisions.consequences import Worth, value_of, with_consequences, won_days_without, worth_of_a_win
from processminer.revisions.revision import Revision
from processminer.statistics.interval import Interval
from tests.audits import audit

if TYPE_CHECKING:
    from processminer.revisions.revision import RevisionKind
    from processminer.study import Study
    from tests.worlds import Stop

FUNNEL = """\
name: Funnel
stages: [{name: Lead}, {name: Trial}, {name: Proposal}]
outcomes: {won: [Won], lost: [Lost]}
"""
MEANS = {"Lead": 8.0, "Trial": 20.0, "Proposal": 12.0}
DIES = {"Lead": 0.2, "Trial": 0.15, "Proposal": 0.4}


def played(seed: int, skipping: float, deals: int = 900, until: float = 700) -> dict[str, list[Stop]]:
    """Deals of which a share leaves the trial out; who dies in the trial would be lost anyway."""
    chance = random.Random(seed)
    told: dict[str, list[Stop]] = {}
    for number in range(deals):
        day = chance.uniform(0, 500)
        skips = chance.random() < skipping
        path: list[tuple[str, float]] = []
        for stage, mean in MEANS.items():
            stays, dies = chance.expovariate(1 / mean), chance.random() < DIES[stage]
            if not (skips and stage == "Trial"):
                path.append((stage, day))
                day += stays
            if dies:
                path.append(("Lost", day))
                break
        else:
            path.append(("Won", day))
        told[f"d{number:04}"] = [stop for stop in path if stop[1] < until]
    return told


def facts(told: Study) -> Facts:
    return facts_of(told.discovery, told.conformance, told.estimates, told.declared.playbook)


def won_days(deals: dict[str, list[Stop]]) -> float:
    ended = [float(path[-1][1]) - float(path[0][1]) for path in deals.values() if path and path[-1][0] == "Won"]
    return sum(ended) / len(ended)


def draft(kind: RevisionKind, wins: Interval, n: int) -> Revision:
    return Revision("R1", kind, "Trial", "B", ("F1",), n, 0.01, {"win_rate": wins}, "", "", "", "", (), "")


@pytest.mark.parametrize("seed", range(4))
def test_the_days_that_leaving_a_stage_out_truly_saves_lie_in_the_range(seed: int) -> None:
    known = facts(audit(FUNNEL, played(seed, 0.3), as_of_day=600))
    model = flow_model(known.discovery.log, MOST_DAYS)
    trial = known.playbook.stage("Trial")
    assert model is not None
    assert trial is not None
    found = won_days_without(trial, known, model)
    assert found is not None
    days, belief = found
    for adopted in (0.3, 0.65, 1.0):
        truth = won_days(played(seed + 100, adopted, 20_000, 5000)) - won_days(played(seed + 200, 0.3, 20_000, 5000))
        assert days.low - 0.5 <= truth <= days.high + 0.5
    assert days.high - days.low < 25
    assert "leaves Trial out" in belief.low
    assert "nobody" in belief.high


def test_value_is_wins_times_their_worth_for_the_deals_that_come_to_the_change() -> None:
    worth = Worth(Interval(1000.0, 900.0, 1100.0), "EUR")
    value, belief = value_of(Interval(0.1, 0.05, 0.15), 300, worth, 600)
    assert (value.estimate, value.low, value.high) == pytest.approx((50.0, 0.0, 82.5))
    value, _ = value_of(Interval(-0.1, -0.15, -0.05), 300, worth, 600)
    assert (value.estimate, value.low, value.high) == pytest.approx((-50.0, -82.5, 0.0))
    assert "900 to 1,100 EUR" in belief.low


def amounts(deals: dict[str, list[Stop]], known: bool = True) -> dict[str, dict[str, str]]:
    return {deal: {"Amount": f"{1000 + 10 * (at % 7)}" if known else ""} for at, deal in enumerate(deals)}


def test_a_promise_of_wins_brings_days_and_value_and_no_promise_brings_nothing() -> None:
    deals = played(3, 0.3, 400)
    known = facts(audit(FUNNEL, deals, as_of_day=600, attributes=amounts(deals)))
    wins = Interval(0.02, 0.0, 0.04)
    spared, required, silent = with_consequences(
        [
            draft("make-stage-optional", wins, 200),
            draft("require-stage", wins, 200),
            replace(draft("remove-stage", wins, 200), effect={}),
        ],
        known,
    )
    assert set(spared.effect) == set(spared.beliefs) | {"win_rate"} == {"win_rate", "won_cycle_days", "value"}
    assert set(required.effect) == {"win_rate", "value"}
    assert (silent.effect, silent.beliefs) == ({}, {})
    own = replace(draft("require-stage", wins, 200), effect={"win_rate": wins, "value": wins})
    assert with_consequences([own], known)[0].effect["value"] == wins


def test_where_no_won_deal_has_an_amount_no_value_is_told() -> None:
    deals = played(3, 0.3, 200)
    known = facts(audit(FUNNEL, deals, as_of_day=600, attributes=amounts(deals, known=False)))
    assert worth_of_a_win(known) is None
    (told,) = with_consequences([draft("require-stage", Interval(0.02, 0.0, 0.04), 100)], known)
    assert set(told.effect) == {"win_rate"}


def test_the_worth_of_a_win_is_the_mean_amount_of_won_deals() -> None:
    deals = played(4, 0.3, 300)
    told = amounts(deals)
    known = facts(audit(FUNNEL, deals, as_of_day=900, attributes=told))
    won = [float(told[deal]["Amount"]) for deal, path in deals.items() if path[-1][0] == "Won"]
    worth = worth_of_a_win(known)
    assert worth is not None
    assert worth.mean.estimate == pytest.approx(sum(won) / len(won))
    assert worth.mean.low < worth.mean.estimate < worth.mean.high
