"""Forecasts carry what it takes to judge them: stalled deals, declared chances, quota; and edits are read with care."""

from __future__ import annotations

import numpy as np
import pytest

from processminer.discovery.discover import discover
from processminer.errors import InputError
from processminer.estimates.flow.declared_chances import declared_chances
from processminer.estimates.flow.forecast import forecast
from processminer.estimates.flow.model import MOST_DAYS, WON, flow_model, usual_horizon
from processminer.estimates.flow.outlook import outlook
from processminer.estimates.flow.predict import EDITS, is_edit, predict
from processminer.estimates.flow.stalled import stalled
from processminer.statistics.semi_markov import reached, reached_from
from tests.worlds import FIRST_DAY, Stop, log_of

ORDER = ("Lead", "Offer")


def deals() -> dict[str, list[Stop]]:
    """Sixty deals that were closed, half of them won, and four that are open, two of them for very long."""
    paths: dict[str, list[Stop]] = {}
    for number in range(60):
        day = float(number * 3)
        paths[f"c{number:02}"] = [
            ("Lead", day),
            ("Offer", day + 5),
            ("Won" if number % 2 else "Lost", day + 10 + number % 9),
        ]
    return {
        **paths,
        "fresh": [("Lead", 198.0)],
        "young": [("Lead", 190.0), ("Offer", 197.0)],
        "stuck": [("Lead", 20.0), ("Offer", 30.0)],
        "stale": [("Lead", 60.0)],
    }


def found(amounts: dict[str, str] | None = None):
    said = {deal: {"Amount": amount} for deal, amount in (amounts or {}).items()}
    return discover(log_of(deals(), as_of_day=200, order=ORDER, attributes=said))


AMOUNTS = {"fresh": "100", "young": "200", "stuck": "1000", "stale": "5000", **{f"c{n:02}": "50" for n in range(60)}}


def test_stalled_deals_are_those_whose_chance_is_gone_the_most_at_stake_first() -> None:
    log = found(AMOUNTS).log
    model = flow_model(log, MOST_DAYS)
    assert model is not None
    told = stalled(log, model)
    assert [one.deal for one in told.most] == ["stale", "stuck"]
    assert told.deals == 2
    chance = reached_from(model.observed, reached(model.observed, 365), 365)[..., WON]
    for one, stage, days in zip(told.most, ("Lead", "Offer"), (140.0, 170.0), strict=True):
        assert (one.stage, one.days) == (stage, days)
        assert one.fresh == pytest.approx(float(chance[model.stages.index(stage), 0]))
        # Nobody else stayed as long.
        assert one.chance is None
        assert one.stake == pytest.approx((one.amount or 0) * one.fresh)
    assert told.stake == pytest.approx(sum(one.stake for one in told.most))


def test_without_amounts_the_longest_come_first_and_nothing_is_at_stake_in_money() -> None:
    log = found().log
    model = flow_model(log, MOST_DAYS)
    assert model is not None
    told = stalled(log, model)
    assert {one.deal for one in told.most} == {"stale", "stuck"}
    assert told.stake == 0


def test_a_declared_chance_is_held_against_what_was_won() -> None:
    discovery = found()
    told = {one.stage: one for one in declared_chances(discovery, {"lead": 0.9, "offer": 0.5})}
    assert told["Lead"].verdict == "too high"
    assert (told["Offer"].verdict, told["Offer"].source) == ("fits", "playbook")
    assert {one.verdict for one in declared_chances(discovery, {})} == {"none"}
    assert {one.verdict for one in declared_chances(discovery, {"lead": 0.1, "offer": 0.1})} == {"too low"}


def test_a_quota_is_more_often_reached_the_lower_it_is() -> None:
    discovery = found(AMOUNTS)
    low, middle, high = (outlook(discovery, 60, quota) for quota in (1.0, 250.0, 1e9))
    assert low.forecast is not None
    assert middle.forecast is not None
    assert high.forecast is not None
    chances = [one.forecast.chance_of_quota for one in (low, middle, high) if one.forecast is not None]
    assert all(chance is not None for chance in chances)
    assert chances[0] >= chances[1] >= chances[2] == 0  # type: ignore[operator]
    assert middle.coverage == pytest.approx(6300 / 250)
    assert outlook(discovery, 60).coverage is None


def test_the_usual_horizon_holds_nine_in_ten_wins() -> None:
    log = found().log
    days = sorted(path[2][1] - path[0][1] for path in deals().values() if path[-1][0] == "Won")
    assert sum(one <= usual_horizon(log) for one in days) >= 0.9 * len(days)
    assert usual_horizon(log) <= days[-1]
    few = discover(log_of({"x": ["Lead", "Won"]}, order=ORDER)).log
    assert usual_horizon(few) == 180


def test_every_kind_of_edit_is_read() -> None:
    discovery = found()
    edits = ["faster:Lead:1.5", "remove:offer", "give-up:Lead:3", "pass: Lead :1.1", "arrivals:1.2"]
    assert {edit.partition(":")[0] for edit in edits} == {form.partition(":")[0] for form in EDITS}
    assert all(is_edit(edit) for edit in edits)
    told = predict(discovery, edits).what_if
    assert told.changes == (
        "deals go on from Lead 1.5 times as fast",
        "there is no Offer",
        "deals are given up after 3 days in Lead",
        "1.1 times as many go on from Lead",
        "1.2 times as many deals begin",
    )
    assert len(told.ends) == 2
    assert predict(discovery, ["remove:Contact"], {"contact": "Lead"}).what_if.changes == ("there is no Lead",)


def test_what_cannot_be_read_is_said_all_at_once_with_the_next_move() -> None:
    discovery = found()
    wrong = {
        "fastr:Lead:2": "Did you mean 'faster'?",
        "faster:Laed:2": "Did you mean 'Lead'?",
        "faster:Lead:-1": "is not a number of TIMES above 0",
        "give-up:Lead:soon": "is not a number of DAYS above 0",
        "arrivals:nan": "is not a number of TIMES above 0",
        "remove:": "no stage is named",
        "pass:Lead:inf": "It is said as pass:STAGE:TIMES",
    }
    for edit, said in wrong.items():
        with pytest.raises(InputError) as error:
            predict(discovery, [edit])
        assert said in str(error.value)
    with pytest.raises(InputError) as error:
        predict(discovery, list(wrong))
    assert all(said in str(error.value) for said in wrong.values())


def test_a_log_in_which_nobody_stayed_predicts_nothing() -> None:
    empty = discover(log_of({"x": [("Won", 0.0)]}))
    with pytest.raises(InputError, match="nothing can be predicted"):
        predict(empty, ["arrivals:2"])
    told = outlook(empty, 90)
    assert told.forecast is None
    assert told.stalled is None
    assert told.gate.verdict == "cannot tell"
    assert empty.log.as_of.replace(tzinfo=None) >= FIRST_DAY


def priced(dear_wins: float, seed: int = 4) -> dict[str, list[Stop]]:
    """Deals, half of them dear, of which so many are won; of the others three in ten are."""
    random = np.random.default_rng(seed)
    paths: dict[str, list[Stop]] = {}
    for number in range(380):
        begun = float(number)
        wins = random.random() < (dear_wins if number % 2 else 0.3)
        end = begun + float(random.uniform(10, 30))
        paths[f"p{number:03}"] = [
            stop for stop in [("Lead", begun), ("Offer", begun + 5), ("Won" if wins else "Lost", end)] if stop[1] <= 390
        ]
    return paths


@pytest.mark.parametrize(("dear_wins", "weighed"), [(0.7, True), (0.3, False)])
def test_money_is_weighed_where_dear_deals_are_won_more_often_and_not_else(dear_wins: float, weighed: bool) -> None:
    paths = priced(dear_wins)
    amounts = {deal: {"Amount": "900" if int(deal[1:]) % 2 else "100"} for deal in paths}
    log = discover(log_of(paths, as_of_day=390, order=ORDER, attributes=amounts)).log
    found, plain = (forecast(log, 60, MOST_DAYS, weigh_money=one) for one in (True, False))
    assert found is not None
    assert plain is not None
    assert found.wins == plain.wins
    assert plain.money_ratio is None
    assert found.money_ratio is not None
    assert found.money_weighed == weighed
    if weighed:
        # Of ten equal deals, five of them dear: 0.3 x 100 + 0.7 x 900 of 1,000 is won, and half of the deals.
        assert found.money_ratio.low <= (0.03 + 0.63) / 0.5 <= found.money_ratio.high
    else:
        assert found.revenue == plain.revenue
    assert sum(one.expected or 0.0 for one in found.stages) >= 0
