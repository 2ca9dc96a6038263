"""The closed form of a semi-Markov process says what its definition, its simulation and the dull recursion say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from processminer.statistics.semi_markov import (
    Kernel,
    bypassed,
    faster,
    given_up,
    hazards_of,
    hurried,
    kernel,
    reached,
    reached_from,
    reached_if,
    stay,
    visits,
)
from processminer.statistics.survival import Floats, incidence_curves, risk_table


def random_kernel(seed: int, states: int = 3, ends: int = 2, ticks: int = 12, left: float = 0.0) -> Kernel:
    """A kernel whose stays end within its ticks but for a share of `left`."""
    mass = np.random.default_rng(seed).random((states, states + ends, ticks)) ** 3
    return Kernel((1 - left) * mass / mass.sum(axis=(1, 2), keepdims=True))


def targets(states: int, chosen: dict[int, list[int]], ends: int = 2) -> NDArray[np.bool_]:
    mask = np.zeros((states, states + ends), dtype=bool)
    for state, to in chosen.items():
        mask[state, to] = True
    return mask


def by_recursion(one: Kernel, ticks: int) -> Floats:
    """The renewal equation, one tick after the other; stays of no tick are solved for."""
    states = one.states
    steps = np.zeros((states, one.ends, ticks + 1))
    at_once = np.linalg.inv(np.eye(states) - one.exits[:, :states, 0])
    for tick in range(ticks + 1):
        new = one.exits[:, states:, tick].copy() if tick < one.ticks else np.zeros((states, one.ends))
        for length in range(1, min(tick, one.ticks - 1) + 1):
            new += one.exits[:, :states, length] @ steps[:, :, tick - length]
        steps[:, :, tick] = at_once @ new
    return np.cumsum(steps, axis=-1)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 3), st.integers(1, 20), st.integers(0, 60))
def test_all_times_at_once_are_what_one_after_the_other_gives(
    seed: int, states: int, ends: int, lengths: int, ticks: int
) -> None:
    one = random_kernel(seed, states, ends, lengths, left=0.1)
    assert reached(one, ticks) == pytest.approx(by_recursion(one, ticks), abs=1e-7)


def test_resamples_are_solved_together_as_they_are_alone() -> None:
    alone = [random_kernel(seed) for seed in range(4)]
    together = Kernel(np.stack([one.exits for one in alone]))
    assert reached(together, 50) == pytest.approx(np.stack([reached(one, 50) for one in alone]), abs=1e-12)
    assert visits(together) == pytest.approx(np.stack([visits(one) for one in alone]))
    chosen = targets(3, {1: [2], 2: [3]})
    quick = np.stack([faster(one, chosen, 1.5).exits for one in alone])
    assert faster(together, chosen, 1.5).exits == pytest.approx(quick)
    starts = np.random.default_rng(0).dirichlet(np.ones(3), size=4)
    changed = [
        reached_if(one, hurried(one, 0, 2.0).exits, start, 0, 50) for one, start in zip(alone, starts, strict=True)
    ]
    many = reached_if(together, hurried(together, 0, 2.0).exits, starts, 0, 50)
    assert many == pytest.approx(np.stack(changed))
    aged = [reached_from(one, reached(one, 50), 40) for one in alone]
    assert reached_from(together, reached(together, 50), 40) == pytest.approx(np.stack(aged), nan_ok=True, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(0, 60))
def test_one_changed_state_at_a_time_is_what_each_changed_kernel_gives(seed: int, states: int, ticks: int) -> None:
    one = random_kernel(seed, states, 2, 9, left=0.1)
    rows = random_kernel(seed + 1, states, 2, 9, left=0.2).exits
    starts = np.random.default_rng(seed).dirichlet(np.ones(states))
    cases = [one.exits.copy() for _ in range(states + 1)]
    for state in range(states):
        cases[state][state] = rows[state]
    expected = [starts @ reached(Kernel(exits), ticks)[:, 1, -1] for exits in cases]
    assert reached_if(one, rows, starts, 1, ticks) == pytest.approx(expected, abs=1e-7)


def test_one_state_left_at_a_constant_rate_is_the_geometric_distribution() -> None:
    won, lost = 0.03, 0.07
    u = np.arange(400)
    one = Kernel(np.stack([np.zeros(400), won * 0.9**u, lost * 0.9**u])[None])
    expected = won / (won + lost) * (1 - 0.9 ** np.arange(1, 102))
    assert reached(one, 100)[0, 0] == pytest.approx(expected, abs=1e-8)
    # Who leaves at a constant rate does not age.
    aged = reached_from(one, reached(one, 100), 100)
    assert aged[0, 50, 0] == pytest.approx(won / (won + lost) * (1 - 0.9**100), abs=1e-8)


def test_simulated_units_do_what_the_closed_form_says() -> None:
    one = random_kernel(7, states=3, ends=2, ticks=15)
    rng = np.random.default_rng(1)
    runs, horizon = 20_000, 40
    flat = one.exits.reshape(3, -1).cumsum(axis=1)
    state, clock = np.zeros(runs, dtype=int), np.zeros(runs, dtype=int)
    end, when, seen = np.full(runs, -1), np.zeros(runs, dtype=int), np.zeros((runs, 3))
    while (walking := np.flatnonzero(end < 0)).size:
        np.add.at(seen, (walking, state[walking]), 1)
        drawn = (rng.random(walking.size)[:, None] > flat[state[walking]]).sum(axis=1).clip(max=5 * 15 - 1)
        clock[walking] += drawn % 15
        target = drawn // 15
        state[walking] = np.where(target < 3, target, state[walking])
        end[walking] = np.where(target < 3, -1, target - 3)
        when[walking] = clock[walking]
    for which in (0, 1):
        share = ((end == which) & (when <= horizon)).mean()
        assert reached(one, horizon)[0, which, -1] == pytest.approx(share, abs=4 * np.sqrt(0.25 / runs))
    assert visits(one)[0] == pytest.approx(seen.mean(axis=0), rel=0.05)


def test_a_kernel_of_counts_is_the_curve_of_each_cause() -> None:
    rng = np.random.default_rng(3)
    exits = rng.integers(0, 5, size=(3, 20)).astype(float)
    censored = rng.integers(0, 5, size=20).astype(float)
    table = risk_table(np.arange(20), exits.T, censored)
    one = kernel(exits[None], table.at_risk[None])
    curves, _ = incidence_curves(table)
    assert pytest.approx(curves) == np.cumsum(one.exits[0], axis=-1).T
    assert hazards_of(one)[0] == pytest.approx(np.where(table.at_risk > 0, exits / np.maximum(table.at_risk, 1), 0))


def test_nobody_at_risk_leaves_nowhere() -> None:
    one = kernel(np.zeros((1, 2, 5)), np.zeros((1, 5)))
    assert one.staying.tolist() == [[1.0] * 5]
    assert reached(one, 10).max() == 0
    # Who never leaves, as far as was seen, ends nowhere; who has lasted longer than anybody is not known of.
    assert reached_from(one, reached(one, 10), 3).max() == 0
    all_left = kernel(np.array([[[0, 0, 0], [0, 5, 0], [0, 0, 0]]], dtype=float), np.array([[5.0, 5.0, 0.0]]))
    aged = reached_from(all_left, reached(all_left, 10), 3)
    assert aged[0, 0].tolist() == [1.0, 0.0]
    assert np.isnan(aged[0, 1:]).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.floats(1.0, 4.0))
def test_a_faster_way_on_wins_more_and_loses_less_and_other_stages_stay_as_they_are(seed: int, times: float) -> None:
    one = random_kernel(seed, left=0.05)
    quick = faster(one, targets(3, {1: [2, 3]}), times)
    assert quick.exits[[0, 2]] == pytest.approx(one.exits[[0, 2]])
    assert (quick.shares[1, [2, 3]].sum() + 1e-9) >= one.shares[1, [2, 3]].sum()
    assert (quick.shares[1, [0, 1, 4]] <= one.shares[1, [0, 1, 4]] + 1e-9).all()
    assert (quick.shares.sum(axis=-1) <= 1 + 1e-9).all()
    assert faster(one, targets(3, {1: [2, 3]}), 1.0).exits == pytest.approx(one.exits, abs=1e-9)


def test_rates_of_exponential_stays_add_up_after_a_way_got_faster() -> None:
    forward, lost, tick = 0.02, 0.03, 0.1
    u = np.arange(6000) * tick
    step = 1 - np.exp(-(forward + lost) * tick)
    both = np.exp(-(forward + lost) * u) * step
    one = Kernel(np.stack([np.zeros(6000), both * 0.4, both * 0.6])[None])
    quick = faster(one, targets(1, {0: [1]}), 1.5)
    assert quick.shares[0, 1] == pytest.approx(0.03 / (0.03 + 0.03), abs=2e-3)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from([1.5, 2.0, 3.0]))
def test_hurried_stays_lead_where_they_led_and_take_less(seed: int, times: float) -> None:
    one = random_kernel(seed, ticks=24)
    quick = hurried(one, 0, times)
    assert quick.shares == pytest.approx(one.shares)
    assert (quick.exits >= -1e-12).all()
    assert stay(quick, 24)[0] <= stay(one, 24)[0] + 1e-9
    # A tick is the finest that a length can be told by: half a tick is lost at most.
    assert stay(quick, 24)[0] == pytest.approx(stay(one, 24)[0] / times, abs=0.6)


def test_a_bypassed_stage_takes_no_time_and_loses_nobody_it_need_not() -> None:
    one = random_kernel(5)
    everything = bypassed(one, 1, range(5))
    assert stay(everything, 12)[1] == 0
    assert reached(everything, 300)[..., -1] == pytest.approx(reached(one, 300)[..., -1], abs=1e-6)
    spared = bypassed(one, 1, [0, 1, 2, 3])
    assert (reached(spared, 300)[:, 0, -1] > reached(one, 300)[:, 0, -1]).all()


def test_what_is_given_up_goes_to_its_end_at_once() -> None:
    one = random_kernel(5, left=0.2)
    limited = given_up(one, 0, 4, 4)
    assert limited.exits[0, :, :4] == pytest.approx(one.exits[0, :, :4])
    assert limited.shares[0].sum() == pytest.approx(1)
    assert limited.staying[0, 4:].max() == pytest.approx(0, abs=1e-12)
    assert given_up(one, 0, 99, 4).exits == pytest.approx(one.exits)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 10))
def test_what_becomes_of_the_aged_and_the_gone_adds_up_to_what_becomes_of_all(seed: int, age: int) -> None:
    one = random_kernel(seed, left=0.1)
    whole = reached(one, 60)
    aged = reached_from(one, whole, 60 - age)[0, age]
    left = one.staying[0, age]
    gone = one.exits[0, 3:, : age + 1].sum(axis=-1)
    for length in range(age + 1):
        for target in range(3):
            gone = gone + one.exits[0, target, length] * whole[target, :, 60 - length]
    assert gone + left * aged == pytest.approx(whole[0, :, 60], abs=1e-7)
