"""What a faster stage is worth: wins a week and value follow from the same flow, and large deals may wait elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from processminer.discovery.discover import discover
from processminer.estimates.figures import StageGain
from processminer.estimates.flow.gain import Arrivals, gains, stage_gains
from processminer.estimates.flow.model import flow_model
from processminer.log.eventlog import EventLog
from processminer.report.facts import render_rows
from processminer.study import study
from tests.worlds import Stop, log_of

STAGES = ("Lead", "Offer", "Legal")
SMALL, LARGE = 1_000.0, 20_000.0
LAST_DAY = 400


def path(rng: np.random.Generator, *, large: bool) -> list[Stop]:
    """Small deals are lost while they wait for an offer; large ones while they wait for the lawyers."""
    day, stops = float(rng.integers(0, LAST_DAY)), list[tuple[str, float]]()
    for stage in STAGES:
        slow = stage == ("Legal" if large else "Offer")
        on, off = (0.04, 0.06) if slow else (0.5, 0.01)
        stops.append((stage, day))
        day += float(rng.geometric(on + off))
        if rng.random() < off / (on + off):
            stops.append(("Lost", day))
            break
    else:
        stops.append(("Won", day))
    return [(stage, at) for stage, at in stops if at <= LAST_DAY]


def deals(many: int, seed: int = 1) -> dict[str, list[Stop]]:
    """One deal in four is a large one, and its name says so."""
    rng = np.random.default_rng(seed)
    world: dict[str, list[Stop]] = {}
    for number in range(many):
        kind = "large" if number % 4 == 0 else "small"
        world[f"{kind}{number:05}"] = path(rng, large=kind == "large")
    return world


def read(world: dict[str, list[Stop]], amounts: dict[str, str], currencies: dict[str, str] | None = None) -> EventLog:
    fields = {
        deal: {
            **({"Amount": amounts[deal]} if deal in amounts else {}),
            **({"CurrencyIsoCode": currencies[deal]} if currencies else {}),
        }
        for deal in world
    }
    log = log_of(world, as_of_day=LAST_DAY, attributes=fields, order=STAGES)
    discover(log)
    return log


def found(log: EventLog) -> dict[str, StageGain]:
    return {one.stage: one for one in gains(log)}


@pytest.fixture(scope="module")
def world() -> dict[str, list[Stop]]:
    return deals(1500)


def by_size(deal: str) -> str:
    return str(LARGE if deal.startswith("large") else SMALL)


def test_value_is_won_where_large_deals_wait_though_wins_are_won_elsewhere(world: dict[str, list[Stop]]) -> None:
    told = gains(read(world, {deal: by_size(deal) for deal in world}))
    assert told[0].stage == "Offer"
    assert told[0].rank_1 > 0.95
    values = {one.stage: one.value for one in told}
    legal, offer = values["Legal"], values["Offer"]
    assert legal is not None
    assert offer is not None
    assert legal.a_deal.low > offer.a_deal.high


def test_with_one_amount_for_all_value_is_that_times_the_wins(world: dict[str, list[Stop]]) -> None:
    for one in gains(read(world, dict.fromkeys(world, "500"))):
        assert one.value is not None
        assert one.value.deals == one.deals
        assert one.value.base_a_deal == pytest.approx(500 * one.base)
        for told, points in (
            (one.value.a_deal.estimate, one.gain.estimate),
            (one.value.a_deal.low, one.gain.low),
            (one.value.a_deal.high, one.gain.high),
        ):
            assert told == pytest.approx(500 * points, abs=1e-6)


def test_wins_a_week_are_the_points_times_the_deals_that_begin_in_one(world: dict[str, list[Stop]]) -> None:
    begun = sum(stops[0][1] > LAST_DAY - 90 for stops in world.values() if isinstance(stops[0], tuple))
    for one in gains(read(world, {})):
        assert one.value is None
        assert one.wins_a_week is not None
        assert one.base_wins_a_week == pytest.approx(begun / 90 * 7 * one.base)
        assert one.wins_a_week.estimate == pytest.approx(begun / 90 * 7 * one.gain.estimate)
        # The chance of the arrivals is in the limits: they are wider, as a share, than those of the points.
        wide = (one.wins_a_week.high - one.wins_a_week.low) / one.wins_a_week.estimate
        assert wide > (one.gain.high - one.gain.low) / one.gain.estimate


def test_amounts_in_another_currency_are_not_added(world: dict[str, list[Stop]]) -> None:
    amounts = {deal: by_size(deal) for deal in world}
    foreign = {deal: "JPY" if number % 5 == 0 else "EUR" for number, deal in enumerate(world)}
    mixed = found(read(world, amounts, foreign))
    euros = found(read(world, {deal: amounts[deal] for deal in world if foreign[deal] == "EUR"}))
    for stage, one in mixed.items():
        alone = euros[stage].value
        assert one.value is not None
        assert alone is not None
        assert one.value.currency == "EUR"
        assert one.value.deals == sum(said == "EUR" for said in foreign.values())
        assert one.value.a_deal.estimate == pytest.approx(alone.a_deal.estimate)
        assert one.gain == euros[stage].gain


def test_neither_the_names_of_deals_nor_the_order_of_the_file_matter(world: dict[str, list[Stop]]) -> None:
    few = dict(list(world.items())[:300])
    amounts = {deal: by_size(deal) for deal in few}
    turned = {f"x{999 - place}": deal for place, deal in enumerate(reversed(few))}
    again = found(read({name: few[deal] for name, deal in turned.items()}, {n: amounts[d] for n, d in turned.items()}))
    for stage, one in found(read(few, amounts)).items():
        assert one.value is not None
        assert replace(again[stage], value=None) == replace(one, value=None)
        assert again[stage].value == pytest.approx(one.value)


def test_where_no_deal_began_lately_nothing_is_gained_a_week(world: dict[str, list[Stop]]) -> None:
    model = flow_model(read(world, {}), 180)
    assert model is not None
    for one in stage_gains(model, STAGES, Arrivals(0, 90.0, None)):
        assert one.base_wins_a_week == 0
        assert one.wins_a_week is not None
        assert (one.wins_a_week.low, one.wins_a_week.high) == (0.0, 0.0)


def test_the_rows_of_the_fact_hold_the_value_with_its_limits(world: dict[str, list[Stop]]) -> None:
    few = {deal: world[deal] for deal in list(world)[:200]}
    found = study(read(few, {deal: by_size(deal) for deal in few}))
    header, first, *_ = render_rows("gains", found, kind="csv", width=100).splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))
    told = found.estimates.gains[0]
    assert told.value is not None
    assert float(row["value_a_week_low"]) == told.value.a_week.low
    assert float(row["wins_a_week"]) == (told.wins_a_week.estimate if told.wins_a_week else None)
