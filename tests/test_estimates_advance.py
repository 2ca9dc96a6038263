"""The time within which deals go on is right where looking at completed stays alone is not, open deals being data."""

from __future__ import annotations

import math
import random
from statistics import quantiles
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.estimates.advance import ENOUGH_ADVANCED, AdvanceTime, advance_times
from tests.worlds import log_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.worlds import Stop

MEAN = 30.0
TRUE_P80 = MEAN * math.log(5)
"""Of an exponential stay, whatever ends it: 48.3 days."""


def young_log(seed: int, deals: int, age: float) -> dict[str, list[tuple[str, float]]]:
    """Deals begin evenly until the log is looked at; two in three go on, one is lost, stays are exponential."""
    chance = random.Random(seed)
    made: dict[str, list[tuple[str, float]]] = {}
    for number in range(deals):
        begun = chance.uniform(0, age - 0.01)
        left = begun + chance.expovariate(1 / MEAN)
        end = "Next" if chance.random() < 2 / 3 else "Lost"
        made[f"d{number:04}"] = [("Here", begun), (end, left)] if left < age else [("Here", begun)]
    return made


def time_of(deals: Mapping[str, Sequence[Stop]], age: float | None = None) -> AdvanceTime:
    return advance_times(discover(log_of(deals, as_of_day=age)), {"Here": 0, "Next": 1})["Here"]


def naive_p80(deals: Mapping[str, Sequence[tuple[str, float]]]) -> float:
    """The usual figure: of completed stays that went on."""
    return quantiles([stops[1][1] - stops[0][1] for stops in deals.values() if stops[-1][0] == "Next"], n=5)[3]


def test_open_stays_make_the_difference_between_the_true_time_and_one_that_is_far_too_short() -> None:
    runs = [young_log(seed, 500, 100.0) for seed in range(8)]
    found = [time_of(deals, 100.0) for deals in runs]
    assert all(one.open > 100 for one in found)
    told = [one.days for one in found if one.days is not None]
    assert len(told) == len(found)
    assert sum(told) / len(told) == pytest.approx(TRUE_P80, rel=0.06)
    naive = sum(map(naive_p80, runs)) / len(runs)
    assert naive < 0.8 * TRUE_P80
    within = [
        one.low is not None and one.low <= TRUE_P80 and (one.high is None or one.high >= TRUE_P80) for one in found
    ]
    # Of eight 95 % intervals, three or more miss with a chance of one in two hundred.
    assert sum(within) >= 6


@settings(deadline=None, max_examples=8)
@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=ENOUGH_ADVANCED, max_size=60))
def test_where_all_stays_have_ended_it_is_when_four_in_five_of_those_that_went_on_had_gone(
    stays: list[tuple[int, bool]],
) -> None:
    deals = {
        f"d{number:02}": [("Here", 0.0), ("Next" if onward else "Lost", float(days))]
        for number, (days, onward) in enumerate(stays)
    }
    found = time_of(deals, 400.0)
    onward = sorted(days for days, went_on in stays if went_on)
    assert (found.stays, found.advanced, found.open) == (len(stays), len(onward), 0)
    if found.days is None:
        assert found.needed > 0
        return
    # The last stays carry the curve no further than enough of them are at risk; no stay lies beyond the truth by more.
    exact = onward[math.ceil(0.8 * len(onward)) - 1]
    assert found.low is not None
    assert found.low <= exact
    assert found.high is None or found.high >= found.days >= found.low
    assert min(onward) <= found.days <= max(onward)
    assert found.needed == 0


def test_days_of_a_thousand_even_stays_are_those_that_anybody_would_read_off() -> None:
    deals = {f"d{number:04}": [("Here", 0.0), ("Next", 1.0 + number * 0.1)] for number in range(1000)}
    found = time_of(deals, 400.0)
    assert found.days == pytest.approx(1 + 0.1 * 799, abs=0.5)
    assert found.low == pytest.approx(1 + 0.1 * 774, abs=1)
    assert found.high == pytest.approx(1 + 0.1 * 824, abs=1)


def test_going_back_is_not_going_on_and_a_win_is() -> None:
    back = {f"b{number:02}": [("Next", 0.0), ("Here", 1.0), ("Next", 91.0), ("Won", 95.0)] for number in range(15)}
    times = advance_times(discover(log_of(back, as_of_day=100.0)), {"Here": 1, "Next": 0})
    assert times["Here"].advanced == 0
    assert times["Here"].days is None
    # The first stay leads on, to a later stage, and the second to a win.
    assert (times["Next"].stays, times["Next"].advanced) == (30, 30)


def test_too_few_that_went_on_and_too_many_still_there_give_no_time_and_say_what_is_needed() -> None:
    few = {f"d{number}": [("Here", 0.0), ("Next", 5.0 + number)] for number in range(4)}
    assert (time_of(few).days, time_of(few).needed) == (None, ENOUGH_ADVANCED - 4)
    # Half of 80 stays go on after a day; the others have been there for a hundred days.
    stuck = {f"s{number:02}": [("Here", 0.0), *([("Next", 1.0)] if number % 2 else [])] for number in range(80)}
    found = time_of(stuck, 100.0)
    assert found.days is None
    assert found.staying == pytest.approx(0.5)
    assert found.needed == 24  # 40 are there, 16 may be


def test_repeats_of_a_stage_are_one_stay() -> None:
    rows = [("deal_id,stage,entered_at\n")]
    for number in range(20):
        days = [("Here", 1), ("Here", 4), ("Here", 9), ("Next", 11 + number % 3), ("Won", 20)]
        rows += [f"d{number},{stage},2026-01-{day:02}T10:00:00Z\n" for stage, day in days]
    import tempfile
    from pathlib import Path

    from processminer.log.names import Names
    from processminer.log.options import Options
    from processminer.log.read import read_log

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.csv"
        file.write_text("".join(rows), encoding="utf-8")
        found = discover(read_log(file, Options(names=Names(won=("Won",)))))
    times = advance_times(found, {"Here": 0, "Next": 1})
    assert times["Here"].stays == 20
    assert times["Here"].days == pytest.approx(12, abs=0.2)
