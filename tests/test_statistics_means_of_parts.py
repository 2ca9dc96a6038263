"""Means of parts of clustered units: limits that hold the truth, however few the clusters of a part."""

from __future__ import annotations

import numpy as np
import pytest

from processminer.statistics.doubly_robust import Units, difference
from processminer.statistics.means_of_parts import means_of_parts
from processminer.statistics.shrinkage import shrunk

PARTS = 3
WORLDS = 300


def _null_world(random: np.random.Generator, deals: int, owners: int, share: float) -> tuple[Units, np.ndarray]:
    """Return deals of three segments whose owners win, and act, more or less often; the action changes nothing."""
    segment, owner = random.choice(PARTS, deals, p=[0.25, 0.55, 0.2]), random.integers(0, owners, deals)
    size, skill = random.normal(size=deals), random.normal(0, 0.3, owners)
    leans = np.log(share / (1 - share)) + 0.4 * size + 0.3 * (segment - 1) + 0.5 * skill[owner]
    action = random.random(deals) < 1 / (1 + np.exp(-leans))
    wins = random.random(deals) < 1 / (1 + np.exp(0.6 - 0.6 * size - 0.4 * (segment - 1) - skill[owner]))
    known = np.column_stack([size, segment == 1, segment == 2]).astype(float)
    groups = {"size": slice(0, 1), "segment": slice(1, 3)}
    return Units(action, wins.astype(float), known, groups, owner, owner), segment


@pytest.mark.parametrize(("deals", "owners", "share"), [(1500, 7, 0.4), (1500, 7, 0.12), (2000, 12, 0.3)])
def test_what_changes_nothing_lies_within_the_limits_of_each_segment(deals, owners, share):
    inside, drawn, differ = np.zeros(PARTS), np.zeros(PARTS), 0
    for seed in range(WORLDS):
        units, segment = _null_world(np.random.default_rng(seed), deals, owners, share)
        found = difference(units, 1)
        assert found is not None
        parts = [segment[found.kept] == one for one in range(PARTS)]
        own = means_of_parts(found.influence, units.cluster[found.kept], parts)
        together = shrunk(own)
        inside += [one.interval().low <= 0 <= one.interval().high for one in own]
        drawn += [one.interval().low <= 0 <= one.interval().high for one in together.groups]
        differ += together.p_value <= 0.01
    assert 0.93 <= inside.sum() / (PARTS * WORLDS) <= 0.97
    assert drawn.min() / WORLDS >= 0.93
    assert differ <= 0.025 * WORLDS


@pytest.mark.parametrize("alike", [0.0, 0.1, 0.3])
def test_clusters_whose_units_are_alike_widen_the_limits_of_all_parts(alike):
    random = np.random.default_rng(7)
    part, cluster = np.repeat([0, 1], 500), np.arange(1000) % 25
    seen, told = [], []
    for _ in range(200):
        # Each cluster is its own in each part, as what an action changes for an owner's deals of one segment.
        shift = random.normal(0, np.sqrt(alike), (2, 25))
        values = shift[part, cluster] + random.normal(0, np.sqrt(1 - alike), 1000)
        own = means_of_parts(values, cluster, [part == 0, part == 1])
        seen.append([one.value for one in own])
        told.append([one.error for one in own])
    assert np.mean(told) == pytest.approx(np.std(seen), rel=0.1)


def test_clusters_of_one_unit_count_each_unit_and_parts_that_never_vary_are_sure():
    random = np.random.default_rng(3)
    values, part = random.normal(size=400), np.arange(400) % 2
    for which, own in zip((0, 1), means_of_parts(values, np.arange(400), [part == 0, part == 1]), strict=True):
        alone = values[part == which]
        assert (own.value, own.freedom) == (pytest.approx(alone.mean()), 199)
        assert own.error == pytest.approx(alone.std(ddof=1) / np.sqrt(200))
    (still,) = means_of_parts(np.ones(50), np.arange(50) % 5, [np.ones(50, dtype=bool)])
    assert still.value == 1
    assert still.error <= 1e-12
