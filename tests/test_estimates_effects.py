"""Which deals take part in a trial, what is known of them at its moment, and when nothing is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processminer.discovery.discover import discover
from processminer.estimates.effects.actions import Action, action_effects
from processminer.estimates.effects.asked import ask
from processminer.estimates.effects.effects import effects
from processminer.estimates.effects.known import known_then, prepare
from processminer.estimates.effects.measure import measure
from processminer.estimates.effects.trial import Trial
from processminer.log.eventlog import EventLog
from tests.effect_worlds import HORIZON, confounded_world, deciding_owners, known_of, random_time_world, task_world
from tests.worlds import log_of

ORDER = ("A", "B", "C", "D")
TASK = Trial("task", "Call", "A", ("Call",))


def decided(log: EventLog, trial: Trial) -> list[tuple[str, float, bool]]:
    """Return deal, day of the moment and whether it acted, of the deals that take part."""
    discover(log)
    (number,) = ask(log, [trial])
    return [
        (deal, day, done)
        for deal, day, done in log.relations.rows(
            "SELECT deal_id, (epoch_us(moment) - epoch_us(TIMESTAMP '2026-01-01')) / 86400000000.0, done "
            "FROM decisions JOIN deals USING (deal) WHERE practice = $number ORDER BY deal_id",
            {"number": number},
        )
    ]


def test_a_landmark_takes_deals_that_are_still_there_and_tasks_done_by_then():
    log = log_of(
        {
            "called": [("A", 0.0), ("B", 9.0), ("Won", 20.0)],
            "called late": [("A", 0.0), ("B", 9.0), ("Won", 20.0)],
            "called before": [("A", 0.0), ("B", 1.0), ("C", 9.0)],
            "gone": [("A", 0.0), ("B", 2.0), ("Won", 20.0)],
            "open": [("A", 1.0)],
            "young": [("A", 29.0)],
        },
        tasks={
            "called": [("Call", 1.0)],
            "called late": [("Call", 4.0)],
            "called before": [("Call", 0.5)],
            "gone": [("Call", 1.0)],
        },
        order=ORDER,
        as_of_day=30,
    )
    early = Trial("early-task", "Call", "A", ("Call",), within_days=3)
    assert decided(log, early) == [("called", 3, True), ("called late", 3, False), ("open", 4, False)]
    in_b = replace(early, stage="B")
    assert ("called before", 4, False) in decided(log, in_b)


def test_going_back_is_compared_with_all_else_that_ends_the_first_stay():
    log = log_of(
        {
            "back": ["A", "B", "C", "B", "Won"],
            "on": ["A", "B", "C", "D", "Won"],
            "lost": ["A", "B", "C", "Lost"],
            "back later": ["A", "B", "C", "D", "C", "B", "Lost"],
            "there": ["A", "B", "C"],
            "never": ["A", "B", "Lost"],
        },
        order=ORDER,
        as_of_day=100,
    )
    assert decided(log, Trial("return", "back", "C")) == [
        ("back", 3, True),
        ("back later", 3, False),
        ("lost", 3, False),
        ("on", 3, False),
    ]


def test_stages_and_tasks_are_asked_at_the_first_move_on():
    log = log_of(
        {"in": ["A", "B", "C"], "past": ["A", "C", "Won"], "lost": ["A", "Lost"]},
        tasks={"in": [("Call", 0.5)], "past": [("Call", 2.5)]},
        order=ORDER,
        as_of_day=100,
    )
    assert decided(log, Trial("stage", "B", "B")) == [("in", 1, True), ("past", 1, False)]
    assert decided(log, TASK) == [("in", 1, True), ("past", 1, False)]


def test_a_deal_is_known_as_it_was_at_the_moment_and_not_as_it_became():
    log = log_of(
        {
            "x": [("A", 0.0), ("B", 10.0), ("A", 12.0), ("C", 20.0), ("Won", 40.0)],
            "y": [("A", 5.0), ("C", 30.0), ("Lost", 50.0)],
            "z": [("A", 8.0), ("Lost", 15.0)],
        },
        attributes={
            deal: {"OwnerId": "ann", "Amount": "900", "Segment": segment}
            for deal, segment in zip("xyz", "SML", strict=True)
        },
        order=ORDER,
        as_of_day=100,
    )
    discover(log)
    log.relations.run(
        """
        CREATE OR REPLACE TABLE told_rows AS
        SELECT 'x' AS deal_id, TIMESTAMP '2026-01-25' AS occurred_at, 'amount' AS field, '500' AS old
        UNION ALL SELECT 'x', TIMESTAMP '2026-01-03', 'amount', '100'
        UNION ALL SELECT 'y', TIMESTAMP '2026-02-05', 'owner', 'bob'
        UNION ALL SELECT 'y', TIMESTAMP '2026-01-03', 'owner', 'eve'
        UNION ALL SELECT 'z', TIMESTAMP '2026-01-14', 'owner', 'bob'"""
    )
    log.relations.run(
        "CREATE OR REPLACE VIEW field_rows AS SELECT *, NULL AS new, NULL AS actor, 0 AS position FROM told_rows"
    )
    log.relations.run("UPDATE deal_histories SET owner = 'bob' WHERE deal_id = 'z'")
    (number,) = ask(log, [Trial("stage", "C", "C")])
    knowable = prepare(log)
    assert knowable.amount == "amount"
    known = known_then(log, number, knowable)
    assert known is not None
    assert known.done.tolist() == [True, True]
    # Open with the owner: x came to C on day 20, with y of ann; y on day 30, when it was bob's, who had none.
    load = known.columns[:, known.groups["owner's open deals"]][:, 0]
    assert np.expm1(load) == pytest.approx([2, 0])
    assert known.owner[0] != known.owner[1]
    assert np.expm1(known.columns[:, known.groups["returns so far"]][:, 0]) == pytest.approx([1, 0])
    assert np.expm1(known.columns[:, known.groups["days in the stage before"]][:, 0]) == pytest.approx([8, 25])
    assert np.expm1(known.columns[:, known.groups["amount"]][:, 0]) == pytest.approx([500, 900])
    assert known.days.tolist() == [21, 21]
    assert known.cause.tolist() == [1, 2]
    assert known.first_stay_days[0] == pytest.approx(10)
    assert np.isnan(known.first_stay_days[1])


def test_what_all_or_none_did_has_no_effect_to_tell():
    log = log_of({f"d{n}": ["A", "B", "Won"] for n in range(5)}, order=ORDER, as_of_day=300)
    discover(log)
    assert effects(log, [Trial("stage", "B", "B"), Trial("return", "back", "B"), Trial("stage", "A", "A")]) == ()


@pytest.mark.parametrize(
    ("done", "won", "why"),
    [(20, 60, "20 deals on one side are too few"), (60, 4, "8 wins are too few")],
)
def test_too_few_deals_or_wins_are_refused(done, won, why):
    many = 200
    known = known_of(
        np.arange(many) < done,
        (np.arange(many) % 100) < won,
        np.full(many, 10.0),
        np.linspace(0, 300, many),
        np.zeros(many, dtype=int),
        {},
        900,
    )
    found = measure(TASK, known, {})
    assert found is not None
    assert (found.adjusted, found.refused) == (None, why)
    assert found.crude.low < found.crude.high
    assert (found.p_value, found.needed_deals(), found.equivalence(0.03), found.beats_benchmark) == (None,) * 3 + (
        False,
    )


def test_deals_that_had_no_choice_are_no_comparison():
    planted = confounded_world(np.random.default_rng(1), 1500)
    amount = planted.known.columns[:, planted.known.groups["amount"]][:, 0]
    done = np.where(np.abs(amount - 0.5) > 0.1, amount > 0.5, planted.known.done)
    found = measure(TASK, replace(planted.known, done=done), {}, HORIZON)
    assert found is not None
    assert found.adjusted is None
    assert found.refused.endswith("of the deals have others like them that decided otherwise")


def test_where_owners_decide_owners_are_the_evidence_and_three_are_too_few():
    known = deciding_owners(np.random.default_rng(2)).known
    found = measure(TASK, known, {}, HORIZON)
    assert found is not None
    assert found.adjusted is not None
    assert (found.adjusted.counted, found.adjusted.clusters, found.adjusted.overlap) == ("owners", 12, None)
    assert "owner" not in found.held_equal
    assert found.left_out == {"owner": "owners decide, so that owners are compared"}
    few = known.only(known.owner <= 3)
    refused = measure(TASK, replace(few, done=few.owner == 1), {}, HORIZON)
    assert refused is not None
    assert refused.refused == "owners decide, and too few of them do otherwise"


def test_an_effect_carries_what_is_needed_to_doubt_it():
    planted = confounded_world(np.random.default_rng(3), 6000)
    found = measure(TASK, planted.known, {"amount": "x"}, HORIZON)
    assert found is not None
    assert found.adjusted is not None
    assert found.crude.low > planted.effect + 0.05
    assert found.adjusted.interval.low < planted.effect < found.adjusted.interval.high
    assert found.held_equal == ("owner", "Segment", "amount")
    assert found.benchmark is not None
    assert found.benchmark.name == "owner"
    assert found.benchmark.moves > 0.05
    assert found.e_value is not None
    assert found.e_value[0] > found.e_value[1] > 1
    assert found.discovery is not None
    assert found.confirmation is not None
    assert found.discovery.difference.error < found.confirmation.difference.error
    needed = found.needed_deals(0.05)
    assert needed is not None
    assert found.needed_deals(0.1) == pytest.approx(needed / 4, rel=0.01)
    error = found.adjusted.difference.error
    assert needed == pytest.approx(6000 * (2.8016 * error / 0.05) ** 2, rel=0.01)


def test_the_horizon_holds_the_wins_of_the_slower_side():
    many = 4000
    random = np.random.default_rng(4)
    done = np.arange(many) % 2 == 0
    known = known_of(
        done, random.random(many) < 0.5, np.where(done, 90.0, 10.0), random.uniform(0, 500, many),
        np.zeros(many, dtype=int), {}, 900,
    )  # fmt: skip
    found = measure(TASK, known, {})
    assert found is not None
    assert found.horizon_days >= 91
    assert (found.acted.days_to_win, found.did_not.days_to_win) == (90, 10)
    assert abs(found.crude.estimate) < 0.05


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_renaming_owners_and_shifting_all_times_changes_nothing(seed):
    known = confounded_world(np.random.default_rng(seed), 700).known
    renamed = replace(known, owner=known.owner * 7 + 3, moment_us=known.moment_us + 86_400_000_000 * 30)
    assert measure(TASK, known, {}, HORIZON) == measure(TASK, renamed, {}, HORIZON)


def test_swapping_the_arms_swaps_the_sign():
    known = task_world(np.random.default_rng(6), 1000, 0.1).known
    one, other = measure(TASK, known, {}, HORIZON), measure(TASK, replace(known, done=~known.done), {}, HORIZON)
    assert one is not None
    assert other is not None
    assert one.adjusted is not None
    assert other.adjusted is not None
    assert one.adjusted.difference.value == pytest.approx(-other.adjusted.difference.value, abs=0.01)
    assert one.crude.estimate == pytest.approx(-other.crude.estimate)


def test_time_and_events_of_an_action_are_those_counted_by_hand():
    log = log_of(
        {
            "x": [("A", 0.0), ("B", 20.0), ("Lost", 60.0)],
            "y": [("A", 0.0), ("B", 10.0)],
        },
        tasks={"x": [("Call", 12.0), ("Call", 40.0)]},
        order=ORDER,
        as_of_day=50,
    )
    log = replace(log, as_of=log.as_of)
    discover(log)
    (everywhere,) = action_effects(log, [Action("Call", ("Call",))])
    # Until day 50: x 50 days and y 50; x's first call was on day 12, and its own day does not count as after.
    assert everywhere.deal_days == pytest.approx(100)
    assert everywhere.days_after == pytest.approx(37)
    (in_b,) = action_effects(log, [Action("Call", ("Call",), "B")], lag_days=7)
    assert (in_b.deal_days, in_b.days_after) == (pytest.approx(70), pytest.approx(30))
    assert in_b.onward.later is None
    assert in_b.held_equal[:4] == ("stage", "days in it", "whether again", "owner")


def test_an_unknown_stage_is_an_error():
    log = random_time_world(np.random.default_rng(1), 1.0, 50)
    with pytest.raises(KeyError):
        action_effects(log, [Action("Call", ("Call",), "Nowhere")])
    with pytest.raises(KeyError):
        effects(log, [Trial("return", "back", "Nowhere")])
