"""Examples to follow, what comes before an advance, and rules: counted again in plain Python, and on planted worlds."""

from __future__ import annotations

import math
import random
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.discovery.exemplars import EACH, exemplars
from processminer.engines.trees import grow_groups
from processminer.estimates.winners.before_advance import WINDOW_DAYS, before_advance
from processminer.estimates.winners.rule_list import rule_list
from processminer.estimates.winners.winners import winners
from processminer.statistics.ratio_in_strata import ratio_in_strata
from tests.worlds import log_of

if TYPE_CHECKING:
    from processminer.discovery.discovery import Discovery

Lives = dict[str, tuple[float, bool, float | None]]
"""By deal: the day on which it left its first stage, whether it went on, and when it was called."""

LONG, SHORT = ("Lead", "Demo", "Offer"), ("Lead", "Offer")


def two_segments() -> tuple[Discovery, dict[str, str], dict[str, tuple[str, ...]], dict[str, float]]:
    """Two segments that are won on ways of their own; lengths differ from deal to deal."""
    chance = random.Random(4)
    deals: dict[str, list[tuple[str, float]]] = {}
    tasks: dict[str, list[tuple[str, float]]] = {}
    segment: dict[str, str] = {}
    way: dict[str, tuple[str, ...]] = {}
    days: dict[str, float] = {}
    for number in range(60):
        deal = f"D{number:02}"
        segment[deal] = "Large" if number % 3 else "Small"
        usual = chance.random() < 0.8
        way[deal] = LONG if (segment[deal] == "Large") == usual else SHORT
        days[deal] = 10.0 + number
        step = days[deal] / len(way[deal])
        deals[deal] = [*((stage, place * step) for place, stage in enumerate(way[deal])), ("Won", days[deal])]
        if chance.random() < 0.7:
            tasks[deal] = [("Call", step / 2), ("Mail", days[deal] - 0.5)]
    for number in range(20):
        deals[f"X{number:02}"] = [("Lead", 0.0), ("Lost", 3.0)]
    log = log_of(
        deals,
        tasks=tasks,
        attributes={deal: {"Segment": of} for deal, of in segment.items()},
        order=LONG,
        as_of_day=200,
    )
    return discover(log), segment, way, days


def test_each_segment_shows_deals_of_its_own_most_travelled_way_with_the_usual_tasks_and_length() -> None:
    discovery, segment, way, days = two_segments()
    found = exemplars(discovery)
    assert found.attribute == "Segment"
    for name in ("Large", "Small"):
        own = [deal for deal, of in segment.items() if of == name]
        (usual, went), *_ = Counter(way[deal] for deal in own).most_common()
        shown = [one for one in found.deals if one.segment == name]
        assert len(shown) == EACH
        assert {way[one.deal] for one in shown} == {usual}
        assert {(one.went, one.of) for one in shown} == {(went, len(own))}
        assert {round(one.usual_days, 6) for one in shown} == {round(median(days[deal] for deal in own), 6)}
        # All of the shown ones have both usual tasks, and none that has them lies nearer to the median length.
        assert all(one.touch_points == 2 for one in shown)
        off = {one.deal: abs(math.log(days[one.deal] / one.usual_days)) for one in shown}
        assert list(off.values()) == sorted(off.values())


def test_an_example_tells_every_stay_with_its_days_and_the_touch_points_in_it() -> None:
    discovery, _, way, days = two_segments()
    for one in exemplars(discovery).deals:
        step = days[one.deal] / len(way[one.deal])
        assert [stay.stage for stay in one.stays] == list(way[one.deal])
        assert [stay.days for stay in one.stays] == [pytest.approx(step, abs=1e-6)] * len(one.stays)
        assert one.stays[0].touches == ("Call",)
        assert one.stays[-1].touches == ("Mail",)


def test_a_log_without_a_won_deal_has_no_example_and_no_rule() -> None:
    found = winners(discover(log_of({f"D{n}": [("Lead", 0.0), ("Lost", 4.0)] for n in range(5)})))
    assert (found.exemplars.deals, found.before_advance, found.rules) == ((), (), None)


@pytest.fixture(scope="module")
def calls() -> tuple[Discovery, Lives]:
    """Deals that go on three times as often within days of a call, and a mail that means nothing."""
    rng = np.random.default_rng(11)
    deals: dict[str, list[tuple[str, float]]] = {}
    tasks: dict[str, list[tuple[str, float]]] = {}
    truth: Lives = {}
    for number in range(700):
        deal, called = f"D{number:03}", float(rng.uniform(1, 40)) if rng.random() < 0.6 else None
        day, went_on, gone = 0.0, False, False
        while not gone and day < 60:
            day += 0.25
            lately = called is not None and called < day <= called + WINDOW_DAYS
            went_on = bool(rng.random() < (0.06 if lately else 0.02) * 0.25)
            gone = went_on or bool(rng.random() < 0.01 * 0.25)
        truth[deal] = (day, went_on, called)
        after = [("Offer", day), ("Won", day + 5)] if went_on else [("Lost", day)]
        deals[deal] = [("Lead", 0.0), *(after if gone else [])]
        mailed = float(rng.uniform(1, 40))
        tasks[deal] = [("Mail", mailed)] if mailed < day else []
        if called is not None and called < day:
            tasks[deal].append(("Call", called))
    return discover(log_of(deals, tasks=tasks, order=("Lead", "Offer"), as_of_day=70.0)), truth


def test_what_makes_deals_go_on_is_told_with_its_ratio_and_what_means_nothing_is_not(
    calls: tuple[Discovery, Lives],
) -> None:
    told = {(one.stage, one.name): one for one in before_advance(calls[0])}
    call, mail = told["Lead", "Call"], told["Lead", "Mail"]
    assert call.ratio.low > 1.5
    assert call.ratio.low < 3.0 < call.ratio.high * 1.2
    assert call.q < 0.01
    assert mail.ratio.low < 1.0 < mail.ratio.high


def test_advances_after_a_call_are_counted_again_deal_by_deal(calls: tuple[Discovery, Lives]) -> None:
    (call,) = [one for one in before_advance(calls[0]) if (one.stage, one.name) == ("Lead", "Call")]
    after = advances = 0
    for day, went_on, called in calls[1].values():
        last = math.ceil(day / call.pace_days) - 1  # the last look that lies before the advance
        if went_on and 1 <= last <= 40:
            advances += 1
            at = last * call.pace_days
            after += called is not None and max(0.0, at - WINDOW_DAYS) <= called < at and called < day
    assert (call.after, call.advances) == (after, advances)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=6
    )
)
def test_the_ratio_over_strata_is_mantel_and_haenszels(rows: list[tuple[int, int, int, int]]) -> None:
    strata = [(a, a + b, c, c + d) for a, b, c, d in rows]
    kept = [(a, n, c, m) for a, n, c, m in strata if n and m]
    here, there = (
        math.fsum(k) for k in ([a * m / (n + m) for a, n, c, m in kept], [c * n / (n + m) for a, n, c, m in kept])
    )
    found = ratio_in_strata(*(np.array(one, dtype=np.float64) for one in zip(*strata, strict=True)))
    if here == 0 or there == 0:
        assert found is None
        return
    spread = math.fsum((n * m * (a + c) - a * c * (n + m)) / (n + m) ** 2 for a, n, c, m in kept)
    assert found is not None
    assert found.value == pytest.approx(math.log(here / there))
    assert found.error == pytest.approx(math.sqrt(max(spread, 1e-300) / (here * there)), abs=1e-9)


def test_one_stratum_gives_the_plain_ratio_of_two_risks() -> None:
    found = ratio_in_strata(*(np.array([float(one)]) for one in (30, 100, 20, 200)))
    assert found is not None
    assert math.exp(found.value) == pytest.approx(3.0)
    assert found.error == pytest.approx(math.sqrt(1 / 30 - 1 / 100 + 1 / 20 - 1 / 200))


def ruled(*, telling: bool, seed: int) -> Discovery:
    """Deals of two segments, of which the large ones are won far more often, or not."""
    rng = np.random.default_rng(seed)
    deals: dict[str, list[tuple[str, float]]] = {}
    attributes = {}
    for number in range(900):
        deal, large, start = f"D{number:03}", bool(rng.random() < 0.4), float(number)
        attributes[deal] = {"Segment": "Large" if large else "Small", "Region": str(rng.choice(["North", "South"]))}
        won = rng.random() < ((0.75 if large else 0.3) if telling else 0.5)
        gone = start + float(rng.uniform(2, 40))
        deals[deal] = [("Lead", start), ("Offer", start + 1), ("Won" if won else "Lost", gone)]
    return discover(log_of(deals, attributes=attributes, order=("Lead", "Offer"), as_of_day=960.0))


def test_rules_name_what_separates_winners_and_tell_their_share_from_the_newest_deals() -> None:
    found = rule_list(ruled(telling=True, seed=1))
    assert found is not None
    best, worst = found.rules[0], found.rules[-1]
    assert next((part.name, part.holds, part.value) for part in best.parts) in (
        ("Segment", "is", "Large"),
        ("Segment", "is not", "Small"),
    )
    assert best.won.low > 0.5
    assert abs(best.older_won - 0.75) < 0.1
    assert worst.won.high < 0.45
    assert abs(worst.older_won - 0.3) < 0.1
    assert sum(rule.older_deals + rule.deals for rule in found.rules) <= found.deals


def test_where_nothing_tells_deals_apart_no_rule_is_made_up() -> None:
    lone = [rule_list(ruled(telling=False, seed=seed)) for seed in range(10)]
    assert sum(found is not None and len(found.rules) == 1 for found in lone) >= 8


def test_each_unit_belongs_to_exactly_one_group_of_a_tree() -> None:
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(400, 4))
    outcome = (columns[:, 1] > 0.2) * 1.0 + rng.normal(scale=0.3, size=400)
    groups = grow_groups(columns, outcome, depth=3, least=30)
    belongs = np.array([group.holds(columns) for group in groups])
    assert (belongs.sum(axis=0) == 1).all()
    assert {group.questions[0].column for group in groups} == {1}
    assert min(group.holds(columns).sum() for group in groups) >= 30
