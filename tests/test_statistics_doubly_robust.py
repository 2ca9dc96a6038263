import math

import numpy as np
import pytest
import scipy.stats
import statsmodels.api as sm

from processminer.statistics.absorbing import Rows, linear_without_each, logistic_without_each, poisson
from processminer.statistics.cluster_means import cluster_difference
from processminer.statistics.doubly_robust import Units, difference, mean_by_cluster
from processminer.statistics.estimated import Estimated
from processminer.statistics.interval import Interval
from processminer.statistics.sensitivity import benchmark, e_value, unaffected
from processminer.statistics.state_rates import StateCells, log_rate_ratios


def rows_of(random, units=600, levels=7):
    """Three folds, sorted by fold and level, as the regressions ask for."""
    fold, level = np.sort(random.integers(0, 3, units)), random.integers(0, levels, units)
    order = np.lexsort((level, fold))
    known = np.column_stack([np.ones(units), random.normal(size=(units, 3))])
    ends = np.cumsum(np.bincount(fold))
    folds = tuple(slice(int(one), int(two)) for one, two in zip([0, *ends[:-1]], ends, strict=True))
    return Rows(known, level[order], levels, folds)


def dummies(rows):
    return (rows.level[:, None] == np.arange(rows.levels)).astype(float)


def outside(rows, fold):
    return np.r_[0 : fold.start, fold.stop : len(rows.level)]


def test_a_fold_is_predicted_by_the_ridge_regression_of_all_others():
    random = np.random.default_rng(1)
    rows = rows_of(random)
    outcome = rows.known @ [1, 2, -1, 0.5] + rows.level / 3 + random.normal(size=len(rows.level))
    weight = random.random(len(outcome))
    design = np.column_stack([rows.known, dummies(rows)])
    ridge = 2.5 * np.eye(design.shape[1])
    ridge[0, 0] = 0.0
    for fold, found in zip(rows.folds, linear_without_each(rows, weight, outcome, 2.5), strict=True):
        some = outside(rows, fold)
        told, weighing = design[some], weight[some][:, None]
        plain = np.linalg.solve(told.T @ (told * weighing) + ridge, told.T @ (weighing[:, 0] * outcome[some]))
        assert found.predict(rows, fold) == pytest.approx(design[fold] @ plain, abs=1e-6)


def test_chances_are_those_of_a_logistic_regression_of_another_library():
    random = np.random.default_rng(2)
    rows = rows_of(random, units=900)
    log_odds = rows.known @ [0.2, 0.7, -0.5, 0.0] + (rows.level - 3) / 4
    event = (random.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(float)
    design = np.column_stack([rows.known, dummies(rows)[:, 1:]])
    for fold, found in zip(rows.folds, logistic_without_each(rows, event, 1e-7), strict=True):
        some = outside(rows, fold)
        plain = sm.Logit(event[some], design[some]).fit(disp=0)
        assert found.predict(rows, fold) == pytest.approx(design[fold] @ plain.params, abs=1e-4)


def test_with_many_units_one_step_finds_what_all_steps_would():
    random = np.random.default_rng(15)
    rows = rows_of(random, units=6000, levels=20)
    log_odds = rows.known @ [0.2, 0.7, -0.5, 0.0] + (rows.level - 10) / 10
    event = (random.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(float)
    design = np.column_stack([rows.known, dummies(rows)[:, 1:]])
    for fold, found in zip(rows.folds, logistic_without_each(rows, event, 1e-7), strict=True):
        some = outside(rows, fold)
        plain = sm.Logit(event[some], design[some]).fit(disp=0)
        assert found.predict(rows, fold) == pytest.approx(design[fold] @ plain.params, abs=0.02)


def test_rates_are_those_of_a_poisson_regression_of_another_library():
    random = np.random.default_rng(3)
    rows = rows_of(random)
    rows = Rows(rows.known[np.argsort(rows.level)], np.sort(rows.level), rows.levels, (slice(0, 600),))
    time = random.uniform(1, 50, 600)
    events = random.poisson(time * np.exp(rows.known @ [-3, 0.3, 0, -0.2] + rows.level / 5)).astype(float)
    design = np.column_stack([rows.known, dummies(rows)[:, 1:]])
    plain = sm.GLM(events, design, family=sm.families.Poisson(), offset=np.log(time)).fit()
    found = poisson(rows, time, events, 1e-8)
    assert found.predict(rows, slice(0, 600)) == pytest.approx(design @ plain.params, abs=1e-4)


def test_ratios_of_rates_and_their_errors_are_those_of_another_library():
    random = np.random.default_rng(4)
    cells = 4000
    span, state, owner = random.integers(0, 9, cells), random.integers(0, 3, cells), random.integers(0, 4, cells)
    known = (owner[:, None] == [1, 2, 3]).astype(float)
    time = random.uniform(1, 40, cells)
    log_rate = -4 + span / 5 + 0.3 * (owner == 2) + 0.4 * (state == 1) - 0.3 * (state == 2)
    events = random.poisson(time * np.exp(log_rate)).astype(float)
    found = log_rate_ratios(StateCells(span, known, owner, state, time, events), 3)
    design = np.column_stack([state == 1, state == 2, known, span[:, None] == np.arange(9)]).astype(float)
    plain = sm.GLM(events, design, family=sm.families.Poisson(), offset=np.log(time)).fit()
    for at, one in enumerate(found):
        assert one is not None
        assert (one.value, one.error) == pytest.approx((plain.params[at], plain.bse[at]), abs=1e-3)
        assert math.isinf(one.freedom)
    many = random.integers(0, 60, cells)
    robust = sm.GLM(events, design, family=sm.families.Poisson(), offset=np.log(time)).fit(
        cov_type="cluster", cov_kwds={"groups": many, "use_correction": False}
    )
    by_cluster = log_rate_ratios(StateCells(span, known, many, state, time, events), 3)
    for at, one in enumerate(by_cluster):
        assert one is not None
        assert one.freedom == 59
        assert one.error == pytest.approx(robust.bse[at] * math.sqrt(60 / 59), rel=1e-3)


def test_a_state_with_hardly_an_event_has_no_ratio():
    state = np.array([0, 1, 2, 0, 1, 2])
    cells = StateCells(
        np.zeros(6, dtype=int),
        np.zeros((6, 0)),
        np.zeros(6, dtype=int),
        state,
        np.full(6, 50.0),
        np.array([9.0, 9, 2] * 2),
    )
    one, two = log_rate_ratios(cells, 3)
    assert one is not None
    assert one.value == pytest.approx(0, abs=1e-3)
    assert two is None


def world(random, units=2000, owners=10):
    """An action that takes 8 points, by owners and for units that differ in the chance of winning."""
    owner, known = random.integers(0, owners, units), random.normal(size=units)
    skill = (owner / (owners - 1)) - 0.5
    action = random.random(units) < 1 / (1 + np.exp(-2 * skill - 0.6 * known))
    outcome = (random.random(units) < 0.4 + 0.4 * skill + 0.06 * known - 0.08 * action).astype(float)
    return Units(action, outcome, known[:, None], {"known": slice(0, 1)}, owner, owner)


def test_the_same_seed_gives_the_same_difference_and_another_one_nearly_the_same():
    units = world(np.random.default_rng(7))
    one, again, other = difference(units, 1), difference(units, 1), difference(units, 2)
    assert one is not None
    assert again is not None
    assert other is not None
    assert one.difference == again.difference
    assert one.difference.value != other.difference.value
    assert one.difference.value == pytest.approx(other.difference.value, abs=one.difference.error / 3)


def test_the_order_of_units_moves_nothing_but_the_folds():
    units = world(np.random.default_rng(8), units=6000)
    order = np.random.default_rng(1).permutation(6000)
    mixed = Units(
        units.action[order],
        units.outcome[order],
        units.known[order],
        units.groups,
        units.level[order],
        units.cluster[order],
    )
    one, other = difference(units, 1), difference(mixed, 1)
    assert one is not None
    assert other is not None
    assert one.difference.value == pytest.approx(other.difference.value, abs=one.difference.error / 4)


def test_influence_values_average_to_the_difference_and_stand_where_their_units_stand():
    units = world(np.random.default_rng(9))
    found = difference(units, 1)
    assert found is not None
    assert found.influence.mean() == pytest.approx(found.difference.value)
    assert found.with_action - found.without == pytest.approx(found.difference.value)
    assert len(found.influence) == found.kept.sum()
    again = mean_by_cluster(found.influence, units.cluster[found.kept])
    assert again.value == pytest.approx(found.difference.value)
    assert again.error == pytest.approx(found.difference.error)


def test_weighting_makes_the_arms_alike():
    found = difference(world(np.random.default_rng(10), units=4000), 1)
    assert found is not None
    before, after = found.apart["known"]
    assert before > 0.4
    assert after < 0.06
    assert found.overlap > 0.95
    assert found.effective[0] < 2200


def test_units_without_counterparts_are_left_out_and_counted():
    random = np.random.default_rng(11)
    units = world(random, units=3000)
    # Owner 0 never acts, and units with much of what is known always do.
    action = np.where(units.level == 0, False, units.action | (units.known[:, 0] > 1.2))
    found = difference(Units(action, units.outcome, units.known, units.groups, units.level, units.cluster), 1)
    assert found is not None
    assert not found.kept[units.level == 0].any()
    assert found.overlap <= (units.level != 0).mean()


def test_the_error_of_clusters_is_that_of_their_sums_where_units_of_one_are_alike():
    values, cluster = np.array([1.0, 2, 4, 5, 8, 9, 2, 1, 7, 8, 0, 3]), np.repeat(np.arange(6), 2)
    found = mean_by_cluster(values, cluster)
    sums = np.array([(values[cluster == one] - values.mean()).sum() for one in range(6)])
    together, alone = 6 / 5 * (sums**2).sum() / 144, values.var(ddof=1) / 12
    assert found.error == pytest.approx(math.sqrt(together))
    added = 1 - alone / together
    assert found.freedom == pytest.approx(1 / (added / 5 + (1 - added) / 11))
    assert 5 < found.freedom < 11


def test_an_error_is_never_below_that_of_units_that_count_each_for_itself():
    values = np.array([1.0, 2, 4, 0, 3, 5, 2, 2, 7, 1, 0, 3])
    alone = values.std(ddof=1) / math.sqrt(12)
    # Each cluster holds a high and a low value: its sum tells less than chance would.
    apart = mean_by_cluster(np.sort(values), np.array([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0]))
    few = mean_by_cluster(values, np.zeros(12, dtype=int))
    for found in (apart, few):
        assert (found.error, found.freedom) == pytest.approx((alone, 11))


def test_owners_whose_deals_are_alike_count_for_as_many_as_they_are():
    random = np.random.default_rng(17)
    missed = 0
    cluster = np.repeat(np.arange(12), 100)
    for _ in range(400):
        values = random.normal(0, 0.6, 12)[cluster] + random.normal(0, 1.0, 1200)
        limits = mean_by_cluster(values, cluster).interval()
        missed += not limits.low <= 0 <= limits.high
    # Each deal for itself would miss two in three.
    assert missed <= 40


def test_clusters_of_equal_size_that_decide_are_compared_by_students_test():
    random = np.random.default_rng(12)
    cluster = np.repeat(np.arange(14), 40)
    action = cluster % 2 == 0
    outcome = (random.random(560) < 0.3 + 0.02 * cluster).astype(float)
    known = np.zeros((560, 1))
    found = cluster_difference(Units(action, outcome, known, {"none": slice(0, 1)}, cluster, cluster))
    means = outcome.reshape(14, 40).mean(axis=1)
    plain = scipy.stats.ttest_ind(means[::2], means[1::2])
    assert found is not None
    assert found.difference.value == pytest.approx(means[::2].mean() - means[1::2].mean())
    assert found.difference.p_value == pytest.approx(plain.pvalue)
    assert (found.clusters, found.acting, found.difference.freedom) == (14, 7, 12)


def test_three_clusters_or_one_on_a_side_tell_nothing():
    cluster = np.repeat(np.arange(5), 20)
    units = Units(cluster == 0, np.ones(100), np.zeros((100, 1)), {}, cluster, cluster)
    assert cluster_difference(units) is None


def test_limits_and_tests_agree_with_each_other():
    found = Estimated(0.05, 0.02, 9)
    limits = found.interval()
    assert found.chance_below(limits.low) == pytest.approx(0.025)
    assert found.chance_above(limits.high) == pytest.approx(0.025)
    assert found.p_value == pytest.approx(2 * scipy.stats.t.sf(2.5, 9))
    assert found.equivalence(found.interval(0.9).high) == pytest.approx(0.05)
    assert Estimated(-0.05, 0.02, 9).equivalence(found.interval(0.9).high) == pytest.approx(0.05)


def test_the_explanation_of_a_ratio_of_shares_is_that_of_its_authors():
    # VanderWeele & Ding (2017): a risk ratio of 3.9 with limits 1.8 and 8.7 has 7.26, and 3.0 for the limit.
    told = e_value(0.1, Interval(0.29, 0.08, 0.77))
    assert told == pytest.approx((7.26, 3.0), abs=0.005)
    assert e_value(0.39, Interval(-0.29, -0.5, 0.1)) == pytest.approx((7.26, 1.0), abs=0.005)
    assert e_value(0.1, Interval(-0.1, -0.2, 0.0)) is None


def test_the_benchmark_is_what_leaving_the_strongest_thing_out_moves():
    units = world(np.random.default_rng(13), units=3000)
    found = benchmark(units)
    assert found is not None
    assert found.name == "owner"
    action = units.action.astype(float)
    owners = (units.level[:, None] == np.arange(1, 10)).astype(float)
    slopes = [
        sm.OLS(units.outcome, sm.add_constant(np.column_stack([action, units.known, *more]))).fit().params[1]
        for more in ([owners], [])
    ]
    assert found.moves == pytest.approx(abs(slopes[0] - slopes[1]), abs=1e-6)


def test_what_came_before_the_action_differs_only_where_units_differ_in_secret():
    random = np.random.default_rng(14)
    units = world(random, units=4000)
    innocent = unaffected(units, random.normal(size=4000) + units.known[:, 0])
    guilty = unaffected(units, random.normal(size=4000) + units.action * 0.4)
    assert innocent is not None
    assert guilty is not None
    assert innocent.p_value > 0.01
    assert guilty.interval().low > 0.2
    always = Units(np.ones(4000, dtype=bool), units.outcome, units.known, {}, units.level, units.cluster)
    assert unaffected(always, random.normal(size=4000)) is None
